//! From numbers to standard errors: the means that numbers are functions of, the covariance of their scores over the leaves
//! of the design, and the delta method. Degrees of freedom.

use std::borrow::Cow;

use super::blocks::{Blocks, CellsOfTotals, Run, Totals};
use super::linearise::{Contrast, Linearised, Mean, Part, Score};
use super::scores::{CellSums, LeafScores, ScoredMean, moment_of_mean};
use crate::design::SurveyDesign;

/// Design and blocks together: what standard errors and degrees of freedom are made from.
#[derive(Debug)]
pub struct Estimator<'a> {
    pub(super) design: &'a SurveyDesign,
    pub(super) blocks: &'a Blocks,
    leaves: Vec<u32>,
}

/// A variance below this share of the terms that it is the sum of is what rounding leaves of zero.
const ROUNDING: f64 = 1e-13;

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
        self.standard_errors(&[number])[0]
    }

    /// The standard errors of several numbers of the same domains, to the same bits as one by one: the scores of the means
    /// that they are functions of are made once, and their covariance serves them all.
    ///
    /// # Panics
    /// When the numbers are not of the same domains.
    pub fn standard_errors(&self, numbers: &[&Linearised]) -> Vec<Option<f64>> {
        let Some(domains) = numbers.first().map(|number| number.domains()) else { return Vec::new() };
        assert!(numbers.iter().all(|number| number.domains() == domains), "numbers of the same domains");
        let scores = DistinctScores::new(numbers);
        let moment = |place: usize| {
            let mean = scores.means[place].0;
            move |auxiliary| [moment_of_mean(self.blocks, mean, auxiliary)]
        };
        let moments: Vec<_> = (0..scores.means.len()).map(moment).collect();
        let scored: Vec<ScoredMean<'_, 1>> = (scores.means.iter().zip(&moments))
            .map(|((mean, score, factor, variable), moments)| ScoredMean {
                score: *score,
                factor: factor / mean.pooled.weight,
                domain: mean.domain,
                classes: mean.classes,
                variable: *variable,
                means: [mean.pooled.mean],
                moments,
            })
            .collect();
        let listed = self.listed(&domains);
        let sums = SumsOfTotals(scores.variables.iter().map(|totals| totals.cells()).collect());
        let leaf_scores = &mut LeafScores::new(self.blocks, &listed, sums, scores.reach.len(), &scored);
        let products = self.design.products(&listed, leaf_scores, &scores.reach);
        let error = |places: &Vec<(usize, f64)>| {
            let products = products.as_ref()?;
            Some(standard_error(places, |one, other| products[one * scores.reach.len() + other][0]))
        };
        scores.of_numbers.iter().map(error).collect()
    }

    /// The leaves that scores are made for: those that domains reach; with a calibration a leaf outside has residuals too.
    pub(super) fn listed(&self, domains: &[usize]) -> Cow<'_, [u32]> {
        if self.blocks.calibrated.is_some() {
            return Cow::Borrowed(&self.leaves);
        }
        let mut leaves: Vec<u32> =
            domains.iter().flat_map(|domain| self.blocks.runs_of(*domain)).map(|run| run.leaf).collect();
        if domains.len() > 1 {
            leaves.sort_unstable();
            leaves.dedup();
        }
        Cow::Owned(leaves)
    }

    /// Degrees of freedom of a contrast over a domain: the clusters observed in it minus their strata.
    pub fn degrees_of_freedom(&self, domain: usize, contrast: &Contrast) -> u32 {
        self.count(domain, &[contrast.classes()], |cell| self.blocks.cell_weights[cell] > 0.0)[0]
    }

    /// The same within those for whom `participation` (an indicator's totals) is above zero, for each of some sets of
    /// classes (a bit each).
    pub fn degrees_of_freedom_of_participants(
        &self,
        domain: usize,
        classes: &[u16],
        participation: &Totals,
    ) -> Vec<u32> {
        self.count(domain, classes, |cell| participation.of_cell(cell) > 0.0)
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
                let in_cluster = cells.fold(0, |set, cell| set | 1_usize << self.blocks.classes[cell]);
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

/// The scores that some numbers are made of, each once.
struct DistinctScores<'n> {
    /// Means, the place of the score that each enters, its factor there, and the place of its variable.
    means: Vec<(&'n Mean, usize, f64, usize)>,
    variables: Vec<&'n Totals>,
    /// For each score, the one after the last that some number has together with it.
    reach: Vec<usize>,
    /// For each number the places of its scores, with its derivative by each.
    of_numbers: Vec<Vec<(usize, f64)>>,
}

impl<'n> DistinctScores<'n> {
    fn new(numbers: &[&'n Linearised]) -> DistinctScores<'n> {
        let mut distinct =
            DistinctScores { means: Vec::new(), variables: Vec::new(), reach: Vec::new(), of_numbers: Vec::new() };
        let mut scores: Vec<&Score> = Vec::new();
        for number in numbers {
            let places = number.parts.iter().map(|Part { score, slope }| {
                let known = scores.iter().position(|known| known.is(score));
                let place = known.unwrap_or_else(|| {
                    scores.push(score);
                    distinct.add(score, scores.len() - 1);
                    scores.len() - 1
                });
                (place, *slope)
            });
            let places: Vec<(usize, f64)> = places.collect();
            let after = places.iter().map(|(place, _)| place + 1).max().unwrap_or(0);
            for (place, _) in &places {
                distinct.reach[*place] = distinct.reach[*place].max(after);
            }
            distinct.of_numbers.push(places);
        }
        distinct
    }

    fn add(&mut self, score: &'n Score, place: usize) {
        self.reach.push(place + 1);
        score.for_each(|mean, factor| {
            let known = self.variables.iter().position(|totals| totals.are(&mean.totals));
            let variable = known.unwrap_or_else(|| {
                self.variables.push(&mean.totals);
                self.variables.len() - 1
            });
            self.means.push((mean, place, factor, variable));
        });
    }
}

struct SumsOfTotals<'t>(Vec<CellsOfTotals<'t>>);

impl CellSums<1> for SumsOfTotals<'_> {
    fn of(&self, variable: usize, cell: usize) -> [f64; 1] {
        [self.0[variable].of(cell)]
    }
}

/// The root of Σ a_i a_j V_ij, the a being derivatives by scores, given with the scores' places; `covariance` is asked for
/// places that ascend.
pub(super) fn standard_error(parts: &[(usize, f64)], covariance: impl Fn(usize, usize) -> f64) -> f64 {
    let (mut variance, mut terms) = (0.0, 0.0);
    for (number, (one, of_one)) in parts.iter().enumerate() {
        for (other, of_other) in &parts[number..] {
            let both = of_one * of_other * covariance(*one.min(other), *one.max(other));
            let term = if one == other { both } else { 2.0 * both };
            variance += term;
            terms += term.abs();
        }
    }
    if variance > ROUNDING * terms { variance.sqrt() } else { 0.0 }
}
