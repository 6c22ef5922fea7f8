//! Ways to make replicates of a design: jackknife, balanced half-samples, bootstrap, successive differences. Each gives
//! the factors of the design's clusters in every replicate, and how squares of replicates add up to a variance.
//!
//! Sources: Wolter, Introduction to Variance Estimation (2007), chapters 3 to 5; R survey's `as.svrepdesign`; Canty and Davison
//! (1999); Rao and Wu (1988), Rao, Wu and Yue (1992); Fay and Train (1995) and Ash (2014).

use crate::design::{SingleCluster, SurveyDesign};
use crate::synthetic::random::Random;

use super::error::ReplicateError;
use super::hadamard::Hadamard;

/// How replicates are made. Finite population corrections of the first stage enter every method. Random ones come from a seed: the same seed gives the same replicates on every machine, and
/// more replicates leave the first ones as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplicateMethod {
    /// Delete one cluster at a time; for designs without strata.
    Jk1,
    /// Delete one cluster at a time within its stratum.
    Jkn,
    /// Balanced repeated replication: one of the two clusters of each stratum, doubled.
    Brr(LargeStrata),
    /// Fay's method: one half-sample is multiplied by 2 - rho, the other by rho.
    Fay {
        /// Between 0 (balanced repeated replication) and 1, not included.
        rho: f64,
        /// Strata of more than two clusters.
        large: LargeStrata,
    },
    /// Canty and Davison: each stratum's clusters drawn with replacement, as many as there are; with a finite population
    /// correction, without replacement from the sample repeated to the population's size.
    Bootstrap {
        /// How many.
        n_replicates: usize,
        /// The seed.
        seed: u64,
    },
    /// Rao and Wu, with one cluster less than the stratum has (R's `subbootstrap`).
    RescaledBootstrap {
        /// How many.
        n_replicates: usize,
        /// The seed.
        seed: u64,
    },
    /// Successive differences, for clusters in the order of a systematic selection: factors 1 + 2^-1.5 (a - b) with
    /// two rows of a Hadamard matrix, the second of a cluster being the first of the next.
    SuccessiveDifference {
        /// How many at least: the next order of a Hadamard matrix is taken (160 is one).
        n_replicates: usize,
    },
}

/// What half-samples do with strata of more than two clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LargeStrata {
    /// Divide them into pairs, in order; an odd number is refused (R's default).
    #[default]
    Split,
    /// Take the first and the second half as the two clusters.
    Merge,
    /// Refuse them.
    Fail,
}

/// Factors held at most: two gigabytes.
const MAX_FACTORS: usize = 1 << 28;

/// Factors of clusters, and the scales of their squares.
#[derive(Debug)]
pub(super) struct Factors {
    /// Clusters by replicates, row-major.
    pub of_clusters: Vec<f64>,
    pub scale: f64,
    pub rscales: Vec<f64>,
    pub centre: Centre,
}

/// What the replicates' squares are taken around (R's `mse`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centre {
    /// The mean of the replicates (`mse = FALSE`).
    #[default]
    Mean,
    /// The estimate from the whole sample (`mse = TRUE`).
    Estimate,
}

/// The first stage, stratum by stratum; clusters of a stratum lie together.
struct Strata {
    all: Vec<Stratum>,
    n_clusters: usize,
    single_cluster: SingleCluster,
}

#[derive(Clone, Copy)]
struct Stratum {
    first: usize,
    n: usize,
    /// Clusters in the population.
    population: f64,
}

impl Stratum {
    /// The finite population correction, 1 - n / N.
    fn correction(self) -> f64 {
        if self.population.is_finite() { 1.0 - self.n as f64 / self.population } else { 1.0 }
    }

    /// A single cluster that does not stand for its stratum with certainty.
    fn is_lonely(self) -> bool {
        self.n < 2 && self.correction() > 0.0
    }
}

