//! Requests for dangerous acts in the database, and the acts themselves.
//!
//! Each step is one statement that checks and changes at once, inside a transaction with all that belongs to it: of two
//! administrators who confirm at the same instant one does, and an act is carried out once.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::{CONFIRM_WITHIN, DangerousAct, EXECUTE_WITHIN, Request, State};
use crate::{
    access::{
        guard::Store,
        officer::{
            self, Administrator, By, Duty, GrantError, GrantRefusal, JustSignedIn, NewGrant, Officer, OfficerRole,
            end_of_grant,
        },
        store as identities,
    },
    app::Services,
    audit::{Act, Verb},
    database::entity::{dangerous_act, diary, identity, response},
    error::AppError,
    household, keys,
    survey::{self, Survey},
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
    /// Somebody is an administrator now.
    Appointed,
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
            let mut request = read(row, asked_by_name, answered_by_name, now).ok_or_else(broken)?;
            match &request.act {
                DangerousAct::OpenIdentity { participant_id } => {
                    request.subject = self.services.database.audit().alias(participant_id)?;
                }
                DangerousAct::AppointAdministrator { participant_id, name, .. } => {
                    let code = identities::fiscal_code(connection, &self.services.keys, participant_id).await?;
                    let code = code.as_ref().map(officer::masked).unwrap_or_default();
                    request.subject = format!("{name} ({code})");
                }
                DangerousAct::DeleteSurvey { .. } => {}
            }
            requests.push(request);
        }
        Ok(requests)
    }

    /// The act with whom it concerns found: a participant is named as the record names them, or by the pseudonym itself.
    /// `None` when there is nobody and nothing of that name.
    pub(crate) async fn found(&self, act: DangerousAct) -> Result<Option<DangerousAct>, AppError> {
        let named = match act {
            DangerousAct::OpenIdentity { participant_id } => participant_id,
            DangerousAct::DeleteSurvey { ref survey } => {
                let known = self.surveys().await?.iter().any(|known| known.id == *survey);
                return Ok(known.then_some(act));
            }
            DangerousAct::AppointAdministrator { .. } => return Ok(Some(act)),
        };
        let known: Vec<String> = identity::Entity::find()
            .select_only()
            .column(identity::Column::ParticipantId)
            .into_tuple()
            .all(self.services.database.connection())
            .await?;
        let log = self.services.database.audit();
        for participant_id in known {
            if participant_id == named || log.alias(&participant_id)? == named {
                return Ok(Some(DangerousAct::OpenIdentity { participant_id }));
            }
        }
        Ok(None)
    }

    /// The surveys whose data could be deleted.
    pub(crate) async fn surveys(&self) -> Result<Vec<Survey>, AppError> {
        survey::store::all(self.services.database.connection(), &self.services.keys).await
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
        let act_id = keys::random_id();
        let detail = if reason.is_empty() { act.kind().to_owned() } else { format!("{}: {reason}", act.kind()) };
        let step = step(by, Verb::ActRequested, &act_id, &detail);
        let row = dangerous_act::ActiveModel {
            act_id: Set(act_id),
            kind: Set(act.kind().to_owned()),
            subject: Set(act.subject()),
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
        self.record(&transaction, &step, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Asks for a person to be made an administrator. Where nobody else could confirm it, it is refused.
    pub(crate) async fn ask_appointment(
        &self,
        new: &NewGrant,
        by: &Asker,
        now: DateTime<Utc>,
    ) -> Result<(), GrantError> {
        let Services { database, keys, .. } = &*self.services;
        let own = by.role().participant_id.as_str();
        let participant_id = officer::store::appointee(database, keys, new, own, now).await?;
        if !officer::store::has_another_administrator(database.connection(), own, now).await? {
            return Err(GrantRefusal::NoSecond.into());
        }
        let act = DangerousAct::AppointAdministrator { participant_id, name: new.name.clone(), until: new.until };
        Ok(self.ask(&act, "", by, now).await?)
    }

    /// Confirms a request of another administrator. Whoever confirms was an administrator when it was asked, so that
    /// nobody appoints their own second.
    pub(crate) async fn confirm(&self, act_id: &str, by: &Asker, now: DateTime<Utc>) -> Result<(), AppError> {
        let by = by.role();
        let transaction = self.services.database.begin_write().await?;
        let request = find(&transaction, act_id).await?;
        let act = DangerousAct::stored(&request.kind, request.subject.clone()).ok_or_else(broken)?;
        let asked_at = instant(request.asked_at).ok_or_else(broken)?;
        second_person(&transaction, by, &[&request.asked_by], asked_at, now).await?;
        if act.concerns(&by.participant_id) {
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
        self.record(&transaction, &step(by, Verb::ActConfirmed, act_id, &request.kind), now).await?;
        Ok(transaction.commit().await?)
    }

    /// Refuses a request, or takes one's own back. A confirmed act can still be refused until it is carried out.
    pub(crate) async fn refuse(&self, act_id: &str, by: &Asker, now: DateTime<Utc>) -> Result<(), AppError> {
        let by = by.role();
        let transaction = self.services.database.begin_write().await?;
        let request = find(&transaction, act_id).await?;
        let refused = dangerous_act::Entity::update_many()
            .col_expr(dangerous_act::Column::RefusedBy, Expr::value(&by.participant_id))
            .col_expr(dangerous_act::Column::RefusedAt, Expr::value(now.timestamp()))
            .filter(dangerous_act::Column::ActId.eq(act_id))
            .filter(dangerous_act::Column::RefusedAt.is_null())
            .filter(dangerous_act::Column::ExecutedAt.is_null())
            .exec(&transaction)
            .await?;
        once(refused.rows_affected)?;
        self.record(&transaction, &step(by, Verb::ActDeclined, act_id, &request.kind), now).await?;
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
        let outcome = self.carry_out(&transaction, &act, by, now).await?;
        self.record(&transaction, &step(by, Verb::ActExecuted, act_id, act.kind()), now).await?;
        // The person concerned reads the reason.
        let about = match act {
            DangerousAct::OpenIdentity { participant_id } => Some((Verb::IdentityOpened, Some(participant_id))),
            DangerousAct::DeleteSurvey { .. } => Some((Verb::SurveyDeleted, None)),
            // The grant has recorded itself.
            DangerousAct::AppointAdministrator { .. } => None,
        };
        if let Some((verb, subject)) = about {
            self.record(&transaction, &Act { actor: by.actor(), verb, subject, detail: request.reason }, now).await?;
        }
        transaction.commit().await?;
        if matches!(outcome, Outcome::SurveyDeleted { .. }) {
            // Deleted rows lie about in the files until they are rewritten.
            if let Err(error) = self.services.database.forget_order().await {
                tracing::warn!(%error, "the database was not rewritten after a survey was deleted");
            }
        }
        Ok(outcome)
    }

    async fn record(&self, transaction: &DatabaseTransaction, act: &Act, now: DateTime<Utc>) -> Result<(), AppError> {
        self.services.database.audit().record(transaction, act, now).await
    }

    async fn carry_out(
        &self,
        transaction: &DatabaseTransaction,
        act: &DangerousAct,
        by: &Officer<Administrator>,
        now: DateTime<Utc>,
    ) -> Result<Outcome, AppError> {
        match act {
            DangerousAct::AppointAdministrator { participant_id, name, until } => {
                if identity::Entity::find_by_id(participant_id).one(transaction).await?.is_none() {
                    return Err(AppError::ActClosed);
                }
                // The last day may have passed meanwhile.
                let end = end_of_grant(*until, now).map_err(|_| AppError::ActClosed)?;
                let holding = officer::store::Holding {
                    participant_id: participant_id.clone(),
                    role: OfficerRole::Administrator,
                    name: name.clone(),
                    until: *until,
                    end,
                };
                officer::store::hold(transaction, &self.services.database, holding, By::Administrator(by), now).await?;
                Ok(Outcome::Appointed)
            }
            DangerousAct::OpenIdentity { participant_id } => {
                let code = identities::fiscal_code(transaction, &self.services.keys, participant_id).await?;
                // The person may have left meanwhile: then there is nobody to name.
                code.map(Outcome::Identity).ok_or(AppError::ActClosed)
            }
            // The days and answers go with the rows they belong to; consents stay, as the record of what was agreed.
            DangerousAct::DeleteSurvey { survey } => {
                let of_survey = diary::Column::SurveyId.eq(survey);
                let diaries = diary::Entity::delete_many().filter(of_survey).exec(transaction).await?;
                let of_survey = response::Column::SurveyId.eq(survey);
                let responses = response::Entity::delete_many().filter(of_survey).exec(transaction).await?;
                household::store::delete_all(transaction, survey).await?;
                Ok(Outcome::SurveyDeleted { n_diaries: diaries.rows_affected, n_responses: responses.rows_affected })
            }
        }
    }
}

/// Holds that `by` may be the second for what others asked at `asked_at`: another person than each of them, whatever their
/// grants, and in their role since before, so that nobody appoints a second of their own.
pub(crate) async fn second_person<D: Duty>(
    connection: &impl ConnectionTrait,
    by: &Officer<D>,
    others: &[&str],
    asked_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let own = by.participant_id.as_str();
    if others.contains(&own) || !officer::store::has_held_since(connection, own, by.role(), asked_at, now).await? {
        return Err(AppError::SecondPerson);
    }
    Ok(())
}

/// A step as the record tells it. Who is concerned is recorded with the act itself, when it is carried out.
fn step(by: &Officer<Administrator>, verb: Verb, act_id: &str, detail: &str) -> Act {
    Act { actor: by.actor(), verb, subject: None, detail: format!("{act_id} {detail}") }
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
        act: DangerousAct::stored(&row.kind, row.subject.clone())?,
        subject: row.subject,
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
