//! Instruments: the embedded ones make sense, routing follows the answers, and faults are told apart.

use super::*;
use crate::answer::Answer;
use crate::target_group;
use crate::text::Language;

fn answers(pairs: &[(&str, Answer)]) -> Answers {
    Answers(pairs.iter().map(|(name, answer)| ((*name).to_owned(), answer.clone())).collect())
}

fn choice(value: &str) -> Answer {
    Answer::Choice(value.to_owned())
}

fn choices(values: &[&str]) -> Answer {
    Answer::Choices(values.iter().map(|value| (*value).to_owned()).collect())
}

fn retired_woman() -> Answers {
    answers(&[
        ("sex", choice("F")),
        ("gender", choice("prefer_not_to_say")),
        ("age", Answer::Number(71)),
        ("citizenship", choice("italian")),
        ("zone", choice("nord")),
        ("work_status", choice("retired")),
        ("study", choice("none")),
        ("children_ages", choices(&["none"])),
        ("cares_for_adult", choice("no")),
    ])
}

#[test]
fn embedded_instruments_make_sense() {
    for instrument in all() {
        assert_eq!(instrument.check(), [], "{}", instrument.name);
    }
    let names: Vec<&str> =
        all().iter().flat_map(|instrument| instrument.questions()).map(|q| q.name.as_str()).collect();
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "question names are unique across instruments: answers are merged");
}

#[test]
fn target_groups_ask_for_what_the_instruments_offer() {
    let questions: Vec<&Question> = all().iter().flat_map(|instrument| instrument.questions()).collect();
    assert_eq!(target_group::all().len(), 8);
    for group in target_group::all() {
        assert_eq!(group.members.check(&group.name, &questions), [], "{}", group.name);
        for language in Language::ALL {
            assert!(!group.label.text(language).is_empty(), "{}", group.name);
        }
    }
}

#[test]
fn target_groups_overlap_and_leave_out() {
    let groups = |answers: &Answers| -> Vec<&str> {
        target_group::all().iter().filter(|group| group.contains(answers)).map(|group| group.name.as_str()).collect()
    };
    assert_eq!(groups(&retired_woman()), ["over_65"]);
    let mother = answers(&[
        ("age", Answer::Number(38)),
        ("work_status", choice("employed")),
        ("commutes", choice("other_municipality")),
        ("children_ages", choices(&["3_5", "14_17"])),
        ("cares_for_adult", choice("yes")),
        ("zone", choice("outside")),
    ]);
    assert_eq!(
        groups(&mother),
        ["employed", "commuters", "parents_of_children_under_14", "carers_of_adults", "city_users"]
    );
    assert!(groups(&answers(&[("children_ages", choices(&["14_17"]))])).is_empty());
    assert!(groups(&answers(&[("age", Answer::Number(64))])).is_empty());
    assert_eq!(groups(&answers(&[("work_status", choice("student"))])), ["students"]);
    assert_eq!(groups(&answers(&[("work_status", choice("homemaker"))])), ["homemakers"]);
}

#[test]
fn people_are_asked_what_concerns_them() {
    let asked = |answers: &Answers| -> Vec<&str> {
        individual().questions_for(answers).iter().map(|question| question.name.as_str()).collect()
    };
    assert!(!asked(&retired_woman()).contains(&"weekly_hours"));
    let mut working = retired_woman();
    working.set("work_status", choice("employed"));
    for question in ["weekly_hours", "work_pattern", "commutes"] {
        assert!(asked(&working).contains(&question), "{question}");
    }
    let alone = answers(&[("household_size", Answer::Number(1))]);
    let sections: Vec<&str> = household().route(&alone).iter().map(|(section, _)| section.name.as_str()).collect();
    assert_eq!(sections, ["household", "help"]);
}

#[test]
fn complete_answers_have_no_issues() {
    assert_eq!(individual().validate(&retired_woman()), []);
}

#[test]
fn each_fault_of_an_answer_is_named() {
    let problem = |question: &str, answer: Option<Answer>| {
        let mut answers = retired_woman();
        match answer {
            Some(answer) => answers.set(question, answer),
            None => drop(answers.0.remove(question)),
        }
        let issues = individual().validate(&answers);
        assert_eq!(issues.len(), 1, "{issues:?}");
        assert_eq!(issues[0].question, question);
        issues[0].problem
    };
    assert_eq!(problem("sex", None), AnswerProblem::Missing);
    assert_eq!(problem("children_ages", Some(choices(&[]))), AnswerProblem::Missing);
    assert_eq!(problem("sex", Some(Answer::Number(1))), AnswerProblem::WrongKind);
    assert_eq!(problem("sex", Some(choice("W"))), AnswerProblem::UnknownOption);
    assert_eq!(problem("age", Some(Answer::Number(9))), AnswerProblem::OutOfRange { min: 10, max: 110 });
    assert_eq!(problem("children_ages", Some(choices(&["0_2", "0_2"]))), AnswerProblem::RepeatedOption);
    assert_eq!(problem("children_ages", Some(choices(&["0_2", "none"]))), AnswerProblem::ExclusiveOption);
    assert_eq!(problem("care_hours", Some(Answer::Number(3))), AnswerProblem::NotAsked);
    assert_eq!(problem("shoe_size", Some(Answer::Number(40))), AnswerProblem::NotAsked);
}

