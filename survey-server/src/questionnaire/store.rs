//! Answers in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::{Answers, Instrument};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, OnConflict},
};

use crate::{
    access::guard::{Citizen, Store},
    app::Services,
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
    /// When they were handed in.
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
            .filter(answer::Column::ParticipantId.eq(participant.id()))
            .filter(answer::Column::Instrument.eq(&instrument.name))
            .order_by_asc(answer::Column::Question)
            .order_by_asc(answer::Column::Position)
            .all(connection)
            .await?;
        Ok(Response {
            answers: rows::answers_of(instrument, &rows),
            submitted_at: begun.submitted_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        })
    }

    /// Puts these answers in the place of the earlier ones. Answers that were handed in stay as they are.
    pub async fn save(
        &self,
        participant: &Participant,
        instrument: &Instrument,
        answers: &Answers,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        let keep_first = OnConflict::columns([response::Column::ParticipantId, response::Column::Instrument])
            .do_nothing()
            .to_owned();
        response::Entity::insert(rows::response_row(participant.id(), instrument, now, None))
            .on_conflict(keep_first)
            .exec_without_returning(&transaction)
            .await?;
        let open = response::Entity::update_many()
            .col_expr(response::Column::UpdatedAt, Expr::value(now.timestamp()))
            .col_expr(response::Column::InstrumentVersion, Expr::value(instrument.version as i32))
            .filter(response::Column::ParticipantId.eq(participant.id()))
            .filter(response::Column::Instrument.eq(&instrument.name))
            .filter(response::Column::SubmittedAt.is_null())
            .exec(&transaction)
            .await?;
        if open.rows_affected == 1 {
            replace_answers(&transaction, participant, instrument, answers).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Hands the answers in and says when that was; what was handed in before keeps its date.
    /// `None` when nothing was ever saved.
    pub async fn submit(
        &self,
        participant: &Participant,
        instrument: &Instrument,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        let connection = self.database.connection();
        response::Entity::update_many()
            .col_expr(response::Column::SubmittedAt, Expr::value(now.timestamp()))
            .filter(response::Column::ParticipantId.eq(participant.id()))
            .filter(response::Column::Instrument.eq(&instrument.name))
            .filter(response::Column::SubmittedAt.is_null())
            .exec(connection)
            .await?;
        let submitted = find(participant, instrument).one(connection).await?;
        Ok(submitted.and_then(|response| DateTime::from_timestamp(response.submitted_at?, 0)))
    }
}

fn find(participant: &Participant, instrument: &Instrument) -> Select<response::Entity> {
    response::Entity::find_by_id((participant.id().to_owned(), instrument.name.clone()))
}

async fn replace_answers(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    instrument: &Instrument,
    answers: &Answers,
) -> Result<(), AppError> {
    answer::Entity::delete_many()
        .filter(answer::Column::ParticipantId.eq(participant.id()))
        .filter(answer::Column::Instrument.eq(&instrument.name))
        .exec(connection)
        .await?;
    let rows = rows::answer_rows(participant.id(), instrument, answers);
    if !rows.is_empty() {
        answer::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}