impl Strata {
    fn of(design: &SurveyDesign) -> Strata {
        let mut first = 0;
        let of_stratum = |stratum: usize| {
            let n = design.n_clusters_in(stratum as u32);
            first += n;
            Stratum { first: first - n, n, population: design.population_in(stratum as u32) }
        };
        Strata {
            all: (0..design.n_strata()).map(of_stratum).collect(),
            n_clusters: design.n_clusters(),
            single_cluster: design.rules().single_cluster,
        }
    }

    /// Refuses lonely clusters where the design's rule for them is not one that leaves them out.
    fn check_lonely(&self) -> Result<(), ReplicateError> {
        let leaves_out = matches!(self.single_cluster, SingleCluster::Remove | SingleCluster::Certainty);
        match self.all.iter().position(|stratum| stratum.is_lonely()) {
            Some(stratum) if !leaves_out => Err(ReplicateError::SingleCluster { stratum: stratum + 1 }),
            _ => Ok(()),
        }
    }

    fn check_size(&self, n_replicates: usize) -> Result<(), ReplicateError> {
        let n_clusters = self.n_clusters;
        match n_clusters.saturating_mul(n_replicates) {
            _ if n_replicates < 2 => Err(ReplicateError::TooFew { n_replicates }),
            size if size > MAX_FACTORS => Err(ReplicateError::TooMany { n_clusters, n_replicates }),
            _ => Ok(()),
        }
    }

    /// Brings the finite population correction into factors around 1 that were made without it.
    fn correct(&self, of_clusters: &mut [f64]) {
        let n_replicates = of_clusters.len() / self.n_clusters.max(1);
        for stratum in self.all.iter().filter(|stratum| stratum.population.is_finite()) {
            let share = stratum.correction().max(0.0).sqrt();
            for factor in &mut of_clusters[stratum.first * n_replicates..(stratum.first + stratum.n) * n_replicates] {
                *factor = 1.0 + share * (*factor - 1.0);
            }
        }
    }
}

impl ReplicateMethod {
    pub(super) fn factors(self, design: &SurveyDesign) -> Result<Factors, ReplicateError> {
        let strata = Strata::of(design);
        if self != ReplicateMethod::Jkn {
            strata.check_lonely()?;
        }
        match self {
            ReplicateMethod::Jk1 => delete_one_of_all(&strata),
            ReplicateMethod::Jkn => delete_one(&strata),
            ReplicateMethod::Brr(large) => half_samples(&strata, 0.0, large),
            ReplicateMethod::Fay { rho, large } if (0.0..1.0).contains(&rho) => half_samples(&strata, rho, large),
            ReplicateMethod::Fay { rho, .. } => Err(ReplicateError::Rho { rho }),
            ReplicateMethod::Bootstrap { n_replicates, seed } => {
                // R's scale: the harmonic mean of the strata's sizes.
                let inverse = strata.all.iter().map(|stratum| 1.0 / stratum.n as f64).sum::<f64>();
                let per_stratum = strata.all.len() as f64 / inverse;
                let scale = per_stratum / (per_stratum - 1.0) / (n_replicates as f64 - 1.0);
                drawn(&strata, n_replicates, seed, scale, draw_canty_davison)
            }
            ReplicateMethod::RescaledBootstrap { n_replicates, seed } => {
                let scale = 1.0 / (n_replicates as f64 - 1.0);
                let mut factors = drawn(&strata, n_replicates, seed, scale, draw_rao_wu)?;
                strata.correct(&mut factors.of_clusters);
                Ok(factors)
            }
            ReplicateMethod::SuccessiveDifference { n_replicates } => successive_differences(&strata, n_replicates),
        }
    }
}

fn delete_one_of_all(strata: &Strata) -> Result<Factors, ReplicateError> {
    let [all] = strata.all[..] else { return Err(ReplicateError::Stratified { n_strata: strata.all.len() }) };
    let factors = delete_one(strata)?;
    let scale = all.correction() * (all.n as f64 - 1.0) / all.n as f64;
    Ok(Factors { scale, rscales: vec![1.0; factors.rscales.len()], ..factors })
}

