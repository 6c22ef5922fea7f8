//! Many variables that are 0 or 1 side by side, such as doing something in each slot of the day: given as spans of ones,
//! summed slot by slot without ever being written out, and estimated together. Each number has the bits that it would
//! have alone.

use std::ops::Range;

use rayon::prelude::*;

use super::blocks::Blocks;
use super::linearise::{ClassSums, Contrast, Form};
use super::variance::Estimator;

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
        let mut scores = vec![0.0; window.width * runs.len()];
        for (place, run) in runs.iter().enumerate() {
            for cell in run.cells.clone() {
                let class = usize::from(self.blocks.cells[cell].class);
                let weight = self.blocks.cells[cell].weight;
                if contrast.classes() & (1 << class) == 0 {
                    continue;
                }
                for ((form, total), scores) in
                    forms.iter().zip(window.cell(cell)).zip(scores.chunks_exact_mut(runs.len()))
                {
                    scores[place] += form.of_total[class] * total - form.of_weight[class] * weight;
                }
            }
        }
        let error = |(variable, scores): (usize, &[f64])| {
            let moments = window.moments(self.blocks, &forms[variable], variable);
            self.standard_error_of(runs.iter().map(|run| run.leaf), scores, &moments)
        };
        Some(Shares {
            values: forms.iter().map(|form| form.value).collect(),
            standard_errors: scores.chunks_exact(runs.len().max(1)).enumerate().map(error).collect(),
        })
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
            let n_auxiliary = calibrated.calibration.n_variables();
            window.moments = vec![0.0; blocks.n_classes() * n_auxiliary * width];
            for (row, ones) in inside {
                let Some(cell) = cell_of(row) else { continue };
                let class = usize::from(blocks.cells[cell].class);
                let (entries, factor) = calibrated.entries(row);
                for (auxiliary, x) in entries {
                    let first = (class * n_auxiliary + usize::from(*auxiliary)) * width;
                    for moment in &mut window.moments[first + ones.start..first + ones.end] {
                        *moment += factor * x;
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

    fn moments(&self, blocks: &Blocks, form: &Form, variable: usize) -> Vec<f64> {
        form.moments(blocks, self.domain, |class, auxiliary, n_auxiliary| {
            self.moments[(class * n_auxiliary + auxiliary) * self.width + variable]
        })
    }
}
