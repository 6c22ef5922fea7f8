//! What no cell tells of and everybody can work out all the same: the sex without rows, the rest of a group, an activity that
//! is listed for everybody but not for a group. Each is a combination of cells, and no less than nothing: a limit.
//! What two ways lead to is a sum.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{CellId, CellSystem, Relation};
use super::frame::{EVERYBODY, Frame, N_SEXES, UNLISTED_SEX};
use crate::measure::Composition;

/// A number as a sum of cells, each with its coefficient.
pub(super) type Combination = BTreeMap<CellId, f64>;

/// By group and sex of the frame: the number, where cells lead to it.
type Line = Vec<Option<Combination>>;

/// One day's numbers as combinations of cells, line by line.
pub(super) struct Untold<'a> {
    pub frame: &'a Frame,
    pub day: usize,
    /// What everybody knows a number of a line and a domain to be at most.
    pub most: &'a dyn Fn(usize, usize) -> f64,
}

impl Untold<'_> {
    /// Adds the limits, and the sums that only what is untold leads to. `cell` gives the cell of a line, group and sex;
    /// `sums` are those that lines keep at this day.
    pub fn relate(
        &self,
        system: &mut CellSystem,
        n_lines: usize,
        cell: &dyn Fn(usize, usize, usize) -> Option<CellId>,
        sums: &[Composition],
    ) {
        let of_line = |line: usize| {
            let places = (0..self.frame.n_groups * N_SEXES).map(|at| cell(line, at / N_SEXES, at % N_SEXES));
            places.map(|cell| cell.map(|cell| Combination::from([(cell, 1.0)]))).collect()
        };
        let mut lines: Vec<Line> = (0..n_lines).map(of_line).collect();
        let of_lines: Vec<Vec<(usize, f64)>> = sums.iter().filter_map(terms).collect();
        for at in self.listed() {
            self.lead_to_lines(system, &mut lines, at, &of_lines);
        }
        let remainders = self.remainders(system, &lines, sums);
        for (number, line) in lines.into_iter().enumerate() {
            self.lead_to_people(system, number, line, true);
        }
        for (number, line) in remainders {
            self.lead_to_people(system, number, line, false);
        }
    }

    fn listed(&self) -> impl Iterator<Item = usize> {
        let sexes = move |group: usize| (0..UNLISTED_SEX).map(move |sex| group * N_SEXES + sex);
        (0..self.frame.groups.len()).flat_map(sexes).filter(|at| self.is_there(*at))
    }

    fn domain(&self, at: usize) -> usize {
        self.frame.place(at / N_SEXES, at % N_SEXES, self.day)
    }

    fn is_there(&self, at: usize) -> bool {
        self.frame.n_persons[self.domain(at)] > 0
    }

    /// In one domain: a line that is the only one untold of a sum is what the others leave; a sum of which all is told,
    /// but not all by a cell, holds between cells.
    fn lead_to_lines(&self, system: &mut CellSystem, lines: &mut [Line], at: usize, sums: &[Vec<(usize, f64)>]) {
        let mut open: BTreeSet<usize> = (0..sums.len()).collect();
        let mut derived = BTreeSet::new();
        loop {
            let ready = open
                .iter()
                .copied()
                .find(|sum| sums[*sum].iter().filter(|(line, _)| lines[*line][at].is_none()).count() <= 1);
            let Some(sum) = ready else { return };
            open.remove(&sum);
            let mut left = Combination::new();
            let mut untold = None;
            for (line, factor) in &sums[sum] {
                match &lines[*line][at] {
                    Some(told) => add(&mut left, told, *factor),
                    None => untold = Some((*line, *factor)),
                }
            }
            match untold {
                Some((line, factor)) => {
                    left.values_mut().for_each(|other| *other *= -1.0 / factor);
                    if factor > 0.0 {
                        self.limit(system, &left, (self.most)(line, self.domain(at)));
                    }
                    lines[line][at] = Some(left);
                    derived.insert(line);
                }
                None if sums[sum].iter().any(|(line, _)| derived.contains(line)) && !left.is_empty() => {
                    system.add_relation(Relation { terms: left.into_iter().collect() });
                }
                None => {}
            }
        }
    }

    /// Of sums with several lines untold in a group what the told ones leave of the total, as lines of their own; each with the
    /// number of the total.
    fn remainders(&self, system: &mut CellSystem, lines: &[Line], sums: &[Composition]) -> Vec<(usize, Line)> {
        let mut found: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        for at in self.listed() {
            for sum in sums {
                let Some(total) = sum.total.filter(|total| lines[*total][at].is_some()) else { continue };
                let told: Vec<usize> = sum.parts.iter().copied().filter(|part| lines[*part][at].is_some()).collect();
                if !told.is_empty() && told.len() < sum.parts.len() {
                    found.insert((total, told));
                }
            }
        }
        let remainder = |(total, told): (usize, Vec<usize>)| {
            let of_place = |at: usize| {
                let mut left = lines[total][at].clone()?;
                for part in &told {
                    add(&mut left, lines[*part][at].as_ref()?, -1.0);
                }
                Some(left)
            };
            (total, (0..self.frame.n_groups * N_SEXES).map(of_place).collect())
        };
        let remainders: Vec<(usize, Line)> = found.into_iter().map(remainder).collect();
        for (number, line) in &remainders {
            for at in self.listed() {
                if let Some(left) = &line[at] {
                    self.limit(system, left, (self.most)(*number, self.domain(at)));
                }
            }
        }
        remainders
    }

    /// On one line: the sex without rows, and the rests of groups. `is_whole` where sums of people may be new.
    fn lead_to_people(&self, system: &mut CellSystem, number: usize, mut line: Line, is_whole: bool) {
        for group in 0..self.frame.n_groups {
            let at = |sex: usize| group * N_SEXES + sex;
            let parts: Vec<usize> = (1..N_SEXES).map(at).filter(|at| self.is_there(*at)).collect();
            self.lead_to_rest(system, number, &mut line, (at(EVERYBODY), &parts, at(UNLISTED_SEX)), false);
        }
        for split in &self.frame.splits {
            let Some(rest) = split.parts.last().copied().filter(|rest| *rest >= self.frame.groups.len()) else {
                continue;
            };
            for sex in 0..N_SEXES {
                let parts = split.parts.iter().map(|part| part * N_SEXES + sex);
                let parts: Vec<usize> = parts.filter(|at| self.is_there(*at)).collect();
                let places = (split.whole * N_SEXES + sex, &parts[..], rest * N_SEXES + sex);
                self.lead_to_rest(system, number, &mut line, places, is_whole && sex != UNLISTED_SEX);
            }
        }
    }

    /// A whole, its parts, and the one of them that no cell tells of, where there is somebody.
    fn lead_to_rest(
        &self,
        system: &mut CellSystem,
        number: usize,
        line: &mut Line,
        (whole, parts, rest): (usize, &[usize], usize),
        is_sum: bool,
    ) {
        let Some(mut left) = line[whole].clone().filter(|_| parts.contains(&rest)) else { return };
        for part in parts.iter().filter(|part| **part != rest) {
            let Some(part) = &line[*part] else { return };
            add(&mut left, part, -1.0);
        }
        match &line[rest] {
            None => {
                self.limit(system, &left, (self.most)(number, self.domain(rest)));
                line[rest] = Some(left);
            }
            // A rest that has a cell is in the sums already.
            Some(known) if is_sum && known.len() > 1 => {
                add(&mut left, known, -1.0);
                if !left.is_empty() {
                    system.add_relation(Relation { terms: left.into_iter().collect() });
                }
            }
            Some(_) => {}
        }
    }

    fn limit(&self, system: &mut CellSystem, left: &Combination, most: f64) {
        if left.len() > 1 {
            system.add_limit(left.iter().map(|(cell, factor)| (*cell, *factor)).collect(), most);
        }
    }
}

/// The parts of a sum with 1, its total with -1; nothing where the total is no line.
fn terms(sum: &Composition) -> Option<Vec<(usize, f64)>> {
    let parts = sum.parts.iter().map(|part| (*part, 1.0));
    Some(parts.chain([(sum.total?, -1.0)]).collect())
}

fn add(sum: &mut Combination, other: &Combination, factor: f64) {
    for (cell, coefficient) in other {
        *sum.entry(*cell).or_insert(0.0) += factor * coefficient;
    }
    sum.retain(|_, coefficient| *coefficient != 0.0);
}
