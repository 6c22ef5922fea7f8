//! Diaries in the database. Every change is one transaction, on the disk before the reply.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{
    DiaryDraft,
    diary::DraftEpisode,
    quality::{Issue, IssueCode},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, OnConflict},
};

use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    database::{
        Database,
        entity::{diary, diary_confirmation, diary_episode},
        rows,
    },
    error::AppError,
    keys,
    privacy::{self, Participant},
};

/// The days that people tell.
pub struct Diaries {
    database: Database,
}

/// A day as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDiary {
    /// The day so far.
    pub draft: DiaryDraft,
    /// Grows by one with every change; 0 before the first one.
    pub version: i32,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Questions answered "yes, it was so".
    pub confirmed: BTreeSet<Issue>,
}

impl StoredDiary {
    /// A day about which nothing was said yet.
    pub fn blank(date: NaiveDate) -> StoredDiary {
        StoredDiary { draft: DiaryDraft::new(date), version: 0, submitted_at: None, confirmed: BTreeSet::new() }
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is kept.
    Yes,
    /// Another window changed the day meanwhile; nothing was written.
    ChangedElsewhere,
    /// The day was handed in meanwhile; nothing was written.
    AlreadySubmitted,
}

impl Store for Diaries {
    fn open(services: &Arc<Services>) -> Diaries {
        Diaries::over(&services.database)
    }
}

impl Diaries {
    /// The days in a database.
    pub(crate) fn over(database: &Database) -> Diaries {
        Diaries { database: database.clone() }
    }

    /// The participant that a citizen is, if they agreed to take part.
    pub async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(&self.database, citizen).await
    }

    /// Every day that the participant has begun, in the order of the calendar.
    pub async fn all(&self, participant: &Participant) -> Result<Vec<StoredDiary>, AppError> {
        let begun = diary::Entity::find()
            .filter(diary::Column::ParticipantId.eq(participant.id()))
            .order_by_asc(diary::Column::Date)
            .all(self.database.connection())
            .await?;
        let mut diaries = Vec::with_capacity(begun.len());
        for row in begun {
            diaries.push(self.read(row).await?);
        }
        Ok(diaries)
    }

    /// The day of `date`, if the participant has begun it.
    pub async fn diary(&self, participant: &Participant, date: NaiveDate) -> Result<Option<StoredDiary>, AppError> {
        match find(participant, date).one(self.database.connection()).await? {
            Some(row) => Ok(Some(self.read(row).await?)),
            None => Ok(None),
        }
    }

    /// Puts `draft` in the place of the day's earlier state, provided that it still has `version`.
    pub async fn save(
        &self,
        participant: &Participant,
        draft: &DiaryDraft,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        let transaction = self.database.begin_write().await?;
        let changed = if version == 0 {
            let row = rows::diary_row(keys::random_id(), participant.id(), draft.date, now, None);
            let day = [diary::Column::ParticipantId, diary::Column::Date];
            diary::Entity::insert(row)
                .on_conflict(OnConflict::columns(day).do_nothing().to_owned())
                .exec_without_returning(&transaction)
                .await?
        } else {
            diary::Entity::update_many()
                .col_expr(diary::Column::Version, Expr::value(version + 1))
                .col_expr(diary::Column::UpdatedAt, Expr::value(now.timestamp()))
                .filter(diary::Column::ParticipantId.eq(participant.id()))
                .filter(diary::Column::Date.eq(draft.date))
                .filter(diary::Column::Version.eq(version))
                .filter(diary::Column::SubmittedAt.is_null())
                .exec(&transaction)
                .await?
                .rows_affected
        };
        match find(participant, draft.date).one(&transaction).await? {
            Some(row) if changed == 1 => replace_episodes(&transaction, &row.diary_id, draft).await?,
            row => return Ok(refusal(row)),
        }
        transaction.commit().await?;
        Ok(Saved::Yes)
    }

    /// Records that an issue was so. Recording it twice is recording it once.
    pub async fn confirm(&self, participant: &Participant, date: NaiveDate, issue: Issue) -> Result<(), AppError> {
        use diary_confirmation::Column;
        let connection = self.database.connection();
        let row = find(participant, date).one(connection).await?.ok_or(AppError::NotFound)?;
        let confirmation = diary_confirmation::ActiveModel {
            diary_id: Set(row.diary_id),
            issue: Set(issue.code.code().to_owned()),
            start_slot: Set(issue.span.start().index() as i16),
            end_slot: Set(issue.span.end().index() as i16),
        };
        let same = [Column::DiaryId, Column::Issue, Column::StartSlot, Column::EndSlot];
        diary_confirmation::Entity::insert(confirmation)
            .on_conflict(OnConflict::columns(same).do_nothing().to_owned())
            .exec_without_returning(connection)
            .await?;
        Ok(())
    }

    /// Hands the day in, provided that it still has `version`. A day that was handed in keeps its date.
    pub async fn submit(
        &self,
        participant: &Participant,
        date: NaiveDate,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        let connection = self.database.connection();
        let submitted = diary::Entity::update_many()
            .col_expr(diary::Column::SubmittedAt, Expr::value(now.timestamp()))
            .filter(diary::Column::ParticipantId.eq(participant.id()))
            .filter(diary::Column::Date.eq(date))
            .filter(diary::Column::Version.eq(version))
            .filter(diary::Column::SubmittedAt.is_null())
            .exec(connection)
            .await?;
        match submitted.rows_affected {
            1 => Ok(Saved::Yes),
            _ => Ok(refusal(find(participant, date).one(connection).await?)),
        }
    }

    async fn read(&self, row: diary::Model) -> Result<StoredDiary, AppError> {
        let connection = self.database.connection();
        let episodes = diary_episode::Entity::find()
            .filter(diary_episode::Column::DiaryId.eq(&row.diary_id))
            .order_by_asc(diary_episode::Column::StartSlot)
            .all(connection)
            .await?;
        let confirmations = diary_confirmation::Entity::find()
            .filter(diary_confirmation::Column::DiaryId.eq(&row.diary_id))
            .all(connection)
            .await?;
        let episodes: Vec<DraftEpisode> = episodes.iter().map(rows::episode_of).collect::<Result<_, _>>()?;
        let confirmed = confirmations.iter().filter_map(|row| {
            Some(Issue { code: IssueCode::from_code(&row.issue)?, span: rows::span_of(row.start_slot, row.end_slot)? })
        });
        Ok(StoredDiary {
            draft: DiaryDraft::from_episodes(row.date, episodes),
            version: row.version,
            submitted_at: row.submitted_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            confirmed: confirmed.collect(),
        })
    }
}

fn find(participant: &Participant, date: NaiveDate) -> Select<diary::Entity> {
    diary::Entity::find().filter(diary::Column::ParticipantId.eq(participant.id())).filter(diary::Column::Date.eq(date))
}

/// Why a change found no day to change.
fn refusal(row: Option<diary::Model>) -> Saved {
    match row {
        Some(row) if row.submitted_at.is_some() => Saved::AlreadySubmitted,
        _ => Saved::ChangedElsewhere,
    }
}

async fn replace_episodes(
    connection: &impl ConnectionTrait,
    diary_id: &str,
    draft: &DiaryDraft,
) -> Result<(), AppError> {
    diary_episode::Entity::delete_many().filter(diary_episode::Column::DiaryId.eq(diary_id)).exec(connection).await?;
    let rows = rows::episode_rows(diary_id, draft);
    if !rows.is_empty() {
        diary_episode::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    Ok(())
}
