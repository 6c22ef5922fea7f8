//! The tidy estimates: one row per published number, what the run was asked, and how to read them back.
//! These are the only types of this package that others may hold.

mod answer;
mod write;

use std::path::Path;

use questionnaires::slot::SLOTS_PER_DAY;
use questionnaires::{Label, Language};
use serde::{Deserialize, Serialize};

use crate::domain::PopulationGroup;
use crate::estimation::t_quantile;

pub use answer::{ANSWERS_FILE, AnswerMeasure, AnswerRow, AskedOf, QUESTIONS_FILE, QuestionKind, QuestionRow};
pub use write::{RunOptions, Tables, write};

/// What a number measures. The unit follows from it: [`Indicator::unit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// Weighted mean minutes over everybody (Eurostat: time spent).
    TimeSpent,
    /// Weighted share, in percent, doing it at all that day (Eurostat: participation rate).
    ParticipationRate,
    /// Weighted mean minutes of those who did it (Eurostat: participation time).
    ParticipationTime,
    /// Weighted share, in percent, doing it in a ten-minute slot: one point of the tempogram.
    ShareAtSlot,
    /// Time spent by women minus time spent by men, minutes.
    TimeGap,
    /// Time spent in percent of the day's 1440 minutes, as SDG 5.4.1 states it.
    ShareOfDay,
    /// The share at a slot of women minus that of men, percentage points.
    ShareGapAtSlot,
    /// The gap in percent of men's time: (F - M) / M.
    RelativeGap,
    /// Women's part of the time that both spend, in percent: F / (F + M).
    Asymmetry,
    /// The gap at one age structure for both sexes, minutes.
    StandardisedGap,
    /// The relative gap at one age structure for both sexes.
    StandardisedRelativeGap,
    /// The asymmetry at one age structure for both sexes.
    StandardisedAsymmetry,
    /// Weighted mean number of episodes per day over everybody.
    EpisodesPerDay,
    /// Weighted mean length of an episode: minutes by episodes.
    EpisodeLength,
    /// Weighted mean clock time at which it was first begun, of days on which it was begun: what is under way at 04:00 has
    /// no start in the diary.
    FirstStart,
    /// Weighted mean clock time at which it last ended, of days on which it ended before the diary did.
    LastEnd,
    /// Weighted share of days, in percent, with too little free time or too much work.
    TimePoverty,
    /// Minutes of an adult's day shared with another adult of the household, mean over pairs.
    SharedTime,
    /// Value of the time at hourly wages, euros per person and day.
    ValuePerDay,
    /// The same of the whole population in a year of 365 days, euros.
    ValuePerYear,
}

impl Indicator {
    /// The unit of its values.
    pub fn unit(self) -> Unit {
        match self {
            Indicator::TimeSpent
            | Indicator::ParticipationTime
            | Indicator::TimeGap
            | Indicator::StandardisedGap
            | Indicator::SharedTime => Unit::MinutesPerDay,
            Indicator::ParticipationRate
            | Indicator::ShareAtSlot
            | Indicator::ShareOfDay
            | Indicator::RelativeGap
            | Indicator::Asymmetry
            | Indicator::StandardisedRelativeGap
            | Indicator::StandardisedAsymmetry
            | Indicator::TimePoverty => Unit::Percent,
            Indicator::ShareGapAtSlot => Unit::PercentagePoints,
            Indicator::EpisodesPerDay => Unit::EpisodesPerDay,
            Indicator::EpisodeLength => Unit::MinutesPerEpisode,
            Indicator::FirstStart | Indicator::LastEnd => Unit::MinutesAfterFour,
            Indicator::ValuePerDay => Unit::EurosPerDay,
            Indicator::ValuePerYear => Unit::EurosPerYear,
        }
    }

    /// Whether it is a mean over those who did it, so that they are the persons it counts.
    pub fn is_of_participants(self) -> bool {
        use Indicator::{EpisodeLength, FirstStart, LastEnd, ParticipationTime};
        matches!(self, ParticipationTime | EpisodeLength | FirstStart | LastEnd)
    }

    /// For an indicator that sets women against men, the one whose two values it compares; it is judged by them.
    pub fn compares(self) -> Option<Indicator> {
        use Indicator::{
            Asymmetry, RelativeGap, StandardisedAsymmetry, StandardisedGap, StandardisedRelativeGap, TimeGap,
        };
        match self {
            Indicator::ShareGapAtSlot => Some(Indicator::ShareAtSlot),
            TimeGap | RelativeGap | Asymmetry | StandardisedGap | StandardisedRelativeGap | StandardisedAsymmetry => {
                Some(Indicator::TimeSpent)
            }
            _ => None,
        }
    }
}