/// One replicate per cluster: it is left out, and the others of its stratum stand for it.
fn delete_one(strata: &Strata) -> Result<Factors, ReplicateError> {
    let adjusts = strata.single_cluster == SingleCluster::Adjust;
    let is_replicated = |stratum: &&Stratum| stratum.n > 1 || (adjusts && stratum.is_lonely());
    if let (SingleCluster::Fail, Some(stratum)) =
        (strata.single_cluster, strata.all.iter().position(|stratum| stratum.is_lonely()))
    {
        return Err(ReplicateError::SingleCluster { stratum: stratum + 1 });
    }
    let n_replicates: usize = strata.all.iter().filter(is_replicated).map(|stratum| stratum.n).sum();
    strata.check_size(n_replicates)?;
    let mut of_clusters = vec![1.0; strata.n_clusters * n_replicates];
    let mut rscales = Vec::with_capacity(n_replicates);
    for stratum in strata.all.iter().filter(is_replicated) {
        // A lonely cluster leaves its place to all the other strata.
        let (range, n) = match stratum.n {
            1 => (0..strata.n_clusters, strata.all.len() as f64),
            n => (stratum.first..stratum.first + n, n as f64),
        };
        for deleted in stratum.first..stratum.first + stratum.n {
            for cluster in range.clone() {
                let place = cluster * n_replicates + rscales.len();
                of_clusters[place] = if cluster == deleted { 0.0 } else { n / (n - 1.0) };
            }
            rscales.push(if stratum.n == 1 { 1.0 } else { stratum.correction() } * (n - 1.0) / n);
        }
    }
    let scale = match strata.single_cluster {
        // Lonely clusters are given the others' mean.
        SingleCluster::Average => strata.n_clusters as f64 / n_replicates as f64,
        _ => 1.0,
    };
    Ok(Factors { of_clusters, scale, rscales, centre: Centre::Mean })
}

fn half_samples(strata: &Strata, rho: f64, large: LargeStrata) -> Result<Factors, ReplicateError> {
    // Each cluster's pair and half; none for a cluster that adds nothing to the variance.
    let mut halves: Vec<Option<(usize, bool)>> = vec![None; strata.n_clusters];
    let mut n_pairs = 0;
    for (number, stratum) in strata.all.iter().enumerate().filter(|(_, stratum)| stratum.n > 1) {
        let is_pair = stratum.n == 2;
        let no_pairs = || ReplicateError::NoPairs { stratum: number + 1, n_clusters: stratum.n };
        let (per_half, added) = match large {
            LargeStrata::Merge => (stratum.n / 2, 1),
            LargeStrata::Split if stratum.n.is_multiple_of(2) => (1, stratum.n / 2),
            LargeStrata::Fail if is_pair => (1, 1),
            LargeStrata::Split | LargeStrata::Fail => return Err(no_pairs()),
        };
        for cluster in 0..stratum.n {
            halves[stratum.first + cluster] = Some(match large {
                LargeStrata::Merge => (n_pairs, cluster >= per_half),
                LargeStrata::Split | LargeStrata::Fail => (n_pairs + cluster / 2, cluster % 2 == 1),
            });
        }
        n_pairs += added;
    }
    // The matrix's first row, all ones, would take the same half in every replicate.
    let matrix = Hadamard::of_order((n_pairs + 1).max(2));
    let n_replicates = matrix.order();
    let mut of_clusters = Vec::with_capacity(strata.n_clusters * n_replicates);
    for half in halves {
        match half {
            None => of_clusters.extend(std::iter::repeat_n(1.0, n_replicates)),
            Some((pair, is_second)) => of_clusters
                .extend(matrix.row(1 + pair).iter().map(|sign| if (*sign > 0) == is_second { rho } else { 2.0 - rho })),
        }
    }
    strata.correct(&mut of_clusters);
    let scale = 1.0 / (n_replicates as f64 * (1.0 - rho) * (1.0 - rho));
    Ok(Factors { of_clusters, scale, rscales: vec![1.0; n_replicates], centre: Centre::Mean })
}

