//! A small linear programme solver made for questions about tables: by how much can one cell move while every
//! known sum stays as it is? Nothing here knows of secrecy.
//!
//! Unknowns are deviations from the true table, so every equation is homogeneous and the truth itself, zero, is a
//! feasible start: there is no first phase, nothing to go infeasible, and each question starts where the last
//! one ended. Bounded primal simplex on a condensed sparse tableau (Dantzig's rule, Bland's when progress stalls);
//! Maros, Computational Techniques of the Simplex Method (2003), chapters 2 and 9.

use super::tableau::{Pivot, Row, Sparse, entry_at, replaced};

/// The smallest entry to pivot on.
const PIVOT: f64 = 1e-9;
/// The smallest gain per unit that is worth a step.
const GAIN: f64 = 1e-9;
/// Steps without progress after which Bland's rule takes over, which cannot cycle.
const STALLED: usize = 64;
/// Steps without progress after which a question is left where it is.
const GIVE_UP: usize = 512;
/// Steps per unknown after which a question is left where it is.
const STEPS: usize = 10;

/// The deviations that leave a set of sums unchanged, within bounds.
#[derive(Debug, Clone, Default)]
pub(super) struct Simplex {
    /// Lower and upper bound of each unknown; zero lies between.
    low: Vec<f64>,
    high: Vec<f64>,
    value: Vec<f64>,
    /// The unknown of each row, and of each column: `row = Σ entry × column`.
    basic: Vec<usize>,
    free: Vec<usize>,
    tableau: Vec<Row>,
    place: Vec<Place>,
    /// Whether every question so far was answered to the end.
    is_exact: bool,
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
    pub fn new(bounds: &[(f64, f64)], combinations: &[Sparse]) -> Simplex {
        let mut simplex = Simplex {
            low: bounds.iter().map(|(low, _)| *low).collect(),
            high: bounds.iter().map(|(_, high)| *high).collect(),
            value: vec![0.0; bounds.len()],
            basic: Vec::new(),
            free: Vec::new(),
            tableau: Vec::new(),
            place: vec![Place::Row(usize::MAX); bounds.len()],
            is_exact: true,
        };
        let reduced = reduce(bounds, combinations);
        let mut is_basic = vec![false; bounds.len()];
        for (pivot, _) in &reduced {
            is_basic[*pivot] = true;
        }
        let mut column_of = vec![usize::MAX; bounds.len()];
        for unknown in (0..bounds.len()).filter(|unknown| !is_basic[*unknown]) {
            column_of[unknown] = simplex.free.len();
            simplex.place[unknown] = Place::Column(simplex.free.len());
            simplex.free.push(unknown);
        }
        for (row, (pivot, equation)) in reduced.into_iter().enumerate() {
            simplex.place[pivot] = Place::Row(row);
            simplex.basic.push(pivot);
            let others = equation.into_iter().filter(|(unknown, _)| *unknown != pivot);
            let entries = others.map(|(unknown, entry)| (column_of[unknown], -entry)).collect();
            simplex.tableau.push(Row::new(entries, simplex.free.len()));
        }
        simplex
    }

    /// The same sums within other bounds, and from the truth again: what was eliminated is not eliminated anew.
    pub fn within(&self, bounds: &[(f64, f64)]) -> Simplex {
        Simplex {
            low: bounds.iter().map(|(low, _)| *low).collect(),
            high: bounds.iter().map(|(_, high)| *high).collect(),
            value: vec![0.0; bounds.len()],
            is_exact: true,
            ..self.clone()
        }
    }

    /// Adds an unknown that is a combination of others, with its bounds, and begins from the truth again.
    pub fn add(&mut self, (low, high): (f64, f64), combination: &[(usize, f64)]) {
        let mut row = Sparse::new();
        for (unknown, factor) in combination {
            row = match self.place[*unknown] {
                Place::Column(column) => replaced(&row, usize::MAX, *factor, &[(column, 1.0)]),
                Place::Row(other) => {
                    let entries: Sparse = self.tableau[other].entries().collect();
                    replaced(&row, usize::MAX, *factor, &entries)
                }
            };
        }
        self.place.push(Place::Row(self.basic.len()));
        self.basic.push(self.low.len());
        self.tableau.push(Row::new(row, self.free.len()));
        self.low.push(low);
        self.high.push(high);
        self.value = vec![0.0; self.low.len()];
    }

