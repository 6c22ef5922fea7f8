//! The largest contributions to the weighted minutes of each domain, a person's days added up: what dominance and the p%
//! rule look at.

use super::frame::{AVERAGE, EVERYBODY, N_DAYS, place_of_class};
use super::release::ReleaseContext;
use crate::time_budget::Minutes;

/// By category and place of the frame, the `n_largest` contributions, the largest first.
pub(super) fn largest_contributions(
    context: ReleaseContext<'_>,
    minutes: &[Minutes],
    n_largest: usize,
) -> Vec<Vec<f64>> {
    let ReleaseContext { sample, frame, categories, .. } = context;
    let n_domains = frame.n_persons.len();
    let mut largest = vec![Vec::new(); categories.len() * n_domains];
    for (category, minutes) in minutes.iter().enumerate() {
        let days: Vec<(u32, f64)> = minutes.rows.iter().copied().zip(minutes.minutes.iter().copied()).collect();
        let respondent_of = |row: u32| sample.respondent_of[row as usize];
        for of_one in days.chunk_by(|(one, _), (other, _)| respondent_of(*one) == respondent_of(*other)) {
            let person = respondent_of(of_one[0].0) as usize;
            let own_sex = place_of_class(sample.class_of[of_one[0].0 as usize]).0;
            for group in (0..frame.n_groups).filter(|group| frame.sets[*group].contains(person)) {
                for sex in [EVERYBODY, own_sex] {
                    let mut of_days = [0.0; N_DAYS];
                    for (row, minutes) in of_one {
                        let observation = &sample.observations[*row as usize];
                        let day = place_of_class(observation.class).1;
                        let weighted = observation.weight * minutes;
                        of_days[day] += weighted;
                        of_days[AVERAGE] += frame.day_factors[frame.place(group, sex, day)] * weighted;
                    }
                    for (day, contribution) in of_days.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0) {
                        let kept = &mut largest[category * n_domains + frame.place(group, sex, day)];
                        let at = kept.partition_point(|other| *other >= contribution);
                        kept.insert(at, contribution);
                        kept.truncate(n_largest);
                    }
                }
            }
        }
    }
    largest
}
