//! Diaries in the database. Every change is one transaction, on the disk before the reply.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{
    DiaryDraft,
    diary::DraftEpisode,
    quality::{self, Issue, IssueCode},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::OnConflict,
};

use super::DayType;
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{diary, diary_confirmation, diary_episode},
        rows::{self, KeptDay},
    },
    error::AppError,
    household,
    paradata::{self, Trace},
    privacy::{self, Participant},
    questionnaire::{Asking, store::Responses},
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
    /// When it was handed in, to the hour.
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
            .filter(diary::Column::RespondentId.eq(participant.respondent_id()))
            .all(self.database.connection())
            .await?;
        let mut diaries = Vec::with_capacity(begun.len());
        for row in begun {
            diaries.push(read(self.database.connection(), participant, row).await?);
        }
        diaries.sort_by_key(|diary| diary.draft.date);
        Ok(diaries)
    }

    /// The questionnaires about a day like that of `date` that the participant has not handed in.
    pub(crate) async fn open_questions_about(
        &self,
        participant: &Participant,
        date: NaiveDate,
    ) -> Result<Vec<Asking>, AppError> {
        let responses = Responses::over(&self.database);
        let mut open = Vec::new();
        let askings = self.database.questionnaires().askings();
        for asking in askings.into_iter().filter(|asking| asking.day_type() == Some(DayType::of(date))) {
            if responses.response(participant, &asking).await?.submitted_at.is_none() {
                open.push(asking);
            }
        }
        Ok(open)
    }

    /// The days that others of the participant's household have begun to tell.
    pub(crate) async fn days_of_others(&self, participant: &Participant) -> Result<Vec<NaiveDate>, AppError> {
        let household = household::store::household(&self.database, participant).await?;
        Ok(household.map(|household| household.days_of_others).unwrap_or_default())
    }

    /// The day of `date`, if the participant has begun it.
    pub async fn diary(&self, participant: &Participant, date: NaiveDate) -> Result<Option<StoredDiary>, AppError> {
        match find(participant, date).one(self.database.connection()).await? {
            Some(row) => Ok(Some(read(self.database.connection(), participant, row).await?)),
            None => Ok(None),
        }
    }

    /// Puts `draft` in the place of the day's earlier state, provided that it still has `version`.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn save(
        &self,
        participant: &Participant,
        draft: &DiaryDraft,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        let kept = KeptDay {
            date: draft.date,
            version: version + 1,
            updated_at: now,
            submitted_at: None,
            mode: participant.mode(),
        };
        let row =
            |kept| rows::diary_row(participant.link(), &participant.survey().id, participant.respondent_id(), kept);
        if version == 0 {
            let same_day = OnConflict::column(diary::Column::DiaryId).do_nothing().to_owned();
            let inserted =
                diary::Entity::insert(row(kept)).on_conflict(same_day).exec_without_returning(&transaction).await?;
            if inserted != 1 {
                return refusal(participant, find(participant, draft.date).one(&transaction).await?);
            }
        } else {
            match with_version(&transaction, participant, draft.date, version).await? {
                Ok(before) => {
                    drop_outdated_answers(&transaction, participant, draft).await?;
                    let kept = KeptDay { mode: before.mode.after(kept.mode), ..kept };
                    diary::Entity::update(row(kept)).exec(&transaction).await?;
                }
                Err(refused) => return Ok(refused),
            };
        }
        replace_episodes(&transaction, &diary_id(participant, draft.date), draft).await?;
        transaction.commit().await?;
        Ok(Saved::Yes)
    }

    /// Records that an issue was so. Recording it twice is recording it once.
    ///
    /// # Errors
    /// When the survey is not open, or there is no such day.
    pub async fn confirm(
        &self,
        participant: &Participant,
        date: NaiveDate,
        issue: Issue,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        use diary_confirmation::Column;
        participant.may_answer(now)?;
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
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn submit(
        &self,
        participant: &Participant,
        date: NaiveDate,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        match with_version(&transaction, participant, date, version).await? {
            Ok(kept) => rewrite(&transaction, participant, KeptDay { submitted_at: Some(now), ..kept }).await?,
            Err(refused) => return Ok(refused),
        }
        transaction.commit().await?;
        Ok(Saved::Yes)
    }

    /// Gives a day that was handed in back to its person, to be corrected. Says whether there was one.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn reopen(
        &self,
        citizen: &Citizen,
        participant: &Participant,
        date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        participant.may_answer(now)?;
        let transaction = self.database.begin_write().await?;
        let Some(row) = find(participant, date).lock_exclusive().one(&transaction).await? else { return Ok(false) };
        let kept = rows::open_day(participant.link(), &row)?;
        if kept.submitted_at.is_none() {
            return Ok(false);
        }
        let open = KeptDay { version: kept.version + 1, updated_at: now, submitted_at: None, ..kept };
        rewrite(&transaction, participant, open).await?;
        let act = Act::of_citizen(&citizen.participant_id, Verb::DataCorrected, "a day was reopened");
        self.database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Adds to what is kept about how a day was filled in, if its person agreed to that.
    pub(crate) async fn trace(
        &self,
        citizen: &Citizen,
        participant: &Participant,
        date: NaiveDate,
        trace: &Trace,
    ) -> Result<(), AppError> {
        paradata::store::add(&self.database, citizen, participant, date, trace).await
    }
}

