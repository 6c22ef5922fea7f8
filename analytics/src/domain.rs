//! The people and days that numbers are about: age groups, target groups, zones, sexes and kinds of day,
//! and how the kernel's classes and contrasts express them.

mod zone;

use questionnaires::DayKind;
use questionnaires::target_group::{self, TargetGroup};

use crate::estimation::{Contrast, Term};
use crate::snapshot::{Person, Sex};
use crate::weighting::DayBalance;

pub use zone::Zone;

/// The age groups of the estimates and of population margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeGroup {
    /// 10 to 14 years.
    From10To14,
    /// 15 to 24 years.
    From15To24,
    /// 25 to 44 years.
    From25To44,
    /// 45 to 64 years.
    From45To64,
    /// 65 years and over.
    From65,
}

impl AgeGroup {
    /// All age groups, the youngest first.
    pub const ALL: [AgeGroup; 5] =
        [AgeGroup::From10To14, AgeGroup::From15To24, AgeGroup::From25To44, AgeGroup::From45To64, AgeGroup::From65];

    /// The group of an age in years; children under 10 are in none.
    pub fn of(age: i64) -> Option<AgeGroup> {
        match age {
            10..=14 => Some(AgeGroup::From10To14),
            15..=24 => Some(AgeGroup::From15To24),
            25..=44 => Some(AgeGroup::From25To44),
            45..=64 => Some(AgeGroup::From45To64),
            65.. => Some(AgeGroup::From65),
            _ => None,
        }
    }

    /// The code in files.
    pub fn code(self) -> &'static str {
        match self {
            AgeGroup::From10To14 => "10-14",
            AgeGroup::From15To24 => "15-24",
            AgeGroup::From25To44 => "25-44",
            AgeGroup::From45To64 => "45-64",
            AgeGroup::From65 => "65+",
        }
    }

    /// The group with this code.
    pub fn from_code(code: &str) -> Option<AgeGroup> {
        AgeGroup::ALL.into_iter().find(|group| group.code() == code)
    }
}

/// A part of the population. Parts overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PopulationGroup {
    /// Everybody.
    All,
    /// An age group.
    Age(AgeGroup),
    /// A target group.
    Target(&'static TargetGroup),
    /// Those who live in a zone of the city.
    Zone(&'static Zone),
}

impl PopulationGroup {
    /// Every group that estimates are made for, everybody first, the zones of the sample last.
    pub fn all(zones: Vec<&'static Zone>) -> Vec<PopulationGroup> {
        let ages = AgeGroup::ALL.into_iter().map(PopulationGroup::Age);
        let targets = target_group::all().iter().map(PopulationGroup::Target);
        let zones = zones.into_iter().map(PopulationGroup::Zone);
        [PopulationGroup::All].into_iter().chain(ages).chain(targets).chain(zones).collect()
    }

    /// Whether it is a zone.
    pub fn is_zone(self) -> bool {
        matches!(self, PopulationGroup::Zone(_))
    }

    /// Whether a person belongs.
    pub fn contains(self, person: &Person) -> bool {
        match self {
            PopulationGroup::All => true,
            PopulationGroup::Age(group) => person.age.and_then(AgeGroup::of) == Some(group),
            PopulationGroup::Target(group) => group.contains(&person.answers),
            PopulationGroup::Zone(zone) => person.zone.as_deref() == Some(&zone.name),
        }
    }

    /// The code in the column `age_group`.
    pub fn age_code(self) -> &'static str {
        match self {
            PopulationGroup::Age(group) => group.code(),
            _ => "all",
        }
    }

    /// The code in the column `target_group`.
    pub fn target_code(self) -> &'static str {
        match self {
            PopulationGroup::Target(group) => &group.name,
            PopulationGroup::Zone(zone) => &zone.code,
            _ => "all",
        }
    }
}

/// Both sexes and any other together, or one of the two that figures are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SexScope {
    /// Everybody.
    All,
    /// Women.
    Women,
    /// Men.
    Men,
}

impl SexScope {
    /// All scopes.
    pub const ALL: [SexScope; 3] = [SexScope::All, SexScope::Women, SexScope::Men];

    /// The code in the column `sex`.
    pub fn code(self) -> &'static str {
        match self {
            SexScope::All => "all",
            SexScope::Women => Sex::Female.code(),
            SexScope::Men => Sex::Male.code(),
        }
    }

    fn sexes(self) -> &'static [Sex] {
        match self {
            SexScope::All => &Sex::ALL,
            SexScope::Women => &[Sex::Female],
            SexScope::Men => &[Sex::Male],
        }
    }
}

/// The average day, or one kind of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayScope {
    /// The average day of the week.
    Average,
    /// One kind of day.
    Kind(DayKind),
}

impl DayScope {
    /// All scopes.
    pub const ALL: [DayScope; 4] = [
        DayScope::Average,
        DayScope::Kind(DayKind::Weekday),
        DayScope::Kind(DayKind::Saturday),
        DayScope::Kind(DayKind::Sunday),
    ];

    /// The code in the column `day`.
    pub fn code(self) -> &'static str {
        match self {
            DayScope::Average => "average",
            DayScope::Kind(kind) => kind.code(),
        }
    }
}

/// The kernel's class of an observation: its person's sex crossed with its kind of day.
pub fn class(sex: Sex, day: DayKind) -> u8 {
    let place_of_sex = match sex {
        Sex::Female => 0,
        Sex::Male => 1,
        Sex::Other => 2,
    };
    let place_of_day = match day {
        DayKind::Weekday => 0,
        DayKind::Saturday => 1,
        DayKind::Sunday => 2,
    };
    place_of_sex * DayKind::ALL.len() as u8 + place_of_day
}

/// The classes of these sexes on these kinds of day, a bit each.
pub fn classes(sexes: &[Sex], days: &[DayKind]) -> u16 {
    let pairs = sexes.iter().flat_map(|sex| days.iter().map(|day| class(*sex, *day)));
    pairs.fold(0, |classes, class| classes | 1 << class)
}

/// The contrast that gives a mean over `sex` on `day`.
pub fn mean_contrast(sex: SexScope, day: DayScope, balance: DayBalance) -> Contrast {
    let classes = |days: &[DayKind]| classes(sex.sexes(), days);
    match day {
        DayScope::Kind(kind) => Contrast(vec![Term { classes: classes(&[kind]), factor: 1.0 }]),
        DayScope::Average => {
            let shares = balance.shares().into_iter();
            Contrast(shares.map(|(days, factor)| Term { classes: classes(&days), factor }).collect())
        }
    }
}

/// The contrast that gives women's mean minus men's on `day`.
pub fn gap_contrast(day: DayScope, balance: DayBalance) -> Contrast {
    let women = mean_contrast(SexScope::Women, day, balance).0.into_iter();
    let men = mean_contrast(SexScope::Men, day, balance).0.into_iter();
    Contrast(women.chain(men.map(|term| Term { factor: -term.factor, ..term })).collect())
}
