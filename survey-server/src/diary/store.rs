//! Diaries in the database. Every change is one transaction, on the disk before the reply.

mod reading;
mod writing;

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{
    DiaryDraft,
    quality::{self, Issue},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect, Select, sea_query::OnConflict};

use writing::{DayRow, Differences, NewState};

use super::{DayType, Origin, copy::usual};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    audit::{Act, Verb},
    database::{
        Database,
        entity::{diary, diary_confirmation},
        rows::{self, KeptDay},
    },
    error::AppError,
    household,
    paradata::{self, Trace},
    privacy::{
        self, Participant,
        store::{OfParticipants, agreed},
    },
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
    /// What it was started from, where it was copied.
    pub(crate) copied_from: Option<Origin>,
    /// The row that it was read from.
    kept: Option<Box<diary::Model>>,
}

impl StoredDiary {
    /// A day about which nothing was said yet.
    pub fn blank(date: NaiveDate) -> StoredDiary {
        StoredDiary {
            draft: DiaryDraft::new(date),
            version: 0,
            submitted_at: None,
            confirmed: BTreeSet::new(),
            copied_from: None,
            kept: None,
        }
    }

    /// The day as it is once `draft` was saved in its place; to be shown, not to be saved over.
    pub(super) fn after(mut self, draft: DiaryDraft) -> StoredDiary {
        self.confirmed.retain(|issue| quality::still_answered(issue, &self.draft, &draft));
        StoredDiary { draft, version: self.version + 1, kept: None, ..self }
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

impl OfParticipants for Diaries {
    async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        privacy::store::participant(&self.database, citizen).await
    }
}

impl Diaries {
    /// The days in a database.
    pub(crate) fn over(database: &Database) -> Diaries {
        Diaries { database: database.clone() }
    }

    /// The participant that a citizen is, and their day of `date` if they have begun it. Who has not agreed to take part is led to where one
    /// does.
    pub(crate) async fn participant_and_day(
        &self,
        citizen: &Citizen,
        date: NaiveDate,
    ) -> Result<(Participant, Option<StoredDiary>), AppError> {
        agreed(reading::participant_and_day(&self.database, citizen, date).await?)
    }

    /// Every day that the participant has begun, in the order of the calendar.
    pub async fn all(&self, participant: &Participant) -> Result<Vec<StoredDiary>, AppError> {
        let mut diaries = reading::days(self.database.connection(), participant).await?;
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

    /// The day that the participant's usual working week makes of a date, where they told it and handed it in.
    pub(super) async fn usual_day(
        &self,
        participant: &Participant,
        date: NaiveDate,
    ) -> Result<Option<DiaryDraft>, AppError> {
        let mut askings = self.database.questionnaires().askings().into_iter();
        let Some(asking) = askings.find(|asking| asking.instrument.name == usual::QUESTIONNAIRE) else {
            return Ok(None);
        };
        let response = Responses::over(&self.database).response(participant, &asking).await?;
        Ok(response.submitted_at.and_then(|_| usual::day(&response.answers, date)))
    }

    /// The days that others of the participant's household have begun to tell: none for an operator who writes for the
    /// participant without them being there, whom the others do not know.
    pub(crate) async fn days_of_others(&self, participant: &Participant) -> Result<Vec<NaiveDate>, AppError> {
        if participant.mode().is_blind() {
            return Ok(Vec::new());
        }
        let household = household::store::household(&self.database, participant).await?;
        Ok(household.map(|household| household.days_of_others).unwrap_or_default())
    }

    /// The day of `date`, if the participant has begun it.
    pub async fn diary(&self, participant: &Participant, date: NaiveDate) -> Result<Option<StoredDiary>, AppError> {
        reading::day(self.database.connection(), participant, &diary_id(participant, date)).await
    }

    /// Puts `draft` in the place of `before`, provided that this still is the day's state and has the version that the change was
    /// made from. Only what differs is written.
    ///
    /// # Errors
    /// When the survey is not open.
    pub async fn save(
        &self,
        participant: &Participant,
        before: &StoredDiary,
        draft: &DiaryDraft,
        version: i32,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        // A day that was emptied begins anew, and is a copy no more.
        let origin = (*draft == DiaryDraft::new(draft.date)).then_some(None);
        self.put(participant, before, draft, version, origin, now).await
    }

    /// The same for a day that is still empty and starts from `draft`, which says what another source says.
    ///
    /// # Errors
    /// When the survey is not open.
    pub(super) async fn start_from(
        &self,
        participant: &Participant,
        blank: &StoredDiary,
        (origin, draft): (Origin, &DiaryDraft),
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        self.put(participant, blank, draft, blank.version, Some(Some(origin)), now).await
    }

    async fn put(
        &self,
        participant: &Participant,
        before: &StoredDiary,
        draft: &DiaryDraft,
        version: i32,
        copied_from: Option<Option<Origin>>,
        now: DateTime<Utc>,
    ) -> Result<Saved, AppError> {
        participant.may_answer(now)?;
        if before.submitted_at.is_some() {
            return Ok(Saved::AlreadySubmitted);
        }
        if before.version != version {
            return Ok(Saved::ChangedElsewhere);
        }
        let (link, diary_id) = (participant.link(), diary_id(participant, draft.date));
        let kept = KeptDay {
            date: draft.date,
            version: version + 1,
            updated_at: now,
            submitted_at: None,
            mode: match &before.kept {
                Some(seen) => rows::open_day(link, seen)?.mode.after(participant.mode()),
                None => participant.mode(),
            },
        };
        let is_outdated = |issue: &&Issue| !quality::still_answered(issue, &before.draft, draft);
        let outdated = before.confirmed.iter().filter(is_outdated);
        let state = NewState {
            row: match &before.kept {
                Some(seen) => DayRow::Seen(seen.sealed.clone()),
                None => DayRow::new(participant, draft.date),
            },
            sealed: rows::seal_day(link, &diary_id, kept),
            mode: kept.mode.name(),
            copied_from,
            differences: Differences::between(&before.draft, draft, outdated),
            diary_id,
        };
        if writing::write(&self.database, state).await? {
            return Ok(Saved::Yes);
        }
        refusal(participant, find(participant, draft.date).one(self.database.connection()).await?)
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

    /// Whether the citizen agrees that it be kept how days are filled in.
    pub(crate) async fn is_traced(&self, citizen: &Citizen, participant: &Participant) -> Result<bool, AppError> {
        paradata::store::agrees(self.database.connection(), citizen, &participant.survey().id).await
    }

    /// Adds to what is kept about how a day was filled in, if its person agreed to that.
    pub(crate) async fn trace(
        &self,
        citizen: &Citizen,
        participant: &Participant,
        date: NaiveDate,
        traces: &[Trace],
    ) -> Result<(), AppError> {
        paradata::store::add(&self.database, citizen, participant, date, traces).await
    }
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
