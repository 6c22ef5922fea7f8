//! Answers to questionnaires: which questions have published answers, who said what, and the shares and means of everybody and
//! of each group. Persons are counted, never days. Everything made here is a candidate for publication; only `disclosure`
//! lets numbers out.

mod estimate;
mod given;
mod question;

pub use estimate::{AnswerCandidate, AnswerEstimate, candidates};
pub(crate) use estimate::{AnswerDomain, domains as answer_domains};
pub use given::{Given, given};
pub use question::{AnswersError, AskedQuestion, asked_questions};
