//! The engine's proofs against an outsider who was written apart from it: `reference/outsider.py` builds the sums anew from
//! what a release tells, and looks with another solver for the interval of every unsafe number.
//!
//! It runs where `reference/install.sh` has been, or where `TEMPI_PYTHON` (or `python3`) has scipy. By hand it attacks any
//! snapshot: `TEMPI_ATTACK=SNAPSHOT TEMPI_ATTACK_MARGINS=margins.csv TEMPI_ATTACK_AT_MOST=200`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use analytics::disclosure::{Frame, History, ReleaseContext, Rests, SecrecyRules};
use analytics::domain::{PopulationGroup, class};
use analytics::editing::usable_diaries;
use analytics::indicator::{Candidate, Indicators};
use analytics::measure::{MeasureSet, Measures, Part};
use analytics::plan::ReleasePlan;
use analytics::sample::Sample;
use analytics::snapshot::{Sex, Snapshot};
use analytics::table::{CategoryRow, Indicator, Status, Timeline};
use analytics::weighting::DayBalance;
use questionnaires::DayKind;

use crate::city;
use crate::secrecy_release::city_with_a_secret;

fn python() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/venv/bin/python");
    let named = std::env::var_os("TEMPI_PYTHON").map(PathBuf::from);
    named.into_iter().chain([installed, PathBuf::from("python3")]).find(|python| {
        let found = Command::new(python).args(["-c", "import scipy"]).output();
        found.is_ok_and(|output| output.status.success())
    })
}

fn name_of(group: PopulationGroup) -> String {
    match group {
        PopulationGroup::All => "all".to_owned(),
        PopulationGroup::Age(_) => format!("age:{}", group.age_code()),
        PopulationGroup::Target(_) => format!("target:{}", group.target_code()),
        PopulationGroup::Zone(_) => format!("zone:{}", group.target_code()),
    }
}

fn line_of(category: &CategoryRow) -> String {
    format!("{:?}:{}", category.timeline, category.code)
}

