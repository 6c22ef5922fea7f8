//! A release as an office describes it in TOML: what is read, what is refused, and what weights, margins and design do
//! to the estimates.

use std::path::Path;

use analytics::editing::usable_diaries;
use analytics::plan::ReleasePlan;
use analytics::sample::Sample;
use analytics::snapshot::{AnswerRow, Snapshot, Writer};
use analytics::table::{EstimateRow, Estimates, Indicator};
use tempfile::TempDir;

use crate::city;

/// Only time spent and participation of women, men and everybody: what a test needs and no more.
const PLAIN: &str =
    "[measures]\ntimelines = []\nmeasures = []\n[domains]\nage_groups = false\ntarget_groups = []\nzones = false\n";

/// A city with zones and an answer, whose weights tell the days from each other, in a folder of its own.
/// `is_at_leisure` says who spends every day at leisure; all others sleep.
fn office(n_persons: usize, is_at_leisure: impl Fn(&Writer, usize) -> bool) -> (TempDir, Writer) {
    let mut writer = city::city(n_persons);
    writer.description.weights_balance_days = true;
    for person in 0..n_persons {
        let zone = if city::noise(person, 20).is_multiple_of(3) { "north" } else { "south" };
        writer.persons[person].zone = Some(zone.to_owned());
        let value = if city::noise(person, 21).is_multiple_of(4) { "student" } else { "employed" };
        let (person_id, question) = (writer.persons[person].person_id.clone(), "work_status".to_owned());
        writer.answers.push(AnswerRow { person_id, question, value: value.to_owned() });
    }
    let leisure: Vec<bool> = (0..n_persons).map(|person| is_at_leisure(&writer, person)).collect();
    for episode in &mut writer.episodes {
        episode.main = if leisure[person_of(&episode.diary_id)] { "821" } else { "011" }.to_owned();
    }
    (tempfile::tempdir().expect("a folder"), writer)
}

fn person_of(diary_id: &str) -> usize {
    diary_id[1..6].parse().expect("a number")
}

fn is_woman(writer: &Writer, person: usize) -> bool {
    writer.persons[person].sex == "F"
}

fn is_student(writer: &Writer, person: usize) -> bool {
    let id = &writer.persons[person].person_id;
    writer.answers.iter().any(|answer| answer.person_id == *id && answer.value == "student")
}

fn put(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

/// The plan of this text, in the folder of the snapshot.
fn plan(folder: &Path, text: &str) -> Result<ReleasePlan, String> {
    put(folder, "release.toml", &format!("snapshot = \"snapshot\"\n{text}"));
    ReleasePlan::read(&folder.join("release.toml")).map_err(|error| error.to_string())
}

fn released(folder: &Path, text: &str) -> Estimates {
    let plan = plan(folder, &format!("{text}\n{PLAIN}")).expect("a plan");
    city::run(&plan).expect("a release");
    Estimates::read(&plan.output).expect("estimates")
}

/// Why the release was refused, which wrote nothing.
fn refusal(folder: &Path, text: &str) -> String {
    let refused = plan(folder, &format!("{text}\n{PLAIN}")).and_then(|plan| match city::run(&plan) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    });
    assert!(!folder.join("estimates").exists(), "nothing is written");
    refused.expect_err("a refusal")
}

#[track_caller]
fn assert_told(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }
}

/// The share of everybody at leisure.
fn leisure(estimates: &Estimates) -> &EstimateRow {
    city::only(estimates, |row| {
        row.indicator == Indicator::ParticipationRate
            && (row.activity.as_str(), row.sex.as_str(), row.day.as_str()) == ("8", "all", "average")
    })
}

fn share(estimates: &Estimates) -> f64 {
    leisure(estimates).value.expect("a share")
}

fn error(estimates: &Estimates) -> f64 {
    leisure(estimates).standard_error.expect("a standard error")
}

fn sample(folder: &Path, text: &str) -> (Snapshot, Sample) {
    let plan = plan(folder, text).expect("a plan");
    let snapshot = Snapshot::open(&plan.snapshot).expect("a snapshot");
    let sample = Sample::new(&snapshot, &usable_diaries(&snapshot), &plan).expect("a sample");
    (snapshot, sample)
}

