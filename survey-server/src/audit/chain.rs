//! The arithmetic of the chain: what a row hashes to, and what authenticates the head. Knows no database.

use std::{fmt, str::FromStr};

use ring::{digest, hmac};
use thiserror::Error;

use crate::keys;

/// The hash before the first row.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row as it is hashed; persons are pseudonyms already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link<'a> {
    pub(super) sequence: i64,
    pub(super) at: i64,
    pub(super) actor_kind: &'a str,
    pub(super) actor: &'a str,
    pub(super) actor_role: Option<&'a str>,
    pub(super) verb: &'a str,
    pub(super) subject: Option<&'a str>,
    pub(super) detail: &'a str,
}

impl Link<'_> {
    /// SHA-256 over the predecessor's hash and this row, in hexadecimal. Every field is preceded by its length, so
    /// that no two rows are written alike; a missing field differs from an empty one.
    pub(super) fn hash(&self, previous: &str) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        let (sequence, at) = (self.sequence.to_string(), self.at.to_string());
        let fields = [
            Some("tempi audit v1"),
            Some(previous),
            Some(&sequence),
            Some(&at),
            Some(self.actor_kind),
            Some(self.actor),
            self.actor_role,
            Some(self.verb),
            self.subject,
            Some(self.detail),
        ];
        for field in fields {
            match field {
                Some(text) => {
                    context.update(&[1]);
                    context.update(&(text.len() as u64).to_be_bytes());
                    context.update(text.as_bytes());
                }
                None => context.update(&[0]),
            }
        }
        keys::hex(context.finish().as_ref())
    }
}

/// The last row of the log, or of its archived part: its number and hash. Written as `17:3fa1...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The row's number; 0 before the first row.
    pub sequence: i64,
    /// The row's hash.
    pub hash: String,
}

impl Head {
    /// The head of a log without rows.
    pub(super) fn genesis() -> Head {
        Head { sequence: 0, hash: GENESIS.to_owned() }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.sequence, self.hash)
    }
}

/// A text that is no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a head is a number, a colon and 64 hexadecimal digits, as `tempi audit head` prints it")]
pub struct ParseHeadError;

impl FromStr for Head {
    type Err = ParseHeadError;

    fn from_str(text: &str) -> Result<Head, ParseHeadError> {
        let (sequence, hash) = text.trim().split_once(':').ok_or(ParseHeadError)?;
        let sequence = sequence.parse().ok().filter(|sequence| *sequence >= 0).ok_or(ParseHeadError)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Head { sequence, hash: hash.to_ascii_lowercase() }) } else { Err(ParseHeadError) }
    }
}

fn sealed_text(head: &Head, archived: &Head) -> String {
    format!("tempi audit head v1 {head} {archived}")
}

/// What authenticates the head and the end of the archived part: HMAC-SHA-256, in hexadecimal.
pub(super) fn mac(key: &hmac::Key, head: &Head, archived: &Head) -> String {
    keys::hex(hmac::sign(key, sealed_text(head, archived).as_bytes()).as_ref())
}

/// Whether `mac` is the one of this head.
pub(super) fn mac_holds(key: &hmac::Key, head: &Head, archived: &Head, mac: &str) -> bool {
    keys::unhex(mac).is_some_and(|mac| hmac::verify(key, sealed_text(head, archived).as_bytes(), &mac).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            sequence: 1,
            at: 1_800_000_000,
            actor_kind: "system",
            actor: "retention",
            actor_role: None,
            verb: "retention-applied",
            subject: None,
            detail: "sessions 3",
        }
    }

    /// Computed apart with Python's hashlib from the description of [`Link::hash`].
    #[test]
    fn a_row_hashes_to_the_value_computed_elsewhere() {
        assert_eq!(link().hash(GENESIS), "4d66cdc6fa51aff2b0cca5b2ad315b52c0104fdfcb50a2c6193e2c1073abf75d");
    }

    #[test]
    fn every_field_and_its_absence_changes_the_hash() {
        let base = link();
        let changed = [
            Link { sequence: 2, ..link() },
            Link { at: 1_800_000_001, ..link() },
            Link { actor_kind: "citizen", ..link() },
            Link { actor: "retention-", ..link() },
            Link { actor_role: Some(""), ..link() },
            Link { verb: "retention-applie", ..link() },
            Link { subject: Some(""), ..link() },
            Link { detail: "sessions 4", ..link() },
            Link { verb: "retention-applieds", detail: "essions 3", ..link() },
        ];
        let mut hashes: Vec<String> = changed.iter().map(|link| link.hash(GENESIS)).collect();
        hashes.push(base.hash(GENESIS));
        hashes.push(base.hash(&"1".repeat(64)));
        let n_hashes = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), n_hashes);
    }

    #[test]
    fn a_head_reads_back_and_only_the_key_authenticates_it() {
        let head = Head { sequence: 17, hash: link().hash(GENESIS) };
        assert_eq!(head.to_string().parse(), Ok(head.clone()));
        for broken in ["", "17", "x:00", "17:00", "-1:0"] {
            assert_eq!(broken.parse::<Head>(), Err(ParseHeadError), "{broken}");
        }
        let key = |byte| hmac::Key::new(hmac::HMAC_SHA256, &[byte; 32]);
        let tag = mac(&key(1), &head, &Head::genesis());
        assert!(mac_holds(&key(1), &head, &Head::genesis(), &tag));
        assert!(!mac_holds(&key(2), &head, &Head::genesis(), &tag));
        assert!(!mac_holds(&key(1), &Head { sequence: 16, ..head.clone() }, &Head::genesis(), &tag));
        assert!(!mac_holds(&key(1), &head, &head, &tag));
    }
}
