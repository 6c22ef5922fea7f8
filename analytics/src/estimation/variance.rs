//! The one variance routine: from scores to a standard error, over strata, clusters and post-strata.

use super::blocks::{Blocks, Totals};
use super::linearise::{Contrast, Linearised};
use crate::design::SurveyDesign;

/// A unit (a person) whose weight was adjusted to its post-stratum's population total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PostStratumUnit {
    /// Its cluster.
    pub cluster: u32,
    /// Its post-stratum.
    pub post_stratum: u16,
    /// Its weight after the adjustment.
    pub weight: f64,
}

/// Post-strata as the variance sees them: each cluster's weight in each.
#[derive(Debug, Clone, Default)]
pub struct PostStrata {
    weights: Vec<PostStratumUnit>,
    totals: Vec<f64>,
}

impl PostStrata {
    /// Sums the units' weights by cluster and post-stratum.
    pub fn new(mut units: Vec<PostStratumUnit>) -> PostStrata {
        units.sort_by_key(|unit| (unit.cluster, unit.post_stratum));
        let mut totals = Vec::new();
        for unit in &units {
            let post_stratum = usize::from(unit.post_stratum);
            if totals.len() <= post_stratum {
                totals.resize(post_stratum + 1, 0.0);
            }
            totals[post_stratum] += unit.weight;
        }
        let same =
            |a: &PostStratumUnit, b: &PostStratumUnit| (a.cluster, a.post_stratum) == (b.cluster, b.post_stratum);
        let summed = |group: &[PostStratumUnit]| PostStratumUnit {
            weight: group.iter().map(|unit| unit.weight).sum(),
            ..group[0]
        };
        PostStrata { weights: units.chunk_by(same).map(summed).collect(), totals }
    }

    fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }
}

/// Design, blocks and post-strata together: what standard errors and degrees of freedom are made from.
#[derive(Debug)]
pub struct Estimator<'a> {
    design: &'a SurveyDesign,
    blocks: &'a Blocks,
    post_strata: &'a PostStrata,
}

impl<'a> Estimator<'a> {
    /// An estimator over one sample.
    pub fn new(design: &'a SurveyDesign, blocks: &'a Blocks, post_strata: &'a PostStrata) -> Estimator<'a> {
        Estimator { design, blocks, post_strata }
    }

    /// The standard error of a number, in its unit; `None` when a stratum in it has a single cluster.
    ///
    /// The scores are summed by leaf and handed to the design. After post-stratification the scores are first replaced by their residuals from the weighted
    /// mean of their post-stratum (Särndal et al. 1992, section 7.6).
    pub fn standard_error(&self, number: &Linearised) -> Option<f64> {
        let scores =
            if self.post_strata.is_empty() { self.cluster_scores(number) } else { self.residual_scores(number) };
        let (leaves, scores): (Vec<u32>, Vec<f64>) = scores.into_iter().unzip();
        self.design.variance(&leaves, &scores).map(f64::sqrt)
    }

    /// Degrees of freedom of a contrast over a domain: the clusters observed in it minus their strata.
    pub fn degrees_of_freedom(&self, domain: usize, contrast: &Contrast) -> u32 {
        self.count(domain, contrast.classes(), |cell| self.blocks.cells[cell].weight > 0.0)
    }

    /// The same within those for whom `participation` (an indicator's totals) is above zero.
    pub fn degrees_of_freedom_of_participants(
        &self,
        domain: usize,
        contrast: &Contrast,
        participation: &Totals,
    ) -> u32 {
        self.count(domain, contrast.classes(), |cell| participation.0[cell] > 0.0)
    }

    fn count(&self, domain: usize, classes: u16, observed: impl Fn(usize) -> bool) -> u32 {
        let (mut n_clusters, mut n_strata) = (0, 0);
        let (mut last_cluster, mut last_stratum) = (None, None);
        for run in self.blocks.runs_of(domain) {
            let is_in = |cell: usize| classes & (1 << self.blocks.cells[cell].class) != 0 && observed(cell);
            let cluster = self.design.cluster_of_leaf(run.cluster);
            if last_cluster == Some(cluster) || !run.cells.clone().any(is_in) {
                continue;
            }
            n_clusters += 1;
            last_cluster = Some(cluster);
            let stratum = Some(self.design.stratum_of(cluster));
            if last_stratum != stratum {
                n_strata += 1;
                last_stratum = stratum;
            }
        }
        n_clusters - n_strata
    }

    /// Scores of the clusters in the number's domain, in cluster order.
    fn cluster_scores(&self, number: &Linearised) -> Vec<(u32, f64)> {
        let mut clusters: Vec<(u32, f64)> = Vec::with_capacity(number.scores.len());
        for (run, score) in self.blocks.runs_of(number.domain).iter().zip(&number.scores) {
            match clusters.last_mut() {
                Some((cluster, sum)) if *cluster == run.cluster => *sum += score,
                _ => clusters.push((run.cluster, *score)),
            }
        }
        clusters
    }

    /// Residual scores of all clusters: a cluster outside the domain shares its post-strata's means too.
    fn residual_scores(&self, number: &Linearised) -> Vec<(u32, f64)> {
        let mut clusters: Vec<(u32, f64)> = (0..self.design.n_leaves() as u32).map(|cluster| (cluster, 0.0)).collect();
        let mut means = vec![0.0; self.post_strata.totals.len()];
        for (run, score) in self.blocks.runs_of(number.domain).iter().zip(&number.scores) {
            clusters[run.cluster as usize].1 += score;
            if let Some(post_stratum) = run.post_stratum {
                means[usize::from(post_stratum)] += score;
            }
        }
        for (mean, total) in means.iter_mut().zip(&self.post_strata.totals) {
            *mean /= total;
        }
        for unit in &self.post_strata.weights {
            clusters[unit.cluster as usize].1 -= unit.weight * means[usize::from(unit.post_stratum)];
        }
        clusters
    }
}
