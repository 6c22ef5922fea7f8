//! Answers to questionnaires from a snapshot to `answers.csv`: what is told, of whom, and what is kept secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use analytics::plan::{AnswersPlan, ReleasePlan, SecrecyPlan};
use analytics::snapshot::{AnswerRow as Told, Instrument, Writer};
use analytics::table::{AnswerMeasure, AnswerRow, AskedOf, Estimates, Flag, QuestionKind, Status};
use proptest::prelude::*;

use crate::city::{self, noise};

const ZONES: [&str; 4] = ["centro", "nord", "Sant'Elia", "Val Verde"];

/// The city in zones, by household, with answers to the questionnaire on temporal needs. Of the persons in `several` each gave
/// up something several times, and nobody else did.
pub fn city_that_answers(n_persons: usize, several: &[usize]) -> Writer {
    let mut writer = city::city(n_persons);
    let used = [("individual", 1), ("temporal_needs", 1)];
    writer.description.instruments = used.map(|(name, version)| Instrument { name: name.to_owned(), version }).into();
    for (person, row) in writer.persons.iter_mut().enumerate() {
        row.zone = Some(ZONES[noise(person / 2, 20) as usize % ZONES.len()].to_owned());
    }
    let mut tell = |person: usize, question: &str, value: &str| {
        let (question, value) = (question.to_owned(), value.to_owned());
        writer.answers.push(Told { person_id: format!("p{person:05}"), question, value });
    };
    for person in 0..n_persons {
        let gives_up = match noise(person, 21) % 10 {
            _ if several.contains(&person) => "several",
            0..=6 => "no",
            _ => "once",
        };
        tell(person, "gives_up", gives_up);
        for service in ["bank", "library", "post"] {
            if noise(person, service.len()).is_multiple_of(3) {
                tell(person, "services_used", service);
                let collides = ["never", "sometimes", "often"][noise(person, 30 + service.len()) as usize % 3];
                tell(person, &format!("service_hours.{service}.collides"), collides);
                let minutes = 5 * (noise(person, 40 + service.len()) % 8);
                tell(person, &format!("service_hours.{service}.travel_minutes"), &minutes.to_string());
            }
        }
        tell(person, "wish", "words of one's own");
        tell(person, "errands_from", "17:30");
        tell(person, "members.1.member_needs_help", "yes");
        tell(person, "cares_for_adult", if person % 5 == 0 { "yes" } else { "no" });
    }
    writer
}

fn audited(folder: &Path) -> ReleasePlan {
    let secrecy = SecrecyPlan { audit: Some(folder.join("audit.csv")), ..SecrecyPlan::default() };
    ReleasePlan { secrecy, ..city::plan(folder) }
}

fn released(writer: Writer, plan: impl Fn(&Path) -> ReleasePlan) -> (tempfile::TempDir, Estimates) {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(writer, folder.path());
    city::run(&plan(folder.path())).expect("a run");
    let estimates = Estimates::read(&folder.path().join("estimates")).expect("estimates");
    (folder, estimates)
}

fn of<'a>(estimates: &'a Estimates, question: &'a str) -> impl Iterator<Item = &'a AnswerRow> {
    estimates.answers.iter().filter(move |row| row.question == question)
}

fn is_of_everybody(row: &AnswerRow) -> bool {
    row.sex == "all" && row.age_group == "all" && row.target_group == "all"
}

#[test]
fn what_people_choose_and_count_is_told_and_words_times_and_others_never_are() {
    let (_folder, estimates) = released(city_that_answers(900, &[]), city::plan);
    let told: BTreeSet<&str> = estimates.answers.iter().map(|row| row.question.as_str()).collect();
    for question in ["gives_up", "services_used", "service_hours.post.collides", "service_hours.post.travel_minutes"] {
        assert!(told.contains(question), "{question} of {told:?}");
    }
    let named: BTreeSet<&str> = estimates.questions.iter().map(|row| row.question.as_str()).collect();
    for question in ["wish", "errands_from", "members.1.member_needs_help", "sex", "age", "zone", "gender"] {
        assert!(!told.contains(question) && !named.contains(question), "{question}");
    }
    let kind = |question: &str| {
        estimates.questions.iter().find(|row| row.question == question).map(|row| (row.kind, row.asked))
    };
    assert_eq!(kind("gives_up"), Some((QuestionKind::Scale, AskedOf::Everybody)));
    assert_eq!(kind("services_used"), Some((QuestionKind::Multiple, AskedOf::Everybody)));
    assert_eq!(kind("service_hours.post.travel_minutes"), Some((QuestionKind::Number, AskedOf::Some)));
    let files = ["answers.csv", "answers.parquet", "questions.csv", "estimates.csv"];
    for file in files {
        let bytes = fs::read(_folder.path().join("estimates").join(file)).expect(file);
        assert!(!bytes.windows(5).any(|part| part == b"words"), "{file} holds somebody's words");
    }
}

