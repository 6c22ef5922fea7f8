//! The one variance routine: from scores to a standard error, over the leaves of the design, calibration taken out.

use super::blocks::{Blocks, Totals};
use super::linearise::{Contrast, Linearised};
use crate::design::SurveyDesign;

/// Design and blocks together: what standard errors and degrees of freedom are made from.
#[derive(Debug)]
pub struct Estimator<'a> {
    pub(super) design: &'a SurveyDesign,
    pub(super) blocks: &'a Blocks,
}

impl<'a> Estimator<'a> {
    /// An estimator over one sample.
    pub fn new(design: &'a SurveyDesign, blocks: &'a Blocks) -> Estimator<'a> {
        Estimator { design, blocks }
    }

    /// The standard error of a number, in its unit; `None` where the design has no variance.
    ///
    /// The scores of the leaves are handed to the design. Where weights were calibrated they are first replaced by the
    /// residuals of their regression on the auxiliary variables (Särndal et al. 1992, sections 6.6 and 7.6).
    pub fn standard_error(&self, number: &Linearised) -> Option<f64> {
        let leaves = self.blocks.runs_of(number.domain).iter().map(|run| run.leaf);
        self.standard_error_of(leaves, &number.scores, &number.moments)
    }

    /// The same from the scores of `leaves`, which ascend, and their sums with the auxiliary variables.
    pub(super) fn standard_error_of(
        &self,
        leaves: impl Iterator<Item = u32>,
        scores: &[f64],
        moments: &[f64],
    ) -> Option<f64> {
        let variance = match &self.blocks.calibrated {
            None => self.design.variance(&leaves.collect::<Vec<u32>>(), scores),
            // A leaf outside the domain has residuals too.
            Some(calibrated) => {
                let mut residuals = vec![0.0; self.design.n_leaves()];
                for (leaf, score) in leaves.zip(scores) {
                    residuals[leaf as usize] = *score;
                }
                let coefficients = calibrated.calibration.coefficients(moments.to_vec());
                calibrated.calibration.subtract_explained(&coefficients, &mut residuals);
                let leaves: Vec<u32> = (0..residuals.len() as u32).collect();
                self.design.variance(&leaves, &residuals)
            }
        };
        variance.map(f64::sqrt)
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
        self.count(domain, contrast.classes(), |cell| participation.cells[cell] > 0.0)
    }

    fn count(&self, domain: usize, classes: u16, observed: impl Fn(usize) -> bool) -> u32 {
        let (mut n_clusters, mut n_strata) = (0, 0);
        let (mut last_cluster, mut last_stratum) = (None, None);
        for run in self.blocks.runs_of(domain) {
            let is_in = |cell: usize| classes & (1 << self.blocks.cells[cell].class) != 0 && observed(cell);
            let cluster = self.design.cluster_of_leaf(run.leaf);
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
}
