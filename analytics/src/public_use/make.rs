//! From a weighted sample to the tables of the file and the report of its check.

use std::collections::{BTreeMap, BTreeSet};

use questionnaires::DayKind;

use super::PublicUseError;
use super::characteristics::{self, Characteristic, Key};
use super::days::{Activity, Day, Reduction, join_rare, persons_by_activity};
use super::fingerprint::{diversity, known, unique_share};
use super::random::Stream;
use super::replicates::{
    FEWEST_CLUSTERS, FEWEST_GROUPS, FileWeights, WeighedDay, WeighedPerson, WeightRules, mean, weigh,
};
use super::report::{Diversity, Fingerprints, PublicUseReport, PublicUseRules};
use super::risk::Classes;
use super::tables::{Content, Table};
use crate::editing::UsableDiaries;
use crate::plan::ReleasePlan;
use crate::sample::{Sample, Weighting, placement};
use crate::snapshot::{Episode, Snapshot, sha256};

/// Activities of level 2 that tell of health, help needed, belief and opinion more than others (GDPR, art. 9).
const SENSITIVE: [&str; 3] = ["39", "41", "43"];
/// The activity that is the longest of every day.
const SLEEP: &str = "01";
/// Half hours that somebody may know of a day.
const KNOWN: [usize; 3] = [1, 3, 6];

/// The tables and what their check found.
pub(super) struct Made {
    pub tables: Vec<Table>,
    pub report: PublicUseReport,
}

/// A day in use.
struct UsedDay<'a> {
    id: &'a str,
    kind: DayKind,
    /// Place among the persons with a day in use.
    person: usize,
    weight: f64,
    episodes: Vec<Episode>,
}

/// Persons with a day in use, and their days.
struct Used<'a> {
    /// Places in the snapshot.
    persons: Vec<usize>,
    days: Vec<UsedDay<'a>>,
}

pub(super) fn make(
    snapshot: &Snapshot,
    usable: &UsableDiaries,
    sample: &Sample,
    plan: &ReleasePlan,
    rules: PublicUseRules,
) -> Result<Made, PublicUseError> {
    let used = used(snapshot, usable, sample);
    let reduction = Reduction::of(snapshot)?;
    let parents = reduction.parents();

    // Characteristics, by the weights that people have before any smoothing.
    let keys: Vec<Key> =
        used.persons.iter().map(|person| characteristics::of_person(&snapshot.persons[*person])).collect();
    let weights = person_weights(&used);
    let whole: Vec<Option<Key>> = keys.iter().cloned().map(Some).collect();
    let before = Classes::of(&whole, &weights).risk();
    let reduced = characteristics::reduce(keys, &weights, &rules);

    // The file's persons and days, in an order and with names that come from a hash.
    let (persons, place_of) = file_persons(snapshot, &used, &reduced.keys);
    let mut kept: Vec<(&UsedDay, usize)> =
        used.days.iter().filter_map(|day| Some((day, place_of[day.person]?))).collect();
    kept.sort_by_cached_key(|(day, _)| hash(snapshot, "day", day.id));
    let person_of: Vec<usize> = kept.iter().map(|(_, person)| *person).collect();
    let mut days: Vec<Day> = kept
        .iter()
        .map(|(day, _)| reduction.day(&day.episodes, &mut Stream::of_hash(&hash(snapshot, "half hours", day.id))))
        .collect();
    let joined = join_rare(&mut days, &person_of, &parents, reduction.rest(snapshot), rules.smallest_class);

    let weights = match file_weights(snapshot, &used, &persons, &kept, plan, sample, rules) {
        Some(weights) => weights,
        None if persons.len() == used.persons.len() => {
            return Err(PublicUseError::TooFewClusters(FEWEST_GROUPS * FEWEST_CLUSTERS));
        }
        // Those who were left out are why: the report says so.
        None => FileWeights::none(persons.len(), kept.len()),
    };
    let names = |letter: char, n: usize| {
        let width = n.to_string().len();
        move |place: usize| format!("{letter}{:0width$}", place + 1)
    };
    let (name_of_person, name_of_day) = (names('P', persons.len()), names('D', kept.len()));
    let level_1: BTreeSet<Activity> = parents.values().copied().collect();
    let level_1: Vec<Activity> = level_1.difference(&joined.as_rest).copied().collect();
    let content = Content {
        persons: persons.iter().enumerate().map(|(place, (_, key))| (name_of_person(place), key.clone())).collect(),
        days: (kept.iter().zip(&days).enumerate())
            .map(|(place, ((day, person), told))| (name_of_day(place), *person, day.kind, *told))
            .collect(),
        weights: &weights,
        classification: &snapshot.classification,
        level_1: level_1.clone(),
        parents: &parents,
    };
    let tables = content.tables();
    let means = level_1.iter().filter(|_| !weights.replicates.is_empty()).map(|activity| {
        let minutes: Vec<f64> = content.minutes(*activity).into_iter().map(|minutes| minutes as f64).collect();
        mean(&format!("minutes_{}", snapshot.classification[*activity].code), &minutes, &weights)
    });
    let means = means.collect();

    // The check, from what the tables will hold.
    let file_keys: Vec<Option<Key>> = persons.iter().map(|(_, key)| Some(key.clone())).collect();
    let after = Classes::of(&file_keys, &weights.persons).risk();
    let code = |activity: Activity| snapshot.classification[activity].code.clone();
    let report = PublicUseReport {
        tempi_version: env!("CARGO_PKG_VERSION").to_owned(),
        input_sha256: snapshot.manifest_sha256.clone(),
        synthetic: snapshot.manifest.description.synthetic,
        rules,
        accepted: true,
        refusals: Vec::new(),
        n_persons: persons.len() as u64,
        n_left_out: (used.persons.len() - persons.len()) as u64,
        n_days: kept.len() as u64,
        characteristics: Characteristic::ALL.iter().map(|one| one.column().to_owned()).collect(),
        emptied: reduced.emptied,
        joined_activities: joined.as_level_1.into_iter().map(code).collect(),
        rest_activities: joined.as_rest.into_iter().map(code).collect(),
        before,
        after,
        diversity: file_diversity(snapshot, &days, &persons, &person_of),
        fingerprints: fingerprints(&used, &kept, &days, &persons, &parents),
        weights: weights.protection,
        means,
        tables: tables.iter().map(|table| (format!("{}.csv", table.name), table.description())).collect(),
    };
    let refusals = refusals(&report, &persons_by_activity(&days, &person_of), snapshot);
    let report = PublicUseReport { accepted: refusals.is_empty(), refusals, ..report };
    Ok(Made { tables, report })
}

