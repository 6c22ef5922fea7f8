//! Scores of means by leaf of the design, made side by side and some leaves at a time, so that they stay in the cache from
//! where they are made to where their products are summed. What calibration explains is taken out on the way.

use std::ops::Range;

use super::blocks::Blocks;
use super::linearise::{Mean, classes_in};
use crate::design::Scores;

/// One mean that enters a score, for `LANES` variables side by side.
pub(super) struct ScoredMean<'m, const LANES: usize> {
    /// The place of the score.
    pub score: usize,
    /// What the mean's own score is multiplied with.
    pub factor: f64,
    pub domain: usize,
    pub classes: u16,
    /// The place of the variable.
    pub variable: usize,
    /// The means.
    pub means: [f64; LANES],
    /// By auxiliary variable of the calibration, Σ f w u of the mean's own score, lane by lane.
    pub moments: &'m dyn Fn(usize) -> [f64; LANES],
}

/// The sums of variables by cell.
pub(super) trait CellSums<const LANES: usize> {
    /// The sums of a variable in a cell.
    fn of(&self, variable: usize, cell: usize) -> [f64; LANES];
}

/// The scores of some numbers, for all leaves of a listing.
pub(super) struct LeafScores<'a, C, const LANES: usize> {
    blocks: &'a Blocks,
    sums: C,
    /// The leaves listed, ascending: all that the domains reach, and with a calibration all there are.
    leaves: &'a [u32],
    n_scores: usize,
    domains: Vec<ScoredDomain<LANES>>,
    explained: Vec<Explained<LANES>>,
    rows: Vec<[f64; LANES]>,
    /// The place after the last that was asked for.
    after: usize,
}

/// The means of one domain.
struct ScoredDomain<const LANES: usize> {
    domain: usize,
    /// Its first run beyond the last leaf that was asked for.
    next_run: usize,
    /// By class, what a cell adds to the scores.
    entries: Vec<Vec<Entry<LANES>>>,
}

struct Entry<const LANES: usize> {
    score: usize,
    variable: usize,
    factor: f64,
    means: [f64; LANES],
}

/// The coefficients of an auxiliary variable for a range of scores; the others' are zero.
struct Explained<const LANES: usize> {
    first: usize,
    coefficients: Vec<[f64; LANES]>,
}

impl<'a, C: CellSums<LANES>, const LANES: usize> LeafScores<'a, C, LANES> {
    pub fn new(
        blocks: &'a Blocks,
        leaves: &'a [u32],
        sums: C,
        n_scores: usize,
        means: &[ScoredMean<'_, LANES>],
    ) -> LeafScores<'a, C, LANES> {
        let mut domains: Vec<ScoredDomain<LANES>> = Vec::new();
        for mean in means {
            let place = domains.iter().position(|known| known.domain == mean.domain).unwrap_or_else(|| {
                let entries = (0..blocks.n_classes()).map(|_| Vec::new()).collect();
                domains.push(ScoredDomain { domain: mean.domain, next_run: 0, entries });
                domains.len() - 1
            });
            let ScoredMean { score, variable, factor, means, .. } = *mean;
            for class in classes_in(mean.classes).take_while(|class| *class < blocks.n_classes()) {
                domains[place].entries[class].push(Entry { score, variable, factor, means });
            }
        }
        LeafScores {
            blocks,
            sums,
            leaves,
            n_scores,
            domains,
            explained: explained(blocks, n_scores, means),
            rows: Vec::new(),
            after: 0,
        }
    }
}

