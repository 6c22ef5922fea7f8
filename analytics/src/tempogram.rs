//! Who does what in each ten-minute slot of the day: the spans behind the tempogram.

use questionnaires::slot::{MINUTES_PER_SLOT, SLOTS_PER_DAY};
use rayon::prelude::*;

use crate::estimation::Span;
use crate::snapshot::Episode;
use crate::time_budget::{DAYS_AT_A_TIME, joined};

/// For each activity of `wanted` (places in the classification) the slots from 04:00 that observations do it in, by
/// observation. A slot belongs to the episode under way at its first minute. `activities_of` is by code.
pub fn occupied_slots(days: &[&[Episode]], activities_of: &[Vec<usize>], wanted: &[usize]) -> Vec<Vec<Span>> {
    let place_in_wanted = |activity: &usize| wanted.iter().position(|wanted| wanted == activity);
    let wanted_of: Vec<Vec<usize>> =
        activities_of.iter().map(|activities| activities.iter().filter_map(place_in_wanted).collect()).collect();
    let of_part = |(part, days): (usize, &[&[Episode]])| {
        let mut spans = vec![Vec::new(); wanted.len()];
        for (row, episodes) in (part * DAYS_AT_A_TIME..).zip(days) {
            for episode in *episodes {
                let Some(start) = episode.start_minute.map(usize::from) else { continue };
                let first = start.div_ceil(MINUTES_PER_SLOT);
                let after = (start + usize::from(episode.minutes)).div_ceil(MINUTES_PER_SLOT).min(SLOTS_PER_DAY);
                if first < after {
                    for place in &wanted_of[usize::from(episode.activity)] {
                        spans[*place].push(Span { row: row as u32, first: first as u16, after: after as u16 });
                    }
                }
            }
        }
        spans
    };
    let parts: Vec<Vec<Vec<Span>>> = days.par_chunks(DAYS_AT_A_TIME).enumerate().map(of_part).collect();
    (0..wanted.len()).map(|place| joined(&parts, |part| &part[place])).collect()
}
