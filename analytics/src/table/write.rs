//! Writes the estimates folder. It takes only rows that disclosure has released, and the same input gives
//! the same bytes.

use std::path::Path;

use serde::Serialize;

use super::{AnswerRow, CategoryRow, EstimateRow, GROUPS_FILE, GroupRow, QUESTIONS_FILE, QuestionRow, RunInfo};
use crate::columns::{self, Values};
use crate::disclosure::{Released, ReleasedAnswer};
use crate::output_folder::OutputFolder;
use crate::plan::ReleasePlan;

/// What a run was asked beyond what [`RunInfo`] tells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunOptions {
    /// SHA-256 of the margins file, hexadecimal.
    pub margins_sha256: Option<String>,
    /// Whether the weights of the snapshot were set aside.
    pub weights_ignored: bool,
    /// SHA-256 of the table of hourly wages, hexadecimal.
    pub hourly_wages_sha256: Option<String>,
    /// The whole plan, as [`ReleasePlan::stated`].
    pub release: ReleasePlan,
}

/// What is written of a release.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// The numbers.
    pub rows: &'a [Released],
    /// The categories they speak of.
    pub classification: &'a [CategoryRow],
    /// The groups they speak of.
    pub groups: &'a [GroupRow],
    /// The numbers of the questionnaires.
    pub answers: &'a [ReleasedAnswer],
    /// The questions they answer; without any there are no files of answers.
    pub questions: &'a [QuestionRow],
}

/// Writes `estimates.parquet`, `estimates.csv`, `classification.csv`, `groups.csv`, `run.json` and, where answers
/// are told, `answers.parquet`, `answers.csv` and `questions.csv` to `folder`, all or none; earlier estimates there are replaced.
pub fn write(folder: &Path, tables: &Tables<'_>, run: &RunInfo, options: &RunOptions) -> std::io::Result<()> {
    let output = OutputFolder::begin(folder, "run.json")?;
    let Tables { rows, classification, groups, answers, questions } = *tables;
    let rows: Vec<&EstimateRow> = rows.iter().map(Released::row).collect();
    columns::write(output.path(), "estimates", columns_of(&rows))?;
    write_csv(&output.path().join("classification.csv"), &CATEGORY_COLUMNS, classification)?;
    write_csv(&output.path().join(GROUPS_FILE), &GROUP_COLUMNS, groups)?;
    if !questions.is_empty() {
        let answers: Vec<&AnswerRow> = answers.iter().map(ReleasedAnswer::row).collect();
        columns::write(output.path(), "answers", answer_columns(&answers))?;
        write_csv(&output.path().join(QUESTIONS_FILE), &QUESTION_COLUMNS, questions)?;
    }
    #[derive(Serialize)]
    struct RunFile<'a> {
        #[serde(flatten)]
        run: &'a RunInfo,
        options: &'a RunOptions,
    }
    let text = serde_json::to_string_pretty(&RunFile { run, options })? + "\n";
    std::fs::write(output.path().join("run.json"), text)?;
    output.publish()
}

const CATEGORY_COLUMNS: [&str; 6] = ["timeline", "code", "level", "label_it", "label_en", "members"];
const GROUP_COLUMNS: [&str; 4] = ["code", "kind", "label_it", "label_en"];
const QUESTION_COLUMNS: [&str; 12] = [
    "questionnaire",
    "question",
    "kind",
    "asked",
    "question_it",
    "question_en",
    "about_it",
    "about_en",
    "day",
    "answer",
    "answer_it",
    "answer_en",
];

/// A CSV that has its first line also where it has no other.
fn write_csv(path: &Path, columns: &[&str], rows: &[impl Serialize]) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_path(path)?;
    writer.write_record(columns)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()
}

fn columns_of(rows: &[&EstimateRow]) -> Vec<(&'static str, Values)> {
    let text = |field: &dyn Fn(&EstimateRow) -> String| Values::Text(rows.iter().map(|row| Some(field(row))).collect());
    let integer =
        |field: &dyn Fn(&EstimateRow) -> Option<i64>| Values::Integer(rows.iter().map(|row| field(row)).collect());
    let real = |field: &dyn Fn(&EstimateRow) -> Option<f64>| Values::Real(rows.iter().map(|row| field(row)).collect());
    vec![
        ("indicator", text(&|row| code(&row.indicator))),
        ("unit", text(&|row| code(&row.unit))),
        ("timeline", text(&|row| code(&row.timeline))),
        ("activity", text(&|row| row.activity.clone())),
        ("level", integer(&|row| Some(row.level.into()))),
        ("sex", text(&|row| row.sex.clone())),
        ("age_group", text(&|row| row.age_group.clone())),
        ("target_group", text(&|row| row.target_group.clone())),
        ("day", text(&|row| row.day.clone())),
        ("slot", integer(&|row| row.slot.map(i64::from))),
        ("value", real(&|row| row.value)),
        ("standard_error", real(&|row| row.standard_error)),
        ("ci_low", real(&|row| row.ci_low)),
        ("ci_high", real(&|row| row.ci_high)),
        ("degrees_of_freedom", real(&|row| row.degrees_of_freedom)),
        ("n", integer(&|row| Some(row.n as i64))),
        ("flag", text(&|row| code(&row.flag))),
        ("status", text(&|row| code(&row.status))),
    ]
}

fn answer_columns(rows: &[&AnswerRow]) -> Vec<(&'static str, Values)> {
    let text = |field: &dyn Fn(&AnswerRow) -> String| Values::Text(rows.iter().map(|row| Some(field(row))).collect());
    let real = |field: &dyn Fn(&AnswerRow) -> Option<f64>| Values::Real(rows.iter().map(|row| field(row)).collect());
    vec![
        ("measure", text(&|row| code(&row.measure))),
        ("questionnaire", text(&|row| row.questionnaire.clone())),
        ("question", text(&|row| row.question.clone())),
        ("answer", text(&|row| row.answer.clone())),
        ("sex", text(&|row| row.sex.clone())),
        ("age_group", text(&|row| row.age_group.clone())),
        ("target_group", text(&|row| row.target_group.clone())),
        ("value", real(&|row| row.value)),
        ("standard_error", real(&|row| row.standard_error)),
        ("ci_low", real(&|row| row.ci_low)),
        ("ci_high", real(&|row| row.ci_high)),
        ("degrees_of_freedom", real(&|row| row.degrees_of_freedom)),
        ("n", Values::Integer(rows.iter().map(|row| Some(row.n as i64)).collect())),
        ("flag", text(&|row| code(&row.flag))),
        ("status", text(&|row| code(&row.status))),
    ]
}

/// The name that the type itself has in files.
fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        other => unreachable!("the codes of the estimates serialise as text, not as {other:?}"),
    }
}
