//! What can be wrong with a design, said so that whoever reads it knows which column to look at.

/// Why a design gives no variance. Stages count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// A declared stratum has a single cluster, so the spread between its clusters is unknown.
    #[error(
        "stratum `{stratum}` has one cluster only (`{cluster}`) at stage {stage}, so its variance cannot be estimated. \
         Nothing was written. Join it with a similar stratum in the column `stratum`, or say what such strata count \
         for (remove, adjust, average, certainty, collapse), and run again."
    )]
    SingleCluster {
        /// The stage.
        stage: usize,
        /// The stratum's name.
        stratum: String,
        /// Its only cluster.
        cluster: String,
    },
    /// There is nothing to describe.
    #[error("a design needs at least one stage and one unit. Nothing was written.")]
    Empty,
    /// The columns of a design describe different numbers of units.
    #[error(
        "at stage {stage} the column of {column} has {found} values where the first column of clusters has {expected}. \
         Nothing was written; give every column of the design for the same units."
    )]
    Length {
        /// The stage.
        stage: usize,
        /// Which column.
        column: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A cluster lies in two strata.
    #[error(
        "cluster `{cluster}` lies in the strata `{first}` and `{second}` at stage {stage}. Nothing was written. If labels \
         start again in each stratum, say that clusters are nested in strata; otherwise correct its stratum."
    )]
    NotNested {
        /// The stage.
        stage: usize,
        /// The cluster.
        cluster: String,
        /// One stratum.
        first: String,
        /// The other stratum.
        second: String,
    },
    /// A population size is neither a number of clusters nor a share of them.
    #[error(
        "the population size {value} of unit {unit} at stage {stage} is not above zero. Nothing was written; give the number \
         of clusters in the stratum, or the share of them that was drawn."
    )]
    Population {
        /// The stage.
        stage: usize,
        /// The unit, counted from 1.
        unit: usize,
        /// What was given.
        value: f64,
    },
    /// Some values are numbers of clusters, others shares of them.
    #[error(
        "population sizes are given as numbers above 1 ({count}, stage {count_stage}) and as shares below 1 ({share}, stage \
         {share_stage}). Nothing was written; give all of them in one way."
    )]
    MixedPopulation {
        /// A number of clusters.
        count: f64,
        /// The stage it is given for.
        count_stage: usize,
        /// A share.
        share: f64,
        /// The stage it is given for.
        share_stage: usize,
    },
    /// The population size differs between units of one stratum.
    #[error(
        "the population size of stratum `{stratum}` at stage {stage} is {first} for some units and {second} for others. \
         Nothing was written; a stratum has one population size."
    )]
    PopulationVaries {
        /// The stage.
        stage: usize,
        /// The stratum.
        stratum: String,
        /// One value.
        first: f64,
        /// Another value.
        second: f64,
    },
    /// More clusters were drawn than there are.
    #[error(
        "stratum `{stratum}` has {n_clusters} clusters in the sample at stage {stage}, but only {population} in the \
         population. Nothing was written; correct its population size."
    )]
    PopulationBelowSample {
        /// The stage.
        stage: usize,
        /// The stratum.
        stratum: String,
        /// Clusters drawn.
        n_clusters: u32,
        /// Clusters in the population.
        population: f64,
    },
}
