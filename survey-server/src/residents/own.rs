//! What the register and the sample hold of one person, for that person to read.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{resident::Resident, sample, sample::SampledPerson, store};
use crate::{database::entity::resident as resident_entity, error::AppError, keys::Keys};

/// What is held of somebody besides what they told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Their line in the register, and when the extract came in.
    pub(crate) resident: Option<(Resident, Option<DateTime<Utc>>)>,
    /// Their place in the sample, with the line as it was when the sample was drawn.
    pub(crate) sampled: Option<SampledPerson>,
}

/// What is held of the person whom this digest finds.
pub(crate) async fn line(connection: &impl ConnectionTrait, keys: &Keys, digest: &str) -> Result<Line, AppError> {
    let sampled = sample::store::sampled(connection, keys, digest).await?;
    let Some(extract_id) = store::current(connection).await? else { return Ok(Line { resident: None, sampled }) };
    let imported = store::imported_at(connection).await?;
    let row = resident_entity::Entity::find()
        .filter(resident_entity::Column::ExtractId.eq(extract_id))
        .filter(resident_entity::Column::FiscalCodeDigest.eq(digest));
    let row = row.one(connection).await?;
    let resident = row.map(|row| Resident::open(keys, digest, &row.sealed)).transpose()?;
    Ok(Line { resident: resident.map(|resident| (resident, imported)), sampled })
}
