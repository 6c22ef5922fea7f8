//! Consents in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::Expr,
};

use super::{CONSENT_PATH, NOTICE_VERSION, Participant};
use crate::{
    access::guard::{Citizen, Guarded, Store},
    app::Services,
    audit::{Act, Actor, Verb},
    database::{
        Database,
        entity::{consent, diary, response, survey as surveys},
    },
    error::AppError,
    household, keys, paradata,
    residents::city_user::{self, store::CityUsers},
    survey::{self, Link, Mode, Survey},
};

/// Who agreed to take part.
pub struct Consents {
    database: Database,
}

/// Who agreed to take part, and who has to say first what brings them to the city.
pub(super) struct Agreeing {
    pub(super) consents: Consents,
    pub(super) city_users: CityUsers,
}

impl Store for Agreeing {
    fn open(services: &Arc<Services>) -> Agreeing {
        Agreeing { consents: Consents::open(services), city_users: CityUsers::open(services) }
    }
}

impl Store for Consents {
    fn open(services: &Arc<Services>) -> Consents {
        Consents::over(&services.database)
    }
}

/// What somebody agreed to.
pub(super) struct Given {
    /// When they agreed to the notice in force.
    pub(super) at: Option<DateTime<Utc>>,
    /// Whether it may be kept how they fill in their days.
    pub(super) paradata: bool,
}

/// The participant that a citizen is, if they agreed to the notice in force. Nobody is one any more once the survey's
/// link to people was destroyed.
pub(crate) async fn participant(database: &Database, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
    let participant_id = citizen.participant_id.clone();
    let consents = surveys::Entity::belongs_to(consent::Entity)
        .from(surveys::Column::SurveyId)
        .to(consent::Column::SurveyId)
        .on_condition(move |_, _| is_in_force().add(consent::Column::ParticipantId.eq(participant_id.as_str())));
    // The survey and the consent in one statement: every save asks it.
    let found = survey::store::row_of_current()
        .join(JoinType::LeftJoin, consents.into())
        .select_also(consent::Entity)
        .one(database.connection())
        .await?;
    let (row, agreed) = found.ok_or_else(survey::store::undeclared)?;
    participant_of(database, citizen, row, agreed.is_some())
}

/// A store of what people who take part tell.
pub trait OfParticipants: Store {
    /// The participant that a citizen is, if they agreed to take part.
    fn participant(&self, citizen: &Citizen) -> impl Future<Output = Result<Option<Participant>, AppError>> + Send;
}

impl<S: OfParticipants> Guarded<Citizen, S> {
    /// The citizen as a participant. Who has not agreed to take part is led to where one does.
    pub(crate) async fn participant(&self) -> Result<Participant, AppError> {
        agreed(self.store().participant(self.role()).await?)
    }
}

/// Somebody who agreed; who did not is led to where one does.
pub(crate) fn agreed<T>(participant: Option<T>) -> Result<T, AppError> {
    participant.ok_or_else(|| AppError::elsewhere(CONSENT_PATH))
}

/// The same of what was read: the current survey's row, and whether the citizen agreed to the notice in force.
pub(crate) fn participant_of(
    database: &Database,
    citizen: &Citizen,
    survey: surveys::Model,
    has_agreed: bool,
) -> Result<Option<Participant>, AppError> {
    let survey = database.last_opened().opened(survey, database.keys()?)?;
    let link = survey.link.clone().ok_or(AppError::SurveyClosed)?;
    let respondent_id = link.respondent_id(&citizen.participant_id);
    Ok(has_agreed.then_some(Participant { respondent_id, survey, link, mode: citizen.mode }))
}

/// The citizen as a respondent of a survey, whether or not they agreed to the notice in force: for their rights over what
/// they told. Nobody is one once the survey's link to people was destroyed.
pub(crate) fn as_respondent(survey: &Survey, citizen: &Citizen) -> Option<Participant> {
    let link = survey.link.clone()?;
    let respondent_id = link.respondent_id(&citizen.participant_id);
    Some(Participant { respondent_id, survey: survey.clone(), link, mode: citizen.mode })
}

/// Consents to the notice in force that were not taken back.
fn all_in_force(survey_id: &str) -> Select<consent::Entity> {
    consent::Entity::find().filter(consent::Column::SurveyId.eq(survey_id)).filter(is_in_force())
}

fn is_in_force() -> Condition {
    let to_this_notice = consent::Column::NoticeVersion.eq(NOTICE_VERSION);
    Condition::all().add(to_this_notice).add(consent::Column::WithdrawnAt.is_null())
}

/// The respondents of a survey who agreed to the notice in force and did not take it back.
pub(crate) async fn respondents(
    connection: &impl ConnectionTrait,
    survey_id: &str,
    link: &Link,
) -> Result<Vec<String>, AppError> {
    let agreed = all_in_force(survey_id).all(connection).await?;
    Ok(agreed.into_iter().map(|consent| link.respondent_id(&consent.participant_id)).collect())
}