    /// The value of an unknown where the last question ended.
    pub fn value(&self, unknown: usize) -> f64 {
        self.value[unknown]
    }

    /// Whether every question so far was answered to the end. If not, maxima are at least what was returned.
    pub fn is_exact(&self) -> bool {
        self.is_exact
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
        let mut slopes = self.slopes(gains);
        let mut stalled = 0;
        let worth = GAIN * gains.iter().fold(0.0_f64, |largest, (_, gain)| largest.max(gain.abs()));
        for step in 0.. {
            if stalled > GIVE_UP || step > STEPS * (self.value.len() + 10) {
                self.is_exact = false;
                break;
            }
            let by_bland = stalled >= STALLED;
            let Some((column, direction)) = self.entering(&slopes, worth, by_bland) else { break };
            let entries = self.entries_of(column);
            let at = match self.stop(column, &entries, direction, by_bland) {
                Stop::Nothing => return f64::INFINITY,
                Stop::OwnBound { at } => {
                    self.shift(column, &entries, direction * at);
                    at
                }
                Stop::Row { row, at } => {
                    let leaving = self.basic[row];
                    let rises = entries.iter().any(|(other, entry)| *other == row && entry * direction > 0.0);
                    self.shift(column, &entries, direction * at);
                    self.value[leaving] = if rises { self.high[leaving] } else { self.low[leaving] };
                    self.exchange(row, column, &entries, &mut slopes);
                    at
                }
            };
            stalled = if at > 1e-12 { 0 } else { stalled + 1 };
        }
        gains.iter().map(|(unknown, gain)| gain * self.value[*unknown]).sum()
    }

    /// What each column gains per unit.
    fn slopes(&self, gains: &[(usize, f64)]) -> Vec<f64> {
        let mut slopes = vec![0.0; self.free.len()];
        for (unknown, gain) in gains {
            match self.place[*unknown] {
                Place::Column(column) => slopes[column] += gain,
                Place::Row(row) => {
                    for (column, entry) in self.tableau[row].entries() {
                        slopes[column] += gain * entry;
                    }
                }
            }
        }
        slopes
    }

