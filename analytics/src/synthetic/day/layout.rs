//! The layout: the parts of the budget are put into the free slots of the frame, outings first, then what is
//! done at home, slot after slot, drawn so that each group follows the official tempogram's hours.

use questionnaires::DayKind;
use questionnaires::slot::SLOTS_PER_DAY;

use super::budget::{Budget, Item, Outing};
use super::frame::Frame;
use super::parts::Hours;
use super::schedule::{Piece, Place, Schedule};
use super::{clock, mode};
use crate::synthetic::random::Random;
use crate::synthetic::shaping;

/// Longest stretch of one activity at home, in slots, before another is drawn.
const LONGEST: usize = 9;
/// The same for television.
const LONGEST_TELEVISION: usize = 12;

/// Fills the frame with the budget. Every slot of the result is filled.
pub fn lay_out(frame: Frame, mut budget: Budget, day: DayKind, random: &mut Random) -> Schedule {
    let Frame { mut schedule, meals } = frame;
    for outing in std::mem::take(&mut budget.outings) {
        go_out(&mut schedule, outing, &mut budget, day, random);
    }
    fill_at_home(&mut schedule, budget, &meals, random);
    debug_assert_eq!(schedule.n_free(), 0, "the budget holds as many slots as the frame leaves free");
    schedule
}

/// Puts an outing where it fits best; what does not fit goes back to the budget as time at home.
fn go_out(schedule: &mut Schedule, outing: Outing, budget: &mut Budget, day: DayKind, random: &mut Random) {
    let there = outing.travel.div_ceil(2);
    let back = outing.travel - there;
    let home = if outing.is_household { &mut budget.household } else { &mut budget.leisure };
    let fallback = if outing.is_household { "324" } else { "531" };
    let shortest = if outing.slots == 0 { 0 } else { (outing.slots / 2).max(1) };
    for slots in (shortest..=outing.slots).rev() {
        let length = there + slots + back;
        let weights: Vec<f64> = (0..SLOTS_PER_DAY)
            .map(|start| {
                if schedule.free_run(start) >= length {
                    hour_weight(outing.trip.hours, start + there, day)
                } else {
                    0.0
                }
            })
            .collect();
        let Some(start) = random.pick(&weights) else { continue };
        let way = Piece::new(outing.trip.travel, mode(there, random));
        let arrival = start + there;
        schedule.fill(start..arrival, way);
        schedule.fill(arrival..arrival + slots, Piece::new(outing.activity, outing.trip.place));
        schedule.fill(arrival + slots..arrival + slots + back, way);
        if outing.slots > slots {
            home.push(Item { activity: fallback, slots: outing.slots - slots });
        }
        return;
    }
    home.push(Item { activity: fallback, slots: outing.slots + outing.travel });
}

/// How usual it is to be out for this at `slot`.
fn hour_weight(hours: Hours, slot: usize, day: DayKind) -> f64 {
    let within = |from: usize, to: usize| (from..to).contains(&slot);
    match hours {
        Hours::Opening if day == DayKind::Sunday && within(clock(9, 0), clock(12, 30)) => 1.0,
        Hours::Opening if within(clock(8, 40), clock(12, 0)) => 1.0,
        Hours::Opening if within(clock(15, 50), clock(19, 10)) => 0.8,
        Hours::Opening if within(clock(12, 0), clock(20, 0)) => 0.2,
        Hours::Opening => 0.005,
        Hours::School if within(clock(7, 40), clock(8, 20)) => 1.0,
        Hours::School if within(clock(12, 40), clock(13, 20)) => 0.5,
        Hours::School if within(clock(16, 0), clock(18, 40)) => 0.6,
        Hours::School => 0.01,
        Hours::Company if within(clock(15, 0), clock(19, 0)) => 1.0,
        Hours::Company if within(clock(20, 30), clock(22, 30)) => 0.8,
        Hours::Company if within(clock(9, 30), clock(12, 30)) => 0.5,
        Hours::Company => 0.03,
        Hours::Service if within(clock(9, 0), clock(11, 30)) => 1.0,
        Hours::Service if within(clock(17, 0), clock(19, 0)) => 0.8,
        Hours::Service => 0.05,
        Hours::Daylight if within(clock(9, 0), clock(12, 0)) => 0.9,
        Hours::Daylight if within(clock(15, 0), clock(19, 0)) => 1.0,
        Hours::Daylight if within(clock(7, 0), clock(22, 0)) => 0.15,
        Hours::Daylight => 0.01,
    }
}