fn used<'a>(snapshot: &'a Snapshot, usable: &UsableDiaries, sample: &Sample) -> Used<'a> {
    let mut episodes: Vec<Vec<Episode>> = vec![Vec::new(); snapshot.diaries.len()];
    for episode in &snapshot.episodes {
        episodes[episode.diary as usize].push(*episode);
    }
    let mut persons: Vec<usize> = Vec::new();
    let mut days = Vec::with_capacity(usable.diaries.len());
    // Observations of the sample are the diaries in use, in the same order.
    for (place, observation) in usable.diaries.iter().zip(&sample.observations) {
        let diary = &snapshot.diaries[*place as usize];
        let person = diary.person as usize;
        if persons.last() != Some(&person) {
            persons.push(person);
        }
        days.push(UsedDay {
            id: &diary.id,
            kind: diary.day_kind,
            person: persons.len() - 1,
            weight: observation.weight,
            episodes: std::mem::take(&mut episodes[*place as usize]),
        });
    }
    Used { persons, days }
}

/// A respondent stands for as many people as the mean of the days' weights says.
fn person_weights(used: &Used) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); used.persons.len()];
    for day in &used.days {
        sums[day.person].0 += day.weight;
        sums[day.person].1 += 1.0;
    }
    sums.into_iter().map(|(sum, n)| sum / n).collect()
}

/// Orders and names tell nothing to whoever has not the snapshot.
fn hash(snapshot: &Snapshot, what: &str, id: &str) -> String {
    sha256(format!("tempi public use {what} {} {id}", snapshot.manifest_sha256).as_bytes())
}

/// The persons of the file: place among the used, and characteristics; and each used person's place in the file.
fn file_persons(snapshot: &Snapshot, used: &Used, keys: &[Option<Key>]) -> (Vec<(usize, Key)>, Vec<Option<usize>>) {
    let mut persons: Vec<(usize, Key)> =
        keys.iter().enumerate().filter_map(|(place, key)| Some((place, key.clone()?))).collect();
    persons.sort_by_cached_key(|(place, _)| hash(snapshot, "person", &snapshot.persons[used.persons[*place]].id));
    let mut place_of = vec![None; keys.len()];
    for (place, (person, _)) in persons.iter().enumerate() {
        place_of[*person] = Some(place);
    }
    (persons, place_of)
}

