//! The sheets of an XLSForm become an instrument, or the list of everything that stands in the way.

use std::collections::BTreeMap;

use super::super::form::{self, Choice, Extras, Form, Item, Kind};
use super::super::language::tag_of;
use super::{EXTRAS, Sheet};
use crate::instrument::Instrument;
use crate::text::Label;

/// The instrument that the sheets are.
///
/// # Errors
/// Everything that an instrument cannot say, with sheet and row.
pub fn from_sheets(sheets: &[Sheet]) -> Result<Instrument, Vec<String>> {
    let mut reader = Reader { problems: Vec::new(), tag: "it".to_owned() };
    let form = reader.form(sheets);
    // What the rows say wrongly would only be told again in other words.
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    form::instrument(&form)
}

struct Reader {
    problems: Vec<String>,
    /// The language of columns that name none.
    tag: String,
}

/// A table: cells by the name of their column.
struct Table<'a> {
    sheet: &'a str,
    header: Vec<String>,
    rows: Vec<(usize, &'a [String])>,
}

impl<'a> Table<'a> {
    fn of(sheets: &'a [Sheet], name: &'a str) -> Option<Table<'a>> {
        let sheet = sheets.iter().find(|sheet| sheet.name.trim() == name)?;
        let header = sheet.rows.first()?.iter().map(|cell| cell.trim().to_owned()).collect();
        let rows = sheet.rows.iter().enumerate().skip(1);
        let rows = rows.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
        Some(Table { sheet: name, header, rows: rows.map(|(number, row)| (number + 1, row.as_slice())).collect() })
    }

    fn cell(&self, row: &'a [String], column: &str) -> &'a str {
        let place = self.header.iter().position(|header| header == column);
        place.and_then(|place| row.get(place)).map_or("", |cell| cell.trim())
    }

    /// The text of a translated column, with blanks at its ends as they are.
    fn label(&self, row: &[String], column: &str, usual_tag: &str) -> Option<Label> {
        let mut label = Label::default();
        let mut has_text = false;
        for (header, cell) in self.header.iter().zip(row).filter(|(_, cell)| !cell.trim().is_empty()) {
            let tag = match header.split_once("::") {
                Some((name, language)) if name.trim() == column => tag_of(language),
                None if header == column => Some(usual_tag),
                _ => continue,
            };
            if let Some(tag) = tag {
                label.write(tag, cell);
                has_text = true;
            }
        }
        has_text.then_some(label)
    }
}

/// The columns that are understood; those that are translated also with `::` and a language.
const SURVEY: [&str; 9] =
    ["type", "name", "label", "hint", "required", "relevant", "constraint", "repeat_count", "appearance"];
const CHOICES: [&str; 3] = ["list_name", "name", "label"];
const SETTINGS: [&str; 4] = ["form_title", "form_id", "version", "default_language"];

/// Groups and repeats that are open, each with its parts so far, and the row that began it.
type Open = (Item, usize);

impl Reader {
    fn form(&mut self, sheets: &[Sheet]) -> Form {
        let mut form = Form {
            name: String::new(),
            version: "1".to_owned(),
            title: String::new(),
            items: Vec::new(),
            extras: Extras::new(),
        };
        if let Some(settings) = Table::of(sheets, "settings") {
            self.columns(&settings, &SETTINGS);
            if let Some((_, row)) = settings.rows.first() {
                form.title = settings.cell(row, "form_title").to_owned();
                form.name = settings.cell(row, "form_id").to_owned();
                form.version =
                    Some(settings.cell(row, "version")).filter(|text| !text.is_empty()).unwrap_or("1").to_owned();
                if let Some(tag) = tag_of(settings.cell(row, "default_language")) {
                    self.tag = tag.to_owned();
                }
            }
        }
        if form.name.is_empty() || form.title.is_empty() {
            self.problems.push("settings: write form_title and form_id".to_owned());
        }
        if let Some(extras) = Table::of(sheets, EXTRAS) {
            let pair = |row: &[String]| (extras.cell(row, "key").to_owned(), extras.cell(row, "value").to_owned());
            form.extras = extras.rows.iter().map(|(_, row)| pair(row)).collect();
        }
        let lists = self.lists(sheets);
        match Table::of(sheets, "survey") {
            Some(survey) => form.items = self.survey(&survey, &lists),
            None => self.problems.push("there is no sheet `survey`".to_owned()),
        }
        form
    }

    /// Holds that every column is understood, so that none is lost in silence.
    fn columns(&mut self, table: &Table<'_>, known: &[&str]) {
        for (place, header) in table.header.iter().enumerate().filter(|(_, header)| !header.is_empty()) {
            let (name, language) =
                header.split_once("::").map_or((header.as_str(), None), |(name, tag)| (name.trim(), Some(tag)));
            let is_used = table.rows.iter().any(|(_, row)| row.get(place).is_some_and(|cell| !cell.trim().is_empty()));
            if !is_used {
                continue;
            }
            let is_translated = ["label", "hint"].contains(&name);
            if !known.contains(&name) || (language.is_some() && !is_translated) {
                self.problems
                    .push(format!("{}: the column `{header}` has no counterpart in a questionnaire", table.sheet));
            } else if let Some(language) = language.filter(|language| tag_of(language).is_none()) {
                let wanted = format!("{name}::Italiano (it)");
                self.problems.push(format!(
                    "{}: the language `{}` has no tag: name the column as in `{wanted}`",
                    table.sheet,
                    language.trim()
                ));
            }
        }
    }

