//! Disclosure: the only way from a candidate to a row that may be published. Two rules are kept apart:
//! confidentiality (too few persons: `withheld`) and reliability (too uncertain: `suppressed`).
//!
//! What is protected: the count and the time of fewer persons than the threshold, in a domain or among its
//! participants. Not protected: what follows from differences between published rows of overlapping groups.

mod audit;
mod cell;
mod crossed;
mod primary;
mod region;
mod secondary;
mod simplex;

pub use audit::{AuditRow, Extent, audit};
pub use cell::{Bounds, Cell, CellId, CellSystem, Openness, Relation};
pub use crossed::{CrossedTable, Dimension, Record};
pub use primary::{Dominance, MinimumFrequency, PPercent, PrimaryRules, Protection};
pub use secondary::{Insiders, Pattern, Verdict, protect, suppress};

use crate::domain::{DayScope, PopulationGroup, SexScope};
use crate::indicator::{Candidate, Estimate};
use crate::table::{ClassificationRow, EstimateRow, Flag, Indicator, Status, Unit};

/// Fewer persons than this, and a number has no value to show.
const N_TO_SHOW: u64 = 75;
/// Persons from which a number may be called reliable.
const N_RELIABLE: u64 = 150;
/// The largest coefficient of variation of a reliable number (Statistics Canada's practice for time use).
const CV_RELIABLE: f64 = 0.25;
/// Above this coefficient of variation a number is not shown.
const CV_TO_SHOW: f64 = 0.5;
/// The widest interval of a reliable share at a slot, in percentage points.
const WIDTH_RELIABLE: f64 = 10.0;
/// Above this width a share at a slot is not shown.
const WIDTH_TO_SHOW: f64 = 30.0;

/// A row that has passed the rules. Nothing else can be written to the estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct Released(EstimateRow);

impl Released {
    /// The row.
    pub fn row(&self) -> &EstimateRow {
        &self.0
    }
}

/// The rules of one run.
#[derive(Debug, Clone, Copy)]
pub struct Disclosure {
    /// Fewest persons behind a published number.
    pub threshold: u64,
}

impl Disclosure {
    /// Applies the rules to one activity's candidates. A gap is judged by its two sides, which must be among
    /// the candidates: the time spent by women and by men in the same group and on the same day.
    pub fn release(&self, candidates: Vec<Candidate>, classification: &[ClassificationRow]) -> Vec<Released> {
        let verdicts: Vec<Judgement> =
            candidates.iter().map(|candidate| self.verdict(candidate, &candidates)).collect();
        let rows = candidates.into_iter().zip(verdicts);
        rows.map(|(candidate, verdict)| Released(row(candidate, verdict, classification))).collect()
    }

    fn verdict(&self, candidate: &Candidate, candidates: &[Candidate]) -> Judgement {
        if candidate.indicator == Indicator::TimeGap {
            let [women, men] = [SexScope::Women, SexScope::Men].map(|sex| {
                let is_side = |other: &&Candidate| {
                    other.indicator == Indicator::TimeSpent
                        && other.sex == sex
                        && (other.activity, other.day) == (candidate.activity, candidate.day)
                        && other.group == candidate.group
                };
                // A gap without its sides cannot be judged, so it is not shown.
                candidates.iter().find(is_side).map_or(Judgement::NOTHING, |side| self.verdict(side, &[]))
            });
            return Judgement { flag: worse(women.flag, men.flag), status: closer(women.status, men.status) };
        }
        Judgement { flag: reliability(candidate), status: self.confidentiality(candidate) }
    }

    fn confidentiality(&self, candidate: &Candidate) -> Status {
        let few = |n: u64| n < self.threshold;
        let few_participants = candidate.n_participants > 0 && few(candidate.n_participants);
        let withheld = match candidate.indicator {
            // A tempogram is a whole whose parts sum to 100%: one part left out would follow from the others.
            Indicator::ShareAtSlot => few(candidate.n_persons),
            _ => few(candidate.n_persons) || few_participants,
        };
        if withheld { Status::Withheld } else { Status::Published }
    }
}

#[derive(Debug, Clone, Copy)]
struct Judgement {
    flag: Flag,
    status: Status,
}

impl Judgement {
    const NOTHING: Judgement = Judgement { flag: Flag::Suppressed, status: Status::Withheld };
}

fn worse(one: Flag, other: Flag) -> Flag {
    match (one, other) {
        (Flag::Suppressed, _) | (_, Flag::Suppressed) => Flag::Suppressed,
        (Flag::A, Flag::A) => Flag::A,
        _ => Flag::E,
    }
}

fn closer(one: Status, other: Status) -> Status {
    if one == Status::Published { other } else { one }
}

fn reliability(candidate: &Candidate) -> Flag {
    let Some(Estimate { value, standard_error: Some(error), half_width: Some(half_width), .. }) = candidate.estimate
    else {
        return Flag::Suppressed;
    };
    let (uncertainty, to_show, reliable) = match candidate.indicator {
        Indicator::ShareAtSlot => (2.0 * half_width, WIDTH_TO_SHOW, WIDTH_RELIABLE),
        // A zero has no coefficient of variation: that nobody in the sample did it is no measurement.
        _ if value == 0.0 => (f64::INFINITY, CV_TO_SHOW, CV_RELIABLE),
        _ => (error / value.abs(), CV_TO_SHOW, CV_RELIABLE),
    };
    let n = published_n(candidate);
    if n < N_TO_SHOW || uncertainty > to_show {
        Flag::Suppressed
    } else if n >= N_RELIABLE && uncertainty <= reliable {
        Flag::A
    } else {
        Flag::E
    }
}

fn published_n(candidate: &Candidate) -> u64 {
    match candidate.indicator {
        Indicator::ParticipationTime => candidate.n_participants,
        _ => candidate.n_persons,
    }
}

fn row(candidate: Candidate, verdict: Judgement, classification: &[ClassificationRow]) -> EstimateRow {
    let Candidate { indicator, activity, group, sex, day, slot, estimate, .. } = candidate;
    let Judgement { flag, status } = verdict;
    let shown = estimate.filter(|_| flag != Flag::Suppressed && status == Status::Published);
    let interval = shown.and_then(|estimate| Some((estimate.value, estimate.half_width?)));
    let known_df = estimate.filter(|_| status == Status::Published);
    EstimateRow {
        indicator,
        unit: unit(indicator),
        activity: classification[activity].code.clone(),
        level: classification[activity].level,
        sex: SexScope::code(sex).to_owned(),
        age_group: PopulationGroup::age_code(group).to_owned(),
        target_group: PopulationGroup::target_code(group).to_owned(),
        day: DayScope::code(day).to_owned(),
        slot,
        value: shown.map(|estimate| estimate.value),
        standard_error: shown.and_then(|estimate| estimate.standard_error),
        ci_low: interval.map(|(value, half)| value - half),
        ci_high: interval.map(|(value, half)| value + half),
        degrees_of_freedom: known_df.map(|estimate| estimate.degrees_of_freedom.into()),
        n: if status == Status::Published { published_n(&candidate) } else { 0 },
        flag,
        status,
    }
}

fn unit(indicator: Indicator) -> Unit {
    match indicator {
        Indicator::TimeSpent | Indicator::ParticipationTime | Indicator::TimeGap => Unit::MinutesPerDay,
        Indicator::ParticipationRate | Indicator::ShareAtSlot => Unit::Percent,
    }
}
