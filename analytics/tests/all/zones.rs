//! Zones of the city as groups of a release: when they have rows, what these say, and what is kept secret of them.

use std::collections::BTreeSet;
use std::fs;

use analytics::disclosure::{History, ReleaseAuditRow, SecrecyRules};
use analytics::plan::{DomainPlan, ReleasePlan};
use analytics::snapshot::Writer;
use analytics::table::{EstimateRow, Estimates, GroupKind, GroupRow, Indicator, Status, Timeline};
use proptest::prelude::*;

use crate::city::{self, noise};
use crate::secrecy_release::{city_with_a_secret, release};

/// The zones by the noise of households: one large, two of middling size, and one of three households.
fn in_zones(mut writer: Writer) -> Writer {
    for (person, row) in writer.persons.iter_mut().enumerate() {
        let zone = match (person / 2, noise(person / 2, 50) % 10) {
            (0..3, _) => "Isola",
            (_, 0..=4) => "Città alta",
            (_, 5..=7) => "nord",
            _ => "sud",
        };
        row.zone = Some(zone.to_owned());
    }
    writer
}

fn analysed(writer: Writer, zones: Option<bool>) -> Estimates {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(writer, folder.path());
    let domains = DomainPlan { zones, ..DomainPlan::default() };
    city::run(&ReleasePlan { domains, ..city::plan(folder.path()) }).expect("a run");
    Estimates::read(&folder.path().join("estimates")).expect("estimates")
}

fn zones(estimates: &Estimates) -> BTreeSet<&str> {
    estimates.rows.iter().map(|row| row.target_group.as_str()).filter(|code| code.starts_with("zone_")).collect()
}

#[test]
fn zones_are_groups_of_their_own_kind_with_level_one_of_the_main_activity() {
    let writer = in_zones(city::city(500));
    let estimates = analysed(writer.clone(), None);
    assert_eq!(zones(&estimates), BTreeSet::from(["zone_citt__alta", "zone_isola", "zone_nord", "zone_sud"]));
    let group = |code: &str| estimates.group(code).cloned().expect("a group");
    let of = |code: &str, kind, it: &str, en: &str| GroupRow {
        code: code.to_owned(),
        kind,
        label_it: it.to_owned(),
        label_en: en.to_owned(),
    };
    assert_eq!(group("zone_citt__alta"), of("zone_citt__alta", GroupKind::Zone, "Città alta", "Città alta"));
    assert_eq!(group("zone_nord"), of("zone_nord", GroupKind::Zone, "Nord", "North"), "as the questionnaire calls it");
    assert_eq!(group("over_65").kind, GroupKind::Target);
    let of_zone = |row: &&EstimateRow| row.target_group == "zone_nord";
    assert!(estimates.rows.iter().filter(of_zone).all(|row| (row.timeline, row.level) == (Timeline::Main, 1)));

    // The mean of one kind of day, by hand.
    let persons: BTreeSet<&str> = (writer.persons.iter())
        .filter(|person| person.zone.as_deref() == Some("nord"))
        .map(|person| person.person_id.as_str())
        .collect();
    let (mut minutes, mut total) = (0.0, 0.0);
    for diary in writer.diaries.iter().filter(|diary| diary.day_kind == "weekday") {
        if persons.contains(diary.person_id.as_str()) {
            let person = writer.persons.iter().find(|person| person.person_id == diary.person_id).expect("a person");
            let weight = person.weight.expect("a weight");
            let of_day = writer.episodes.iter().filter(|episode| episode.diary_id == diary.diary_id);
            let care = of_day.filter(|episode| episode.main.starts_with('3')).map(|episode| episode.minutes as f64);
            minutes += weight * care.sum::<f64>();
            total += weight;
        }
    }
    let row = city::only(&estimates, |row| {
        of_zone(&row)
            && row.indicator == Indicator::TimeSpent
            && row.activity == "3"
            && row.day == "weekday"
            && row.sex == "all"
    });
    assert!((row.value.expect("a number") - minutes / total).abs() < 1e-9, "{row:?} instead of {}", minutes / total);
}

