//! The sampling design: stages of strata and clusters with their population sizes, and the one routine that turns
//! scores into variances. It knows nothing of weights, variables or domains beyond which clusters a domain reaches.
//!
//! A design is made of any number of stages ([`Stage`]). Each unit has a *leaf*: the deepest cluster that matters to the
//! variance. Below a stage without finite population correction nothing matters any more, because the clusters drawn
//! there then carry all that was sampled inside them (ultimate clusters). [`SurveyDesign::covariance`] takes the sums of
//! scores by leaf and adds the spread within strata over all stages.
//!
//! Sources: Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), section 4.3; Lumley, Complex Surveys
//! (2010), chapter 2 and appendix C; the R package survey, `svydesign` and `svyrecvar`, whose terms are used.

mod build;
mod covariance;
mod error;
mod labels;
mod variance;

use serde::{Deserialize, Serialize};

pub use covariance::Covariance;
pub use error::DesignError;
pub use labels::Labels;
pub(crate) use variance::Scores;

/// One stage of sampling, as columns over the units of the sample.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    /// The stratum each unit's cluster was drawn in; `None` for a stage without strata. Strata of a later stage divide
    /// the clusters of the stage before.
    pub strata: Option<&'a Labels>,
    /// The cluster each unit belongs to.
    pub clusters: &'a Labels,
    /// The finite population correction: how many clusters the unit's stratum has in the population, or, where no value
    /// of any stage exceeds 1, the share of them that was drawn (as in R's `fpc`). `f64::INFINITY` for a stratum drawn
    /// with replacement; `None` for a whole stage of them.
    pub population: Option<&'a [f64]>,
}

/// What to do with a stratum of which a single cluster was drawn (R's `survey.lonely.psu`). Strata taken as a whole
/// have no sampling variance and are never concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SingleCluster {
    /// The design is refused, with the stratum's name.
    #[default]
    Fail,
    /// The stratum adds nothing to the variance.
    Remove,
    /// Its cluster's deviation is taken from the mean over all clusters instead of its stratum's.
    Adjust,
    /// It adds what the other strata add on average.
    Average,
    /// It counts as taken with certainty, and adds nothing.
    Certainty,
    /// It is joined with the next stratum in order (the last one with that before it), as often as needed; their
    /// populations add up. Strata taken as a whole are passed over. Degrees of freedom count joined strata once.
    Collapse,
}

/// Whether the rule for single clusters also holds for a stratum with several clusters of which a domain reaches only
/// one (R's `survey.adjust.domain.lonely`). It only makes a difference with [`SingleCluster::Adjust`] and
/// [`SingleCluster::Average`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LonelyInDomain {
    /// No: clusters without anybody in the domain count as zero, and the stratum has its ordinary variance.
    #[default]
    AsInDesign,
    /// Yes.
    AsSingleCluster,
}

/// Whether a cluster's label may stand for different clusters in different strata (R's `nest`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClusterLabels {
    /// A label names one cluster: one that appears in two strata is an error.
    #[default]
    Unique,
    /// Labels start again in each stratum: the same label in another stratum is another cluster.
    WithinStrata,
}

/// The rules of a design that its columns do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DesignRules {
    /// How cluster labels are to be read.
    pub labels: ClusterLabels,
    /// Strata with a single cluster.
    pub single_cluster: SingleCluster,
    /// Strata of which a domain reaches a single cluster.
    pub lonely_in_domain: LonelyInDomain,
}

/// Where a sampled person belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement<'a> {
    /// The stratum; `None` where the sample has none.
    pub stratum: Option<&'a str>,
    /// The cluster, unique within its stratum.
    pub cluster: &'a str,
}

/// A sampling design, its clusters numbered so that those of a stratum, and the parts of a cluster, lie together.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyDesign {
    rules: DesignRules,
    /// The stages that matter to the variance, the first stage first.
    levels: Vec<Level>,
    leaf_of_unit: Vec<u32>,
    first_stage_of_leaf: Vec<u32>,
    /// The probability with which each leaf was drawn; zero where a population size is unknown.
    probabilities: Vec<f64>,
}

/// The clusters of one stage.
#[derive(Debug, Clone, PartialEq, Default)]
struct Level {
    /// Strata in order; those of one cluster of the stage before lie together.
    strata: Vec<Stratum>,
    stratum_of_cluster: Vec<u32>,
    /// How many clusters of this stage each cluster of the stage before has.
    n_clusters_of_parent: Vec<u32>,
}

/// A stratum of one stage.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stratum {
    /// The cluster of the stage before that it divides; 0 at the first stage.
    parent: u32,
    /// Clusters drawn.
    n_clusters: u32,
    /// Clusters in the population; infinite without correction.
    population: f64,
    /// What a squared deviation counts for: n / (n - 1) times (1 - n / N), for a single cluster without the first
    /// factor, times the shares n / N drawn at the stages before.
    scale: f64,
}