#[test]
fn a_share_is_of_those_who_answered_and_shares_of_one_choice_make_a_hundred() {
    let writer = city_that_answers(900, &[]);
    let weight: BTreeMap<&str, f64> =
        writer.persons.iter().map(|person| (person.person_id.as_str(), person.weight.unwrap_or(1.0))).collect();
    let said = |question: &str, value: Option<&str>| -> f64 {
        let rows = writer.answers.iter().filter(|row| row.question == question);
        let rows = rows.filter(|row| value.is_none_or(|value| row.value == value));
        rows.map(|row| weight[row.person_id.as_str()]).sum()
    };
    let (_folder, estimates) = released(writer.clone(), city::plan);
    let row = |question: &str, answer: &str| {
        of(&estimates, question).find(|row| is_of_everybody(row) && row.answer == answer).expect("a row").clone()
    };
    let often = row("service_hours.post.collides", "often");
    let expected =
        100.0 * said("service_hours.post.collides", Some("often")) / said("service_hours.post.collides", None);
    assert!((often.value.expect("a share") - expected).abs() < 1e-9, "{often:?} instead of {expected}");
    let n = writer.answers.iter().filter(|row| row.question == "service_hours.post.collides").count();
    assert_eq!(often.n, n as u64, "the others were not asked");
    // Who uses several services is one person among those who answered.
    let post = row("services_used", "post");
    let users: BTreeSet<&str> =
        writer.answers.iter().filter(|row| row.question == "services_used").map(|row| row.person_id.as_str()).collect();
    let expected = 100.0 * said("services_used", Some("post")) / users.iter().map(|person| weight[person]).sum::<f64>();
    assert!((post.value.expect("a share") - expected).abs() < 1e-9, "{post:?} instead of {expected}");
    assert_eq!(post.n, users.len() as u64);
    for domain in ["all", "F", "M"] {
        let shares = of(&estimates, "service_hours.post.collides")
            .filter(|row| row.sex == domain && row.age_group == "all" && row.target_group == "all");
        let sum: f64 = shares.filter_map(|row| row.value).sum();
        assert!((sum - 100.0).abs() < 1e-9, "{domain}: {sum}");
    }
    let minutes = of(&estimates, "service_hours.post.travel_minutes").find(|row| is_of_everybody(row)).expect("a mean");
    let users = writer.answers.iter().filter(|row| row.question == "service_hours.post.travel_minutes");
    let (sum, total) = users.fold((0.0, 0.0), |(sum, total), row| {
        let weight = weight[row.person_id.as_str()];
        (sum + weight * row.value.parse::<f64>().expect("minutes"), total + weight)
    });
    assert_eq!(minutes.measure, AnswerMeasure::Mean);
    assert!((minutes.value.expect("a mean") - sum / total).abs() < 1e-9);
}

#[test]
fn an_answer_of_two_is_withheld_with_what_would_tell_it_and_every_interval_protects() {
    let (folder, estimates) = released(city_that_answers(900, &[40, 300]), audited);
    let rows: Vec<&AnswerRow> = of(&estimates, "gives_up").collect();
    let everybody = rows.iter().find(|row| is_of_everybody(row) && row.answer == "several").expect("a row");
    assert_eq!((everybody.status, everybody.value, everybody.n), (Status::Withheld, None, 0));
    assert!(everybody.degrees_of_freedom.is_none() && everybody.standard_error.is_none());
    assert!(rows.iter().any(|row| row.status == Status::WithheldSecondary), "the others of the sum tell it");
    let audit = fs::read_to_string(folder.path().join("audit-answers.csv")).expect("the audit");
    assert!(audit.lines().count() > 3 && audit.lines().skip(1).all(|line| line.ends_with(",true")), "{audit}");
    assert_eq!(worked_out(&estimates), Vec::<String>::new());
}

