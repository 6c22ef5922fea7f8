//! The declarations of city users in the database.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, sea_query::OnConflict};

use super::{CityUser, Counts, Standing, asks};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{city_user, identity},
    },
    error::AppError,
    keys::Keys,
    residents::store as register,
};

/// A citizen's standing in the city, and what they declare of it.
pub(crate) struct CityUsers {
    services: Arc<Services>,
}

impl Store for CityUsers {
    fn open(services: &Arc<Services>) -> CityUsers {
        CityUsers { services: Arc::clone(services) }
    }
}

impl CityUsers {
    /// What is asked of the citizen before they take part.
    pub(crate) async fn standing(&self, citizen: &Citizen) -> Result<Standing, AppError> {
        let Services { database, keys, settings, .. } = &*self.services;
        if !asks(&settings.participation) {
            return Ok(Standing::NotAsked);
        }
        let id = citizen.participant_id.as_str();
        let Some(identity) = identity::Entity::find_by_id(id).one(database.connection()).await? else {
            return Err(AppError::SignInFirst);
        };
        Ok(match register::look_up(database, keys, &identity.fiscal_code_digest).await? {
            None => Standing::NotAsked,
            Some(Some(_)) => Standing::Resident,
            Some(None) => match declared(database.connection(), keys, id).await? {
                Some(declared) => Standing::CityUser(declared),
                None => Standing::ToDeclare,
            },
        })
    }

    /// Keeps what the citizen declares, in the place of what they declared before.
    pub(crate) async fn declare(
        &self,
        citizen: &Citizen,
        declared: &CityUser,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let Services { database, keys, .. } = &*self.services;
        let id = citizen.participant_id.as_str();
        let transaction = database.begin_write().await?;
        database.hold_keys(&transaction).await?;
        let replace =
            OnConflict::column(city_user::Column::ParticipantId).update_column(city_user::Column::Sealed).to_owned();
        city_user::Entity::insert(row(keys, id, declared))
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        database.audit().record(&transaction, &Act::of_citizen(id, Verb::CityUserDeclared, ""), now).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes what the citizen declared.
    pub(crate) async fn remove(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        let database = &self.services.database;
        let id = citizen.participant_id.as_str();
        let transaction = database.begin_write().await?;
        if forget(&transaction, id).await? {
            database.audit().record(&transaction, &Act::of_citizen(id, Verb::CityUserRemoved, ""), now).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Deletes what a participant declared; says whether there was anything.
pub(crate) async fn forget(connection: &impl ConnectionTrait, participant_id: &str) -> Result<bool, AppError> {
    let deleted = city_user::Entity::delete_by_id(participant_id).exec(connection).await?;
    Ok(deleted.rows_affected > 0)
}

/// What a participant declared, if anything.
pub(crate) async fn declared(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    participant_id: &str,
) -> Result<Option<CityUser>, AppError> {
    let row = city_user::Entity::find_by_id(participant_id).one(connection).await?;
    row.map(|row| open(keys, &row)).transpose()
}

/// Everybody who declared themselves, by participant.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    keys: &Keys,
) -> Result<BTreeMap<String, CityUser>, AppError> {
    let mut all = BTreeMap::new();
    for row in city_user::Entity::find().all(connection).await? {
        all.insert(row.participant_id.clone(), open(keys, &row)?);
    }
    Ok(all)
}

/// Counts the city users. That they were counted is on record.
///
/// # Errors
/// When the database cannot be used.
pub async fn count(database: &Database, keys: &Keys, now: DateTime<Utc>) -> Result<Counts, AppError> {
    let connection = database.connection();
    let mut people = all(connection, keys).await?;
    for identity in identity::Entity::find().all(connection).await? {
        let digest = identity.fiscal_code_digest;
        if people.contains_key(&identity.participant_id)
            && register::look_up(database, keys, &digest).await?.flatten().is_some()
        {
            people.remove(&identity.participant_id);
        }
    }
    database.audit().write(&Act::of_system("tempi residents", Verb::RegisterCounted, "city users"), now).await?;
    Ok(Counts::of(people.values()))
}

/// Writes the declarations anew with other keys.
pub(crate) async fn rekey(transaction: &DatabaseTransaction, from: &Keys, to: &Keys) -> Result<(), AppError> {
    for (participant_id, declared) in all(transaction, from).await? {
        city_user::Entity::update(row(to, &participant_id, &declared)).exec(transaction).await?;
    }
    Ok(())
}

fn row(keys: &Keys, participant_id: &str, declared: &CityUser) -> city_user::ActiveModel {
    city_user::ActiveModel {
        participant_id: Set(participant_id.to_owned()),
        sealed: Set(keys.register().seal(&place(participant_id), &declared.to_record())),
    }
}

fn open(keys: &Keys, row: &city_user::Model) -> Result<CityUser, AppError> {
    CityUser::from_record(&keys.register().open(&place(&row.participant_id), &row.sealed)?)
}

/// The row that a declaration is bound to.
fn place(participant_id: &str) -> String {
    format!("city-user:{participant_id}")
}
