//! Requests for dangerous acts in the database, and the acts themselves.
//!
//! Each step is one statement that checks and changes at once, inside a transaction with all that belongs to it: of two
//! administrators who confirm at the same instant one does, and an act is carried out once.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::{CONFIRM_WITHIN, DangerousAct, EXECUTE_WITHIN, Request, SURVEY, State};
use crate::{
    access::{
        guard::Store,
        officer::{self, Administrator, JustSignedIn, Officer, OfficerRole},
        store as identities,
    },
    app::Services,
    database::entity::{dangerous_act, diary, identity, response},
    error::AppError,
    keys,
};

/// Requests for dangerous acts.
pub(crate) struct Acts {
    services: Arc<Services>,
}

/// An administrator who has just signed in: nobody else takes a step.
pub(crate) type Asker = JustSignedIn<Officer<Administrator>>;

/// What an act that was carried out brought.
pub(crate) enum Outcome {
    /// Whose pseudonym it is.
    Identity(FiscalCode),
    /// What was deleted.
    SurveyDeleted {
        /// Days.
        n_diaries: u64,
        /// Questionnaires.
        n_responses: u64,
    },
}

/// How long requests are shown, in days.
const SHOWN: i64 = 90;

impl Store for Acts {
    fn open(services: &Arc<Services>) -> Acts {
        Acts { services: Arc::clone(services) }
    }
}

impl Acts {
    /// The requests of the last months, the newest first.
    pub(crate) async fn recent(&self, now: DateTime<Utc>) -> Result<Vec<Request>, AppError> {
        let connection = self.services.database.connection();
        let rows = dangerous_act::Entity::find()
            .filter(dangerous_act::Column::AskedAt.gt((now - Duration::days(SHOWN)).timestamp()))
            .order_by_desc(dangerous_act::Column::AskedAt)
            .order_by_asc(dangerous_act::Column::ActId)
            .all(connection)
            .await?;
        let mut requests = Vec::with_capacity(rows.len());
        for row in rows {
            let asked_by_name = officer::store::name(connection, &row.asked_by).await?;
            let answered_by_name = match row.confirmed_by.as_ref().or(row.refused_by.as_ref()) {
                Some(id) => officer::store::name(connection, id).await?,
                None => String::new(),
            };
            requests.push(read(row, asked_by_name, answered_by_name, now).ok_or_else(broken)?);
        }
        Ok(requests)
    }

    /// Whether `act` concerns somebody or something that is there.
    pub(crate) async fn has_subject(&self, act: &DangerousAct) -> Result<bool, AppError> {
        match act {
            DangerousAct::OpenIdentity { participant_id } => {
                let connection = self.services.database.connection();
                Ok(identity::Entity::find_by_id(participant_id).one(connection).await?.is_some())
            }
            DangerousAct::DeleteSurvey { survey } => Ok(survey == SURVEY),
        }
    }

