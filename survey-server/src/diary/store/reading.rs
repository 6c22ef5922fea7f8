//! Whole days read, each as one row: its episodes and answers come in it as JSON, in one statement of one state. A row is what costs, on
//! the way from either database.

use questionnaires::{
    DiaryDraft,
    diary::DraftEpisode,
    quality::{Issue, IssueCode},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement};
use serde::Deserialize;

use super::StoredDiary;
use crate::{
    database::{
        entity::{diary, diary_episode},
        rows,
    },
    diary::Origin,
    error::AppError,
    privacy::Participant,
};

/// An episode: start, end, main and secondary activity, place, company, device, enjoyment.
type EpisodeRow = (i16, i16, Option<String>, Option<String>, Option<String>, String, Option<Truth>, Option<i16>);

/// An answer "yes, it was so": the question, start, end.
type AnswerRow = (String, i16, i16);

/// A truth value as either database writes it in JSON.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Truth {
    Boolean(bool),
    Number(u8),
}

impl Truth {
    fn holds(self) -> bool {
        match self {
            Truth::Boolean(holds) => holds,
            Truth::Number(number) => number != 0,
        }
    }
}

/// The day of this id, if it was begun.
pub(super) async fn day(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    diary_id: &str,
) -> Result<Option<StoredDiary>, AppError> {
    let statement = statement(connection.get_database_backend(), "diary_id", diary_id);
    let row = connection.query_one_raw(statement).await?;
    row.map(|row| read(participant, &row)).transpose()
}

/// Every day that the participant has begun.
pub(super) async fn days(
    connection: &impl ConnectionTrait,
    participant: &Participant,
) -> Result<Vec<StoredDiary>, AppError> {
    let statement = statement(connection.get_database_backend(), "respondent_id", participant.respondent_id());
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| read(participant, row)).collect()
}

fn statement(backend: DbBackend, column: &str, value: &str) -> Statement {
    let (all, one, end) = match backend {
        DbBackend::Postgres => ("json_agg", "json_build_array", "::text"),
        _ => ("json_group_array", "json_array", ""),
    };
    let sql = format!(
        "SELECT d.*, \
         (SELECT {all}({one}(e.start_slot, e.end_slot, e.main, e.secondary, e.location, e.with_whom, e.device, e.enjoyment)){end} \
          FROM diary_episode e WHERE e.diary_id = d.diary_id) AS episodes, \
         (SELECT {all}({one}(c.issue, c.start_slot, c.end_slot)){end} \
          FROM diary_confirmation c WHERE c.diary_id = d.diary_id) AS confirmations \
         FROM diary d WHERE d.{column} = $1"
    );
    Statement::from_sql_and_values(backend, sql, [value.into()])
}

fn read(participant: &Participant, row: &QueryResult) -> Result<StoredDiary, AppError> {
    let kept_row = diary::Model::from_query_result(row, "")?;
    let mut episodes: Vec<EpisodeRow> = listed(row, "episodes")?;
    episodes.sort_by_key(|(start, ..)| *start);
    let episodes = episodes.into_iter().map(|episode| rows::episode_of(&model(&kept_row.diary_id, episode)));
    let episodes: Vec<DraftEpisode> = episodes.collect::<Result<_, _>>()?;
    let answers: Vec<AnswerRow> = listed(row, "confirmations")?;
    let confirmed = answers.into_iter().filter_map(|(issue, start, end)| {
        Some(Issue { code: IssueCode::from_code(&issue)?, span: rows::span_of(start, end)? })
    });
    let kept = rows::open_day(participant.link(), &kept_row)?;
    Ok(StoredDiary {
        draft: DiaryDraft::from_episodes(kept.date, episodes),
        version: kept.version,
        submitted_at: kept.submitted_at,
        confirmed: confirmed.collect(),
        copied_from: kept_row.copied_from.as_deref().and_then(Origin::from_name),
        kept: Some(Box::new(kept_row)),
    })
}

/// The rows that a column holds as JSON; none at all is null in PostgreSQL.
fn listed<T: for<'a> Deserialize<'a>>(row: &QueryResult, column: &str) -> Result<Vec<T>, AppError> {
    let text: Option<String> = row.try_get("", column)?;
    let broken = |_| AppError::StoredData(format!("{column} of a day that do not read back"));
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(broken))
}

fn model(
    diary_id: &str,
    (start, end, main, secondary, location, with_whom, device, enjoyment): EpisodeRow,
) -> diary_episode::Model {
    diary_episode::Model {
        diary_id: diary_id.to_owned(),
        start_slot: start,
        end_slot: end,
        main,
        secondary,
        location,
        with_whom,
        device: device.map(Truth::holds),
        enjoyment,
    }
}
