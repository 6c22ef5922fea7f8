//! The keys of the register of residents: one seals its records, one recognises a record that has not changed.

use ring::hmac;

use super::{BrokenSeal, Seal, hex};

/// A sealed record is filled up to a multiple of this many bytes, so that its length tells next to nothing.
const BLOCK: usize = 64;

/// The keys that the records of residents are kept with.
pub(crate) struct RegisterKeys {
    seal: Seal,
    content: hmac::Key,
}

impl RegisterKeys {
    pub(super) fn new(seal: Seal, content: hmac::Key) -> RegisterKeys {
        RegisterKeys { seal, content }
    }

    /// A record, encrypted and bound to `place`, the row it stands in.
    pub(crate) fn seal(&self, place: &str, record: &str) -> String {
        let mut text = record.as_bytes().to_vec();
        text.resize(text.len().next_multiple_of(BLOCK), 0);
        self.seal.seal(place, &text)
    }

    /// Opens what [`RegisterKeys::seal`] sealed.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String, BrokenSeal> {
        let opened = self.seal.open(place, sealed)?;
        let n_bytes = opened.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        String::from_utf8(opened[..n_bytes].to_vec()).map_err(|_| BrokenSeal)
    }

    /// What tells whether a record of `place` changed, and nothing else: a keyed digest in 32 hexadecimal digits.
    pub(crate) fn content_digest(&self, place: &str, record: &str) -> String {
        let tag = hmac::sign(&self.content, format!("{place}\0{record}").as_bytes());
        hex(&tag.as_ref()[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BrokenSeal, Keys};

    #[test]
    fn a_record_opens_in_its_place_only_and_its_length_tells_little() {
        let keys = Keys::from_base64(&Keys::generate()).unwrap();
        let register = keys.register();
        let sealed = register.seal("resident a", "F, nord");
        assert_eq!(register.open("resident a", &sealed).unwrap(), "F, nord");
        assert_eq!(register.open("resident b", &sealed), Err(BrokenSeal));
        let others = Keys::from_base64(&Keys::generate()).unwrap();
        assert_eq!(others.register().open("resident a", &sealed), Err(BrokenSeal));
        let spoiled = sealed.replacen(|letter: char| letter != 'A', "A", 1);
        assert_eq!(register.open("resident a", &spoiled), Err(BrokenSeal));
        assert_eq!(register.open("resident a", "c2hvcnQ="), Err(BrokenSeal));
        assert_eq!(sealed.len(), register.seal("resident a", "M, a much longer name of a zone").len());
        assert_ne!(sealed, register.seal("resident a", "F, nord"), "a nonce is used once");
        assert_ne!(register.content_digest("a", "x"), register.content_digest("b", "x"));
    }
}
