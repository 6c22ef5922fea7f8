//! The texts of an instrument for a translator, as a table that any spreadsheet opens, and back.

use std::collections::BTreeMap;

use crate::instrument::Instrument;

/// A table of texts: `place`, the Italian text, English where there is one, and the translation to fill in. Without `all`, only
/// the texts that are not translated yet.
///
/// The table begins with a byte order mark, without which some spreadsheets take UTF-8 for something else.
pub fn to_translate(instrument: &Instrument, language: &str, all: bool) -> String {
    let texts = instrument.texts();
    let wanted = texts.iter().filter(|text| all || text.label.written(language).is_none());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let has_english = language != "en" && instrument.languages().iter().any(|tag| tag == "en");
    let header: Vec<&str> = match has_english {
        true => vec!["place", "it", "en", language],
        false => vec!["place", "it", language],
    };
    let mut write =
        |record: &[&str]| writer.write_record(record).expect("writing to memory, as many values as the header");
    write(&header);
    for text in wanted {
        let written = |tag| text.label.written(tag).unwrap_or_default();
        match has_english {
            true => write(&[&text.place, written("it"), written("en"), written(language)]),
            false => write(&[&text.place, written("it"), written(language)]),
        }
    }
    let bytes = writer.into_inner().expect("writing to memory");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("texts are UTF-8"))
}

/// What a translator's table changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The instrument with the translations in it.
    pub instrument: Instrument,
    /// How many texts were translated.
    pub n_translated: usize,
    /// How many texts have no translation still.
    pub n_missing: usize,
}

/// Puts the translations of a table into an instrument. Blank ones are left out.
///
/// # Errors
/// Everything that does not fit: columns missing, places that the instrument does not have, Italian texts that changed since
/// the table was made.
pub fn translated(instrument: &Instrument, language: &str, table: &str) -> Result<Translated, Vec<String>> {
    let rows = rows(language, table).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let known: BTreeMap<String, String> =
        instrument.texts().into_iter().map(|text| (text.place, text.label.it.clone())).collect();
    let mut translations: BTreeMap<&str, &str> = BTreeMap::new();
    for (line, place, italian, translation) in &rows {
        match known.get(place) {
            None => problems.push(format!("line {line}: the questionnaire has no text at `{place}`")),
            Some(now) if now.trim() != italian => {
                problems.push(format!("line {line}: the Italian text at `{place}` is now “{now}”: translate that one"));
            }
            Some(_) if translation.is_empty() => {}
            Some(_) => {
                if translations.insert(place, translation).is_some() {
                    problems.push(format!("line {line}: `{place}` stands there twice"));
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut instrument = instrument.clone();
    let (mut n_translated, mut n_missing) = (0, 0);
    instrument.each_text(&mut |place, label| {
        if let Some(translation) = translations.get(place) {
            label.write(language, *translation);
            n_translated += 1;
        }
        n_missing += usize::from(label.written(language).is_none());
    });
    Ok(Translated { instrument, n_translated, n_missing })
}

/// Line, place, Italian text and translation of each row.
fn rows(language: &str, table: &str) -> Result<Vec<(u64, String, String, String)>, String> {
    let table = table.strip_prefix('\u{feff}').unwrap_or(table);
    // Spreadsheets of some countries write semicolons.
    let header = table.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(table.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        let found = headers.iter().position(|header| header.trim() == name);
        found.ok_or_else(|| format!("the table has no column `{name}`"))
    };
    let (place, italian, translation) = (column("place")?, column("it")?, column(language)?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |column: usize| record.get(column).unwrap_or_default().trim().to_owned();
        rows.push((line, text(place), text(italian), text(translation)));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument;

    #[test]
    fn a_translator_is_given_what_is_missing_and_gives_it_back() {
        for instrument in instrument::all() {
            let table = to_translate(instrument, "ar", false);
            let n_texts = instrument.texts().len();
            assert_eq!(to_translate(instrument, "en", false).lines().count(), 1, "English is complete");
            // Each text is translated by itself, turned round.
            let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            writer.write_record(["place", "it", "ar"]).unwrap();
            let mut n_rows = 0;
            for record in reader.records() {
                let record = record.unwrap();
                let turned: String = record[1].chars().rev().collect();
                writer.write_record([&record[0], &record[1], turned.as_str()]).unwrap();
                n_rows += 1;
            }
            assert_eq!(n_rows, n_texts);
            let filled = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let translated = translated(instrument, "ar", &filled).expect("every text fits");
            assert_eq!((translated.n_translated, translated.n_missing), (n_texts, 0));
            assert_eq!(translated.instrument.check(), []);
            assert_eq!(translated.instrument.languages(), ["it", "en", "ar"]);
            for (before, after) in instrument.texts().iter().zip(translated.instrument.texts()) {
                assert_eq!(
                    after.label.written("ar").unwrap(),
                    before.label.it.chars().rev().collect::<String>().trim()
                );
                assert_eq!((&after.label.it, &after.label.en), (&before.label.it, &before.label.en));
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_listed_and_nothing_is_translated() {
        let household = instrument::household();
        let table =
            "place,it,ro\ntitle,Con chi vivi,Cu cine locuiești\nhome,Casa,Casa\nhousehold.title,Altro testo,Alt text\n";
        let problems = translated(household, "ro", table).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("line 3") && problems[0].contains("`home`"), "{problems:?}");
        assert!(problems[1].contains("line 4") && problems[1].contains("La tua casa"), "{problems:?}");
        assert!(translated(household, "ro", "place,it\n").unwrap_err()[0].contains("no column `ro`"));
    }
}
