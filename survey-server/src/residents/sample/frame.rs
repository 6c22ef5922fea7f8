//! The frame: who could be drawn, as persons or as households, in strata. The order is that of codes and households, so that it
//! is the same wherever the register is the same, whatever the key.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::SampleError;
use crate::residents::{age_group, resident::Resident};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Persons, each by themselves.
    Persons,
    /// Households, all of whose members of the right age are invited.
    Households,
}

impl Unit {
    /// Its name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Persons => "persons",
            Unit::Households => "households",
        }
    }

    /// The unit of a stored name.
    pub(crate) fn from_name(name: &str) -> Option<Unit> {
        [Unit::Persons, Unit::Households].into_iter().find(|unit| unit.name() == name)
    }
}

/// A variable that strata are made of. For a household sex and age are those of its reference person: whom the register
/// calls so, else the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stratifier {
    /// The zone of the city.
    Zone,
    /// The sex in the register.
    Sex,
    /// The age group.
    Age,
    /// The number of people in the household, 5 standing for more.
    HouseholdSize,
}

/// Variable, Italian name, English name.
const STRATIFIERS: [(Stratifier, &str, &str); 4] = [
    (Stratifier::Zone, "zona", "zone"),
    (Stratifier::Sex, "sesso", "sex"),
    (Stratifier::Age, "eta", "age"),
    (Stratifier::HouseholdSize, "componenti", "household_size"),
];

impl Stratifier {
    /// The variable of an Italian or English name.
    pub fn from_name(name: &str) -> Option<Stratifier> {
        let name = name.trim().to_lowercase().replace('à', "a");
        STRATIFIERS.iter().find(|(_, it, en)| name == *it || name == *en).map(|(stratifier, ..)| *stratifier)
    }

    /// The names accepted.
    pub fn names() -> String {
        STRATIFIERS.map(|(_, it, _)| it).join(", ")
    }

    pub(super) fn name(self) -> &'static str {
        STRATIFIERS.iter().find(|(one, ..)| *one == self).map_or("", |(_, _, en)| en)
    }
}

/// Who could be drawn.
#[derive(Debug)]
pub(super) struct Frame {
    /// Everybody old enough, by code.
    pub(super) people: Vec<Resident>,
    /// Stratum name (empty where there are no strata) and its units, each the places of its people; both in order.
    pub(super) strata: Vec<(String, Vec<Vec<usize>>)>,
}

/// What a value that is not known is called.
const NOT_KNOWN: &str = "-";

impl Frame {
    /// The frame of people who are at least `minimum_age` on `today`.
    pub(super) fn new(
        mut register: Vec<Resident>,
        unit: Unit,
        stratifiers: &[Stratifier],
        minimum_age: u32,
        today: NaiveDate,
    ) -> Result<Frame, SampleError> {
        register.sort_by(|a, b| a.code.cmp(&b.code));
        let households = Households::of(&register);
        let label = |person: &Resident, household: &str| -> String {
            let value = |stratifier: &Stratifier| match stratifier {
                Stratifier::Zone => person.zone.as_deref().unwrap_or(NOT_KNOWN).to_owned(),
                Stratifier::Sex => person.sex.code().to_owned(),
                Stratifier::Age => age_group(person.age_on(today)).to_owned(),
                Stratifier::HouseholdSize => match households.n_members(household) {
                    5.. => "5+".to_owned(),
                    n_members => n_members.to_string(),
                },
            };
            stratifiers.iter().map(value).collect::<Vec<_>>().join(" / ")
        };
        let mut strata: BTreeMap<String, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        let old_enough = register.iter().filter(|person| person.age_on(today) >= minimum_age);
        for (place, person) in old_enough.enumerate() {
            let household = person.household.as_str();
            let (label, key) = match unit {
                Unit::Persons => (label(person, household), person.code.reveal()),
                Unit::Households => {
                    let reference = households.reference_person(household).unwrap_or(person);
                    (label(reference, household), household)
                }
            };
            strata.entry(label).or_default().entry(key).or_default().push(place);
        }
        if strata.is_empty() {
            return Err(SampleError::NobodyOldEnough(minimum_age));
        }
        let strata =
            strata.into_iter().map(|(label, units)| (label, units.into_values().collect::<Vec<_>>())).collect();
        register.retain(|person| person.age_on(today) >= minimum_age);
        Ok(Frame { people: register, strata })
    }
}

/// The households of a register, children included.
struct Households<'a>(BTreeMap<&'a str, Vec<&'a Resident>>);

impl<'a> Households<'a> {
    fn of(register: &'a [Resident]) -> Households<'a> {
        let mut households: BTreeMap<&str, Vec<&Resident>> = BTreeMap::new();
        for person in register {
            households.entry(&person.household).or_default().push(person);
        }
        Households(households)
    }

    fn n_members(&self, household: &str) -> usize {
        self.0.get(household).map_or(0, Vec::len)
    }

    fn reference_person(&self, household: &str) -> Option<&'a Resident> {
        let members = self.0.get(household)?;
        let named = members.iter().find(|person| person.is_reference);
        named.or_else(|| members.iter().min_by_key(|person| person.birth_date)).copied()
    }
}
