//! The text of a section's form becomes answers.

use std::collections::BTreeMap;

use questionnaires::{
    Answer,
    instrument::{AnswerKind, AnswerProblem, Question, Section},
};

use crate::web::form::Fields;

/// The field that names each question on the page, so that one which appears only because of the answers on
/// the page is told from one that was left blank.
pub(super) const SHOWN_FIELD: &str = "mostrata";

/// A section as it was filled in.
#[derive(Debug, Default)]
pub(super) struct FilledSection {
    /// What was typed or chosen, by question.
    pub(super) typed: BTreeMap<String, Vec<String>>,
    /// The questions that were shown, each with the answer it got, if it got a good one.
    pub(super) answers: Vec<(String, Option<Answer>)>,
    /// What is wrong, in the order of the page.
    pub(super) problems: Vec<(String, FieldProblem)>,
}

/// Why a field is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldProblem {
    /// Not a whole number.
    NotANumber,
    /// It reads, but does not fit the question.
    Answer(AnswerProblem),
}

/// Reads the questions of `section` that were shown.
pub(super) fn read(section: &Section, fields: &Fields) -> FilledSection {
    let mut filled = FilledSection::default();
    for question in section.questions.iter().filter(|question| fields.has(SHOWN_FIELD, &question.name)) {
        let values: Vec<String> = fields.all(&question.name).map(str::to_owned).collect();
        let answer = read_answer(question, &values);
        let problem = match &answer {
            Ok(answer) => question.problem(answer.as_ref()).map(FieldProblem::Answer),
            Err(problem) => Some(*problem),
        };
        let good = answer.ok().flatten().filter(|_| problem.is_none());
        filled.answers.push((question.name.clone(), good));
        filled.problems.extend(problem.map(|problem| (question.name.clone(), problem)));
        filled.typed.insert(question.name.clone(), values);
    }
    filled
}

fn read_answer(question: &Question, values: &[String]) -> Result<Option<Answer>, FieldProblem> {
    let Some(first) = values.first() else { return Ok(None) };
    Ok(Some(match &question.answer {
        AnswerKind::Number { .. } => Answer::Number(first.parse().map_err(|_| FieldProblem::NotANumber)?),
        AnswerKind::Single(_) => Answer::Choice(first.clone()),
        AnswerKind::Multiple(_) => Answer::Choices(values.to_vec()),
    }))
}

#[cfg(test)]
mod tests {
    use questionnaires::instrument;

    use proptest::prelude::*;

    use super::*;

    fn read_person(pairs: &[(&str, &str)]) -> FilledSection {
        let shown = ["sex", "age"].map(|name| (SHOWN_FIELD, name));
        read(&instrument::individual().sections[0], &shown.into_iter().chain(pairs.iter().copied()).collect())
    }

    #[test]
    fn good_answers_are_kept_beside_bad_ones() {
        let filled = read_person(&[("sex", "F"), ("age", "trentasei")]);
        assert_eq!(filled.problems, [("age".to_owned(), FieldProblem::NotANumber)]);
        assert_eq!(filled.answers[0], ("sex".to_owned(), Some(Answer::Choice("F".to_owned()))));
        assert_eq!(filled.answers[1], ("age".to_owned(), None));
        assert_eq!(filled.typed["age"], ["trentasei"], "what was typed comes back");
    }

    #[test]
    fn faults_are_told_apart() {
        let problem = |pairs: &[(&str, &str)]| read_person(pairs).problems;
        let out_of_range = FieldProblem::Answer(AnswerProblem::OutOfRange { min: 10, max: 110 });
        assert_eq!(problem(&[("sex", "F"), ("age", "9")]), [("age".to_owned(), out_of_range)]);
        let unknown = FieldProblem::Answer(AnswerProblem::UnknownOption);
        assert_eq!(problem(&[("sex", "Z"), ("age", " 40 ")]), [("sex".to_owned(), unknown)]);
        assert_eq!(problem(&[]).len(), 2, "both are missing");
        assert_eq!(problem(&[("sex", "M"), ("age", "99999999999999999999")]).len(), 1);
    }

    #[test]
    fn questions_that_were_not_shown_are_not_missed() {
        let fields = [(SHOWN_FIELD, "work_status"), ("work_status", "employed")].into_iter().collect();
        let filled = read(&instrument::individual().sections[1], &fields);
        assert!(filled.problems.is_empty());
        assert_eq!(filled.answers.len(), 1);
    }

    proptest! {
        /// Whatever is sent for the questions of a section, each shown one gets an answer that fits it or a problem.
        #[test]
        fn any_answers_are_kept_or_told_what_is_wrong(values in proptest::collection::vec(".{0,12}|[0-9]{1,20}", 40)) {
            for section in instrument::all().iter().flat_map(|instrument| &instrument.sections) {
                let names = || section.questions.iter().map(|question| question.name.as_str());
                let shown = names().map(|name| (SHOWN_FIELD, name));
                let fields = shown.chain(names().zip(values.iter().map(String::as_str))).collect();
                let filled = read(section, &fields);
                for (question, (name, answer)) in section.questions.iter().zip(&filled.answers) {
                    let has_problem = filled.problems.iter().any(|(about, _)| about == name);
                    if answer.is_none() && question.problem(None).is_some() {
                        prop_assert!(has_problem, "{} is missed in silence", name);
                    }
                    if let Some(answer) = answer {
                        prop_assert_eq!(question.problem(Some(answer)), None);
                        prop_assert!(!has_problem);
                    }
                }
            }
        }
    }
}
