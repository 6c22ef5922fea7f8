//! Who is in a release: its groups and those that differences between them lead to, by sex and kind of day, with
//! persons and weights.

use questionnaires::DayKind;

use super::groups::{PersonSet, differences};
use crate::domain::{DayScope, PopulationGroup, SexScope, class};
use crate::sample::Sample;
use crate::snapshot::Sex;
use crate::weighting::DayBalance;

/// Sexes of the frame: everybody, women, men, and the others, who have no rows of their own.
pub(super) const N_SEXES: usize = 4;
/// Everybody's place among the sexes of the frame.
pub(super) const EVERYBODY: usize = 0;
/// The place of those whose sex has no rows.
pub(super) const UNLISTED_SEX: usize = 3;
/// Days of the frame: the three kinds and the average day.
pub(super) const N_DAYS: usize = 4;
/// The average day's place among the days of the frame.
pub(super) const AVERAGE: usize = 3;

/// A group as the sum of others, in persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Split {
    pub whole: usize,
    pub parts: Vec<usize>,
}

/// Persons and weights of a release's domains.
#[derive(Debug, Clone)]
pub struct Frame {
    pub(super) groups: Vec<PopulationGroup>,
    /// Groups with rows come first, then those that only differences lead to.
    pub(super) n_groups: usize,
    pub(super) sets: Vec<PersonSet>,
    pub(super) splits: Vec<Split>,
    /// By group, sex and day.
    pub(super) n_persons: Vec<u64>,
    pub(super) weights: Vec<f64>,
    /// What each kind of day adds to the average day's total, by group, sex and kind.
    pub(super) day_factors: Vec<f64>,
}

impl Frame {
    /// The domains of a sample, and those that differences between its groups lead to.
    pub fn new(sample: &Sample, balance: DayBalance) -> Frame {
        let n_persons = sample.n_respondents();
        let mut sets = vec![PersonSet::nobody(n_persons); sample.groups.len()];
        for (person, groups) in sample.groups_of.iter().enumerate() {
            for group in groups {
                sets[*group].insert(person);
            }
        }
        let splits = split(&mut sets, &sample.groups, n_persons);
        let mut frame = Frame {
            groups: sample.groups.clone(),
            n_groups: sets.len(),
            splits,
            sets: Vec::new(),
            n_persons: vec![0; sets.len() * N_SEXES * N_DAYS],
            weights: vec![0.0; sets.len() * N_SEXES * N_DAYS],
            day_factors: vec![0.0; sets.len() * N_SEXES * N_DAYS],
        };
        frame.count(sample, &sets);
        frame.weigh_days(balance);
        frame.sets = sets;
        frame
    }

    pub(super) fn place(&self, group: usize, sex: usize, day: usize) -> usize {
        (group * N_SEXES + sex) * N_DAYS + day
    }

    pub(super) fn is_listed(&self, group: usize, sex: usize) -> bool {
        group < self.groups.len() && sex != UNLISTED_SEX
    }

    /// By place: whether everybody knows how many people there are, from the domains that are told and their differences.
    pub(super) fn known_sizes(&self, is_told: &dyn Fn(usize) -> bool) -> Vec<bool> {
        let is_listed = |place: usize| self.is_listed(place / (N_SEXES * N_DAYS), place / N_DAYS % N_SEXES);
        let mut known: Vec<bool> = (0..self.n_persons.len())
            .map(|place| self.n_persons[place] == 0 || is_listed(place) && is_told(place))
            .collect();
        let mut sums: Vec<Vec<usize>> = Vec::new();
        for day in 0..N_DAYS {
            for group in 0..self.n_groups {
                sums.push((0..N_SEXES).map(|sex| self.place(group, sex, day)).collect());
            }
            for split in &self.splits {
                let groups = || split.parts.iter().copied().chain([split.whole]);
                sums.extend((0..N_SEXES).map(|sex| groups().map(|group| self.place(group, sex, day)).collect()));
            }
        }
        // What is listed and not told has a proof that nothing leads to it.
        let is_secret = |place: usize| is_listed(place) && !is_told(place);
        loop {
            let mut unknown = sums.iter().filter_map(|sum| {
                let mut unknown = sum.iter().copied().filter(|place| !known[*place]);
                unknown.next().filter(|first| unknown.next().is_none() && !is_secret(*first))
            });
            let Some(place) = unknown.next() else { return known };
            known[place] = true;
        }
    }