impl SurveyDesign {
    /// The design of persons in ultimate clusters, drawn with replacement within strata, and for each person the number
    /// of its cluster. A sample without declared strata is one stratum and may have a single cluster: it then has no variance.
    pub fn new(units: &[Placement<'_>]) -> Result<(SurveyDesign, Vec<u32>), DesignError> {
        SurveyDesign::of_clusters(units, None, SingleCluster::default())
    }

    /// The same with a rule for strata of a single cluster, and how many clusters each unit's stratum has in the population.
    pub fn of_clusters(
        units: &[Placement<'_>],
        population: Option<&[f64]>,
        single_cluster: SingleCluster,
    ) -> Result<(SurveyDesign, Vec<u32>), DesignError> {
        let strata = Labels::from_optional_text(units.iter().map(|unit| unit.stratum));
        let clusters = Labels::from_text(units.iter().map(|unit| unit.cluster));
        let is_stratified = units.iter().any(|unit| unit.stratum.is_some());
        let stage = Stage { strata: is_stratified.then_some(&strata), clusters: &clusters, population };
        let rules = DesignRules { labels: ClusterLabels::WithinStrata, single_cluster, ..DesignRules::default() };
        let design = SurveyDesign::of_stages(&[stage], rules)?;
        let clusters = design.leaf_of_unit.clone();
        Ok((design, clusters))
    }

    /// The rules the design was made with.
    pub fn rules(&self) -> DesignRules {
        self.rules
    }

    /// Units in the sample.
    pub fn n_units(&self) -> usize {
        self.leaf_of_unit.len()
    }

    /// The leaf of each unit.
    pub fn leaf_of_unit(&self) -> &[u32] {
        &self.leaf_of_unit
    }

    /// The weights that the design gives its units, the product of N / n over all stages (R's `weights` of a design with
    /// `fpc` alone). `None` where a stage does not tell its population sizes.
    pub fn base_weights(&self) -> Option<Vec<f64>> {
        let weight = |leaf: &u32| 1.0 / self.probabilities[*leaf as usize];
        let weights: Vec<f64> = self.leaf_of_unit.iter().map(weight).collect();
        weights.iter().all(|weight| weight.is_finite()).then_some(weights)
    }

    /// Leaves of the design: its clusters, where it has one stage.
    pub fn n_leaves(&self) -> usize {
        self.first_stage_of_leaf.len()
    }

    /// Stages that matter to the variance.
    pub fn n_stages(&self) -> usize {
        self.levels.len()
    }

    /// Clusters of the first stage in the sample.
    pub fn n_clusters(&self) -> usize {
        self.levels[0].stratum_of_cluster.len()
    }

    /// Strata of the first stage, joined ones counted once.
    pub fn n_strata(&self) -> usize {
        self.levels[0].strata.len()
    }

    /// Clusters of the sample in a `stratum` of the first stage.
    pub fn n_clusters_in(&self, stratum: u32) -> usize {
        self.levels[0].strata[stratum as usize].n_clusters as usize
    }

    /// Clusters in the population of a `stratum` of the first stage; infinite without finite population correction.
    pub fn population_in(&self, stratum: u32) -> f64 {
        self.levels[0].strata[stratum as usize].population
    }

    /// The first-stage cluster that a leaf lies in; it ascends with the leaf.
    pub fn cluster_of_leaf(&self, leaf: u32) -> u32 {
        self.first_stage_of_leaf[leaf as usize]
    }

    /// The first-stage stratum of a first-stage cluster; it ascends with the cluster.
    pub fn stratum_of(&self, cluster: u32) -> u32 {
        self.levels[0].stratum_of_cluster[cluster as usize]
    }

    /// Degrees of freedom of the part of the sample that has a unit in `units`: its first-stage clusters minus their
    /// strata (R's `degf`). Zero where nobody is in it.
    pub fn degrees_of_freedom(&self, units: impl IntoIterator<Item = usize>) -> u32 {
        let mut has_cluster = vec![false; self.n_clusters()];
        let mut has_stratum = vec![false; self.n_strata()];
        let (mut n_clusters, mut n_strata) = (0, 0);
        for unit in units {
            let cluster = self.cluster_of_leaf(self.leaf_of_unit[unit]);
            if !std::mem::replace(&mut has_cluster[cluster as usize], true) {
                n_clusters += 1;
                let stratum = self.stratum_of(cluster) as usize;
                n_strata += u32::from(!std::mem::replace(&mut has_stratum[stratum], true));
            }
        }
        n_clusters - n_strata
    }
}

#[cfg(test)]
mod tests;