#[test]
fn paths_are_those_of_the_plan_s_folder_and_a_run_states_names_only() {
    let run = || {
        let (folder, writer) = office(60, is_woman);
        city::write(writer, folder.path());
        let desk = folder.path().join("desk");
        std::fs::create_dir(&desk).expect("a folder");
        put(&desk, "sexes.csv", "margin,category,total\nsex,F,600\nsex,M,400\n");
        let text = format!(
            "snapshot = \"../snapshot\"\noutput = \"../made/estimates\"\n[weights]\nmargins = \"sexes.csv\"\n\
             [secrecy]\nminimum_frequency = 5\n{PLAIN}"
        );
        put(&desk, "release.toml", &text);
        std::fs::create_dir(folder.path().join("made")).expect("a folder");
        city::run(&ReleasePlan::read(&desk.join("release.toml")).expect("a plan")).expect("a release");
        std::fs::read_to_string(folder.path().join("made/estimates/run.json")).expect("run.json")
    };
    let (once, again) = (run(), run());
    assert_eq!(once, again, "the same run says the same in every folder");
    let stated: serde_json::Value = serde_json::from_str(&once).expect("JSON");
    let release = &stated["options"]["release"];
    assert_eq!((&release["snapshot"], &release["output"]), (&"snapshot".into(), &"estimates".into()));
    assert_eq!(release["weights"]["margins"], "sexes.csv");
    assert_eq!((&release["secrecy"]["minimum_frequency"], &stated["threshold"]), (&5.into(), &5.into()));
    assert_eq!(stated["weighting"], "calibrated");
    assert_eq!(stated["options"]["margins_sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn a_plan_that_cannot_be_used_is_refused_by_line_or_name() {
    let (folder, writer) = office(40, is_woman);
    city::write(writer, folder.path());
    let refused = |text: &str, words: &[&str]| {
        let message = plan(folder.path(), text).expect_err("no plan");
        assert_told(&message, words);
        assert!(message.contains("Nothing was written"), "{message}");
    };
    refused("[weights]\nmargin = \"margins.csv\"\n", &["release.toml", "line 3", "`margin`", "`margins`"]);
    refused("[weigths]\n", &["line 2", "`weigths`", "`weights`"]);
    refused("[design]\nclusters = \"street\"\n", &["line 3", "`street`", "`household`"]);
    refused("[secrecy]\nminimum_frequency = 2\n", &["minimum frequency is 2", "3 or more", "322/1989"]);
    refused("[domains]\ntarget_groups = [\"cyclists\"]\n", &["no target group `cyclists`", "commuters"]);
    refused("[weights]\nbounds = [0.3]\n", &["line 3"]);
    let message = ReleasePlan::read(&folder.path().join("none.toml")).expect_err("no file").to_string();
    assert_told(&message, &["none.toml", "Nothing was written"]);
    put(folder.path(), "empty.toml", "");
    let message = ReleasePlan::read(&folder.path().join("empty.toml")).expect_err("no snapshot").to_string();
    assert_told(&message, &["`snapshot`"]);
}

/// A margin for each named kind of variable, all of the same population of 100,000.
const MARGINS: &str = "margin,category,total
sex,F,56000\nsex,M,44000\nwork_status,employed,70000\nwork_status,student,30000
age_group*zone,10-14*north,2000\nage_group*zone,10-14*south,4000\nage_group*zone,15-24*north,5000
age_group*zone,15-24*south,9000\nage_group*zone,25-44*north,11000\nage_group*zone,25-44*south,19000
age_group*zone,45-64*north,10000\nage_group*zone,45-64*south,18000\nage_group*zone,65+*north,8000
age_group*zone,65+*south,14000\n";

#[test]
fn what_margins_fix_has_its_value_and_no_error() {
    let in_the_north = |writer: &Writer, person: usize| writer.persons[person].zone.as_deref() == Some("north");
    type Group<'a> = &'a dyn Fn(&Writer, usize) -> bool;
    let groups: [(Group<'_>, f64); 3] = [(&is_woman, 56.0), (&is_student, 30.0), (&in_the_north, 36.0)];
    for (is_at_leisure, expected) in groups {
        let (folder, writer) = office(600, is_at_leisure);
        city::write(writer, folder.path());
        put(folder.path(), "margins.csv", MARGINS);
        for weights in ["", "calfun = \"linear\"", "calfun = \"logit\"\nbounds = [0.05, 20.0]"] {
            let estimates = released(folder.path(), &format!("[weights]\nmargins = \"margins.csv\"\n{weights}"));
            let found = share(&estimates);
            assert!((found - expected).abs() < 1e-7, "{weights}: {found} instead of {expected}");
            assert!(error(&estimates) < 1e-7, "{weights}: {}", error(&estimates));
            assert_eq!(estimates.run.weighting, "calibrated");
        }
        let before = released(folder.path(), "");
        assert!((share(&before) - expected).abs() > 0.1 && error(&before) > 0.1, "the margins made the difference");
    }
}

#[test]
fn margins_that_persons_cannot_meet_are_named() {
    let (folder, writer) = office(80, is_woman);
    city::write(writer, folder.path());
    let told = |totals: &str, words: &[&str]| {
        put(folder.path(), "margins.csv", &format!("margin,category,total\n{totals}"));
        assert_told(&refusal(folder.path(), "[weights]\nmargins = \"margins.csv\""), words);
    };
    told("gender,F,10\ngender,M,10\n", &["no variable `gender`", "age_group", "target groups"]);
    told("age,,4000\n", &["`age`", "categories"]);
    told("sex,F,60\nsex,M,40\nzone,north,30\nzone,south,60\n", &["sex", "zone", "100", "90"]);
    told("sex,F,60\nsex,M,40\nsex,X,1\n", &["sex", "X"]);
    told("zone,north,60\n", &["zone", "south"]);
}

#[test]
fn those_who_answered_stand_for_those_of_their_class_who_did_not() {
    let (folder, mut writer) = office(400, is_woman);
    for person in &mut writer.persons {
        person.weight = Some(10.0);
    }
    // Three of four women handed in no diary.
    let is_silent = |diary: &str| person_of(diary).is_multiple_of(2) && !person_of(diary).is_multiple_of(8);
    writer.diaries.retain(|diary| !is_silent(&diary.diary_id));
    writer.episodes.retain(|episode| !is_silent(&episode.diary_id));
    city::write(writer, folder.path());
    assert!((share(&released(folder.path(), "")) - 20.0).abs() < 1e-9, "50 women of 250 respondents");
    let classes = "[weights.nonresponse]\nclasses = [\"sex\"]";
    assert!((share(&released(folder.path(), classes)) - 50.0).abs() < 1e-9, "200 women of 400 sampled");
    let joined = format!("{classes}\nmin_respondents = 100");
    assert!((share(&released(folder.path(), &joined)) - 20.0).abs() < 1e-9, "a class too small joins the other");
    std::fs::remove_dir_all(folder.path().join("estimates")).expect("removable");
    let unknown = refusal(folder.path(), "[weights.nonresponse]\nclasses = [\"income\"]");
    assert_told(&unknown, &["no variable `income`", "zone"]);
}

#[test]
fn weights_are_equal_in_a_household_and_factors_inside_their_bounds() {
    let (folder, writer) = office(200, is_woman);
    city::write(writer, folder.path());
    put(folder.path(), "margins.csv", "margin,category,total\nzone,north,8000\nzone,south,10000\n");
    // The weight of each day, with the household and the weight of its person in the file.
    let weights = |plan: &str| {
        let (snapshot, sample) = sample(folder.path(), &format!("[weights]\nmargins = \"margins.csv\"\n{plan}"));
        let day = |place: usize| {
            let person = &snapshot.persons[sample.respondent_of[place] as usize];
            (sample.observations[place].weight, person.household.clone(), person.weight.expect("a weight"))
        };
        (0..sample.observations.len()).map(day).collect::<Vec<_>>()
    };
    let is_equal = |days: &[(f64, Option<std::sync::Arc<str>>, f64)]| {
        let mut pairs = days.windows(2).filter(|pair| pair[0].1 == pair[1].1);
        pairs.all(|pair| (pair[0].0 / pair[1].0 - 1.0).abs() < 1e-10)
    };
    assert!(!is_equal(&weights("")), "zones differ inside households");
    assert!(is_equal(&weights("equal_in_household = true")));
    for (weight, _, before) in weights("calfun = \"linear\"\nbounds = [0.5, 1.3]") {
        assert!((0.5 - 1e-9..=1.3 + 1e-9).contains(&(weight / before)), "{weight} from {before}");
    }
    let (snapshot, _) = sample(folder.path(), "");
    let (_, trimmed) = sample(folder.path(), "[weights]\nmargins = \"margins.csv\"\ntrim = [60.0, 140.0]");
    let weights: Vec<f64> = trimmed.observations.iter().map(|observation| observation.weight).collect();
    assert!(weights.iter().all(|weight| (60.0 - 1e-6..=140.0 + 1e-6).contains(weight)), "{weights:?}");
    let is_in_north =
        |place: &usize| snapshot.persons[trimmed.respondent_of[*place] as usize].zone.as_deref() == Some("north");
    let north: f64 = (0..weights.len()).filter(is_in_north).map(|place| weights[place]).sum();
    assert!((north / 2.0 - 8000.0).abs() < 1e-5, "margins hold after trimming, two days a person: {north}");
}

#[test]
fn a_finite_population_shrinks_errors_by_the_root_of_what_was_not_drawn() {
    let (folder, mut writer) = office(200, |_, person| city::noise(person, 22).is_multiple_of(3));
    city::write(writer.clone(), folder.path());
    let without = error(&released(folder.path(), ""));
    put(folder.path(), "populations.csv", "stratum,clusters\n,400\n");
    let with = "[design]\npopulations = \"populations.csv\"";
    let ratio = error(&released(folder.path(), with)) / without;
    assert!((ratio - 0.75_f64.sqrt()).abs() < 1e-10, "100 households of 400: {ratio}");

    for (place, person) in writer.persons.iter_mut().enumerate() {
        person.stratum = Some(if place < 80 { "centre" } else { "hills" }.to_owned());
    }
    std::fs::remove_dir_all(folder.path().join("snapshot")).expect("removable");
    std::fs::remove_dir_all(folder.path().join("estimates")).expect("removable");
    city::write(writer, folder.path());
    put(folder.path(), "populations.csv", "stratum,clusters\ncentre,160\n");
    assert_told(&refusal(folder.path(), with), &["populations.csv", "stratum `hills`", "`hills,CLUSTERS`"]);
    let without = error(&released(folder.path(), ""));
    put(folder.path(), "populations.csv", "stratum,clusters\ncentre,160\nhills,240\n");
    let ratio = error(&released(folder.path(), with)) / without;
    assert!((ratio - 0.75_f64.sqrt()).abs() < 1e-10, "a quarter of each stratum: {ratio}");
    put(folder.path(), "populations.csv", "stratum,clusters\ncentre,30\nhills,240\n");
    std::fs::remove_dir_all(folder.path().join("estimates")).expect("removable");
    assert_told(&refusal(folder.path(), with), &["centre", "30", "40"]);
    put(folder.path(), "populations.csv", "stratum,clusters\ncentre,160\nhills,240\ncentre,170\n");
    assert_told(&refusal(folder.path(), with), &["populations.csv", "centre", "twice"]);
}

#[test]
fn a_stratum_with_one_household_is_treated_as_the_plan_says() {
    let (folder, mut writer) = office(120, |_, person| city::noise(person, 22).is_multiple_of(3));
    for (place, person) in writer.persons.iter_mut().enumerate() {
        person.stratum = Some(
            if place < 2 {
                "island"
            } else if place < 60 {
                "centre"
            } else {
                "hills"
            }
            .to_owned(),
        );
    }
    city::write(writer, folder.path());
    assert_told(&refusal(folder.path(), ""), &["stratum `island`", "one cluster", "collapse"]);
    let error = |rule: &str| error(&released(folder.path(), &format!("[design]\nsingle_cluster = \"{rule}\"")));
    let remove = error("remove");
    assert!((error("certainty") / remove - 1.0).abs() < 1e-12, "what is certain adds nothing");
    for rule in ["adjust", "average", "collapse"] {
        assert!(error(rule) > 0.0 && (error(rule) / remove - 1.0).abs() > 1e-6, "{rule}: {}", error(rule));
    }
    assert!((error("average") / remove - 1.5_f64.sqrt()).abs() < 1e-10, "three strata with the mean of two");
}

#[test]
fn clusters_are_households_or_persons() {
    let (folder, mut writer) = office(120, |_, person| city::noise(person / 2, 22).is_multiple_of(3));
    city::write(writer.clone(), folder.path());
    let by = |clusters: &str| released(folder.path(), &format!("[design]\nclusters = \"{clusters}\""));
    let (of_file, household, person) = (by("from_file"), by("household"), by("person"));
    assert_eq!(error(&of_file), error(&household), "a file without clusters has households");
    let df = |estimates: &Estimates| leisure(estimates).degrees_of_freedom;
    assert_eq!((df(&household), df(&person)), (Some(59.0), Some(119.0)));
    assert!(error(&household) > 1.2 * error(&person), "members who do the same say it once");

    for (place, person) in writer.persons.iter_mut().enumerate() {
        person.cluster = Some(format!("street {}", place / 6));
    }
    std::fs::remove_dir_all(folder.path().join("snapshot")).expect("removable");
    city::write(writer, folder.path());
    assert_eq!(df(&by("from_file")), Some(19.0));
    assert_eq!((error(&by("household")), error(&by("person"))), (error(&household), error(&person)));
}
