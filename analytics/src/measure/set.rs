//! Which measures a run makes, and their parameters: the part of a release's description that concerns them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::table::Timeline;

/// The measures of a run. What a snapshot cannot tell is left out in silence: a timeline that is nowhere filled in,
/// clock times in a source that has none. Time spent and participation of the main activity are always made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeasureSet {
    /// The timelines besides the main activity.
    pub timelines: Vec<Timeline>,
    /// The families of measures besides time spent and participation.
    pub measures: Vec<Measure>,
    /// When a day counts as poor in time.
    pub time_poverty: TimePoverty,
    /// A CSV file `activity,hourly_wage` (euros); without it time gets no monetary value. Where a run is written down,
    /// its checksum stands for it.
    #[serde(skip_serializing)]
    pub hourly_wages: Option<PathBuf>,
    /// Persons by age group (`"25-44" = 1200`) to standardise to; without it the sample's own age structure.
    pub standard_population: Option<BTreeMap<String, f64>>,
}

/// A family of measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The share in each activity by ten-minute slot, and its difference between women and men.
    Tempogram,
    /// Relative gap and asymmetry of the coarsest activities and the derived measures.
    GapRatios,
    /// The gap, the relative gap and the asymmetry at one age structure.
    StandardisedGaps,
    /// Number and length of episodes, first start and last end.
    Episodes,
    /// Time that adults of a household share.
    SharedTime,
    /// Days with too little free time or too much work.
    TimePoverty,
}

/// When a day counts as poor in time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimePoverty {
    /// Free time below this share of everybody's median on the same kind of day.
    pub share_of_median_free_time: f64,
    /// Paid and unpaid work together above this many minutes of the day.
    pub minutes_of_total_work: f64,
}

impl Default for TimePoverty {
    /// 60% of the median, as in income poverty, and ten hours of work: about the 70.5 hours a week, one and a half
    /// times the median, of Bardasi and Wodon (2006).
    fn default() -> TimePoverty {
        TimePoverty { share_of_median_free_time: 0.6, minutes_of_total_work: 600.0 }
    }
}

impl Default for MeasureSet {
    /// The standard set: everything that needs no further table.
    fn default() -> MeasureSet {
        use Timeline::{Any, Derived, Device, Location, WithWhom};
        MeasureSet {
            timelines: vec![Any, WithWhom, Location, Device, Derived],
            measures: vec![
                Measure::Tempogram,
                Measure::GapRatios,
                Measure::StandardisedGaps,
                Measure::Episodes,
                Measure::SharedTime,
                Measure::TimePoverty,
            ],
            time_poverty: TimePoverty::default(),
            hourly_wages: None,
            standard_population: None,
        }
    }
}
