//! The numbers behind a figure as CSV, with the columns of the estimates and the activity's names.

use analytics::table::{AnswerRow, CategoryRow, EstimateRow, Estimates, QuestionRow};

use crate::figure::{Figure, needs};

/// Columns of a figure's CSV: those of `estimates.csv` in their order, then the names.
pub const COLUMNS: [&str; 20] = [
    "indicator",
    "unit",
    "timeline",
    "activity",
    "level",
    "sex",
    "age_group",
    "target_group",
    "day",
    "slot",
    "value",
    "standard_error",
    "ci_low",
    "ci_high",
    "degrees_of_freedom",
    "n",
    "flag",
    "status",
    "activity_it",
    "activity_en",
];

/// The columns that `estimates.csv` does not have.
pub const NAMES: [&str; 2] = ["activity_it", "activity_en"];

/// The columns that `answers.csv` does not have.
pub const ANSWER_NAMES: [&str; 4] = ["about_it", "about_en", "answer_it", "answer_en"];

/// The data of a figure: the rows of the estimates behind it, be they of time use or of answers, or its table where it was made
/// of other numbers.
///
/// # Errors
/// When a row cannot be written as CSV.
pub fn of_figure(figure: &Figure, estimates: &Estimates) -> Result<Vec<u8>, csv::Error> {
    if !figure.rows.is_empty() {
        return csv(&figure.rows, estimates);
    }
    let answers = needs::answers_behind(estimates, &figure.name);
    if !answers.is_empty() {
        return csv_of_answers(&answers, estimates);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&figure.table.columns)?;
    for row in &figure.table.rows {
        let cells = row.cells.iter().map(|cell| cell.value.as_deref().unwrap_or(&cell.words));
        writer.write_record(std::iter::once(row.header.as_str()).chain(cells))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// `rows` as CSV text in UTF-8.
///
/// # Errors
/// When a row cannot be written as CSV.
pub fn csv(rows: &[&EstimateRow], estimates: &Estimates) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in rows {
        let is_of_row = |category: &&CategoryRow| (category.timeline, &category.code) == (row.timeline, &row.activity);
        let activity = estimates.classification.iter().find(is_of_row);
        let names = activity.map(|activity| (activity.label_it.as_str(), activity.label_en.as_str()));
        writer.serialize((row, names.unwrap_or_default()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Answers as CSV text, with the columns of `answers.csv` and then [`ANSWER_NAMES`].
fn csv_of_answers(rows: &[&AnswerRow], estimates: &Estimates) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(AnswerRow::COLUMNS.iter().chain(&ANSWER_NAMES))?;
    for row in rows {
        let is_of_row = |one: &&QuestionRow| (&one.question, &one.answer) == (&row.question, &row.answer);
        let words =
            estimates.questions.iter().find(is_of_row).map(|one| {
                [one.about_it.as_str(), one.about_en.as_str(), one.answer_it.as_str(), one.answer_en.as_str()]
            });
        writer.serialize((row, words.unwrap_or_default()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
