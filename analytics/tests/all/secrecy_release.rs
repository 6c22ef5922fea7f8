//! Secrecy of a whole release: what is withheld, what of it could be worked out, and what earlier releases change.

use std::collections::BTreeMap;
use std::path::Path;

use analytics::disclosure::{
    Dominance, Frame, History, HistoryKey, Past, Release, ReleaseAuditRow, ReleaseContext, SecrecyRules, write_audit,
};
use analytics::editing::usable_diaries;
use analytics::indicator::Indicators;
use analytics::measure::{MeasureSet, Measures, Part};
use analytics::sample::Sample;
use analytics::snapshot::{Snapshot, Writer};
use analytics::table::{EstimateRow, Indicator, Status, Timeline};
use analytics::weighting::DayBalance;

use crate::city;

/// Two persons of a city who do something nobody else does.
pub fn city_with_a_secret(n_persons: usize) -> Writer {
    let mut writer = city::city(n_persons);
    for diary in ["d000100", "d000130"] {
        let episode = writer.episodes.iter_mut().find(|episode| episode.diary_id == diary).expect("an episode");
        episode.main = "119".to_owned();
    }
    let row = |code: &str, level: u8| analytics::table::ClassificationRow {
        code: code.to_owned(),
        level,
        label_it: code.to_owned(),
        label_en: code.to_owned(),
        members: code.to_owned(),
    };
    writer.classification.retain(|row| row.level < 3);
    writer.classification.extend([row("11", 2), row("111", 3), row("119", 3)]);
    writer
}

/// Releases `folder/snapshot`; `look` sees the release with its context.
pub fn release<T>(
    folder: &Path,
    rules: &SecrecyRules,
    history: &History,
    look: impl FnOnce(&Release, ReleaseContext<'_>) -> T,
) -> T {
    let set = MeasureSet { timelines: Vec::new(), measures: Vec::new(), ..MeasureSet::default() };
    release_of(folder, &set, rules, history, look)
}

/// The same with these measures.
pub fn release_of<T>(
    folder: &Path,
    set: &MeasureSet,
    rules: &SecrecyRules,
    history: &History,
    look: impl FnOnce(&Release, ReleaseContext<'_>) -> T,
) -> T {
    let snapshot = Snapshot::open(&folder.join("snapshot")).expect("a snapshot");
    let usable = usable_diaries(&snapshot);
    let sample = Sample::new(&snapshot, &usable, &city::plan(folder)).expect("a sample");
    let measures = Measures::new(&snapshot, &usable, set).expect("measures");
    let indicators = Indicators::new(&sample, DayBalance::Balanced);
    let parts: Vec<Part> = if set.measures.is_empty() { vec![Part::Time(Timeline::Main)] } else { measures.parts() };
    let candidates = parts.into_iter().flat_map(|part| measures.candidates(part, &indicators)).flatten();
    let valuation = measures.valuation();
    let context = ReleaseContext {
        categories: measures.categories(),
        sums: &measures.compositions(),
        sample: &sample,
        frame: &Frame::new(&sample, DayBalance::Balanced),
        minutes: &|| measures.minutes_of_all(),
        value: valuation.as_ref(),
        history,
    };
    look(&rules.release(candidates.collect(), context), context)
}

pub fn rows(release: &Release) -> Vec<EstimateRow> {
    release.rows.iter().map(|released| released.row().clone()).collect()
}

fn minutes_of(rows: &[EstimateRow]) -> BTreeMap<(String, String, String), &EstimateRow> {
    let rows = rows
        .iter()
        .filter(|row| row.indicator == Indicator::TimeSpent && row.age_group == "all" && row.target_group == "all");
    rows.map(|row| ((row.activity.clone(), row.sex.clone(), row.day.clone()), row)).collect()
}

#[test]
fn a_rare_activity_cannot_be_subtracted_from_its_parent() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    release(folder.path(), &SecrecyRules::default(), &History::default(), |release, context| {
        let rows = rows(release);
        let minutes = minutes_of(&rows);
        let status = |activity: &str, sex: &str, day: &str| minutes[&(activity.into(), sex.into(), day.into())].status;
        // 11 = 111 + 119, so with 119 withheld 111 or 11 must go too; every sex and day that adds up likewise.
        for sex in ["all", "F", "M"] {
            assert_eq!(status("119", sex, "weekday"), Status::Withheld);
            let around = [status("11", sex, "weekday"), status("111", sex, "weekday")];
            assert!(around.contains(&Status::WithheldSecondary), "{sex}: {around:?}");
        }
        let audit = release.audit(context);
        assert!(!audit.is_empty());
        let unprotected = release.unprotected(context);
        let told = |row: &ReleaseAuditRow| {
            unprotected.iter().any(|other| {
                (&other.activity, &other.sex, &other.group, other.day) == (&row.activity, &row.sex, &row.group, row.day)
            })
        };
        for row in &audit {
            assert!(row.protected || told(row), "{row:?}");
            assert!(row.low <= row.value * (1.0 + 1e-9) && row.value <= row.high * (1.0 + 1e-9) + 1e-9, "{row:?}");
        }
        let file = folder.path().join("audit.csv");
        write_audit(&file, &audit).expect("the audit is written");
        let lines = std::fs::read_to_string(&file).expect("a file").lines().count();
        assert_eq!(lines, audit.len() + 1);
    });
}

#[test]
fn the_three_measures_of_a_withheld_activity_and_its_gap_go_together() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    release(folder.path(), &SecrecyRules::default(), &History::default(), |release, _| {
        let rows = rows(release);
        let mut fates: BTreeMap<_, Vec<Status>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.indicator != Indicator::TimeGap) {
            let EstimateRow { activity, sex, age_group, target_group, day, .. } = row;
            fates.entry((activity, sex, age_group, target_group, day)).or_default().push(row.status);
        }
        for (key, fates) in &fates {
            assert!(fates.iter().all(|status| status == &fates[0]), "{key:?}: {fates:?}");
        }
        for gap in rows.iter().filter(|row| row.indicator == Indicator::TimeGap) {
            let side = |sex: &str| {
                fates.iter().find(|((activity, other, age, target, day), _)| {
                    (*activity, other.as_str(), *age, *target, *day)
                        == (&gap.activity, sex, &gap.age_group, &gap.target_group, &gap.day)
                })
            };
            let is_side_withheld = [side("F"), side("M")].iter().flatten().any(|(_, fates)| fates[0].is_withheld());
            assert_eq!(gap.status.is_withheld(), is_side_withheld, "{gap:?}");
        }
    });
}

