//! The budget of the free slots: how many go to household work, leisure, television, study at home and outings.
//!
//! Each division gives a share that does not depend on the number of slots divided, with the official table's
//! proportion as its mean; so the averages of the invented days meet the table's without being fitted to them.

use super::parts::{COMPANY_AT_HOME, HOUSEHOLD, Hours, LEISURE, Part, SHOPPING, Trip};
use super::schedule::Place;
use crate::synthetic::person::Person;
use crate::synthetic::population::Occupation;
use crate::synthetic::random::Random;
use crate::synthetic::shaping::{Sex, Shape};

/// Something done at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Code, level 3.
    pub activity: &'static str,
    /// Slots.
    pub slots: usize,
}

/// Something that leads out of the house.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outing {
    /// Code, level 3; empty when the way itself is the purpose.
    pub activity: &'static str,
    /// Where to.
    pub trip: Trip,
    /// Slots at the place.
    pub slots: usize,
    /// Slots of both ways together.
    pub travel: usize,
    /// Whether its slots are household work (else leisure), if it cannot take place.
    pub is_household: bool,
}

/// The free slots of a day, divided; their sum is exactly the slots there were.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Budget {
    /// Outings, the longest first.
    pub outings: Vec<Outing>,
    /// Household and family care at home.
    pub household: Vec<Item>,
    /// Leisure at home, television apart.
    pub leisure: Vec<Item>,
    /// Television, slots.
    pub television: usize,
    /// Study at home, slots.
    pub study: usize,
}

/// Divides `free` slots.
pub fn budget(person: &Person, shape: &Shape, free: usize, random: &mut Random) -> Budget {
    let mut left = free;
    let mut take = |wanted: usize| {
        let taken = wanted.min(left);
        left -= taken;
        taken
    };
    let is_student = person.member.occupation == Occupation::Student;
    let homework =
        if is_student { drawn_slots(shape, "AC212", super::frame::student_share(person), random) } else { 0 };
    let study = take(homework.min(free / 2));
    let school_run = take(drawn_travel(shape, "AC938", childcare_factor(person, 3..=13), random));
    let shops = random.happens(shape.measure("AC36").rate);
    let shopping_travel =
        if shops { take(drawn_travel(shape, "AC936", 1.0 / shape.measure("AC36").rate.max(0.05), random)) } else { 0 };
    let unstated_travel = take(drawn_travel(shape, "AC90NSP", 1.0, random));
    let leisure_travel = take(drawn_travel(shape, "AC9D", 1.0, random).min(free / 4));

    let (household_time, leisure_time) = (shape.measure("AC3").time_spent(), shape.measure("AC4-8").time_spent());
    let mean_share = household_time / (household_time + leisure_time) * family_factor(person);
    let (participation, shop_rate) = (shape.measure("AC3").rate, shape.measure("AC36").rate);
    let takes_part = shops || random.happens((participation - shop_rate) / (1.0 - shop_rate));
    let share = if takes_part { around_share(mean_share / participation, random) } else { 0.0 };
    let household = random.round(left as f64 * share).min(left);
    let leisure = left - household;
    let watches = shape.measure("AC82");
    let share = if random.happens(watches.rate) { around_share(watches.minutes / leisure_time, random) } else { 0.0 };
    let television = random.round(leisure as f64 * share).min(leisure);

    let mut budget = Budget { television, study, ..Budget::default() };
    if school_run > 0 {
        let trip = Trip { place: Place::Elsewhere, travel: "938", hours: Hours::School };
        budget.outings.push(Outing { activity: "", trip, slots: 0, travel: school_run, is_household: true });
    }
    if unstated_travel > 0 {
        let trip = Trip { place: Place::Elsewhere, travel: "900", hours: Hours::Daylight };
        budget.outings.push(Outing { activity: "", trip, slots: 0, travel: unstated_travel, is_household: false });
    }
    divide_household(&mut budget, person, shape, household, shops.then_some(shopping_travel), random);
    divide_leisure(&mut budget, shape, leisure - television, leisure_travel, random);
    budget.outings.sort_by_key(|outing| std::cmp::Reverse(outing.slots + outing.travel));
    budget
}

