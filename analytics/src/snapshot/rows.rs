//! The rows of a snapshot's tables as a writer gives them, and their columns.

use crate::columns::Values;
use crate::table::ClassificationRow;

/// A row of `persons`.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "docs/ARCHITECTURE.md describes the columns, which the fields are named after")]
pub struct PersonRow {
    pub person_id: String,
    pub household_id: Option<String>,
    pub sex: String,
    pub age: Option<i64>,
    pub zone: Option<String>,
    pub weight: Option<f64>,
    pub stratum: Option<String>,
    pub cluster: Option<String>,
}

/// A row of `diaries`.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "docs/ARCHITECTURE.md describes the columns, which the fields are named after")]
pub struct DiaryRow {
    pub diary_id: String,
    pub person_id: String,
    pub day_kind: String,
    pub month: Option<String>,
    pub grade: String,
    pub weight: Option<f64>,
}

/// A row of `episodes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "docs/ARCHITECTURE.md describes the columns, which the fields are named after")]
pub struct EpisodeRow {
    pub diary_id: String,
    pub start_minute: Option<i64>,
    pub minutes: i64,
    pub main: String,
    pub secondary: Option<String>,
    pub location: Option<String>,
    pub with_whom: Option<String>,
    pub device: Option<i64>,
    pub enjoyment: Option<i64>,
}

/// A row of `answers`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
#[allow(missing_docs, reason = "docs/ARCHITECTURE.md describes the columns, which the fields are named after")]
pub struct AnswerRow {
    pub person_id: String,
    pub question: String,
    pub value: String,
}

pub(super) type Columns = Vec<(&'static str, Values)>;

fn text<R>(rows: &[R], field: impl Fn(&R) -> &str) -> Values {
    Values::Text(rows.iter().map(|row| Some(field(row).to_owned())).collect())
}

fn optional_text<R>(rows: &[R], field: impl Fn(&R) -> &Option<String>) -> Values {
    Values::Text(rows.iter().map(|row| field(row).clone()).collect())
}

fn integer<R>(rows: &[R], field: impl Fn(&R) -> Option<i64>) -> Values {
    Values::Integer(rows.iter().map(field).collect())
}

fn real<R>(rows: &[R], field: impl Fn(&R) -> Option<f64>) -> Values {
    Values::Real(rows.iter().map(field).collect())
}

pub(super) fn persons(rows: &[PersonRow]) -> Columns {
    vec![
        ("person_id", text(rows, |row| &row.person_id)),
        ("household_id", optional_text(rows, |row| &row.household_id)),
        ("sex", text(rows, |row| &row.sex)),
        ("age", integer(rows, |row| row.age)),
        ("zone", optional_text(rows, |row| &row.zone)),
        ("weight", real(rows, |row| row.weight)),
        ("stratum", optional_text(rows, |row| &row.stratum)),
        ("cluster", optional_text(rows, |row| &row.cluster)),
    ]
}

pub(super) fn diaries(rows: &[DiaryRow]) -> Columns {
    vec![
        ("diary_id", text(rows, |row| &row.diary_id)),
        ("person_id", text(rows, |row| &row.person_id)),
        ("day_kind", text(rows, |row| &row.day_kind)),
        ("month", optional_text(rows, |row| &row.month)),
        ("grade", text(rows, |row| &row.grade)),
        ("weight", real(rows, |row| row.weight)),
    ]
}

pub(super) fn episodes(rows: &[EpisodeRow]) -> Columns {
    vec![
        ("diary_id", text(rows, |row| &row.diary_id)),
        ("start_minute", integer(rows, |row| row.start_minute)),
        ("minutes", integer(rows, |row| Some(row.minutes))),
        ("main", text(rows, |row| &row.main)),
        ("secondary", optional_text(rows, |row| &row.secondary)),
        ("location", optional_text(rows, |row| &row.location)),
        ("with_whom", optional_text(rows, |row| &row.with_whom)),
        ("device", integer(rows, |row| row.device)),
        ("enjoyment", integer(rows, |row| row.enjoyment)),
    ]
}

pub(super) fn answers(rows: &[AnswerRow]) -> Columns {
    vec![
        ("person_id", text(rows, |row| &row.person_id)),
        ("question", text(rows, |row| &row.question)),
        ("value", text(rows, |row| &row.value)),
    ]
}

pub(super) fn classification(rows: &[ClassificationRow]) -> Columns {
    vec![
        ("code", text(rows, |row| &row.code)),
        ("level", integer(rows, |row| Some(row.level.into()))),
        ("label_it", text(rows, |row| &row.label_it)),
        ("label_en", text(rows, |row| &row.label_en)),
        ("members", text(rows, |row| &row.members)),
    ]
}
