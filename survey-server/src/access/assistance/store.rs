//! Assistances in the database.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr,
};

use super::{Assisting, CODE_LIFETIME, Hidden, LONGEST};
use crate::{
    access::{
        guard::{Citizen, Store},
        officer::{Officer, OfficerRole, Operator, RoleInForce},
        session::SignedIn,
        store::Identities,
    },
    app::Services,
    audit::{Act, Actor, Verb},
    database::entity::{assistance, session},
    diary::store::Diaries,
    error::AppError,
    keys::{self, Keys},
    privacy::{self, store::Consents},
    questionnaire::store::Responses,
    residents,
    survey::Mode,
    web::rate_limit::{self, Counted},
};

/// Help given and received.
pub(crate) struct Assistances {
    services: Arc<Services>,
}

impl Store for Assistances {
    fn open(services: &Arc<Services>) -> Assistances {
        Assistances { services: Arc::clone(services) }
    }
}

/// Why nobody is helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The person is not in the register of residents.
    NotInRegister,
    /// There is no register, so that nobody could be told from anybody.
    NoRegister,
    /// An operator tells their own days as everybody does.
    Oneself,
}

/// The digits of a code of the counter.
const N_DIGITS: usize = 8;

fn digest_of_code(keys: &Keys, code: &str) -> String {
    keys.register().content_digest("assistance code", code)
}

fn place(assistance_id: &str) -> String {
    format!("assistance {assistance_id}")
}

fn as_operator(operator: &Officer<Operator>) -> Actor {
    operator.actor()
}

/// The help that a session is in, if it goes on. From afar it ends with the operator's role; at the counter it is the person's
/// own session.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    row: &session::Model,
    roles: &[RoleInForce],
    now: DateTime<Utc>,
) -> Result<Option<Assisting>, AppError> {
    let Some(id) = &row.assistance_id else { return Ok(None) };
    let Some(kept) = assistance::Entity::find_by_id(id.as_str()).one(connection).await? else { return Ok(None) };
    let broken = || AppError::StoredData("an assistance that does not read back".to_owned());
    let mode = Mode::from_name(&kept.mode).ok_or_else(broken)?;
    let Some(participant_id) = kept.participant_id else { return Ok(None) };
    let may_go_on = match mode.is_blind() {
        true => kept.operator_id == row.participant_id && roles.iter().any(|held| held.role == OfficerRole::Operator),
        false => participant_id == row.participant_id,
    };
    // A seal that does not open is of keys that were replaced meanwhile: nobody knows what is to be hidden.
    let hidden = keys.register().open(&place(&kept.assistance_id), &kept.hidden).ok();
    let Some(hidden) = hidden.filter(|_| may_go_on && kept.expires_at > now.timestamp()) else { return Ok(None) };
    Ok(Some(Assisting {
        hidden: Hidden::of_record(&hidden),
        assistance_id: kept.assistance_id,
        participant_id,
        mode,
        expires_at: DateTime::from_timestamp(kept.expires_at, 0).ok_or_else(broken)?,
    }))
}

/// Ends what operators do for somebody from afar: the person has come themselves.
pub(crate) async fn end_blind_ones(connection: &impl ConnectionTrait, participant_id: &str) -> Result<(), AppError> {
    let blind = Mode::ALL.into_iter().filter(|mode| mode.is_blind()).map(Mode::name);
    assistance::Entity::delete_many()
        .filter(assistance::Column::ParticipantId.eq(participant_id))
        .filter(assistance::Column::Mode.is_in(blind))
        .exec(connection)
        .await?;
    Ok(())
}

/// Deletes what is over by itself.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), AppError> {
    let over = assistance::Column::ExpiresAt.lte(now.timestamp());
    assistance::Entity::delete_many().filter(over).exec(connection).await?;
    Ok(())
}

