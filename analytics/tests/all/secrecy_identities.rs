//! An outsider who tries every identity between the indicators of a release: participation time times rate, value and
//! minutes, gaps and their sides, counts, episodes, clock times, poverty, shared time; each with the sums over people,
//! days and activities. What follows by elimination is found out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use analytics::disclosure::{History, ReleaseContext, SecrecyRules};
use analytics::domain::{PopulationGroup, class};
use analytics::editing::usable_diaries;
use analytics::indicator::Indicators;
use analytics::measure::{MeasureSet, Measures};
use analytics::sample::Sample;
use analytics::snapshot::{Sex, Snapshot};
use analytics::table::{EstimateRow, Indicator, Status, Timeline};
use analytics::weighting::DayBalance;
use questionnaires::DayKind;

use crate::city;
use crate::secrecy_release::{city_with_a_secret, release_of, rows};

const SEXES: [&str; 3] = ["all", "F", "M"];
const DAYS: [&str; 4] = ["weekday", "saturday", "sunday", "average"];
const DAYS_A_WEEK: [f64; 3] = [5.0, 1.0, 1.0];

/// What adds up over people: each indicator is one of these in its domain, or a ratio of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sum {
    Minutes,
    Participants,
    /// Unweighted.
    Counts,
    Episodes,
    Value,
    Poor,
    Shared,
    /// The square of the standard error of a total, were persons independent.
    Variance,
}

const SUMS: [Sum; 8] =
    [Sum::Minutes, Sum::Participants, Sum::Counts, Sum::Episodes, Sum::Value, Sum::Poor, Sum::Shared, Sum::Variance];

/// Category, group, sex and day.
type Domain = (usize, usize, usize, usize);
type Unknown = (Sum, Domain);

/// Equations: sums of unknowns, and what they come to where that is known.
#[derive(Default)]
struct Attack {
    solved: BTreeMap<Unknown, BTreeMap<Unknown, f64>>,
}

impl Attack {
    /// Adds an equation. Its right side does not matter: whether an unknown is determined is asked, not what it is.
    fn add(&mut self, terms: impl IntoIterator<Item = (Unknown, f64)>) {
        let mut equation: BTreeMap<Unknown, f64> = BTreeMap::new();
        for (unknown, factor) in terms {
            *equation.entry(unknown).or_default() += factor;
        }
        let largest = equation.values().fold(0.0_f64, |largest, factor| largest.max(factor.abs()));
        equation.values_mut().for_each(|factor| *factor /= largest);
        let known: Vec<Unknown> =
            equation.keys().filter(|unknown| self.solved.contains_key(unknown)).copied().collect();
        for unknown in known {
            let factor = equation[&unknown];
            subtract(&mut equation, &self.solved[&unknown], factor);
        }
        let by_size = |one: &(&Unknown, &f64), other: &(&Unknown, &f64)| one.1.abs().total_cmp(&other.1.abs());
        let Some((pivot, factor)) = equation.iter().max_by(by_size).map(|(unknown, factor)| (*unknown, *factor)) else {
            return;
        };
        equation.values_mut().for_each(|other| *other /= factor);
        for other in self.solved.values_mut() {
            if let Some(factor) = other.get(&pivot).copied() {
                subtract(other, &equation, factor);
            }
        }
        self.solved.insert(pivot, equation);
    }

    fn determines(&self, unknown: Unknown) -> bool {
        self.solved.get(&unknown).is_some_and(|equation| equation.len() == 1)
    }
}

fn subtract(equation: &mut BTreeMap<Unknown, f64>, other: &BTreeMap<Unknown, f64>, factor: f64) {
    for (unknown, value) in other {
        *equation.entry(*unknown).or_default() -= factor * value;
    }
    equation.retain(|_, value| value.abs() > 1e-9);
}

/// Everything that a release tells, as equations.
struct Outsider<'a> {
    rows: &'a [EstimateRow],
    context: ReleaseContext<'a>,
    weights: BTreeMap<(usize, usize, usize), f64>,
}

