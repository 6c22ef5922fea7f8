//! What an operator keys in, row by row: when an episode ended and what was written of it, in numbers or a few letters. Rows
//! follow each other from 04:00; what is wrong names its row and field, and nothing that was typed is lost.

use chrono::NaiveDate;
use questionnaires::{
    ActivityCode, Companion, Companions, DiaryDraft, DiaryEntry, Language, Location, MainActivity, SecondaryActivity,
    Slot, Span, activity, diary::Enjoyment,
};

use crate::web::form::Fields;

/// The fields of a row, in the order in which they are typed; the name of an input is `<field>-<row>`.
pub(super) const FIELDS: [&str; 7] = ["fine", "attivita", "contemporanea", "luogo", "con", "dispositivo", "gradimento"];
/// Rows of a page at least, and rows that a day may have at most.
pub(super) const FEWEST_ROWS: usize = 25;
pub(super) const MOST_ROWS: usize = 144;

/// A row as it was typed, in the order of [`FIELDS`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TypedRow(pub(super) [String; 7]);

impl TypedRow {
    fn is_blank(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }
}

/// Something that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The row, from 0.
    pub(super) row: usize,
    pub(super) field: &'static str,
    /// The key of what is wrong.
    pub(super) key: &'static str,
    /// Activities that the letters could mean.
    pub(super) candidates: Vec<ActivityCode>,
}

/// The rows of a form as they were typed, without the blank ones at the end.
pub(super) fn typed_rows(fields: &Fields) -> Vec<TypedRow> {
    let mut rows: Vec<TypedRow> = Vec::new();
    for (name, value) in fields.pairs() {
        let place = name.rsplit_once('-').and_then(|(field, row)| {
            let field = FIELDS.iter().position(|known| *known == field)?;
            Some((field, row.parse::<usize>().ok().filter(|row| *row < MOST_ROWS)?))
        });
        let Some((field, row)) = place else { continue };
        if rows.len() <= row {
            rows.resize(row + 1, TypedRow::default());
        }
        rows[row].0[field] = value.trim().to_owned();
    }
    while rows.last().is_some_and(TypedRow::is_blank) {
        rows.pop();
    }
    rows
}

/// The rows that tell a day as it is kept.
pub(super) fn rows_of(draft: &DiaryDraft) -> Vec<TypedRow> {
    let episodes = draft.episodes();
    let told = episodes.iter().rposition(|episode| episode.fields != Default::default()).map_or(0, |last| last + 1);
    let row = |episode: &questionnaires::diary::DraftEpisode| {
        let fields = episode.fields;
        TypedRow([
            episode.span.end().to_string(),
            fields.main.map(|main| main.0.to_string()).unwrap_or_default(),
            fields.secondary.map(|secondary| secondary.0.to_string()).unwrap_or_default(),
            fields.location.map(Location::code).unwrap_or_default(),
            fields.with_whom.code(),
            fields.device.map(|device| if device { "s" } else { "n" }).unwrap_or_default().to_owned(),
            fields.enjoyment.map(|enjoyment| enjoyment.value().to_string()).unwrap_or_default(),
        ])
    };
    episodes[..told].iter().map(row).collect()
}

