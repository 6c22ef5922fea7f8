//! What the pages of paper show.

use askama::Template;

use super::{
    keying::{FEWEST_ROWS, FIELDS, Fault, MOST_ROWS, TypedRow},
    routes::{FORM_PATH, PATH},
};
use crate::{
    diary::store::StoredDiary,
    web::{date, field_error::FieldErrorView, form::Fields, layout::Page, visit::Visit},
};

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const CODE: &str = "codice-fiscale";
    pub(crate) const NUMBER: &str = "numero";
    pub(crate) const DATE: &str = "giorno";
    pub(crate) const AGREED: &str = "consenso";
    pub(crate) const VERSION: &str = "versione";
    pub(crate) const ACTION: &str = "azione";
}

/// Where forms are made and taken up.
#[derive(Template)]
#[template(path = "paper/desk.html")]
pub(super) struct DeskPage {
    page: Page,
    path: &'static str,
    form_path: &'static str,
    errors: Vec<FieldErrorView>,
    code: Input,
    number: Input,
    date: Input,
    agreed: Input,
}

/// A field with what was typed.
struct Input {
    name: &'static str,
    label: String,
    typed: String,
    error: Option<String>,
}

impl DeskPage {
    pub(super) fn new(visit: &Visit, fields: &Fields, wrong: &[(&'static str, &'static str)]) -> DeskPage {
        let input = |name: &'static str| Input {
            name,
            label: visit.text(&format!("paper-field-{name}")),
            typed: fields.text(name).unwrap_or_default().to_owned(),
            error: wrong.iter().find(|(field, _)| *field == name).map(|(_, key)| visit.text(key)),
        };
        let summary = |(name, key): &(&'static str, &'static str)| {
            let label = visit.text(&format!("paper-field-{name}"));
            FieldErrorView::new((*name).to_owned(), &label, &visit.text(key))
        };
        DeskPage {
            page: visit.page(visit.text("paper-desk-title")),
            path: PATH,
            form_path: FORM_PATH,
            errors: wrong.iter().map(summary).collect(),
            code: input(field::CODE),
            number: input(field::NUMBER),
            date: input(field::DATE),
            agreed: input(field::AGREED),
        }
    }
}

/// The rows of a day.
#[derive(Template)]
#[template(path = "paper/keying.html")]
pub(super) struct KeyingPage {
    page: Page,
    path: String,
    version: i32,
    errors: Vec<FieldErrorView>,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Column {
    label: String,
}

struct Row {
    number: usize,
    cells: Vec<Cell>,
}

struct Cell {
    id: String,
    label: String,
    typed: String,
    /// Characters that fit.
    size: usize,
    error: Option<String>,
}

/// Characters of each field, in the order of [`FIELDS`].
const SIZES: [usize; 7] = [5, 14, 10, 3, 4, 2, 2];

impl KeyingPage {
    /// The page with at least `FEWEST_ROWS` rows, and `more` blank ones after those that were typed.
    pub(super) fn new(
        visit: &Visit,
        diary: &StoredDiary,
        typed: &[TypedRow],
        more: usize,
        faults: &[Fault],
    ) -> KeyingPage {
        let labels = FIELDS.map(|name| visit.text(&format!("paper-row-{name}")));
        let text = |fault: &Fault| {
            let candidates = fault
                .candidates
                .iter()
                .take(6)
                .map(|code| format!("{code} {}", code.label().text(visit.texts.language)));
            let candidates = candidates.collect::<Vec<_>>().join("; ");
            visit.texts.text_with(fault.key, &[("candidates", candidates.into())])
        };
        let row_label = |row: usize| visit.texts.text_with("paper-row", &[("row", (row + 1).to_string().into())]);
        let cell = |row: usize, place: usize| {
            let name = FIELDS[place];
            Cell {
                id: format!("{name}-{row}"),
                label: format!("{}, {}", row_label(row), labels[place]),
                typed: typed.get(row).map(|typed| typed.0[place].clone()).unwrap_or_default(),
                size: SIZES[place],
                error: faults.iter().find(|fault| fault.row == row && fault.field == name).map(text),
            }
        };
        let summary = |fault: &Fault| {
            let place = FIELDS.iter().position(|name| *name == fault.field).unwrap_or_default();
            let label = format!("{}, {}", row_label(fault.row), labels[place]);
            FieldErrorView::new(format!("{}-{}", fault.field, fault.row), &label, &text(fault))
        };
        let n_rows = (typed.len() + more).clamp(FEWEST_ROWS, MOST_ROWS);
        let day = date::long_date(&visit.texts, diary.draft.date);
        KeyingPage {
            page: visit.page(visit.texts.text_with("paper-keying-title", &[("day", day.into())])),
            path: format!("/diario/{}/trascrizione", diary.draft.date),
            version: diary.version,
            errors: faults.iter().map(summary).collect(),
            rows: (0..n_rows)
                .map(|row| Row { number: row + 1, cells: (0..FIELDS.len()).map(|place| cell(row, place)).collect() })
                .collect(),
            columns: labels.iter().map(|label| Column { label: label.clone() }).collect(),
        }
    }
}
