//! What a release is asked: snapshot, design, weights, domains, measures and secrecy, as an office writes them in TOML
//! or the command line puts them together. Nothing is computed here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::design::SingleCluster;
use crate::desk::Calfun;
use crate::disclosure::{Dominance, NonParticipants, PPercent, Rests, SecrecyRules, Unlisted};
use crate::measure::MeasureSet;

/// A whole release. Paths are relative to the plan's own folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasePlan {
    /// The snapshot's folder.
    pub snapshot: PathBuf,
    /// The estimates' folder; replaced when it holds earlier estimates.
    #[serde(default = "estimates")]
    pub output: PathBuf,
    /// The sampling design.
    #[serde(default)]
    pub design: DesignPlan,
    /// The weights.
    #[serde(default)]
    pub weights: WeightPlan,
    /// Whom numbers are about.
    #[serde(default)]
    pub domains: DomainPlan,
    /// What is measured.
    #[serde(default)]
    pub measures: MeasureSet,
    /// Which answers to questionnaires are told.
    #[serde(default)]
    pub answers: AnswersPlan,
    /// What is kept secret.
    #[serde(default)]
    pub secrecy: SecrecyPlan,
}

fn estimates() -> PathBuf {
    PathBuf::from("estimates")
}

/// The sampling design: strata and clusters come from the snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DesignPlan {
    /// What a cluster is.
    pub clusters: Clusters,
    /// Strata with a single cluster.
    pub single_cluster: SingleCluster,
    /// A CSV file `stratum,clusters` of how many clusters each stratum has in the population: the finite population
    /// correction of the first stage. Without strata the file has one line, its stratum empty.
    pub populations: Option<PathBuf>,
}

/// What a cluster is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clusters {
    /// The snapshot's cluster; without one the household, and without that the person.
    #[default]
    FromFile,
    /// The household; without one the person.
    Household,
    /// The person: the days of a person are the cluster.
    Person,
}

/// The weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightPlan {
    /// Which weights to begin with.
    pub base: BaseWeights,
    /// The adjustment for persons without a diary in use.
    pub nonresponse: Option<NonresponsePlan>,
    /// Known totals of the population, CSV: `sex,age_group,population` to post-stratify to, or
    /// `margin,category,total`, margins being variables of persons, several joined by `*`.
    pub margins: Option<PathBuf>,
    /// The distance that calibration to `margin,category,total` keeps small.
    pub calfun: Calfun,
    /// Least and largest factor of a weight.
    pub bounds: Option<(f64, f64)>,
    /// Whether the members of a household get the same weight; those they begin with are averaged first.
    pub equal_in_household: bool,
    /// Least and largest weight afterwards; margins still hold.
    pub trim: Option<(f64, f64)>,
}

/// Which weights a run begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseWeights {
    /// Those of the snapshot.
    #[default]
    #[serde(rename = "file")]
    FromFile,
    /// One for everybody: to see what the weights do, never to publish.
    #[serde(rename = "one")]
    AllOne,
}

/// Persons of the snapshot without a diary in use hand their weight to those with one, class by class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NonresponsePlan {
    /// Variables of persons that, crossed, make the classes.
    pub classes: Vec<String>,
    /// A class with fewer respondents is joined with its neighbour.
    #[serde(default = "twenty")]
    pub min_respondents: usize,
}

fn twenty() -> usize {
    20
}

/// Whom numbers are about, besides everybody: by sex and kind of day always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DomainPlan {
    /// Whether each age group gets its numbers.
    pub age_groups: bool,
    /// The target groups that get theirs, by name; none given means all.
    pub target_groups: Option<Vec<String>>,
    /// Whether each zone of the city gets its numbers; where it is not said, if two zones or more have respondents enough.
    pub zones: Option<bool>,
}

impl Default for DomainPlan {
    fn default() -> DomainPlan {
        DomainPlan { age_groups: true, target_groups: None, zones: None }
    }
}

/// Which answers to questionnaires are told. A question is called by its name, a question of a grid `QUESTION.COLUMN`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswersPlan {
    /// Whether any are.
    pub publish: bool,
    /// Questions, and whole questionnaires, that are not.
    pub leave_out: Vec<String>,
    /// Questions whose options are a scale, from least to most; those of Tempi's own questionnaires are known.
    pub scales: Vec<String>,
    /// By question, the options that are no answer to it (a refusal, "does not apply to me"): who chose one is not counted.
    pub set_aside: BTreeMap<String, Vec<String>>,
}

impl Default for AnswersPlan {
    fn default() -> AnswersPlan {
        AnswersPlan { publish: true, leave_out: Vec::new(), scales: Vec::new(), set_aside: BTreeMap::new() }
    }
}

