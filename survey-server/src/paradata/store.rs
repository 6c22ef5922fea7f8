//! What is kept about how days were filled in, and who agreed to it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};

use super::{Step, Trace};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{diary, paradata, paradata_consent},
    },
    error::AppError,
    privacy::{self, Participant},
    survey::{self, Mode},
};

/// The choice whether it is kept.
pub(crate) struct Choices {
    database: Database,
}

impl Store for Choices {
    fn open(services: &Arc<Services>) -> Choices {
        Choices { database: services.database.clone() }
    }
}

impl Choices {
    /// The participant that a citizen is, if they agreed to take part: whoever did not is asked for nothing here.
    pub(super) async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(&self.database, citizen).await
    }

    /// Agrees, or takes it back and deletes what was kept. Doing either twice is doing it once.
    pub(super) async fn choose(&self, citizen: &Citizen, agrees: bool, now: DateTime<Utc>) -> Result<(), AppError> {
        let id = citizen.participant_id.as_str();
        let transaction = self.database.begin_write().await?;
        let survey = survey::store::current(&transaction, self.database.keys()?).await?;
        let verb = if agrees {
            let row = paradata_consent::ActiveModel {
                participant_id: Set(id.to_owned()),
                survey_id: Set(survey.id.clone()),
                given_at: Set(now.timestamp()),
            };
            let same = [paradata_consent::Column::ParticipantId, paradata_consent::Column::SurveyId];
            paradata_consent::Entity::insert(row)
                .on_conflict(OnConflict::columns(same).do_nothing().to_owned())
                .exec_without_returning(&transaction)
                .await?;
            Verb::ParadataAgreed
        } else {
            forget_consent(&transaction, id).await?;
            for survey in survey::store::all(&transaction, self.database.keys()?).await? {
                let Some(link) = &survey.link else { continue };
                delete_of(&transaction, &link.respondent_id(id)).await?;
            }
            Verb::ParadataDeclined
        };
        let act = Act::of_citizen(id, verb, format!("survey {}", survey.id));
        self.database.audit().record(&transaction, &act, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Adds to what is kept about a day, if its person agreed to that.
    pub(super) async fn add(
        &self,
        citizen: &Citizen,
        participant: &Participant,
        date: NaiveDate,
        traces: &[Trace],
    ) -> Result<(), AppError> {
        add(&self.database, citizen, participant, date, traces).await
    }
}

/// Whether the citizen agrees that it be kept in the survey of this name.
pub(crate) async fn agrees(
    connection: &impl ConnectionTrait,
    citizen: &Citizen,
    survey_id: &str,
) -> Result<bool, AppError> {
    let key = (citizen.participant_id.clone(), survey_id.to_owned());
    Ok(paradata_consent::Entity::find_by_id(key).one(connection).await?.is_some())
}

/// Adds to what is kept about a day, if its person agreed to that and the day was begun.
pub(crate) async fn add(
    database: &Database,
    citizen: &Citizen,
    participant: &Participant,
    date: NaiveDate,
    traces: &[Trace],
) -> Result<(), AppError> {
    // What an operator's computer shows says nothing about the person.
    let is_alone = participant.mode() == Mode::Alone;
    if traces.is_empty() || !is_alone || !agrees(database.connection(), citizen, &participant.survey().id).await? {
        return Ok(());
    }
    let diary_id = participant.link().diary_id(participant.respondent_id(), date);
    let transaction = database.begin_write().await?;
    let begun = diary::Entity::find_by_id(diary_id.as_str()).lock_exclusive().one(&transaction).await?;
    // Asked again under the lock: a consent that was taken back meanwhile must not leave a row behind.
    if begun.is_none() || !agrees(&transaction, citizen, &participant.survey().id).await? {
        return Ok(());
    }
    let known = paradata::Entity::find_by_id(diary_id.as_str()).one(&transaction).await?;
    let is_new = known.is_none();
    let mut row = known.unwrap_or_else(|| blank(diary_id));
    for trace in traces {
        row.device = trace.device.to_owned();
        row.n_edits = row.n_edits.saturating_add(trace.n_edits.into());
        if let Some((step, seconds)) = trace.time {
            let sum = match step {
                Step::Telling => &mut row.seconds_telling,
                Step::Details => &mut row.seconds_details,
                Step::Review => &mut row.seconds_review,
            };
            *sum = sum.saturating_add(seconds.into());
        }
    }
    let row = sea_orm::IntoActiveModel::into_active_model(row);
    match is_new {
        true => paradata::Entity::insert(row).exec_without_returning(&transaction).await.map(|_| ())?,
        false => {
            let changed = sea_orm::ActiveModelTrait::reset_all(row);
            paradata::Entity::update(changed).exec(&transaction).await?;
        }
    }
    Ok(transaction.commit().await?)
}

fn blank(diary_id: String) -> paradata::Model {
    paradata::Model {
        diary_id,
        device: String::new(),
        n_edits: 0,
        seconds_telling: 0,
        seconds_details: 0,
        seconds_review: 0,
    }
}

/// What is kept about a day.
pub(crate) async fn of_day(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    date: NaiveDate,
) -> Result<Option<paradata::Model>, AppError> {
    let diary_id = participant.link().diary_id(participant.respondent_id(), date);
    Ok(paradata::Entity::find_by_id(diary_id).one(connection).await?)
}

/// Forgets that a participant agreed, in every survey.
pub(crate) async fn forget_consent(connection: &impl ConnectionTrait, participant_id: &str) -> Result<(), AppError> {
    paradata_consent::Entity::delete_many()
        .filter(paradata_consent::Column::ParticipantId.eq(participant_id))
        .exec(connection)
        .await?;
    Ok(())
}

async fn delete_of(connection: &impl ConnectionTrait, respondent_id: &str) -> Result<(), AppError> {
    let days: Vec<String> = diary::Entity::find()
        .select_only()
        .column(diary::Column::DiaryId)
        .filter(diary::Column::RespondentId.eq(respondent_id))
        .into_tuple()
        .all(connection)
        .await?;
    paradata::Entity::delete_many().filter(paradata::Column::DiaryId.is_in(days)).exec(connection).await?;
    Ok(())
}
