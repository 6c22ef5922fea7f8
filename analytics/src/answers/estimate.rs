//! Shares and means with standard errors in the design: of everybody, of women and men, and of each group in which enough
//! persons answered.

use rayon::prelude::*;

use super::{AskedQuestion, Given};
use crate::disclosure::{N_TO_SHOW, PersonSet};
use crate::domain::{PopulationGroup, SexScope};
use crate::estimation::{Domain, Estimates, Mean, ProportionInterval, Survey, Variable};
use crate::sample::Sample;
use crate::snapshot::Sex;
use crate::table::QuestionKind;

/// Shares are published in percent.
const PERCENT: f64 = 100.0;
/// The level of intervals.
const LEVEL: f64 = 0.95;

/// A number with its precision, before any rule of publication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerEstimate {
    /// Percent, or the mean.
    pub value: f64,
    /// Its standard error; `None` where the design gives none.
    pub standard_error: Option<f64>,
    /// The 95% interval: Wilson's of a share, a t interval of a mean.
    pub interval: Option<(f64, f64)>,
    /// Degrees of freedom in the domain.
    pub degrees_of_freedom: u32,
}

/// A number that asks to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerCandidate {
    /// The question's place.
    pub question: usize,
    /// The option's place; `None` for a mean.
    pub option: Option<usize>,
    /// Of whom.
    pub group: PopulationGroup,
    /// Of which sex.
    pub sex: SexScope,
    /// The number; `None` where nobody answered.
    pub estimate: Option<AnswerEstimate>,
    /// Persons in the domain who answered the question, unweighted.
    pub n_persons: u64,
    /// Those of them who gave the answer, unweighted; for a mean all of them.
    pub n_who: u64,
}

/// A domain of answers with the persons in it.
pub(crate) struct AnswerDomain {
    pub group: PopulationGroup,
    pub sex: SexScope,
    pub persons: PersonSet,
}

/// Everybody, women, men, then each group with both sexes together: groups are not crossed with sex.
pub(crate) fn domains(sample: &Sample) -> Vec<AnswerDomain> {
    let n_persons = sample.n_respondents();
    let of = |is_in: &dyn Fn(usize) -> bool| PersonSet::of(n_persons, (0..n_persons).filter(|place| is_in(*place)));
    let by_sex = SexScope::ALL.map(|sex| AnswerDomain {
        group: PopulationGroup::All,
        sex,
        persons: of(&|place| match sex {
            SexScope::All => true,
            SexScope::Women => sample.sexes[place] == Sex::Female,
            SexScope::Men => sample.sexes[place] == Sex::Male,
        }),
    });
    let groups = sample.groups.iter().enumerate().skip(1).map(|(group, one)| AnswerDomain {
        group: *one,
        sex: SexScope::All,
        persons: of(&|place| sample.groups_of[place].contains(&group)),
    });
    by_sex.into_iter().chain(groups).collect()
}

/// Every number that asks to be published, question by question. Groups in which too few answered for any number to be shown
/// have none; a question that nobody answered has none either.
pub fn candidates(questions: &[AskedQuestion], given: &[Given], sample: &Sample) -> Vec<AnswerCandidate> {
    let survey = sample.survey();
    let domains = domains(sample);
    let of_question = |place: usize| of_question(place, &questions[place], &given[place], &survey, &domains);
    // Each question is one thread's, and the results are taken in the questions' order.
    let by_question: Vec<Vec<AnswerCandidate>> = (0..questions.len()).into_par_iter().map(of_question).collect();
    by_question.concat()
}

fn of_question(
    place: usize,
    question: &AskedQuestion,
    given: &Given,
    survey: &Survey,
    domains: &[AnswerDomain],
) -> Vec<AnswerCandidate> {
    let n_persons = survey.weights().len();
    let indicator = |set: &PersonSet| -> Vec<f64> {
        (0..n_persons).map(|person| f64::from(u8::from(set.contains(person)))).collect()
    };
    let is_number = question.kind == QuestionKind::Number;
    let columns: Vec<Vec<f64>> =
        if is_number { vec![given.numbers.clone()] } else { given.options.iter().map(indicator).collect() };
    let mean = Mean(columns.iter().map(|column| Variable::Number(column)).collect());
    let mut candidates = Vec::new();
    for domain in domains {
        let base = given.base.and(&domain.persons);
        let n = base.len();
        let is_group = domain.group != PopulationGroup::All;
        if n == 0 || is_group && n < N_TO_SHOW {
            continue;
        }
        let mask = Domain::from_mask((0..n_persons).map(|person| base.contains(person)).collect());
        let estimates = survey.estimate(&mean, &mask).ok();
        for column in 0..columns.len() {
            candidates.push(AnswerCandidate {
                question: place,
                option: (!is_number).then_some(column),
                group: domain.group,
                sex: domain.sex,
                estimate: estimates.as_ref().map(|estimates| estimate(estimates, column, is_number)),
                n_persons: n,
                n_who: if is_number { n } else { given.options[column].and(&base).len() },
            });
        }
    }
    candidates
}

fn estimate(estimates: &Estimates<'_>, column: usize, is_number: bool) -> AnswerEstimate {
    let degrees_of_freedom = estimates.degrees_of_freedom();
    let error = estimates.standard_errors().ok().map(|errors| errors[column]);
    let value = estimates.value(column);
    if is_number {
        let interval = estimates.intervals(LEVEL).ok().flatten().map(|intervals| intervals[column]);
        let interval = interval.map(|interval| (interval.low, interval.high));
        return AnswerEstimate { value, standard_error: error, interval, degrees_of_freedom };
    }
    let proportion = estimates.proportion(column).ok();
    let interval = proportion.and_then(|proportion| proportion.interval(ProportionInterval::Wilson, LEVEL));
    AnswerEstimate {
        value: value * PERCENT,
        standard_error: error.map(|error| error * PERCENT),
        interval: interval.map(|interval| (interval.low * PERCENT, interval.high * PERCENT)),
        degrees_of_freedom,
    }
}
