//! Sessions in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{Device, Means, SignedIn};
use crate::{
    access::{
        assistance,
        guard::{Citizen, Store},
        officer::{self, OfficerAccess},
    },
    app::{Services, SessionLifetime},
    audit::{Act, Actor, Verb},
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
            assistance_id: Set(None),
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
        let surplus: Vec<&str> = others
            .iter()
            .skip(self.lifetime.at_once.saturating_sub(1))
            .map(|session| session.token_digest.as_str())
            .collect();
        session::Entity::delete_many()
            .filter(session::Column::TokenDigest.is_in(surplus.iter().copied()))
            .exec(&transaction)
            .await?;
        session::Entity::insert(row).exec_without_returning(&transaction).await?;
        assistance::store::end_blind_ones(&transaction, sign_in.participant_id).await?;
        let mut detail = sign_in.means.name().to_owned();
        if !surplus.is_empty() {
            detail += &format!(", {} older sessions ended", surplus.len());
        }
        let act = Act::of_citizen(sign_in.participant_id, Verb::SignedIn, detail);
        self.database.audit().record(&transaction, &act, now).await?;
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
        let Some((row, roles)) = officer::store::in_session(connection, token_digest, now).await? else {
            return Ok(None);
        };
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
        let assistance = assistance::store::in_force(connection, self.database.keys()?, &row, &roles, now).await?;
        let own = own_session(row.clone())?;
        Ok(Some(SignedIn {
            token_digest: row.token_digest,
            session_id: row.session_id,
            participant_id: row.participant_id,
            began_at: own.began_at,
            means: own.means,
            roles,
            assistance,
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

    /// Ends a session that is over by itself.
    async fn end(&self, token_digest: &str) -> Result<(), AppError> {
        session::Entity::delete_by_id(token_digest).exec(self.database.connection()).await?;
        Ok(())
    }

    /// Ends the session that the citizen asks with.
    pub(crate) async fn sign_out(
        &self,
        citizen: &Citizen,
        token_digest: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        session::Entity::delete_by_id(token_digest).exec(&transaction).await?;
        let act = Act::of_citizen(&citizen.participant_id, Verb::SignedOut, "");
        self.database.audit().record(&transaction, &act, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends the citizen's session of this id; that of somebody else is as unknown as one that never was.
    pub(crate) async fn end_own(
        &self,
        citizen: &Citizen,
        session_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        let ended = session::Entity::delete_many()
            .filter(session::Column::SessionId.eq(session_id))
            .filter(session::Column::ParticipantId.eq(&citizen.participant_id))
            .exec(&transaction)
            .await?;
        if ended.rows_affected != 1 {
            return Err(AppError::NotFound);
        }
        let act = Act::of_citizen(&citizen.participant_id, Verb::SessionEnded, "one");
        self.database.audit().record(&transaction, &act, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends the citizen's sessions but for `kept`.
    pub(crate) async fn end_others(&self, citizen: &Citizen, kept: &str, now: DateTime<Utc>) -> Result<(), AppError> {
        let transaction = self.database.begin_write().await?;
        let ended = session::Entity::delete_many()
            .filter(session::Column::ParticipantId.eq(&citizen.participant_id))
            .filter(session::Column::TokenDigest.ne(kept))
            .exec(&transaction)
            .await?;
        if ended.rows_affected > 0 {
            let detail = format!("all others: {}", ended.rows_affected);
            let act = Act::of_citizen(&citizen.participant_id, Verb::SessionEnded, detail);
            self.database.audit().record(&transaction, &act, now).await?;
        }
        Ok(transaction.commit().await?)
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
        assistance::store::sweep(connection, now).await?;
        Ok(swept.rows_affected)
    }
}

/// Ends every session of a person or, without one, of everybody; gives how many there were.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_by_operator(
    database: &Database,
    participant_id: Option<&str>,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let transaction = database.begin_write().await?;
    let mut sessions = session::Entity::delete_many();
    if let Some(participant_id) = participant_id {
        sessions = sessions.filter(session::Column::ParticipantId.eq(participant_id));
    }
    let n_ended = sessions.exec(&transaction).await?.rows_affected;
    let act = Act {
        actor: Actor::System("command line"),
        verb: Verb::SessionEnded,
        subject: participant_id.map(str::to_owned),
        detail: if participant_id.is_some() { "all of one person" } else { "all of everybody" }.to_owned(),
    };
    database.audit().record(&transaction, &act, now).await?;
    transaction.commit().await?;
    Ok(n_ended)
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

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use chrono::Duration;
    use sea_orm::PaginatorTrait;

    use super::*;
    use crate::{
        access::store as identities, app::Settings, clock::SystemClock, housekeeping, keys::Keys, outbound::Outbound,
        survey::SurveyConfig,
    };

    #[test]
    fn dead_sessions_are_swept_out_while_the_server_runs() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("tempi.sqlite").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let database = Database::open(&url).await.unwrap();
            database.migrate().await.unwrap();
            let keys = Keys::from_base64(&STANDARD.encode([7; 32])).unwrap();
            let keys = database.unlock(&keys, &SurveyConfig::default()).await.unwrap();
            let now = Utc::now();
            let code = "RSSMRA80A41C707O".parse().unwrap();
            let person = identities::participant(&database, &keys, &code, now).await.unwrap();
            let outbound = Outbound::new(None).unwrap();
            let services =
                Arc::new(Services::new(database.clone(), keys, Arc::new(SystemClock), Settings::of_tests(), outbound));
            let device = Device { browser: "firefox", kind: "phone" };
            for (token, begun) in [("idle", Duration::minutes(30)), ("alive", Duration::minutes(29))] {
                let sign_in = SignIn {
                    token_digest: token,
                    participant_id: &person,
                    means: &Means::Card,
                    device,
                    replaces: None,
                };
                Sessions::over(&services).begin(&sign_in, now - begun).await.unwrap();
            }
            assert_eq!(session::Entity::find().count(database.connection()).await.unwrap(), 2);
            let sweeping = housekeeping::run(Arc::clone(&services), std::time::Duration::from_millis(10));
            tokio::time::timeout(std::time::Duration::from_secs(2), sweeping).await.unwrap_err();
            let left = session::Entity::find().all(database.connection()).await.unwrap();
            assert_eq!(left.iter().map(|session| session.token_digest.as_str()).collect::<Vec<_>>(), ["alive"]);
        });
    }
}
