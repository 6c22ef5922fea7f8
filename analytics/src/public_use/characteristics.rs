//! The characteristics by which somebody could be looked for, coarsened; and emptied, class by class, where too few share them.

use std::collections::BTreeMap;

use questionnaires::Label;

use super::report::PublicUseRules;
use super::risk::{Classes, individual_risk};
use crate::domain::AgeGroup;
use crate::snapshot::Person;

/// A characteristic that stays in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Characteristic {
    /// Women, men, another.
    Sex,
    /// The age groups of the estimates.
    AgeGroup,
    /// Persons of the household, four and more together.
    HouseholdSize,
    /// At work, studying, neither.
    Employment,
}

impl Characteristic {
    /// All, in the order of the columns.
    pub const ALL: [Characteristic; 4] =
        [Characteristic::Sex, Characteristic::AgeGroup, Characteristic::HouseholdSize, Characteristic::Employment];
    /// The order in which they are emptied: what estimates need least goes first.
    const EMPTIED: [Characteristic; 4] =
        [Characteristic::HouseholdSize, Characteristic::Employment, Characteristic::AgeGroup, Characteristic::Sex];

    /// The column.
    pub fn column(self) -> &'static str {
        match self {
            Characteristic::Sex => "sex",
            Characteristic::AgeGroup => "age_group",
            Characteristic::HouseholdSize => "household_size",
            Characteristic::Employment => "employment",
        }
    }

    /// What it is.
    pub fn label(self) -> Label {
        match self {
            Characteristic::Sex => Label::new("Sesso", "Sex"),
            Characteristic::AgeGroup => Label::new("Classe di età, anni", "Age group, years"),
            Characteristic::HouseholdSize => Label::new(
                "Persone che vivono in casa, 4 e più insieme",
                "Persons of the household, 4 and more together",
            ),
            Characteristic::Employment => Label::new("Condizione", "Status"),
        }
    }

    /// What a code means.
    pub fn meaning(self, code: &str) -> Label {
        match (self, code) {
            (Characteristic::Sex, "F") => Label::new("Donna", "Woman"),
            (Characteristic::Sex, "M") => Label::new("Uomo", "Man"),
            (Characteristic::Sex, _) => Label::new("Altro", "Another"),
            (Characteristic::AgeGroup, "65+") => Label::new("65 anni e più", "65 years and over"),
            (Characteristic::AgeGroup, code) => Label::new(format!("{code} anni"), format!("{code} years")),
            (Characteristic::HouseholdSize, "4+") => Label::new("4 o più", "4 or more"),
            (Characteristic::HouseholdSize, code) => Label::new(code, code),
            (Characteristic::Employment, "employed") => Label::new("Lavora", "Works"),
            (Characteristic::Employment, "student") => Label::new("Studia", "Studies"),
            (Characteristic::Employment, _) => Label::new("Altra condizione", "Neither"),
        }
    }

    fn of(self, person: &Person) -> Option<String> {
        match self {
            Characteristic::Sex => Some(person.sex.code().to_owned()),
            Characteristic::AgeGroup => person.age.and_then(AgeGroup::of).map(|group| group.code().to_owned()),
            Characteristic::HouseholdSize => match person.answers.number("household_size")? {
                size @ 1..=3 => Some(size.to_string()),
                size if size > 3 => Some("4+".to_owned()),
                _ => None,
            },
            Characteristic::Employment => {
                let is = |value| person.answers.has("work_status", value);
                let answered = person.answers.answer("work_status").is_some();
                answered.then(|| {
                    if is("employed") {
                        "employed"
                    } else if is("student") {
                        "student"
                    } else {
                        "neither"
                    }
                    .to_owned()
                })
            }
        }
    }
}

/// A person's characteristics, in the order of [`Characteristic::ALL`]; `None` is not known, or emptied.
pub type Key = [Option<String>; 4];

/// The characteristics of a person before anything is emptied.
pub fn of_person(person: &Person) -> Key {
    Characteristic::ALL.map(|characteristic| characteristic.of(person))
}

/// Characteristics of all persons after the reduction.
#[derive(Debug)]
pub struct Reduced {
    /// By person; `None` is left out of the file.
    pub keys: Vec<Option<Key>>,
    /// Cells emptied, by column.
    pub emptied: BTreeMap<String, u64>,
}

/// Empties characteristics until every class is large enough and no risk is too large. All members of a class move together,
/// so that an emptied cell is itself shared by a whole class, and counts as a code of its own.
pub fn reduce(keys: Vec<Key>, weights: &[f64], rules: &PublicUseRules) -> Reduced {
    let mut keys: Vec<Option<Key>> = keys.into_iter().map(Some).collect();
    let mut emptied: BTreeMap<String, u64> =
        Characteristic::ALL.iter().map(|characteristic| (characteristic.column().to_owned(), 0)).collect();
    for characteristic in Characteristic::EMPTIED {
        let place = characteristic as usize;
        for member in in_unsafe_classes(&keys, weights, rules) {
            if let Some(cell) = keys[member].as_mut().map(|key| &mut key[place])
                && cell.take().is_some()
            {
                *emptied.entry(characteristic.column().to_owned()).or_default() += 1;
            }
        }
    }
    // Those of whom nothing is left to empty and who are still too few. Others may have been safe only with them.
    loop {
        let few = in_unsafe_classes(&keys, weights, rules);
        if few.is_empty() {
            return Reduced { keys, emptied };
        }
        few.into_iter().for_each(|member| keys[member] = None);
    }
}

fn in_unsafe_classes(keys: &[Option<Key>], weights: &[f64], rules: &PublicUseRules) -> Vec<usize> {
    let classes = Classes::of(keys, weights);
    let is_unsafe =
        |class: &(u64, f64)| class.0 < rules.smallest_class || individual_risk(class.0, class.1) > rules.largest_risk;
    let of_person =
        |person: &usize| keys[*person].as_ref().is_some_and(|key| classes.0.get(key).is_some_and(is_unsafe));
    (0..keys.len()).filter(of_person).collect()
}
