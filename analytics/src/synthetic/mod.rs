//! An invented city whose days are shaped on Italy's official time-use tables: people in households, their
//! answers and two diary days each. For demonstrations, tests and benchmarks; nothing here describes anybody.

use chrono::{Days, NaiveDate};
use questionnaires::{Answers, DayKind, Diary};

mod day;
mod needs;
mod person;
mod population;
pub(crate) mod random;
mod shaping;

use person::Person;
use population::Household;
use random::Random;

/// What city to make. The same options give the same city on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CityOptions {
    /// Respondents wanted; the last household is completed, so up to five more may come.
    pub n_persons: usize,
    /// Where the random numbers begin.
    pub seed: u64,
    /// First possible diary date; the days fall in the four weeks that begin here.
    pub first_date: NaiveDate,
}

/// A respondent: everybody aged 10 and over in a household is one.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticPerson {
    /// Number of the household, from 0; its members follow each other.
    pub household: usize,
    /// Answers to the questionnaires about the person, the household and the city's hours, and to that about a day for a
    /// weekday and for a day of the weekend (`day_satisfaction.whole.satisfied.weekday`).
    pub answers: Answers,
    /// A weekday and a Saturday or Sunday, the same dates for the whole household.
    pub diaries: [Diary; 2],
}

/// A known total of the city's population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margin {
    /// `F` or `M`.
    pub sex: &'static str,
    /// An age group of the estimates, such as `25-44`.
    pub age_group: String,
    /// People.
    pub population: u64,
}

/// A whole invented city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Those who answered, household by household.
    pub persons: Vec<SyntheticPerson>,
    /// The population they stand for, by sex and age group; `analyse` weights the answers up to it.
    pub margins: Vec<Margin>,
}

impl City {
    /// The margins as the CSV that `tempi analyse` takes: `sex,age_group,population`.
    pub fn margins_csv(&self) -> String {
        let rows = self.margins.iter().map(|m| format!("{},{},{}\n", m.sex, m.age_group, m.population));
        std::iter::once("sex,age_group,population\n".to_owned()).chain(rows).collect()
    }
}

/// Makes the city of `options`.
pub fn city(options: &CityOptions) -> City {
    let mut persons = Vec::with_capacity(options.n_persons + 5);
    let mut number = 0;
    while persons.len() < options.n_persons {
        // A stream per household: each is the same whatever the others are.
        let mut random = Random::stream(options.seed, number as u64);
        let mut of_needs = Random::stream(options.seed ^ needs::STREAM, number as u64);
        let household = Household::draw(&mut random);
        let dates = diary_dates(options.first_date, &mut random);
        for member in household.respondents() {
            let person = Person::draw(&household, member, &mut random);
            let mut answers = person.answers(&household, &mut random);
            needs::tell(&person, &household, &mut of_needs, &mut answers);
            let diaries = dates.map(|date| day::diary(&person, date, &mut random));
            persons.push(SyntheticPerson { household: number, answers, diaries });
        }
        number += 1;
    }
    City { persons, margins: shaping::margins() }
}

/// Days within which diary dates fall.
const FIELDWORK_DAYS: u64 = 28;

/// A weekday and a Saturday or Sunday, as HETUS asks of a household.
fn diary_dates(first_date: NaiveDate, random: &mut Random) -> [NaiveDate; 2] {
    let mut draw = |wanted: &[DayKind]| {
        let dates: Vec<NaiveDate> = (0..FIELDWORK_DAYS)
            .filter_map(|day| first_date.checked_add_days(Days::new(day)))
            .filter(|date| wanted.contains(&DayKind::of(*date)))
            .collect();
        let last = dates.len() as i64 - 1;
        dates[random.between(0, last) as usize]
    };
    [draw(&[DayKind::Weekday]), draw(&[DayKind::Saturday, DayKind::Sunday])]
}
