//! The rows of answers that may be published: made here from candidates and their verdicts, and nowhere else.

use super::super::history::AnswerKey;
use super::super::reliability::{CV_RELIABLE, CV_TO_SHOW, WIDTH_RELIABLE, WIDTH_TO_SHOW, flag};
use super::super::rules::SecrecyRules;
use super::super::secondary::Verdict;
use super::AnswerContext;
use crate::answers::AnswerCandidate;
use crate::domain::{PopulationGroup, SexScope};
use crate::table::{AnswerMeasure, AnswerRow, Flag, Status};

/// A row that has passed the rules. Nothing else can be written to the answers, and nothing outside the rules can make one:
///
/// ```compile_fail
/// fn smuggle(row: analytics::table::AnswerRow) -> analytics::disclosure::ReleasedAnswer {
///     analytics::disclosure::ReleasedAnswer(row)
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReleasedAnswer(AnswerRow);

impl ReleasedAnswer {
    /// The row.
    pub fn row(&self) -> &AnswerRow {
        &self.0
    }
}

/// The rows of all candidates, in their order; `verdict` says what the sums come to for a candidate's place.
pub(super) fn rows(
    rules: &SecrecyRules,
    candidates: Vec<AnswerCandidate>,
    context: AnswerContext<'_>,
    verdict: &dyn Fn(usize) -> Verdict,
) -> Vec<ReleasedAnswer> {
    let row = |(place, candidate): (usize, AnswerCandidate)| {
        let is_few = rules.are_few(candidate.n_persons)
            || rules.are_too_few(candidate.n_who)
            || candidate.option.is_some() && rules.has_too_few_without(candidate.n_who, candidate.n_persons);
        let status = match verdict(place) {
            _ if is_few => Status::Withheld,
            Verdict::Primary => Status::Withheld,
            Verdict::Secondary => Status::WithheldSecondary,
            Verdict::Published => Status::Published,
        };
        released(&candidate, status, context)
    };
    candidates.into_iter().enumerate().map(row).collect()
}

/// A candidate as the public sees it. Withheld, it shows neither value nor count.
fn released(candidate: &AnswerCandidate, status: Status, context: AnswerContext<'_>) -> ReleasedAnswer {
    let flag = reliability(candidate);
    let is_published = status == Status::Published;
    let shown = candidate.estimate.filter(|_| is_published && flag != Flag::Suppressed);
    let AnswerKey { questionnaire, question, answer, sex, age_group, target_group } = key(candidate, context);
    ReleasedAnswer(AnswerRow {
        measure: if candidate.option.is_some() { AnswerMeasure::Share } else { AnswerMeasure::Mean },
        questionnaire,
        question,
        answer,
        sex,
        age_group,
        target_group,
        value: shown.map(|estimate| estimate.value),
        standard_error: shown.and_then(|estimate| estimate.standard_error),
        ci_low: shown.and_then(|estimate| Some(estimate.interval?.0)),
        ci_high: shown.and_then(|estimate| Some(estimate.interval?.1)),
        degrees_of_freedom: candidate
            .estimate
            .filter(|_| is_published)
            .map(|estimate| estimate.degrees_of_freedom.into()),
        n: if is_published { candidate.n_persons } else { 0 },
        flag,
        status,
    })
}

/// What a candidate is called in files.
pub(super) fn key(candidate: &AnswerCandidate, context: AnswerContext<'_>) -> AnswerKey {
    let question = &context.questions[candidate.question];
    let answer = candidate.option.map(|option| question.options[option].0.clone());
    AnswerKey {
        questionnaire: question.questionnaire.clone(),
        question: question.name.clone(),
        answer: answer.unwrap_or_default(),
        sex: candidate.sex.code().to_owned(),
        age_group: candidate.group.age_code().to_owned(),
        target_group: candidate.group.target_code().to_owned(),
    }
}

/// A share is one part of a whole, and is judged by the width of its interval; a mean by its coefficient of variation.
fn reliability(candidate: &AnswerCandidate) -> Flag {
    let Some(estimate) = candidate.estimate else { return Flag::Suppressed };
    let (Some(error), Some((low, high))) = (estimate.standard_error, estimate.interval) else {
        return Flag::Suppressed;
    };
    let (uncertainty, to_show, reliable) = match candidate.option {
        Some(_) => (high - low, WIDTH_TO_SHOW, WIDTH_RELIABLE),
        None if estimate.value == 0.0 => (f64::INFINITY, CV_TO_SHOW, CV_RELIABLE),
        None => (error / estimate.value.abs(), CV_TO_SHOW, CV_RELIABLE),
    };
    flag(candidate.n_persons, uncertainty, to_show, reliable)
}

/// What withholding a number costs the public.
pub(super) fn cost(candidate: &AnswerCandidate) -> f64 {
    let of_flag = match reliability(candidate) {
        Flag::Suppressed => 0.02,
        Flag::E => 1.0,
        Flag::A => 5.0,
    };
    let dearer = |is_wide: bool| if is_wide { 4.0 } else { 1.0 };
    of_flag * dearer(candidate.group == PopulationGroup::All) * dearer(candidate.sex == SexScope::All)
}
