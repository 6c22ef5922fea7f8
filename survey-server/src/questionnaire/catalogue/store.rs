//! Published versions in the database. A row is never changed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::Instrument;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, QuerySelect};

use super::{CatalogueError, fingerprint};
use crate::{
    audit::{Act, Verb},
    database::{Database, entity::instrument_version},
    error::AppError,
};

/// A published version.
pub(super) struct PublishedVersion {
    pub(super) instrument: Instrument,
    pub(super) sha256: String,
}

/// Every published version, by name and version.
pub(super) async fn published(database: &Database) -> Result<Vec<PublishedVersion>, AppError> {
    let rows = instrument_version::Entity::find()
        .order_by_asc(instrument_version::Column::Instrument)
        .order_by_asc(instrument_version::Column::Version)
        .all(database.connection())
        .await?;
    let read = |row: instrument_version::Model| {
        let broken =
            |_| AppError::StoredData(format!("version {} of {} does not read back", row.version, row.instrument));
        Ok(PublishedVersion { instrument: Instrument::from_toml(&row.definition).map_err(broken)?, sha256: row.sha256 })
    };
    rows.into_iter().map(read).collect()
}

/// Name and version of everything that was published, in order.
pub(super) async fn names(database: &Database) -> Result<Vec<(String, i32)>, AppError> {
    use instrument_version::Column;
    let names = instrument_version::Entity::find().select_only().columns([Column::Instrument, Column::Version]);
    let in_order = names.order_by_asc(Column::Instrument).order_by_asc(Column::Version);
    Ok(in_order.into_tuple().all(database.connection()).await?)
}

fn row(instrument: &Instrument) -> instrument_version::ActiveModel {
    instrument_version::ActiveModel {
        instrument: Set(instrument.name.clone()),
        version: Set(instrument.version as i32),
        sha256: Set(fingerprint(instrument)),
        definition: Set(instrument.to_toml()),
    }
}

/// Remembers the program's own questionnaires.
///
/// # Errors
/// When one has changed and kept its version.
pub(super) async fn remember(database: &Database, own: &[Arc<Instrument>]) -> Result<(), CatalogueError> {
    for instrument in own {
        let key = (instrument.name.clone(), instrument.version as i32);
        let known = instrument_version::Entity::find_by_id(key).one(database.connection()).await;
        match known.map_err(AppError::from)? {
            Some(known) if known.sha256 == fingerprint(instrument) => {}
            Some(_) => {
                let (name, version) = (instrument.name.clone(), instrument.version);
                return Err(CatalogueError::Changed {
                    origin: "this program's questionnaire".to_owned(),
                    name,
                    version,
                });
            }
            None => {
                let insert = instrument_version::Entity::insert(row(instrument));
                insert.exec_without_returning(database.connection()).await.map_err(AppError::from)?;
            }
        }
    }
    Ok(())
}

/// Writes a new version down.
pub(super) async fn publish(database: &Database, instrument: &Instrument, now: DateTime<Utc>) -> Result<(), AppError> {
    let transaction = database.begin_write().await?;
    instrument_version::Entity::insert(row(instrument)).exec_without_returning(&transaction).await?;
    let detail = format!("{} version {}", instrument.name, instrument.version);
    let act = Act::of_system("questionnaire", Verb::QuestionnairePublished, detail);
    database.audit().record(&transaction, &act, now).await?;
    Ok(transaction.commit().await?)
}