fn file_weights(
    snapshot: &Snapshot,
    used: &Used,
    persons: &[(usize, Key)],
    kept: &[(&UsedDay, usize)],
    plan: &ReleasePlan,
    sample: &Sample,
    rules: PublicUseRules,
) -> Option<FileWeights> {
    let placements: Vec<_> = persons
        .iter()
        .map(|(place, _)| placement(&snapshot.persons[used.persons[*place]], plan.design.clusters))
        .collect();
    let strata: BTreeSet<Option<&str>> = placements.iter().map(|placement| placement.stratum).collect();
    let strata: BTreeMap<Option<&str>, usize> = strata.into_iter().zip(0..).collect();
    let mut clusters: Vec<(String, Option<&str>, &str)> = placements
        .iter()
        .map(|placement| (hash(snapshot, "cluster", placement.cluster), placement.stratum, placement.cluster))
        .collect();
    clusters.sort_unstable();
    clusters.dedup();
    let clusters: BTreeMap<(Option<&str>, &str), usize> =
        clusters.into_iter().zip(0..).map(|((_, stratum, cluster), place)| ((stratum, cluster), place)).collect();
    let weighed_persons: Vec<WeighedPerson> = persons
        .iter()
        .zip(&placements)
        .map(|((_, key), placement)| WeighedPerson {
            key: key.clone(),
            stratum: strata[&placement.stratum],
            cluster: clusters[&(placement.stratum, placement.cluster)],
        })
        .collect();
    let weighed_days: Vec<WeighedDay> =
        kept.iter().map(|(day, person)| WeighedDay { person: *person, kind: day.kind, weight: day.weight }).collect();
    let rules = WeightRules {
        smallest_group: 2 * rules.smallest_class,
        is_adjusted: matches!(sample.weighting, Weighting::PostStratified | Weighting::Calibrated),
        balances_days: !snapshot.manifest.description.weights_balance_days,
    };
    weigh(&weighed_persons, &weighed_days, rules)
}

fn place_of_code(snapshot: &Snapshot, code: &str) -> Option<Activity> {
    snapshot.classification.iter().position(|row| row.code == code)
}

fn file_diversity(snapshot: &Snapshot, days: &[Day], persons: &[(usize, Key)], person_of: &[usize]) -> Diversity {
    let classes: Vec<&Key> = person_of.iter().map(|person| &persons[*person].1).collect();
    let sensitive: Vec<(Activity, String)> =
        SENSITIVE.iter().filter_map(|code| Some((place_of_code(snapshot, code)?, (*code).to_owned()))).collect();
    diversity(days, &classes, person_of, place_of_code(snapshot, SLEEP), &sensitive)
}

fn fingerprints(
    used: &Used,
    kept: &[(&UsedDay, usize)],
    days: &[Day],
    persons: &[(usize, Key)],
    parents: &BTreeMap<Activity, Activity>,
) -> Fingerprints {
    let in_tens = |day: &UsedDay| {
        let mut told: Vec<(u16, u16)> = Vec::new();
        for episode in &day.episodes {
            let start = episode.start_minute.unwrap_or_default();
            if told.last().is_none_or(|(_, activity)| *activity != episode.activity) {
                told.push((start, episode.activity));
            }
        }
        told
    };
    let before: Vec<Vec<(u16, u16)>> = used.days.iter().map(in_tens).collect();
    let at_level_1: Vec<Day> =
        days.iter().map(|day| day.map(|activity| parents.get(&activity).copied().unwrap_or(activity))).collect();
    let groups: Vec<(&Key, &str)> = kept.iter().map(|(day, person)| (&persons[*person].1, day.kind.code())).collect();
    Fingerprints {
        unique_days_before: unique_share(&before),
        unique_days: unique_share(days),
        unique_days_at_level_1: unique_share(&at_level_1),
        known: KNOWN.iter().map(|n| known(days, &groups, *n)).collect(),
    }
}

/// Why the file may not be published.
fn refusals(
    report: &PublicUseReport,
    persons_of: &BTreeMap<Activity, BTreeSet<usize>>,
    snapshot: &Snapshot,
) -> Vec<String> {
    let (rules, after) = (&report.rules, &report.after);
    let mut refusals = Vec::new();
    if report.n_persons == 0 {
        refusals.push("nobody is left in it".to_owned());
    }
    if after.smallest_class < rules.smallest_class {
        refusals.push(format!(
            "{} persons share all characteristics with nobody else, where {} are asked",
            after.smallest_class, rules.smallest_class
        ));
    }
    if after.largest_risk > rules.largest_risk {
        refusals.push(format!(
            "somebody's risk of identification is {:.4}, more than {}",
            after.largest_risk, rules.largest_risk
        ));
    }
    let most = rules.largest_expected_share * report.n_persons as f64;
    if after.expected_identifications > most {
        refusals.push(format!(
            "{:.2} identifications are expected, more than {most:.2} ({}% of the persons)",
            after.expected_identifications,
            rules.largest_expected_share * 100.0
        ));
    }
    if report.diversity.fewest_longest_activities < 2 {
        refusals.push("all days of a class have the same longest activity beside sleep".to_owned());
    }
    if report.diversity.n_told > 0 {
        refusals.push(format!("in {} classes everybody did a sensitive activity", report.diversity.n_told));
    }
    for (activity, persons) in persons_of {
        if (persons.len() as u64) < rules.smallest_class {
            let code = &snapshot.classification[*activity].code;
            refusals.push(format!("fewer than {} persons did the activity {code} of level 1", rules.smallest_class));
        }
    }
    if report.weights.smallest_group < rules.smallest_class {
        refusals.push(format!("only {} days share a weight", report.weights.smallest_group));
    }
    if (report.n_left_out as f64) > 0.05 * (report.n_persons + report.n_left_out) as f64 {
        refusals
            .push(format!("{} persons had to be left out: the rest no longer stands for everybody", report.n_left_out));
    }
    refusals
}
