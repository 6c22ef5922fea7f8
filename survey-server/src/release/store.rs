//! Releases in the database. Each step is one statement that checks the state and changes it, in a transaction with its
//! record: of two officers who act at the same instant one does.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{
    Desk, State,
    asked::{self, AskedQuestionnaire},
};
use crate::{
    access::{
        guard::Store,
        officer::{self, Analyst, Editor, JustSignedIn, Officer, OfficerRole, OneOf, ReleaseDuty},
    },
    app::Services,
    audit::{Act, Actor, Verb},
    confirmation::second_person,
    database::entity::release,
    error::AppError,
    keys,
    publication::shelf,
};

/// Releases, and the desk they lie on.
pub(crate) struct Releases {
    services: Arc<Services>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) release_id: String,
    pub(super) title: String,
    pub(super) state: State,
    pub(super) made_by: String,
    pub(super) made_at: DateTime<Utc>,
    pub(super) process: Option<String>,
    pub(super) message: Option<String>,
    pub(super) submitted_by: Option<String>,
    pub(super) submitted_at: Option<DateTime<Utc>>,
    pub(super) decided_by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) number: Option<u32>,
    pub(super) embargo: Option<DateTime<Utc>>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    Done,
    /// The words, or their key.
    Failed(String),
    Cancelled,
    Interrupted,
}

/// An editor who has just signed in: nobody else approves.
pub(super) type Approver = JustSignedIn<Officer<Editor>>;

impl Store for Releases {
    fn open(services: &Arc<Services>) -> Releases {
        Releases { services: Arc::clone(services) }
    }
}

/// A change of a release's row.
type Change = (release::Column, sea_orm::sea_query::SimpleExpr);

impl Releases {
    /// The desk, where the installation has one.
    pub(super) fn desk(&self) -> Result<&Arc<Desk>, AppError> {
        self.services.desk.as_ref().ok_or(AppError::NotFound)
    }

    /// The questionnaires of the installation.
    pub(super) fn asked(&self) -> Vec<AskedQuestionnaire> {
        asked::offered(&self.services.database.questionnaires())
    }

