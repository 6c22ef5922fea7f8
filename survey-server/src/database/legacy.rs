//! Answers that versions before surveys wrote under participant ids and with their times in clear: moved, once the keys
//! are there, under the names of respondents.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryResult,
    Statement, sea_query::Expr,
};
use sea_orm_migration::SchemaManager;

use super::{
    entity::{answer, consent, diary, diary_confirmation, diary_episode, response},
    rows,
};
use crate::{
    error::AppError,
    survey::{Link, Mode},
};

/// The tables that wait, children first.
const TABLES: [&str; 5] =
    ["legacy_diary_confirmation", "legacy_diary_episode", "legacy_diary", "legacy_answer", "legacy_response"];

/// Moves what waits into the survey, all of it or nothing.
pub(super) async fn move_answers(
    transaction: &DatabaseTransaction,
    survey_id: &str,
    link: &Link,
) -> Result<(), AppError> {
    consent::Entity::update_many()
        .col_expr(consent::Column::SurveyId, Expr::value(survey_id))
        .filter(consent::Column::SurveyId.eq(""))
        .exec(transaction)
        .await?;
    if !SchemaManager::new(transaction).has_table("legacy_response").await? {
        return Ok(());
    }
    let instant = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    for row in all(transaction, "legacy_response").await? {
        let respondent_id = link.respondent_id(&row.try_get::<String>("", "participant_id")?);
        let instrument: String = row.try_get("", "instrument")?;
        let times = [row.try_get("", "updated_at")?, row.try_get::<Option<i64>>("", "submitted_at")?.unwrap_or(-1)];
        let times = times.map(|seconds| if seconds < 0 { None } else { Some(instant(seconds)) });
        let moved = response::ActiveModel {
            sealed: Set(rows::seal_response(link, &respondent_id, &instrument, times[0].unwrap_or_default(), times[1])),
            submitted: Set(times[1].is_some()),
            survey_id: Set(survey_id.to_owned()),
            instrument_version: Set(row.try_get("", "instrument_version")?),
            instrument: Set(instrument),
            respondent_id: Set(respondent_id),
        };
        response::Entity::insert(moved).exec_without_returning(transaction).await?;
    }
    for row in all(transaction, "legacy_answer").await? {
        let moved = answer::ActiveModel {
            respondent_id: Set(link.respondent_id(&row.try_get::<String>("", "participant_id")?)),
            instrument: Set(row.try_get("", "instrument")?),
            question: Set(row.try_get("", "question")?),
            position: Set(row.try_get("", "position")?),
            value: Set(row.try_get("", "value")?),
        };
        answer::Entity::insert(moved).exec_without_returning(transaction).await?;
    }
    let mut diary_ids: BTreeMap<String, String> = BTreeMap::new();
    for row in all(transaction, "legacy_diary").await? {
        let respondent_id = link.respondent_id(&row.try_get::<String>("", "participant_id")?);
        let date: NaiveDate = row.try_get("", "date")?;
        let kept = rows::KeptDay {
            date,
            version: row.try_get("", "version")?,
            updated_at: instant(row.try_get("", "updated_at")?),
            submitted_at: row.try_get::<Option<i64>>("", "submitted_at")?.map(instant),
            mode: Mode::Alone,
        };
        let moved = rows::diary_row(link, survey_id, &respondent_id, kept);
        if let Set(diary_id) = &moved.diary_id {
            diary_ids.insert(row.try_get("", "diary_id")?, diary_id.clone());
        }
        diary::Entity::insert(moved).exec_without_returning(transaction).await?;
    }
    for row in all(transaction, "legacy_diary_episode").await? {
        let Some(diary_id) = diary_ids.get(&row.try_get::<String>("", "diary_id")?) else { continue };
        let moved = diary_episode::ActiveModel {
            diary_id: Set(diary_id.clone()),
            start_slot: Set(row.try_get("", "start_slot")?),
            end_slot: Set(row.try_get("", "end_slot")?),
            main: Set(row.try_get("", "main")?),
            secondary: Set(row.try_get("", "secondary")?),
            location: Set(row.try_get("", "location")?),
            with_whom: Set(row.try_get("", "with_whom")?),
            device: Set(row.try_get("", "device")?),
            enjoyment: Set(row.try_get("", "enjoyment")?),
        };
        diary_episode::Entity::insert(moved).exec_without_returning(transaction).await?;
    }
    for row in all(transaction, "legacy_diary_confirmation").await? {
        let Some(diary_id) = diary_ids.get(&row.try_get::<String>("", "diary_id")?) else { continue };
        let moved = diary_confirmation::ActiveModel {
            diary_id: Set(diary_id.clone()),
            issue: Set(row.try_get("", "issue")?),
            start_slot: Set(row.try_get("", "start_slot")?),
            end_slot: Set(row.try_get("", "end_slot")?),
        };
        diary_confirmation::Entity::insert(moved).exec_without_returning(transaction).await?;
    }
    for table in TABLES {
        transaction.execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

async fn all(transaction: &DatabaseTransaction, table: &str) -> Result<Vec<QueryResult>, DbErr> {
    let backend = transaction.get_database_backend();
    transaction.query_all_raw(Statement::from_string(backend, format!("SELECT * FROM {table}"))).await
}

#[cfg(test)]
mod tests;