    fn count(&mut self, sample: &Sample, sets: &[PersonSet]) {
        // One person's days lie together, so a person is new in a domain when the last one there was another.
        let mut last = vec![u32::MAX; self.n_persons.len()];
        for (observation, respondent) in sample.observations.iter().zip(&sample.respondent_of) {
            let (sex, day) = place_of_class(observation.class);
            for group in (0..sets.len()).filter(|group| sets[*group].contains(*respondent as usize)) {
                for sex in [EVERYBODY, sex] {
                    for day in [day, AVERAGE] {
                        let place = self.place(group, sex, day);
                        self.weights[place] += observation.weight;
                        if last[place] != *respondent {
                            last[place] = *respondent;
                            self.n_persons[place] += 1;
                        }
                    }
                }
            }
        }
    }

    fn weigh_days(&mut self, balance: DayBalance) {
        for group in 0..self.n_groups {
            for sex in 0..N_SEXES {
                for (kinds, share) in balance.shares() {
                    let kinds: Vec<usize> = kinds.into_iter().map(place_of_day).collect();
                    let pool: f64 = kinds.iter().map(|day| self.weights[self.place(group, sex, *day)]).sum();
                    let average = self.weights[self.place(group, sex, AVERAGE)];
                    for day in kinds {
                        let place = self.place(group, sex, day);
                        self.day_factors[place] = if pool > 0.0 { share * average / pool } else { 0.0 };
                    }
                }
            }
        }
    }
}

/// Rests of this many persons or more need no further subtraction: no minimum is so high.
const MANY: u64 = 100;

/// Every group as its part and the rest, for each group inside another, and everybody as the age groups, or the zones, and the
/// rest; then what rests lead to together with a third group, where few persons are left. Rests that are no group yet are added to
/// `sets`.
pub(super) fn split(sets: &mut Vec<PersonSet>, groups: &[PopulationGroup], n_persons: usize) -> Vec<Split> {
    let mut wanted: Vec<(usize, Vec<usize>)> =
        differences(sets).into_iter().map(|pair| (pair.around, vec![pair.inside])).collect();
    let among = |is_one: fn(&PopulationGroup) -> bool| -> Vec<usize> {
        (0..groups.len()).filter(|group| is_one(&groups[*group])).collect()
    };
    // Nobody is in two age groups or in two zones.
    for parts in [among(|group| matches!(group, PopulationGroup::Age(_))), among(|group| group.is_zone())] {
        if parts.len() > 1 {
            wanted.push((0, parts));
        }
    }
    let n_listed = sets.len();
    let mut splits = Vec::new();
    let mut add = |sets: &mut Vec<PersonSet>, whole: usize, mut parts: Vec<usize>| {
        let together = parts.iter().fold(PersonSet::nobody(n_persons), |all, part| all.or(&sets[*part]));
        let rest = sets[whole].without(&together);
        if !rest.is_empty() {
            let known = sets.iter().position(|set| *set == rest);
            parts.push(known.unwrap_or(sets.len()));
            if known.is_none() {
                sets.push(rest);
            }
        }
        splits.push(Split { whole, parts });
    };
    for (whole, parts) in wanted {
        add(sets, whole, parts);
    }
    // A rest inside a third group, or a third group inside a rest: two groups with the few beside them make up another, or
    // overlap in a few.
    for pair in differences(sets) {
        let is_new = pair.around >= n_listed || pair.inside >= n_listed;
        let is_known = pair.around < n_listed
            && sets[..n_listed].iter().any(|set| sets[pair.inside].is_rest_of(&sets[pair.around], set));
        if is_new && !is_known && pair.n_between < MANY {
            add(sets, pair.around, vec![pair.inside]);
        }
    }
    splits
}

