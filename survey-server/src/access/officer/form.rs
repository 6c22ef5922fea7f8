//! The form by which an administrator grants a role.

use chrono::NaiveDate;
use questionnaires::fiscal_code::FiscalCode;

use super::{NewGrant, OfficerRole};
use crate::web::form::Fields;

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const CODE: &str = "codice-fiscale";
    pub(crate) const NAME: &str = "nome";
    pub(crate) const ROLE: &str = "incarico";
    pub(crate) const UNTIL: &str = "fino-al";
    /// Which grant is taken back.
    pub(crate) const GRANT: &str = "concessione";
}

/// The longest name, in characters.
pub(super) const LONGEST_NAME: usize = 80;

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TypedGrant {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) until: String,
}

/// A field that cannot be taken, and the key of what is wrong with it.
pub(super) type Wrong = (&'static str, &'static str);

impl TypedGrant {
    pub(super) fn of(fields: &Fields) -> TypedGrant {
        let text = |name| fields.text(name).unwrap_or_default().to_owned();
        TypedGrant {
            code: text(field::CODE),
            name: text(field::NAME),
            role: text(field::ROLE),
            until: text(field::UNTIL),
        }
    }

    /// What was typed as a grant, or everything that is wrong with it.
    pub(super) fn read(&self) -> Result<NewGrant, Vec<Wrong>> {
        let code = self.code.parse::<FiscalCode>().map_err(|_| (field::CODE, "grants-wrong-code"));
        let has_name = !self.name.is_empty() && self.name.chars().count() <= LONGEST_NAME;
        let name = if has_name { Ok(()) } else { Err((field::NAME, "grants-wrong-name")) };
        let role = self.role.parse::<OfficerRole>().map_err(|_| (field::ROLE, "grants-wrong-role"));
        let until = self.until.parse::<NaiveDate>().map_err(|_| (field::UNTIL, "grants-wrong-until"));
        match (code, name, role, until) {
            (Ok(fiscal_code), Ok(()), Ok(role), Ok(until)) => {
                Ok(NewGrant { fiscal_code, name: self.name.clone(), role, until })
            }
            (code, name, role, until) => {
                Err([code.err(), name.err(), role.err(), until.err()].into_iter().flatten().collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let fields: Fields = [(field::CODE, "RSSMRA80A41C707X"), (field::ROLE, "mayor"), (field::UNTIL, "31/12/2027")]
            .into_iter()
            .collect();
        let wrong = TypedGrant::of(&fields).read().unwrap_err();
        assert_eq!(
            wrong.iter().map(|wrong| wrong.0).collect::<Vec<_>>(),
            [field::CODE, field::NAME, field::ROLE, field::UNTIL]
        );
        assert!(wrong.iter().all(|(_, key)| crate::i18n::is_translated(key)));
    }

    #[test]
    fn a_good_form_is_a_grant() {
        let pairs = [
            (field::CODE, "rssmra80a41c707o"),
            (field::NAME, "Maria Rossi, statistica"),
            (field::ROLE, "analyst"),
            (field::UNTIL, "2027-12-31"),
        ];
        let grant = TypedGrant::of(&pairs.into_iter().collect()).read().unwrap();
        assert_eq!((grant.fiscal_code.reveal(), grant.role), ("RSSMRA80A41C707O", OfficerRole::Analyst));
    }
}
