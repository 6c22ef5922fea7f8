//! The average day of the week: five weekdays, a Saturday and a Sunday.

use questionnaires::DayKind;

/// How an average day is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayBalance {
    /// As (5 weekday + Saturday + Sunday) / 7 of the means of the three kinds of day.
    Balanced,
    /// As the mean over all days: the weights already make the seven days equal.
    ByWeights,
}

impl DayBalance {
    /// The kinds of day that are pooled, and the share of the week each pool stands for.
    pub fn shares(self) -> Vec<(Vec<DayKind>, f64)> {
        let days_of_week = DayKind::ALL.iter().map(|kind| kind.days_per_week()).sum::<usize>() as f64;
        match self {
            DayBalance::Balanced => {
                DayKind::ALL.iter().map(|kind| (vec![*kind], kind.days_per_week() as f64 / days_of_week)).collect()
            }
            DayBalance::ByWeights => vec![(DayKind::ALL.to_vec(), 1.0)],
        }
    }
}
