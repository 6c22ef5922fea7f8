//! Who is behind the numbers: the largest contributions to the weighted minutes of each domain, a person's days added up, which
//! dominance and the p% rule look at; and who is alone in one.

use super::frame::{AVERAGE, EVERYBODY, N_DAYS, N_SEXES, place_of_class};
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

/// By category and place of the frame the person who is alone there, for the places asked for.
pub(super) fn lone_persons(
    context: ReleaseContext<'_>,
    minutes: &[Minutes],
    is_asked: &dyn Fn(usize) -> bool,
) -> Vec<Option<u32>> {
    let ReleaseContext { sample, frame, categories, .. } = context;
    let n_domains = frame.n_persons.len();
    let mut lone = vec![None; categories.len() * n_domains];
    for (category, minutes) in minutes.iter().enumerate() {
        let asked: Vec<usize> = (0..n_domains).filter(|domain| is_asked(category * n_domains + domain)).collect();
        if asked.is_empty() {
            continue;
        }
        for row in &minutes.rows {
            let person = sample.respondent_of[*row as usize];
            let (own_sex, own_day) = place_of_class(sample.class_of[*row as usize]);
            for domain in &asked {
                let (group, sex, day) = (domain / (N_SEXES * N_DAYS), domain / N_DAYS % N_SEXES, domain % N_DAYS);
                let is_there = (sex == EVERYBODY || sex == own_sex) && (day == AVERAGE || day == own_day);
                if is_there && frame.sets[group].contains(person as usize) {
                    lone[category * n_domains + domain] = Some(person);
                }
            }
        }
    }
    lone
}