    /// Asks for an act.
    pub(crate) async fn ask(
        &self,
        act: &DangerousAct,
        reason: &str,
        by: &Asker,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let by = by.role();
        let row = dangerous_act::ActiveModel {
            act_id: Set(keys::random_id()),
            kind: Set(act.kind().to_owned()),
            subject: Set(act.subject().to_owned()),
            reason: Set(reason.to_owned()),
            asked_by: Set(by.participant_id.clone()),
            asked_at: Set(now.timestamp()),
            confirmed_by: Set(None),
            confirmed_at: Set(None),
            refused_by: Set(None),
            refused_at: Set(None),
            executed_at: Set(None),
        };
        let transaction = self.services.database.begin_write().await?;
        dangerous_act::Entity::insert(row).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Confirms a request of another administrator. Whoever confirms was an administrator when it was asked, so that
    /// nobody appoints their own second.
    pub(crate) async fn confirm(&self, act_id: &str, by: &Asker, now: DateTime<Utc>) -> Result<(), AppError> {
        let by = by.role();
        let transaction = self.services.database.begin_write().await?;
        let request = find(&transaction, act_id).await?;
        if request.asked_by == by.participant_id
            || !was_administrator(&transaction, &by.participant_id, &request, now).await?
        {
            return Err(AppError::SecondPerson);
        }
        let confirmed = dangerous_act::Entity::update_many()
            .col_expr(dangerous_act::Column::ConfirmedBy, Expr::value(&by.participant_id))
            .col_expr(dangerous_act::Column::ConfirmedAt, Expr::value(now.timestamp()))
            .filter(dangerous_act::Column::ActId.eq(act_id))
            .filter(dangerous_act::Column::AskedBy.ne(&by.participant_id))
            .filter(dangerous_act::Column::AskedAt.gt((now - CONFIRM_WITHIN).timestamp()))
            .filter(dangerous_act::Column::ConfirmedAt.is_null())
            .filter(dangerous_act::Column::RefusedAt.is_null())
            .exec(&transaction)
            .await?;
        once(confirmed.rows_affected)?;
        Ok(transaction.commit().await?)
    }

    /// Refuses a request, or takes one's own back. A confirmed act can still be refused until it is carried out.
    pub(crate) async fn refuse(&self, act_id: &str, by: &Asker, now: DateTime<Utc>) -> Result<(), AppError> {
        let by = by.role();
        let transaction = self.services.database.begin_write().await?;
        find(&transaction, act_id).await?;
        let refused = dangerous_act::Entity::update_many()
            .col_expr(dangerous_act::Column::RefusedBy, Expr::value(&by.participant_id))
            .col_expr(dangerous_act::Column::RefusedAt, Expr::value(now.timestamp()))
            .filter(dangerous_act::Column::ActId.eq(act_id))
            .filter(dangerous_act::Column::RefusedAt.is_null())
            .filter(dangerous_act::Column::ExecutedAt.is_null())
            .exec(&transaction)
            .await?;
        once(refused.rows_affected)?;
        Ok(transaction.commit().await?)
    }

    /// Carries out a confirmed act of one's own. Whoever confirmed must be an administrator still.
    pub(crate) async fn execute(&self, act_id: &str, by: &Asker, now: DateTime<Utc>) -> Result<Outcome, AppError> {
        let by = by.role();
        let transaction = self.services.database.begin_write().await?;
        let request = find(&transaction, act_id).await?;
        if request.asked_by != by.participant_id {
            return Err(AppError::NotPermitted);
        }
        let executed = dangerous_act::Entity::update_many()
            .col_expr(dangerous_act::Column::ExecutedAt, Expr::value(now.timestamp()))
            .filter(dangerous_act::Column::ActId.eq(act_id))
            .filter(dangerous_act::Column::AskedBy.eq(&by.participant_id))
            .filter(dangerous_act::Column::ConfirmedBy.ne(&by.participant_id))
            .filter(dangerous_act::Column::ConfirmedAt.gt((now - EXECUTE_WITHIN).timestamp()))
            .filter(dangerous_act::Column::RefusedAt.is_null())
            .filter(dangerous_act::Column::ExecutedAt.is_null())
            .exec(&transaction)
            .await?;
        once(executed.rows_affected)?;
        let confirmed_by = request.confirmed_by.as_deref().ok_or(AppError::ActClosed)?;
        if !was_administrator(&transaction, confirmed_by, &request, now).await? {
            return Err(AppError::ActClosed);
        }
        let act = DangerousAct::stored(&request.kind, request.subject).ok_or_else(broken)?;
        let outcome = self.carry_out(&transaction, &act).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    async fn carry_out(&self, transaction: &impl ConnectionTrait, act: &DangerousAct) -> Result<Outcome, AppError> {
        match act {
            DangerousAct::OpenIdentity { participant_id } => {
                let code = identities::fiscal_code(transaction, &self.services.keys, participant_id).await?;
                // The person may have left meanwhile: then there is nobody to name.
                code.map(Outcome::Identity).ok_or(AppError::ActClosed)
            }
            // The days and answers go with the rows they belong to; consents stay, as the record of what was agreed.
            DangerousAct::DeleteSurvey { .. } => {
                let diaries = diary::Entity::delete_many().exec(transaction).await?;
                let responses = response::Entity::delete_many().exec(transaction).await?;
                Ok(Outcome::SurveyDeleted { n_diaries: diaries.rows_affected, n_responses: responses.rows_affected })
            }
        }
    }
}

async fn find(connection: &impl ConnectionTrait, act_id: &str) -> Result<dangerous_act::Model, AppError> {
    dangerous_act::Entity::find_by_id(act_id).one(connection).await?.ok_or(AppError::NotFound)
}

/// Whether a person has been an administrator since before `request` was made.
async fn was_administrator(
    connection: &impl ConnectionTrait,
    participant_id: &str,
    request: &dangerous_act::Model,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let asked_at = instant(request.asked_at).ok_or_else(broken)?;
    officer::store::has_held_since(connection, participant_id, OfficerRole::Administrator, asked_at, now).await
}

/// Holds that a step changed its one row: otherwise the request was answered, lapsed or carried out meanwhile.
fn once(rows_affected: u64) -> Result<(), AppError> {
    if rows_affected == 1 { Ok(()) } else { Err(AppError::ActClosed) }
}

fn read(
    row: dangerous_act::Model,
    asked_by_name: String,
    answered_by_name: String,
    now: DateTime<Utc>,
) -> Option<Request> {
    let asked_at = instant(row.asked_at)?;
    let at = |seconds: Option<i64>| seconds.and_then(instant);
    Some(Request {
        state: State::at(asked_at, at(row.confirmed_at), at(row.refused_at), at(row.executed_at), now),
        act: DangerousAct::stored(&row.kind, row.subject)?,
        act_id: row.act_id,
        reason: row.reason,
        asked_by: row.asked_by,
        asked_by_name,
        asked_at,
        answered_by_name,
    })
}

fn instant(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

fn broken() -> AppError {
    AppError::StoredData("a request for an act that does not read back".to_owned())
}
