//! What forms of the desk become.

use std::sync::LazyLock;

use super::*;
use crate::{questionnaire::catalogue::Catalogue, release::asked};

fn setting() -> Setting<'static> {
    static ASKED: LazyLock<Vec<AskedQuestionnaire>> = LazyLock::new(|| asked::offered(&Catalogue::built_in()));
    Setting {
        asked: &ASKED,
        minimum: 5,
        publisher: "Comune di \"Prova\"",
        address: "https://tempi.comune.example.it/risultati/",
        number: 3,
        has_previous: true,
        now: "2026-11-26T10:00:00Z".parse().unwrap(),
    }
}

/// The usual release called `Prova`, with some fields set to something else.
fn typed(changes: &[(&str, &str)]) -> TypedRelease {
    let mut pairs = TypedRelease::usual(5).0;
    pairs.push((field::TITLE.to_owned(), "Prova".to_owned()));
    for (name, value) in changes {
        pairs.retain(|(other, _)| other != name);
        pairs.push(((*name).to_owned(), (*value).to_owned()));
    }
    TypedRelease(pairs)
}

#[track_caller]
fn check(changes: &[(&str, &str)], expected: &[&str]) {
    let wrong = typed(changes).read(&setting()).err().unwrap_or_default();
    assert_eq!(wrong.iter().map(|wrong| wrong.1).collect::<Vec<_>>(), expected, "{changes:?}");
    assert!(expected.iter().all(|key| crate::i18n::is_translated(key)), "{expected:?}");
}