impl Assistances {
    /// Counts an attempt of somebody to begin.
    pub(crate) fn admits(&self, who: &str, now: DateTime<Utc>) -> Result<(), AppError> {
        let counted = Counted::Bearer(format!("assistance:{who}"));
        let is_admitted = self.services.rate_limit.admits(rate_limit::Act::Assistance, counted, now);
        if is_admitted { Ok(()) } else { Err(AppError::TooOften) }
    }

    /// Begins to help somebody from afar, in the operator's own session. The person's consent, read out to them, is recorded
    /// where there is none yet.
    pub(super) async fn begin_blind(
        &self,
        operator: &Officer<Operator>,
        session: &SignedIn,
        code: &FiscalCode,
        mode: Mode,
        now: DateTime<Utc>,
    ) -> Result<Result<(), Refusal>, AppError> {
        self.admits(&operator.participant_id, now)?;
        let Services { database, keys, .. } = &*self.services;
        match residents::is_resident(database, keys, code).await? {
            None => return Ok(Err(Refusal::NoRegister)),
            Some(false) => return Ok(Err(Refusal::NotInRegister)),
            Some(true) => {}
        }
        let participant_id = Identities::open(&self.services).participant(code, now).await?;
        if participant_id == operator.participant_id {
            return Ok(Err(Refusal::Oneself));
        }
        self.begin_for(operator, session, participant_id, mode, now).await?;
        Ok(Ok(()))
    }