#[test]
fn secrecy_and_reliability_are_kept_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    release(folder.path(), &SecrecyRules::default(), &History::default(), |release, _| {
        let rows = rows(release);
        let is_reliable = |row: &&EstimateRow| row.flag == analytics::table::Flag::A;
        assert!(rows.iter().filter(is_reliable).any(|row| row.status == Status::WithheldSecondary));
        let is_unreliable = |row: &&EstimateRow| row.flag == analytics::table::Flag::Suppressed;
        assert!(rows.iter().filter(is_unreliable).any(|row| row.status == Status::Published && row.value.is_none()));
    });
}

#[test]
fn without_a_secret_nothing_is_withheld_for_another() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(3000), folder.path());
    release(folder.path(), &SecrecyRules::default(), &History::default(), |release, context| {
        // Groups that nobody of a sex belongs to have rows without anything in them, which are withheld by themselves.
        assert!(rows(release).iter().all(|row| row.status != Status::WithheldSecondary));
        assert!(release.audit(context).is_empty());
    });
}

#[test]
fn a_dominated_number_is_withheld_when_the_rules_ask_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city::city(3000);
    writer.persons[8].weight = Some(1e7);
    city::write(writer, folder.path());
    let dominance = Some(Dominance { n: 1, k: 85.0 });
    let withheld = |rules: SecrecyRules| {
        release(folder.path(), &rules, &History::default(), |release, _| {
            rows(release).iter().filter(|row| row.status == Status::Withheld).count()
        })
    };
    let rules = SecrecyRules::default();
    assert!(withheld(SecrecyRules { dominance, ..rules }) > withheld(rules));
}

#[test]
fn what_was_withheld_once_stays_withheld_and_what_was_published_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city::city(3000), folder.path());
    let rules = SecrecyRules::default();
    let first = release(folder.path(), &rules, &History::default(), |release, _| rows(release));
    let is_meant = |row: &EstimateRow| {
        (row.activity.as_str(), row.sex.as_str(), row.day.as_str()) == ("38", "F", "sunday")
            && (row.age_group.as_str(), row.target_group.as_str()) == ("all", "all")
            && row.indicator != Indicator::TimeGap
    };
    // An earlier release withheld one number and had no other of them.
    let withheld: Vec<EstimateRow> = first
        .iter()
        .filter(|row| is_meant(row))
        .map(|row| EstimateRow { status: Status::Withheld, value: None, ..row.clone() })
        .collect();
    let mut history = History::default();
    history.add(&withheld);
    let file = folder.path().join("history.json");
    history.write(&file).expect("written");
    let history = History::read(&file).expect("read");
    let second = release(folder.path(), &rules, &history, |release, _| rows(release));
    assert!(second.iter().filter(|row| is_meant(row)).all(|row| row.status.is_withheld()));
    let n_secondary = second.iter().filter(|row| row.status == Status::WithheldSecondary).count();
    assert!(n_secondary > 0, "others must hide it too");

    // Had everything else been published before, nothing could hide it now: that is reported.
    let mut known = history.clone();
    known.add(first.iter().filter(|row| !is_meant(row)));
    assert_eq!(known.of(&HistoryKey::of(&withheld[0])), Some(Past::Withheld));
    release(folder.path(), &rules, &known, |release, context| {
        assert!(!release.unprotected(context).is_empty());
    });
}

#[test]
fn a_release_made_again_tells_the_same_and_nothing_comes_out_by_it() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    let rules = SecrecyRules::default();
    let first = release(folder.path(), &rules, &History::default(), |release, _| rows(release));
    let mut history = History::default();
    history.add(&first);
    let of_others = first.iter().find(|row| row.status == Status::WithheldSecondary).expect("one");
    assert_eq!(history.of(&HistoryKey::of(of_others)), Some(Past::WithheldSecondary));
    release(folder.path(), &rules, &history, |release, context| {
        let again: Vec<Status> = rows(release).iter().map(|row| row.status).collect();
        assert!(again.iter().eq(first.iter().map(|row| &row.status)), "another choice was made");
        assert!(release.unprotected(context).is_empty(), "what hid it before hides it no longer");
    });
}

#[test]
fn a_history_that_cannot_be_read_stops_the_release() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.json");
    std::fs::write(&file, "{").expect("written");
    let message = History::read(&file).expect_err("not a history").to_string();
    assert!(message.contains("put the file back"), "{message}");
}
