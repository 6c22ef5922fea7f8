//! Stores invented people in few statements.

use chrono::{DateTime, Utc};
use questionnaires::{FiscalCode, instrument};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, Iterable};

use super::{Loaded, Person};
use crate::{
    database::{
        Database,
        entity::{answer, consent, diary, diary_episode, identity, response},
        rows,
    },
    error::AppError,
    keys::Keys,
    privacy,
};

/// The most values that one statement may carry: SQLite's limit is 32,766, PostgreSQL's 65,535.
const MOST_VALUES: usize = 32_000;

pub(super) async fn load(database: &Database, people: &[Person], now: DateTime<Utc>) -> Result<Loaded, AppError> {
    let transaction = database.begin_write().await?;
    if has_first_day(&transaction).await? {
        return Ok(Loaded::Before);
    }
    let (mut consents, mut responses, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut diaries, mut episodes) = (Vec::new(), Vec::new());
    for (number, person) in people.iter().enumerate() {
        let id = participant_id(number);
        consents.push(privacy::store::consent_row(&id, now));
        for instrument in instrument::all() {
            responses.push(rows::response_row(&id, instrument, now, Some(now)));
            answers.extend(rows::answer_rows(&id, instrument, &person.answers));
        }
        for (day, diary) in person.diaries.iter().enumerate() {
            let diary_id = diary_id(number, day);
            episodes.extend(rows::episode_rows(&diary_id, diary.as_draft()));
            diaries.push(rows::diary_row(diary_id, &id, diary.date(), now, Some(now)));
        }
    }
    let n_diaries = diaries.len();
    insert::<consent::Entity, _>(&transaction, consents).await?;
    insert::<response::Entity, _>(&transaction, responses).await?;
    insert::<answer::Entity, _>(&transaction, answers).await?;
    insert::<diary::Entity, _>(&transaction, diaries).await?;
    insert::<diary_episode::Entity, _>(&transaction, episodes).await?;
    transaction.commit().await?;
    Ok(Loaded::Now { n_diaries })
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
    has_first_day(database.connection()).await
}

async fn has_first_day(connection: &impl ConnectionTrait) -> Result<bool, AppError> {
    Ok(diary::Entity::find_by_id(diary_id(0, 0)).one(connection).await?.is_some())
}

fn participant_id(number: usize) -> String {
    format!("invented-{number:06}")
}

fn diary_id(number: usize, day: usize) -> String {
    format!("invented-{number:06}-{day}")
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
