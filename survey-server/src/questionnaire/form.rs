//! The text of a section's form becomes answers.

use std::collections::BTreeMap;

use questionnaires::{
    Answer, Answers, Instrument,
    instrument::{AnswerKind, AnswerProblem, Field, Question, Section},
};

use crate::web::form::Fields;

/// The field that names each answer asked for on the page, so that one which appears only because of the answers on
/// the page is told from one that was left blank.
pub(super) const SHOWN_FIELD: &str = "mostrata";

/// A section as it was filled in.
#[derive(Debug, Default)]
pub(super) struct FilledSection {
    /// What was typed or chosen, by the name of the answer.
    pub(super) typed: BTreeMap<String, Vec<String>>,
    /// The answers that were asked for, each as it was given, if it is a good one.
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

/// Reads the answers of `section` that were asked for. Names that the instrument does not know are left alone.
pub(super) fn read(instrument: &Instrument, section: &Section, fields: &Fields) -> FilledSection {
    let is_here = |field: &Field<'_>| {
        let outer = field.name.split('.').next().unwrap_or_default();
        section.questions.iter().any(|question| question.name == outer)
    };
    let all = instrument.all_fields();
    let shown: Vec<&Field<'_>> =
        all.iter().filter(|field| is_here(field) && fields.has(SHOWN_FIELD, &field.name)).collect();
    let mut filled = FilledSection::default();
    let mut read = Answers::default();
    let mut unreadable = BTreeMap::new();
    for field in &shown {
        let values: Vec<String> = fields.all(&field.name).map(str::to_owned).collect();
        match read_answer(field.question, &values) {
            Ok(Some(answer)) => read.set(&field.name, answer),
            Ok(None) => {}
            Err(problem) => drop(unreadable.insert(field.name.as_str(), problem)),
        }
        filled.typed.insert(field.name.clone(), values);
    }
    for field in shown {
        let problem = match unreadable.get(field.name.as_str()) {
            Some(problem) => Some(*problem),
            None => field.problem(&read).map(FieldProblem::Answer),
        };
        let good = read.answer(&field.name).cloned().filter(|_| problem.is_none());
        filled.answers.push((field.name.clone(), good));
        filled.problems.extend(problem.map(|problem| (field.name.clone(), problem)));
    }
    filled
}

fn read_answer(question: &Question, values: &[String]) -> Result<Option<Answer>, FieldProblem> {
    let Some(first) = values.first() else { return Ok(None) };
    Ok(Some(match &question.answer {
        AnswerKind::Number { .. } => Answer::Number(first.parse().map_err(|_| FieldProblem::NotANumber)?),
        AnswerKind::Single(_) => Answer::Choice(first.clone()),
        AnswerKind::Multiple(_) => Answer::Choices(values.to_vec()),
        AnswerKind::Text { .. } => Answer::Text(first.replace("\r\n", "\n")),
        AnswerKind::Time { .. } => Answer::Text(clock(first)),
        // A group has no answer of its own.
        AnswerKind::Grid(_) | AnswerKind::Roster(_) => return Ok(None),
    }))
}