/// The unit of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minutes per day.
    MinutesPerDay,
    /// Percent; 0 to 100 but for a relative gap.
    Percent,
    /// Difference of two percentages.
    PercentagePoints,
    /// Episodes per day.
    EpisodesPerDay,
    /// Minutes per episode.
    MinutesPerEpisode,
    /// A clock time as minutes after 04:00.
    MinutesAfterFour,
    /// Euros per person and day.
    EurosPerDay,
    /// Euros per year.
    EurosPerYear,
}

/// What of a diary a category is about. A code means something only within its timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeline {
    /// The main activity.
    Main,
    /// The main or the secondary activity; a minute in which both are of the category counts once.
    Any,
    /// Who was there.
    WithWhom,
    /// The place, or the means of transport.
    Location,
    /// Whether a computer, tablet or smartphone was in use.
    Device,
    /// Named measures made of the others, such as unpaid work.
    Derived,
    /// What two adults of a household do at the same time.
    Shared,
}

impl Timeline {
    /// All timelines, in the order of the estimates.
    pub const ALL: [Timeline; 7] = [
        Timeline::Main,
        Timeline::Any,
        Timeline::WithWhom,
        Timeline::Location,
        Timeline::Device,
        Timeline::Derived,
        Timeline::Shared,
    ];
}

/// Reliability of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Flag {
    /// Reliable.
    A,
    /// To be used with care: a low-reliability estimate.
    E,
    /// Too unreliable to show; the row has no value.
    #[serde(rename = "suppressed")]
    Suppressed,
}

/// Confidentiality of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Open.
    Published,
    /// Withheld for statistical secrecy, by what it tells itself; the row has no value.
    Withheld,
    /// Withheld because a withheld number could be worked out from it; the row has no value.
    WithheldSecondary,
}

impl Status {
    /// Whether a row with this status has no value for secrecy's sake.
    pub fn is_withheld(self) -> bool {
        self != Status::Published
    }
}

/// One published number. `docs/ARCHITECTURE.md` says what each column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EstimateRow {
    /// What it measures.
    pub indicator: Indicator,
    /// In which unit.
    pub unit: Unit,
    /// What of the day it is about.
    pub timeline: Timeline,
    /// Code of the category in its timeline.
    pub activity: String,
    /// Level of that code.
    pub level: u8,
    /// `all`, `F` or `M`.
    pub sex: String,
    /// `all` or an age group such as `25-44`.
    pub age_group: String,
    /// `all` or a target group's name.
    pub target_group: String,
    /// `average`, `weekday`, `saturday` or `sunday`.
    pub day: String,
    /// 0..143 for [`Indicator::ShareAtSlot`] and [`Indicator::ShareGapAtSlot`].
    pub slot: Option<u8>,
    /// The number; absent when withheld or suppressed.
    pub value: Option<f64>,
    /// Its standard error, in the value's unit.
    pub standard_error: Option<f64>,
    /// Lower end of the 95% interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub ci_high: Option<f64>,
    /// Degrees of freedom in the domain.
    pub degrees_of_freedom: Option<f64>,
    /// Unweighted persons behind the number; 0 where it is withheld, since the count itself would tell.
    pub n: u64,
    /// Reliability.
    pub flag: Flag,
    /// Confidentiality.
    pub status: Status,
}

impl EstimateRow {
    /// Both limits of the simultaneous 95% band of a tempogram: the chance that any of the 144 slots of a curve lies
    /// outside is at most 5% (Bonferroni), where the row's own interval is for one slot. `None` where the row has no
    /// slot or no value.
    pub fn simultaneous_band(&self) -> Option<(f64, f64)> {
        self.slot?;
        let df = self.degrees_of_freedom.filter(|df| *df > 0.0)?;
        let half = t_quantile(1.0 - 0.025 / SLOTS_PER_DAY as f64, df) * self.standard_error?;
        let value = self.value?;
        Some((value - half, value + half))
    }
}

/// A reported activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassificationRow {
    /// Code.
    pub code: String,
    /// Level, 1 the coarsest.
    pub level: u8,
    /// Italian label.
    pub label_it: String,
    /// English label.
    pub label_en: String,
    /// Space-separated code prefixes that make it up; those led by `-` are taken out.
    pub members: String,
}

/// A category that the estimates speak of: a row of their `classification.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRow {
    /// The timeline that its code belongs to.
    pub timeline: Timeline,
    /// Code, unique within the timeline.
    pub code: String,
    /// Level, 1 the coarsest.
    pub level: u8,
    /// Italian label.
    pub label_it: String,
    /// English label.
    pub label_en: String,
    /// What makes it up: space-separated code prefixes of its timeline; those led by `-` are taken out.
    pub members: String,
}

/// What a named group of people is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// A target group, by answers.
    Target,
    /// Those who live in a zone of the city.
    Zone,
}

/// A group that the column `target_group` names: a row of `groups.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// The code in the column.
    pub code: String,
    /// What it is.
    pub kind: GroupKind,
    /// Italian label.
    pub label_it: String,
    /// English label.
    pub label_en: String,
}

