//! Everything that is written with keys, written anew with others.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{DataKeys, Keys, random_bytes};
use crate::{
    audit::{Act, Log, Verb},
    database::{
        Database,
        entity::{data_key, identity, installation},
        installation::write_data_keys,
    },
    error::AppError,
    residents, survey,
};

/// Puts `new`, a master key, in the place of `old`, in one transaction; says how many identities were sealed anew.
pub(super) async fn rotate(database: &Database, old: &Keys, new: &Keys, now: DateTime<Utc>) -> Result<usize, AppError> {
    let transaction = database.begin_write().await?;
    // Whoever writes with the old keys waits here, and then finds that they are not in force any more.
    let held = installation::Entity::find_by_id(1).lock_exclusive().one(&transaction).await?;
    if held.is_none_or(|row| row.key_fingerprint != old.fingerprint()) {
        return Err(AppError::StoredData("the keys were rotated meanwhile".to_owned()));
    }
    let kept = data_key::Entity::find().all(&transaction).await?;
    let open = |name: &str| {
        let row = kept.iter().find(|row| row.name == name);
        let row = row.ok_or_else(|| AppError::StoredData(format!("the data key {name} is missing")))?;
        Ok::<[u8; 32], AppError>(old.unwrap_key(name, &row.wrapped)?)
    };
    let data = DataKeys {
        general: open("general")?,
        audit_alias: open("audit alias")?,
        identity: random_bytes(),
        audit: random_bytes(),
    };
    let new = new.with_data_keys(&data);
    let identities = identity::Entity::find().all(&transaction).await?;
    let n_identities = identities.len();
    for row in identities {
        let code = old.open_fiscal_code(&row.participant_id, &row.fiscal_code_sealed)?;
        let again = identity::ActiveModel {
            fiscal_code_digest: Set(new.fiscal_code_digest(&code)),
            fiscal_code_sealed: Set(new.seal_fiscal_code(&row.participant_id, &code)),
            participant_id: Set(row.participant_id),
            ..Default::default()
        };
        identity::Entity::update(again).exec(&transaction).await?;
    }
    residents::store::rekey(&transaction, old, &new).await?;
    residents::sample::store::rekey(&transaction, old, &new).await?;
    residents::city_user::store::rekey(&transaction, old, &new).await?;
    survey::store::rewrap(&transaction, old, &new).await?;
    write_data_keys(&transaction, &new, &data).await?;
    installation::Entity::update_many()
        .col_expr(installation::Column::KeyFingerprint, Expr::value(new.fingerprint()))
        .filter(installation::Column::Id.eq(1))
        .exec(&transaction)
        .await?;
    let act = Act::of_system("keys", Verb::KeysRotated, format!("{n_identities} identities sealed anew"));
    Log::new(database, Some(new)).record(&transaction, &act, now).await?;
    transaction.commit().await?;
    Ok(n_identities)
}
