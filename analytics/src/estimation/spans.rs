//! Many variables that are 0 or 1 side by side, such as doing something in each slot of the day: given as spans of ones,
//! summed slot by slot without ever being written out, and estimated together. Each number has the bits that it would
//! have alone.

use std::ops::Range;

use rayon::prelude::*;

use super::blocks::Blocks;
use super::linearise::{ClassSums, Contrast, Pooled, classes_in};
use super::scores::{CellSums, LeafScores, ScoredMean};
use super::variance::{Estimator, standard_error};

/// Where one observation has ones: the variables `first..after`. The spans of an observation do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The observation's number.
    pub row: u32,
    /// The first variable that is 1.
    pub first: u16,
    /// The variable after the last that is 1.
    pub after: u16,
}

/// The shares of the observations that have a one, or a contrast of such shares, by variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// The estimates.
    pub values: Vec<f64>,
    /// Their standard errors; `None` where the design has no variance.
    pub standard_errors: Vec<Option<f64>>,
}

/// Variables whose scores are made side by side.
const LANES: usize = 8;
/// Variables that are handled together: a window of them, in all cells, stays in the cache.
const WINDOW_BYTES: usize = 1 << 20;
/// Below this many variables a window is not worth its pass over the spans.
const LEAST_WINDOW: usize = 16;

impl Estimator<'_> {
    /// The weighted shares within `domain` of `n_variables` variables, for each of `contrasts`. An entry is `None` where a
    /// term of the contrast has no weight: nobody was observed there. Threads share windows of variables, never a sum.
    pub fn shares(
        &self,
        domain: usize,
        contrasts: &[Contrast],
        n_variables: usize,
        spans: &[Span],
    ) -> Vec<Option<Shares>> {
        let n_cells = self.blocks.cells_in(domain).len().max(1);
        let width = (WINDOW_BYTES / size_of::<f64>() / n_cells).clamp(LEAST_WINDOW, n_variables.max(LEAST_WINDOW));
        let windows: Vec<Range<usize>> =
            (0..n_variables).step_by(width).map(|first| first..n_variables.min(first + width)).collect();
        let leaves = self.listed(&[domain]);
        let by_window: Vec<Vec<Option<Shares>>> = windows
            .into_par_iter()
            .map(|variables| self.shares_in(&Window::new(self.blocks, domain, variables, spans), contrasts, &leaves))
            .collect();
        let joined = |contrast: usize| {
            let mut shares = Shares { values: Vec::new(), standard_errors: Vec::new() };
            for window in &by_window {
                let of_window = window[contrast].as_ref()?;
                shares.values.extend(&of_window.values);
                shares.standard_errors.extend(&of_window.standard_errors);
            }
            Some(shares)
        };
        (0..contrasts.len()).map(joined).collect()
    }

    fn shares_in(&self, window: &Window, contrasts: &[Contrast], leaves: &[u32]) -> Vec<Option<Shares>> {
        let value = |contrast: &Contrast, variable: usize| contrast.value(&window.weight, &window.totals[variable]);
        let shares = |contrast: &Contrast| {
            let values = (0..window.n_variables).map(|variable| value(contrast, variable)).collect::<Option<_>>()?;
            Some(Shares { values, standard_errors: Vec::with_capacity(window.n_variables) })
        };
        let mut shares: Vec<Option<Shares>> = contrasts.iter().map(shares).collect();
        let told = contrasts.iter().zip(&shares).filter(|(_, shares)| shares.is_some()).map(|(contrast, _)| contrast);
        let (masks, reach, parts) = distinct_means(told);
        for first in (0..window.n_variables).step_by(LANES) {
            let products = self.products_of_means(window, first, &masks, &reach, leaves);
            for (shares, parts) in shares.iter_mut().flatten().zip(&parts) {
                for lane in 0..LANES.min(window.n_variables - first) {
                    let error = |products: &Vec<[f64; LANES]>| {
                        standard_error(parts, |one, other| products[one * masks.len() + other][lane])
                    };
                    shares.standard_errors.push(products.as_ref().map(error));
                }
            }
        }
        shares
    }

    /// The covariances of the means over some classes of a few neighbouring variables.
    fn products_of_means(
        &self,
        window: &Window,
        first: usize,
        masks: &[u16],
        reach: &[usize],
        leaves: &[u32],
    ) -> Option<Vec<[f64; LANES]>> {
        let n_auxiliary = self.blocks.n_auxiliary();
        let pooled = |mask: &u16| -> Option<[Pooled; LANES]> {
            let of_lane = |lane: usize| Pooled::new(*mask, &window.weight, &window.totals[first + lane]);
            // A term without weight has no contrast left.
            let one = of_lane(0)?;
            Some(std::array::from_fn(|lane| of_lane(lane).unwrap_or(one)))
        };
        let pooled: Vec<[Pooled; LANES]> = masks.iter().map(pooled).collect::<Option<_>>()?;
        let moments = |score: usize| {
            let means = pooled[score].map(|pooled| pooled.mean);
            move |auxiliary: usize| {
                window.moments_of_mean(self.blocks, masks[score], &means, first, n_auxiliary, auxiliary)
            }
        };
        let moments: Vec<_> = (0..masks.len()).map(moments).collect();
        let scored: Vec<ScoredMean<'_, LANES>> = (masks.iter().zip(&moments).enumerate())
            .map(|(score, (mask, moments))| ScoredMean {
                score,
                factor: 1.0 / pooled[score][0].weight,
                domain: window.domain,
                classes: *mask,
                variable: first,
                means: pooled[score].map(|pooled| pooled.mean),
                moments,
            })
            .collect();
        let scores = &mut LeafScores::new(self.blocks, leaves, window, masks.len(), &scored);
        self.design.products(leaves, scores, reach)
    }
}