fn drawn(
    strata: &Strata,
    n_replicates: usize,
    seed: u64,
    scale: f64,
    draw: impl Fn(Stratum, &mut Random, &mut [f64]),
) -> Result<Factors, ReplicateError> {
    strata.check_size(n_replicates)?;
    let mut of_clusters = vec![1.0; strata.n_clusters * n_replicates];
    let mut counts = vec![0.0; strata.n_clusters];
    for replicate in 0..n_replicates {
        let mut random = Random::stream(seed, replicate as u64);
        for stratum in &strata.all {
            draw(*stratum, &mut random, &mut counts[stratum.first..stratum.first + stratum.n]);
        }
        for (cluster, count) in counts.iter().enumerate() {
            of_clusters[cluster * n_replicates + replicate] = *count;
        }
    }
    Ok(Factors { of_clusters, scale, rscales: vec![1.0; n_replicates], centre: Centre::Mean })
}

/// How often each cluster is drawn when as many are drawn as there are.
fn draw_canty_davison(stratum: Stratum, random: &mut Random, counts: &mut [f64]) {
    counts.fill(0.0);
    if !stratum.population.is_finite() {
        for _ in 0..stratum.n {
            counts[random.below(stratum.n as u64) as usize] += 1.0;
        }
        return;
    }
    // The population the sample stands for: every cluster as often as N / n says, the first N mod n in a random order
    // once more. Drawn from without replacement.
    let n = stratum.n;
    let population = stratum.population.round() as usize;
    let mut left: Vec<usize> = (0..n).map(|place| population / n + usize::from(place < population % n)).collect();
    for last in (1..n).rev() {
        left.swap(last, random.below(last as u64 + 1) as usize);
    }
    for drawn in 0..n {
        let mut place = random.below((population - drawn) as u64) as usize;
        let mut cluster = 0;
        while place >= left[cluster] {
            place -= left[cluster];
            cluster += 1;
        }
        left[cluster] -= 1;
        counts[cluster] += 1.0;
    }
}

/// One cluster less is drawn than there are, with replacement, and the counts are scaled to the stratum's size.
fn draw_rao_wu(stratum: Stratum, random: &mut Random, counts: &mut [f64]) {
    if stratum.n == 1 {
        // It adds nothing to the variance.
        counts.fill(1.0);
        return;
    }
    counts.fill(0.0);
    let n = stratum.n as f64;
    for _ in 1..stratum.n {
        counts[random.below(stratum.n as u64) as usize] += n / (n - 1.0);
    }
}

/// Clusters are taken in the design's order, in cycles as long as the matrix has rows besides the first, which is all ones and
/// so no difference. In a cycle a cluster has the row of its place and that of the next; the last one has the first one's,
/// so that every cycle is closed (Ash 2014).
fn successive_differences(strata: &Strata, n_replicates: usize) -> Result<Factors, ReplicateError> {
    strata.check_size(n_replicates)?;
    let matrix = Hadamard::of_order(n_replicates.max(4));
    let order = matrix.order();
    let of_cluster = |cluster: usize| {
        let place = cluster % (order - 1);
        let is_last = cluster + 1 == strata.n_clusters || place + 2 == order;
        let next = if is_last { 0 } else { place + 1 };
        let signs = matrix.row(1 + place).iter().zip(matrix.row(1 + next));
        signs.map(|(first, second)| 1.0 + f64::from(first - second) / 8.0_f64.sqrt())
    };
    let mut of_clusters: Vec<f64> = (0..strata.n_clusters).flat_map(of_cluster).collect();
    strata.correct(&mut of_clusters);
    Ok(Factors { of_clusters, scale: 4.0 / order as f64, rscales: vec![1.0; order], centre: Centre::Estimate })
}
