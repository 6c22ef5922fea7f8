//! The frame of a day: sleep, washing, meals, work and school with the way there and back. What it leaves free
//! is for `budget` and `layout`.

use std::ops::Range;

use questionnaires::DayKind;

use super::schedule::{Piece, Place, Schedule};
use super::{clock, mode};
use crate::synthetic::person::{Person, WorkPattern, Workplace};
use crate::synthetic::population::Occupation;
use crate::synthetic::random::Random;
use crate::synthetic::shaping::{Measure, Profile, Shape};

/// A day with its frame in place.
pub struct Frame {
    /// The slots, free where nothing is fixed.
    pub schedule: Schedule,
    /// When the meals at home begin; food is prepared before them.
    pub meals: Vec<usize>,
}

/// Work or classes of a day, with the way there.
struct Obligation {
    blocks: Vec<Range<usize>>,
    activity: &'static str,
    travel: &'static str,
    /// Slots of the way, one way; 0 for work at home.
    way: usize,
    /// Whether the break between two blocks is spent at home.
    home_between: bool,
}

impl Obligation {
    fn leaves_at(&self) -> usize {
        self.blocks[0].start.saturating_sub(self.way)
    }

    /// The break, when it is not spent at home.
    fn break_away(&self) -> Option<Range<usize>> {
        let [first, second] = self.blocks.as_slice() else { return None };
        (self.way > 0 && !self.home_between).then_some(first.end..second.start)
    }

    fn is_back_at(&self) -> usize {
        self.blocks[self.blocks.len() - 1].end + self.way
    }
}

/// Lays the frame of a day.
pub fn frame(person: &Person, shape: &Shape, day: DayKind, random: &mut Random) -> Frame {
    let obligation = obligation(person, shape, day, random);
    let mut schedule = Schedule::empty();
    let care = shape.measure("AC03").time_spent() / 10.0;
    let morning_care = random.around(care * 0.55, care * 0.22);
    let evening_care = random.around(care * 0.25, care * 0.1);
    let day_care = random.around(care * 0.2, care * 0.2);
    let eating = eating_slots(shape, day, random);
    let nap = nap_slots(person, obligation.is_some(), random);
    let awake = waking_day(person, shape, day, obligation.as_ref(), morning_care + eating.breakfast, nap, random);

    schedule.fill(0..awake.start, Piece::new("011", Place::Home));
    schedule.fill(awake.end..clock(28, 0), Piece::new("011", Place::Home));
    if let Some(obligation) = &obligation {
        lay_obligation(&mut schedule, obligation, random);
    }
    let care = Piece::new("031", Place::Home);
    schedule.fill(awake.start..awake.start + morning_care, care);
    schedule.fill(awake.end.saturating_sub(evening_care)..awake.end, care);
    let meal = Piece::new("021", Place::Home);
    let breakfast = awake.start + morning_care;
    schedule.fill(breakfast..breakfast + eating.breakfast, meal);
    let mut meals = Vec::new();
    let lunch_time = random.around(clock(12, 50) as f64, 11.0);
    let dinner_time = random.around(clock(19, 50) as f64, 12.0);
    let snack_time = random.around(clock(16, 0) as f64, 36.0);
    for (slots, wished, bounds) in [
        (eating.lunch, lunch_time, clock(11, 40)..clock(16, 0)),
        (eating.dinner, dinner_time, clock(18, 20)..clock(23, 0)),
        (eating.snack, snack_time, clock(9, 0)..clock(23, 0)),
    ] {
        if slots == 0 {
            continue;
        }
        let fits = (1..=slots).rev().find_map(|n| Some((schedule.nearest_free(wished, n, bounds.clone())?, n)));
        if let Some((start, n)) = fits {
            schedule.fill(start..start + n, break_meal(obligation.as_ref(), start).unwrap_or(meal));
            if n > 1 {
                meals.push(start);
            }
        }
    }
    if let Some(pause) = obligation.as_ref().and_then(Obligation::break_away) {
        schedule.fill(pause, Piece::new("121", Place::WorkOrSchool));
    }
    let wished = random.between(clock(9, 0) as i64, clock(20, 0) as i64) as usize;
    if let Some(start) = schedule.nearest_free(wished, day_care, awake.clone()) {
        schedule.fill(start..start + day_care, care);
    }
    let nap_time = random.around(clock(15, 0) as f64, 8.0);
    if nap > 0
        && let Some(start) = schedule.nearest_free(nap_time, nap, clock(13, 0)..clock(18, 0))
    {
        schedule.fill(start..start + nap, Piece::new("011", Place::Home));
    }
    Frame { schedule, meals }
}

