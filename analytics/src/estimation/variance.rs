//! The one variance routine: from scores to a standard error, over the leaves of the design, calibration taken out.

use super::blocks::{Blocks, Run, Totals};
use super::linearise::{Contrast, Linearised};
use crate::design::SurveyDesign;

/// Design and blocks together: what standard errors and degrees of freedom are made from.
#[derive(Debug)]
pub struct Estimator<'a> {
    pub(super) design: &'a SurveyDesign,
    pub(super) blocks: &'a Blocks,
    leaves: Vec<u32>,
}

/// Numbers that are scored side by side.
pub(super) const LANES: usize = 8;

impl<'a> Estimator<'a> {
    /// An estimator over one sample.
    pub fn new(design: &'a SurveyDesign, blocks: &'a Blocks) -> Estimator<'a> {
        Estimator { design, blocks, leaves: (0..design.n_leaves() as u32).collect() }
    }

    /// The standard error of a number, in its unit; `None` where the design has no variance.
    ///
    /// The scores of the leaves are handed to the design. Where weights were calibrated they are first replaced by the
    /// residuals of their regression on the auxiliary variables (Särndal et al. 1992, sections 6.6 and 7.6).
    pub fn standard_error(&self, number: &Linearised) -> Option<f64> {
        self.errors_side_by_side::<1>(&[number])[0]
    }

    /// The standard errors of several numbers of one domain, to the same bits as one by one, but in fewer passes.
    ///
    /// # Panics
    /// When the numbers are not of one domain.
    pub fn standard_errors(&self, numbers: &[&Linearised]) -> Vec<Option<f64>> {
        let domain = numbers.first().map(|number| number.domain);
        assert!(numbers.iter().all(|number| Some(number.domain) == domain), "numbers of one domain");
        numbers.chunks(LANES).flat_map(|numbers| self.errors_side_by_side::<LANES>(numbers)).collect()
    }

    fn errors_side_by_side<const L: usize>(&self, numbers: &[&Linearised]) -> Vec<Option<f64>> {
        let runs = self.blocks.runs_of(numbers[0].domain);
        let variables = side_by_side::<L>(numbers);
        let mut of_weight = [[0.0; L]; Blocks::MAX_CLASSES];
        for (lane, number) in numbers.iter().enumerate() {
            for (of_class, coefficient) in of_weight.iter_mut().zip(number.of_weight) {
                of_class[lane] = coefficient;
            }
        }
        let classes = numbers.iter().fold(0, |classes, number| classes | number.classes());
        let score = |run: &Run| {
            let mut score = [0.0; L];
            for (place, cell) in (run.cells.start..).zip(&self.blocks.cells[run.cells.clone()]) {
                if classes & 1 << cell.class == 0 {
                    continue;
                }
                let mut of_cell = [0.0; L];
                for (totals, of_total) in &variables {
                    add_product(&mut of_cell, &of_total[usize::from(cell.class)], totals[place]);
                }
                add_product(&mut of_cell, &of_weight[usize::from(cell.class)], -cell.weight);
                add_product(&mut score, &of_cell, 1.0);
            }
            score
        };
        let scores = runs.iter().map(score).collect();
        let leaves: Vec<u32> = runs.iter().map(|run| run.leaf).collect();
        let moments: Vec<Vec<f64>> = numbers.iter().map(|number| number.moments(self.blocks)).collect();
        self.errors_of::<L>(&leaves, scores, &moments)
    }

    /// The standard errors of numbers side by side, given the scores of `leaves`, which ascend, and for each number Σ f w u
    /// by auxiliary variable of the calibration.
    pub(super) fn errors_of<const L: usize>(
        &self,
        leaves: &[u32],
        scores: Vec<[f64; L]>,
        moments: &[Vec<f64>],
    ) -> Vec<Option<f64>> {
        let (leaves, scores) = match &self.blocks.calibrated {
            None => (leaves, scores),
            // A leaf outside the domain has residuals too.
            Some(calibrated) => {
                let mut residuals = vec![[0.0; L]; self.leaves.len()];
                for (leaf, score) in leaves.iter().zip(scores) {
                    residuals[*leaf as usize] = score;
                }
                let mut coefficients = vec![[0.0; L]; self.blocks.n_auxiliary()];
                for (lane, moments) in moments.iter().enumerate() {
                    let of_lane = calibrated.calibration.coefficients(moments.clone());
                    for (coefficients, coefficient) in coefficients.iter_mut().zip(of_lane) {
                        coefficients[lane] = coefficient;
                    }
                }
                calibrated.calibration.subtract_explained(&coefficients, &mut residuals);
                (&self.leaves[..], residuals)
            }
        };
        let variances = self.design.variances(leaves, &scores);
        (0..moments.len()).map(|lane| variances.as_ref().map(|variances| variances[lane].sqrt())).collect()
    }

    /// Degrees of freedom of a contrast over a domain: the clusters observed in it minus their strata.
    pub fn degrees_of_freedom(&self, domain: usize, contrast: &Contrast) -> u32 {
        self.count(domain, &[contrast.classes()], |cell| self.blocks.cells[cell].weight > 0.0)[0]
    }

    /// The same within those for whom `participation` (an indicator's totals) is above zero, for each of some sets of
    /// classes (a bit each).
    pub fn degrees_of_freedom_of_participants(
        &self,
        domain: usize,
        classes: &[u16],
        participation: &Totals,
    ) -> Vec<u32> {
        self.count(domain, classes, |cell| participation.cells()[cell] > 0.0)
    }

    /// Clusters minus strata with an observed cell in each set of classes, in one pass over the cells: first by the set of
    /// classes that a cluster is observed in.
    fn count(&self, domain: usize, classes: &[u16], observed: impl Fn(usize) -> bool) -> Vec<u32> {
        let runs = self.blocks.runs_of(domain);
        let cluster_of = |run: &Run| self.design.cluster_of_leaf(run.leaf);
        let stratum_of = |run: &Run| self.design.stratum_of(cluster_of(run));
        let mut n_clusters = vec![0; 1 << self.blocks.n_classes()];
        let mut n_strata = n_clusters.clone();
        for of_stratum in runs.chunk_by(|a, b| stratum_of(a) == stratum_of(b)) {
            let mut in_stratum = 0;
            for of_cluster in of_stratum.chunk_by(|a, b| cluster_of(a) == cluster_of(b)) {
                let cells = of_cluster.iter().flat_map(|run| run.cells.clone()).filter(|cell| observed(*cell));
                let in_cluster = cells.fold(0, |set, cell| set | 1_usize << self.blocks.cells[cell].class);
                n_clusters[in_cluster] += 1;
                in_stratum |= in_cluster;
            }
            n_strata[in_stratum] += 1;
        }
        let meeting = |n_of_set: &[u32], classes: u16| -> u32 {
            let sets = n_of_set.iter().enumerate().filter(|(set, _)| set & usize::from(classes) != 0);
            sets.map(|(_, n)| n).sum()
        };
        classes.iter().map(|classes| meeting(&n_clusters, *classes) - meeting(&n_strata, *classes)).collect()
    }
}

/// For each variable of the numbers its totals, and by class what they enter the score of each number with.
fn side_by_side<'n, const L: usize>(numbers: &[&'n Linearised]) -> Vec<(&'n [f64], [[f64; L]; Blocks::MAX_CLASSES])> {
    let mut variables: Vec<(&Totals, [[f64; L]; Blocks::MAX_CLASSES])> = Vec::new();
    for (lane, number) in numbers.iter().enumerate() {
        for part in &number.parts {
            let known = variables.iter().position(|(totals, _)| totals.are(&part.totals));
            let place = known.unwrap_or_else(|| {
                variables.push((&part.totals, [[0.0; L]; Blocks::MAX_CLASSES]));
                variables.len() - 1
            });
            for (of_class, coefficient) in variables[place].1.iter_mut().zip(part.of_total) {
                of_class[lane] = coefficient;
            }
        }
    }
    variables.into_iter().map(|(totals, of_total)| (totals.cells(), of_total)).collect()
}

fn add_product<const L: usize>(sums: &mut [f64; L], factors: &[f64; L], value: f64) {
    for (sum, factor) in sums.iter_mut().zip(factors) {
        *sum += factor * value;
    }
}
