//! Households in the database. They lie beside the answers and know people as respondents only.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};

use super::code::Code;
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    database::{
        Database,
        entity::{diary, household_code, household_member},
        rows,
    },
    error::AppError,
    keys,
    privacy::{self, Participant, store::OfParticipants},
    survey::{Link, Survey},
    web::rate_limit::{Act, Counted},
};

/// How long a code leads into its household.
pub(super) const LIFETIME: Duration = Duration::hours(48);

/// Codes of one household that are alive at a time; a further one ends the others.
const N_CODES: usize = 8;

/// People of one household.
const N_MEMBERS: usize = 30;

/// Who lives together.
pub struct Households {
    services: Arc<Services>,
}

/// A household as one of its people sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Household {
    /// How many take part, the person included.
    pub(crate) n_members: usize,
    /// The days that the others have begun to tell, in the order of the calendar.
    pub(crate) days_of_others: Vec<NaiveDate>,
}

/// What became of a code that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// The person is in the household now.
    Yes,
    /// They were in it already; the code was not used up.
    Already,
    /// No such code, or it has ended, or the household is full.
    No,
}

impl Store for Households {
    fn open(services: &Arc<Services>) -> Households {
        Households { services: Arc::clone(services) }
    }
}

impl OfParticipants for Households {
    async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(self.database(), citizen).await
    }
}

impl Households {
    fn database(&self) -> &Database {
        &self.services.database
    }

    /// The household of a participant, if they are in one.
    pub(super) async fn household(&self, participant: &Participant) -> Result<Option<Household>, AppError> {
        household(self.database(), participant).await
    }

    /// A code for one more person, valid for [`LIFETIME`]. Who is in no household yet begins one.
    ///
    /// # Errors
    /// When the survey is not open.
    pub(super) async fn make_code(&self, participant: &Participant, now: DateTime<Utc>) -> Result<Code, AppError> {
        participant.may_answer(now)?;
        let transaction = self.database().begin_write().await?;
        let household_id = match membership(&transaction, participant).await? {
            Some(member) => member.household_id,
            None => {
                let household_id = keys::random_id();
                put(&transaction, participant, &household_id).await?;
                household_id
            }
        };
        let of_household = || household_code::Column::HouseholdId.eq(household_id.as_str());
        let alive = household_code::Entity::find().filter(of_household()).all(&transaction).await?;
        if alive.len() >= N_CODES {
            household_code::Entity::delete_many().filter(of_household()).exec(&transaction).await?;
        }
        let code = Code::random();
        let digest = participant.link().household_code_digest(code.text());
        let row = household_code::ActiveModel {
            survey_id: Set(participant.survey().id.clone()),
            household_id: Set(household_id),
            sealed: Set(participant.link().seal(&context(&digest), [(now + LIFETIME).timestamp()])),
            code_digest: Set(digest),
        };
        household_code::Entity::insert(row).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(code)
    }

