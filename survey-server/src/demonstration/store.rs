//! Stores invented people in few statements.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use questionnaires::{Answers, FiscalCode};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter};

use super::{Loaded, Person};
use crate::{
    database::{
        Database,
        entity::{answer, consent, diary, diary_episode, identity, response},
        rows::{self, KeptDay},
    },
    error::AppError,
    keys::Keys,
    privacy,
    questionnaire::Asking,
    survey::{self, Mode},
};

/// The most values that one statement may carry: SQLite's limit is 32,766, PostgreSQL's 65,535.
const MOST_VALUES: usize = 32_000;

pub(super) async fn load(database: &Database, people: &[Person], now: DateTime<Utc>) -> Result<Loaded, AppError> {
    let transaction = database.begin_write().await?;
    if has_first_person(&transaction).await? {
        return Ok(Loaded::Before);
    }
    let survey = survey::store::current(&transaction, database.keys()?).await?;
    let link = survey.link.as_ref().ok_or(AppError::SurveyClosed)?;
    // Sorted by the names of respondents, so that the order of rows tells nothing and pages are filled one by one.
    let mut people: Vec<(String, String, &Person)> = people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let id = participant_id(number);
            (link.respondent_id(&id), id, person)
        })
        .collect();
    people.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let askings = database.questionnaires().askings();
    let (mut consents, mut responses, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let mut days = Vec::new();
    for (respondent_id, id, person) in people {
        consents.push(privacy::store::consent_row(&survey.id, &id, Mode::Alone, now));
        for asking in &askings {
            let given = rows::answer_rows(&respondent_id, asking, &told_in(asking, &person.answers));
            if !given.is_empty() {
                responses.push(rows::response_row(link, &survey.id, &respondent_id, asking, now, Some(now)));
                answers.extend(given);
            }
        }
        for diary in &person.diaries {
            let kept =
                KeptDay { date: diary.date(), version: 1, updated_at: now, submitted_at: Some(now), mode: Mode::Alone };
            let row = rows::diary_row(link, &survey.id, &respondent_id, kept);
            let diary_id = link.diary_id(&respondent_id, diary.date());
            days.push((diary_id, row, diary));
        }
    }
    days.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let episodes =
        days.iter().flat_map(|(diary_id, _, diary)| rows::episode_rows(diary_id, diary.as_draft())).collect();
    let diaries: Vec<_> = days.into_iter().map(|(_, row, _)| row).collect();
    let n_diaries = diaries.len();
    insert::<consent::Entity, _>(&transaction, consents).await?;
    insert::<response::Entity, _>(&transaction, responses).await?;
    insert::<answer::Entity, _>(&transaction, answers).await?;
    insert::<diary::Entity, _>(&transaction, diaries).await?;
    insert::<diary_episode::Entity, _>(&transaction, episodes).await?;
    transaction.commit().await?;
    Ok(Loaded::Now { n_diaries })
}

/// The answers that belong to this occasion, by the names of its questions: those about a day end in its type.
fn told_in<'a>(asking: &Asking, answers: &'a Answers) -> Cow<'a, Answers> {
    let Some(day_type) = asking.day_type() else { return Cow::Borrowed(answers) };
    let ending = format!(".{}", day_type.key());
    let of_day = answers.0.iter().filter_map(|(name, answer)| Some((name.strip_suffix(&ending)?, answer)));
    Cow::Owned(Answers(of_day.map(|(name, answer)| (name.to_owned(), answer.clone())).collect()))
}

pub(super) async fn identify(
    database: &Database,
    keys: &Keys,
    codes: &[FiscalCode],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let rows = codes.iter().enumerate().map(|(number, code)| {
        let id = participant_id(number);
        identity::ActiveModel {
            fiscal_code_digest: Set(keys.fiscal_code_digest(code.reveal())),
            fiscal_code_sealed: Set(keys.seal_fiscal_code(&id, code.reveal())),
            participant_id: Set(id),
            created_at: Set(now.timestamp()),
        }
    });
    let transaction = database.begin_write().await?;
    insert::<identity::Entity, _>(&transaction, rows.collect()).await?;
    Ok(transaction.commit().await?)
}

pub(super) async fn holds_invented_people(database: &Database) -> Result<bool, AppError> {
    has_first_person(database.connection()).await
}

async fn has_first_person(connection: &impl ConnectionTrait) -> Result<bool, AppError> {
    let first = consent::Entity::find().filter(consent::Column::ParticipantId.eq(participant_id(0)));
    Ok(first.one(connection).await?.is_some())
}

fn participant_id(number: usize) -> String {
    format!("invented-{number:06}")
}

async fn insert<E, A>(connection: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), AppError>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let rows_per_statement = MOST_VALUES / E::Column::iter().count();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<A> = rows.by_ref().take(rows_per_statement).collect();
        E::insert_many(batch).exec_without_returning(connection).await?;
    }
    Ok(())
}