impl Outsider<'_> {
    fn domain(&self, row: &EstimateRow) -> Option<Domain> {
        let groups = &self.context.sample.groups;
        let is_group =
            |group: &PopulationGroup| group.age_code() == row.age_group && group.target_code() == row.target_group;
        let is_category = |category: &analytics::table::CategoryRow| {
            (category.timeline, category.code.as_str()) == (row.timeline, row.activity.as_str())
        };
        Some((
            self.context.categories.iter().position(is_category)?,
            groups.iter().position(is_group)?,
            SEXES.iter().position(|sex| *sex == row.sex)?,
            DAYS.iter().position(|day| *day == row.day)?,
        ))
    }

    /// Whether anybody can be in it: pairs are of adults.
    fn is_of_somebody(&self, (sum, (_, group, sex, day)): &Unknown) -> bool {
        let is_of_children = self.context.sample.groups[*group].age_code() == "10-14";
        self.weights[&(*group, *sex, *day)] > 0.0 && !(*sum == Sum::Shared && is_of_children)
    }

    /// The equations of a row that is published with its value.
    fn tell(&self, row: &EstimateRow, attack: &mut Attack) {
        let Some(at) = self.domain(row) else { return };
        let side = |sex: usize| (at.0, at.1, sex, at.3);
        let weight = |sex: usize| self.weights[&(at.1, sex, at.3)];
        let Some(value) = row.value else { return };
        match row.indicator {
            Indicator::TimeSpent | Indicator::ShareOfDay => attack.add([((Sum::Minutes, at), 1.0)]),
            Indicator::ParticipationRate => attack.add([((Sum::Participants, at), 1.0)]),
            Indicator::ParticipationTime => {
                attack.add([((Sum::Minutes, at), 1.0), ((Sum::Participants, at), -value)]);
                attack.add([((Sum::Counts, at), 1.0)]);
            }
            Indicator::EpisodesPerDay => attack.add([((Sum::Episodes, at), 1.0)]),
            Indicator::EpisodeLength => attack.add([((Sum::Minutes, at), 1.0), ((Sum::Episodes, at), -value)]),
            Indicator::ValuePerDay | Indicator::ValuePerYear => attack.add([((Sum::Value, at), 1.0)]),
            Indicator::TimePoverty => attack.add([((Sum::Poor, at), 1.0)]),
            Indicator::SharedTime => attack.add([((Sum::Shared, at), 1.0)]),
            Indicator::TimeGap => {
                attack.add([((Sum::Minutes, side(1)), 1.0 / weight(1)), ((Sum::Minutes, side(2)), -1.0 / weight(2))])
            }
            Indicator::RelativeGap => attack.add([
                ((Sum::Minutes, side(1)), 1.0 / weight(1)),
                ((Sum::Minutes, side(2)), -(1.0 + value / 100.0) / weight(2)),
            ]),
            Indicator::Asymmetry => attack.add([
                ((Sum::Minutes, side(1)), (1.0 - value / 100.0) / weight(1)),
                ((Sum::Minutes, side(2)), -value / 100.0 / weight(2)),
            ]),
            Indicator::StandardisedGap => {
                let ages = self.context.sample.groups.iter().enumerate();
                let ages: Vec<usize> = ages
                    .filter(|(_, group)| matches!(group, PopulationGroup::Age(_)))
                    .map(|(place, _)| place)
                    .collect();
                attack.add(ages.into_iter().flat_map(|age| {
                    let share = self.weights[&(age, 0, 3)];
                    let term = move |sex: usize, sign: f64| ((Sum::Minutes, (at.0, age, sex, at.3)), sign * share);
                    let [women, men] = [1, 2].map(|sex| self.weights[&(age, sex, at.3)]);
                    [term(1, 1.0 / women), term(2, -1.0 / men)]
                }));
            }
            _ => {}
        }
        if row.indicator == Indicator::TimeSpent && row.standard_error.is_some() {
            attack.add([((Sum::Variance, at), 1.0)]);
        }
    }

    fn tie(&self, is_told: &dyn Fn(Unknown) -> bool, attack: &mut Attack) {
        let groups = &self.context.sample.groups;
        let is_age = |group: usize| matches!(groups[group], PopulationGroup::Age(_));
        let mut sums: Vec<Vec<(Unknown, f64)>> = Vec::new();
        for sum in SUMS {
            let power = if sum == Sum::Variance { 2 } else { 1 };
            for category in 0..self.context.categories.len() {
                for (group, sex) in (0..groups.len()).flat_map(|group| (0..3).map(move |sex| (group, sex))) {
                    let total = self.weights[&(group, sex, 3)];
                    if (0..3).any(|day| self.weights[&(group, sex, day)] == 0.0) {
                        continue;
                    }
                    let day = |day: usize| {
                        let factor = DAYS_A_WEEK[day] / 7.0 * total / self.weights[&(group, sex, day)];
                        ((sum, (category, group, sex, day)), f64::powi(factor, power))
                    };
                    if sum != Sum::Counts {
                        let average = ((sum, (category, group, sex, 3)), -1.0);
                        sums.push((0..3).map(day).chain([average]).collect());
                    }
                }
                for day in 0..4 {
                    for group in 0..groups.len() {
                        let term = |sex, sign| ((sum, (category, group, sex, day)), sign);
                        if day < 3 || sum == Sum::Counts {
                            sums.push(vec![term(0, -1.0), term(1, 1.0), term(2, 1.0)]);
                        }
                    }
                    for sex in 0..3 {
                        let ages = (0..groups.len()).filter(|group| is_age(*group));
                        let parts = ages.map(|age| ((sum, (category, age, sex, day)), 1.0));
                        if day < 3 || sum == Sum::Counts {
                            sums.push(parts.chain([((sum, (category, 0, sex, day)), -1.0)]).collect());
                        }
                    }
                }
            }
        }
        for domain in self.weights.keys() {
            let at = |category: usize| (category, domain.0, domain.1, domain.2);
            for composition in self.context.sums {
                for sum in [Sum::Minutes, Sum::Shared] {
                    let parts = composition.parts.iter().map(|part| ((sum, at(*part)), 1.0));
                    sums.push(parts.chain(composition.total.map(|total| ((sum, at(total)), -1.0))).collect());
                }
            }
            if let Some(value) = self.context.value {
                let parts = value.parts.iter().map(|(part, euros)| ((Sum::Minutes, at(*part)), *euros));
                sums.push(parts.chain([((Sum::Value, at(value.category)), -1.0)]).collect());
            }
        }
        // Where there is nobody there is nothing to add.
        sums.iter_mut().for_each(|terms| terms.retain(|(unknown, _)| self.is_of_somebody(unknown)));
        // A sum with a number that no table has tells nothing of the others.
        sums.retain(|terms| !terms.is_empty() && terms.iter().all(|(unknown, _)| is_told(*unknown)));
        sums.into_iter().for_each(|terms| attack.add(terms));
    }
}

