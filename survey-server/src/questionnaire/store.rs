//! Answers in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::{Answers, DayKind, Instrument};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, sea_query::OnConflict};

use super::{Asking, asking, catalogue::Catalogue};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{answer, diary, response},
        rows,
    },
    diary::DayType,
    error::AppError,
    privacy::{self, Participant, store::OfParticipants},
};

/// What people answer to questionnaires.
pub struct Responses {
    database: Database,
}

/// What one person has answered to one questionnaire so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The questionnaire, in the version that the answers fit: what was handed in stays with its own.
    pub(crate) asking: Asking,
    /// The answers.
    pub answers: Answers,
    /// When they were handed in, to the hour.
    pub submitted_at: Option<DateTime<Utc>>,
    /// How many answers were left behind, when the questionnaire became another while the person was in the middle of it.
    pub n_left_behind: Option<usize>,
}

impl Response {
    fn blank(asking: Asking) -> Response {
        Response { asking, answers: Answers::default(), submitted_at: None, n_left_behind: None }
    }

    /// The questionnaire, in the version that the answers fit.
    pub fn instrument(&self) -> &Instrument {
        &self.asking.instrument
    }
}

impl Store for Responses {
    fn open(services: &Arc<Services>) -> Responses {
        Responses::over(&services.database)
    }
}

impl OfParticipants for Responses {
    async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(&self.database, citizen).await
    }
}

impl Responses {
    /// The answers in a database.
    pub(crate) fn over(database: &Database) -> Responses {
        Responses { database: database.clone() }
    }

    /// Everything that people are asked now.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.database.questionnaires()
    }

    /// What the participant has answered so far. Answers to an earlier version, not handed in yet, come as far as they fit.
    pub async fn response(&self, participant: &Participant, asking: &Asking) -> Result<Response, AppError> {
        match find(participant, asking).one(self.database.connection()).await? {
            Some(begun) => self.read(participant, asking, &begun).await,
            None => Ok(Response::blank(asking.clone())),
        }
    }

    /// Everything that the participant has answered in this survey, whether or not it is still asked.
    pub(crate) async fn all(&self, participant: &Participant) -> Result<Vec<Response>, AppError> {
        let begun = response::Entity::find()
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .order_by_asc(response::Column::Instrument)
            .all(self.database.connection())
            .await?;
        let catalogue = self.catalogue();
        let mut responses = Vec::new();
        for row in begun {
            let name = asking::name_in(&row.instrument);
            let known = catalogue.current(name).or_else(|| catalogue.version(name, row.instrument_version as u32));
            let Some(instrument) = known else { continue };
            let asking = Asking::of_key(&row.instrument, Arc::clone(instrument));
            responses.push(self.read(participant, &asking, &row).await?);
        }
        let order =
            |response: &Response| catalogue.askings().iter().position(|asking| asking.key() == response.asking.key());
        responses.sort_by_key(|response| order(response).unwrap_or(usize::MAX));
        Ok(responses)
    }

    async fn read(
        &self,
        participant: &Participant,
        asking: &Asking,
        begun: &response::Model,
    ) -> Result<Response, AppError> {
        let rows = answer::Entity::find()
            .filter(answer::Column::RespondentId.eq(participant.respondent_id()))
            .filter(answer::Column::Instrument.eq(&begun.instrument))
            .order_by_asc(answer::Column::Question)
            .order_by_asc(answer::Column::Position)
            .all(self.database.connection())
            .await?;
        let submitted_at = rows::open_response(participant.link(), begun)?.1;
        let catalogue = self.catalogue();
        let given_to = catalogue.version(&asking.instrument.name, begun.instrument_version as u32);
        let given_to = given_to.unwrap_or(&asking.instrument);
        let answers = rows::answers_of(given_to, &rows);
        if begun.submitted || given_to.version == asking.instrument.version {
            let asking = asking.with(Arc::clone(given_to));
            return Ok(Response { asking, answers, submitted_at, n_left_behind: None });
        }
        let kept = asking.instrument.adopt(&answers);
        let n_left_behind = Some(answers.0.len() - kept.0.len());
        Ok(Response { asking: asking.clone(), answers: kept, submitted_at, n_left_behind })
    }

    /// Whether the day that a questionnaire is about was told and handed in; true of one that is about no day.
    pub(crate) async fn may_begin(&self, participant: &Participant, asking: &Asking) -> Result<bool, AppError> {
        let Some(day_type) = asking.day_type() else { return Ok(true) };
        let told = diary::Entity::find()
            .filter(diary::Column::RespondentId.eq(participant.respondent_id()))
            .filter(diary::Column::Submitted.eq(true))
            .all(self.database.connection())
            .await?;
        Ok(told.iter().any(|day| (day.day_kind == DayKind::Weekday.code()) == (day_type == DayType::Weekday)))
    }

    /// Puts these answers in the place of the earlier ones. Answers that were handed in stay as they are.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn save(
        &self,
        participant: &Participant,
        asking: &Asking,
        answers: &Answers,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        let keep_first =
            OnConflict::columns([response::Column::RespondentId, response::Column::Instrument]).do_nothing().to_owned();
        response::Entity::insert(row(participant, asking, now, None))
            .on_conflict(keep_first)
            .exec_without_returning(&transaction)
            .await?;
        let open = response::Entity::update_many()
            .set(row(participant, asking, now, None))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(asking.key()))
            .filter(response::Column::Submitted.eq(false))
            .exec(&transaction)
            .await?;
        if open.rows_affected == 1 {
            replace_answers(&transaction, participant, asking, answers).await?;
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
        asking: &Asking,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        participant.may_answer(now)?;
        let connection = self.database.connection();
        response::Entity::update_many()
            .set(row(participant, asking, now, Some(now)))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(asking.key()))
            .filter(response::Column::Submitted.eq(false))
            .exec(connection)
            .await?;
        let Some(submitted) = find(participant, asking).one(connection).await? else { return Ok(None) };
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
        asking: &Asking,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        participant.may_answer(now)?;
        // Still the version that the answers were given to; what of them fits a later one is seen when they are read.
        let asking = &self.response(participant, asking).await?.asking;
        let transaction = self.database.begin_write().await?;
        let reopened = response::Entity::update_many()
            .set(row(participant, asking, now, None))
            .filter(response::Column::RespondentId.eq(participant.respondent_id()))
            .filter(response::Column::Instrument.eq(asking.key()))
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
    asking: &Asking,
    now: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
) -> response::ActiveModel {
    let survey_id = &participant.survey().id;
    rows::response_row(participant.link(), survey_id, participant.respondent_id(), asking, now, submitted_at)
}

fn find(participant: &Participant, asking: &Asking) -> Select<response::Entity> {
    response::Entity::find_by_id((participant.respondent_id().to_owned(), asking.key()))
}

async fn replace_answers(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    asking: &Asking,
    answers: &Answers,
) -> Result<(), AppError> {
    answer::Entity::delete_many()
        .filter(answer::Column::RespondentId.eq(participant.respondent_id()))
        .filter(answer::Column::Instrument.eq(asking.key()))
        .exec(connection)
        .await?;
    let rows = rows::answer_rows(participant.respondent_id(), asking, answers);
    if !rows.is_empty() {
        answer::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}