#[test]
fn answers_off_the_route_are_pruned_and_do_not_route() {
    let instrument = Instrument::from_toml(CHAIN).expect("well formed");
    assert_eq!(instrument.check(), []);
    let stale = answers(&[("first", choice("no")), ("second", choice("yes")), ("third", choice("yes"))]);
    assert_eq!(instrument.prune(&stale), answers(&[("first", choice("no"))]), "the third hangs on the second");
    assert_eq!(instrument.validate(&instrument.prune(&stale)), []);
}

#[test]
fn faults_of_an_instrument_are_found_where_they_are() {
    let found = |from: &str, to: &str| {
        assert!(CHAIN.contains(from), "{from}");
        let instrument = Instrument::from_toml(&CHAIN.replacen(from, to, 1)).expect("still an instrument");
        let issues = instrument.check();
        assert_eq!(issues.len(), 1, "{issues:?}");
        (issues[0].place.clone(), issues[0].problem.clone())
    };
    let at = |place: &str, problem: InstrumentProblem| (place.to_owned(), problem);
    assert_eq!(
        found("question = \"first\"", "question = \"third\""),
        at("chain.all.second", InstrumentProblem::UnknownQuestion("third".into())),
        "a condition cannot look ahead"
    );
    assert_eq!(
        found("values = [\"yes\"]", "values = [\"maybe\"]"),
        at("chain.all.second", InstrumentProblem::UnknownOption { question: "first".into(), value: "maybe".into() })
    );
    assert_eq!(
        found(
            "when = { one_of = { question = \"first\", values = [\"yes\"] } }",
            "when = { between = { question = \"first\" } }"
        ),
        at("chain.all.second", InstrumentProblem::WrongKind("first".into()))
    );
    assert_eq!(
        found("it = \"Primo\"", "it = \" \""),
        at("chain.all.first", InstrumentProblem::EmptyText(Language::It))
    );
    assert_eq!(found("name = \"chain\"", "name = \"Chain\""), at("Chain", InstrumentProblem::BadName("Chain".into())));
    let second_no = "{ value = \"no\", label = { it = \"No\", en = \"No\" } }";
    assert_eq!(
        found(second_no, "{ value = \"yes\", label = { it = \"No\", en = \"No\" } }"),
        at("chain.all.first", InstrumentProblem::Duplicate("yes".into()))
    );
    assert_eq!(found(second_no, ""), at("chain.all.first", InstrumentProblem::TooFewOptions));
}

#[test]
fn a_mistyped_field_is_refused_by_name() {
    let error = Instrument::from_toml(&CHAIN.replacen("when =", "whne =", 1)).expect_err("`whne` is no field");
    assert!(error.to_string().contains("whne"), "{error}");
}

/// Three questions, each asked only of those who said yes to the one before.
const CHAIN: &str = r#"
name = "chain"
path = "catena"
version = 1
title = { it = "Catena", en = "Chain" }
introduction = { it = "Tre domande.", en = "Three questions." }
[[section]]
name = "all"
path = "tutto"
title = { it = "Tutto", en = "All" }
[[section.question]]
name = "first"
text = { it = "Primo", en = "First" }
answer = { single = [{ value = "yes", label = { it = "Sì", en = "Yes" } }, { value = "no", label = { it = "No", en = "No" } }] }
[[section.question]]
name = "second"
text = { it = "Secondo", en = "Second" }
answer = { single = [{ value = "yes", label = { it = "Sì", en = "Yes" } }, { value = "no", label = { it = "No", en = "No" } }] }
when = { one_of = { question = "first", values = ["yes"] } }
[[section.question]]
name = "third"
text = { it = "Terzo", en = "Third" }
answer = { single = [{ value = "yes", label = { it = "Sì", en = "Yes" } }, { value = "no", label = { it = "No", en = "No" } }] }
when = { one_of = { question = "second", values = ["yes"] } }
"#;