/// Slots of `figure` on this day: none, or the table's duration with its spread.
fn drawn_slots(shape: &Shape, figure: &str, rate_factor: f64, random: &mut Random) -> usize {
    let measure = shape.measure(figure);
    if !random.happens((measure.rate * rate_factor).min(0.95)) {
        return 0;
    }
    random.around(measure.minutes / 10.0, measure.minutes / 10.0 * 0.6)
}

/// The same for travel: there and back take a slot each at least.
fn drawn_travel(shape: &Shape, figure: &str, rate_factor: f64, random: &mut Random) -> usize {
    match drawn_slots(shape, figure, rate_factor, random) {
        0 => 0,
        slots => slots.max(2),
    }
}

/// A share drawn around its mean.
fn around_share(mean: f64, random: &mut Random) -> f64 {
    let mean = mean.min(0.97);
    // The spread shrinks near the ends, so that the draw stays in 0..1 without being cut off.
    let spread = mean.min(1.0 - mean).min(0.35);
    mean + spread * random.around_zero()
}

/// How much more, or less, household work than the table's average falls to parents of young children and to
/// the others of working age.
fn family_factor(person: &Person) -> f64 {
    match person.member.occupation {
        Occupation::Student | Occupation::Retired => 1.0,
        _ if person.member.age >= 65 || person.member.age <= 20 => 1.0,
        _ => match (person.member.sex, person.has_young_child()) {
            (Sex::F, true) => 1.27,
            (Sex::F, false) => 0.9,
            (Sex::M, true) => 1.25,
            (Sex::M, false) => 0.82,
        },
    }
}

/// The table's childcare is an average over everybody; it falls to the parents of children of these ages.
fn childcare_factor(person: &Person, ages: std::ops::RangeInclusive<i64>) -> f64 {
    const SHARE_OF_PARENTS: f64 = 0.25;
    if person.children.iter().any(|age| ages.contains(age)) { 1.0 / SHARE_OF_PARENTS } else { 0.0 }
}

fn code(codes: &[(&'static str, f64)], random: &mut Random) -> &'static str {
    let weights: Vec<f64> = codes.iter().map(|(_, weight)| *weight).collect();
    codes[random.pick(&weights).unwrap_or(0)].0
}

/// The parts of a group that happen today with their weights, in minutes.
fn drawn_parts<'a>(
    parts: &'a [Part],
    shape: &Shape,
    factor: impl Fn(&Part) -> f64,
    random: &mut Random,
) -> Vec<(&'a Part, f64)> {
    let mut drawn = Vec::new();
    for part in parts {
        let measure = shape.measure(part.figure);
        if random.happens((measure.rate * factor(part)).min(0.9)) {
            drawn.push((part, measure.minutes * (1.0 + 0.6 * random.around_zero())));
        }
    }
    drawn
}

/// One part of those that `accepts` lets through, the more frequent the likelier.
fn usual_part<'a>(
    parts: &'a [Part],
    shape: &Shape,
    accepts: impl Fn(&Part) -> bool,
    random: &mut Random,
) -> Option<&'a Part> {
    let often = |part: &Part| part.trip.map_or(1.0, |(_, often)| often);
    let weight = |part: &Part| if accepts(part) { shape.measure(part.figure).rate * often(part) } else { 0.0 };
    let weights: Vec<f64> = parts.iter().map(weight).collect();
    random.pick(&weights).map(|index| &parts[index])
}

/// `slots` in proportion to `weights`, by largest remainder.
fn apportion(slots: usize, weights: &[f64]) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let quotas: Vec<f64> = weights.iter().map(|weight| slots as f64 * weight / total).collect();
    let mut shares: Vec<usize> = quotas.iter().map(|quota| *quota as usize).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| (quotas[*b] - quotas[*b].floor()).total_cmp(&(quotas[*a] - quotas[*a].floor())));
    let missing = slots.saturating_sub(shares.iter().sum());
    for index in order.into_iter().cycle().take(missing) {
        shares[index] += 1;
    }
    shares
}

