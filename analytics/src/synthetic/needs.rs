//! What an invented person says of the city's hours and of how a day went. No official figures are behind these shares: they are
//! guesses that differ where one would expect it (full-time work and office hours, the outer quarters and journeys, parents and
//! time of their own), so that charts of answers have something to show.

use questionnaires::{Answer, Answers};

use super::person::Person;
use super::population::{Household, Occupation};
use super::random::Random;
use super::shaping::Sex;

/// The stream of needs is another than that of days: what is asked besides leaves the days as they are.
pub(super) const STREAM: u64 = 0x6e65_6564_735f_6f66;

/// Adds the answers to `temporal_needs` and, for both types of day, to `end_of_day`.
pub(super) fn tell(person: &Person, household: &Household, random: &mut Random, answers: &mut Answers) {
    let used: Vec<Service> =
        Service::ALL.into_iter().filter(|service| random.happens(service.use_of(person))).collect();
    let names: Vec<String> = used.iter().map(|service| service.name().to_owned()).collect();
    let names = if names.is_empty() { vec!["none".to_owned()] } else { names };
    answers.set("services_used", Answer::Choices(names));
    let mut n_collisions = 0;
    for service in used {
        n_collisions += tell_service(service, person, household, random, answers);
    }
    let gives_up = match n_collisions {
        0 => [0.93, 0.05, 0.02],
        1 => [0.72, 0.2, 0.08],
        _ => [0.48, 0.27, 0.25],
    };
    choose(answers, "gives_up", ["no", "once", "several"][random.pick(&gives_up).unwrap_or(0)]);
    for day in ["weekday", "weekend"] {
        tell_day(day, person, random, answers);
    }
}

fn choose(answers: &mut Answers, question: &str, value: &str) {
    answers.set(question, Answer::Choice(value.to_owned()));
}

/// A service of the questionnaire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Registry,
    Post,
    Bank,
    Doctor,
    Specialist,
    Nursery,
    School,
    Shops,
    Transport,
    Library,
    Sport,
    Social,
}

impl Service {
    /// In the order of the questionnaire.
    const ALL: [Service; 12] = [
        Service::Registry,
        Service::Post,
        Service::Bank,
        Service::Doctor,
        Service::Specialist,
        Service::Nursery,
        Service::School,
        Service::Shops,
        Service::Transport,
        Service::Library,
        Service::Sport,
        Service::Social,
    ];

    fn name(self) -> &'static str {
        match self {
            Service::Registry => "registry",
            Service::Post => "post",
            Service::Bank => "bank",
            Service::Doctor => "doctor",
            Service::Specialist => "specialist",
            Service::Nursery => "nursery",
            Service::School => "school",
            Service::Shops => "shops",
            Service::Transport => "transport",
            Service::Library => "library",
            Service::Sport => "sport",
            Service::Social => "social",
        }
    }

    /// How likely the person used it within a year.
    fn use_of(self, person: &Person) -> f64 {
        let age = person.member.age;
        let has_child = |low: i64, high: i64| person.children.iter().any(|child| (low..=high).contains(child));
        let (is_old, is_young) = (age >= 65, age < 25);
        let pick = |is: bool, yes: f64, no: f64| if is { yes } else { no };
        match self {
            Service::Registry => pick(age < 18, 0.05, 0.36),
            Service::Post => pick(age < 18, 0.08, pick(is_old, 0.74, 0.52)),
            Service::Bank => pick(age < 18, 0.04, pick(is_old, 0.6, 0.46)),
            Service::Doctor => pick(is_old, 0.9, 0.66),
            Service::Specialist => pick(is_old, 0.64, 0.38),
            Service::Nursery => pick(has_child(0, 5), 0.76, 0.01),
            Service::School => pick(has_child(6, 17) || age < 19, 0.82, 0.02),
            Service::Shops => pick(age < 15, 0.6, 0.94),
            Service::Transport => pick(is_young, 0.72, pick(is_old, 0.34, 0.38)),
            Service::Library => pick(person.member.occupation == Occupation::Student, 0.46, 0.17),
            Service::Sport => pick(is_young, 0.6, pick(is_old, 0.14, 0.33)),
            Service::Social => pick(person.cares_for_adult, 0.42, 0.05),
        }
    }

    /// Whether it is open in office hours only.
    fn keeps_office_hours(self) -> bool {
        use Service::{Bank, Doctor, Post, Registry, Social, Specialist};
        matches!(self, Registry | Post | Bank | Doctor | Specialist | Social)
    }

    /// Minutes to get there, and minutes of waiting, usually.
    fn minutes(self) -> (f64, f64) {
        match self {
            Service::Registry => (14.0, 28.0),
            Service::Post => (9.0, 24.0),
            Service::Bank => (10.0, 14.0),
            Service::Doctor => (11.0, 38.0),
            Service::Specialist => (24.0, 44.0),
            Service::Nursery => (9.0, 4.0),
            Service::School => (11.0, 5.0),
            Service::Shops => (10.0, 8.0),
            Service::Transport => (7.0, 10.0),
            Service::Library => (15.0, 3.0),
            Service::Sport => (14.0, 3.0),
            Service::Social => (18.0, 30.0),
        }
    }

    /// The hours one may wish, with their weights.
    fn wishes(self) -> [f64; 6] {
        match self {
            Service::Nursery | Service::School => [0.4, 0.1, 0.35, 0.05, 0.08, 0.02],
            Service::Shops => [0.05, 0.15, 0.1, 0.35, 0.05, 0.3],
            Service::Transport => [0.15, 0.05, 0.1, 0.4, 0.1, 0.2],
            Service::Library | Service::Sport => [0.05, 0.15, 0.15, 0.35, 0.1, 0.2],
            _ => [0.18, 0.22, 0.28, 0.06, 0.24, 0.02],
        }
    }
}