/// A contrast as places among the distinct means, each with its factor.
type Parts = Vec<(usize, f64)>;

/// The sets of classes in some contrasts, each once; for each the one after the last that it meets in a contrast; and each
/// contrast as places among them with their factors.
fn distinct_means<'c>(contrasts: impl Iterator<Item = &'c Contrast>) -> (Vec<u16>, Vec<usize>, Vec<Parts>) {
    let (mut masks, mut reach, mut of_contrasts) = (Vec::new(), Vec::new(), Vec::new());
    for contrast in contrasts {
        let mut parts = Vec::new();
        for term in &contrast.0 {
            let known = masks.iter().position(|mask| *mask == term.classes);
            let place = known.unwrap_or_else(|| {
                masks.push(term.classes);
                reach.push(masks.len());
                masks.len() - 1
            });
            parts.push((place, term.factor));
        }
        let after = parts.iter().map(|(place, _)| place + 1).max().unwrap_or(0);
        for (place, _) in &parts {
            reach[*place] = reach[*place].max(after);
        }
        of_contrasts.push(parts);
    }
    (masks, reach, of_contrasts)
}

/// The sums of some neighbouring variables in the cells of one domain.
struct Window {
    domain: usize,
    n_variables: usize,
    /// The variables with further ones of zero, so that none of [`LANES`] is alone.
    width: usize,
    first_cell: usize,
    /// By cell, then variable.
    sums: Vec<f64>,
    /// By class.
    weight: ClassSums,
    /// By variable.
    totals: Vec<ClassSums>,
    /// By class, auxiliary variable of the calibration, then variable.
    moments: Vec<f64>,
}

impl Window {
    fn new(blocks: &Blocks, domain: usize, variables: Range<usize>, spans: &[Span]) -> Window {
        let cells = blocks.cells_in(domain);
        let width = variables.len().next_multiple_of(LANES);
        let n_auxiliary = blocks.n_auxiliary();
        let mut window = Window {
            domain,
            n_variables: variables.len(),
            width,
            first_cell: cells.start,
            sums: vec![0.0; cells.len() * width],
            weight: *blocks.class_weights(domain),
            totals: vec![[0.0; _]; width],
            moments: vec![0.0; blocks.n_classes() * n_auxiliary * width],
        };
        for span in spans {
            let first = usize::from(span.first).max(variables.start);
            let after = usize::from(span.after).min(variables.end);
            if first >= after {
                continue;
            }
            let ones = first - variables.start..after - variables.start;
            let add = |sums: &mut [f64], place: usize, value: f64| {
                for sum in &mut sums[place * width..][..width][ones.clone()] {
                    *sum += value;
                }
            };
            let in_domain =
                blocks.cells_of(span.row).iter().map(|cell| *cell as usize).find(|cell| cells.contains(cell));
            let Some(cell) = in_domain else { continue };
            let (class, weight) = (usize::from(blocks.classes[cell]), blocks.weight_of(span.row));
            add(&mut window.sums, cell - cells.start, weight);
            for term in blocks.calibrated.iter().flat_map(|calibrated| calibrated.terms(span.row)) {
                let place = class * n_auxiliary + usize::from(term.variable);
                add(&mut window.moments, place, term.of_score * weight);
            }
        }
        let mut of_classes = vec![0.0; blocks.n_classes() * width];
        for (sums, cell) in window.sums.chunks_exact(width).zip(cells) {
            let of_class = &mut of_classes[usize::from(blocks.classes[cell]) * width..][..width];
            for (total, sum) in of_class.iter_mut().zip(sums) {
                *total += sum;
            }
        }
        for (class, of_class) in of_classes.chunks_exact(width).enumerate() {
            for (totals, sum) in window.totals.iter_mut().zip(of_class) {
                totals[class] = *sum;
            }
        }
        window
    }

    /// Σ f w u of the scores of the means over some classes, for an auxiliary variable of the calibration.
    fn moments_of_mean(
        &self,
        blocks: &Blocks,
        classes: u16,
        means: &[f64; LANES],
        first: usize,
        n_auxiliary: usize,
        auxiliary: usize,
    ) -> [f64; LANES] {
        let mut moments = [0.0; LANES];
        for class in classes_in(classes).take_while(|class| *class < blocks.n_classes()) {
            let of_weight = blocks.moments_of_weight[blocks.moment_of(self.domain, class, n_auxiliary) + auxiliary];
            let of_class = &self.moments[(class * n_auxiliary + auxiliary) * self.width + first..][..LANES];
            for ((moment, of_variable), mean) in moments.iter_mut().zip(of_class).zip(means) {
                *moment += of_variable - mean * of_weight;
            }
        }
        moments
    }
}

impl CellSums<LANES> for &Window {
    fn of(&self, variable: usize, cell: usize) -> [f64; LANES] {
        let start = (cell - self.first_cell) * self.width + variable;
        std::array::from_fn(|lane| self.sums[start..start + LANES][lane])
    }
}
