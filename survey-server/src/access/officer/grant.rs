//! A role given to a person until a day: who may give it to whom, and for how long.

use chrono::{DateTime, Days, NaiveDate, Utc};
use questionnaires::fiscal_code::FiscalCode;
use thiserror::Error;

use super::{Administrator, Officer, OfficerRole, store};
use crate::{
    access::store as identities,
    audit::Actor,
    clock::{end_of_day, italian_time},
    database::Database,
    error::AppError,
    keys::Keys,
};

/// The longest a role may be granted at once, in days: roles are reviewed at least so often.
pub const LONGEST_GRANT: u64 = 731;

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
    /// The fiscal code with its middle hidden, to tell people of the same name apart.
    pub masked_code: String,
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

/// A role to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// To whom.
    pub fiscal_code: FiscalCode,
    /// Who that is, for those who read the list; may be empty.
    pub name: String,
    /// The role.
    pub role: OfficerRole,
    /// The last day on which it holds, in Italy.
    pub until: NaiveDate,
}

impl NewGrant {
    /// When it ends.
    pub(super) fn end(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, GrantRefusal> {
        end_of_grant(self.until, now)
    }
}

/// When a role granted at `now` through the day `until` ends.
pub(crate) fn end_of_grant(until: NaiveDate, now: DateTime<Utc>) -> Result<DateTime<Utc>, GrantRefusal> {
    let today = italian_time(now).date();
    if until < today {
        return Err(GrantRefusal::Past);
    }
    let longest = today.checked_add_days(Days::new(LONGEST_GRANT)).filter(|longest| until <= *longest);
    longest.and_then(|_| end_of_day(until)).ok_or(GrantRefusal::TooLong)
}

/// Who grants or takes back.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// An administrator, by page.
    Administrator(&'a Officer<Administrator>),
    /// Whoever has the machine and the key file.
    CommandLine,
}

impl By<'_> {
    pub(super) fn participant_id(&self) -> Option<&str> {
        match self {
            By::Administrator(officer) => Some(&officer.participant_id),
            By::CommandLine => None,
        }
    }

    /// As the record names them.
    pub(super) fn actor(&self) -> Actor {
        match self {
            By::Administrator(officer) => officer.actor(),
            By::CommandLine => Actor::System("command line"),
        }
    }
}

/// Why a role is not granted or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GrantRefusal {
    /// Nobody grants to themselves: another administrator does.
    #[error("nobody can grant a role to themselves")]
    Oneself,
    /// The last day is over.
    #[error("the last day is in the past")]
    Past,
    /// The last day is too far away.
    #[error("a role is granted for two years at most")]
    TooLong,
    /// There would be nobody left to grant anything.
    #[error("the last administrator can be removed by command line only")]
    LastAdministrator,
    /// An administrator is appointed by two, never by one alone.
    #[error("another administrator must confirm the appointment of an administrator")]
    NeedsSecond,
    /// There is no other administrator who could confirm.
    #[error("there is no second administrator to confirm: appoint one by command line")]
    NoSecond,
}

impl GrantRefusal {
    /// Every refusal.
    pub const ALL: [GrantRefusal; 6] = [
        GrantRefusal::Oneself,
        GrantRefusal::Past,
        GrantRefusal::TooLong,
        GrantRefusal::LastAdministrator,
        GrantRefusal::NeedsSecond,
        GrantRefusal::NoSecond,
    ];

    /// The key of its text.
    pub(super) fn key(self) -> &'static str {
        match self {
            GrantRefusal::Oneself => "grants-refused-oneself",
            GrantRefusal::Past => "grants-refused-past",
            GrantRefusal::TooLong => "grants-refused-too-long",
            GrantRefusal::LastAdministrator => "grants-refused-last",
            GrantRefusal::NeedsSecond => "grants-refused-alone",
            GrantRefusal::NoSecond => "grants-refused-no-second",
        }
    }
}

/// Refused, or failed.
#[derive(Debug, Error)]
pub enum GrantError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] GrantRefusal),
    /// By an accident.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// Grants a role from the command line: to the first administrator, or when none is left.
///
/// # Errors
/// When the last day is past or too far, or the database cannot be written.
pub async fn grant(database: &Database, keys: &Keys, new: &NewGrant, now: DateTime<Utc>) -> Result<(), GrantError> {
    store::grant(database, keys, new, By::CommandLine, now).await
}

/// Takes every grant of a role back from a person, from the command line; says how many there were.
///
/// # Errors
/// When the database cannot be written.
pub async fn revoke(
    database: &Database,
    keys: &Keys,
    fiscal_code: &FiscalCode,
    role: OfficerRole,
    now: DateTime<Utc>,
) -> Result<usize, GrantError> {
    let Some(participant_id) = identities::known(database, keys, fiscal_code).await? else { return Ok(0) };
    store::revoke_role(database, &participant_id, role, By::CommandLine, now).await
}

/// Every grant in force, then those that ended in the last year.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(database: &Database, keys: &Keys, now: DateTime<Utc>) -> Result<Vec<Grant>, AppError> {
    store::all(database, keys, now).await
}

/// A fiscal code with its middle hidden.
pub(crate) fn masked(code: &FiscalCode) -> String {
    let code = code.reveal();
    format!("{}…{}", &code[..6], &code[12..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(until: &str, expected: Result<&str, GrantRefusal>) {
        let new = NewGrant {
            fiscal_code: "RSSMRA80A41C707O".parse().unwrap(),
            name: String::new(),
            role: OfficerRole::Analyst,
            until: until.parse().unwrap(),
        };
        // Half past midnight of the 27th in Italy.
        let now = "2026-11-26T23:30:00Z".parse().unwrap();
        assert_eq!(new.end(now), expected.map(|end| end.parse().unwrap()), "{until}");
    }

    #[test]
    fn a_grant_holds_through_its_last_day_and_for_two_years_at_most() {
        check("2026-11-26", Err(GrantRefusal::Past));
        check("2026-11-27", Ok("2026-11-27T23:00:00Z"));
        check("2028-11-27", Ok("2028-11-27T23:00:00Z"));
        check("2028-11-28", Err(GrantRefusal::TooLong));
    }

    #[test]
    fn the_middle_of_a_code_is_hidden() {
        assert_eq!(masked(&"RSSMRA80A41C707O".parse().unwrap()), "RSSMRA…707O");
    }

    #[test]
    fn every_refusal_has_words() {
        for refusal in GrantRefusal::ALL {
            assert!(crate::i18n::is_translated(refusal.key()), "{refusal:?}");
        }
    }
}