fn sum_of(indicator: Indicator) -> Option<Sum> {
    Some(match indicator {
        Indicator::TimeSpent => Sum::Minutes,
        Indicator::ParticipationRate => Sum::Participants,
        Indicator::ParticipationTime => Sum::Counts,
        Indicator::EpisodesPerDay => Sum::Episodes,
        Indicator::ValuePerDay => Sum::Value,
        Indicator::TimePoverty => Sum::Poor,
        Indicator::SharedTime => Sum::Shared,
        _ => return None,
    })
}

/// What a row is about.
type About = (Indicator, Timeline, String, String, String, String, String);

fn about(row: &EstimateRow) -> About {
    let EstimateRow { activity, sex, age_group, target_group, day, .. } = row.clone();
    (row.indicator, row.timeline, activity, sex, age_group, target_group, day)
}

/// The rows with somebody behind them: that there is nobody is no secret.
fn of_somebody(folder: &Path, set: &MeasureSet) -> BTreeSet<About> {
    let snapshot = Snapshot::open(&folder.join("snapshot")).expect("a snapshot");
    let usable = usable_diaries(&snapshot);
    let sample = Sample::new(&snapshot, &usable, &city::plan(folder)).expect("a sample");
    let measures = Measures::new(&snapshot, &usable, set).expect("measures");
    let indicators = Indicators::new(&sample, DayBalance::Balanced);
    let candidates = measures.parts().into_iter().flat_map(|part| measures.candidates(part, &indicators)).flatten();
    let filled = candidates.filter(|candidate| candidate.n_participants > 0 && candidate.estimate.is_some());
    let about = filled.map(|candidate| {
        let category = &measures.categories()[candidate.category];
        (
            candidate.indicator,
            category.timeline,
            category.code.clone(),
            candidate.sex.code().to_owned(),
            candidate.group.age_code().to_owned(),
            candidate.group.target_code().to_owned(),
            candidate.day.code().to_owned(),
        )
    });
    about.collect()
}

