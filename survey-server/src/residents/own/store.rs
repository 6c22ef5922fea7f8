//! One person's lines read from register and sample.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Line;
use crate::{
    database::entity::resident as resident_entity,
    error::AppError,
    keys::Keys,
    residents::{resident::Resident, sample, store},
};

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
