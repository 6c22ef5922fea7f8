//! Zones of the city as groups of the people who live there: their codes in files and their names. Who lives where is
//! the snapshot's.

use std::collections::BTreeSet;
use std::sync::Mutex;

use questionnaires::{Label, instrument};

use crate::snapshot::Person;

/// A zone of the city.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone {
    /// The code in the column `target_group`: `zone_`, then the letters and digits of the name. No target group begins so.
    pub code: String,
    /// The name in the snapshot, as the register or the questionnaire has it.
    pub name: String,
}

/// What every zone's code begins with.
const PREFIX: &str = "zone_";

/// The zone of people who live in another municipality: no zone of the city.
const ELSEWHERE: &str = "outside";

/// Zones are named once in a run, and what a number is about is copied everywhere: so they are kept for good.
static KNOWN: Mutex<BTreeSet<&'static Zone>> = Mutex::new(BTreeSet::new());

impl Zone {
    /// The zones of these persons, by name. Two names that differ in nothing but signs get codes with a number.
    pub fn of(persons: &[&Person]) -> Vec<&'static Zone> {
        let names = persons.iter().filter_map(|person| person.zone.as_deref()).filter(|name| *name != ELSEWHERE);
        let names: BTreeSet<&str> = names.collect();
        let mut zones: Vec<&'static Zone> = Vec::with_capacity(names.len());
        for name in names {
            let plain = code(name);
            let numbered = (2..).map(|number| format!("{plain}_{number}"));
            let is_free = |code: &String| zones.iter().all(|zone| zone.code != *code);
            let code = std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or(plain);
            zones.push(kept(Zone { code, name: name.to_owned() }));
        }
        zones
    }

    /// What it is called: by the questionnaire where that offers it as an answer, else by its own name.
    pub fn label(&self) -> Label {
        let question = instrument::individual().question("zone");
        let option = question.and_then(|question| question.option(&self.name));
        option.map_or_else(|| Label::new(&self.name, &self.name), |option| option.label.clone())
    }
}

fn code(name: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign.to_ascii_lowercase() } else { '_' };
    PREFIX.chars().chain(name.chars().map(plain)).collect()
}

fn kept(zone: Zone) -> &'static Zone {
    // Nothing can be half done while the lock is held, so a lock that a panic left is as good.
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(zone) = known.get(&zone) {
        return zone;
    }
    let zone: &'static Zone = Box::leak(Box::new(zone));
    known.insert(zone);
    zone
}
