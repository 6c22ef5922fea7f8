//! Many variables that are 0 or 1 side by side, such as doing something in each slot of the day: given as spans of ones,
//! summed slot by slot without ever being written out, and estimated together. Each number has the bits that it would
//! have alone.

use std::ops::Range;

use rayon::prelude::*;

use super::blocks::{Blocks, Run};
use super::linearise::{ClassSums, Contrast, Form};
use super::variance::{Estimator, LANES};

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
        let by_window: Vec<Vec<Option<Shares>>> = windows
            .into_par_iter()
            .map(|variables| {
                let window = Window::new(self.blocks, domain, variables, spans);
                contrasts.iter().map(|contrast| self.shares_in(&window, contrast)).collect()
            })
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

    fn shares_in(&self, window: &Window, contrast: &Contrast) -> Option<Shares> {
        let forms: Vec<Form> = (0..window.width)
            .map(|variable| Form::new(contrast, &window.weight, &window.totals[variable]))
            .collect::<Option<_>>()?;
        let runs = self.blocks.runs_of(window.domain);
        let leaves: Vec<u32> = runs.iter().map(|run| run.leaf).collect();
        let classes = contrast.classes();
        let mut standard_errors = Vec::with_capacity(window.width);
        for (chunk, forms) in forms.chunks(LANES).enumerate() {
            let coefficients = SideBySide::new(forms);
            let first = chunk * LANES;
            let score = |run: &Run| {
                let mut score = [0.0; LANES];
                for (place, cell) in run.cells.clone().zip(&self.blocks.cells[run.cells.clone()]) {
                    if classes & (1 << cell.class) != 0 {
                        let totals = &window.cell(place)[first..first + forms.len()];
                        coefficients.add_score(&mut score, usize::from(cell.class), totals, cell.weight);
                    }
                }
                score
            };
            let scores = runs.iter().map(score).collect();
            let moments: Vec<Vec<f64>> = (chunk * LANES..)
                .zip(forms)
                .map(|(variable, form)| window.moments(self.blocks, form, variable))
                .collect();
            standard_errors.extend(self.errors_of::<LANES>(&leaves, scores, &moments));
        }
        Some(Shares { values: forms.iter().map(|form| form.value).collect(), standard_errors })
    }
}

/// What the totals and the weight of a cell enter the scores of neighbouring variables with, by class.
struct SideBySide {
    of_total: [[f64; LANES]; Blocks::MAX_CLASSES],
    of_weight: [[f64; LANES]; Blocks::MAX_CLASSES],
}

impl SideBySide {
    fn new(forms: &[Form]) -> SideBySide {
        let mut both = SideBySide { of_total: [[0.0; _]; _], of_weight: [[0.0; _]; _] };
        for (lane, form) in forms.iter().enumerate() {
            for class in 0..Blocks::MAX_CLASSES {
                both.of_total[class][lane] = form.of_total[class];
                both.of_weight[class][lane] = form.of_weight[class];
            }
        }
        both
    }

    /// Adds to the scores what a cell gives them; `totals` may be fewer than the lanes.
    fn add_score(&self, scores: &mut [f64; LANES], class: usize, totals: &[f64], weight: f64) {
        let mut lanes = [0.0; LANES];
        let totals = totals.try_into().unwrap_or_else(|_| {
            lanes[..totals.len()].copy_from_slice(totals);
            &lanes
        });
        let coefficients = self.of_total[class].iter().zip(&self.of_weight[class]);
        for ((score, total), (of_total, of_weight)) in scores.iter_mut().zip::<&[f64; LANES]>(totals).zip(coefficients)
        {
            *score += of_total * total - of_weight * weight;
        }
    }
}

/// The sums of some neighbouring variables in the cells of one domain.
struct Window {
    domain: usize,
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
        let width = variables.len();
        let mut window = Window {
            domain,
            width,
            first_cell: cells.start,
            sums: vec![0.0; cells.len() * width],
            weight: [0.0; _],
            totals: vec![[0.0; _]; width],
            moments: Vec::new(),
        };
        let inside = spans.iter().filter_map(|span| {
            let first = usize::from(span.first).max(variables.start);
            let after = usize::from(span.after).min(variables.end);
            (first < after).then(|| (span.row, first - variables.start..after - variables.start))
        });
        let cell_of =
            |row: u32| blocks.cells_of(row).iter().map(|cell| *cell as usize).find(|cell| cells.contains(cell));
        for (row, ones) in inside.clone() {
            let Some(cell) = cell_of(row) else { continue };
            let weight = blocks.weight_of(row);
            let first = (cell - cells.start) * width;
            for sum in &mut window.sums[first + ones.start..first + ones.end] {
                *sum += weight;
            }
        }
        if let Some(calibrated) = &blocks.calibrated {
            let n_auxiliary = blocks.n_auxiliary();
            window.moments = vec![0.0; blocks.n_classes() * n_auxiliary * width];
            for (row, ones) in inside {
                let Some(cell) = cell_of(row) else { continue };
                let class = usize::from(blocks.cells[cell].class);
                let weight = blocks.weight_of(row);
                for term in calibrated.terms(row) {
                    let first = (class * n_auxiliary + usize::from(term.variable)) * width;
                    for moment in &mut window.moments[first + ones.start..first + ones.end] {
                        *moment += term.of_score * weight;
                    }
                }
            }
        }
        for cell in cells {
            let class = usize::from(blocks.cells[cell].class);
            window.weight[class] += blocks.cells[cell].weight;
            let first = (cell - window.first_cell) * width;
            for (totals, sum) in window.totals.iter_mut().zip(&window.sums[first..first + width]) {
                totals[class] += sum;
            }
        }
        window
    }

    fn cell(&self, cell: usize) -> &[f64] {
        &self.sums[(cell - self.first_cell) * self.width..][..self.width]
    }

    /// Σ f w u by auxiliary variable of the calibration; nothing without one.
    fn moments(&self, blocks: &Blocks, form: &Form, variable: usize) -> Vec<f64> {
        let n_auxiliary = blocks.n_auxiliary();
        let mut moments = vec![0.0; n_auxiliary];
        for class in 0..blocks.n_classes() {
            let first = blocks.moment_of(self.domain, class, n_auxiliary);
            for (auxiliary, sum) in moments.iter_mut().enumerate() {
                let of_variable = self.moments[(class * n_auxiliary + auxiliary) * self.width + variable];
                *sum += form.of_total[class] * of_variable
                    - form.of_weight[class] * blocks.moments_of_weight[first + auxiliary];
            }
        }
        moments
    }
}
