//! People who work for the survey: which roles they hold and until when, and the guard that proves one.
//! An officer signs in by the same doors as everybody; the roles are looked up at every request.

mod form;
mod grant;
mod role;
mod routes;
pub(crate) mod store;
mod view;

use std::marker::PhantomData;

use actix_web::HttpRequest;
use chrono::{DateTime, Duration, Utc};

pub use grant::{By, Grant, GrantError, GrantRefusal, LONGEST_GRANT, NewGrant, RoleInForce, grant, list, revoke};
pub(crate) use grant::{end_of_grant, masked};
pub use role::{
    Administrator, Analyst, Auditor, Council, Duties, Duty, EarlyReader, Editor, OfficerRole, Operator, ReleaseDuty,
    UnknownRole,
};
pub(crate) use routes::{PATH, routes};

pub(crate) use view::{role_text, until_text};

use super::{
    assistance,
    guard::Role,
    session::{Means, SignedIn},
};
use crate::{audit::Actor, error::AppError, web::visit};

/// What the sessions of officers must satisfy beyond those of citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerAccess {
    /// An officer's session ends when unused for so long.
    pub idle: Duration,
    /// An officer's session ends after so long in any case.
    pub absolute: Duration,
    /// The least level (1 to 3) at which a federated sign-in counts for an officer; a card always does.
    pub least_level: u8,
    /// A dangerous act needs a sign-in that is not older than this.
    pub fresh: Duration,
}

impl Default for OfficerAccess {
    fn default() -> OfficerAccess {
        OfficerAccess {
            idle: Duration::minutes(15),
            absolute: Duration::hours(8),
            least_level: 2,
            fresh: Duration::minutes(10),
        }
    }
}

impl OfficerAccess {
    /// Whether a session begun by these means may do an officer's work.
    fn trusts(&self, means: &Means, is_demonstration: bool) -> bool {
        match means {
            Means::Card => true,
            Means::Federated { level, .. } => *level >= self.least_level,
            Means::Simulated => is_demonstration,
        }
    }
}

/// Somebody who has signed in well enough and holds the role of duty `D` now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer<D> {
    /// The pseudonym of the person.
    pub participant_id: String,
    duty: PhantomData<D>,
}

impl<D: Duty> Officer<D> {
    /// The role that was proved.
    pub fn role(&self) -> OfficerRole {
        D::ROLE
    }

    /// As the record names whoever acts in this role.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Officer { participant_id: self.participant_id.clone(), role: D::ROLE.name() }
    }
}

impl<D: Duty> Role for Officer<D> {
    fn admit(request: &HttpRequest) -> Result<Officer<D>, AppError> {
        let session = admitted(request, |roles| roles.iter().any(|held| held.role == D::ROLE))?;
        Ok(Officer { participant_id: session.participant_id, duty: PhantomData })
    }
}

/// Somebody who has signed in well enough and holds any role now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyOfficer {
    /// The pseudonym of the person.
    pub participant_id: String,
    /// The roles, each with its end.
    pub roles: Vec<RoleInForce>,
}

impl Role for AnyOfficer {
    fn admit(request: &HttpRequest) -> Result<AnyOfficer, AppError> {
        let session = admitted(request, |roles| !roles.is_empty())?;
        Ok(AnyOfficer { participant_id: session.participant_id, roles: session.roles })
    }
}

/// Somebody who has signed in well enough and holds one of the roles of `D` now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOf<D> {
    /// The pseudonym of the person.
    pub participant_id: String,
    /// Which of them they hold, in the order of `D`.
    pub roles: Vec<OfficerRole>,
    duty: PhantomData<D>,
}

impl<D: Duties> OneOf<D> {
    /// Whether they hold this role.
    pub fn holds(&self, role: OfficerRole) -> bool {
        self.roles.contains(&role)
    }

    /// As the record names whoever acts in the first of these roles that they hold.
    pub(crate) fn actor(&self) -> Actor {
        let role = self.roles.first().map_or("", |role| role.name());
        Actor::Officer { participant_id: self.participant_id.clone(), role }
    }
}

impl<D: Duties> Role for OneOf<D> {
    fn admit(request: &HttpRequest) -> Result<OneOf<D>, AppError> {
        let session = admitted(request, |roles| roles.iter().any(|held| D::ROLES.contains(&held.role)))?;
        let holds = |role: &&OfficerRole| session.roles.iter().any(|held| held.role == **role);
        let roles = D::ROLES.iter().filter(holds).copied().collect();
        Ok(OneOf { participant_id: session.participant_id, roles, duty: PhantomData })
    }
}

/// The same role, proved by a sign-in of a few minutes ago: an unlocked computer is not enough for a dangerous act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JustSignedIn<R>(R);

impl<R> JustSignedIn<R> {
    /// The role.
    pub fn role(&self) -> &R {
        &self.0
    }
}

impl<R: Role> Role for JustSignedIn<R> {
    fn admit(request: &HttpRequest) -> Result<JustSignedIn<R>, AppError> {
        let role = R::admit(request)?;
        let visit = visit::of(request).ok_or(AppError::SignInFirst)?;
        let began_at = visit.signed_in.as_ref().ok_or(AppError::SignInFirst)?.began_at;
        if is_fresh(began_at, visit.settings.officers.fresh, visit.now) {
            Ok(JustSignedIn(role))
        } else {
            Err(AppError::SignInAgain)
        }
    }
}

fn is_fresh(began_at: DateTime<Utc>, bound: Duration, now: DateTime<Utc>) -> bool {
    now - began_at < bound
}

/// The session of a request whose roles satisfy `suffices` and whose means are good enough.
fn admitted(request: &HttpRequest, suffices: impl FnOnce(&[RoleInForce]) -> bool) -> Result<SignedIn, AppError> {
    let visit = visit::of(request).ok_or(AppError::SignInFirst)?;
    let session = visit.signed_in.ok_or(AppError::SignInFirst)?;
    let is_away = session.assistance.as_ref().is_some_and(|assisting| assisting.mode.is_blind());
    if is_away && !request.path().starts_with(assistance::PATH) {
        // Whoever writes for somebody else finishes that first: two hats at once make mistakes.
        return Err(AppError::AssistanceFirst);
    }
    if !suffices(&session.roles) {
        return Err(AppError::NotPermitted);
    }
    if !visit.settings.officers.trusts(&session.means, visit.settings.demonstration.is_some()) {
        return Err(AppError::StrongerSignIn);
    }
    Ok(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_federated_sign_in_counts_for_an_officer_from_the_configured_level_on() {
        let federated = |level| Means::Federated { provider: "spid".to_owned(), level };
        let access = OfficerAccess::default();
        assert!(access.trusts(&Means::Card, false));
        assert!(!access.trusts(&federated(1), false));
        assert!(access.trusts(&federated(2), false) && access.trusts(&federated(3), false));
        assert!(access.trusts(&Means::Simulated, true) && !access.trusts(&Means::Simulated, false));
        let strict = OfficerAccess { least_level: 3, ..access };
        assert!(!strict.trusts(&federated(2), false) && strict.trusts(&federated(3), false));
    }

    #[test]
    fn a_sign_in_is_fresh_until_its_bound() {
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let bound = Duration::minutes(10);
        assert!(is_fresh(now - Duration::minutes(9), bound, now));
        assert!(!is_fresh(now - bound, bound, now));
    }
}
