//! Grants of roles in the database.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::RoleInForce;
use crate::{database::entity::officer_grant, error::AppError};

/// The roles that a person holds at `now`, each once, with the last end of its grants.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    participant_id: &str,
    now: DateTime<Utc>,
) -> Result<Vec<RoleInForce>, AppError> {
    let grants = all_in_force(now)
        .filter(officer_grant::Column::ParticipantId.eq(participant_id))
        .order_by_asc(officer_grant::Column::Role)
        .order_by_desc(officer_grant::Column::ExpiresAt)
        .all(connection)
        .await?;
    let mut roles: Vec<RoleInForce> = grants.iter().map(role_in_force).collect::<Result<_, _>>()?;
    roles.dedup_by_key(|held| held.role);
    Ok(roles)
}

/// Grants that were neither taken back nor have run out.
fn all_in_force(now: DateTime<Utc>) -> Select<officer_grant::Entity> {
    officer_grant::Entity::find()
        .filter(officer_grant::Column::RevokedAt.is_null())
        .filter(officer_grant::Column::ExpiresAt.gt(now.timestamp()))
}

fn role_in_force(row: &officer_grant::Model) -> Result<RoleInForce, AppError> {
    let role = row.role.parse().ok();
    let until = DateTime::from_timestamp(row.expires_at, 0);
    let (role, until) =
        role.zip(until).ok_or_else(|| AppError::StoredData("a grant that does not read back".to_owned()))?;
    Ok(RoleInForce { role, until })
}
