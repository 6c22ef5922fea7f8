//! The forms by which an operator begins to help.

use questionnaires::fiscal_code::FiscalCode;

use crate::{survey::Mode, web::form::Fields};

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const CODE: &str = "codice-fiscale";
    pub(crate) const READ_OUT: &str = "letto";
    pub(crate) const COUNTER_CODE: &str = "codice";
}

/// A field that cannot be taken, and the key of what is wrong with it.
pub(super) type Wrong = (&'static str, &'static str);

/// Whom an operator is to help from afar.
pub(super) struct Wanted {
    pub(super) code: FiscalCode,
    pub(super) mode: Mode,
}

/// Reads whom to help by telephone.
pub(super) fn read(fields: &Fields) -> Result<Wanted, Vec<Wrong>> {
    let code = fields.text(field::CODE).unwrap_or_default().parse::<FiscalCode>();
    let code = code.map_err(|_| (field::CODE, "assistance-wrong-code"));
    let was_read = fields.has(field::READ_OUT, "si");
    let read_out = if was_read { Ok(()) } else { Err((field::READ_OUT, "assistance-wrong-read-out")) };
    match (code, read_out) {
        (Ok(code), Ok(())) => Ok(Wanted { code, mode: Mode::Telephone }),
        (code, read_out) => Err(code.err().into_iter().chain(read_out.err()).collect()),
    }
}

/// The digits of a code of the counter, however they were spaced.
pub(super) fn counter_code(fields: &Fields) -> String {
    fields.text(field::COUNTER_CODE).unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_helped_without_their_code_and_their_word() {
        let wrong = |pairs: &[(&str, &str)]| {
            let wrong = read(&pairs.iter().copied().collect()).err().unwrap_or_default();
            wrong.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&[]), [field::CODE, field::READ_OUT]);
        assert_eq!(wrong(&[(field::CODE, "RSSMRA80A41C707O")]), [field::READ_OUT]);
        assert_eq!(wrong(&[(field::CODE, "RSSMRA80A41C707X"), (field::READ_OUT, "si")]), [field::CODE]);
        assert!(wrong(&[(field::CODE, "RSSMRA80A41C707O"), (field::READ_OUT, "si")]).is_empty());
    }

    #[test]
    fn a_code_may_be_typed_in_groups() {
        assert_eq!(counter_code(&[("codice", "1234 5678")].into_iter().collect()), "12345678");
    }
}
