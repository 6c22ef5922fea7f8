//! Sessions in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{Device, Means, SignedIn};
use crate::{
    access::{
        guard::{Citizen, Store},
        officer::{self, OfficerAccess},
    },
    app::{Services, SessionLifetime},
    database::{
        Database,
        entity::{session, ticket},
    },
    error::AppError,
    keys,
};

/// Who is signed in.
pub(crate) struct Sessions {
    database: Database,
    lifetime: SessionLifetime,
    officers: OfficerAccess,
}

/// A session's last use is written down at most this often, in seconds, so that reading pages does not write.
const TOUCH_INTERVAL: i64 = 60;

/// A sign-in that has succeeded.
pub(crate) struct SignIn<'a> {
    /// The digest of the new session's token.
    pub(crate) token_digest: &'a str,
    pub(crate) participant_id: &'a str,
    pub(crate) means: &'a Means,
    pub(crate) device: Device,
    /// The session that the same browser was in before, which ends.
    pub(crate) replaces: Option<&'a str>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnSession {
    pub(crate) session_id: String,
    pub(crate) began_at: DateTime<Utc>,
    pub(crate) last_used_at: DateTime<Utc>,
    pub(crate) means: Means,
    pub(crate) browser: String,
    pub(crate) device: String,
}

impl Sessions {
    /// Begins a session. The one that the browser was in ends, and so do the person's longest unused ones beyond the
    /// number that one person may have.
    pub(crate) async fn begin(&self, sign_in: &SignIn<'_>, now: DateTime<Utc>) -> Result<(), AppError> {
        let (provider, level) = sign_in.means.details();
        let row = session::ActiveModel {
            token_digest: Set(sign_in.token_digest.to_owned()),
            session_id: Set(keys::random_id()),
            participant_id: Set(sign_in.participant_id.to_owned()),
            created_at: Set(now.timestamp()),
            last_used_at: Set(now.timestamp()),
            means: Set(sign_in.means.name().to_owned()),
            provider: Set(provider),
            level: Set(level),
            browser: Set(sign_in.device.browser.to_owned()),
            device: Set(sign_in.device.kind.to_owned()),
        };
        let transaction = self.database.begin_write().await?;
        if let Some(replaced) = sign_in.replaces {
            session::Entity::delete_by_id(replaced).exec(&transaction).await?;
        }
        let others = session::Entity::find()
            .filter(session::Column::ParticipantId.eq(sign_in.participant_id))
            .order_by_desc(session::Column::LastUsedAt)
            .order_by_desc(session::Column::CreatedAt)
            .all(&transaction)
            .await?;
        for surplus in others.iter().skip(self.lifetime.at_once.saturating_sub(1)) {
            session::Entity::delete_by_id(&surplus.token_digest).exec(&transaction).await?;
        }
        session::Entity::insert(row).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The living session under a token, with the roles that its person holds now. Its last use is now. A session that is
    /// idle or old beyond its bounds ends; those of officers are shorter.
    pub(crate) async fn continue_session(
        &self,
        token_digest: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<SignedIn>, AppError> {
        let connection = self.database.connection();
        let Some(row) = session::Entity::find_by_id(token_digest).one(connection).await? else { return Ok(None) };
        let roles = officer::store::in_force(connection, &row.participant_id, now).await?;
        let seconds = now.timestamp();
        let (idle, absolute) = self.bounds(!roles.is_empty());
        if seconds - row.last_used_at >= idle || seconds - row.created_at >= absolute {
            self.end(token_digest).await?;
            return Ok(None);
        }
        if seconds - row.last_used_at >= TOUCH_INTERVAL {
            session::Entity::update_many()
                .col_expr(session::Column::LastUsedAt, Expr::value(seconds))
                .filter(session::Column::TokenDigest.eq(token_digest))
                .exec(connection)
                .await?;
        }
        let own = own_session(row.clone())?;
        Ok(Some(SignedIn {
            token_digest: row.token_digest,
            session_id: row.session_id,
            participant_id: row.participant_id,
            began_at: own.began_at,
            means: own.means,
            roles,
        }))
    }

    /// How long a session lives unused and at most, in seconds.
    fn bounds(&self, is_officer: bool) -> (i64, i64) {
        let SessionLifetime { idle, absolute, .. } = self.lifetime;
        let (idle, absolute) = match is_officer {
            true => (idle.min(self.officers.idle), absolute.min(self.officers.absolute)),
            false => (idle, absolute),
        };
        (idle.num_seconds(), absolute.num_seconds())
    }

    /// The citizen's living sessions, the last used first.
    pub(crate) async fn of(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<Vec<OwnSession>, AppError> {
        let connection = self.database.connection();
        let roles = officer::store::in_force(connection, &citizen.participant_id, now).await?;
        let (idle, absolute) = self.bounds(!roles.is_empty());
        let rows = session::Entity::find()
            .filter(session::Column::ParticipantId.eq(&citizen.participant_id))
            .filter(session::Column::LastUsedAt.gt(now.timestamp() - idle))
            .filter(session::Column::CreatedAt.gt(now.timestamp() - absolute))
            .order_by_desc(session::Column::LastUsedAt)
            .order_by_desc(session::Column::CreatedAt)
            .order_by_asc(session::Column::SessionId)
            .all(connection)
            .await?;
        rows.into_iter().map(own_session).collect()
    }

    /// Ends a session.
    pub(crate) async fn end(&self, token_digest: &str) -> Result<(), AppError> {
        session::Entity::delete_by_id(token_digest).exec(self.database.connection()).await?;
        Ok(())
    }

    /// Ends the citizen's session of this id; that of somebody else is as unknown as one that never was.
    pub(crate) async fn end_own(&self, citizen: &Citizen, session_id: &str) -> Result<(), AppError> {
        let ended = session::Entity::delete_many()
            .filter(session::Column::SessionId.eq(session_id))
            .filter(session::Column::ParticipantId.eq(&citizen.participant_id))
            .exec(self.database.connection())
            .await?;
        if ended.rows_affected == 1 { Ok(()) } else { Err(AppError::NotFound) }
    }

    /// Ends the citizen's sessions but for `kept`; says how many.
    pub(crate) async fn end_others(&self, citizen: &Citizen, kept: &str) -> Result<u64, AppError> {
        let ended = session::Entity::delete_many()
            .filter(session::Column::ParticipantId.eq(&citizen.participant_id))
            .filter(session::Column::TokenDigest.ne(kept))
            .exec(self.database.connection())
            .await?;
        Ok(ended.rows_affected)
    }

    /// Deletes sessions that nobody can continue any more, and tickets that nobody can redeem; says how many sessions.
    pub(crate) async fn sweep(&self, now: DateTime<Utc>) -> Result<u64, AppError> {
        let connection = self.database.connection();
        let seconds = now.timestamp();
        let dead = Condition::any()
            .add(session::Column::LastUsedAt.lte(seconds - self.lifetime.idle.num_seconds()))
            .add(session::Column::CreatedAt.lte(seconds - self.lifetime.absolute.num_seconds()));
        let swept = session::Entity::delete_many().filter(dead).exec(connection).await?;
        ticket::Entity::delete_many().filter(ticket::Column::ExpiresAt.lt(seconds)).exec(connection).await?;
        Ok(swept.rows_affected)
    }
}

/// Ends every session of a person: what they may do has changed.
pub(crate) async fn end_all(connection: &impl ConnectionTrait, participant_id: &str) -> Result<(), AppError> {
    session::Entity::delete_many().filter(session::Column::ParticipantId.eq(participant_id)).exec(connection).await?;
    Ok(())
}

fn own_session(row: session::Model) -> Result<OwnSession, AppError> {
    let broken = || AppError::StoredData("a session that does not read back".to_owned());
    let instant = |seconds| DateTime::from_timestamp(seconds, 0).ok_or_else(broken);
    Ok(OwnSession {
        session_id: row.session_id,
        began_at: instant(row.created_at)?,
        last_used_at: instant(row.last_used_at)?,
        means: Means::stored(&row.means, row.provider, row.level).ok_or_else(broken)?,
        browser: row.browser,
        device: row.device,
    })
}

impl Store for Sessions {
    fn open(services: &Arc<Services>) -> Sessions {
        Sessions::over(services)
    }
}

impl Sessions {
    /// The sessions of an installation, for the middleware that recognises visitors.
    pub(crate) fn over(services: &Services) -> Sessions {
        Sessions {
            database: services.database.clone(),
            lifetime: services.settings.session_lifetime,
            officers: services.settings.officers,
        }
    }
}