// The groups of what is done at home; each has hours of its own.
const HOUSEHOLD: usize = 0;
const LEISURE: usize = 1;
const TELEVISION: usize = 2;
const GROUPS: usize = 4;

fn fill_at_home(schedule: &mut Schedule, budget: Budget, meals: &[usize], random: &mut Random) {
    let mut groups: [Vec<Item>; GROUPS] = [
        budget.household,
        budget.leisure,
        vec![Item { activity: "821", slots: budget.television }],
        vec![Item { activity: "212", slots: budget.study }],
    ];
    // What each group's hours still offer from a slot on, over the slots that are free.
    let mut ahead = [[0.0; SLOTS_PER_DAY + 1]; GROUPS];
    for slot in (0..SLOTS_PER_DAY).rev() {
        for (group, ahead) in ahead.iter_mut().enumerate() {
            ahead[slot] = ahead[slot + 1] + if schedule.is_free(slot) { group_weight(group, slot) } else { 0.0 };
        }
    }
    let mut slot = 0;
    while slot < SLOTS_PER_DAY {
        let gap = schedule.free_run(slot);
        if gap == 0 {
            slot += 1;
            continue;
        }
        let weights: [f64; GROUPS] = std::array::from_fn(|group| {
            let remaining: usize = groups[group].iter().map(|item| item.slots).sum();
            remaining as f64 * group_weight(group, slot) / ahead[group][slot].max(1e-9)
        });
        let Some(group) = random.pick(&weights) else { return };
        let affinities: Vec<f64> = groups[group]
            .iter()
            .map(|item| item.slots as f64 * affinity(item.activity, slot, meals, schedule))
            .collect();
        let Some(chosen) = random.pick(&affinities) else { return };
        let item = &mut groups[group][chosen];
        let longest = if group == TELEVISION { LONGEST_TELEVISION } else { LONGEST };
        let wanted = if group == HOUSEHOLD { random.between(2, longest as i64) as usize } else { longest };
        let length = item.slots.min(gap).min(wanted);
        item.slots -= length;
        schedule.fill(slot..slot + length, Piece::new(item.activity, Place::Home));
        slot += length;
    }
}

/// How much a group belongs to a slot; only the proportion between slots matters.
fn group_weight(group: usize, slot: usize) -> f64 {
    let shares = &shaping::hours()[slot];
    match group {
        HOUSEHOLD => shares.household,
        // Squared: the draw, which weighs what is left, would flatten the peaks of these two.
        LEISURE => shares.leisure * shares.leisure,
        TELEVISION => shares.television * shares.television,
        _ => match slot {
            slot if slot < clock(8, 0) => 0.02,
            slot if slot < clock(13, 0) => 0.6,
            slot if slot < clock(19, 30) => 1.0,
            slot if slot < clock(23, 0) => 0.3,
            _ => 0.02,
        },
    }
}

/// How well an activity suits a slot beside its group's hours: food before meals, dishes after them.
fn affinity(activity: &str, slot: usize, meals: &[usize], schedule: &Schedule) -> f64 {
    let before_meal = meals.iter().any(|meal| (1..=7).contains(&meal.saturating_sub(slot)) && *meal > slot);
    let after_meal =
        (slot.saturating_sub(3)..slot).any(|near| schedule.at(near).is_some_and(|piece| piece.activity == "021"));
    match activity {
        "311" if before_meal => 12.0,
        "311" => 0.2,
        "312" if after_meal => 12.0,
        "312" => 0.2,
        "531" if (clock(13, 30)..clock(16, 0)).contains(&slot) || slot > clock(21, 0) => 3.0,
        "341" | "322" | "352" | "353" | "354" if slot > clock(20, 0) => 0.02,
        _ => 1.0,
    }
}