#[test]
fn a_definition_is_the_two_files_of_the_command_line() {
    let defined = typed(&[
        (field::AUTHOR, "Ufficio \"Tempi\""),
        (field::CORRECTS, YES),
        (field::WHAT, "I pesi"),
        (field::WHY, "Un totale sbagliato"),
        ("sezione-activities", "4"),
        ("sezione-groups", ""),
        (field::TOTALS, "typed"),
        (field::MARGINS, "sex,age_group,population\r\nF,25-44,100\r\n"),
        (field::NEXT_DATE, "2027-06-01"),
        (field::NEXT_TIME, "11:30"),
        (field::NEXT_WHAT, "Seconda ondata"),
    ])
    .read(&setting())
    .unwrap();
    let plan: Table = defined.plan.parse().unwrap();
    assert_eq!(plan["secrecy"]["minimum_frequency"].as_integer(), Some(5));
    assert_eq!(plan["weights"]["margins"].as_str(), Some("margins.csv"));
    assert_eq!(defined.margins.as_deref(), Some("sex,age_group,population\nF,25-44,100\n"));
    let edition: Table = defined.edition.parse().unwrap();
    assert_eq!(edition["author"].as_str(), Some("Ufficio \"Tempi\""));
    let sections: Vec<&str> =
        edition["sections"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(sections, ["gap", "day", "activities", "themes", "needs"]);
    assert_eq!(edition["correction"]["why"]["en"].as_str(), Some("Un totale sbagliato"));
    assert_eq!(edition["calendar"][0]["at"].as_datetime().unwrap().to_string(), "2027-06-01T11:30:00+02:00");
    let approved = approved_edition(&defined.edition, 4, "2026-12-01T09:00:00Z".parse().unwrap()).unwrap();
    let approved: Table = approved.parse().unwrap();
    assert_eq!(approved["embargo"].as_datetime().unwrap().to_string(), "2026-12-01T10:00:00+01:00");
    assert!(approved["number"].as_integer() == Some(4) && !approved.contains_key("date"));
}

#[test]
fn zones_and_answers_are_said_as_the_command_line_takes_them() {
    let plan = |typed: TypedRelease| typed.read(&setting()).unwrap().plan.parse::<Table>().unwrap();
    let chosen = plan(typed(&[
        (field::ZONES, "no"),
        (field::LEFT_QUESTIONNAIRES, "temporal_needs"),
        (field::LEFT_QUESTIONS, "services_used\r\nservice_hours.collides"),
    ]));
    assert_eq!(chosen["domains"]["zones"].as_bool(), Some(false));
    let expected = ["temporal_needs", "services_used", "service_hours.collides"].map(Value::from);
    assert_eq!(chosen["answers"]["leave_out"].as_array().unwrap(), &expected);
    assert_eq!(plan(typed(&[(field::ZONES, YES)]))["domains"]["zones"].as_bool(), Some(true));
    assert_eq!(plan(typed(&[(field::ANSWERS, NO)]))["answers"]["publish"].as_bool(), Some(false));

    // Stored before there was a choice.
    let mut old = typed(&[]);
    let fresh = [field::ZONES, field::ANSWERS, "sezione-needs"];
    old.0.retain(|(name, _)| !fresh.contains(&name.as_str()));
    let of_old = plan(old.clone());
    assert!(!of_old["domains"].as_table().unwrap().contains_key("zones"));
    assert_eq!(of_old["answers"]["publish"].as_bool(), Some(true));
    assert_eq!(plan(old.clone().completed()), of_old);
    let fields = old.completed().fields();
    assert_eq!(fresh.map(|name| fields.text(name).map(str::to_owned).unwrap()), ["rule", YES, "6"]);
}

#[test]
fn what_is_wrong_names_its_field() {
    check(&[], &[]);
    check(&[(field::ZONES, "some")], &["release-wrong-choice"]);
    check(&[(field::ANSWERS, "some")], &["release-wrong-choice"]);
    check(&[(field::LEFT_QUESTIONNAIRES, "services_used")], &["release-wrong-choice"]);
    check(&[(field::LEFT_QUESTIONS, "services_used individual")], &[WRONG_QUESTIONS]);
    check(&[(field::LEFT_QUESTIONS, &"services_used ".repeat(400))], &["release-wrong-long"]);
    check(&[(field::TITLE, "a")], &["release-wrong-title"]);
    check(&[(field::TITLE, "Per RSSMRA80A41C707O")], &["acts-wrong-reason-names"]);
    check(&[(field::MINIMUM, "4")], &["release-wrong-minimum"]);
    check(&[(field::MINIMUM, "tre")], &["release-wrong-minimum"]);
    check(&[(field::GROUPS, "everybody_rich")], &["release-wrong-choice"]);
    check(&[(field::TOTALS, "")], &["release-wrong-choice"]);
    check(&[(field::TOTALS, "typed")], &["release-wrong-margins"]);
    check(&[(field::TOTALS, "typed"), (field::MARGINS, "a,b\n1,2")], &["release-wrong-margins"]);
    let long = format!("margin,category,total\n{}", "sex,F,1\n".repeat(4_000));
    check(&[(field::TOTALS, "typed"), (field::MARGINS, &long)], &["release-wrong-margins-long"]);
    check(&[(field::LARGEST, "2")], &["release-wrong-share"]);
    check(&[(field::SHARE, "80")], &["release-wrong-largest"]);
    check(&[(field::LICENCE, "mine")], &["release-wrong-choice"]);
    check(&[("sezione-gap", "no")], &["release-wrong-section"]);
    check(&[(field::CORRECTS, YES), (field::WHAT, "a")], &["release-wrong-correction"]);
    check(&[(field::NEXT_WHAT, "a")], &["release-wrong-next"]);
    check(&[(field::NEXT_DATE, "2027-01-01"), (field::NEXT_TIME, "10:00")], &["release-wrong-next-what"]);
    check(&[(field::AUTHOR, &"a".repeat(201))], &["release-wrong-long"]);
    let alone = Setting { has_previous: false, ..setting() };
    let corrects = typed(&[(field::CORRECTS, YES), (field::WHAT, "a"), (field::WHY, "b")]);
    assert_eq!(corrects.read(&alone).unwrap_err(), [(field::CORRECTS, "release-wrong-corrects")]);
}

#[test]
fn an_hour_is_to_come_and_within_a_year() {
    let now = setting().now;
    let read = |date: &str, time: &str| TypedHour { date: date.to_owned(), time: time.to_owned() }.read(now);
    assert_eq!(read("2026-11-26", "11:01").unwrap().to_rfc3339(), "2026-11-26T10:01:00+00:00");
    assert_eq!(read("2026-11-26", "11:00").unwrap_err(), [(field::DATE, "release-wrong-hour-past")]);
    assert_eq!(read("2028-01-01", "11:00").unwrap_err(), [(field::DATE, "release-wrong-hour-past")]);
    assert_eq!(read("", "11:00").unwrap_err(), [(field::DATE, "release-wrong-hour")]);
    assert!(TypedHour::usual(now).read(now).is_ok());
}