/// Without the second step an outsider would find them: the attack can succeed.
#[test]
fn the_sums_tell_what_is_withheld_alone() {
    let (_folder, mut estimates) = released(city_that_answers(900, &[40, 300]), city::plan);
    for row in &mut estimates.answers {
        if row.status == Status::WithheldSecondary {
            row.status = Status::Published;
        }
    }
    assert!(!worked_out(&estimates).is_empty());
}

/// The withheld numbers of one-choice questions that elimination finds from the published ones, everybody's weights and numbers
/// of persons being known: the shares of a domain make 100%, sexes, age groups and zones make up everybody.
fn worked_out(estimates: &Estimates) -> Vec<String> {
    let kinds: BTreeMap<&str, QuestionKind> =
        estimates.questions.iter().map(|row| (row.question.as_str(), row.kind)).collect();
    let mut found = Vec::new();
    for (question, kind) in kinds {
        let rows: Vec<&AnswerRow> = of(estimates, question).collect();
        if kind == QuestionKind::Number || rows.is_empty() {
            continue;
        }
        let place = |answer: &str, [sex, age, group]: [&str; 3]| {
            rows.iter().position(|row| {
                row.answer == answer && row.sex == sex && row.age_group == age && row.target_group == group
            })
        };
        let domains: BTreeSet<[&str; 3]> =
            rows.iter().map(|row| [row.sex.as_str(), row.age_group.as_str(), row.target_group.as_str()]).collect();
        let answers: BTreeSet<&str> = rows.iter().map(|row| row.answer.as_str()).collect();
        let mut sums: Vec<Vec<usize>> = Vec::new();
        for domain in &domains {
            if kind != QuestionKind::Multiple {
                sums.push(answers.iter().filter_map(|answer| place(answer, *domain)).collect());
            }
        }
        let part_of =
            |is_part: &dyn Fn(&[&str; 3]) -> bool| domains.iter().filter(|domain| is_part(domain)).copied().collect();
        let partitions: [(Vec<[&str; 3]>, usize); 3] = [
            (part_of(&|domain| domain[0] != "all"), 2),
            (part_of(&|domain| domain[1] != "all"), 5),
            (part_of(&|domain| domain[2].starts_with("zone_")), ZONES.len()),
        ];
        for answer in &answers {
            for (parts, whole) in &partitions {
                // A part without rows leaves the sum open.
                if parts.len() == *whole {
                    let all = parts.iter().chain([&["all", "all", "all"]]);
                    sums.push(all.filter_map(|domain| place(answer, *domain)).collect());
                }
            }
        }
        let is_hidden = |row: usize| rows[row].status.is_withheld();
        let mut equations: Vec<BTreeSet<usize>> =
            sums.into_iter().map(|sum| sum.into_iter().filter(|row| is_hidden(*row)).collect()).collect();
        // Factors do not matter while an unknown stands alone: it is then known, and leaves the others.
        let mut known = BTreeSet::new();
        while let Some(row) = equations.iter().find(|sum| sum.len() == 1).and_then(BTreeSet::first).copied() {
            known.insert(row);
            for sum in &mut equations {
                sum.remove(&row);
            }
        }
        let unsafe_ones = known.into_iter().filter(|row| rows[*row].status == Status::Withheld);
        found.extend(unsafe_ones.map(|row| format!("{:?}", rows[row])));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    /// Cities of any size in which any few persons answer what others do not.
    #[test]
    fn every_withheld_answer_of_a_random_city_is_proved_protected(
        n_persons in 100_usize..700,
        several in prop::collection::vec(0_usize..100, 1..5),
    ) {
        let (folder, estimates) = released(city_that_answers(n_persons, &several), audited);
        let audit = fs::read_to_string(folder.path().join("audit-answers.csv")).expect("the audit");
        prop_assert!(audit.lines().skip(1).all(|line| line.ends_with(",true")), "{}", audit);
        prop_assert_eq!(worked_out(&estimates), Vec::<String>::new());
    }
}

#[test]
fn a_tiny_city_tells_no_number_at_all() {
    let (_folder, estimates) = released(city_that_answers(24, &[3]), city::plan);
    assert!(!estimates.answers.is_empty());
    for row in &estimates.answers {
        assert!(row.value.is_none() && row.ci_low.is_none() && row.standard_error.is_none(), "{row:?}");
        assert!(row.flag == Flag::Suppressed || row.status.is_withheld(), "{row:?}");
        assert!(row.target_group == "all" && row.age_group == "all", "a group of so few has no rows: {row:?}");
    }
}

#[test]
fn an_option_that_is_set_aside_is_no_answer() {
    let set_aside = BTreeMap::from([("gives_up".to_owned(), vec!["once".to_owned()])]);
    let answers = AnswersPlan { set_aside, ..AnswersPlan::default() };
    let plan = |folder: &Path| ReleasePlan { answers: answers.clone(), ..city::plan(folder) };
    let writer = city_that_answers(900, &[]);
    let n_others = writer.answers.iter().filter(|row| row.question == "gives_up" && row.value != "once").count();
    let (_folder, estimates) = released(writer, plan);
    let rows: Vec<&AnswerRow> = of(&estimates, "gives_up").filter(|row| is_of_everybody(row)).collect();
    assert_eq!(rows.iter().map(|row| row.answer.as_str()).collect::<Vec<_>>(), ["no", "several"]);
    assert!(rows.iter().all(|row| row.n == n_others as u64), "{rows:?}");
}

#[test]
fn a_release_says_which_questions_it_tells() {
    let without =
        |answers: AnswersPlan| move |folder: &Path| ReleasePlan { answers: answers.clone(), ..city::plan(folder) };
    let (folder, estimates) =
        released(city_that_answers(300, &[]), without(AnswersPlan { publish: false, ..AnswersPlan::default() }));
    assert!(estimates.answers.is_empty() && !folder.path().join("estimates/answers.csv").exists());
    let leave_out = vec!["service_hours.collides".to_owned(), "individual".to_owned()];
    let (_folder, estimates) =
        released(city_that_answers(300, &[]), without(AnswersPlan { leave_out, ..AnswersPlan::default() }));
    let told: BTreeSet<&str> = estimates.answers.iter().map(|row| row.question.as_str()).collect();
    assert!(told.contains("gives_up") && told.contains("service_hours.post.travel_minutes"), "{told:?}");
    assert!(!told.contains("service_hours.post.collides") && !told.contains("cares_for_adult"), "{told:?}");

    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_that_answers(30, &[]), folder.path());
    let wrong = AnswersPlan { leave_out: vec!["gives_in".to_owned()], ..AnswersPlan::default() };
    let error = city::run(&without(wrong)(folder.path())).expect_err("no such question").to_string();
    assert!(error.contains("`gives_in`") && error.contains("gives_up"), "{error}");
    let set_aside = BTreeMap::from([("gives_up".to_owned(), vec!["twice".to_owned()])]);
    let wrong = AnswersPlan { set_aside, ..AnswersPlan::default() };
    let error = city::run(&without(wrong)(folder.path())).expect_err("no such option").to_string();
    assert!(error.contains("`twice`") && error.contains("`gives_up`"), "{error}");
}