/// A meal in a break that is spent at work.
fn break_meal(obligation: Option<&Obligation>, start: usize) -> Option<Piece> {
    obligation?.break_away()?.contains(&start).then(|| Piece::new("021", Place::WorkOrSchool))
}

struct Eating {
    breakfast: usize,
    lunch: usize,
    dinner: usize,
    snack: usize,
}

fn eating_slots(shape: &Shape, day: DayKind, random: &mut Random) -> Eating {
    let sunday = if day == DayKind::Sunday { 1.12 } else { 0.98 };
    let slots = shape.measure("AC02").time_spent() / 10.0 * sunday * (1.0 + 0.3 * random.around_zero());
    Eating {
        breakfast: random.round(slots * 0.13),
        lunch: random.round(slots * 0.38).max(2),
        dinner: random.round(slots * 0.42).max(2),
        snack: random.round(slots * 0.07),
    }
}

fn nap_slots(person: &Person, is_obliged: bool, random: &mut Random) -> usize {
    let rate = match person.member.profile() {
        Profile::Elderly | Profile::Retired | Profile::Other => 0.4,
        _ if is_obliged => 0.05,
        _ => 0.22,
    };
    if random.happens(rate) { random.between(4, 9) as usize } else { 0 }
}

/// From waking to going to bed. The night's sleep is drawn, the moment of waking depends on the obligations.
fn waking_day(
    person: &Person,
    shape: &Shape,
    day: DayKind,
    obligation: Option<&Obligation>,
    morning: usize,
    nap: usize,
    random: &mut Random,
) -> Range<usize> {
    // Obligations shorten the night; the other days make up for it, so that the average stays the table's.
    let rate = shape.measure("AC1A").rate.max(shape.measure("AC21A").rate);
    let lengthening = match (person.member.occupation, obligation) {
        (Occupation::FullTime | Occupation::PartTime | Occupation::Student, Some(_)) => -4.5 * (1.0 - rate),
        (Occupation::FullTime | Occupation::PartTime | Occupation::Student, None) => 4.5 * rate,
        _ => 0.0,
    };
    let sleep = shape.measure("AC01").time_spent() / 10.0 + lengthening + 5.0 * random.around_zero();
    let night = random.round(sleep - nap as f64).clamp(30, 66);
    let usual = match (person.member.profile(), day) {
        (Profile::Pupil | Profile::Student, _) => clock(9, 0),
        (Profile::FullTime | Profile::PartTime, _) => clock(8, 0),
        (Profile::Homemaker, DayKind::Weekday) => clock(7, 10),
        (Profile::Elderly | Profile::Retired, _) => clock(7, 20),
        _ => clock(8, 10),
    };
    let lie_in = if random.happens(0.15) { 9 } else { 0 };
    let usual = random.around(usual as f64 - 1.0, 14.0) + lie_in;
    let wake = match obligation {
        Some(obligation) => {
            let slack = random.between(0, 6) as usize;
            usual.min(obligation.leaves_at().saturating_sub(morning + slack))
        }
        None => usual,
    };
    let last = obligation.map_or(0, |obligation| obligation.is_back_at() + 3);
    let bed = (wake + clock(28, 0) - night).max(last).min(clock(27, 50));
    // Who comes home late sleeps longer in the morning, where the morning is free.
    let free_morning = obligation.is_none_or(|obligation| obligation.leaves_at() > clock(11, 0));
    let wake = if free_morning { (bed + night).saturating_sub(clock(28, 0)).max(wake) } else { wake };
    wake..bed
}

fn lay_obligation(schedule: &mut Schedule, obligation: &Obligation, random: &mut Random) {
    let place = if obligation.way == 0 { Place::Home } else { Place::WorkOrSchool };
    let way = Piece::new(obligation.travel, mode(obligation.way, random));
    let last = obligation.blocks.len() - 1;
    for (index, block) in obligation.blocks.iter().enumerate() {
        schedule.fill(block.clone(), Piece::new(obligation.activity, place));
        if index == 0 || obligation.home_between {
            schedule.fill(block.start.saturating_sub(obligation.way)..block.start, way);
        }
        if index == last || obligation.home_between {
            schedule.fill(block.end..block.end + obligation.way, way);
        }
    }
}

/// The share of days of a kind on which something is done that is done on `rate` of all days. The factors keep
/// the average: five weekdays, a Saturday and a Sunday.
fn rate_on(day: DayKind, rate: f64, weekday: f64, saturday: f64) -> f64 {
    match day {
        DayKind::Weekday => rate * weekday,
        DayKind::Saturday => rate * saturday,
        DayKind::Sunday => rate * (7.0 - 5.0 * weekday - saturday),
    }
}

