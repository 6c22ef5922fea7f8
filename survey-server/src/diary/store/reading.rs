//! Whole days read, each as one row: its episodes and answers come in it as JSON, in one statement of one state. A row is what costs, on
//! the way from either database.

use chrono::NaiveDate;
use questionnaires::{
    DiaryDraft,
    diary::DraftEpisode,
    quality::{Issue, IssueCode},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, IdenStatic, Iterable, QueryResult, Statement, Value};
use serde::Deserialize;

use super::StoredDiary;
use crate::{
    access::guard::Citizen,
    database::{
        Database,
        entity::{diary, diary_episode, survey as surveys},
        rows,
    },
    diary::Origin,
    error::AppError,
    privacy::{self, NOTICE_VERSION, Participant},
    survey,
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

/// The participant that a citizen is, if they agreed to take part, and their day of `date`, if they have begun it: in one statement, since
/// every save asks both. Which day it is follows from the survey's key; the key that was opened last tells it in advance, and where that was
/// another one the day is asked for again.
pub(super) async fn participant_and_day(
    database: &Database,
    citizen: &Citizen,
    date: NaiveDate,
) -> Result<Option<(Participant, Option<StoredDiary>)>, AppError> {
    let connection = database.connection();
    let guess = database.last_opened().link().map(|link| {
        let respondent_id = link.respondent_id(&citizen.participant_id);
        link.diary_id(&respondent_id, date)
    });
    let (survey, [episodes, answers]) = (survey_columns(), lists(connection.get_database_backend()));
    let sql = format!(
        "SELECT {survey}, c.participant_id AS agreed, d.*, {episodes}, {answers} FROM survey s \
         LEFT JOIN consent c ON c.survey_id = s.survey_id AND c.participant_id = $1 AND c.notice_version = $2 AND c.withdrawn_at IS NULL \
         LEFT JOIN diary d ON d.diary_id = $3 \
         WHERE s.is_current LIMIT 1"
    );
    let values: [Value; 3] = [citizen.participant_id.as_str().into(), NOTICE_VERSION.into(), guess.clone().into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?.ok_or_else(survey::store::undeclared)?;
    let (survey, agreed) =
        (surveys::Model::from_query_result(&row, SURVEY)?, row.try_get::<Option<String>>("", "agreed")?);
    let Some(participant) = privacy::store::participant_of(database, citizen, survey, agreed.is_some())? else {
        return Ok(None);
    };
    let diary_id = participant.link().diary_id(participant.respondent_id(), date);
    let day = match guess {
        Some(guess) if guess == diary_id => match row.try_get::<Option<String>>("", "diary_id")? {
            Some(_) => Some(read(&participant, &row)?),
            None => None,
        },
        _ => day(connection, &participant, &diary_id).await?,
    };
    Ok(Some((participant, day)))
}

/// What the columns of a survey begin with, beside those of a day.
const SURVEY: &str = "survey_of_";

fn survey_columns() -> String {
    let columns = surveys::Column::iter().map(|column| column.as_str().to_owned());
    columns.map(|column| format!("s.{column} AS {SURVEY}{column}")).collect::<Vec<_>>().join(", ")
}

/// The columns that hold the episodes and answers of a day `d`.
fn lists(backend: DbBackend) -> [String; 2] {
    let (all, one, end) = match backend {
        DbBackend::Postgres => ("json_agg", "json_build_array", "::text"),
        _ => ("json_group_array", "json_array", ""),
    };
    [
        format!(
            "(SELECT {all}({one}(e.start_slot, e.end_slot, e.main, e.secondary, e.location, e.with_whom, e.device, e.enjoyment)){end} \
             FROM diary_episode e WHERE e.diary_id = d.diary_id) AS episodes"
        ),
        format!(
            "(SELECT {all}({one}(c.issue, c.start_slot, c.end_slot)){end} \
             FROM diary_confirmation c WHERE c.diary_id = d.diary_id) AS confirmations"
        ),
    ]
}

fn statement(backend: DbBackend, column: &str, value: &str) -> Statement {
    let [episodes, answers] = lists(backend);
    let sql = format!("SELECT d.*, {episodes}, {answers} FROM diary d WHERE d.{column} = $1");
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
