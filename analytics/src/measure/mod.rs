//! What a run measures: the categories of its timelines, the columns made from the episodes, and the questions put to
//! the indicators, part by part. A part's columns are dropped before the next are made.

mod category;
mod composition;
mod membership;
mod set;
mod shared;
mod spells;
mod wage;

use std::ops::Range;

use rayon::prelude::*;

use crate::domain::AgeGroup;
use crate::editing::UsableDiaries;
use crate::estimation::Span;
use crate::indicator::{AgeStandard, Candidate, EpisodeQuestion, Indicators, PovertyLine, TimeQuestion};
use crate::snapshot::{Episode, Snapshot};
use crate::table::{CategoryRow, Indicator, Timeline};
use crate::tempogram::occupied_slots;
use crate::time_budget::{
    ClassificationError, Minutes, ObservedDays, activities_of_codes, minutes_by_category, sums_by_category,
};

pub use category::Categories;
pub use composition::{Composition, Valuation};
use composition::{TimelinePlaces, compositions};
use membership::FieldValues;
pub use membership::Membership;
pub use set::{Measure, MeasureSet, TimePoverty};
pub use shared::shared_time;
pub use spells::{Spells, spells};
pub use wage::{HourlyWage, HourlyWages, WagesError};

/// The finest level that age groups and target groups get of the main activity; finer levels are given by sex and
/// day only. Other timelines give groups their coarsest level.
const FINEST_LEVEL_OF_GROUPS: u8 = 2;
/// The finest level that zones get of the main activity; they get nothing of other timelines.
const FINEST_LEVEL_OF_ZONES: u8 = 1;
/// The level of the tempogram, of standardised gaps and of the activities that pairs share.
const COARSEST_LEVEL: u8 = 1;

/// Categories whose minutes are in memory at once.
const CATEGORIES_AT_A_TIME: usize = 48;

/// Why nothing can be measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MeasureError {
    /// The classification does not divide the day.
    #[error(transparent)]
    Classification(#[from] ClassificationError),
    /// The hourly wages cannot be used.
    #[error(transparent)]
    Wages(#[from] WagesError),
    /// The standard population has no such age group, or counts nobody.
    #[error(
        "the standard population is not one: {0}. Nothing was written; give persons by the age groups 10-14, \
         15-24, 25-44, 45-64 and 65+."
    )]
    StandardPopulation(String),
}

/// A part of the estimates, made and dropped as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Time spent, participation and gaps of a timeline.
    Time(Timeline),
    /// Number, length and clock times of episodes.
    Episodes,
    /// Time shared by adults of a household.
    SharedTime,
    /// Days with too little free time or too much work.
    TimePoverty,
    /// The value of time at hourly wages.
    Value,
    /// The tempogram.
    Tempogram,
}

/// A snapshot's days with the categories to be measured on them.
#[derive(Debug)]
pub struct Measures<'a> {
    snapshot: &'a Snapshot,
    usable: &'a UsableDiaries,
    set: &'a MeasureSet,
    days: ObservedDays,
    values: FieldValues,
    activities_of: Vec<Vec<usize>>,
    timelines: Vec<(Timeline, Categories, usize)>,
    categories: Vec<CategoryRow>,
    euros_per_minute: Option<Vec<f64>>,
    /// The value as a sum over activities, places in the classification.
    value_as_sum: Option<Vec<(usize, f64)>>,
    hourly_wages_sha256: Option<String>,
    standard: Option<AgeStandard>,
}

