//! Grants of roles in the database.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Condition, Expr},
};

use super::{
    Administrator, By, Grant, GrantError, GrantRefusal, JustSignedIn, NewGrant, Officer, OfficerRole, RoleInForce,
};
use crate::{
    access::{guard::Store, session, store as identities},
    app::Services,
    audit::{Act, Verb},
    confirmation::Acts,
    database::{
        Database,
        entity::{officer_grant, session as sessions},
    },
    error::AppError,
    keys::{self, Keys},
};

/// Grants, for administrators.
pub(crate) struct Grants {
    services: Arc<Services>,
    acts: Acts,
}

/// How long grants are shown after their end, in days.
const SHOWN_AFTER_END: i64 = 365;

impl Store for Grants {
    fn open(services: &Arc<Services>) -> Grants {
        Grants { services: Arc::clone(services), acts: Acts::open(services) }
    }
}

impl Grants {
    /// Grants in force, then those that ended in the last year.
    pub(crate) async fn all(&self, now: DateTime<Utc>) -> Result<Vec<Grant>, AppError> {
        all(&self.services.database, &self.services.keys, now).await
    }

    pub(crate) async fn grant(&self, new: &NewGrant, by: By<'_>, now: DateTime<Utc>) -> Result<(), GrantError> {
        grant(&self.services.database, &self.services.keys, new, by, now).await
    }

    /// Asks for somebody to be made an administrator, which another one confirms.
    pub(crate) async fn ask_appointment(
        &self,
        new: &NewGrant,
        by: &JustSignedIn<Officer<Administrator>>,
        now: DateTime<Utc>,
    ) -> Result<(), GrantError> {
        self.acts.ask_appointment(new, by, now).await
    }

    pub(crate) async fn revoke(&self, grant_id: &str, by: By<'_>, now: DateTime<Utc>) -> Result<(), GrantError> {
        revoke(&self.services.database, grant_id, by, now).await
    }
}

/// The roles that a person holds at `now`, each once, with the last end of its grants.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    participant_id: &str,
    now: DateTime<Utc>,
) -> Result<Vec<RoleInForce>, AppError> {
    let grants = all_in_force(now).filter(officer_grant::Column::ParticipantId.eq(participant_id));
    held(grants.all(connection).await?)
}

/// The same of whoever is in the session under a token, beside that session, in one statement: every request asks it.
pub(crate) async fn in_session(
    connection: &impl ConnectionTrait,
    token_digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<(sessions::Model, Vec<RoleInForce>)>, AppError> {
    let grants = sessions::Entity::belongs_to(officer_grant::Entity)
        .from(sessions::Column::ParticipantId)
        .to(officer_grant::Column::ParticipantId)
        .on_condition(move |_, _| are_in_force(now));
    let rows = sessions::Entity::find_by_id(token_digest)
        .join(JoinType::LeftJoin, grants.into())
        .select_also(officer_grant::Entity)
        .all(connection)
        .await?;
    let (mut session, mut grants) = (None, Vec::new());
    for (row, grant) in rows {
        session = Some(row);
        grants.extend(grant);
    }
    session.map(|session| Ok((session, held(grants)?))).transpose()
}

/// The roles that grants in force give, each once, with the last end.
fn held(mut grants: Vec<officer_grant::Model>) -> Result<Vec<RoleInForce>, AppError> {
    grants.sort_by(|one, other| one.role.cmp(&other.role).then(other.expires_at.cmp(&one.expires_at)));
    let held = |row: &officer_grant::Model| {
        Some(RoleInForce { role: row.role.parse().ok()?, until: instant(row.expires_at)? })
    };
    let mut roles: Vec<RoleInForce> =
        grants.iter().map(|row| held(row).ok_or_else(broken)).collect::<Result<_, _>>()?;
    roles.dedup_by_key(|held| held.role);
    Ok(roles)
}

/// Whether a person holds `role` at `now` by a grant that was made before `since`.
pub(crate) async fn has_held_since(
    connection: &impl ConnectionTrait,
    participant_id: &str,
    role: OfficerRole,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let grant = all_in_force(now)
        .filter(officer_grant::Column::ParticipantId.eq(participant_id))
        .filter(officer_grant::Column::Role.eq(role.name()))
        .filter(officer_grant::Column::GrantedAt.lte(since.timestamp()))
        .one(connection)
        .await?;
    Ok(grant.is_some())
}

/// Who a person is, as the latest grant of theirs says; empty when none does.
pub(crate) async fn name(connection: &impl ConnectionTrait, participant_id: &str) -> Result<String, AppError> {
    let latest = officer_grant::Entity::find()
        .filter(officer_grant::Column::ParticipantId.eq(participant_id))
        .filter(officer_grant::Column::Name.ne(""))
        .order_by_desc(officer_grant::Column::GrantedAt)
        .one(connection)
        .await?;
    Ok(latest.map(|grant| grant.name).unwrap_or_default())
}

/// Grants in force, then those that ended in the last year; within each by role, name and time.
pub(super) async fn all(database: &Database, keys: &Keys, now: DateTime<Utc>) -> Result<Vec<Grant>, AppError> {
    let oldest = (now - Duration::days(SHOWN_AFTER_END)).timestamp();
    let not_long_ended = Condition::all().add(officer_grant::Column::ExpiresAt.gt(oldest)).add(
        Condition::any()
            .add(officer_grant::Column::RevokedAt.is_null())
            .add(officer_grant::Column::RevokedAt.gt(oldest)),
    );
    let connection = database.connection();
    let rows = officer_grant::Entity::find().filter(not_long_ended).all(connection).await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        let code = identities::fiscal_code(connection, keys, &row.participant_id).await?;
        grants.push(read(row, code.as_ref().map(super::grant::masked).unwrap_or_default()).ok_or_else(broken)?);
    }
    grants.sort_by(|one, other| {
        let place = |grant: &Grant| (!grant.is_in_force(now), grant.role, grant.name.clone(), grant.granted_at);
        place(one).cmp(&place(other)).then_with(|| one.grant_id.cmp(&other.grant_id))
    });
    Ok(grants)
}

