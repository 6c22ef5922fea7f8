//! What becomes of a single row: it follows the cells of its category and domain, in all tables that tell of them, and
//! what the persons behind it come to by themselves.

use std::collections::BTreeMap;

use super::frame::{Frame, MEN, WOMEN, place_of_group, place_of_scope, place_of_sex};
use super::reliability::{reliability, worse};
use super::rules::{NonParticipants, SecrecyRules};
use super::secondary::Verdict;
use super::system::Listing;
use crate::domain::{PopulationGroup, SexScope};
use crate::indicator::Candidate;
use crate::table::{Flag, Indicator, Status};

/// What is decided about a key: category, group, sex and day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub flag: Flag,
    pub verdict: Verdict,
}

impl SecrecyRules {
    /// Whether somebody, but fewer than the minimum, did not do it, where that matters.
    pub(super) fn has_too_few_without(&self, n_participants: u64, n_persons: u64) -> bool {
        self.non_participants == NonParticipants::Protected
            && n_participants > 0
            && self.are_too_few(n_persons.saturating_sub(n_participants))
    }

    /// What the time spent by a domain on a category has come to: all indicators of the two follow it.
    pub(super) fn keys(
        &self,
        candidates: &[Candidate],
        listing: &Listing,
        frame: &Frame,
        verdicts: &[Verdict],
    ) -> Vec<Option<Key>> {
        let mut keys = vec![None; listing.listed.len()];
        for candidate in candidates.iter().filter(|candidate| candidate.indicator == Indicator::TimeSpent) {
            let Some(group) = place_of_group(frame, candidate.group) else { continue };
            let (sex, day) = (place_of_sex(candidate.sex), place_of_scope(candidate.day));
            let place = listing.place(frame, candidate.category, group, sex, day);
            let verdict = closer(verdicts[place], self.verdict_by_itself(candidate));
            keys[place] = Some(Key { flag: reliability(candidate), verdict });
        }
        keys
    }

    /// What the persons behind a candidate come to, whatever else is published. The shares of a slot are parts of a
    /// whole that must stay complete, and are judged by their domain.
    fn verdict_by_itself(&self, candidate: &Candidate) -> Verdict {
        let Candidate { n_persons, n_participants, slot, .. } = *candidate;
        let are_participants_few =
            self.are_too_few(n_participants) || self.has_too_few_without(n_participants, n_persons);
        let is_unsafe = self.are_few(n_persons) || slot.is_none() && are_participants_few;
        if is_unsafe { Verdict::Primary } else { Verdict::Published }
    }

    /// Flag and status of a candidate.
    pub(super) fn decide(&self, candidate: &Candidate, judged: &Judged<'_>) -> (Flag, Status) {
        let frame = judged.frame;
        let Some(group) = place_of_group(frame, candidate.group) else {
            return (Flag::Suppressed, Status::Withheld);
        };
        let day = place_of_scope(candidate.day);
        let key =
            |group: usize, sex: usize| judged.keys[judged.listing.place(frame, candidate.category, group, sex, day)];
        if candidate.indicator.compares().is_some() {
            // A comparison follows its two sides; without them it cannot be judged, so it is not shown.
            let (Some(women), Some(men)) = (key(group, WOMEN), key(group, MEN)) else {
                return (Flag::Suppressed, Status::Withheld);
            };
            let mut verdict = closer(women.verdict, men.verdict);
            if is_standardised(candidate.indicator) && candidate.group == PopulationGroup::All {
                // It is a sum over ages, so one age withheld would follow from it and the others.
                let ages =
                    (0..frame.groups.len()).filter(|group| matches!(frame.groups[*group], PopulationGroup::Age(_)));
                let of_ages = ages.flat_map(|age| [key(age, WOMEN), key(age, MEN)]).flatten();
                if of_ages.into_iter().any(|key| key.verdict != Verdict::Published) {
                    verdict = closer(verdict, Verdict::Secondary);
                }
            }
            let flag = match candidate.slot {
                None => worse(women.flag, men.flag),
                Some(_) => {
                    let of_sex =
                        |sex| judged.slots.get(&SlotKey::of(candidate, sex)).copied().unwrap_or(Flag::Suppressed);
                    worse(of_sex(SexScope::Women), of_sex(SexScope::Men))
                }
            };
            return (flag, status(verdict));
        }
        let sex = place_of_sex(candidate.sex);
        // The slots of a day add up to its minutes, so they follow them.
        let by_itself = self.verdict_by_itself(candidate);
        let of_key = key(group, sex).map_or(Verdict::Published, |key| key.verdict);
        let of_domain = judged.domains[frame.place(group, sex, day)];
        let of_indicator = match candidate.indicator {
            Indicator::ValuePerDay | Indicator::ValuePerYear => {
                judged.value_line.map(|line| judged.verdicts[judged.listing.place(frame, line, group, sex, day)])
            }
            indicator => judged
                .further
                .get(&indicator)
                .map(|verdicts| verdicts[judged.listing.place(frame, candidate.category, group, sex, day)]),
        };
        let of_sums = closer(of_domain, closer(of_key, of_indicator.unwrap_or(Verdict::Published)));
        (reliability(candidate), status(closer(by_itself, of_sums)))
    }
}

/// What is known when single rows are decided on.
pub(super) struct Judged<'a> {
    pub listing: &'a Listing,
    pub frame: &'a Frame,
    pub keys: &'a [Option<Key>],
    pub domains: &'a [Verdict],
    pub slots: &'a BTreeMap<SlotKey, Flag>,
    /// By place of the listing.
    pub verdicts: &'a [Verdict],
    /// Of the indicators with tables of their own, by category and domain.
    pub further: &'a BTreeMap<Indicator, Vec<Verdict>>,
    /// The line of the listing that holds the value of time.
    pub value_line: Option<usize>,
}

/// One point of a tempogram, of everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SlotKey {
    category: usize,
    slot: u8,
    sex: usize,
    day: usize,
}

impl SlotKey {
    fn of(candidate: &Candidate, sex: SexScope) -> SlotKey {
        SlotKey {
            category: candidate.category,
            slot: candidate.slot.unwrap_or_default(),
            sex: place_of_sex(sex),
            day: place_of_scope(candidate.day),
        }
    }
}

/// How reliable each point of the tempograms is.
pub(super) fn flags_of_slots(candidates: &[Candidate]) -> BTreeMap<SlotKey, Flag> {
    let shares = candidates.iter().filter(|candidate| candidate.indicator == Indicator::ShareAtSlot);
    shares.map(|candidate| (SlotKey::of(candidate, candidate.sex), reliability(candidate))).collect()
}

fn is_standardised(indicator: Indicator) -> bool {
    use Indicator::{StandardisedAsymmetry, StandardisedGap, StandardisedRelativeGap};
    matches!(indicator, StandardisedGap | StandardisedRelativeGap | StandardisedAsymmetry)
}

/// The stricter of two verdicts.
pub(super) fn closer(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Primary, _) | (_, Verdict::Primary) => Verdict::Primary,
        (Verdict::Secondary, _) | (_, Verdict::Secondary) => Verdict::Secondary,
        _ => Verdict::Published,
    }
}

fn status(verdict: Verdict) -> Status {
    match verdict {
        Verdict::Published => Status::Published,
        Verdict::Primary => Status::Withheld,
        Verdict::Secondary => Status::WithheldSecondary,
    }
}
