//! The code that leads into a household: short enough to be read out at a kitchen table, long enough not to be guessed.
//!
//! Eight of 32 characters are 40 bits. With ten tries an hour (`limits.household_codes_per_hour`) and a thousand codes alive,
//! somebody would guess one in some ten thousand years; and a code opens nothing but a place in a household.

use crate::keys;

/// Digits and capital letters without those that are mistaken for others (0, 1, I, O).
const CHARACTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Characters of a code.
const LENGTH: usize = 8;

/// A code, in its canonical form.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Code(String);

impl Code {
    /// A fresh one.
    pub(super) fn random() -> Code {
        let characters = keys::random_bytes::<LENGTH>();
        // 32 divides 256: every character is as likely as another.
        Code(characters.iter().map(|byte| char::from(CHARACTERS[usize::from(byte % 32)])).collect())
    }

    /// The code that somebody typed, in whatever way they grouped it.
    pub(super) fn read(typed: &str) -> Option<Code> {
        let plain: String = typed
            .chars()
            .filter(|character| !character.is_whitespace() && !"-.·".contains(*character))
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let is_one = plain.len() == LENGTH && plain.bytes().all(|byte| CHARACTERS.contains(&byte));
        is_one.then_some(Code(plain))
    }

    /// As people read it out: `K7QF-3MXD`.
    pub(super) fn shown(&self) -> String {
        let (first, second) = self.0.split_at(LENGTH / 2);
        format!("{first}-{second}")
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::random();
        let shown = code.shown();
        assert_eq!(shown.len(), 9);
        for typed in
            [shown.clone(), shown.to_lowercase(), format!(" {} ", shown.replace('-', " ")), code.text().to_owned()]
        {
            assert!(Code::read(&typed) == Some(code.clone()), "{typed}");
        }
        for wrong in ["", "K7QF-3MX", "K7QF-3MXDD", "K7QF-3MX0", "K7QF-3MX1", "K7QFÀ3MX", "' OR '1'='1"] {
            assert!(Code::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn codes_differ() {
        assert!(Code::random() != Code::random());
    }
}
