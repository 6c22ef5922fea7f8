//! Reads the file in one pass, plain or gzip, and finds its columns by name.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::ByteRecord;
use flate2::bufread::MultiGzDecoder;

use super::ImportError;
use super::activities::UNCODED;
use super::respondent::{Fields, Respondent};
use crate::snapshot::{AnswerRow, DiaryRow, EpisodeRow, PersonRow};

/// The two bytes every gzip file begins with (RFC 1952).
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The tables of a snapshot, as the file gives them.
#[derive(Debug, Default)]
pub(super) struct SummaryFile {
    pub persons: Vec<PersonRow>,
    pub diaries: Vec<DiaryRow>,
    pub episodes: Vec<EpisodeRow>,
    pub answers: Vec<AnswerRow>,
    /// The six-digit codes with a column, in the file's order.
    pub activity_codes: Vec<String>,
    pub n_minutes_uncoded: u64,
    /// First and last year of the diary days.
    pub years: (i64, i64),
    /// The end of the last diary day: the file itself tells no other time.
    pub as_of: String,
}

pub(super) fn read(path: &Path) -> Result<SummaryFile, ImportError> {
    let io_error = |source| ImportError::Io { path: path.to_owned(), source };
    let mut bytes = BufReader::new(File::open(path).map_err(io_error)?);
    let is_gzip = bytes.fill_buf().map_err(io_error)?.starts_with(&GZIP_MAGIC);
    let text: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(bytes)) } else { Box::new(bytes) };
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().map_err(|error| line_error(path, 1, &error))?.clone();
    let fields = Fields::find(path, &header)?;
    let mut file = SummaryFile { activity_codes: fields.activity_codes(), ..SummaryFile::default() };
    let mut seen = BTreeSet::new();
    let mut last_day = 0;
    // Four million fields: as bytes, since nearly all of them are a bare zero.
    let mut record = ByteRecord::new();
    // Counted here: after a carriage return the reader's own count is one behind.
    let mut line = 2;
    while reader.read_byte_record(&mut record).map_err(|error| line_error(path, line, &error))? {
        let respondent = fields.respondent(path, line, &record)?;
        if !seen.insert(respondent.id.clone()) {
            let message = format!("the respondent in `tucaseid` {} appears twice", respondent.case_id);
            return Err(ImportError::Line { path: path.to_owned(), line, message });
        }
        let year = respondent.diary_date / 10_000;
        file.years = if last_day == 0 { (year, year) } else { (file.years.0.min(year), file.years.1.max(year)) };
        last_day = last_day.max(respondent.diary_date);
        file.add(respondent);
        line += 1;
    }
    if file.persons.is_empty() {
        return Err(ImportError::Empty { path: path.to_owned() });
    }
    file.as_of = format!("{}-{:02}-{:02}T23:00Z", last_day / 10_000, last_day / 100 % 100, last_day % 100);
    Ok(file)
}

impl SummaryFile {
    fn add(&mut self, respondent: Respondent) {
        let Respondent { id, minutes, uncoded, .. } = &respondent;
        self.n_minutes_uncoded += u64::from(*uncoded);
        let coded = minutes.iter().map(|(code, minutes)| (self.activity_codes[*code].clone(), *minutes));
        let left_over = (*uncoded > 0).then(|| (UNCODED.to_owned(), *uncoded));
        let episodes = coded.chain(left_over).map(|(main, minutes)| EpisodeRow {
            diary_id: id.clone(),
            minutes: minutes.into(),
            main,
            ..EpisodeRow::default()
        });
        self.episodes.extend(episodes);
        let answer =
            |question: &str, value: String| AnswerRow { person_id: id.clone(), question: question.to_owned(), value };
        self.answers.push(answer("age", respondent.age.to_string()));
        self.answers.push(answer("sex", respondent.sex.code().to_owned()));
        self.answers.extend(respondent.work_status.map(|status| answer("work_status", status.to_owned())));
        self.persons.push(PersonRow {
            person_id: id.clone(),
            sex: respondent.sex.code().to_owned(),
            age: Some(respondent.age),
            weight: Some(respondent.weight),
            ..PersonRow::default()
        });
        let date = respondent.diary_date;
        self.diaries.push(DiaryRow {
            diary_id: id.clone(),
            person_id: id.clone(),
            day_kind: respondent.day_kind.code().to_owned(),
            month: Some(format!("{}-{:02}", date / 10_000, date / 100 % 100)),
            // BLS publishes only the diaries that passed its own checks.
            grade: "good".to_owned(),
            weight: None,
        });
    }
}

fn line_error(path: &Path, line: u64, error: &csv::Error) -> ImportError {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields, the header {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not text in UTF-8".to_owned(),
        csv::ErrorKind::Io(error) => format!("it cannot be read ({error})"),
        _ => error.to_string(),
    };
    ImportError::Line { path: path.to_owned(), line, message }
}
