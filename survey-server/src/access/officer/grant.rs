//! A role given to a person until a day.

use chrono::{DateTime, Utc};

use super::OfficerRole;

/// A role that somebody holds at the time of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleInForce {
    /// Which.
    pub role: OfficerRole,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
}

/// A grant as it is kept; it stays on record after its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Random.
    pub grant_id: String,
    /// The pseudonym of the person.
    pub participant_id: String,
    /// The role.
    pub role: OfficerRole,
    /// Who the person is, as whoever granted it wrote: a name, an office.
    pub name: String,
    /// When it was granted.
    pub granted_at: DateTime<Utc>,
    /// When it ends by itself.
    pub until: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Grant {
    /// Whether it gives its role at `now`.
    pub fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.until
    }
}