fn obligation(person: &Person, shape: &Shape, day: DayKind, random: &mut Random) -> Option<Obligation> {
    match person.member.occupation {
        Occupation::FullTime | Occupation::PartTime => {
            let work = shape.measure("AC1A");
            let works = random.happens(rate_on(day, work.rate, 1.22, 0.6));
            works.then(|| working_day(person, work, shape.measure("AC913"), random))
        }
        Occupation::Student => {
            let classes = shape.measure("AC21A");
            // The table begins at 15; the younger all go, on more days. Both count holidays.
            let compulsory = if person.member.age < 15 { 1.4 } else { student_share(person) };
            let attends = random.happens(rate_on(day, classes.rate * compulsory, 1.3, 0.5));
            attends.then(|| school_day(person, classes, shape.measure("AC9B"), random))
        }
        _ => None,
    }
}

/// The figures of age 15-20 are averages over everybody of that age; study falls to the students among them.
pub fn student_share(person: &Person) -> f64 {
    if person.member.profile() == Profile::Pupil { 1.0 / 0.88 } else { 1.0 }
}

fn one_way(person: &Person, travel: Measure, random: &mut Random) -> usize {
    let distance = match person.workplace {
        Workplace::Home => return 0,
        Workplace::SameMunicipality => 0.8,
        Workplace::OtherMunicipality => 1.5,
    };
    let slots = travel.minutes / 20.0 * distance;
    random.around(slots, 0.7 * slots).max(1)
}

fn school_day(person: &Person, classes: Measure, travel: Measure, random: &mut Random) -> Obligation {
    let length = random.around(classes.minutes / 10.0, classes.minutes / 40.0);
    let start = if person.member.age <= 18 { clock(8, 0) } else { clock(9, 0) + random.between(0, 6) as usize };
    let blocks = unbroken(start, length);
    Obligation { blocks, activity: "211", travel: "920", way: one_way(person, travel, random), home_between: false }
}

fn working_day(person: &Person, work: Measure, travel: Measure, random: &mut Random) -> Obligation {
    let length = random.around(work.minutes / 10.0, work.minutes / 10.0 * 0.45).max(6);
    let way = one_way(person, travel, random);
    let near = way <= 2;
    let mut home_between = false;
    let noise = |random: &mut Random, spread: f64| random.around(spread, spread);
    let blocks = match person.work_pattern {
        WorkPattern::Evenings => {
            let end = clock(24, 0);
            unbroken(end - length.min(60), length.min(60))
        }
        WorkPattern::Shifts if random.happens(0.55) => {
            let start = clock(5, 50) + noise(random, 4.0);
            unbroken(start, length)
        }
        WorkPattern::Shifts => {
            let start = clock(13, 30) + noise(random, 3.0);
            split(start, clock(19, 30), 3, length.min(58))
        }
        _ if length <= 34 || (length <= 40 && random.happens(0.5)) => {
            let start = if random.happens(0.72) { clock(7, 50) } else { clock(14, 30) };
            let start = start + noise(random, 3.0);
            unbroken(start, length)
        }
        WorkPattern::Weekends => {
            home_between = near;
            let pause = if near { random.between(13, 18) } else { random.between(4, 8) };
            split(clock(8, 20) + noise(random, 4.0), clock(12, 30) + noise(random, 2.0), pause as usize, length)
        }
        WorkPattern::FixedDaytime | WorkPattern::Flexible => {
            home_between = near && random.happens(0.6);
            let pause = if home_between { random.between(8, 15) } else { random.between(4, 6) };
            let late = if person.work_pattern == WorkPattern::Flexible { 3 } else { 0 };
            split(clock(7, 0) + late + noise(random, 6.0), clock(11, 40) + noise(random, 7.0), pause as usize, length)
        }
    };
    let latest = clock(26, 0);
    let blocks =
        blocks.into_iter().filter(|block| block.start < latest).map(|block| block.start..block.end.min(latest));
    Obligation { blocks: blocks.collect(), activity: "111", travel: "910", way, home_between }
}

/// `length` slots of work from `start`, with a break of `pause` slots from `break_at`.
fn split(start: usize, break_at: usize, pause: usize, length: usize) -> Vec<Range<usize>> {
    let first = break_at - start;
    if length <= first + 3 {
        return unbroken(start, length);
    }
    vec![start..break_at, break_at + pause..break_at + pause + length - first]
}

/// `length` slots of work from `start`, without a break.
fn unbroken(start: usize, length: usize) -> Vec<Range<usize>> {
    std::iter::once(start..start + length).collect()
}
