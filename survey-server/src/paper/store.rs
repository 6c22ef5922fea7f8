//! Forms in the database: whose a number is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::fiscal_code::FiscalCode;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::number;
use crate::{
    access::{
        assistance::store::Assistances,
        guard::Store,
        officer::{Officer, Operator},
        session::SignedIn,
        store as identities,
    },
    app::Services,
    audit::{Act, Actor, Verb},
    clock::italian_time,
    database::{Database, entity::paper_form},
    error::AppError,
    keys::Keys,
    residents::{
        self,
        admission::{self, ParticipationPolicy},
    },
    survey::{self, Link, Mode},
};

/// Why no form was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person is not in the register of residents.
    #[error("the person is not in the register of residents")]
    NotInRegister,
    /// There is no register, so that nobody could be told from anybody.
    #[error("there is no register of residents: import it first (`tempi residents import`)")]
    NoRegister,
}

/// The survey's link, which names forms; nobody takes part any more once it was destroyed.
async fn link(database: &Database, keys: &Keys) -> Result<Link, AppError> {
    survey::store::current(database.connection(), keys).await?.link.ok_or(AppError::SurveyClosed)
}

/// Makes a form for somebody in the register who is old enough to keep a diary, with a parent's consent on the paper where
/// that is needed. Gives its number; `None` as an actor is the command line.
///
/// # Errors
/// When the person is too young, or the database cannot be written.
pub async fn make(
    database: &Database,
    keys: &Keys,
    policy: &ParticipationPolicy,
    code: &FiscalCode,
    actor: Option<Actor>,
    now: DateTime<Utc>,
) -> Result<Result<String, Refusal>, AppError> {
    match residents::is_resident(database, keys, code).await? {
        None => return Ok(Err(Refusal::NoRegister)),
        Some(false) => return Ok(Err(Refusal::NotInRegister)),
        Some(true) => {}
    }
    let with_a_parent = ParticipationPolicy { own_consent_age: policy.minimum_age, ..policy.clone() };
    admission::admit(database, keys, &with_a_parent, code, italian_time(now).date()).await?;
    let participant_id = identities::participant(database, keys, code, now).await?;
    let link = link(database, keys).await?;
    let made = number::random();
    let row = paper_form::ActiveModel {
        number_digest: Set(link.form_id(&made)),
        participant_id: Set(participant_id.clone()),
        made_at: Set(now.timestamp()),
    };
    let transaction = database.begin_write().await?;
    paper_form::Entity::insert(row).exec_without_returning(&transaction).await?;
    let act = Act {
        actor: actor.unwrap_or(Actor::System("command line")),
        verb: Verb::PaperFormMade,
        subject: Some(participant_id),
        detail: String::new(),
    };
    database.audit().record(&transaction, &act, now).await?;
    transaction.commit().await?;
    Ok(Ok(made))
}

/// The operator's side of paper.
pub(super) struct PaperDesk {
    services: Arc<Services>,
    assistances: Assistances,
}

impl Store for PaperDesk {
    fn open(services: &Arc<Services>) -> PaperDesk {
        PaperDesk { services: Arc::clone(services), assistances: Assistances::open(services) }
    }
}

impl PaperDesk {
    /// Makes a form for the person with this code.
    pub(super) async fn make(
        &self,
        operator: &Officer<Operator>,
        code: &FiscalCode,
        now: DateTime<Utc>,
    ) -> Result<Result<String, Refusal>, AppError> {
        self.assistances.admits(&operator.participant_id, now)?;
        let Services { database, keys, settings, .. } = &*self.services;
        make(database, keys, &settings.participation, code, Some(operator.actor()), now).await
    }

    /// Begins to key in the form with this number; says whether there is one.
    pub(super) async fn begin(
        &self,
        operator: &Officer<Operator>,
        session: &SignedIn,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        self.assistances.admits(&operator.participant_id, now)?;
        let Some(number) = number::read(typed) else { return Ok(false) };
        let Services { database, keys, .. } = &*self.services;
        let form_id = link(database, keys).await?.form_id(&number);
        let form = paper_form::Entity::find_by_id(form_id).one(database.connection()).await?;
        let form = form.filter(|form| form.participant_id != operator.participant_id);
        let Some(form) = form else { return Ok(false) };
        self.assistances.begin_for(operator, session, form.participant_id, Mode::Paper, now).await?;
        Ok(true)
    }
}
