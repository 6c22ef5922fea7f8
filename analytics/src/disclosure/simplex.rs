//! A small linear programme solver made for questions about tables: by how much can one cell move while every
//! known sum stays as it is? Nothing here knows of secrecy.
//!
//! Unknowns are deviations from the true table, so every equation is homogeneous and the truth itself, zero, is a
//! feasible start: there is no first phase, nothing to go infeasible, and each question starts where the last
//! one ended. Bounded primal simplex on a condensed tableau (Dantzig's rule, Bland's when progress stalls);
//! Maros, Computational Techniques of the Simplex Method (2003), chapters 2 and 9.

/// Entries below this are taken for zero when the tableau is built and updated; coefficients are of order 1.
const NEGLIGIBLE: f64 = 1e-11;
/// The smallest entry to pivot on.
const PIVOT: f64 = 1e-9;
/// The smallest gain per unit that is worth a step.
const GAIN: f64 = 1e-9;
/// Steps without progress after which Bland's rule takes over, which cannot cycle.
const STALLED: usize = 64;

/// The deviations that leave a set of sums unchanged, within bounds.
#[derive(Debug, Clone)]
pub(super) struct Simplex {
    /// Lower and upper bound of each unknown; zero lies between.
    low: Vec<f64>,
    high: Vec<f64>,
    value: Vec<f64>,
    /// The unknown of each row, and of each column: `row = Σ entry × column`.
    basic: Vec<usize>,
    free: Vec<usize>,
    /// Rows by columns, dense.
    tableau: Vec<Vec<f64>>,
    place: Vec<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Row(usize),
    Column(usize),
}

/// What stops a step.
enum Stop {
    Row { row: usize, at: f64 },
    OwnBound { at: f64 },
    Nothing,
}

impl Simplex {
    /// The unknowns with their bounds (`low <= 0 <= high`, infinite allowed) and the combinations of them that must
    /// stay zero. Combinations that follow from others are dropped.
    pub fn new(bounds: &[(f64, f64)], combinations: &[Vec<(usize, f64)>]) -> Simplex {
        let mut simplex = Simplex {
            low: bounds.iter().map(|(low, _)| *low).collect(),
            high: bounds.iter().map(|(_, high)| *high).collect(),
            value: vec![0.0; bounds.len()],
            basic: Vec::new(),
            free: Vec::new(),
            tableau: Vec::new(),
            place: Vec::new(),
        };
        let reduced = reduce(bounds, combinations);
        let mut is_basic = vec![false; bounds.len()];
        for (pivot, _) in &reduced {
            is_basic[*pivot] = true;
        }
        simplex.place = vec![Place::Row(usize::MAX); bounds.len()];
        for unknown in (0..bounds.len()).filter(|unknown| !is_basic[*unknown]) {
            simplex.place[unknown] = Place::Column(simplex.free.len());
            simplex.free.push(unknown);
        }
        for (row, (pivot, equation)) in reduced.into_iter().enumerate() {
            simplex.place[pivot] = Place::Row(row);
            simplex.basic.push(pivot);
            simplex.tableau.push(simplex.free.iter().map(|column| -equation[*column]).collect());
        }
        simplex
    }

    /// The value of an unknown where the last question ended.
    pub fn value(&self, unknown: usize) -> f64 {
        self.value[unknown]
    }

    /// Narrows an unknown's bounds; its value must lie between.
    pub fn narrow(&mut self, unknown: usize, (low, high): (f64, f64)) {
        self.low[unknown] = self.low[unknown].max(low);
        self.high[unknown] = self.high[unknown].min(high);
    }

    /// Holds an unknown where it is from now on.
    pub fn fix(&mut self, unknown: usize) {
        self.low[unknown] = self.value[unknown];
        self.high[unknown] = self.value[unknown];
    }

    /// Moves to where `Σ gain × unknown` is largest and returns that maximum; infinite where nothing bounds it.
    /// `gains` lists the unknowns with a gain.
    pub fn maximise(&mut self, gains: &[(usize, f64)]) -> f64 {
        let mut stalled = 0;
        let scale = gains.iter().fold(0.0_f64, |largest, (_, gain)| largest.max(gain.abs()));
        // Far above what any question here needs; a guard against rounding, not a limit of the method.
        for _ in 0..50 * (self.value.len() + 10) {
            let Some((column, direction)) = self.entering(gains, scale * GAIN, stalled >= STALLED) else { break };
            match self.stop(column, direction, stalled >= STALLED) {
                Stop::Nothing => return f64::INFINITY,
                Stop::OwnBound { at } => {
                    self.shift(column, direction * at);
                    stalled = if at > 0.0 { 0 } else { stalled + 1 };
                }
                Stop::Row { row, at } => {
                    let leaving = self.basic[row];
                    let rises = self.tableau[row][column] * direction > 0.0;
                    self.shift(column, direction * at);
                    self.value[leaving] = if rises { self.high[leaving] } else { self.low[leaving] };
                    self.exchange(row, column);
                    stalled = if at > 0.0 { 0 } else { stalled + 1 };
                }
            }
        }
        gains.iter().map(|(unknown, gain)| gain * self.value[*unknown]).sum()
    }