impl<'a> Measures<'a> {
    /// Prepares what `set` asks for, as far as the snapshot can tell it.
    ///
    /// # Errors
    /// When level 1 of the classification does not divide the day, or the wages or the standard population are
    /// unusable.
    pub fn new(
        snapshot: &'a Snapshot,
        usable: &'a UsableDiaries,
        set: &'a MeasureSet,
    ) -> Result<Measures<'a>, MeasureError> {
        let activities_of = activities_of_codes(&snapshot.activity_codes, &snapshot.classification)?;
        let wages = set.hourly_wages.as_deref().map(HourlyWages::read).transpose()?;
        let valued = wages.iter().flat_map(|wages| wages.activities(&snapshot.classification)).collect::<Vec<_>>();
        let euros_per_minute =
            wages.as_ref().map(|wages| wages.per_minute(&snapshot.classification, &activities_of)).transpose()?;
        let value_as_sum = wages.as_ref().and_then(|wages| wages.as_sum(&snapshot.classification, &activities_of));
        let standard = set.standard_population.as_ref().map(standard_of).transpose()?;
        let mut measures = Measures {
            snapshot,
            usable,
            set,
            days: ObservedDays::new(&snapshot.episodes, snapshot.diaries.len(), &usable.diaries),
            values: FieldValues::of(snapshot),
            activities_of,
            timelines: Vec::new(),
            categories: Vec::new(),
            euros_per_minute,
            value_as_sum,
            hourly_wages_sha256: wages.as_ref().and_then(HourlyWages::sha256).map(str::to_owned),
            standard,
        };
        let wanted: Vec<Timeline> =
            Timeline::ALL.into_iter().filter(|timeline| measures.is_wanted(*timeline)).collect();
        for timeline in wanted {
            let mut categories = Categories::of(timeline, snapshot);
            if timeline == Timeline::Shared {
                categories = categories.with_activities(&snapshot.classification, COARSEST_LEVEL);
            }
            if timeline == Timeline::Derived {
                categories = categories.made_up_of(VALUED, &valued);
            }
            let first = measures.categories.len();
            measures.categories.extend(categories.rows.iter().cloned());
            measures.timelines.push((timeline, categories, first));
        }
        Ok(measures)
    }

    /// The categories of all timelines, as candidates refer to them.
    pub fn categories(&self) -> &[CategoryRow] {
        &self.categories
    }

    /// Which categories add up to which, in every number that is a sum over minutes; of what pairs share, the same
    /// activity and the single ones.
    pub fn compositions(&self) -> Vec<Composition> {
        let of_diaries = self.timelines.iter().filter(|(timeline, ..)| *timeline != Timeline::Shared);
        let places = of_diaries.map(|(_, categories, first)| TimelinePlaces {
            membership: categories.membership(self.snapshot, &self.values),
            first: *first,
            n: categories.rows.len(),
            n_coarsest: categories.rows.iter().filter(|row| row.level == COARSEST_LEVEL).count(),
        });
        let mut compositions = compositions(&places.collect::<Vec<_>>());
        if let Some((categories, first)) = self.place_of(Timeline::Shared)
            && let Some(total) = categories.place(SAME_ACTIVITY)
        {
            let parts = (0..categories.rows.len()).filter(|place| categories.rows[*place].level > COARSEST_LEVEL);
            let parts = parts.map(|place| first + place).collect();
            compositions.push(Composition { total: Some(first + total), parts });
        }
        compositions
    }

    /// What the value of time is made of, where a table of wages is given: the valued category, and the sum over others
    /// in euros per minute, where there is one.
    pub fn valuation(&self) -> Option<Valuation> {
        let (derived, first_derived) = self.place_of(Timeline::Derived)?;
        self.euros_per_minute.as_ref()?;
        let (main, first) = self.place_of(Timeline::Main)?;
        let place = |activity: usize| Some(first + main.place(&self.snapshot.classification[activity].code)?);
        let parts = self.value_as_sum.iter().flatten();
        let parts = parts.map(|(activity, euros)| Some((place(*activity)?, *euros))).collect::<Option<Vec<_>>>()?;
        Some(Valuation { category: first_derived + derived.place(VALUED)?, parts })
    }

    /// The minutes of every category, in their order; those that pairs share have none. A part's own columns are
    /// dropped with it; these stay, for rules that look at single contributions.
    pub fn minutes_of_all(&self) -> Vec<Minutes> {
        let of_timeline = |(timeline, categories, _): &(Timeline, Categories, usize)| match timeline {
            Timeline::Shared => vec![Minutes::default(); categories.rows.len()],
            _ => self.minutes(categories, 0..categories.rows.len()),
        };
        self.timelines.iter().flat_map(of_timeline).collect()
    }

    /// SHA-256 of the table of hourly wages, hexadecimal.
    pub fn hourly_wages_sha256(&self) -> Option<&str> {
        self.hourly_wages_sha256.as_deref()
    }

    /// The parts that the set asks for and the snapshot can tell, in the order of the estimates.
    pub fn parts(&self) -> Vec<Part> {
        let timed = self.snapshot.manifest.description.timed;
        let is_there = |timeline: &Timeline| self.place_of(*timeline).is_some();
        let mut parts: Vec<Part> = Timeline::ALL
            .into_iter()
            .filter(|timeline| *timeline != Timeline::Shared && is_there(timeline))
            .map(Part::Time)
            .collect();
        let wants = |measure| self.set.measures.contains(&measure);
        let further = [
            (Part::Episodes, timed && wants(Measure::Episodes)),
            (Part::SharedTime, is_there(&Timeline::Shared)),
            (Part::TimePoverty, is_there(&Timeline::Derived) && wants(Measure::TimePoverty)),
            (Part::Value, is_there(&Timeline::Derived) && self.euros_per_minute.is_some()),
            (Part::Tempogram, timed && wants(Measure::Tempogram)),
        ];
        parts.extend(further.into_iter().filter(|(_, is_made)| *is_made).map(|(part, _)| part));
        parts
    }

    /// The candidates of one part, category by category or slot by slot. What a gap compares is among its own
    /// category's or slot's candidates, but for standardised gaps, which stand beside their category's time spent.
    pub fn candidates(&self, part: Part, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        match part {
            Part::Time(timeline) => self.time(timeline, indicators),
            Part::Episodes => self.episodes(indicators),
            Part::SharedTime => self.shared(indicators),
            Part::TimePoverty => self.poverty(indicators),
            Part::Value => self.value(indicators),
            Part::Tempogram => self.tempogram(indicators),
        }
    }

    fn is_wanted(&self, timeline: Timeline) -> bool {
        match timeline {
            Timeline::Main => true,
            Timeline::Shared => {
                self.snapshot.manifest.description.timed && self.set.measures.contains(&Measure::SharedTime)
            }
            _ => self.set.timelines.contains(&timeline),
        }
    }

    /// A timeline's categories, and the place of the first among all.
    fn place_of(&self, timeline: Timeline) -> Option<(&Categories, usize)> {
        let found = self.timelines.iter().find(|(one, categories, _)| *one == timeline && !categories.rows.is_empty());
        found.map(|(_, categories, first)| (categories, *first))
    }

    fn minutes(&self, categories: &Categories, wanted: Range<usize>) -> Vec<Minutes> {
        let membership = categories.membership(self.snapshot, &self.values).within(wanted.clone());
        minutes_by_category(&self.days.days(), &membership, wanted.len())
    }

    fn groups_at(&self, timeline: Timeline, level: u8, indicators: &Indicators<'_>) -> Vec<usize> {
        let finest = if timeline == Timeline::Main { FINEST_LEVEL_OF_GROUPS } else { COARSEST_LEVEL };
        let has_zones = timeline == Timeline::Main && level <= FINEST_LEVEL_OF_ZONES;
        let mut groups = if has_zones { indicators.groups_and_zones() } else { indicators.groups() };
        groups.truncate(if level <= finest { groups.len() } else { 1 });
        groups
    }

    fn time(&self, timeline: Timeline, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let Some((categories, first)) = self.place_of(timeline) else { return Vec::new() };
        let membership = categories.membership(self.snapshot, &self.values);
        let wants = |measure| self.set.measures.contains(&measure);
        let own_standard = || indicators.own_age_standard();
        let standard = self.standard.clone().or_else(own_standard).filter(|_| wants(Measure::StandardisedGaps));
        // Each category is summed by one thread in row order, and the results are taken in the categories' order.
        let of_category = |place: usize, minutes: &Minutes| {
            let level = categories.rows[place].level;
            let is_headline = timeline == Timeline::Derived || (timeline == Timeline::Main && level == COARSEST_LEVEL);
            let mut also = Vec::new();
            if is_headline && wants(Measure::GapRatios) {
                also.extend([Indicator::RelativeGap, Indicator::Asymmetry]);
            }
            if timeline == Timeline::Derived {
                also.push(Indicator::ShareOfDay);
            }
            indicators.of_time(&TimeQuestion {
                category: first + place,
                minutes,
                groups: &self.groups_at(timeline, level, indicators),
                also: &also,
                standard: standard.as_ref().filter(|_| is_headline),
            })
        };
        let mut candidates = Vec::with_capacity(categories.rows.len());
        for start in (0..categories.rows.len()).step_by(CATEGORIES_AT_A_TIME) {
            let wanted = start..categories.rows.len().min(start + CATEGORIES_AT_A_TIME);
            let minutes = minutes_by_category(&self.days.days(), &membership.within(wanted.clone()), wanted.len());
            candidates
                .par_extend(wanted.into_par_iter().zip(&minutes).map(|(place, minutes)| of_category(place, minutes)));
        }
        candidates
    }

    fn episodes(&self, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let Some((categories, first)) = self.place_of(Timeline::Main) else { return Vec::new() };
        // The rows ascend by level.
        let n = categories.rows.iter().filter(|row| row.level <= FINEST_LEVEL_OF_GROUPS).count();
        let spells = spells(&self.days.days(), &categories.membership(self.snapshot, &self.values).within(0..n), n);
        let of_category = |place: usize| {
            let groups = self.groups_at(Timeline::Any, categories.rows[place].level, indicators);
            let question = EpisodeQuestion { category: first + place, spells: &spells[place], groups: &groups };
            indicators.of_episodes(&question)
        };
        (0..n).into_par_iter().map(of_category).collect()
    }

    fn shared(&self, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let Some((_, first)) = self.place_of(Timeline::Shared) else { return Vec::new() };
        let activities = self.coarsest_activities();
        let time = shared_time(self.snapshot, self.usable, &self.days.days(), &self.activities_of, &activities);
        // A sample of persons one by one has no pairs and nothing to say of them.
        if time.pairs.rows.is_empty() { Vec::new() } else { indicators.of_shared(first, &time, &indicators.groups()) }
    }

    fn poverty(&self, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let Some((categories, first)) = self.place_of(Timeline::Derived) else { return Vec::new() };
        let TimePoverty { share_of_median_free_time, minutes_of_total_work } = self.set.time_poverty;
        let lines = [
            ("free_time", PovertyLine::BelowShareOfMedian(share_of_median_free_time)),
            ("total_work", PovertyLine::Above(minutes_of_total_work)),
        ];
        let groups = indicators.groups();
        let of_line = |(code, line): (&str, PovertyLine)| {
            let place = categories.place(code)?;
            let minutes = self.minutes(categories, place..place + 1);
            Some(indicators.of_poverty(first + place, &minutes[0], line, &groups))
        };
        lines.into_iter().filter_map(of_line).collect()
    }

    fn value(&self, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let (Some(wages), Some((categories, first))) = (&self.euros_per_minute, self.place_of(Timeline::Derived))
        else {
            return Vec::new();
        };
        let Some(place) = categories.place(VALUED) else { return Vec::new() };
        let value = |episode: &Episode| wages[usize::from(episode.activity)] * f64::from(episode.minutes);
        let mut euros = sums_by_category(&self.days.days(), 1, |episode, add| {
            let value = value(episode);
            if value > 0.0 {
                add(0, value);
            }
        });
        let euros = euros.pop().unwrap_or_default();
        vec![indicators.of_value(first + place, &euros, &indicators.groups())]
    }

    fn tempogram(&self, indicators: &Indicators<'_>) -> Vec<Vec<Candidate>> {
        let Some((_, first)) = self.place_of(Timeline::Main) else { return Vec::new() };
        let activities = self.coarsest_activities();
        let spans = occupied_slots(&self.days.days(), &self.activities_of, &activities);
        let of_activity = |(place, spans): (&usize, &Vec<Span>)| indicators.of_slots(first + place, spans);
        activities.par_iter().zip(&spans).flat_map_iter(of_activity).collect()
    }

    fn coarsest_activities(&self) -> Vec<usize> {
        let classification = &self.snapshot.classification;
        (0..classification.len()).filter(|place| classification[*place].level == COARSEST_LEVEL).collect()
    }
}

/// The category of pairs that single activities add up to.
const SAME_ACTIVITY: &str = "same_activity";
/// The category that stands for all time with a wage.
const VALUED: &str = "valued_work";

fn standard_of(population: &std::collections::BTreeMap<String, f64>) -> Result<AgeStandard, MeasureError> {
    let of_group = |(code, count): (&String, &f64)| {
        let age = AgeGroup::from_code(code);
        Ok((age.ok_or_else(|| MeasureError::StandardPopulation(format!("`{code}` is no age group")))?, *count))
    };
    let counts = population.iter().map(of_group).collect::<Result<Vec<_>, MeasureError>>()?;
    AgeStandard::new(counts)
        .ok_or_else(|| MeasureError::StandardPopulation("its counts are not zero or more, and some more".to_owned()))
}
