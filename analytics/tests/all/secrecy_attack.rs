//! An outsider with linear algebra: every published number of a release, every sum that ties the numbers, and the weight
//! of every domain, which no release tells. What follows from them by elimination is found out.

use std::collections::BTreeMap;

use analytics::disclosure::{History, ReleaseContext, SecrecyRules};
use analytics::domain::{PopulationGroup, class};
use analytics::snapshot::Sex;
use analytics::table::{EstimateRow, Indicator, Status};
use questionnaires::DayKind;

use crate::city;
use crate::secrecy_release::{city_with_a_secret, release, rows};

/// Category, group, sex and day of a number.
type Key = (usize, usize, usize, usize);

const SEXES: [&str; 3] = ["all", "F", "M"];
const DAYS: [&str; 4] = ["weekday", "saturday", "sunday", "average"];
const DAYS_A_WEEK: [f64; 3] = [5.0, 1.0, 1.0];

/// The minutes of a release: each one's key and row, and the sums among them with their coefficients.
struct Numbers {
    rows: BTreeMap<Key, EstimateRow>,
    sums: Vec<Vec<(Key, f64)>>,
}

impl Numbers {
    fn new(rows: &[EstimateRow], context: ReleaseContext<'_>) -> Numbers {
        let groups = &context.sample.groups;
        let key = |row: &EstimateRow| {
            let is_group =
                |group: &PopulationGroup| group.age_code() == row.age_group && group.target_code() == row.target_group;
            Some((
                context.categories.iter().position(|category| category.code == row.activity)?,
                groups.iter().position(is_group)?,
                SEXES.iter().position(|sex| *sex == row.sex)?,
                DAYS.iter().position(|day| *day == row.day)?,
            ))
        };
        let minutes = rows.iter().filter(|row| row.indicator == Indicator::TimeSpent);
        let rows: BTreeMap<Key, EstimateRow> = minutes.filter_map(|row| Some((key(row)?, row.clone()))).collect();
        let weight = |group: usize, sex: usize, day: usize| -> f64 {
            let sample = context.sample;
            let kind = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday][day];
            let classes = match sex {
                0 => [Sex::Female, Sex::Male, Sex::Other].map(|sex| class(sex, kind)).to_vec(),
                1 => vec![class(Sex::Female, kind)],
                _ => vec![class(Sex::Male, kind)],
            };
            let observed = sample.observations.iter().zip(&sample.respondent_of);
            let meant = observed.filter(|(one, person)| {
                classes.contains(&one.class) && sample.groups_of[**person as usize].contains(&group)
            });
            meant.map(|(one, _)| one.weight).sum()
        };
        let weights: BTreeMap<(usize, usize, usize), f64> = (0..groups.len())
            .flat_map(|group| (0..3).flat_map(move |sex| (0..3).map(move |day| (group, sex, day))))
            .map(|domain| (domain, weight(domain.0, domain.1, domain.2)))
            .collect();
        let ages: Vec<usize> =
            (0..groups.len()).filter(|group| matches!(groups[*group], PopulationGroup::Age(_))).collect();
        let mut sums = Vec::new();
        for category in 0..context.categories.len() {
            for group in 0..groups.len() {
                for sex in 0..3 {
                    // The average day is five weekdays, a Saturday and a Sunday.
                    let days = (0..3).map(|day| ((category, group, sex, day), DAYS_A_WEEK[day] / 7.0));
                    sums.push(days.chain([((category, group, sex, 3), -1.0)]).collect());
                }
                for day in 0..3 {
                    let term = |sex, sign| ((category, group, sex, day), sign * weights[&(group, sex, day)]);
                    sums.push(vec![term(0, -1.0), term(1, 1.0), term(2, 1.0)]);
                }
            }
            for (sex, day) in (0..3).flat_map(|sex| (0..3).map(move |day| (sex, day))) {
                let of_ages: f64 = ages.iter().map(|age| weights[&(*age, sex, day)]).sum();
                if (of_ages / weights[&(0, sex, day)] - 1.0).abs() < 1e-9 {
                    let parts = ages.iter().map(|age| ((category, *age, sex, day), weights[&(*age, sex, day)]));
                    sums.push(parts.chain([((category, 0, sex, day), -weights[&(0, sex, day)])]).collect());
                }
            }
        }
        for sum in context.sums {
            for (group, sex, day) in weights.keys() {
                let parts = sum.parts.iter().map(|part| ((*part, *group, *sex, *day), 1.0));
                let total = sum.total.map(|total| ((total, *group, *sex, *day), -1.0));
                sums.push(parts.chain(total).collect());
            }
        }
        // A sum with a number that no table has tells nothing of the others.
        sums.retain(|sum: &Vec<(Key, f64)>| sum.iter().all(|(key, factor)| *factor == 0.0 || rows.contains_key(key)));
        Numbers { rows, sums }
    }

    /// The hidden numbers that the sums give away, by elimination.
    fn given_away(&self, is_hidden: impl Fn(&EstimateRow) -> bool) -> Vec<Key> {
        let mut solved: BTreeMap<Key, BTreeMap<Key, f64>> = BTreeMap::new();
        for sum in &self.sums {
            let largest = sum.iter().map(|(_, factor)| factor.abs()).fold(0.0, f64::max);
            let hidden = sum.iter().filter(|(key, factor)| *factor != 0.0 && is_hidden(&self.rows[key]));
            let mut equation: BTreeMap<Key, f64> = hidden.map(|(key, factor)| (*key, factor / largest)).collect();
            let known: Vec<Key> = equation.keys().filter(|key| solved.contains_key(key)).copied().collect();
            for key in known {
                let factor = equation[&key];
                subtract(&mut equation, &solved[&key], factor);
            }
            let by_size = |one: &(&Key, &f64), other: &(&Key, &f64)| one.1.abs().total_cmp(&other.1.abs());
            let Some((pivot, factor)) = equation.iter().max_by(by_size).map(|(key, factor)| (*key, *factor)) else {
                continue;
            };
            equation.values_mut().for_each(|other| *other /= factor);
            for other in solved.values_mut() {
                if let Some(factor) = other.get(&pivot).copied() {
                    subtract(other, &equation, factor);
                }
            }
            solved.insert(pivot, equation);
        }
        solved.into_iter().filter(|(_, equation)| equation.len() == 1).map(|(key, _)| key).collect()
    }
}