    /// The column whose movement gains most per unit, with its direction.
    fn entering(&self, gains: &[(usize, f64)], worth: f64, by_bland: bool) -> Option<(usize, f64)> {
        let mut slopes = vec![0.0; self.free.len()];
        for (unknown, gain) in gains {
            match self.place[*unknown] {
                Place::Column(column) => slopes[column] += gain,
                Place::Row(row) => {
                    for (slope, entry) in slopes.iter_mut().zip(&self.tableau[row]) {
                        *slope += gain * entry;
                    }
                }
            }
        }
        let mut best: Option<(usize, f64)> = None;
        for (column, slope) in slopes.iter().enumerate() {
            let unknown = self.free[column];
            let can_move = if *slope > 0.0 {
                self.value[unknown] < self.high[unknown]
            } else {
                self.value[unknown] > self.low[unknown]
            };
            if slope.abs() <= worth || !can_move {
                continue;
            }
            let better = match best {
                None => true,
                Some((chosen, _)) if by_bland => unknown < self.free[chosen],
                Some((_, steepest)) => slope.abs() > steepest.abs(),
            };
            if better {
                best = Some((column, *slope));
            }
        }
        best.map(|(column, slope)| (column, slope.signum()))
    }

    /// How far `column` can move, and what stops it.
    fn stop(&self, column: usize, direction: f64, by_bland: bool) -> Stop {
        let entering = self.free[column];
        let own = if direction > 0.0 {
            self.high[entering] - self.value[entering]
        } else {
            self.value[entering] - self.low[entering]
        };
        let mut stop = if own.is_finite() { Stop::OwnBound { at: own.max(0.0) } } else { Stop::Nothing };
        let (mut nearest, mut strength) = (own, 0.0);
        for (row, entries) in self.tableau.iter().enumerate() {
            let rate = entries[column] * direction;
            if rate.abs() < PIVOT {
                continue;
            }
            let leaving = self.basic[row];
            let room = if rate > 0.0 {
                (self.high[leaving] - self.value[leaving]) / rate
            } else {
                (self.low[leaving] - self.value[leaving]) / rate
            };
            let room = room.max(0.0);
            let tie = nearest.is_finite() && (room - nearest).abs() <= 1e-12 * nearest.abs().max(1e-12);
            let preferred = match (&stop, by_bland) {
                (Stop::Row { row: chosen, .. }, true) => leaving < self.basic[*chosen],
                _ => rate.abs() > strength,
            };
            if room < nearest && !tie || tie && matches!(stop, Stop::Row { .. }) && preferred {
                nearest = room.min(nearest);
                strength = rate.abs();
                stop = Stop::Row { row, at: nearest };
            }
        }
        stop
    }

    fn shift(&mut self, column: usize, step: f64) {
        if step == 0.0 {
            return;
        }
        let entering = self.free[column];
        self.value[entering] = (self.value[entering] + step).clamp(self.low[entering], self.high[entering]);
        for (entries, basic) in self.tableau.iter().zip(&self.basic) {
            if entries[column] != 0.0 {
                let moved = self.value[*basic] + entries[column] * step;
                self.value[*basic] = moved.clamp(self.low[*basic], self.high[*basic]);
            }
        }
    }

    /// Makes the row's unknown a column and the column's unknown a row.
    fn exchange(&mut self, row: usize, column: usize) {
        let pivot = self.tableau[row][column];
        let mut pivot_row = std::mem::take(&mut self.tableau[row]);
        for entry in &mut pivot_row {
            *entry = -*entry / pivot;
        }
        pivot_row[column] = 1.0 / pivot;
        for entries in self.tableau.iter_mut().filter(|entries| !entries.is_empty()) {
            let rate = entries[column];
            if rate == 0.0 {
                continue;
            }
            entries[column] = 0.0;
            for (entry, by) in entries.iter_mut().zip(&pivot_row) {
                if *by != 0.0 {
                    *entry += rate * by;
                    if entry.abs() < NEGLIGIBLE {
                        *entry = 0.0;
                    }
                }
            }
        }
        self.tableau[row] = pivot_row;
        let (leaving, entering) = (self.basic[row], self.free[column]);
        self.basic[row] = entering;
        self.free[column] = leaving;
        self.place[entering] = Place::Row(row);
        self.place[leaving] = Place::Column(column);
    }
}

/// Gauss-Jordan elimination: each remaining equation with the unknown it is solved for. Of a row's entries of
/// nearly the largest size the unknown with the most room becomes basic, so that fewer steps are blocked.
fn reduce(bounds: &[(f64, f64)], combinations: &[Vec<(usize, f64)>]) -> Vec<(usize, Vec<f64>)> {
    let room = |unknown: usize| (bounds[unknown].1).min(-bounds[unknown].0);
    let mut reduced: Vec<(usize, Vec<f64>)> = Vec::new();
    for combination in combinations {
        let mut equation = vec![0.0; bounds.len()];
        for (unknown, coefficient) in combination {
            equation[*unknown] += coefficient;
        }
        for (pivot, other) in &reduced {
            subtract(&mut equation, other, *pivot);
        }
        let largest = equation.iter().fold(0.0_f64, |largest, entry| largest.max(entry.abs()));
        if largest < PIVOT {
            continue;
        }
        let eligible = (0..bounds.len()).filter(|unknown| equation[*unknown].abs() >= 0.5 * largest);
        let Some(pivot) = eligible.reduce(|one, other| if room(other) > room(one) { other } else { one }) else {
            continue;
        };
        let scale = equation[pivot];
        for entry in &mut equation {
            *entry /= scale;
        }
        equation[pivot] = 1.0;
        for (_, other) in &mut reduced {
            subtract(other, &equation, pivot);
        }
        reduced.push((pivot, equation));
    }
    reduced
}

/// Takes `other`, solved for `pivot`, out of `equation`.
fn subtract(equation: &mut [f64], other: &[f64], pivot: usize) {
    let factor = equation[pivot];
    if factor == 0.0 {
        return;
    }
    for (entry, by) in equation.iter_mut().zip(other) {
        if *by != 0.0 {
            *entry -= factor * by;
            if entry.abs() < NEGLIGIBLE {
                *entry = 0.0;
            }
        }
    }
    equation[pivot] = 0.0;
}