    fn label(&mut self, table: &Table<'_>, number: usize, row: &[String], column: &str) -> Option<Label> {
        let label = table.label(row, column, &self.tag)?;
        if label.it.trim().is_empty() {
            self.problems.push(format!("{} row {number}: the {column} has no Italian", table.sheet));
        }
        if label.texts().any(|(_, text)| text.contains("${")) {
            self.problems.push(format!("{} row {number}: the {column} shows an answer (`${{...}}`)", table.sheet));
        }
        Some(label)
    }

    fn lists(&mut self, sheets: &[Sheet]) -> BTreeMap<String, Vec<Choice>> {
        let mut lists: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
        let Some(table) = Table::of(sheets, "choices") else { return lists };
        self.columns(&table, &CHOICES);
        for (number, row) in &table.rows {
            let label = self.label(&table, *number, row, "label").unwrap_or_default();
            let value = table.cell(row, "name").to_owned();
            lists.entry(table.cell(row, "list_name").to_owned()).or_default().push(Choice { value, label });
        }
        lists
    }

    fn survey(&mut self, table: &Table<'_>, lists: &BTreeMap<String, Vec<Choice>>) -> Vec<Item> {
        self.columns(table, &SURVEY);
        let mut done: Vec<Item> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        for (number, row) in &table.rows {
            let kind = table.cell(row, "type").split_whitespace().collect::<Vec<_>>().join(" ");
            let kind = kind.replace("begin group", "begin_group").replace("end group", "end_group");
            let kind = kind.replace("begin repeat", "begin_repeat").replace("end repeat", "end_repeat");
            if kind == "end_group" || kind == "end_repeat" {
                let fits = |item: &Item| matches!(item.kind, Kind::Group(_)) == (kind == "end_group");
                match open.pop() {
                    Some((item, _)) if fits(&item) => put(&mut done, &mut open, item),
                    _ => self.problems.push(format!("survey row {number}: `{kind}` ends nothing")),
                }
                continue;
            }
            let Some(item) = self.item(table, *number, row, &kind, lists) else { continue };
            match item.kind {
                Kind::Group(_) | Kind::Repeat(..) => open.push((item, *number)),
                _ => put(&mut done, &mut open, item),
            }
        }
        for (item, number) in open {
            self.problems.push(format!("survey row {number}: `{}` does not end", item.name));
        }
        done
    }

    fn item(
        &mut self,
        table: &Table<'_>,
        number: usize,
        row: &[String],
        kind: &str,
        lists: &BTreeMap<String, Vec<Choice>>,
    ) -> Option<Item> {
        let cell = |column: &str| Some(table.cell(row, column)).filter(|text| !text.is_empty()).map(str::to_owned);
        let (word, list) = kind.split_once(' ').unwrap_or((kind, ""));
        let choices = || lists.get(list).cloned().unwrap_or_default();
        let kind = match word {
            "begin_group" => Kind::Group(Vec::new()),
            "begin_repeat" => Kind::Repeat(cell("repeat_count").unwrap_or_default(), Vec::new()),
            "note" => Kind::Note,
            "integer" => Kind::Integer,
            "text" => Kind::Text,
            "time" => Kind::Time,
            "select_one" | "select_multiple" if list.contains(' ') || !lists.contains_key(list) => {
                self.problems.push(format!("survey row {number}: there is no list `{list}` in choices"));
                return None;
            }
            "select_one" => Kind::SelectOne(choices()),
            "select_multiple" => Kind::SelectMultiple(choices()),
            // What a program notes by itself is nobody's answer.
            "start" | "end" | "today" | "deviceid" => return None,
            other => {
                self.problems.push(format!("survey row {number}: a questionnaire has nothing like the type `{other}`"));
                return None;
            }
        };
        let is_group = matches!(kind, Kind::Group(_) | Kind::Repeat(..));
        let hint = self.label(table, number, row, "hint");
        if is_group && hint.is_some() {
            self.problems.push(format!("survey row {number}: a group has no hint: put it into a note"));
        }
        if let Some(appearance) = cell("appearance").filter(|appearance| appearance != "field-list") {
            self.problems
                .push(format!("survey row {number}: a questionnaire has nothing like the appearance `{appearance}`"));
        }
        let required = match cell("required").unwrap_or_default().to_lowercase().as_str() {
            "yes" | "true" | "true()" => true,
            "" | "no" | "false" | "false()" => false,
            other => {
                self.problems.push(format!("survey row {number}: `{other}` in `required` is neither yes nor no"));
                false
            }
        };
        Some(Item {
            label: self.label(table, number, row, "label"),
            hint,
            relevant: cell("relevant"),
            constraint: cell("constraint"),
            required,
            ..Item::new(table.cell(row, "name"), kind, None)
        })
    }
}

/// Puts a part where it belongs: into what is open, or to the top.
fn put(done: &mut Vec<Item>, open: &mut [Open], item: Item) {
    match open.last_mut().map(|(outer, _)| &mut outer.kind) {
        Some(Kind::Group(items) | Kind::Repeat(_, items)) => items.push(item),
        _ => done.push(item),
    }
}
