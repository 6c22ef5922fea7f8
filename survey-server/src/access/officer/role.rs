//! The roles by name, and their marker types, by which a handler's signature says which one it needs.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// What somebody may do for the survey. No role contains another: whoever needs two is granted two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficerRole {
    /// Follows the fieldwork.
    Operator,
    /// Makes estimates from the snapshot.
    Analyst,
    /// Prepares editions and texts.
    Editor,
    /// Sees what is prepared for the council before everybody does.
    Council,
    /// Grants roles and asks for dangerous acts.
    Administrator,
    /// Reads the record of what was done, and nothing else.
    Auditor,
}

/// The name is none of a role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a role: operator, analyst, editor, council, administrator or auditor")]
pub struct UnknownRole(pub String);

impl OfficerRole {
    /// Every role.
    pub const ALL: [OfficerRole; 6] = [
        OfficerRole::Operator,
        OfficerRole::Analyst,
        OfficerRole::Editor,
        OfficerRole::Council,
        OfficerRole::Administrator,
        OfficerRole::Auditor,
    ];

    /// The name by which it is stored and written on the command line; its text is `role-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            OfficerRole::Operator => "operator",
            OfficerRole::Analyst => "analyst",
            OfficerRole::Editor => "editor",
            OfficerRole::Council => "council",
            OfficerRole::Administrator => "administrator",
            OfficerRole::Auditor => "auditor",
        }
    }
}

impl fmt::Display for OfficerRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for OfficerRole {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<OfficerRole, UnknownRole> {
        let known = OfficerRole::ALL.into_iter().find(|role| role.name() == text);
        known.ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A role as a type.
pub trait Duty: 'static {
    /// The role.
    const ROLE: OfficerRole;
}

macro_rules! duties {
    ($($name:ident),*) => {$(
        #[doc = concat!("The duty of [`OfficerRole::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;

        impl Duty for $name {
            const ROLE: OfficerRole = OfficerRole::$name;
        }
    )*};
}

duties!(Operator, Analyst, Editor, Council, Administrator, Auditor);

/// Several roles as a type, of which one is enough.
pub trait Duties: 'static {
    /// The roles.
    const ROLES: &'static [OfficerRole];
}

/// The duties of the release desk: those who make releases and those who approve them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseDuty;

impl Duties for ReleaseDuty {
    const ROLES: &'static [OfficerRole] = &[OfficerRole::Analyst, OfficerRole::Editor];
}

/// The duties of those who may see an approved edition before its hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlyReader;

impl Duties for EarlyReader {
    const ROLES: &'static [OfficerRole] = &[OfficerRole::Council, OfficerRole::Editor];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_others_do_not() {
        for role in OfficerRole::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert_eq!("Administrator".parse::<OfficerRole>(), Err(UnknownRole("Administrator".to_owned())));
    }
}
