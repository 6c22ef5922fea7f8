//! The official figures that shape the days: how often and for how long each kind of person does what, and
//! when in the day. The numbers are data files of this module, with their origin in the header.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use questionnaires::slot::SLOTS_PER_DAY;
use serde::Deserialize;

use super::Margin;

/// Female or male, as the official tables divide people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Sex {
    /// Women.
    F,
    /// Men.
    M,
}

impl Sex {
    /// `F` or `M`.
    pub fn code(self) -> &'static str {
        match self {
            Sex::F => "F",
            Sex::M => "M",
        }
    }
}

/// A column of the official tables: people who spend their days alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Up to 20 years and not employed.
    Pupil,
    /// Older students.
    Student,
    /// Employed full-time.
    FullTime,
    /// Employed part-time.
    PartTime,
    /// Looking after the home.
    Homemaker,
    /// Looking for work.
    Unemployed,
    /// Retired, under 65.
    Retired,
    /// Others under 65.
    Other,
    /// 65 and over and not employed.
    Elderly,
}

/// How often and how long an activity is done on an average day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measure {
    /// Share of people who do it on a day, 0 to 1.
    pub rate: f64,
    /// Minutes of those who do it.
    pub minutes: f64,
}

impl Measure {
    /// Minutes over everybody: rate times participation time.
    pub fn time_spent(self) -> f64 {
        self.rate * self.minutes
    }
}

/// The figures of one sex and profile, by the code of Eurostat's aggregate, such as `AC38A`.
#[derive(Debug, Default)]
pub struct Shape(BTreeMap<String, Measure>);

impl Shape {
    /// The figures of `activity`; zero where the table has none.
    pub fn measure(&self, activity: &str) -> Measure {
        self.0.get(activity).copied().unwrap_or_default()
    }
}

/// What free time goes to, by the hour: the weights of household work, leisure and television in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HourShares {
    /// Household and family care.
    pub household: f64,
    /// Leisure other than television.
    pub leisure: f64,
    /// Television.
    pub television: f64,
}

/// The figures of `sex` and `profile`.
pub fn shape(sex: Sex, profile: Profile) -> &'static Shape {
    &SHAPES[&(sex, profile)]
}

/// The division of free time by slot; each slot's weights sum to 1.
pub fn hours() -> &'static [HourShares; SLOTS_PER_DAY] {
    &HOURS
}

/// The population of the invented city.
pub fn margins() -> Vec<Margin> {
    rows::<MarginRow>(include_bytes!("data/margins.csv"))
        .map(|row| Margin { sex: row.sex.code(), age_group: row.age_group, population: row.population })
        .collect()
}

#[derive(Deserialize)]
struct MarginRow {
    sex: Sex,
    age_group: String,
    population: u64,
}

fn rows<T: serde::de::DeserializeOwned + 'static>(file: &'static [u8]) -> impl Iterator<Item = T> {
    let reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(file);
    reader.into_deserialize().map(|row| row.expect("the embedded shaping figures are well formed; a test reads them"))
}

static SHAPES: LazyLock<BTreeMap<(Sex, Profile), Shape>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Row {
        sex: Sex,
        profile: Profile,
        activity: String,
        rate: f64,
        minutes: f64,
    }
    let mut shapes: BTreeMap<(Sex, Profile), Shape> = BTreeMap::new();
    for row in rows::<Row>(include_bytes!("data/shaping.csv")) {
        let measure = Measure { rate: row.rate / 100.0, minutes: row.minutes };
        shapes.entry((row.sex, row.profile)).or_default().0.insert(row.activity, measure);
    }
    shapes
});

static HOURS: LazyLock<[HourShares; SLOTS_PER_DAY]> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Row {
        slot: usize,
        household: f64,
        leisure: f64,
        television: f64,
    }
    let mut hours = [HourShares::default(); SLOTS_PER_DAY];
    for row in rows::<Row>(include_bytes!("data/tempogram.csv")) {
        let total = row.household + row.leisure + row.television;
        hours[row.slot] = HourShares {
            household: row.household / total,
            leisure: row.leisure / total,
            television: row.television / total,
        };
    }
    hours
});
