//! The sheet of the workbook that holds the answers to questionnaires: a row per number, its question and answer in words.

use analytics::table::{AnswerRow, Flag, Status};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::Material;
use super::codes::{Variable, code};
use super::questions;
use super::workbook::ROWS_ABOVE;
use crate::text::Texts;

/// Columns with their widths.
const COLUMNS: [(&str, f64); 14] = [
    ("question", 30.0),
    ("question-words", 60.0),
    ("answer-words", 34.0),
    ("answer-measure", 16.0),
    ("sex", 12.0),
    ("age_group", 14.0),
    ("target_group", 30.0),
    ("value", 12.0),
    ("standard_error", 12.0),
    ("ci_low", 12.0),
    ("ci_high", 12.0),
    ("n", 10.0),
    ("flag", 20.0),
    ("status", 24.0),
];

/// Fills the sheet; `heading`, `title` and `number` are the workbook's formats.
///
/// # Errors
/// When a text does not fit a cell.
pub fn fill(
    page: &mut Worksheet,
    material: &Material,
    texts: &Texts,
    [title, heading, number]: [&Format; 3],
) -> Result<(), XlsxError> {
    page.set_name(texts.text("sheet-answers"))?;
    page.write_string_with_format(0, 0, texts.text("sheet-answers-title"), title)?;
    page.write_string(1, 0, format!("{} {}", material.notes(texts).join(" "), texts.text("about-empty")).trim_start())?;
    let header = ROWS_ABOVE - 1;
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        page.set_column_width(column, width)?;
        page.write_string_with_format(header, column, texts.text(&format!("code-variable-{name}")), heading)?;
    }
    for (place, row) in (ROWS_ABOVE..).zip(&material.estimates.answers) {
        let asked = material.questions.in_words(&row.question, &row.answer, texts);
        let question =
            if asked.about.is_empty() { asked.question } else { format!("{}: {}", asked.about, asked.question) };
        let label = |variable: Variable, code: &str| material.label(variable, code, texts);
        let words = [
            row.question.clone(),
            question,
            asked.answer.to_owned(),
            questions::measure(row.measure, texts),
            label(Variable::Sex, &row.sex),
            label(Variable::AgeGroup, &row.age_group),
            label(Variable::TargetGroup, &row.target_group),
        ];
        for (column, words) in (0..).zip(words) {
            page.write_string(place, column, words)?;
        }
        let numbers = [row.value, row.standard_error, row.ci_low, row.ci_high];
        for (column, value) in (7..).zip(numbers) {
            if let Some(value) = value {
                page.write_number_with_format(place, column, value, number)?;
            }
        }
        // The count of a withheld number is withheld too.
        if !row.status.is_withheld() {
            page.write_number(place, 11, row.n as f64)?;
        }
        page.write_string(place, 12, flag(row, texts))?;
        page.write_string(place, 13, status(row, texts))?;
    }
    let last_row = header + material.estimates.answers.len() as u32;
    page.autofilter(header, 0, last_row, COLUMNS.len() as u16 - 1)?;
    page.set_freeze_panes(ROWS_ABOVE, 0)?;
    Ok(())
}

fn flag(row: &AnswerRow, texts: &Texts) -> String {
    let shown = !row.status.is_withheld() && row.flag != Flag::A;
    if shown { Variable::Flag.label(&code(&row.flag), texts) } else { String::new() }
}

fn status(row: &AnswerRow, texts: &Texts) -> String {
    if row.status == Status::Published { String::new() } else { Variable::Status.label(&code(&row.status), texts) }
}
