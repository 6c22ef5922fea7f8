//! Homocodes: the 128 codes that people with the same letters, birth and birthplace may be given, one each.
//!
//! When two persons' data give the same code, the Agenzia delle Entrate replaces digits by letters, from the right, and the
//! check character follows (decree of 23 December 1976, article 6). Each of the 128 is a code of its own and another
//! person. Nothing here turns one into another where somebody is looked up: the base form is for comparing only.

use std::fmt;

use super::{FiscalCode, characters};

/// The indices, counted from 0, of the seven digits that a homocode may replace, the first to be replaced first.
const REPLACEABLE: [usize; 7] = [14, 13, 12, 10, 9, 7, 6];

/// How many codes share a base form.
pub const N_HOMOCODES: usize = 1 << REPLACEABLE.len();

/// What homocodes have in common: the first fifteen characters with their digits. It names a birth, not a person; it
/// cannot be read as a code, and it prints nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaseForm([u8; characters::LENGTH - 1]);

impl fmt::Debug for BaseForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BaseForm(***)")
    }
}

impl FiscalCode {
    /// Whether a digit is written as a letter: the code of somebody whose data gave a code that was taken.
    pub fn is_homocode(&self) -> bool {
        REPLACEABLE.iter().any(|index| self.reveal().as_bytes()[*index].is_ascii_uppercase())
    }

    /// For comparing: two codes with the same base form are of people with the same letters, birth and birthplace.
    pub fn base_form(&self) -> BaseForm {
        let mut base = [0; characters::LENGTH - 1];
        base.copy_from_slice(&self.reveal().as_bytes()[..characters::LENGTH - 1]);
        for index in REPLACEABLE {
            base[index] = characters::as_digit(base[index]);
        }
        BaseForm(base)
    }

    /// All 128 codes of this base form, each with its own check character: first the one without letters, then as a
    /// binary number counts whose lowest digit is the fifteenth character. This code is one of them.
    pub fn homocodes(&self) -> impl Iterator<Item = FiscalCode> + use<> {
        let base = self.base_form().0;
        (0..N_HOMOCODES).map(move |pattern| {
            let mut first_fifteen = base;
            for (bit, index) in REPLACEABLE.into_iter().enumerate() {
                if pattern & (1 << bit) != 0 {
                    first_fifteen[index] = characters::as_homocode_letter(first_fifteen[index]);
                }
            }
            FiscalCode::completed(first_fifteen)
        })
    }
}