    /// The same for somebody who is known already.
    pub(crate) async fn begin_for(
        &self,
        operator: &Officer<Operator>,
        session: &SignedIn,
        participant_id: String,
        mode: Mode,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let Services { database, keys, .. } = &*self.services;
        let citizen = Citizen { participant_id, mode };
        let actor = as_operator(operator);
        Consents::over(database).give_through(actor.clone(), &citizen, now).await?;
        let assistance_id = keys::random_id();
        let hidden = self.told_before(&citizen).await?;
        let row = assistance::ActiveModel {
            hidden: Set(keys.register().seal(&place(&assistance_id), &hidden.to_record())),
            assistance_id: Set(assistance_id.clone()),
            operator_id: Set(operator.participant_id.clone()),
            participant_id: Set(Some(citizen.participant_id.clone())),
            mode: Set(mode.name().to_owned()),
            code_digest: Set(None),
            began_at: Set(now.timestamp()),
            expires_at: Set(now.timestamp() + LONGEST),
        };
        let transaction = database.begin_write().await?;
        assistance::Entity::insert(row).exec_without_returning(&transaction).await?;
        attach(&transaction, &session.token_digest, Some(&assistance_id)).await?;
        let subject = Some(citizen.participant_id);
        let act = Act { actor, verb: Verb::AssistanceBegan, subject, detail: format!("means {}", mode.name()) };
        database.audit().record(&transaction, &act, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn told_before(&self, citizen: &Citizen) -> Result<Hidden, AppError> {
        let database = &self.services.database;
        let participant = privacy::store::participant(database, citizen).await?.ok_or(AppError::SurveyClosed)?;
        let mut hidden = Hidden::default();
        for diary in Diaries::over(database).all(&participant).await? {
            hidden.days.insert(diary.draft.date);
        }
        for response in Responses::over(database).all(&participant).await? {
            if !response.answers.0.is_empty() {
                hidden.questionnaires.insert(response.asking.path());
            }
        }
        Ok(hidden)
    }

    /// Ends the help that the operator gives from afar.
    pub(super) async fn end_blind(
        &self,
        operator: &Officer<Operator>,
        session: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let Some(assisting) = session.assistance.as_ref().filter(|assisting| assisting.mode.is_blind()) else {
            return Ok(());
        };
        self.end(as_operator(operator), assisting, session, now).await
    }

    /// Ends the help that the citizen receives at the counter.
    pub(super) async fn end_own(
        &self,
        citizen: &Citizen,
        session: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let Some(assisting) = &session.assistance else { return Ok(()) };
        self.end(Actor::Citizen(citizen.participant_id.clone()), assisting, session, now).await
    }

    async fn end(
        &self,
        actor: Actor,
        assisting: &Assisting,
        session: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let database = &self.services.database;
        let transaction = database.begin_write().await?;
        attach(&transaction, &session.token_digest, None).await?;
        assistance::Entity::delete_by_id(assisting.assistance_id.as_str()).exec(&transaction).await?;
        let subject = Some(assisting.participant_id.clone());
        let detail = format!("means {}", assisting.mode.name());
        let act = Act { actor, verb: Verb::AssistanceEnded, subject, detail };
        database.audit().record(&transaction, &act, now).await?;
        Ok(transaction.commit().await?)
    }

    /// A code that somebody at the counter types into their own session, to be helped in it. It works once and soon.
    pub(super) async fn counter_code(
        &self,
        operator: &Officer<Operator>,
        now: DateTime<Utc>,
    ) -> Result<String, AppError> {
        self.admits(&operator.participant_id, now)?;
        let Services { database, keys, .. } = &*self.services;
        let bytes: [u8; 32] = keys::random_bytes();
        // 256 random bits taken modulo 10^8 are even to one in 2^200.
        let number = bytes.iter().fold(0_u64, |number, byte| (number * 256 + u64::from(*byte)) % 100_000_000);
        let code = format!("{number:0N_DIGITS$}");
        let assistance_id = keys::random_id();
        let row = assistance::ActiveModel {
            hidden: Set(keys.register().seal(&place(&assistance_id), "")),
            assistance_id: Set(assistance_id),
            operator_id: Set(operator.participant_id.clone()),
            participant_id: Set(None),
            mode: Set(Mode::Assisted.name().to_owned()),
            code_digest: Set(Some(digest_of_code(keys, &code))),
            began_at: Set(now.timestamp()),
            expires_at: Set(now.timestamp() + CODE_LIFETIME),
        };
        assistance::Entity::insert(row).exec_without_returning(database.connection()).await?;
        Ok(code)
    }

    /// Lets the operator who showed `code` help in the citizen's own session; says whether there was such a code.
    pub(super) async fn redeem(
        &self,
        citizen: &Citizen,
        session: &SignedIn,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        self.admits(&citizen.participant_id, now)?;
        let Services { database, keys, .. } = &*self.services;
        let transaction = database.begin_write().await?;
        let waiting = assistance::Entity::find()
            .filter(assistance::Column::CodeDigest.eq(digest_of_code(keys, code)))
            .filter(assistance::Column::ExpiresAt.gt(now.timestamp()))
            .one(&transaction)
            .await?;
        let Some(waiting) = waiting.filter(|waiting| waiting.operator_id != citizen.participant_id) else {
            return Ok(false);
        };
        let used = assistance::ActiveModel {
            assistance_id: Set(waiting.assistance_id.clone()),
            participant_id: Set(Some(citizen.participant_id.clone())),
            code_digest: Set(None),
            expires_at: Set((now + Duration::seconds(LONGEST)).timestamp()),
            ..Default::default()
        };
        assistance::Entity::update(used).exec(&transaction).await?;
        attach(&transaction, &session.token_digest, Some(&waiting.assistance_id)).await?;
        let act = Act {
            actor: Actor::Officer { participant_id: waiting.operator_id, role: OfficerRole::Operator.name() },
            verb: Verb::AssistanceBegan,
            subject: Some(citizen.participant_id.clone()),
            detail: format!("means {}: the person signed in and typed the code", Mode::Assisted.name()),
        };
        database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn attach(
    transaction: &DatabaseTransaction,
    token_digest: &str,
    assistance_id: Option<&str>,
) -> Result<(), AppError> {
    session::Entity::update_many()
        .col_expr(session::Column::AssistanceId, Expr::value(assistance_id.map(str::to_owned)))
        .filter(session::Column::TokenDigest.eq(token_digest))
        .exec(transaction)
        .await?;
    Ok(())
}
