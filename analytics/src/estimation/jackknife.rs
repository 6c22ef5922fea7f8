//! The delete-a-cluster jackknife straight from the blocks: a replicate leaves one first-stage cluster out, so its sums are
//! those of the sample less the cluster's, and no replicate weight is ever made.

use super::blocks::Totals;
use super::linearise::{ClassSums, Contrast};
use super::replication::Replicated;
use super::variance::Estimator;

/// The sums of a domain by class, of the whole sample or of a replicate: what statistics are made from.
#[derive(Debug, Clone)]
pub struct DomainSums {
    weight: ClassSums,
    /// By variable.
    totals: Vec<ClassSums>,
}

impl DomainSums {
    /// The contrast of weighted means of a variable, given by its place. `None` when a term has no weight.
    pub fn mean(&self, variable: usize, contrast: &Contrast) -> Option<f64> {
        contrast.value(&self.weight, &self.totals[variable])
    }

    fn zero(n_variables: usize) -> DomainSums {
        DomainSums { weight: [0.0; _], totals: vec![[0.0; _]; n_variables] }
    }

    /// Adds `factor` times other sums.
    fn add(&mut self, other: &DomainSums, factor: f64) {
        let pairs = std::iter::once((&mut self.weight, &other.weight)).chain(self.totals.iter_mut().zip(&other.totals));
        for (sums, more) in pairs {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += factor * more;
            }
        }
    }
}

impl Estimator<'_> {
    /// The jackknife of stratified clusters (JKn; Wolter 2007, section 4.5) for a statistic of the means of `variables`
    /// within `domain`: its value from the whole sample, and from each replicate in the order of the clusters left out.
    /// The variance is Σ (n_h - 1) / n_h (θ_c - θ)², see [`Estimator::jackknife_variance`]. `None` where the statistic has no
    /// value for the whole sample; a replicate without one is not a number.
    ///
    /// Weights are those of the sample: a calibration is not repeated in the replicates.
    pub fn jackknife(
        &self,
        domain: usize,
        variables: &[&Totals],
        statistic: impl Fn(&DomainSums) -> Option<f64>,
    ) -> Option<Replicated> {
        let n_clusters = self.design.n_clusters();
        let mut of_clusters = vec![DomainSums::zero(variables.len()); n_clusters];
        for run in self.blocks.runs_of(domain) {
            let sums = &mut of_clusters[self.design.cluster_of_leaf(run.leaf) as usize];
            for cell in run.cells.clone() {
                let class = usize::from(self.blocks.classes[cell]);
                sums.weight[class] += self.blocks.cell_weights[cell];
                for (total, variable) in sums.totals.iter_mut().zip(variables) {
                    total[class] += variable.of_cell(cell);
                }
            }
        }
        let mut of_strata = vec![DomainSums::zero(variables.len()); self.design.n_strata()];
        for (cluster, sums) in (0..).zip(&of_clusters) {
            of_strata[self.design.stratum_of(cluster) as usize].add(sums, 1.0);
        }
        let mut whole = DomainSums::zero(variables.len());
        for sums in &of_strata {
            whole.add(sums, 1.0);
        }
        let replicate = |(cluster, of_cluster): (u32, &DomainSums)| {
            let stratum = self.design.stratum_of(cluster);
            let n = self.design.n_clusters_in(stratum) as f64;
            // The stratum's other clusters stand for the one left out.
            let mut sums = whole.clone();
            sums.add(&of_strata[stratum as usize], 1.0 / (n - 1.0));
            sums.add(of_cluster, -n / (n - 1.0));
            statistic(&sums).unwrap_or(f64::NAN)
        };
        let estimate = statistic(&whole)?;
        Some(Replicated { estimate, replicates: (0..).zip(&of_clusters).map(replicate).collect() })
    }

    /// The variance of a jackknife: squares around the estimate, not around the replicates' mean (R's `mse = TRUE`).
    /// `None` where a stratum has a single cluster, or a replicate has no value.
    pub fn jackknife_variance(&self, jackknife: &Replicated) -> Option<f64> {
        let mut variance = 0.0;
        for (cluster, replicate) in (0..).zip(&jackknife.replicates) {
            let n = self.design.n_clusters_in(self.design.stratum_of(cluster)) as f64;
            variance += (n - 1.0) / n * (replicate - jackknife.estimate).powi(2);
        }
        Some(variance).filter(|variance| variance.is_finite())
    }
}