fn in_force(survey_id: &str, participant_id: &str) -> Select<consent::Entity> {
    all_in_force(survey_id)
        .filter(consent::Column::ParticipantId.eq(participant_id))
        .order_by_asc(consent::Column::GivenAt)
}

/// The row of a consent to the notice in force, given in this way.
pub(crate) fn consent_row(
    survey_id: &str,
    participant_id: &str,
    means: Mode,
    now: DateTime<Utc>,
) -> consent::ActiveModel {
    consent::ActiveModel {
        consent_id: Set(keys::random_id()),
        participant_id: Set(participant_id.to_owned()),
        survey_id: Set(survey_id.to_owned()),
        notice_version: Set(NOTICE_VERSION),
        given_at: Set(now.timestamp()),
        withdrawn_at: Set(None),
        means: Set(means.name().to_owned()),
    }
}

/// Deletes what a respondent told in a survey; says whether there was anything.
pub(crate) async fn delete_answers(
    connection: &impl ConnectionTrait,
    survey: &Survey,
    participant_id: &str,
) -> Result<bool, AppError> {
    let Some(link) = &survey.link else { return Ok(false) };
    let respondent_id = link.respondent_id(participant_id);
    let days = diary::Entity::delete_many()
        .filter(diary::Column::RespondentId.eq(respondent_id.as_str()))
        .exec(connection)
        .await?;
    let responses = response::Entity::delete_many()
        .filter(response::Column::RespondentId.eq(respondent_id.as_str()))
        .exec(connection)
        .await?;
    household::store::remove(connection, &respondent_id).await?;
    Ok(days.rows_affected + responses.rows_affected > 0)
}

impl Consents {
    /// The consents in a database.
    pub(crate) fn over(database: &Database) -> Consents {
        Consents { database: database.clone() }
    }

    /// The survey that people take part in.
    pub(crate) async fn survey(&self) -> Result<Survey, AppError> {
        survey::store::current(self.database.connection(), self.database.keys()?).await
    }

    /// What the citizen agreed to.
    pub(super) async fn given(&self, citizen: &Citizen) -> Result<Given, AppError> {
        let survey = self.survey().await?;
        Ok(Given {
            at: self.given_at(citizen).await?,
            paradata: paradata::store::agrees(self.database.connection(), citizen, &survey.id).await?,
        })
    }

    /// When the citizen agreed to the notice in force, if they did and have not taken it back.
    pub async fn given_at(&self, citizen: &Citizen) -> Result<Option<DateTime<Utc>>, AppError> {
        let survey = self.survey().await?;
        let consent = in_force(&survey.id, &citizen.participant_id).one(self.database.connection()).await?;
        Ok(consent.and_then(|consent| DateTime::from_timestamp(consent.given_at, 0)))
    }

    /// Records that the citizen agrees to the notice in force. Agreeing twice is agreeing once.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn give(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        self.give_through(Actor::Citizen(citizen.participant_id.clone()), citizen, now).await
    }

    /// Records that the citizen agreed, as `actor` reports it, in the citizen's mode.
    ///
    /// # Errors
    /// When the survey is not open.
    pub(crate) async fn give_through(
        &self,
        actor: Actor,
        citizen: &Citizen,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        let survey = survey::store::current(&transaction, self.database.keys()?).await?;
        if !survey.is_open(now) {
            return Err(AppError::SurveyClosed);
        }
        if in_force(&survey.id, &citizen.participant_id).one(&transaction).await?.is_none() {
            let row = consent_row(&survey.id, &citizen.participant_id, citizen.mode, now);
            consent::Entity::insert(row).exec_without_returning(&transaction).await?;
            let detail = format!("notice {NOTICE_VERSION} of survey {}, means {}", survey.id, citizen.mode.name());
            let subject = Some(citizen.participant_id.clone());
            let act = Act { actor, verb: Verb::ConsentGiven, subject, detail };
            self.database.audit().record(&transaction, &act, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes every consent of the citizen back and deletes their answers, diaries and what they declared of
    /// themselves and the city. What stays is the record
    /// that there was a consent and when it ended.
    pub async fn withdraw(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        let id = citizen.participant_id.as_str();
        let transaction = self.database.begin_write().await?;
        for survey in survey::store::all(&transaction, self.database.keys()?).await? {
            delete_answers(&transaction, &survey, id).await?;
        }
        paradata::store::forget_consent(&transaction, id).await?;
        city_user::store::forget(&transaction, id).await?;
        let withdrawn = consent::Entity::update_many()
            .col_expr(consent::Column::WithdrawnAt, Expr::value(now.timestamp()))
            .filter(consent::Column::ParticipantId.eq(id))
            .filter(consent::Column::WithdrawnAt.is_null())
            .exec(&transaction)
            .await?;
        if withdrawn.rows_affected > 0 {
            let act = Act::of_citizen(id, Verb::ConsentWithdrawn, "");
            self.database.audit().record(&transaction, &act, now).await?;
        }
        Ok(transaction.commit().await?)
    }
}
