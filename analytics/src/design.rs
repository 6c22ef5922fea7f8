//! The sampling design: strata and clusters, numbered so that a stratum's clusters lie together.
//! Ultimate clusters: whatever was sampled below the first stage nests in them, the days of a person too.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Why a design gives no variance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// A declared stratum has a single cluster, so the spread between its clusters is unknown.
    #[error(
        "stratum `{stratum}` has one cluster only (`{cluster}`), so its variance cannot be estimated. \
         Nothing was written. Join it with a similar stratum in the column `stratum` of `persons` and run again."
    )]
    SingleCluster {
        /// The stratum's name.
        stratum: String,
        /// Its only cluster.
        cluster: String,
    },
}

/// Where a sampled person belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement<'a> {
    /// The stratum; `None` where the sample has none.
    pub stratum: Option<&'a str>,
    /// The cluster, unique within its stratum.
    pub cluster: &'a str,
}

/// Strata and clusters of a sample drawn with replacement at its first stage (no finite population correction).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyDesign {
    clusters_of_stratum: Vec<Range<usize>>,
    stratum_of_cluster: Vec<u32>,
}

impl SurveyDesign {
    /// The design of these units, and for each unit the number of its cluster.
    /// A sample without declared strata is one stratum and may have a single cluster: it then has no variance.
    pub fn new(units: &[Placement<'_>]) -> Result<(SurveyDesign, Vec<u32>), DesignError> {
        let mut clusters: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        for unit in units {
            clusters.entry(unit.stratum).or_default().insert(unit.cluster);
        }
        let mut numbers = BTreeMap::new();
        let mut design = SurveyDesign { clusters_of_stratum: Vec::new(), stratum_of_cluster: Vec::new() };
        for (stratum, names) in &clusters {
            if let (Some(stratum), Some(cluster), 1) = (stratum, names.first(), names.len()) {
                return Err(DesignError::SingleCluster {
                    stratum: (*stratum).to_owned(),
                    cluster: (*cluster).to_owned(),
                });
            }
            let first = design.stratum_of_cluster.len();
            for name in names {
                numbers.insert((*stratum, *name), design.stratum_of_cluster.len() as u32);
                design.stratum_of_cluster.push(design.clusters_of_stratum.len() as u32);
            }
            design.clusters_of_stratum.push(first..design.stratum_of_cluster.len());
        }
        let of_unit = units.iter().map(|unit| numbers[&(unit.stratum, unit.cluster)]).collect();
        Ok((design, of_unit))
    }

    /// Clusters in the sample.
    pub fn n_clusters(&self) -> usize {
        self.stratum_of_cluster.len()
    }

    /// Clusters of the sample in `stratum`.
    pub fn n_clusters_in(&self, stratum: u32) -> usize {
        self.clusters_of_stratum[stratum as usize].len()
    }

    /// The stratum of a cluster.
    pub fn stratum_of(&self, cluster: u32) -> u32 {
        self.stratum_of_cluster[cluster as usize]
    }
}