    /// The releases that `who` may see, the newest first.
    pub(super) async fn visible(&self, who: &OneOf<ReleaseDuty>) -> Result<Vec<Release>, AppError> {
        let mut query = release::Entity::find();
        if !who.holds(OfficerRole::Editor) {
            query = query.filter(release::Column::MadeBy.eq(&who.participant_id));
        }
        let rows = query
            .order_by_desc(release::Column::MadeAt)
            .order_by_asc(release::Column::ReleaseId)
            .all(self.services.database.connection())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// A release that `who` may see: an editor each, an analyst their own.
    pub(super) async fn seen_by(&self, release_id: &str, who: &OneOf<ReleaseDuty>) -> Result<Release, AppError> {
        let release = self.find(release_id).await?;
        let may = who.holds(OfficerRole::Editor) || release.made_by == who.participant_id;
        if may { Ok(release) } else { Err(AppError::NotFound) }
    }

    /// A release that an analyst made.
    pub(super) async fn own(&self, release_id: &str, who: &Officer<Analyst>) -> Result<Release, AppError> {
        let release = self.find(release_id).await?;
        if release.made_by == who.participant_id { Ok(release) } else { Err(AppError::NotFound) }
    }

    pub(super) async fn find(&self, release_id: &str) -> Result<Release, AppError> {
        let row = release::Entity::find_by_id(release_id).one(self.services.database.connection()).await?;
        read(row.ok_or(AppError::NotFound)?)
    }

    /// Who somebody is, as the grant of their role says.
    pub(super) async fn name(&self, participant_id: &str) -> Result<String, AppError> {
        officer::store::name(self.services.database.connection(), participant_id).await
    }

    /// The number of the next edition.
    pub(super) async fn next_number(&self) -> Result<u32, AppError> {
        let given: Option<Option<i32>> = release::Entity::find()
            .select_only()
            .column_as(release::Column::Number.max(), "number")
            .into_tuple()
            .one(self.services.database.connection())
            .await?;
        let given = given.flatten().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let shelved = shelf::all(&self.desk()?.publication).last().map_or(0, |edition| edition.number);
        Ok(given.max(shelved) + 1)
    }

    /// Makes a release that waits to be computed; `lay` puts its files in its folder first.
    pub(super) async fn make(
        &self,
        title: &str,
        by: &Officer<Analyst>,
        now: DateTime<Utc>,
        lay: impl FnOnce(&str) -> Result<(), AppError>,
    ) -> Result<String, AppError> {
        let release_id = keys::random_id();
        lay(&release_id)?;
        let desk = self.desk()?;
        let row = release::ActiveModel {
            release_id: Set(release_id.clone()),
            survey_id: Set(desk.survey.clone()),
            title: Set(title.to_owned()),
            state: Set(State::Queued.name().to_owned()),
            made_by: Set(by.participant_id.clone()),
            made_at: Set(now.timestamp()),
            changed_at: Set(now.timestamp()),
            process: Set(None),
            message: Set(None),
            submitted_by: Set(None),
            submitted_at: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
            reason: Set(None),
            number: Set(None),
            embargo: Set(None),
        };
        let transaction = self.services.database.begin_write().await?;
        release::Entity::insert(row).exec_without_returning(&transaction).await?;
        self.record(&transaction, by.actor(), Verb::ReleaseDefined, &release_id, now).await?;
        transaction.commit().await?;
        desk.wake();
        Ok(release_id)
    }

    /// Has a release computed again, as it is defined now.
    pub(super) async fn change(
        &self,
        release: &Release,
        title: &str,
        by: &Officer<Analyst>,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let from: Vec<State> = State::ALL.into_iter().filter(|state| state.may_change()).collect();
        let changes = vec![
            set(release::Column::Title, title),
            clear(release::Column::Message),
            clear(release::Column::SubmittedBy),
            clear(release::Column::SubmittedAt),
        ];
        let step = (by.actor(), Verb::ReleaseDefined, release.release_id.clone());
        self.step(&release.release_id, &from, State::Queued, changes, step, now).await?;
        self.desk()?.wake();
        Ok(())
    }

    /// Releases that something works on.
    pub(super) async fn at_work(&self) -> Result<Vec<Release>, AppError> {
        self.in_states(&[State::Running, State::Sealing]).await
    }

    /// The release that waits longest.
    pub(super) async fn next(&self) -> Result<Option<Release>, AppError> {
        Ok(self.in_states(&[State::Queued, State::Approved]).await?.into_iter().next())
    }

    async fn in_states(&self, states: &[State]) -> Result<Vec<Release>, AppError> {
        let rows = release::Entity::find()
            .filter(release::Column::State.is_in(states.iter().map(|state| state.name())))
            .order_by_asc(release::Column::ChangedAt)
            .order_by_asc(release::Column::ReleaseId)
            .all(self.services.database.connection())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// A process works on it.
    pub(super) async fn started(
        &self,
        release: &Release,
        state: State,
        process: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let process =
            process.map_or_else(|| clear(release::Column::Process), |name| set(release::Column::Process, name));
        let detail = format!("{} {}", release.release_id, state.name());
        let step = (Actor::System("releases"), Verb::ReleaseStarted, detail);
        self.step(&release.release_id, &[release.state], state, vec![process], step, now).await
    }

    /// A run ended.
    pub(super) async fn ended(&self, release: &Release, run: Run, now: DateTime<Utc>) -> Result<(), AppError> {
        let (state, message) = match run {
            Run::Done => (State::Ready, None),
            Run::Failed(message) => (State::Failed, Some(message)),
            Run::Cancelled => (State::Cancelled, None),
            Run::Interrupted => (State::Interrupted, None),
        };
        let message = message
            .map_or_else(|| clear(release::Column::Message), |message| set(release::Column::Message, message.as_str()));
        let changes = vec![message, clear(release::Column::Process), clear(release::Column::Reason)];
        let step = (Actor::System("releases"), Verb::ReleaseEnded, format!("{} {}", release.release_id, state.name()));
        self.step(&release.release_id, &[State::Queued, State::Running], state, changes, step, now).await
    }

    /// Takes a release that waits out of the queue, or asks its run to stop.
    pub(super) async fn cancel(
        &self,
        release: &Release,
        by: &Officer<Analyst>,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if matches!(release.state, State::Queued | State::Running) && self.desk()?.cancel(&release.release_id) {
            let transaction = self.services.database.begin_write().await?;
            let detail = format!("{} cancel", release.release_id);
            self.record(&transaction, by.actor(), Verb::ReleaseEnded, &detail, now).await?;
            return Ok(transaction.commit().await?);
        }
        let step = (by.actor(), Verb::ReleaseEnded, format!("{} {}", release.release_id, State::Cancelled.name()));
        self.step(&release.release_id, &[State::Queued], State::Cancelled, Vec::new(), step, now).await
    }

    /// Asks for approval.
    pub(super) async fn submit(
        &self,
        release: &Release,
        by: &Officer<Analyst>,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let changes = vec![
            set(release::Column::SubmittedBy, by.participant_id.as_str()),
            (release::Column::SubmittedAt, Expr::value(now.timestamp())),
            clear(release::Column::DecidedBy),
            clear(release::Column::DecidedAt),
            clear(release::Column::Reason),
            clear(release::Column::Message),
        ];
        let step = (by.actor(), Verb::ReleaseSubmitted, release.release_id.clone());
        self.step(&release.release_id, &[State::Ready, State::Returned], State::Submitted, changes, step, now).await
    }

    /// Approves a release of somebody else: it becomes the edition of this number, public at this hour. `lay` puts the
    /// approved edition in the release's folder, once it is sure that it may be.
    pub(super) async fn approve(
        &self,
        release: &Release,
        by: &Approver,
        number: u32,
        embargo: DateTime<Utc>,
        now: DateTime<Utc>,
        lay: impl FnOnce() -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let stored = i32::try_from(number).map_err(|_| AppError::StoredData("too many editions".to_owned()))?;
        let changes = vec![
            (release::Column::Number, Expr::value(stored)),
            (release::Column::Embargo, Expr::value(embargo.timestamp())),
            clear(release::Column::Message),
        ];
        let detail = format!("{} edition {number} at {}", release.release_id, embargo.to_rfc3339());
        self.decide(release, by, State::Approved, changes, (Verb::ReleaseApproved, &detail), now, lay).await?;
        self.desk()?.wake();
        Ok(())
    }

    /// Returns a release of somebody else with a reason.
    pub(super) async fn send_back(
        &self,
        release: &Release,
        by: &Approver,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let changes = vec![set(release::Column::Reason, reason)];
        let detail = format!("{}: {reason}", release.release_id);
        self.decide(release, by, State::Returned, changes, (Verb::ReleaseReturned, &detail), now, || Ok(())).await
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one statement")]
    async fn decide(
        &self,
        release: &Release,
        by: &Approver,
        to: State,
        mut changes: Vec<Change>,
        (verb, detail): (Verb, &str),
        now: DateTime<Utc>,
        lay: impl FnOnce() -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let by = by.role();
        let (Some(submitted_by), Some(submitted_at)) = (&release.submitted_by, release.submitted_at) else {
            return Err(AppError::ReleaseMoved);
        };
        changes.push(set(release::Column::DecidedBy, by.participant_id.as_str()));
        changes.push((release::Column::DecidedAt, Expr::value(now.timestamp())));
        let transaction = self.services.database.begin_write().await?;
        let others = [release.made_by.as_str(), submitted_by.as_str()];
        second_person(&transaction, by, &others, submitted_at, now).await.map_err(|error| match error {
            AppError::SecondPerson => AppError::SecondEditor,
            other => other,
        })?;
        change(&transaction, &release.release_id, &[State::Submitted], to, changes, now).await?;
        lay()?;
        self.record(&transaction, by.actor(), verb, detail, now).await?;
        Ok(transaction.commit().await?)
    }

    /// The edition is in its place.
    pub(super) async fn sealed(&self, release: &Release, now: DateTime<Utc>) -> Result<(), AppError> {
        let number = release.number.unwrap_or_default();
        let detail = format!("{} edition {number}", release.release_id);
        let step = (Actor::System("releases"), Verb::EditionSealed, detail);
        let changes = vec![clear(release::Column::Process), clear(release::Column::Message)];
        self.step(&release.release_id, &[State::Approved, State::Sealing], State::Sealed, changes, step, now).await
    }

    /// Withdraws an edition before its hour, with a reason: it can be corrected and approved again.
    pub(super) async fn withdraw(
        &self,
        release: &Release,
        by: &Approver,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let by = by.role();
        let changes = vec![
            clear(release::Column::Number),
            clear(release::Column::Embargo),
            set(release::Column::Reason, reason),
            set(release::Column::DecidedBy, by.participant_id.as_str()),
            (release::Column::DecidedAt, Expr::value(now.timestamp())),
        ];
        let step = (by.actor(), Verb::ReleaseWithdrawn, format!("{}: {reason}", release.release_id));
        self.step(&release.release_id, &[State::Sealed], State::Returned, changes, step, now).await
    }

    /// The edition could not be sealed: it waits for approval again.
    pub(super) async fn not_sealed(
        &self,
        release: &Release,
        message: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let changes = vec![
            clear(release::Column::Process),
            clear(release::Column::Number),
            clear(release::Column::Embargo),
            set(release::Column::Message, message),
        ];
        let detail = format!("{} not sealed", release.release_id);
        let step = (Actor::System("releases"), Verb::ReleaseEnded, detail);
        self.step(&release.release_id, &[State::Approved, State::Sealing], State::Submitted, changes, step, now).await
    }

    /// Records that somebody read a file of an edition under embargo.
    pub(super) async fn record_reading(
        &self,
        actor: Actor,
        number: u32,
        path: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let shown: String = path.chars().filter(|character| !character.is_control()).take(120).collect();
        let detail = format!("edition {number} {}", if shown.is_empty() { "index.html" } else { &shown });
        let act = Act { actor, verb: Verb::EmbargoedRead, subject: None, detail };
        self.services.database.audit().write(&act, now).await
    }

    /// One statement that checks the state and changes it, with its record.
    async fn step(
        &self,
        release_id: &str,
        from: &[State],
        to: State,
        changes: Vec<Change>,
        (actor, verb, detail): (Actor, Verb, String),
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.services.database.begin_write().await?;
        change(&transaction, release_id, from, to, changes, now).await?;
        self.record(&transaction, actor, verb, &detail, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn record(
        &self,
        transaction: &DatabaseTransaction,
        actor: Actor,
        verb: Verb,
        detail: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let act = Act { actor, verb, subject: None, detail: detail.to_owned() };
        self.services.database.audit().record(transaction, &act, now).await
    }
}

async fn change(
    transaction: &DatabaseTransaction,
    release_id: &str,
    from: &[State],
    to: State,
    changes: Vec<Change>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let mut update = release::Entity::update_many()
        .col_expr(release::Column::State, Expr::value(to.name()))
        .col_expr(release::Column::ChangedAt, Expr::value(now.timestamp()));
    for (column, value) in changes {
        update = update.col_expr(column, value);
    }
    let changed = update
        .filter(release::Column::ReleaseId.eq(release_id))
        .filter(release::Column::State.is_in(from.iter().map(|state| state.name())))
        .exec(transaction)
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(AppError::ReleaseMoved) }
}

fn set(column: release::Column, value: &str) -> Change {
    (column, Expr::value(value))
}

fn clear(column: release::Column) -> Change {
    match column {
        release::Column::Number => (column, Expr::value(None::<i32>)),
        release::Column::SubmittedAt | release::Column::DecidedAt | release::Column::Embargo => {
            (column, Expr::value(None::<i64>))
        }
        _ => (column, Expr::value(None::<String>)),
    }
}

fn read(row: release::Model) -> Result<Release, AppError> {
    let broken = || AppError::StoredData("a release that does not read back".to_owned());
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).ok_or_else(broken);
    Ok(Release {
        state: State::stored(&row.state).ok_or_else(broken)?,
        made_at: at(row.made_at)?,
        submitted_at: row.submitted_at.map(at).transpose()?,
        embargo: row.embargo.map(at).transpose()?,
        number: row.number.map(u32::try_from).transpose().map_err(|_| broken())?,
        release_id: row.release_id,
        title: row.title,
        made_by: row.made_by,
        process: row.process,
        message: row.message,
        submitted_by: row.submitted_by,
        decided_by: row.decided_by,
        reason: row.reason,
    })
}
