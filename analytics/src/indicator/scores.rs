//! Numbers whose score is known for every single observation: what is estimated outside the domain it is about (a
//! threshold, an age structure) enters its variance by the same kernel as everything else. And who is in which domain.

use crate::estimation::{Blocks, Column, Contrast, Estimator, Linearised, Term};
use crate::sample::Sample;

/// The sample as one domain.
pub(super) struct WholeSample<'a> {
    sample: &'a Sample,
    /// By group, then class, the observations in it, ascending.
    members: Vec<Vec<Vec<u32>>>,
    blocks: Blocks,
    everybody: Contrast,
    weight: f64,
    rows: Vec<u32>,
}

impl<'a> WholeSample<'a> {
    pub fn new(sample: &'a Sample) -> WholeSample<'a> {
        let rows: Vec<u32> = (0..sample.observations.len() as u32).collect();
        let everyone = std::slice::from_ref(&rows);
        let mut members = vec![vec![Vec::new(); Blocks::MAX_CLASSES]; sample.groups.len()];
        for (row, class) in rows.iter().zip(&sample.class_of) {
            for group in &sample.groups_of[sample.respondent_of[*row as usize] as usize] {
                members[*group][usize::from(*class)].push(*row);
            }
        }
        let classes = sample.class_of.iter().fold(0, |classes, class| classes | 1 << class);
        WholeSample {
            sample,
            members,
            blocks: match &sample.calibration {
                None => Blocks::new(&sample.observations, everyone),
                Some(calibration) => {
                    Blocks::calibrated(&sample.observations, everyone, calibration.clone(), &sample.respondent_of)
                }
            },
            everybody: Contrast(vec![Term { classes, factor: 1.0 }]),
            weight: sample.observations.iter().map(|observation| observation.weight).sum(),
            rows,
        }
    }

    /// The observations of a group in these classes (a bit each), class by class.
    pub fn rows(&self, group: usize, classes: u16) -> impl Iterator<Item = usize> + Clone {
        let of_group = self.members[group].iter().enumerate();
        let in_classes = of_group.filter(move |(class, _)| classes & 1 << class != 0);
        in_classes.flat_map(|(_, rows)| rows).map(|row| *row as usize)
    }

    /// The standard error of a number with this score for each observation: that of the total of weight times score.
    ///
    /// Scores sum to about zero when weighted, so their total is the sum of weights times the mean of the scores times
    /// that sum, and the mean is what the kernel linearises.
    pub fn standard_error(&self, scores: &[f64]) -> Option<f64> {
        let scaled: Vec<f64> = scores.iter().map(|score| score * self.weight).collect();
        let totals = self.blocks.totals(Column { rows: &self.rows, values: &scaled });
        let number = Linearised::mean(&self.blocks, &totals, 0, &self.everybody)?;
        Estimator::new(&self.sample.design, &self.blocks).standard_error(&number)
    }
}