#[test]
fn what_was_withheld_once_stays_so_and_what_was_told_protects_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let secrecy = SecrecyPlan { history: Some(folder.path().join("history.json")), ..SecrecyPlan::default() };
    let plan = ReleasePlan { secrecy, ..city::plan(folder.path()) };
    city::write(city_that_answers(900, &[40, 300]), folder.path());
    city::run(&plan).expect("a first run");
    fs::remove_dir_all(folder.path().join("snapshot")).expect("the snapshot is replaced");
    city::write(city_that_answers(900, &[40, 300, 500, 640]), folder.path());
    city::run(&plan).expect("a second run");
    let estimates = Estimates::read(&folder.path().join("estimates")).expect("estimates");
    let several =
        of(&estimates, "gives_up").find(|row| is_of_everybody(row) && row.answer == "several").expect("a row");
    assert!(several.status.is_withheld(), "four persons now, two before: {several:?}");
}

#[test]
fn the_same_snapshot_gives_the_same_answers_and_known_questions_are_well_formed() {
    let answers = || {
        let (folder, _) = released(city_that_answers(300, &[7]), city::plan);
        ["answers.csv", "answers.parquet", "questions.csv"]
            .map(|name| fs::read(folder.path().join("estimates").join(name)).expect(name))
    };
    assert_eq!(answers(), answers());
}