/// The day that the rows tell; letters are looked for in the labels of `language`.
pub(super) fn read(date: NaiveDate, rows: &[TypedRow], language: Language) -> Result<DiaryDraft, Vec<Fault>> {
    let mut draft = DiaryDraft::new(date);
    let mut faults = Vec::new();
    let mut start = Slot::START;
    for (row, typed) in rows.iter().enumerate() {
        let [end, main, secondary, location, with_whom, device, enjoyment] = &typed.0;
        let mut fault = |field, key, candidates| faults.push(Fault { row, field, key, candidates });
        if typed.is_blank() {
            fault(FIELDS[0], "paper-wrong-blank", Vec::new());
            continue;
        }
        let span = match clock(end) {
            None => {
                fault(FIELDS[0], "paper-wrong-time", Vec::new());
                None
            }
            Some(end) => {
                let span = Span::new(start, end);
                if span.is_none() {
                    fault(FIELDS[0], "paper-wrong-end", Vec::new());
                }
                span
            }
        };
        let main = match (main.as_str(), coded(main, language)) {
            ("", _) => {
                fault(FIELDS[1], "paper-wrong-missing", Vec::new());
                None
            }
            (_, Err(candidates)) => {
                fault(FIELDS[1], key_of(&candidates), candidates);
                None
            }
            (_, Ok(code)) => Some(code),
        };
        let secondary = match (secondary.as_str(), coded(secondary, language)) {
            ("", _) => Some(None),
            (_, Ok(code)) => Some(Some(SecondaryActivity(code))),
            (_, Err(candidates)) => {
                fault(FIELDS[2], key_of(&candidates), candidates);
                None
            }
        };
        let location = optional(location, |text| text.parse::<Location>().ok());
        let with_whom = optional(with_whom, companions);
        let device = optional(device, |text| match text.to_lowercase().as_str() {
            "s" | "si" | "sì" | "1" | "x" => Some(true),
            "n" | "no" | "0" => Some(false),
            _ => None,
        });
        let enjoyment = optional(enjoyment, |text| Enjoyment::new(text.parse().ok()?));
        for (wrong, field) in [
            (location.is_err(), FIELDS[3]),
            (with_whom.is_err(), FIELDS[4]),
            (device.is_err(), FIELDS[5]),
            (enjoyment.is_err(), FIELDS[6]),
        ] {
            if wrong {
                fault(field, "paper-wrong-code", Vec::new());
            }
        }
        let Some(span) = span else { continue };
        start = span.end();
        draft.apply(&DiaryEntry {
            span,
            main: main.map(MainActivity),
            secondary,
            location: location.ok().flatten(),
            with_whom: with_whom.ok().flatten(),
            device: device.ok().flatten(),
            enjoyment: enjoyment.ok().flatten(),
        });
    }
    if faults.is_empty() { Ok(draft) } else { Err(faults) }
}

fn key_of(candidates: &[ActivityCode]) -> &'static str {
    if candidates.is_empty() { "paper-wrong-activity" } else { "paper-wrong-several" }
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(()) }
}

/// `7`, `730`, `0730`, `7:30`, `7.30`; `4`, `0400` and `24` hours later are the end of the day.
fn clock(text: &str) -> Option<Slot> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let has_others = text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ','));
    let (hours, minutes) = match digits.len() {
        _ if has_others => return None,
        1 | 2 => (digits.as_str(), "00"),
        3 | 4 => digits.split_at(digits.len() - 2),
        _ => return None,
    };
    match Slot::from_clock(&format!("{hours}:{minutes}"))? {
        Slot::START => Some(Slot::END),
        slot => Some(slot),
    }
}