/// A time of day as people type it (`8:30`, `8.30`, `08:30:00`, `8`), in the form in which it is kept; anything else as it is.
fn clock(typed: &str) -> String {
    let parts: Vec<&str> = typed.split([':', '.', ',']).collect();
    let numbers: Option<Vec<u32>> =
        parts.iter().map(|part| part.parse().ok().filter(|_| (1..=2).contains(&part.len()))).collect();
    match numbers.as_deref() {
        Some([hours]) => format!("{hours:02}:00"),
        Some([hours, minutes] | [hours, minutes, 0]) => format!("{hours:02}:{minutes:02}"),
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use questionnaires::instrument;

    use proptest::prelude::*;

    use super::*;

    fn read_section(instrument: &Instrument, section: usize, shown: &[&str], pairs: &[(&str, &str)]) -> FilledSection {
        let shown = shown.iter().map(|name| (SHOWN_FIELD, *name));
        read(instrument, &instrument.sections[section], &shown.chain(pairs.iter().copied()).collect())
    }

    fn read_person(pairs: &[(&str, &str)]) -> FilledSection {
        read_section(instrument::individual(), 0, &["sex", "age"], pairs)
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
        let filled = read_section(instrument::individual(), 1, &["work_status"], &[("work_status", "employed")]);
        assert!(filled.problems.is_empty());
        assert_eq!(filled.answers.len(), 1);
    }

    #[test]
    fn a_spell_has_both_ends() {
        let week = instrument::all().iter().find(|one| one.name == "usual_week").expect("the usual week");
        let shown = ["work_hours.monday.start_1", "work_hours.monday.end_1"];
        let problems = |start: &str, end: &str| {
            let pairs = [(shown[0], start), (shown[1], end)];
            read_section(week, 1, &shown, &pairs).problems.into_iter().map(|(_, problem)| problem).collect::<Vec<_>>()
        };
        let answer = FieldProblem::Answer;
        assert_eq!(problems("", ""), [], "a day without work");
        assert_eq!(problems("8.30", "17"), []);
        assert_eq!(problems("22:00", "06:00"), [], "past midnight");
        assert_eq!(problems("8:30", ""), [answer(AnswerProblem::Missing)]);
        assert_eq!(problems("", "17:00"), [answer(AnswerProblem::NoBeginning)]);
        assert_eq!(problems("08:00", "8"), [answer(AnswerProblem::EmptySpell)]);
        assert_eq!(problems("25:00", "dopo"), [answer(AnswerProblem::NotATime), answer(AnswerProblem::NotATime)]);
    }

    #[test]
    fn groups_that_do_not_exist_are_left_alone() {
        let week = instrument::all().iter().find(|one| one.name == "usual_week").expect("the usual week");
        let strange = ["work_hours.holiday.start_1", "work_hours.monday.start_9", "work_hours", "sex", "a.b.c"];
        let filled = read_section(week, 1, &strange, &[("work_hours.holiday.start_1", "08:00"), ("sex", "F")]);
        assert!(filled.answers.is_empty() && filled.typed.is_empty());
    }

    proptest! {
        /// Whatever is sent for the questions of a section, each shown one gets an answer that fits it or a problem.
        #[test]
        fn any_answers_are_kept_or_told_what_is_wrong(values in proptest::collection::vec(".{0,12}|[0-9]{1,20}|[0-2][0-9]:[0-5][0-9]", 40)) {
            for instrument in instrument::all() {
                let all = instrument.all_fields();
                for section in &instrument.sections {
                    let is_here = |field: &&Field<'_>| section.questions.iter().any(|question| {
                        field.name.split('.').next() == Some(&question.name)
                    });
                    let here: Vec<&Field<'_>> = all.iter().filter(is_here).take(40).collect();
                    let names = || here.iter().map(|field| field.name.as_str());
                    let shown = names().map(|name| (SHOWN_FIELD, name));
                    let fields = shown.chain(names().zip(values.iter().map(String::as_str))).collect();
                    let filled = read(instrument, section, &fields);
                    prop_assert_eq!(filled.answers.len(), here.len());
                    let kept = Answers(filled.answers.iter().filter_map(|(name, answer)| Some((name.clone(), answer.clone()?))).collect());
                    for (field, (name, answer)) in here.iter().zip(&filled.answers) {
                        let has_problem = filled.problems.iter().any(|(about, _)| about == name);
                        if answer.is_none() && field.problem(&kept).is_some() {
                            prop_assert!(has_problem, "{} is missed in silence", name);
                        }
                        if let Some(answer) = answer {
                            prop_assert_eq!(field.question.problem(Some(answer)), None);
                            prop_assert!(!has_problem);
                        }
                    }
                }
            }
        }
    }
}