/// The regression of every score on the auxiliary variables of the calibration; nothing without one.
fn explained<const LANES: usize>(
    blocks: &Blocks,
    n_scores: usize,
    means: &[ScoredMean<'_, LANES>],
) -> Vec<Explained<LANES>> {
    let Some(calibrated) = &blocks.calibrated else { return Vec::new() };
    let n_auxiliary = blocks.n_auxiliary();
    let mut moments = vec![[0.0; LANES]; n_scores * n_auxiliary];
    for mean in means {
        for (place, sums) in moments[mean.score * n_auxiliary..][..n_auxiliary].iter_mut().enumerate() {
            for (sum, moment) in sums.iter_mut().zip((mean.moments)(place)) {
                *sum += mean.factor * moment;
            }
        }
    }
    for of_score in moments.chunks_exact_mut(n_auxiliary.max(1)) {
        for lane in 0..LANES {
            let of_lane = of_score.iter().map(|sums| sums[lane]).collect();
            for (coefficients, coefficient) in of_score.iter_mut().zip(calibrated.calibration.coefficients(of_lane)) {
                coefficients[lane] = coefficient;
            }
        }
    }
    let of_variable = |variable: usize| {
        let of_score = |score: usize| moments[score * n_auxiliary + variable];
        let enters = |score: &usize| of_score(*score).iter().any(|coefficient| *coefficient != 0.0);
        let first = (0..n_scores).find(enters).unwrap_or(0);
        let after = (0..n_scores).rfind(enters).map_or(0, |last| last + 1);
        Explained { first, coefficients: (first..after).map(of_score).collect() }
    };
    (0..n_auxiliary).map(of_variable).collect()
}

impl<C: CellSums<LANES>, const LANES: usize> Scores<LANES> for LeafScores<'_, C, LANES> {
    fn rows(&mut self, places: Range<usize>) -> &[[f64; LANES]] {
        // Places are asked for in order, but for a design that looks at all of them first.
        let goes_on = places.start == self.after;
        self.after = places.end;
        let leaves = &self.leaves[places];
        self.rows.clear();
        self.rows.resize(leaves.len() * self.n_scores, [0.0; LANES]);
        let (Some(first), Some(last)) = (leaves.first(), leaves.last()) else { return &self.rows };
        for ScoredDomain { domain, next_run, entries } in &mut self.domains {
            let runs = self.blocks.runs_of(*domain);
            if !goes_on {
                *next_run = runs.partition_point(|run| run.leaf < *first);
            }
            let mut place = 0;
            for run in &runs[*next_run..] {
                if run.leaf > *last {
                    break;
                }
                *next_run += 1;
                while leaves[place] != run.leaf {
                    place += 1;
                }
                let row = &mut self.rows[place * self.n_scores..][..self.n_scores];
                let classes = &self.blocks.classes[run.cells.clone()];
                let weights = &self.blocks.cell_weights[run.cells.clone()];
                for ((cell, class), weight) in run.cells.clone().zip(classes).zip(weights) {
                    for entry in &entries[usize::from(*class)] {
                        let sums = self.sums.of(entry.variable, cell);
                        let score = &mut row[entry.score];
                        for lane in 0..LANES {
                            score[lane] += entry.factor * (sums[lane] - entry.means[lane] * weight);
                        }
                    }
                }
            }
        }
        if let Some(calibrated) = &self.blocks.calibrated {
            // All leaves are listed, so their places follow each other.
            for (leaf, variable, sum) in calibrated.calibration.of_leaves(*first..*last + 1) {
                let Explained { first: first_score, coefficients } = &self.explained[usize::from(*variable)];
                let start = (*leaf - *first) as usize * self.n_scores + first_score;
                for (score, coefficients) in self.rows[start..].iter_mut().zip(coefficients) {
                    for lane in 0..LANES {
                        score[lane] -= sum * coefficients[lane];
                    }
                }
            }
        }
        &self.rows
    }
}

/// Σ f w u of the score of a mean of one variable, for an auxiliary variable of the calibration.
pub(super) fn moment_of_mean(blocks: &Blocks, mean: &Mean, auxiliary: usize) -> f64 {
    let n_auxiliary = blocks.n_auxiliary();
    let classes = classes_in(mean.classes).take_while(|class| *class < blocks.n_classes());
    let of_class = |class: usize| {
        let place = blocks.moment_of(mean.domain, class, n_auxiliary) + auxiliary;
        mean.totals.moment(place) - mean.pooled.mean * blocks.moments_of_weight[place]
    };
    classes.map(of_class).sum()
}