/// Grants a role. The person's sessions end: they sign in anew to what they may do now. An administrator appoints no other
/// alone: that is an act of two ([`crate::confirmation`]).
pub(super) async fn grant(
    database: &Database,
    keys: &Keys,
    new: &NewGrant,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(), GrantError> {
    if matches!(by, By::Administrator(_)) && new.role == OfficerRole::Administrator {
        return Err(GrantRefusal::NeedsSecond.into());
    }
    let own = by.participant_id().unwrap_or_default();
    let participant_id = appointee(database, keys, new, own, now).await?;
    let (role, name, until) = (new.role, new.name.clone(), new.until);
    let holding = Holding { participant_id, role, name, until, end: new.end(now)? };
    let transaction = database.begin_write().await?;
    hold(&transaction, database, holding, by, now).await?;
    Ok(transaction.commit().await?)
}

/// The person to whom `new` gives a role, who is somebody else than `own` and is made known if need be.
pub(crate) async fn appointee(
    database: &Database,
    keys: &Keys,
    new: &NewGrant,
    own: &str,
    now: DateTime<Utc>,
) -> Result<String, GrantError> {
    new.end(now)?;
    let participant_id = identities::participant(database, keys, &new.fiscal_code, now).await?;
    if participant_id == own { Err(GrantRefusal::Oneself.into()) } else { Ok(participant_id) }
}

/// A role that somebody is about to hold.
pub(crate) struct Holding {
    /// The pseudonym of the person.
    pub(crate) participant_id: String,
    /// The role.
    pub(crate) role: OfficerRole,
    /// Who that is, for those who read the list.
    pub(crate) name: String,
    /// The last day.
    pub(crate) until: NaiveDate,
    /// The instant at which it ends.
    pub(crate) end: DateTime<Utc>,
}

/// Gives a role, on record, as part of `transaction`.
pub(crate) async fn hold(
    transaction: &DatabaseTransaction,
    database: &Database,
    holding: Holding,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let act = Act {
        actor: by.actor(),
        verb: Verb::RoleGranted,
        subject: Some(holding.participant_id.clone()),
        detail: format!("{} until {}", holding.role, holding.until),
    };
    hold_authority(transaction, by, now).await?;
    let row = officer_grant::ActiveModel {
        grant_id: Set(keys::random_id()),
        participant_id: Set(holding.participant_id.clone()),
        role: Set(holding.role.name().to_owned()),
        name: Set(holding.name),
        granted_at: Set(now.timestamp()),
        granted_by: Set(by.participant_id().map(str::to_owned)),
        expires_at: Set(holding.end.timestamp()),
        revoked_at: Set(None),
        revoked_by: Set(None),
    };
    officer_grant::Entity::insert(row).exec_without_returning(transaction).await?;
    session::store::end_all(transaction, &holding.participant_id).await?;
    database.audit().record(transaction, &act, now).await
}

/// Whether somebody besides `own` is an administrator at `now`.
pub(crate) async fn has_another_administrator(
    connection: &impl ConnectionTrait,
    own: &str,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let others = all_in_force(now)
        .filter(officer_grant::Column::Role.eq(OfficerRole::Administrator.name()))
        .filter(officer_grant::Column::ParticipantId.ne(own));
    Ok(others.one(connection).await?.is_some())
}

/// Takes a grant back. The person's sessions end. By page, the last administrator stays.
pub(super) async fn revoke(
    database: &Database,
    grant_id: &str,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(), GrantError> {
    let transaction = database.begin_write().await?;
    let administrators = hold_authority(&transaction, by, now).await?;
    let in_force = all_in_force(now).filter(officer_grant::Column::GrantId.eq(grant_id)).one(&transaction).await?;
    let revoked = in_force.ok_or(AppError::NotFound)?;
    let is_last = administrators.iter().all(|grant| grant.grant_id == revoked.grant_id);
    if matches!(by, By::Administrator(_)) && revoked.role == OfficerRole::Administrator.name() && is_last {
        return Err(GrantRefusal::LastAdministrator.into());
    }
    officer_grant::Entity::update_many()
        .col_expr(officer_grant::Column::RevokedAt, Expr::value(now.timestamp()))
        .col_expr(officer_grant::Column::RevokedBy, Expr::value(by.participant_id().map(str::to_owned)))
        .filter(officer_grant::Column::GrantId.eq(&revoked.grant_id))
        .exec(&transaction)
        .await?;
    session::store::end_all(&transaction, &revoked.participant_id).await?;
    let act =
        Act { actor: by.actor(), verb: Verb::RoleRevoked, subject: Some(revoked.participant_id), detail: revoked.role };
    database.audit().record(&transaction, &act, now).await?;
    Ok(transaction.commit().await?)
}

/// Takes back every grant in force of one role to one person; says how many there were.
pub(super) async fn revoke_role(
    database: &Database,
    participant_id: &str,
    role: OfficerRole,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<usize, GrantError> {
    let grants = all_in_force(now)
        .filter(officer_grant::Column::ParticipantId.eq(participant_id))
        .filter(officer_grant::Column::Role.eq(role.name()))
        .all(database.connection())
        .await?;
    for grant in &grants {
        revoke(database, &grant.grant_id, by, now).await?;
    }
    Ok(grants.len())
}

/// The grants of administrators in force, locked until the transaction ends, so that two administrators who remove each
/// other at the same instant come one after the other. Whoever acts must be among them still.
async fn hold_authority(
    transaction: &impl ConnectionTrait,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<officer_grant::Model>, AppError> {
    let administrators = all_in_force(now)
        .filter(officer_grant::Column::Role.eq(OfficerRole::Administrator.name()))
        .order_by_asc(officer_grant::Column::GrantId)
        .lock_exclusive()
        .all(transaction)
        .await?;
    let is_among_them = |id: &str| administrators.iter().any(|grant| grant.participant_id == id);
    if by.participant_id().is_some_and(|id| !is_among_them(id)) {
        return Err(AppError::NotPermitted);
    }
    Ok(administrators)
}

/// Grants that were neither taken back nor have run out.
fn all_in_force(now: DateTime<Utc>) -> Select<officer_grant::Entity> {
    officer_grant::Entity::find().filter(are_in_force(now))
}

fn are_in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(officer_grant::Column::RevokedAt.is_null())
        .add(officer_grant::Column::ExpiresAt.gt(now.timestamp()))
}

fn read(row: officer_grant::Model, masked_code: String) -> Option<Grant> {
    Some(Grant {
        role: row.role.parse().ok()?,
        granted_at: instant(row.granted_at)?,
        until: instant(row.expires_at)?,
        revoked_at: row.revoked_at.map(|seconds| instant(seconds).ok_or(())).transpose().ok()?,
        grant_id: row.grant_id,
        participant_id: row.participant_id,
        name: row.name,
        masked_code,
    })
}

fn instant(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

fn broken() -> AppError {
    AppError::StoredData("a grant that does not read back".to_owned())
}

impl From<DbErr> for GrantError {
    fn from(error: DbErr) -> GrantError {
        GrantError::Failed(error.into())
    }
}
