//! An instrument becomes the sheets of an XLSForm.

use std::collections::BTreeMap;

use super::super::form::{Choice, Item, Kind, form};
use super::super::language::named;
use super::{EXTRAS, Sheet};
use crate::instrument::Instrument;
use crate::text::Label;

/// The sheets of an instrument.
pub fn to_sheets(instrument: &Instrument) -> Vec<Sheet> {
    let form = form(instrument);
    let languages = instrument.languages();
    let mut writer = Writer { languages: &languages, survey: Vec::new(), choices: Vec::new(), lists: BTreeMap::new() };
    writer.survey.push(header(&["type", "name"], &["label", "hint"], &languages, &COLUMNS));
    writer.choices.push(header(&["list_name", "name"], &["label"], &languages, &[]));
    writer.items(&form.items);
    let default_language = named("it");
    let settings = vec![
        ["form_title", "form_id", "version", "default_language"].map(str::to_owned).to_vec(),
        vec![form.title, form.name, form.version, default_language],
    ];
    let extras = std::iter::once(("key".to_owned(), "value".to_owned())).chain(form.extras);
    let extras = extras.map(|(key, value)| vec![key, value]).collect();
    let sheet = |name: &str, rows| Sheet { name: name.to_owned(), rows };
    vec![
        sheet("survey", writer.survey),
        sheet("choices", writer.choices),
        sheet("settings", settings),
        sheet(EXTRAS, extras),
    ]
}

/// The columns of the survey after the translated ones.
const COLUMNS: [&str; 4] = ["required", "relevant", "constraint", "repeat_count"];

fn header(before: &[&str], translated: &[&str], languages: &[String], after: &[&str]) -> Vec<String> {
    let translated = translated
        .iter()
        .flat_map(|column| languages.iter().map(move |language| format!("{column}::{}", named(language))));
    let own = |columns: &[&str]| columns.iter().map(|column| (*column).to_owned()).collect::<Vec<String>>();
    own(before).into_iter().chain(translated).chain(own(after)).collect()
}

struct Writer<'a> {
    languages: &'a [String],
    survey: Vec<Vec<String>>,
    choices: Vec<Vec<String>>,
    /// The options of each list by its name: the same options make one list.
    lists: BTreeMap<String, Vec<Choice>>,
}

impl Writer<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            match &item.kind {
                Kind::Group(inner) => {
                    self.row("begin_group", item, "");
                    self.items(inner);
                    self.end("end_group");
                }
                Kind::Repeat(count, inner) => {
                    self.row("begin_repeat", item, count);
                    self.items(inner);
                    self.end("end_repeat");
                }
                Kind::Note => self.row("note", item, ""),
                Kind::Integer => self.row("integer", item, ""),
                Kind::Text => self.row("text", item, ""),
                Kind::Time => self.row("time", item, ""),
                Kind::SelectOne(choices) => {
                    let list = self.list(&item.name, choices);
                    self.row(&format!("select_one {list}"), item, "");
                }
                Kind::SelectMultiple(choices) => {
                    let list = self.list(&item.name, choices);
                    self.row(&format!("select_multiple {list}"), item, "");
                }
            }
        }
    }

    fn row(&mut self, kind: &str, item: &Item, count: &str) {
        let mut row = vec![kind.to_owned(), item.name.clone()];
        row.extend(self.texts(item.label.as_ref()));
        row.extend(self.texts(item.hint.as_ref()));
        row.push(if item.required { "yes" } else { "" }.to_owned());
        row.push(item.relevant.clone().unwrap_or_default());
        row.push(item.constraint.clone().unwrap_or_default());
        row.push(count.to_owned());
        self.survey.push(row);
    }

    fn end(&mut self, kind: &str) {
        self.survey.push(vec![kind.to_owned()]);
    }

    fn texts(&self, label: Option<&Label>) -> Vec<String> {
        let text = |tag: &String| label.and_then(|label| label.written(tag)).unwrap_or_default().to_owned();
        self.languages.iter().map(text).collect()
    }

    /// The name of the list with these options; a question's own name for one that is new.
    fn list(&mut self, name: &str, choices: &[Choice]) -> String {
        if let Some((known, _)) = self.lists.iter().find(|(_, known)| known.as_slice() == choices) {
            return known.clone();
        }
        let is_free = |name: &String| !self.lists.contains_key(name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let list = std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default();
        for choice in choices {
            let mut row = vec![list.clone(), choice.value.clone()];
            row.extend(self.texts(Some(&choice.label)));
            self.choices.push(row);
        }
        self.lists.insert(list.clone(), choices.to_vec());
        list
    }
}