    /// Brings the participant into the household that a code leads to; a code is used up by it. Tries are counted by person, so
    /// that signing in again does not give new ones.
    ///
    /// # Errors
    /// When the survey is not open, or the person has tried too often.
    pub(super) async fn join(
        &self,
        participant: &Participant,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<Joined, AppError> {
        participant.may_answer(now)?;
        let counted = Counted::Bearer(format!("respondent:{}", participant.respondent_id()));
        if !self.services.rate_limit.admits(Act::HouseholdCode, counted, now) {
            return Err(AppError::TooOften);
        }
        let Some(code) = Code::read(typed) else { return Ok(Joined::No) };
        let link = participant.link();
        let transaction = self.database().begin_write().await?;
        let digest = link.household_code_digest(code.text());
        let Some(row) = household_code::Entity::find_by_id(digest.as_str()).one(&transaction).await? else {
            return Ok(Joined::No);
        };
        if has_ended(link, &row, now)? {
            return Ok(Joined::No);
        }
        let member = membership(&transaction, participant).await?;
        if member.is_some_and(|member| member.household_id == row.household_id) {
            return Ok(Joined::Already);
        }
        let of_household = household_member::Column::HouseholdId.eq(row.household_id.as_str());
        if household_member::Entity::find().filter(of_household).all(&transaction).await?.len() >= N_MEMBERS {
            return Ok(Joined::No);
        }
        // Deleting says who used it: of two at once, one.
        if household_code::Entity::delete_by_id(digest).exec(&transaction).await?.rows_affected != 1 {
            return Ok(Joined::No);
        }
        remove(&transaction, participant.respondent_id()).await?;
        put(&transaction, participant, &row.household_id).await?;
        transaction.commit().await?;
        Ok(Joined::Yes)
    }

    /// Takes the participant out of their household.
    ///
    /// # Errors
    /// When the survey is not open.
    pub(super) async fn leave(&self, participant: &Participant, now: DateTime<Utc>) -> Result<(), AppError> {
        participant.may_answer(now)?;
        let transaction = self.database().begin_write().await?;
        remove(&transaction, participant.respondent_id()).await?;
        Ok(transaction.commit().await?)
    }
}

fn context(digest: &str) -> String {
    format!("household code {digest}")
}

fn has_ended(link: &Link, row: &household_code::Model, now: DateTime<Utc>) -> Result<bool, AppError> {
    let [ends] = link.open(&context(&row.code_digest), &row.sealed)?;
    Ok(ends <= now.timestamp())
}

async fn membership(
    connection: &impl ConnectionTrait,
    participant: &Participant,
) -> Result<Option<household_member::Model>, AppError> {
    Ok(household_member::Entity::find_by_id(participant.respondent_id()).one(connection).await?)
}

async fn put(transaction: &DatabaseTransaction, participant: &Participant, household_id: &str) -> Result<(), AppError> {
    let row = household_member::ActiveModel {
        respondent_id: Set(participant.respondent_id().to_owned()),
        survey_id: Set(participant.survey().id.clone()),
        household_id: Set(household_id.to_owned()),
    };
    household_member::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Takes a respondent out of their household; the codes of one that nobody is in any more go too.
pub(crate) async fn remove(connection: &impl ConnectionTrait, respondent_id: &str) -> Result<(), AppError> {
    let Some(member) = household_member::Entity::find_by_id(respondent_id).one(connection).await? else {
        return Ok(());
    };
    household_member::Entity::delete_by_id(respondent_id).exec(connection).await?;
    let of_household = household_member::Column::HouseholdId.eq(member.household_id.as_str());
    if household_member::Entity::find().filter(of_household).one(connection).await?.is_none() {
        household_code::Entity::delete_many()
            .filter(household_code::Column::HouseholdId.eq(member.household_id))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// The household of a participant, if they are in one.
pub(crate) async fn household(database: &Database, participant: &Participant) -> Result<Option<Household>, AppError> {
    let connection = database.connection();
    let Some(member) = membership(connection, participant).await? else { return Ok(None) };
    let members = household_member::Entity::find()
        .filter(household_member::Column::HouseholdId.eq(member.household_id))
        .all(connection)
        .await?;
    let others = members.iter().map(|member| member.respondent_id.as_str());
    let others: Vec<&str> = others.filter(|id| *id != participant.respondent_id()).collect();
    let days = diary::Entity::find()
        .filter(diary::Column::RespondentId.is_in(others))
        .order_by_asc(diary::Column::DiaryId)
        .all(connection)
        .await?;
    let mut dates = BTreeSet::new();
    for day in &days {
        dates.insert(rows::open_day(participant.link(), day)?.date);
    }
    Ok(Some(Household { n_members: members.len(), days_of_others: dates.into_iter().collect() }))
}

/// The household of every respondent of a survey who is in one.
pub(crate) async fn by_respondent(
    connection: &impl ConnectionTrait,
    survey_id: &str,
) -> Result<BTreeMap<String, String>, AppError> {
    let of_survey = household_member::Column::SurveyId.eq(survey_id);
    let members = household_member::Entity::find().filter(of_survey).all(connection).await?;
    Ok(members.into_iter().map(|member| (member.respondent_id, member.household_id)).collect())
}

/// Deletes the codes of a survey that have ended.
pub(crate) async fn sweep_codes(
    transaction: &DatabaseTransaction,
    survey: &Survey,
    link: &Link,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let of_survey = household_code::Column::SurveyId.eq(survey.id.as_str());
    for row in household_code::Entity::find().filter(of_survey).all(transaction).await? {
        if has_ended(link, &row, now)? {
            household_code::Entity::delete_by_id(row.code_digest).exec(transaction).await?;
        }
    }
    Ok(())
}

/// Deletes the codes of a survey whose link to people ends, and the places of everybody who is not among `staying`.
pub(crate) async fn make_anonymous(
    transaction: &DatabaseTransaction,
    survey_id: &str,
    staying: &BTreeSet<String>,
) -> Result<(), AppError> {
    household_code::Entity::delete_many()
        .filter(household_code::Column::SurveyId.eq(survey_id))
        .exec(transaction)
        .await?;
    for respondent_id in by_respondent(transaction, survey_id).await?.into_keys() {
        if !staying.contains(&respondent_id) {
            household_member::Entity::delete_by_id(respondent_id).exec(transaction).await?;
        }
    }
    Ok(())
}

/// Deletes every household of a survey.
pub(crate) async fn delete_all(connection: &impl ConnectionTrait, survey_id: &str) -> Result<(), AppError> {
    let of_survey = household_code::Column::SurveyId.eq(survey_id);
    household_code::Entity::delete_many().filter(of_survey).exec(connection).await?;
    let of_survey = household_member::Column::SurveyId.eq(survey_id);
    household_member::Entity::delete_many().filter(of_survey).exec(connection).await?;
    Ok(())
}
