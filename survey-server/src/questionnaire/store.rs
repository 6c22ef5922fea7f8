//! Answers in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::{Answers, Instrument};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, sea_query::OnConflict};

use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{answer, response},
        rows,
    },
    error::AppError,
    privacy::{self, Participant},
};

/// What people answer to questionnaires.
pub struct Responses {
    database: Database,
}

/// What one person has answered to one questionnaire so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The answers.
    pub answers: Answers,
    /// When they were handed in, to the hour.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl Store for Responses {
    fn open(services: &Arc<Services>) -> Responses {
        Responses::over(&services.database)
    }
}

impl Responses {
    /// The answers in a database.
    pub(crate) fn over(database: &Database) -> Responses {
        Responses { database: database.clone() }
    }

    /// The participant that a citizen is, if they agreed to take part.
    pub async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(&self.database, citizen).await
    }

    /// What the participant has answered so far.
    pub async fn response(&self, participant: &Participant, instrument: &Instrument) -> Result<Response, AppError> {
        let connection = self.database.connection();
        let Some(begun) = find(participant, instrument).one(connection).await? else { return Ok(Response::default()) };
        let rows = answer::Entity::find()
            .filter(answer::Column::RespondentId.eq(participant.respondent_id()))
            .filter(answer::Column::Instrument.eq(&instrument.name))
            .order_by_asc(answer::Column::Question)
            .order_by_asc(answer::Column::Position)
            .all(connection)
            .await?;
        Ok(Response {
            answers: rows::answers_of(instrument, &rows),
            submitted_at: rows::open_response(participant.link(), &begun)?.1,
        })
    }

    /// Puts these answers in the place of the earlier ones. Answers that were handed in stay as they are.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn save(
        &self,
        participant: &Participant,
        instrument: &Instrument,
        answers: &Answers,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        let keep_first =
            OnConflict::columns([response::Column::RespondentId, response::Column::Instrument]).do_nothing().to_owned();
        response::Entity::insert(row(participant, instrument, now, None))
            .on_conflict(keep_first)
            .exec_without_returning(&transaction)
            .await?;
        let open = response::Entity::update_many()
            .set(row(participant, instrument, now, None))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(&instrument.name))
            .filter(response::Column::Submitted.eq(false))
            .exec(&transaction)
            .await?;
        if open.rows_affected == 1 {
            replace_answers(&transaction, participant, instrument, answers).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Hands the answers in and says when that was, to the hour; what was handed in before keeps its date.
    /// `None` when nothing was ever saved.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn submit(
        &self,
        participant: &Participant,
        instrument: &Instrument,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        participant.may_answer(now)?;
        let connection = self.database.connection();
        response::Entity::update_many()
            .set(row(participant, instrument, now, Some(now)))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(&instrument.name))
            .filter(response::Column::Submitted.eq(false))
            .exec(connection)
            .await?;
        let Some(submitted) = find(participant, instrument).one(connection).await? else { return Ok(None) };
        Ok(rows::open_response(participant.link(), &submitted)?.1)
    }

    /// Gives answers that were handed in back to their person, to be corrected. Says whether there were any.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn reopen(
        &self,
        citizen: &Citizen,
        participant: &Participant,
        instrument: &Instrument,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        let reopened = response::Entity::update_many()
            .set(row(participant, instrument, now, None))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(&instrument.name))
            .filter(response::Column::Submitted.eq(true))
            .exec(&transaction)
            .await?;
        if reopened.rows_affected == 1 {
            let act = Act::of_citizen(&citizen.participant_id, Verb::DataCorrected, "a questionnaire was reopened");
            self.database.audit().record(&transaction, &act, now).await?;
        }
        transaction.commit().await?;
        Ok(reopened.rows_affected == 1)
    }
}

fn row(
    participant: &Participant,
    instrument: &Instrument,
    now: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
) -> response::ActiveModel {
    let survey_id = &participant.survey().id;
    rows::response_row(participant.link(), survey_id, participant.respondent_id(), instrument, now, submitted_at)
}

fn find(participant: &Participant, instrument: &Instrument) -> Select<response::Entity> {
    response::Entity::find_by_id((participant.respondent_id().to_owned(), instrument.name.clone()))
}

async fn replace_answers(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    instrument: &Instrument,
    answers: &Answers,
) -> Result<(), AppError> {
    answer::Entity::delete_many()
        .filter(answer::Column::RespondentId.eq(participant.respondent_id()))
        .filter(answer::Column::Instrument.eq(&instrument.name))
        .exec(connection)
        .await?;
    let rows = rows::answer_rows(participant.respondent_id(), instrument, answers);
    if !rows.is_empty() {
        answer::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}