fn subtract(equation: &mut BTreeMap<Key, f64>, other: &BTreeMap<Key, f64>, factor: f64) {
    for (key, value) in other {
        *equation.entry(*key).or_default() -= factor * value;
    }
    equation.retain(|_, value| value.abs() > 1e-9);
}

#[test]
fn elimination_over_a_release_gives_no_unsafe_number_away() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    release(folder.path(), &SecrecyRules::default(), &History::default(), |release, context| {
        let numbers = Numbers::new(&rows(release), context);
        let n_withheld = numbers.rows.values().filter(|row| row.status.is_withheld()).count();
        assert!(n_withheld > 0);
        let unproved = release.unprotected(context);
        assert!(unproved.is_empty(), "{} unsafe numbers without a proof", unproved.len());
        // What was withheld for others' sake only may be more than these needed; what is unsafe itself may not be found.
        let given_away = numbers.given_away(|row| row.status.is_withheld());
        let unsafe_ones: Vec<&Key> =
            given_away.iter().filter(|key| numbers.rows[key].status == Status::Withheld).collect();
        assert!(unsafe_ones.is_empty(), "of {n_withheld} withheld numbers: {unsafe_ones:?}");
        // The attack works: without the numbers withheld for others' sake it finds unsafe ones.
        assert!(!numbers.given_away(|row| row.status == Status::Withheld).is_empty());
    });
}

#[test]
fn the_same_is_withheld_at_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    city::write(city_with_a_secret(800), folder.path());
    let statuses = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| {
            release(folder.path(), &SecrecyRules::default(), &History::default(), |release, _| {
                rows(release).iter().map(|row| row.status).collect::<Vec<Status>>()
            })
        })
    };
    assert_eq!(statuses(1), statuses(2));
}