#[test]
fn zones_wait_until_two_of_them_have_enough_people_unless_the_release_says_so() {
    assert!(zones(&analysed(in_zones(city::city(60)), None)).is_empty());
    assert_eq!(zones(&analysed(in_zones(city::city(60)), Some(true))).len(), 4);
    assert!(zones(&analysed(in_zones(city::city(500)), Some(false))).is_empty());
    assert!(zones(&analysed(city::city(500), Some(true))).is_empty(), "nobody has a zone");
    let mut one = city::city(500);
    one.persons.iter_mut().for_each(|person| person.zone = Some("outside".to_owned()));
    assert!(zones(&analysed(one, Some(true))).is_empty(), "another municipality is no zone of the city");
}

#[test]
fn names_that_differ_in_signs_only_have_codes_of_their_own() {
    let mut writer = city::city(300);
    for (person, row) in writer.persons.iter_mut().enumerate() {
        row.zone = Some(if person / 2 % 2 == 0 { "Zona-1" } else { "zona 1" }.to_owned());
    }
    let estimates = analysed(writer, None);
    assert_eq!(zones(&estimates), BTreeSet::from(["zone_zona_1", "zone_zona_1_2"]));
    let names: BTreeSet<&str> = estimates
        .groups
        .iter()
        .filter(|group| group.kind == GroupKind::Zone)
        .map(|group| group.label_it.as_str())
        .collect();
    assert_eq!(names, BTreeSet::from(["Zona-1", "zona 1"]));
}

/// Zones partition everybody: a zone that is too small would be everybody less the others.
#[test]
fn a_zone_of_two_persons_takes_another_along() {
    let mut writer = in_zones(city::city(500));
    for (person, row) in writer.persons.iter_mut().enumerate() {
        row.zone = Some(if person < 2 { "Isola" } else { ["nord", "sud"][person / 2 % 2] }.to_owned());
    }
    let estimates = analysed(writer, None);
    let status = |zone: &str| -> BTreeSet<Status> {
        let rows = estimates.rows.iter().filter(|row| row.target_group == zone && row.day == "average");
        rows.filter(|row| row.sex == "all").map(|row| row.status).collect()
    };
    assert_eq!(status("zone_isola"), BTreeSet::from([Status::Withheld]));
    let others = [status("zone_nord"), status("zone_sud")];
    assert!(others.contains(&BTreeSet::from([Status::WithheldSecondary])), "{others:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Cities in zones of any size, in which any few persons do something rare.
    #[test]
    fn every_withheld_number_of_a_zone_is_proved_protected(
        n_persons in 300_usize..380,
        secrets in prop::collection::vec((0_usize..60, 0_usize..2), 1..6),
    ) {
        let mut writer = in_zones(city_with_a_secret(n_persons));
        for (person, day) in secrets {
            let diary = format!("d{person:05}{day}");
            let episode = writer.episodes.iter_mut().find(|episode| episode.diary_id == diary).expect("an episode");
            episode.main = "119".to_owned();
        }
        let folder = tempfile::tempdir().expect("a folder");
        city::write(writer, folder.path());
        release(folder.path(), &SecrecyRules::default(), &History::default(), |release, context| {
            prop_assert!(context.sample.groups.iter().any(|group| group.is_zone()));
            prop_assert_eq!(release.unprotected(context), Vec::<ReleaseAuditRow>::new());
            for row in release.audit(context) {
                prop_assert!(row.protected, "{:?}", row);
            }
            Ok(())
        })?;
    }
}

#[test]
fn estimates_of_a_version_without_the_list_of_groups_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(120), folder.path());
    let analysed = city::analysed(folder.path());
    fs::remove_file(folder.path().join("estimates/groups.csv")).expect("the list of groups");
    let read = Estimates::read(&folder.path().join("estimates")).expect("older estimates");
    assert_eq!(read.rows, analysed.rows);
    assert!(read.group("over_65").is_some());
}