#[test]
fn no_identity_between_indicators_gives_an_unsafe_number_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = city_with_a_secret(400);
    // Time poverty is told of this classification only.
    writer.description.classification = "ACL 2018".to_owned();
    city::write(writer, folder.path());
    let wages = folder.path().join("wages.csv");
    std::fs::write(&wages, "activity,hourly_wage\n111,12\n119,31\n38,9\n").expect("wages");
    let set = MeasureSet { hourly_wages: Some(wages), ..MeasureSet::default() };
    let filled = of_somebody(folder.path(), &set);
    release_of(folder.path(), &set, &SecrecyRules::default(), &History::default(), |release, context| {
        let rows = rows(release);
        let sample = context.sample;
        let mut weights = BTreeMap::new();
        for (group, sex) in (0..sample.groups.len()).flat_map(|group| (0..3).map(move |sex| (group, sex))) {
            for day in 0..3 {
                let kind = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday][day];
                let sexes = [vec![Sex::Female, Sex::Male, Sex::Other], vec![Sex::Female], vec![Sex::Male]];
                let classes: Vec<u8> = sexes[sex].iter().map(|sex| class(*sex, kind)).collect();
                let observed = sample.observations.iter().zip(&sample.respondent_of);
                let meant = observed.filter(|(one, person)| {
                    classes.contains(&one.class) && sample.groups_of[**person as usize].contains(&group)
                });
                weights.insert((group, sex, day), meant.map(|(one, _)| one.weight).sum::<f64>());
            }
            let of_days: f64 = (0..3).map(|day| weights[&(group, sex, day)]).sum();
            weights.insert((group, sex, 3), of_days);
        }
        let outsider = Outsider { rows: &rows, context, weights };
        let mut is_told = BTreeSet::new();
        for row in outsider.rows.iter().filter(|row| row.slot.is_none()) {
            if let (Some(at), Some(sum)) = (outsider.domain(row), sum_of(row.indicator))
                && outsider.is_of_somebody(&(sum, at))
            {
                is_told.insert((sum, at));
                if sum == Sum::Minutes {
                    is_told.insert((Sum::Variance, at));
                }
            }
        }
        // Each indicator is there, or the test would try nothing.
        assert!(SUMS.iter().all(|sum| is_told.iter().any(|(other, _)| other == sum)));
        let attack = |is_open: &dyn Fn(&EstimateRow) -> bool| {
            let mut attack = Attack::default();
            for row in outsider.rows.iter().filter(|row| row.slot.is_none() && is_open(row)) {
                // The value of a row that is too unreliable to show may be handed out.
                let value = row.value.or(Some(1.0));
                outsider.tell(&EstimateRow { value, ..row.clone() }, &mut attack);
            }
            outsider.tie(&|unknown| is_told.contains(&unknown), &mut attack);
            let of_row = |row: &&EstimateRow| {
                let found = outsider.domain(row).zip(sum_of(row.indicator));
                found.is_some_and(|(at, sum)| {
                    attack.determines((sum, at)) || sum == Sum::Minutes && attack.determines((Sum::Variance, at))
                })
            };
            let is_unsafe = |row: &&EstimateRow| row.status == Status::Withheld && filled.contains(&about(row));
            let unsafe_rows = outsider.rows.iter().filter(|row| row.slot.is_none()).filter(is_unsafe);
            unsafe_rows.filter(of_row).cloned().collect::<Vec<EstimateRow>>()
        };
        let found = attack(&|row| row.status == Status::Published);
        assert!(found.is_empty(), "{} are given away, as {:#?}", found.len(), found.first());
        // The attack works: with what was withheld for others' sake it finds many.
        assert!(!attack(&|row| row.status != Status::Withheld).is_empty());
        // A tempogram's slots have the sums of their category's minutes, and are hidden where these are.
        let minutes = outsider.rows.iter().filter(|row| row.indicator == Indicator::TimeSpent);
        let fates: BTreeMap<Domain, Status> =
            minutes.filter_map(|row| Some((outsider.domain(row)?, row.status))).collect();
        for row in outsider.rows.iter().filter(|row| row.indicator == Indicator::ShareAtSlot) {
            let at = outsider.domain(row).expect("a domain");
            assert!(
                row.timeline == Timeline::Main && (row.status.is_withheld() || !fates[&at].is_withheld()),
                "{row:?}"
            );
        }
    });
}
