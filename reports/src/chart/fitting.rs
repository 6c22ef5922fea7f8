//! Fewer rows for a picture whose height is given: which of them stay.

use super::Chart;
use crate::chart::multiples::{Pair, Panel};
use crate::chart::rows::Mark;

/// More rows than these never fit.
pub const MOST_ROWS: usize = 10;

impl Chart {
    /// Rows that could be left out; 1 where none can.
    pub(super) fn n_rows(&self) -> usize {
        match self {
            Chart::Bars(chart) => chart.marks.len(),
            Chart::Dots(chart) => chart.marks.len(),
            Chart::Gap(chart) => chart.marks.len(),
            Chart::Heat(chart) => chart.strips.len(),
            Chart::Likert(chart) => chart.rows.len(),
            Chart::Multiples(chart) => chart.panels.iter().map(|panel| panel.pairs.len()).max().unwrap_or(1) + 1,
            Chart::Opening(chart) => chart.days.len(),
            Chart::Pyramid(chart) => chart.rows.len(),
            Chart::Day(chart) => chart.bars.len(),
            Chart::Lines(_) | Chart::Tempogram(_) | Chart::Trend(_) => 1,
        }
    }

    /// The same chart with `n` rows: the first ones; of differences the widest, of groups both ends.
    pub(super) fn with_rows(&self, n: usize) -> Chart {
        let mut chart = self.clone();
        match &mut chart {
            Chart::Bars(chart) => chart.marks.truncate(n),
            Chart::Dots(chart) => chart.marks = both_ends(&chart.marks, n),
            Chart::Gap(chart) => chart.marks = widest(&chart.marks, n),
            Chart::Heat(chart) => chart.strips.truncate(n),
            Chart::Likert(chart) => chart.rows.truncate(n),
            Chart::Multiples(chart) => {
                // Panels stand in one line there.
                let told = |pair: &Pair| [pair.women, pair.men].iter().flatten().count();
                let n_told = |panel: &Panel| panel.pairs.iter().map(told).sum::<usize>();
                if chart.panels.iter().any(|panel| n_told(panel) > 0) {
                    chart.panels.retain(|panel| n_told(panel) > 0);
                }
                chart.panels.truncate(5);
                let n_pairs = chart.panels.iter().map(|panel| panel.pairs.len()).max().unwrap_or_default();
                let of_place = |place: usize| chart.panels.iter().filter_map(move |panel| panel.pairs.get(place));
                let mut places: Vec<usize> = (0..n_pairs).collect();
                places.sort_by_key(|place| std::cmp::Reverse(of_place(*place).map(told).sum::<usize>()));
                places.truncate(n);
                for panel in &mut chart.panels {
                    let pairs = panel.pairs.iter().enumerate().filter(|(place, _)| places.contains(place));
                    panel.pairs = pairs.map(|(_, pair)| pair.clone()).collect();
                }
            }
            Chart::Opening(chart) => chart.days.truncate(n),
            Chart::Pyramid(chart) => chart.rows.truncate(n),
            Chart::Day(chart) => chart.bars.truncate(n),
            Chart::Lines(_) | Chart::Tempogram(_) | Chart::Trend(_) => {}
        }
        chart
    }
}

fn both_ends(marks: &[Mark], n: usize) -> Vec<Mark> {
    let shown: Vec<&Mark> = marks.iter().filter(|mark| mark.value.is_some()).collect();
    if shown.is_empty() {
        return marks.iter().take(n).cloned().collect();
    }
    let upper = n.div_ceil(2).min(shown.len());
    let lower = (n / 2).min(shown.len() - upper);
    shown[..upper].iter().chain(&shown[shown.len() - lower..]).map(|mark| (*mark).clone()).collect()
}

fn widest(marks: &[Mark], n: usize) -> Vec<Mark> {
    let size = |mark: &Mark| mark.value.map_or(-1.0, |interval| interval.value.abs());
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by(|one, other| size(&marks[*other]).total_cmp(&size(&marks[*one])));
    order.truncate(n);
    order.sort_unstable();
    order.into_iter().map(|index| marks[index].clone()).collect()
}
