//! Answers to questionnaires as they are published: a row per number, and a row per answer that there is. They lie beside the
//! tidy estimates, because what tells their rows apart (a question, an answer) is another thing than a category, a day, a slot.

use serde::{Deserialize, Serialize};

use super::{Flag, Status};

/// The file of the numbers.
pub const ANSWERS_FILE: &str = "answers.csv";
/// The file of the questions and their answers.
pub const QUESTIONS_FILE: &str = "questions.csv";

/// What a number of the answers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerMeasure {
    /// Weighted share of persons who gave the answer, of those who answered the question, in percent.
    Share,
    /// Weighted mean of the numbers answered, in the unit in which the question asks.
    Mean,
}

/// One published number. `docs/ARCHITECTURE.md` says what each column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerRow {
    /// What it is.
    pub measure: AnswerMeasure,
    /// The questionnaire's name.
    pub questionnaire: String,
    /// The question's name in a snapshot, such as `services_used` or `service_hours.post.collides`.
    pub question: String,
    /// The value of an option; blank for a mean.
    pub answer: String,
    /// `all`, `F` or `M`.
    pub sex: String,
    /// `all` or an age group.
    pub age_group: String,
    /// `all`, a target group or a zone.
    pub target_group: String,
    /// The number; absent when withheld or suppressed.
    pub value: Option<f64>,
    /// Its standard error, in the value's unit.
    pub standard_error: Option<f64>,
    /// Lower end of the 95% interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub ci_high: Option<f64>,
    /// Degrees of freedom in the domain.
    pub degrees_of_freedom: Option<f64>,
    /// Unweighted persons in the domain who answered the question; 0 where the number is withheld.
    pub n: u64,
    /// Reliability.
    pub flag: Flag,
    /// Confidentiality.
    pub status: Status,
}

impl AnswerRow {
    /// The columns of the file, in the order of the fields.
    pub const COLUMNS: [&'static str; 15] = [
        "measure",
        "questionnaire",
        "question",
        "answer",
        "sex",
        "age_group",
        "target_group",
        "value",
        "standard_error",
        "ci_low",
        "ci_high",
        "degrees_of_freedom",
        "n",
        "flag",
        "status",
    ];
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// By one of its options: shares sum to 100%.
    Single,
    /// By one of its options, which are a scale from least to most.
    Scale,
    /// By any of its options: shares sum to nothing.
    Multiple,
    /// By a number.
    Number,
}

/// Who is asked a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedOf {
    /// Everybody who fills in the questionnaire.
    Everybody,
    /// Those for whom earlier answers make it a question: shares are of these.
    Some,
}

/// An answer that there is: a row of `questions.csv`, in the order in which answers are offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRow {
    /// The questionnaire's name.
    pub questionnaire: String,
    /// The question's name in a snapshot.
    pub question: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Who is asked.
    pub asked: AskedOf,
    /// The question in Italian.
    pub question_it: String,
    /// The question in English.
    pub question_en: String,
    /// In a grid, what it is asked about, in Italian; else blank.
    pub about_it: String,
    /// The same in English.
    pub about_en: String,
    /// `weekday` or `weekend` where it is asked about a day that was told; else blank.
    pub day: String,
    /// The value of the option; blank for a number.
    pub answer: String,
    /// The option in Italian; blank for a number.
    pub answer_it: String,
    /// The option in English.
    pub answer_en: String,
}
