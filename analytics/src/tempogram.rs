//! Who does what in each ten-minute slot of the day: the columns behind the tempogram.

use questionnaires::slot::{MINUTES_PER_SLOT, SLOTS_PER_DAY};

use crate::snapshot::Episode;

/// For one activity and each of the 144 slots from 04:00, the observations doing it, ascending.
pub type Occupants = Vec<Vec<u32>>;

/// The observations doing each activity in each slot. A slot belongs to the episode under way at its first
/// minute. `activities_of` is by code; only the activities in `wanted` (places in the classification) are followed.
pub fn occupants(days: &[&[Episode]], activities_of: &[Vec<usize>], wanted: &[usize]) -> Vec<Occupants> {
    let mut occupants = vec![vec![Vec::new(); SLOTS_PER_DAY]; wanted.len()];
    for (observation, episodes) in days.iter().enumerate() {
        for episode in *episodes {
            let Some(start) = episode.start_minute.map(usize::from) else { continue };
            let end = start + usize::from(episode.minutes);
            let slots = start.div_ceil(MINUTES_PER_SLOT)..end.div_ceil(MINUTES_PER_SLOT).min(SLOTS_PER_DAY);
            for activity in &activities_of[usize::from(episode.activity)] {
                let Some(place) = wanted.iter().position(|wanted| wanted == activity) else { continue };
                for slot in slots.clone() {
                    occupants[place][slot].push(observation as u32);
                }
            }
        }
    }
    occupants
}