impl GroupRow {
    /// What it is called.
    pub fn label(&self, language: Language) -> &str {
        let (first, second) = match language {
            Language::It | Language::Ar => (&self.label_it, &self.label_en),
            Language::En => (&self.label_en, &self.label_it),
        };
        [first, second].into_iter().find(|label| !label.is_empty()).unwrap_or(&self.code)
    }

    /// Tempi's target groups.
    pub fn targets() -> Vec<GroupRow> {
        PopulationGroup::all(Vec::new()).into_iter().filter_map(GroupRow::of).collect()
    }

    /// The row of a group; none for everybody and for age groups, which have a column of their own.
    pub fn of(group: PopulationGroup) -> Option<GroupRow> {
        let (kind, label) = match group {
            PopulationGroup::All | PopulationGroup::Age(_) => return None,
            PopulationGroup::Target(target) => (GroupKind::Target, target.label.clone()),
            PopulationGroup::Zone(zone) => (GroupKind::Zone, zone.label()),
        };
        Some(GroupRow { code: group.target_code().to_owned(), kind, label_it: label.it, label_en: label.en })
    }
}

/// What was asked of a run and on what it was computed: `run.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Version of the programs that made it.
    pub tempi_version: String,
    /// Name of the survey.
    pub title: Label,
    /// Whom it describes.
    pub population: Label,
    /// `tempi`, `atus`, …
    pub source: String,
    /// Whether the data are synthetic; then every page and chart says so.
    pub synthetic: bool,
    /// Name of the classification.
    pub classification: String,
    /// As-of time of the snapshot, to the hour.
    pub as_of: String,
    /// SHA-256 of the snapshot's manifest, hexadecimal.
    pub input_sha256: String,
    /// Fewest persons behind a published number.
    pub threshold: u64,
    /// `file`, `post-stratified`, or `none` where the weights were set aside.
    pub weighting: String,
    /// Persons in the snapshot.
    pub n_persons: u64,
    /// Diaries used.
    pub n_diaries: u64,
    /// Diaries left out for their quality.
    pub n_diaries_rejected: u64,
}

/// A whole estimates folder in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// The numbers, in the order of the file.
    pub rows: Vec<EstimateRow>,
    /// The categories they speak of, timeline by timeline, by level.
    pub classification: Vec<CategoryRow>,
    /// The groups that the column `target_group` names, target groups before zones. Of estimates of a version that had no
    /// such list these are Tempi's target groups.
    pub groups: Vec<GroupRow>,
    /// The numbers of the questionnaires, in the order of their file; none where no answers were told.
    pub answers: Vec<AnswerRow>,
    /// The questions that they answer, answer by answer.
    pub questions: Vec<QuestionRow>,
    /// What the run was.
    pub run: RunInfo,
}

/// Why an estimates folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file is missing or unreadable.
    #[error("cannot read {path}: {source}. Run `tempi analyse` to make the estimates again.")]
    Io {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} is not an estimates file: {message}. Run `tempi analyse` to make it again.")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong, with the line.
        message: String,
    },
}

impl Estimates {
    /// Reads `estimates.csv`, `classification.csv`, `groups.csv`, `answers.csv`, `questions.csv` and `run.json` from
    /// `folder`; the answers' files need not be there.
    pub fn read(folder: &Path) -> Result<Estimates, ReadError> {
        let run_path = folder.join("run.json");
        let text = std::fs::read_to_string(&run_path)
            .map_err(|source| ReadError::Io { path: run_path.display().to_string(), source })?;
        let run = serde_json::from_str(&text).map_err(|error| ReadError::Malformed {
            path: run_path.display().to_string(),
            message: error.to_string(),
        })?;
        Ok(Estimates {
            rows: read_csv(&folder.join("estimates.csv"))?,
            classification: read_csv(&folder.join("classification.csv"))?,
            groups: match folder.join(GROUPS_FILE) {
                path if path.exists() => read_csv(&path)?,
                _ => GroupRow::targets(),
            },
            answers: read_csv_if_there(&folder.join(ANSWERS_FILE))?,
            questions: read_csv_if_there(&folder.join(QUESTIONS_FILE))?,
            run,
        })
    }

    /// The group with this code in the column `target_group`.
    pub fn group(&self, code: &str) -> Option<&GroupRow> {
        self.groups.iter().find(|group| group.code == code)
    }
}

/// The file of the groups.
pub const GROUPS_FILE: &str = "groups.csv";

fn read_csv_if_there<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, ReadError> {
    if path.exists() { read_csv(path) } else { Ok(Vec::new()) }
}

fn read_csv<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, ReadError> {
    let shown = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|source| ReadError::Io { path: shown.clone(), source })?;
    csv::Reader::from_reader(file)
        .deserialize()
        .collect::<Result<Vec<T>, _>>()
        .map_err(|error| ReadError::Malformed { path: shown, message: error.to_string() })
}
