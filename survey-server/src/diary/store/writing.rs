//! A state of a day put in the place of another. On PostgreSQL that is one statement, since the way there and back is what costs; on SQLite,
//! which has one writer, it is a few in a transaction that changes of several people share.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use questionnaires::{DayKind, DiaryDraft, diary::DraftEpisode, quality::Issue};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use serde::Serialize;

use crate::{
    database::{
        Change, Database,
        rows::{self, NewEpisode},
    },
    diary::Origin,
    error::AppError,
    privacy::Participant,
};

/// A new state of a day.
#[derive(Debug)]
pub(super) struct NewState {
    pub(super) diary_id: String,
    pub(super) row: DayRow,
    /// The seal of the new state. No two states of a day have the same.
    pub(super) sealed: String,
    /// How it was told.
    pub(super) mode: &'static str,
    /// What the day was copied from, where that changes.
    pub(super) copied_from: Option<Option<Origin>>,
    pub(super) differences: Differences,
}

/// Where the new state comes from, as far as the row of the day goes.
#[derive(Debug)]
pub(super) enum DayRow {
    /// The day was not begun before: what its row says for good.
    New { respondent_id: String, survey_id: String, month: String, day_kind: &'static str },
    /// The day has a row with this seal. Where it still has it, everything else is as it was seen, too.
    Seen(String),
}

/// The rows in which two states of a day differ.
#[derive(Debug)]
pub(super) struct Differences {
    /// Episodes that are new or say something else.
    told: Vec<NewEpisode>,
    /// Where episodes begin that say something else, or nothing, in the new state.
    outdated: Vec<i16>,
    /// Answers "yes, it was so" that do not hold any more, since what they were about has changed.
    answers: Vec<AnswerKey>,
}

/// The key of an answer "yes, it was so".
#[derive(Debug, Serialize)]
struct AnswerKey {
    issue: &'static str,
    start_slot: i16,
    end_slot: i16,
}

impl DayRow {
    /// The row of a day that is begun now.
    pub(super) fn new(participant: &Participant, date: NaiveDate) -> DayRow {
        DayRow::New {
            respondent_id: participant.respondent_id().to_owned(),
            survey_id: participant.survey().id.clone(),
            month: rows::month(date),
            day_kind: DayKind::of(date).code(),
        }
    }
}

impl Differences {
    /// Those between two drafts, and the answers that are outdated.
    pub(super) fn between<'a>(
        before: &DiaryDraft,
        after: &DiaryDraft,
        answers: impl Iterator<Item = &'a Issue>,
    ) -> Differences {
        let (before, after) = (rows::told_episodes(before), rows::told_episodes(after));
        let start = |episode: &DraftEpisode| episode.span.start().index() as i16;
        let key = |issue: &Issue| AnswerKey {
            issue: issue.code.code(),
            start_slot: issue.span.start().index() as i16,
            end_slot: issue.span.end().index() as i16,
        };
        Differences {
            told: after.iter().filter(|episode| !before.contains(episode)).map(NewEpisode::of).collect(),
            outdated: before.iter().filter(|episode| !after.contains(episode)).map(start).collect(),
            answers: answers.map(key).collect(),
        }
    }

    /// Where episodes began at whose beginning none begins any more.
    fn gone(&self) -> Vec<i16> {
        let begins = |start: &i16| self.told.iter().any(|episode| episode.start_slot == *start);
        self.outdated.iter().copied().filter(|start| !begins(start)).collect()
    }
}

/// Puts a new state of a day in the place of the one it was made from; says whether that was still there. The answer comes when it is on
/// the disk.
pub(super) async fn write(database: &Database, state: NewState) -> Result<bool, AppError> {
    if database.connection().get_database_backend() == DbBackend::Postgres {
        return at_once(database.connection(), state).await;
    }
    let state = Arc::new(state);
    let change: Change = Arc::new(move |transaction| {
        let state = Arc::clone(&state);
        Box::pin(async move { in_steps(transaction, &state).await })
    });
    database.write_together(change).await
}

const NEW_DAY: &str = "INSERT INTO diary (diary_id, sealed, mode, copied_from, respondent_id, survey_id, month, day_kind, submitted) \
     VALUES ($1, $2, $3, CASE WHEN $4 THEN $5 END, $6, $7, $8, $9, false) ON CONFLICT (diary_id) DO NOTHING";

const CHANGED_DAY: &str = "UPDATE diary SET sealed = $2, mode = $3, copied_from = CASE WHEN $4 THEN $5 ELSE copied_from END \
     WHERE diary_id = $1 AND sealed = $6";