/// What is kept secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecrecyPlan {
    /// Fewest persons behind a published number; three at least (D.Lgs. 322/1989, art. 9).
    pub minimum_frequency: u64,
    /// Minutes are unsafe when the `n` largest contributions make up more than `k` percent.
    pub dominance: Option<Dominance>,
    /// Minutes are unsafe when the largest contribution can be estimated to within `p` percent.
    pub p_percent: Option<PPercent>,
    /// Whether the few who did not do something are protected too.
    pub non_participants: NonParticipants,
    /// Which differences between groups are protected.
    pub unlisted: Unlisted,
    /// Whether outsiders know that what no table shows is not negative.
    pub rests: Rests,
    /// The JSON file of what earlier releases of the same data told; kept up to date. For the office only.
    pub history: Option<PathBuf>,
    /// The CSV file to write the audit of withheld numbers to. For the office only: it holds their true values.
    pub audit: Option<PathBuf>,
}

impl SecrecyPlan {
    /// The rules.
    pub fn rules(&self) -> SecrecyRules {
        SecrecyRules {
            minimum_frequency: self.minimum_frequency,
            dominance: self.dominance,
            p_percent: self.p_percent,
            non_participants: self.non_participants,
            unlisted: self.unlisted,
            rests: self.rests,
            ..SecrecyRules::default()
        }
    }
}

impl Default for SecrecyPlan {
    fn default() -> SecrecyPlan {
        SecrecyPlan {
            minimum_frequency: LEAST_FREQUENCY,
            dominance: None,
            p_percent: None,
            non_participants: NonParticipants::default(),
            unlisted: Unlisted::default(),
            rests: Rests::default(),
            history: None,
            audit: None,
        }
    }
}

/// The law's minimum.
pub const LEAST_FREQUENCY: u64 = 3;

/// Why a plan cannot be used. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be read.
    #[error("cannot read the release {path}: {message}. Nothing was written.")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
    /// It is not a release.
    #[error("{path} does not describe a release: {message}Nothing was written; correct the line and run again.")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong, with the line.
        message: String,
    },
    /// The minimum is below the law's.
    #[error(
        "the minimum frequency is {found}; it is {LEAST_FREQUENCY} or more (D.Lgs. 322/1989, art. 9). Nothing was written."
    )]
    MinimumFrequency {
        /// What was asked.
        found: u64,
    },
    /// No target group has this name.
    #[error("there is no target group `{name}`. Nothing was written; the groups are {}.", known.join(", "))]
    TargetGroup {
        /// The name.
        name: String,
        /// The groups there are.
        known: Vec<String>,
    },
}

impl ReleasePlan {
    /// The standard release of a snapshot.
    pub fn new(snapshot: PathBuf, output: PathBuf) -> ReleasePlan {
        ReleasePlan {
            snapshot,
            output,
            design: DesignPlan::default(),
            weights: WeightPlan::default(),
            domains: DomainPlan::default(),
            measures: MeasureSet::default(),
            answers: AnswersPlan::default(),
            secrecy: SecrecyPlan::default(),
        }
    }

    /// Reads a release in TOML.
    pub fn read(path: &Path) -> Result<ReleasePlan, PlanError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| PlanError::Unreadable { path: shown.clone(), message: error.to_string() })?;
        let mut plan: ReleasePlan =
            toml::from_str(&text).map_err(|error| PlanError::Malformed { path: shown, message: error.to_string() })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        plan.paths().for_each(|path| *path = folder.join(&path));
        plan.check()?;
        Ok(plan)
    }

    /// The plan as a run states it: files by their names, so that the same run says the same in every folder.
    #[must_use]
    pub fn stated(&self) -> ReleasePlan {
        let mut plan = self.clone();
        for path in plan.paths() {
            *path = path.file_name().map_or_else(PathBuf::new, PathBuf::from);
        }
        plan
    }

    /// Every file and folder it names.
    fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let files = [
            &mut self.weights.margins,
            &mut self.design.populations,
            &mut self.measures.hourly_wages,
            &mut self.secrecy.history,
            &mut self.secrecy.audit,
        ];
        files.into_iter().flatten().chain([&mut self.snapshot, &mut self.output])
    }

    /// Refuses what no release may ask.
    pub fn check(&self) -> Result<(), PlanError> {
        if self.secrecy.minimum_frequency < LEAST_FREQUENCY {
            return Err(PlanError::MinimumFrequency { found: self.secrecy.minimum_frequency });
        }
        let known: Vec<String> = questionnaires::target_group::all().iter().map(|group| group.name.clone()).collect();
        match self.domains.target_groups.iter().flatten().find(|name| !known.contains(name)) {
            Some(name) => Err(PlanError::TargetGroup { name: name.clone(), known }),
            None => Ok(()),
        }
    }
}
