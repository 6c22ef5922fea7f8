//! City users: people who live elsewhere and come to the city. They declare themselves, since no register knows them. The
//! declaration is part of the identity plane, sealed; it decides whether somebody who is in no register may take part in a
//! survey of residents and city users, and nothing of it goes into frames, samples, totals or exports.

mod form;
mod routes;
pub(crate) mod store;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use questionnaires::{Language, instrument};

use super::admission::{ParticipationPolicy, Who};
use crate::{error::AppError, web::visit::Visit};

pub(crate) use routes::routes;
pub use store::count;

/// Where people declare what brings them to the city.
pub(crate) const PATH: &str = "/area-personale/citta";

/// Where they take it back.
const REMOVAL_PATH: &str = "/area-personale/citta/cancellazione";

/// What brings somebody to the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// They work there.
    Work,
    /// They study there.
    Study,
    /// They look after somebody there.
    Care,
    /// Something else.
    Other,
}

impl Relation {
    /// Every relation, in the order in which it is asked.
    pub const ALL: [Relation; 4] = [Relation::Work, Relation::Study, Relation::Care, Relation::Other];

    /// The stable name, in records, forms and counts.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Work => "work",
            Relation::Study => "study",
            Relation::Care => "care",
            Relation::Other => "other",
        }
    }

    fn from_name(name: &str) -> Option<Relation> {
        Relation::ALL.into_iter().find(|relation| relation.name() == name)
    }

    pub(crate) fn in_words(self, visit: &Visit) -> String {
        visit.text(&format!("city-relation-{}", self.name()))
    }
}

/// What somebody declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CityUser {
    /// What brings them: at least one thing.
    pub(crate) relations: BTreeSet<Relation>,
    /// The zone to which they mostly come, by the values of the questionnaire; nothing where it is several.
    pub(crate) zone: Option<String>,
}

/// How many city users there are, for the office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// People who declared themselves and are not in the register in use.
    pub n_people: u64,
    /// Of them, by what brings them; a person counts for each of their relations.
    pub relations: BTreeMap<&'static str, u64>,
    /// Of them, by zone; the name is blank for those who come to several.
    pub zones: BTreeMap<String, u64>,
}

impl Counts {
    fn of<'a>(people: impl Iterator<Item = &'a CityUser>) -> Counts {
        let mut counts = Counts::default();
        for person in people {
            counts.n_people += 1;
            for relation in &person.relations {
                *counts.relations.entry(relation.name()).or_default() += 1;
            }
            *counts.zones.entry(person.zone.clone().unwrap_or_default()).or_default() += 1;
        }
        counts
    }
}

/// Divides the fields of a record.
const DIVIDER: char = '\u{1f}';
/// The form of the record.
const VERSION: &str = "1";

impl CityUser {
    /// The record to be sealed.
    fn to_record(&self) -> String {
        let relations: Vec<&str> = self.relations.iter().map(|relation| relation.name()).collect();
        [VERSION, &relations.join(","), self.zone.as_deref().unwrap_or_default()].join(&DIVIDER.to_string())
    }

    /// Reads a record back.
    fn from_record(record: &str) -> Result<CityUser, AppError> {
        let broken = || AppError::StoredData("a city user who does not read back".to_owned());
        let fields: Vec<&str> = record.split(DIVIDER).collect();
        let [VERSION, relations, zone] = fields[..] else { return Err(broken()) };
        let relations = relations.split(',').map(|name| Relation::from_name(name).ok_or_else(broken));
        Ok(CityUser {
            relations: relations.collect::<Result<_, _>>()?,
            zone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
        })
    }
}

/// The zones of the city that can be chosen, by value and label: those of the question where people live, without the answer
/// of who lives elsewhere.
pub(crate) fn zones(language: Language) -> Vec<(&'static str, &'static str)> {
    let question = instrument::individual().question("zone");
    let options = question.map(|question| question.options()).unwrap_or_default();
    let of_the_city = options.iter().filter(|option| option.value != ELSEWHERE);
    of_the_city.map(|option| (option.value.as_str(), option.label.text(language))).collect()
}

/// The answer to the question of the zone of people who live in another municipality.
pub(crate) const ELSEWHERE: &str = "outside";

/// What is asked of somebody before they take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing: the survey is not for city users, or there is no register that would tell them from residents.
    NotAsked,
    /// Nothing: they are in the register.
    Resident,
    /// They are in no register and have declared nothing yet.
    ToDeclare,
    /// They have declared what brings them.
    CityUser(CityUser),
}

impl Standing {
    /// Whether they may agree to take part.
    pub(crate) fn may_agree(&self) -> bool {
        *self != Standing::ToDeclare
    }
}

/// Whether the survey asks anybody to declare themselves.
fn asks(policy: &ParticipationPolicy) -> bool {
    policy.who == Who::ResidentsAndCityUsers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::is_translated;

    #[test]
    fn a_declaration_reads_back_from_its_record() {
        for (relations, zone) in [(vec![Relation::Work], Some("nord")), (Relation::ALL.to_vec(), None)] {
            let relations = relations.into_iter().collect();
            let declared = CityUser { relations, zone: zone.map(str::to_owned) };
            assert_eq!(CityUser::from_record(&declared.to_record()).unwrap(), declared);
        }
        for broken in ["", "1", "2\u{1f}work\u{1f}", "1\u{1f}\u{1f}nord", "1\u{1f}flies\u{1f}nord"] {
            assert!(CityUser::from_record(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn every_relation_has_words_and_the_zones_are_those_of_the_city() {
        for relation in Relation::ALL {
            assert!(is_translated(&format!("city-relation-{}", relation.name())));
        }
        let zones = zones(Language::En);
        assert!(zones.contains(&("nord", "North")) && zones.iter().all(|(value, _)| *value != ELSEWHERE));
    }
}