/// The activity of a code, or the only one whose label has words that begin as the letters do; else all that have.
fn coded(text: &str, language: Language) -> Result<ActivityCode, Vec<ActivityCode>> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<ActivityCode>().ok().filter(|code| code.level() == 3).ok_or_else(Vec::new);
    }
    let wanted: Vec<String> = words(text);
    let fits = |label: &str| {
        let label = words(label);
        wanted.iter().all(|wanted| label.iter().any(|word| word.starts_with(wanted.as_str())))
    };
    let found: Vec<ActivityCode> = activity::at_level(3)
        .filter(|activity| fits(activity.label.text(language)))
        .map(|activity| activity.code)
        .collect();
    match found[..] {
        [only] => Ok(only),
        _ => {
            // The label itself, written out, is no doubt.
            let whole = found.iter().find(|code| words(code.label().text(language)) == wanted);
            whole.copied().ok_or(found)
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn companions(text: &str) -> Option<Companions> {
    let digits = text.chars().filter(|c| !matches!(c, ' ' | ',' | '+'));
    let one = |digit: char| {
        Companion::ALL.into_iter().find(|companion| digit.to_digit(10) == Some(u32::from(companion.code())))
    };
    Companions::new(digits.map(one).collect::<Option<Vec<_>>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 18).unwrap()
    }

    fn rows(rows: &[[&str; 7]]) -> Vec<TypedRow> {
        rows.iter().map(|row| TypedRow(row.map(str::to_owned))).collect()
    }

    fn faults(typed: &[[&str; 7]]) -> Vec<(usize, &'static str, &'static str)> {
        let faults = read(date(), &rows(typed), Language::It).expect_err("faults");
        faults.into_iter().map(|fault| (fault.row, fault.field, fault.key)).collect()
    }

    #[test]
    fn a_day_is_keyed_in_and_shown_again() {
        let typed = rows(&[
            ["7", "011", "", "11", "1", "n", ""],
            ["730", "mangiare", "radio", "11", "24", "", "6"],
            ["0800", "spost lav", "", "24", "", "s", ""],
            ["12.00", "111", "", "13", "6", "x", "4"],
            ["4", "999", "", "", "", "", ""],
        ]);
        let draft = read(date(), &typed, Language::It).expect("a day");
        assert!(draft.finish().is_ok());
        let again = rows_of(&draft);
        let shown: Vec<String> = again.iter().map(|row| row.0.join(" ")).collect();
        assert_eq!(
            shown,
            [
                "07:00 011  11 1 n ",
                "07:30 021 831 11 24  6",
                "08:00 910  24  s ",
                "12:00 111  13 6 s 4",
                "04:00 999     "
            ]
        );
        assert_eq!(read(date(), &again, Language::It).as_ref(), Ok(&draft));
    }

    #[test]
    fn faults_name_row_and_field() {
        let good = ["7", "011", "", "", "", "", ""];
        assert_eq!(faults(&[good, ["6", "021", "", "", "", "", ""]]), [(1, "fine", "paper-wrong-end")]);
        assert_eq!(faults(&[["7:35", "021", "", "", "", "", ""]]), [(0, "fine", "paper-wrong-time")]);
        assert_eq!(faults(&[["sera", "", "", "", "", "", ""]]).len(), 2, "time and activity");
        assert_eq!(faults(&[["8", "02", "", "", "", "", ""]]), [(0, "attivita", "paper-wrong-activity")]);
        assert_eq!(faults(&[["8", "zzz", "", "", "", "", ""]]), [(0, "attivita", "paper-wrong-activity")]);
        assert_eq!(faults(&[["8", "cura", "", "", "", "", ""]]), [(0, "attivita", "paper-wrong-several")]);
        let codes = [["8", "011", "", "99", "12", "boh", "8"]];
        assert_eq!(
            faults(&codes).iter().map(|fault| fault.1).collect::<Vec<_>>(),
            ["luogo", "con", "dispositivo", "gradimento"]
        );
        assert_eq!(faults(&[[""; 7], good]), [(0, "fine", "paper-wrong-blank")]);
    }

    #[test]
    fn several_activities_are_offered() {
        let faults = read(date(), &rows(&[["8", "bambini leggere", "", "", "", "", ""]]), Language::It);
        assert!(faults.is_ok(), "{faults:?}");
        let Err(found) = coded("lettura", Language::It) else { panic!("one only") };
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), ["811", "812", "819"]);
        assert_eq!(coded("dormire", Language::It).map(|code| code.to_string()), Ok("011".to_owned()));
    }

    #[test]
    fn fields_become_rows_and_blank_ends_go() {
        let fields: Fields = [
            ("fine-1", "8"),
            ("attivita-0", " 011 "),
            ("fine-0", "7"),
            ("fine-3", " "),
            ("fine-999", "x"),
            ("x-0", "y"),
        ]
        .into_iter()
        .collect();
        let typed = typed_rows(&fields);
        assert_eq!(typed.len(), 2);
        assert_eq!((typed[0].0[0].as_str(), typed[0].0[1].as_str(), typed[1].0[0].as_str()), ("7", "011", "8"));
    }
}