const WISHES: [&str; 6] = ["before_8", "lunch", "after_18", "after_20", "saturday", "sunday"];

/// What the person says of one service; 1 if its hours often collide.
fn tell_service(
    service: Service,
    person: &Person,
    household: &Household,
    random: &mut Random,
    answers: &mut Answers,
) -> u32 {
    let name = |column: &str| format!("service_hours.{}.{column}", service.name());
    let works_full_time = person.member.occupation == Occupation::FullTime;
    let is_mother = person.member.sex == Sex::F && !person.children.is_empty();
    let often = match (service.keeps_office_hours(), works_full_time) {
        (true, true) => 0.38,
        (true, false) => 0.1,
        (false, true) => 0.14,
        (false, false) => 0.07,
    };
    let often: f64 = often + if is_mother { 0.12 } else { 0.0 };
    let sometimes = 0.22 + often / 2.0;
    let collides = random.pick(&[1.0 - often - sometimes, sometimes, often]).unwrap_or(0);
    choose(answers, &name("collides"), ["never", "sometimes", "often"][collides]);

    let (travel, wait) = service.minutes();
    let farther = match household.zone {
        "centro" => 0.7,
        "est" => 1.3,
        "sud" => 1.2,
        "outside" => 1.9,
        _ => 1.0,
    };
    // People round to five minutes.
    let fives = |minutes: f64, random: &mut Random| 5 * random.around(minutes / 5.0, minutes / 6.0) as i64;
    let travel_minutes = fives(travel * farther, random).min(240);
    answers.set(name("travel_minutes"), Answer::Number(travel_minutes));
    if !random.happens(0.08) {
        answers.set(name("wait_minutes"), Answer::Number(fives(wait, random)));
    }

    let mut wished: Vec<&str> = Vec::new();
    if !random.happens([0.86, 0.45, 0.12][collides]) {
        let weights = service.wishes();
        let first = random.pick(&weights).unwrap_or(0);
        let second = random.pick(&weights).filter(|_| random.happens(0.35)).unwrap_or(first);
        wished.extend(
            WISHES.iter().enumerate().filter(|(place, _)| *place == first || *place == second).map(|(_, one)| *one),
        );
    }
    let wished = if wished.is_empty() { vec!["as_now"] } else { wished };
    answers.set(name("wished_hours"), Answer::Choices(wished.into_iter().map(str::to_owned).collect()));

    let online = match person.member.age {
        ..=34 => [0.55, 0.25, 0.1, 0.1],
        35..=64 => [0.42, 0.26, 0.18, 0.14],
        _ => [0.14, 0.16, 0.42, 0.28],
    };
    let online = random.pick(&online).unwrap_or(0);
    choose(answers, &name("online"), ["yes", "would", "prefers_not", "cannot"][online]);
    u32::from(collides == 2)
}

/// How satisfied the person was with a day of this type: less with time of one's own where there are children, less with work
/// on weekdays.
fn tell_day(day: &str, person: &Person, random: &mut Random, answers: &mut Answers) {
    const SCALE: [&str; 5] = ["very_dissatisfied", "dissatisfied", "neither", "satisfied", "very_satisfied"];
    let is_weekend = day == "weekend";
    let has_children = !person.children.is_empty();
    let is_busy = person.member.occupation.is_employed() || person.member.occupation == Occupation::Student;
    for part in ["whole", "work_time", "care_time", "own_time"] {
        let name = format!("day_satisfaction.{part}.satisfied.{day}");
        let is_absent = match part {
            "work_time" => !is_busy || (is_weekend && !random.happens(0.22)),
            "care_time" => person.member.age < 18 && random.happens(0.5),
            _ => false,
        };
        if is_absent {
            choose(answers, &name, "not_mine");
            continue;
        }
        let mut weights = [0.06, 0.14, 0.24, 0.38, 0.18];
        let mut shift = |share: f64| {
            weights[3] -= share;
            weights[1] += share;
        };
        if part == "own_time" && has_children {
            shift(if person.member.sex == Sex::F { 0.24 } else { 0.12 });
        }
        if part == "care_time" && person.member.sex == Sex::F {
            shift(0.06);
        }
        if part == "own_time" && !is_weekend && is_busy {
            shift(0.08);
        }
        if is_weekend && part != "work_time" {
            shift(-0.08);
        }
        choose(answers, &name, SCALE[random.pick(&weights).unwrap_or(2)]);
    }
}