/// The statement that writes the row of the day, and its values.
fn day_row(state: &NewState) -> (&'static str, Vec<Value>) {
    let mut values: Vec<Value> = vec![
        state.diary_id.clone().into(),
        state.sealed.clone().into(),
        state.mode.into(),
        state.copied_from.is_some().into(),
        state.copied_from.flatten().map(Origin::name).into(),
    ];
    match &state.row {
        DayRow::New { respondent_id, survey_id, month, day_kind } => {
            values.extend([respondent_id.as_str(), survey_id, month, day_kind].map(Value::from));
            (NEW_DAY, values)
        }
        DayRow::Seen(sealed) => {
            values.push(sealed.clone().into());
            (CHANGED_DAY, values)
        }
    }
}

/// The columns of an episode beside its day.
const COLUMNS: &str = "start_slot, end_slot, main, secondary, location, with_whom, device, enjoyment";

/// Everything in one statement, for PostgreSQL: where the row of the day was not written, nothing is. `day` is the statement that writes
/// it and has `n_values`. Rows that are deleted and rows that are written are others, since their order is nobody's.
fn one_statement(day: &str, n_values: usize) -> String {
    let [gone, answers, told] = [1, 2, 3].map(|more| format!("${}::text::json", n_values + more));
    let changed: Vec<String> =
        COLUMNS.split(", ").skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        "WITH day AS ({day} RETURNING diary_id), \
         gone AS (DELETE FROM diary_episode e USING day, json_array_elements_text({gone}) AS g(start_slot) \
           WHERE e.diary_id = day.diary_id AND e.start_slot = g.start_slot::smallint), \
         answers AS (DELETE FROM diary_confirmation c USING day, \
           json_to_recordset({answers}) AS a(issue text, start_slot smallint, end_slot smallint) \
           WHERE c.diary_id = day.diary_id AND c.issue = a.issue AND c.start_slot = a.start_slot AND c.end_slot = a.end_slot), \
         told AS (INSERT INTO diary_episode (diary_id, {COLUMNS}) SELECT diary_id, {COLUMNS} FROM day, \
           json_to_recordset({told}) AS t(start_slot smallint, end_slot smallint, main text, secondary text, location text, \
           with_whom text, device boolean, enjoyment smallint) \
           ON CONFLICT (diary_id, start_slot) DO UPDATE SET {changed}) \
         SELECT count(*) AS n_written FROM day",
        changed = changed.join(", ")
    )
}

static NEW_DAY_AT_ONCE: LazyLock<String> = LazyLock::new(|| one_statement(NEW_DAY, 9));
static CHANGED_DAY_AT_ONCE: LazyLock<String> = LazyLock::new(|| one_statement(CHANGED_DAY, 6));

async fn at_once(connection: &impl ConnectionTrait, state: NewState) -> Result<bool, AppError> {
    let (_, mut values) = day_row(&state);
    let Differences { told, answers, .. } = &state.differences;
    values.extend([json(&state.differences.gone()), json(answers), json(told)].map(Value::from));
    let statement = match state.row {
        DayRow::New { .. } => &NEW_DAY_AT_ONCE,
        DayRow::Seen(_) => &CHANGED_DAY_AT_ONCE,
    };
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), statement.as_str(), values);
    let row = connection.query_one_raw(statement).await?;
    let n_written: i64 = row.map(|row| row.try_get("", "n_written")).transpose()?.unwrap_or_default();
    Ok(n_written == 1)
}

fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).expect("numbers and texts can be written as JSON")
}

/// The same step by step, in a transaction.
async fn in_steps(transaction: &impl ConnectionTrait, state: &NewState) -> Result<bool, AppError> {
    let run = async |sql: &str, values: Vec<Value>| {
        let statement = Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
        transaction.execute_raw(statement).await.map(|result| result.rows_affected())
    };
    let (day, values) = day_row(state);
    if run(day, values).await? != 1 {
        return Ok(false);
    }
    let Differences { told, outdated, answers } = &state.differences;
    let diary_id = || Value::from(state.diary_id.clone());
    for AnswerKey { issue, start_slot, end_slot } in answers {
        let answer =
            "DELETE FROM diary_confirmation WHERE diary_id = ? AND issue = ? AND start_slot = ? AND end_slot = ?";
        run(answer, vec![diary_id(), (*issue).into(), (*start_slot).into(), (*end_slot).into()]).await?;
    }
    if !outdated.is_empty() {
        let episodes =
            "DELETE FROM diary_episode WHERE diary_id = ? AND start_slot IN (SELECT value FROM json_each(?))";
        run(episodes, vec![diary_id(), json(outdated).into()]).await?;
    }
    if !told.is_empty() {
        let values = told.iter().flat_map(|episode| [diary_id()].into_iter().chain(episode.values())).collect();
        let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; told.len()].join(", ");
        run(&format!("INSERT INTO diary_episode (diary_id, {COLUMNS}) VALUES {rows}"), values).await?;
    }
    Ok(true)
}
