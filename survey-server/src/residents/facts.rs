//! What the register and the sample say of participants, for the export: the one place where the two planes meet, inside the
//! program and under the key.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    resident::Resident,
    sample::{self, SampledPerson, Unit},
    store,
};
use crate::{
    database::entity::{identity, resident},
    error::AppError,
    keys::Keys,
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

/// What is known of everybody with an identity.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By participant.
    pub(crate) facts: BTreeMap<String, Facts>,
    /// Whether a sample was drawn at all.
    pub(crate) has_sample: bool,
    /// Whether there is a register.
    pub(crate) has_register: bool,
}

/// Digests asked for by one statement.
const N_PER_STATEMENT: usize = 1_000;

/// Reads them within the caller's transaction.
pub(crate) async fn known(connection: &impl ConnectionTrait, keys: &Keys) -> Result<Known, AppError> {
    let sample = sample::store::kept(connection, keys).await?;
    let register = store::current(connection).await?;
    let mut known = Known { facts: BTreeMap::new(), has_sample: sample.is_some(), has_register: register.is_some() };
    if !known.has_sample && !known.has_register {
        return Ok(known);
    }
    let mut participants: BTreeMap<String, String> = BTreeMap::new();
    for row in identity::Entity::find().all(connection).await? {
        participants.insert(row.fiscal_code_digest, row.participant_id);
    }
    if let Some((unit, people)) = sample {
        for (digest, person) in people {
            if let Some(participant_id) = participants.remove(&digest) {
                known.facts.insert(participant_id, sampled(unit, digest, person));
            }
        }
    }
    let Some(extract_id) = register else { return Ok(known) };
    let digests: Vec<&String> = participants.keys().collect();
    for some in digests.chunks(N_PER_STATEMENT) {
        let residents = resident::Entity::find()
            .filter(resident::Column::ExtractId.eq(extract_id))
            .filter(resident::Column::FiscalCodeDigest.is_in(some.iter().map(|digest| digest.as_str())));
        for row in residents.all(connection).await? {
            let resident = Resident::open(keys, &row.fiscal_code_digest, &row.sealed)?;
            if let Some(participant_id) = participants.get(&row.fiscal_code_digest) {
                known.facts.insert(participant_id.clone(), Facts { resident, design: None });
            }
        }
    }
    Ok(known)
}

fn sampled(unit: Unit, digest: String, person: SampledPerson) -> Facts {
    let design = Design {
        weight: person.weight(),
        stratum: Some(person.stratum).filter(|stratum| !stratum.is_empty()),
        unit: match unit {
            Unit::Persons => digest,
            Unit::Households => person.resident.household.clone(),
        },
    };
    Facts { resident: person.resident, design: Some(design) }
}
