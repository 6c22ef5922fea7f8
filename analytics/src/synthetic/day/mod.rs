//! One person's day. First the frame (sleep, meals, work and school at their hours), then a budget that divides
//! the rest among household work, leisure, television and outings in the official tables' proportions, then a
//! layout that puts the parts where the official tempogram has them, and last the context: where, with whom,
//! what else, how pleasant.

mod budget;
mod context;
mod frame;
mod layout;
mod parts;
mod schedule;

use chrono::NaiveDate;
use questionnaires::{DayKind, Diary};

use super::person::Person;
use super::random::Random;
use super::shaping;
use schedule::Place;

/// The diary of `person` for the day that begins on `date`.
pub fn diary(person: &Person, date: NaiveDate, random: &mut Random) -> Diary {
    let shape = shaping::shape(person.member.sex, person.member.profile());
    let day = DayKind::of(date);
    let frame = frame::frame(person, shape, day, random);
    let budget = budget::budget(person, shape, frame.schedule.n_free(), random);
    let schedule = layout::lay_out(frame, budget, day, random);
    context::describe(person, date, &schedule, random)
}

/// The slot boundary of a clock time; hours run from 4 to 28, the next morning's 04:00.
const fn clock(hour: usize, minute: usize) -> usize {
    (hour - 4) * 6 + minute / 10
}

/// A means of transport for a way of `slots` slots.
fn mode(slots: usize, random: &mut Random) -> Place {
    const MODES: [Place; 5] = [Place::Foot, Place::Bicycle, Place::Moped, Place::Car, Place::PublicTransport];
    let weights = match slots {
        0..=1 => [0.42, 0.1, 0.03, 0.43, 0.02],
        2..=3 => [0.12, 0.08, 0.05, 0.62, 0.13],
        _ => [0.02, 0.02, 0.03, 0.65, 0.28],
    };
    MODES[random.pick(&weights).unwrap_or(3)]
}