/// Writes what an outsider sees, and the persons everybody knows of. `told` decides what becomes of a row.
fn write_for_outsider(folder: &Path, plan: &ReleasePlan, parts: &[Timeline], open: &dyn Fn(Status) -> Status) {
    let snapshot = Snapshot::open(&plan.snapshot).expect("a snapshot");
    let usable = usable_diaries(&snapshot);
    let sample = Sample::new(&snapshot, &usable, plan).expect("a sample");
    let set = MeasureSet { timelines: Vec::new(), measures: Vec::new(), ..MeasureSet::default() };
    let measures =
        Measures::new(&snapshot, &usable, if parts.is_empty() { &plan.measures } else { &set }).expect("measures");
    let balance =
        if snapshot.manifest.description.weights_balance_days { DayBalance::ByWeights } else { DayBalance::Balanced };
    let mut days = csv::Writer::from_path(folder.join("days.csv")).expect("a file");
    days.write_record(["kinds", "share"]).expect("written");
    for (kinds, share) in balance.shares() {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
        days.write_record([kinds.join("|"), share.to_string()]).expect("written");
    }
    days.flush().expect("written");
    let indicators = Indicators::new(&sample, balance);
    let parts = if parts.is_empty() { measures.parts() } else { parts.iter().map(|one| Part::Time(*one)).collect() };
    let candidates: Vec<Candidate> =
        parts.into_iter().flat_map(|part| measures.candidates(part, &indicators)).flatten().collect();
    let valuation = measures.valuation();
    let history = History::default();
    let compositions = measures.compositions();
    let context = ReleaseContext {
        categories: measures.categories(),
        sums: &compositions,
        sample: &sample,
        frame: &Frame::new(&sample, balance),
        minutes: &|| measures.minutes_of_all(),
        value: valuation.as_ref(),
        history: &history,
    };
    let rules = SecrecyRules { rests: Rests::NotNegative, ..SecrecyRules::default() };
    let release = rules.release(candidates.clone(), context);
    let mut told = csv::Writer::from_path(folder.join("told.csv")).expect("a file");
    told.write_record(["line", "group", "sex", "day", "status", "n", "minutes"]).expect("written");
    let mut lines = BTreeSet::new();
    for (candidate, released) in candidates.iter().zip(&release.rows) {
        let Some(estimate) = candidate.estimate.filter(|_| candidate.indicator == Indicator::TimeSpent) else {
            continue;
        };
        let line = line_of(&measures.categories()[candidate.category]);
        let row = released.row();
        let status = match open(row.status) {
            Status::Published => "published",
            Status::Withheld => "withheld",
            Status::WithheldSecondary => "withheld_secondary",
        };
        let (n, minutes) = (candidate.n_participants.to_string(), estimate.value.to_string());
        let group = name_of(candidate.group);
        told.write_record([&line, &group, &row.sex, &row.day, status, &n, &minutes]).expect("written");
        lines.insert(line);
    }
    told.flush().expect("written");
    let mut sums = csv::Writer::from_path(folder.join("sums.csv")).expect("a file");
    sums.write_record(["total", "parts"]).expect("written");
    for sum in &compositions {
        let name = |category: &usize| line_of(&measures.categories()[*category]);
        let names: Vec<String> = sum.parts.iter().map(name).collect();
        if names.iter().all(|name| lines.contains(name)) {
            sums.write_record([sum.total.as_ref().map(name).unwrap_or_default(), names.join("|")]).expect("written");
        }
    }
    sums.flush().expect("written");
    let mut persons = csv::Writer::from_path(folder.join("persons.csv")).expect("a file");
    persons.write_record(["sex", "groups", "weekday", "saturday", "sunday"]).expect("written");
    let mut of_person = vec![("X", [0.0_f64; 3]); sample.n_respondents()];
    for (observation, person) in sample.observations.iter().zip(&sample.respondent_of) {
        for (place, kind) in DayKind::ALL.into_iter().enumerate() {
            for (sex, name) in [(Sex::Female, "F"), (Sex::Male, "M"), (Sex::Other, "X")] {
                if class(sex, kind) == observation.class {
                    of_person[*person as usize].0 = name;
                    of_person[*person as usize].1[place] += observation.weight;
                }
            }
        }
    }
    for ((sex, weights), groups) in of_person.iter().zip(&sample.groups_of) {
        let groups: Vec<String> = groups.iter().map(|group| name_of(sample.groups[*group])).collect();
        let [weekday, saturday, sunday] = weights.map(|weight| weight.to_string());
        persons.write_record([*sex, &groups.join(" "), &weekday, &saturday, &sunday]).expect("written");
    }
    persons.flush().expect("written");
}

/// Whether the outsider was kept from every number, and what it said.
fn attack(python: &Path, folder: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/outsider.py");
    let at_most = std::env::var("TEMPI_ATTACK_AT_MOST").unwrap_or_else(|_| "150".to_owned());
    let knowing = std::env::var("TEMPI_ATTACK_KNOWING").ok();
    let output = Command::new(python).arg(script).arg(folder).arg(at_most).args(knowing).output().expect("Python runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

#[test]
fn an_outsider_with_another_solver_places_no_unsafe_number() {
    let Some(python) = python() else {
        println!("skipped: no Python with scipy; analytics/tests/reference/install.sh installs it");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, parts) = match std::env::var_os("TEMPI_ATTACK") {
        Some(snapshot) => {
            let mut plan = ReleasePlan::new(snapshot.into(), folder.path().join("estimates"));
            plan.weights.margins = std::env::var_os("TEMPI_ATTACK_MARGINS").map(PathBuf::from);
            (plan, Vec::new())
        }
        None => {
            city::write(city_with_a_secret(300), folder.path());
            (city::plan(folder.path()), vec![Timeline::Main])
        }
    };
    write_for_outsider(folder.path(), &plan, &parts, &|status| status);
    let (is_kept_away, said) = attack(&python, folder.path());
    println!("{said}");
    assert!(is_kept_away && !said.starts_with("0 of"), "{said}");
    // The outsider can do its work: with what was withheld for others' sake it places many.
    write_for_outsider(folder.path(), &plan, &parts, &|status| match status {
        Status::WithheldSecondary => Status::Published,
        status => status,
    });
    let (is_kept_away, said) = attack(&python, folder.path());
    assert!(!is_kept_away && said.contains("placed too well: "), "{said}");
}
