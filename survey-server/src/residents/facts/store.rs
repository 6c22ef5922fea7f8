//! Identities, register and sample read together.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Facts, Known};
use crate::{
    database::entity::{identity, resident},
    error::AppError,
    keys::Keys,
    residents::{city_user, resident::Resident, sample, store},
    survey::Link,
};

/// Digests asked for by one statement.
const N_PER_STATEMENT: usize = 1_000;

/// What is known of everybody with an identity, under the names by which `link` knows them as respondents. Reads within the
/// caller's transaction.
pub(crate) async fn known(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    link: Option<&Link>,
) -> Result<Known, AppError> {
    let sample = sample::store::kept(connection, keys).await?;
    let register = store::current(connection).await?;
    let mut known = Known { has_sample: sample.is_some(), has_register: register.is_some(), ..Known::default() };
    // Once the link is destroyed, nothing leads from the register to answers any more.
    let Some(link) = link.filter(|_| known.has_sample || known.has_register) else { return Ok(known) };
    let declared = city_user::store::all(connection, keys).await?;
    known.city_users = declared.keys().map(|participant_id| link.respondent_id(participant_id)).collect();
    let mut respondents: BTreeMap<String, String> = BTreeMap::new();
    for row in identity::Entity::find().all(connection).await? {
        respondents.insert(row.fiscal_code_digest, link.respondent_id(&row.participant_id));
    }
    if let Some((unit, people)) = sample {
        for (digest, person) in people {
            if let Some(respondent_id) = respondents.remove(&digest) {
                known.facts.insert(respondent_id, Facts::of_sampled(unit, person));
            }
        }
    }
    let Some(extract_id) = register else { return Ok(known) };
    let digests: Vec<&String> = respondents.keys().collect();
    for some in digests.chunks(N_PER_STATEMENT) {
        let residents = resident::Entity::find()
            .filter(resident::Column::ExtractId.eq(extract_id))
            .filter(resident::Column::FiscalCodeDigest.is_in(some.iter().map(|digest| digest.as_str())));
        for row in residents.all(connection).await? {
            let resident = Resident::open(keys, &row.fiscal_code_digest, &row.sealed)?;
            if let Some(respondent_id) = respondents.get(&row.fiscal_code_digest) {
                known.facts.insert(respondent_id.clone(), Facts { resident, design: None });
            }
        }
    }
    Ok(known)
}
