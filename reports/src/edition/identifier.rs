//! Names that stay the same wherever a publication is shown: made from what it is, never drawn at random.

use std::fmt::Write;

use ring::digest::{SHA256, digest};

use super::Edition;

/// The SHA-256 of `bytes` in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes everything");
        text
    })
}

/// A name-based UUID (RFC 9562, version 8) of the publisher's results, and of `part` of them.
pub(super) fn uuid(edition: &Edition, part: &str) -> String {
    let hash = sha256(format!("tempi\n{}\n{part}", edition.publisher.it).as_bytes());
    // The version stands in the seventh byte, the variant in the ninth.
    let variant = ["8", "9", "a", "b"][usize::from(hash.as_bytes()[16]) % 4];
    format!("{}-{}-8{}-{variant}{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}