    /// The column whose movement gains most per unit, with its direction.
    fn entering(&self, slopes: &[f64], worth: f64, by_bland: bool) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (column, slope) in slopes.iter().enumerate().filter(|(_, slope)| slope.abs() > worth) {
            let unknown = self.free[column];
            let can_move = if *slope > 0.0 {
                self.value[unknown] < self.high[unknown]
            } else {
                self.value[unknown] > self.low[unknown]
            };
            if !can_move {
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

    /// The rows that a column moves.
    fn entries_of(&self, column: usize) -> Sparse {
        self.tableau.iter().enumerate().filter_map(|(row, entries)| Some((row, entries.entry(column)?))).collect()
    }

    /// How far `column` can move, and what stops it.
    fn stop(&self, column: usize, entries: &Sparse, direction: f64, by_bland: bool) -> Stop {
        let entering = self.free[column];
        let own = if direction > 0.0 {
            self.high[entering] - self.value[entering]
        } else {
            self.value[entering] - self.low[entering]
        };
        let mut stop = if own.is_finite() { Stop::OwnBound { at: own.max(0.0) } } else { Stop::Nothing };
        let (mut nearest, mut strength) = (own, 0.0);
        for (row, entry) in entries {
            let rate = entry * direction;
            if rate.abs() < PIVOT {
                continue;
            }
            let leaving = self.basic[*row];
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
                stop = Stop::Row { row: *row, at: nearest };
            }
        }
        stop
    }

    fn shift(&mut self, column: usize, entries: &Sparse, step: f64) {
        if step == 0.0 {
            return;
        }
        let entering = self.free[column];
        self.value[entering] = (self.value[entering] + step).clamp(self.low[entering], self.high[entering]);
        for (row, entry) in entries {
            let basic = self.basic[*row];
            self.value[basic] = (self.value[basic] + entry * step).clamp(self.low[basic], self.high[basic]);
        }
    }

    /// Makes the row's unknown a column and the column's unknown a row.
    fn exchange(&mut self, row: usize, column: usize, entries: &Sparse, slopes: &mut [f64]) {
        let mut pivot_row: Sparse = std::mem::take(&mut self.tableau[row]).entries().collect();
        let pivot = entry_at(&pivot_row, column).unwrap_or(1.0);
        for (at, entry) in &mut pivot_row {
            *entry = if *at == column { 1.0 / pivot } else { -*entry / pivot };
        }
        let pivot_row = Pivot::new(pivot_row, self.free.len());
        for (other, rate) in entries.iter().filter(|(other, _)| *other != row) {
            self.tableau[*other].replace(column, *rate, &pivot_row);
        }
        let slope = std::mem::replace(&mut slopes[column], 0.0);
        for (at, entry) in pivot_row.entries() {
            slopes[*at] += slope * entry;
        }
        self.tableau[row] = pivot_row.into_row();
        let (leaving, entering) = (self.basic[row], self.free[column]);
        self.basic[row] = entering;
        self.free[column] = leaving;
        self.place[entering] = Place::Row(row);
        self.place[leaving] = Place::Column(column);
    }
}

/// Gauss-Jordan elimination: each remaining equation, its unknown (with coefficient 1) first named. Of a row's entries
/// of nearly the largest size an unknown with room is solved for, so that fewer steps are blocked, and one of few
/// equations, so that rows stay short.
fn reduce(bounds: &[(f64, f64)], combinations: &[Sparse]) -> Vec<(usize, Sparse)> {
    let mut n_uses = vec![0_usize; bounds.len()];
    for (unknown, _) in combinations.iter().flatten() {
        n_uses[*unknown] += 1;
    }
    let has_room = |unknown: usize| bounds[unknown].1 > 1e-6 && bounds[unknown].0 < -1e-6;
    let mut row_of = vec![usize::MAX; bounds.len()];
    let mut reduced: Vec<(usize, Sparse)> = Vec::new();
    // By unknown: the equations that hold it, or once did.
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); bounds.len()];
    for combination in combinations {
        let mut equation = combination.clone();
        equation.sort_by_key(|(unknown, _)| *unknown);
        for (unknown, rate) in combination {
            if let Some((_, other)) = reduced.get(row_of[*unknown]) {
                equation = less(&equation, *rate, other);
            }
        }
        let largest = equation.iter().fold(0.0_f64, |largest, (_, entry)| largest.max(entry.abs()));
        if largest < PIVOT {
            continue;
        }
        let eligible = equation.iter().filter(|(_, entry)| entry.abs() >= 0.5 * largest);
        let Some((pivot, scale)) =
            eligible.min_by_key(|(unknown, _)| (!has_room(*unknown), n_uses[*unknown], *unknown)).copied()
        else {
            continue;
        };
        for (_, entry) in &mut equation {
            *entry /= scale;
        }
        let mut of_pivot = std::mem::take(&mut holders[pivot]);
        of_pivot.sort_unstable();
        of_pivot.dedup();
        for holder in of_pivot {
            let other = &mut reduced[holder].1;
            if let Some(rate) = entry_at(other, pivot) {
                *other = less(other, rate, &equation);
                equation.iter().for_each(|(unknown, _)| holders[*unknown].push(holder));
            }
        }
        equation.iter().for_each(|(unknown, _)| holders[*unknown].push(reduced.len()));
        row_of[pivot] = reduced.len();
        reduced.push((pivot, equation));
    }
    reduced
}

/// `row - rate × by`; what `by` is solved for, its entries of 1 in `row` times `rate`, falls out.
fn less(row: &[(usize, f64)], rate: f64, by: &[(usize, f64)]) -> Sparse {
    replaced(row, usize::MAX, -rate, by)
}