async fn read(
    connection: &impl ConnectionTrait,
    participant: &Participant,
    row: diary::Model,
) -> Result<StoredDiary, AppError> {
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
    let kept = rows::open_day(participant.link(), &row)?;
    Ok(StoredDiary {
        draft: DiaryDraft::from_episodes(kept.date, episodes),
        version: kept.version,
        submitted_at: kept.submitted_at,
        confirmed: confirmed.collect(),
    })
}

/// Deletes the answers "yes, it was so" that do not hold for the day as it is about to be: what they were about has changed.
async fn drop_outdated_answers(
    transaction: &DatabaseTransaction,
    participant: &Participant,
    after: &DiaryDraft,
) -> Result<(), AppError> {
    let Some(row) = find(participant, after.date).one(transaction).await? else { return Ok(()) };
    let diary_id = row.diary_id.clone();
    let before = read(transaction, participant, row).await?;
    for issue in before.confirmed.iter().filter(|issue| !quality::still_answered(issue, &before.draft, after)) {
        let key = (
            diary_id.clone(),
            issue.code.code().to_owned(),
            issue.span.start().index() as i16,
            issue.span.end().index() as i16,
        );
        diary_confirmation::Entity::delete_by_id(key).exec(transaction).await?;
    }
    Ok(())
}

fn diary_id(participant: &Participant, date: NaiveDate) -> String {
    participant.link().diary_id(participant.respondent_id(), date)
}

fn find(participant: &Participant, date: NaiveDate) -> Select<diary::Entity> {
    diary::Entity::find_by_id(diary_id(participant, date))
}

/// What the day keeps, if it may be changed by somebody who saw `version` of it; it is locked until the transaction ends.
async fn with_version(
    transaction: &DatabaseTransaction,
    participant: &Participant,
    date: NaiveDate,
    version: i32,
) -> Result<Result<KeptDay, Saved>, AppError> {
    let row = find(participant, date).lock_exclusive().one(transaction).await?;
    let Some(row) = row else { return Ok(Err(Saved::ChangedElsewhere)) };
    let kept = rows::open_day(participant.link(), &row)?;
    if kept.submitted_at.is_none() && kept.version == version { Ok(Ok(kept)) } else { Ok(Err(refused(kept))) }
}

async fn rewrite(transaction: &DatabaseTransaction, participant: &Participant, kept: KeptDay) -> Result<(), AppError> {
    let row = rows::diary_row(participant.link(), &participant.survey().id, participant.respondent_id(), kept);
    diary::Entity::update(row).exec(transaction).await?;
    Ok(())
}

/// Why a change found no day to change.
fn refusal(participant: &Participant, row: Option<diary::Model>) -> Result<Saved, AppError> {
    let kept = row.map(|row| rows::open_day(participant.link(), &row)).transpose()?;
    Ok(kept.map_or(Saved::ChangedElsewhere, refused))
}

fn refused(kept: KeptDay) -> Saved {
    if kept.submitted_at.is_some() { Saved::AlreadySubmitted } else { Saved::ChangedElsewhere }
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
