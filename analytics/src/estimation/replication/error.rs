//! Why replicates cannot be made.

/// Why a design cannot be replicated in this way. Nothing was computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReplicateError {
    /// JK1 knows no strata.
    #[error("JK1 is for designs without strata, and this one has {n_strata}. Nothing was computed; use JKn.")]
    Stratified {
        /// Strata.
        n_strata: usize,
    },
    /// A stratum has one cluster.
    #[error(
        "stratum number {stratum} has one cluster only, which cannot be replicated. Nothing was computed; join it with \
         a similar stratum."
    )]
    SingleCluster {
        /// The stratum, counted from 1 in the design's order.
        stratum: usize,
    },
    /// Half-samples need pairs.
    #[error(
        "stratum number {stratum} has {n_clusters} clusters, which make no pairs. Nothing was computed; choose `merge`, \
         or another kind of replicates."
    )]
    NoPairs {
        /// The stratum, counted from 1 in the design's order.
        stratum: usize,
        /// Its clusters.
        n_clusters: usize,
    },
    /// Fay's coefficient.
    #[error("Fay's coefficient is {rho}. Nothing was computed; it is 0 or more and below 1.")]
    Rho {
        /// The coefficient.
        rho: f64,
    },
    /// Too few replicates for a variance.
    #[error("{n_replicates} replicates are too few for a variance. Nothing was computed; use at least 2.")]
    TooFew {
        /// Replicates.
        n_replicates: usize,
    },
    /// More numbers than a machine should hold.
    #[error(
        "{n_clusters} clusters in {n_replicates} replicates are too many numbers. Nothing was computed; use a bootstrap or \
         successive differences, or estimate by linearisation."
    )]
    TooMany {
        /// Clusters.
        n_clusters: usize,
        /// Replicates.
        n_replicates: usize,
    },
    /// Columns of replicate weights that do not fit.
    #[error("{what}. Nothing was computed; correct the columns of replicate weights.")]
    Columns {
        /// What is wrong.
        what: String,
    },
}
