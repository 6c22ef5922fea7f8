//! What the register and the sample say of participants, for the export: the one place where the two planes meet, inside the
//! program and under the key.

pub(crate) mod store;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    resident::Resident,
    sample::{SampledPerson, Unit},
};

/// What is known of a participant besides what they told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    /// As the register has them or, where they were sampled, had them when the sample was drawn.
    pub(crate) resident: Resident,
    /// Their place in the sample; none for somebody who came by themselves.
    pub(crate) design: Option<Design>,
}

/// A place in a sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Design {
    /// N_h / n_h.
    pub(crate) weight: f64,
    /// The stratum, where there are any.
    pub(crate) stratum: Option<String>,
    /// What names the unit drawn: not to leave without a pseudonym.
    pub(crate) unit: String,
}

/// What is known of the respondents of a survey.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By respondent.
    pub(crate) facts: BTreeMap<String, Facts>,
    /// Respondents who declared themselves city users.
    pub(crate) city_users: BTreeSet<String>,
    /// Whether a sample was drawn at all.
    pub(crate) has_sample: bool,
    /// Whether there is a register.
    pub(crate) has_register: bool,
}

impl Facts {
    fn of_sampled(unit: Unit, person: SampledPerson) -> Facts {
        let design = Design {
            weight: person.weight(),
            stratum: Some(person.stratum).filter(|stratum| !stratum.is_empty()),
            unit: match unit {
                Unit::Persons => person.resident.code.reveal().to_owned(),
                Unit::Households => person.resident.household.clone(),
            },
        };
        Facts { resident: person.resident, design: Some(design) }
    }
}
