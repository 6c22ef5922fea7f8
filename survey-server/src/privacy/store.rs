//! Consents in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select, sea_query::Expr};

use super::{NOTICE_VERSION, Participant};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    database::{
        Database,
        entity::{consent, diary, response},
    },
    error::AppError,
    keys,
};

/// Who agreed to take part.
pub struct Consents {
    database: Database,
}

impl Store for Consents {
    fn open(services: &Arc<Services>) -> Consents {
        Consents::over(&services.database)
    }
}

/// The participant that a citizen is, if they agreed to the notice in force.
pub(crate) async fn participant(database: &Database, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
    let agreed = in_force(&citizen.participant_id).one(database.connection()).await?;
    Ok(agreed.map(|consent| Participant { id: consent.participant_id }))
}

/// Consents to the notice in force that were not taken back.
pub(crate) fn all_in_force() -> Select<consent::Entity> {
    consent::Entity::find()
        .filter(consent::Column::NoticeVersion.eq(NOTICE_VERSION))
        .filter(consent::Column::WithdrawnAt.is_null())
}

fn in_force(participant_id: &str) -> Select<consent::Entity> {
    all_in_force().filter(consent::Column::ParticipantId.eq(participant_id)).order_by_asc(consent::Column::GivenAt)
}

/// The row of a consent to the notice in force.
pub(crate) fn consent_row(participant_id: &str, now: DateTime<Utc>) -> consent::ActiveModel {
    consent::ActiveModel {
        consent_id: Set(keys::random_id()),
        participant_id: Set(participant_id.to_owned()),
        notice_version: Set(NOTICE_VERSION),
        given_at: Set(now.timestamp()),
        withdrawn_at: Set(None),
    }
}

impl Consents {
    /// The consents in a database.
    pub(crate) fn over(database: &Database) -> Consents {
        Consents { database: database.clone() }
    }

    /// When the citizen agreed to the notice in force, if they did and have not taken it back.
    pub async fn given_at(&self, citizen: &Citizen) -> Result<Option<DateTime<Utc>>, AppError> {
        let consent = in_force(&citizen.participant_id).one(self.database.connection()).await?;
        Ok(consent.and_then(|consent| DateTime::from_timestamp(consent.given_at, 0)))
    }

    /// Records that the citizen agrees to the notice in force. Agreeing twice is agreeing once.
    pub async fn give(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        if in_force(&citizen.participant_id).one(&transaction).await?.is_none() {
            let row = consent_row(&citizen.participant_id, now);
            consent::Entity::insert(row).exec_without_returning(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes every consent of the citizen back and deletes their answers and diaries. What stays is the record
    /// that there was a consent and when it ended.
    pub async fn withdraw(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        let id = citizen.participant_id.as_str();
        let transaction = self.database.begin_write().await?;
        diary::Entity::delete_many().filter(diary::Column::ParticipantId.eq(id)).exec(&transaction).await?;
        response::Entity::delete_many().filter(response::Column::ParticipantId.eq(id)).exec(&transaction).await?;
        consent::Entity::update_many()
            .col_expr(consent::Column::WithdrawnAt, Expr::value(now.timestamp()))
            .filter(consent::Column::ParticipantId.eq(id))
            .filter(consent::Column::WithdrawnAt.is_null())
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}
