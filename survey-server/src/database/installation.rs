//! What ties a database to its master key: the first keys shown to a database become its own, and open its data keys.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect};

use super::{
    Database, DatabaseError,
    entity::{data_key, installation},
    legacy,
};
use crate::{
    audit::Log,
    error::AppError,
    keys::{DataKeys, Keys},
    survey::{self, SurveyConfig},
};

impl Database {
    /// Whether anything was ever written with a key.
    pub async fn has_keys(&self) -> Result<bool, DatabaseError> {
        let known = installation::Entity::find_by_id(1).one(&self.connection).await;
        Ok(known.map_err(DatabaseError::Connection)?.is_some())
    }

    /// Holds that the master key of `keys` is the one of this installation. Changes nothing.
    pub async fn recognise(&self, keys: &Keys) -> Result<(), DatabaseError> {
        let known = installation::Entity::find_by_id(1).one(&self.connection).await;
        match known.map_err(DatabaseError::Connection)? {
            Some(installation) if installation.key_fingerprint != keys.fingerprint() => Err(DatabaseError::WrongKey),
            _ => Ok(()),
        }
    }

    /// Opens the data keys with the master key, and declares the survey that people take part in; from now on this
    /// database can be written. The first master key shown becomes the database's own.
    ///
    /// # Errors
    /// When the master key is another one.
    pub async fn unlock(&self, master: &Keys, survey: &SurveyConfig) -> Result<Keys, DatabaseError> {
        let transaction = self.begin_write().await.map_err(DatabaseError::Connection)?;
        let (keys, is_new) = adopt(&transaction, master).await?;
        let unlocked = async {
            if is_new {
                Log::new(self, Some(keys.clone())).begin(&transaction).await?;
            }
            let is_first = survey::store::all(&transaction, &keys).await?.is_empty();
            let survey = survey::store::declare(&transaction, &keys, survey).await?;
            if let (true, Some(link)) = (is_first, &survey.link) {
                legacy::move_answers(&transaction, &survey.id, link).await?;
            }
            Ok(transaction.commit().await?)
        };
        unlocked.await.map_err(DatabaseError::Unlock)?;
        // Keys that were shown before are the same, or the master key would have been refused.
        let _ = self.keys.set(keys.clone());
        Ok(keys)
    }

    /// Holds, until the transaction ends, that the keys of this database are still in force: what is written with keys
    /// that were rotated meanwhile would never be found again.
    pub(crate) async fn hold_keys(&self, transaction: &DatabaseTransaction) -> Result<(), AppError> {
        let held = installation::Entity::find_by_id(1).lock_shared().one(transaction).await?;
        let keys = self.keys()?;
        if held.is_some_and(|row| row.key_fingerprint == keys.fingerprint()) {
            return Ok(());
        }
        Err(AppError::StorageUnavailable("the keys were rotated: start the server again".to_owned()))
    }

    /// The keys, once [`Database::unlock`] has held.
    pub(crate) fn keys(&self) -> Result<&Keys, AppError> {
        self.keys.get().ok_or_else(|| AppError::StoredData("the database was opened without its keys".to_owned()))
    }

    /// The audit log. It can be written and verified once [`Database::unlock`] has held.
    pub fn audit(&self) -> Log {
        Log::new(self, self.keys.get().cloned())
    }
}

/// The keys of the installation, and whether its data keys were made just now.
async fn adopt(transaction: &DatabaseTransaction, master: &Keys) -> Result<(Keys, bool), DatabaseError> {
    let known = installation::Entity::find_by_id(1).lock_exclusive().one(transaction).await;
    let known = known.map_err(DatabaseError::Connection)?;
    match &known {
        Some(installation) if installation.key_fingerprint != master.fingerprint() => {
            return Err(DatabaseError::WrongKey);
        }
        Some(_) => {}
        None => {
            let row = installation::ActiveModel { id: Set(1), key_fingerprint: Set(master.fingerprint().to_owned()) };
            let inserted = installation::Entity::insert(row).exec_without_returning(transaction).await;
            inserted.map_err(DatabaseError::Connection)?;
        }
    }
    let kept = data_key::Entity::find().all(transaction).await.map_err(DatabaseError::Connection)?;
    if kept.is_empty() {
        let data = if known.is_some() { master.data_keys_of_old() } else { DataKeys::random() };
        write_data_keys(transaction, master, &data).await.map_err(DatabaseError::Unlock)?;
        return Ok((master.with_data_keys(&data), true));
    }
    let open = |name: &str| {
        let row = kept.iter().find(|row| row.name == name).ok_or(DatabaseError::WrongKey)?;
        master.unwrap_key(name, &row.wrapped).map_err(|_| DatabaseError::WrongKey)
    };
    let data = DataKeys {
        general: open("general")?,
        identity: open("identity")?,
        audit: open("audit")?,
        audit_alias: open("audit alias")?,
    };
    Ok((master.with_data_keys(&data), false))
}

/// Writes the data keys in the place of those that were there.
pub(crate) async fn write_data_keys(
    transaction: &DatabaseTransaction,
    master: &Keys,
    data: &DataKeys,
) -> Result<(), AppError> {
    data_key::Entity::delete_many().exec(transaction).await?;
    let rows = data
        .named()
        .map(|(name, key)| data_key::ActiveModel { name: Set(name.to_owned()), wrapped: Set(master.wrap(name, key)) });
    data_key::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}