/// A group's place among those of the frame.
pub(super) fn place_of_group(frame: &Frame, group: PopulationGroup) -> Option<usize> {
    frame.groups.iter().position(|other| *other == group)
}

/// The places of women and men among the sexes of the frame.
pub(super) const WOMEN: usize = 1;
pub(super) const MEN: usize = 2;

/// A sex's place among those of the frame.
pub(super) fn place_of_sex(sex: SexScope) -> usize {
    match sex {
        SexScope::All => EVERYBODY,
        SexScope::Women => WOMEN,
        SexScope::Men => MEN,
    }
}

/// A day's place among those of the frame.
pub(super) fn place_of_scope(day: DayScope) -> usize {
    match day {
        DayScope::Average => AVERAGE,
        DayScope::Kind(kind) => place_of_day(kind),
    }
}

/// A kind of day's place among the days of the frame.
pub(super) fn place_of_day(kind: DayKind) -> usize {
    match kind {
        DayKind::Weekday => 0,
        DayKind::Saturday => 1,
        DayKind::Sunday => 2,
    }
}

/// The places of a class's sex and kind of day.
pub(super) fn place_of_class(observed: u8) -> (usize, usize) {
    let all = Sex::ALL.into_iter().flat_map(|sex| DayKind::ALL.into_iter().map(move |day| (sex, day)));
    let mut matching = all.filter(|(sex, day)| class(*sex, *day) == observed);
    let (sex, day) = matching.next().unwrap_or((Sex::Other, DayKind::Weekday));
    let sex = match sex {
        Sex::Female => 1,
        Sex::Male => 2,
        Sex::Other => UNLISTED_SEX,
    };
    (sex, place_of_day(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_rest_is_known_where_all_around_it_is_told() {
        // Everybody, a group of women and men, and the rest that only the difference leads to.
        let n_places = 3 * N_SEXES * N_DAYS;
        let mut frame = Frame {
            groups: vec![PopulationGroup::All; 2],
            n_groups: 3,
            sets: Vec::new(),
            splits: vec![Split { whole: 0, parts: vec![1, 2] }],
            n_persons: vec![5; n_places],
            weights: vec![5.0; n_places],
            day_factors: Vec::new(),
        };
        for group in 0..3 {
            for day in 0..N_DAYS {
                let nobody = frame.place(group, UNLISTED_SEX, day);
                frame.n_persons[nobody] = 0;
            }
        }
        assert!(frame.known_sizes(&|_| true).iter().all(|known| *known));
        let men = frame.place(1, MEN, 0);
        let women = frame.place(1, WOMEN, 0);
        let known = frame.known_sizes(&|place| ![men, women].contains(&place));
        let unknown: Vec<usize> = (0..n_places).filter(|place| !known[*place]).collect();
        assert_eq!(unknown, [women, men, frame.place(2, WOMEN, 0), frame.place(2, MEN, 0)]);
    }

    #[test]
    fn three_groups_lead_to_the_few_that_two_of_them_leave() {
        let of = |persons: std::ops::Range<usize>| PersonSet::of(200, persons);
        let few = |listed: Vec<PersonSet>| {
            let groups = vec![PopulationGroup::All; listed.len()];
            let mut sets = listed;
            split(&mut sets, &groups, 200);
            sets[groups.len()..].iter().filter(|set| set.len() < 3).cloned().collect::<Vec<PersonSet>>()
        };
        // Everybody is 120 persons, 78 others and two.
        assert_eq!(few(vec![of(0..200), of(0..120), of(120..198)]), vec![of(198..200)]);
        // Two groups that overlap in two persons make up everybody.
        assert_eq!(few(vec![of(0..200), of(0..120), of(118..200)]), vec![of(118..120)]);
        // Without the third group nothing leads to them.
        assert!(few(vec![of(0..200), of(0..120)]).is_empty());
    }
}