fn divide_household(
    budget: &mut Budget,
    person: &Person,
    shape: &Shape,
    slots: usize,
    shopping_travel: Option<usize>,
    random: &mut Random,
) {
    let participation = shape.measure("AC3").rate.max(0.05);
    let factor = |part: &Part| match part.figure {
        "AC38A" => childcare_factor(person, 0..=10),
        "AC38B" => childcare_factor(person, 0..=13),
        _ => 1.0 / participation,
    };
    let mut drawn = drawn_parts(HOUSEHOLD, shape, factor, random);
    if shopping_travel.is_some() {
        drawn.push((&SHOPPING, shape.measure("AC36").minutes * (1.0 + 0.6 * random.around_zero())));
    }
    if drawn.is_empty() {
        drawn.extend(usual_part(HOUSEHOLD, shape, |_| true, random).map(|part| (part, 1.0)));
    }
    let weights: Vec<f64> = drawn.iter().map(|(_, weight)| *weight).collect();
    let mut travel = shopping_travel.unwrap_or(0);
    for ((part, _), slots) in drawn.iter().zip(apportion(slots, &weights)) {
        let activity = code(part.codes, random);
        match part.trip {
            Some((trip, _)) if part.figure == SHOPPING.figure && travel > 0 => {
                budget.outings.push(Outing { activity, trip, slots, travel, is_household: true });
                travel = 0;
            }
            Some((trip, _)) if trip.travel.is_empty() && slots > 0 => {
                budget.outings.push(Outing { activity, trip, slots, travel: 0, is_household: true });
            }
            _ => budget.household.push(Item { activity, slots }),
        }
    }
}

fn divide_leisure(budget: &mut Budget, shape: &Shape, slots: usize, travel: usize, random: &mut Random) {
    let mut drawn = drawn_parts(LEISURE, shape, |_| 1.0, random);
    let goes_out = |part: &Part| part.trip.is_some_and(|(trip, _)| !trip.travel.is_empty());
    if drawn.is_empty() || (travel > 0 && !drawn.iter().any(|(part, _)| goes_out(part))) {
        let accepts = |part: &Part| travel == 0 || goes_out(part);
        let part = usual_part(LEISURE, shape, accepts, random);
        drawn.extend(part.map(|part| (part, shape.measure(part.figure).minutes)));
    }
    let weights: Vec<f64> = drawn.iter().map(|(_, weight)| *weight).collect();
    let mut travel = travel;
    let mut items: Vec<(&Part, usize)> = drawn.iter().map(|(part, _)| *part).zip(apportion(slots, &weights)).collect();
    items.sort_by_key(|(_, slots)| std::cmp::Reverse(*slots));
    for (part, slots) in items {
        let activity = code(part.codes, random);
        match part.trip {
            Some((trip, _)) if trip.travel.is_empty() && slots > 0 => {
                budget.outings.push(Outing { activity, trip, slots, travel: 0, is_household: false });
            }
            Some((trip, often)) if travel > 0 && slots > 0 && random.happens(often) => {
                // Two outings at most share the day's leisure travel.
                let used = if travel >= 8 { travel / 2 } else { travel };
                travel -= used;
                budget.outings.push(Outing { activity, trip, slots, travel: used, is_household: false });
            }
            Some(_) if part.figure == "AC51B" => {
                budget.leisure.push(Item { activity: code(COMPANY_AT_HOME, random), slots });
            }
            _ => budget.leisure.push(Item { activity, slots }),
        }
    }
    if travel > 0 {
        // Travel without an outing to go with: a walk to nowhere in particular.
        let trip = Trip { place: Place::Elsewhere, travel: "960", hours: Hours::Daylight };
        budget.outings.push(Outing { activity: "", trip, slots: 0, travel, is_household: false });
    }
}
