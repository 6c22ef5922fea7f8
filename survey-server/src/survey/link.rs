//! The arithmetic of a survey's keys. Knows no database.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, Utc};
use ring::hmac;

use crate::keys::{self, BrokenSeal, Derivation, Seal};

/// Ties answers to people. Cloning shares the keys.
#[derive(Clone)]
pub(crate) struct Link(Arc<LinkKeys>);

struct LinkKeys {
    respondent: hmac::Key,
    diary: hmac::Key,
    device: hmac::Key,
    seal: Seal,
}

impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Link(***)")
    }
}

fn pseudonym(key: &hmac::Key, text: &str) -> String {
    keys::hex(&hmac::sign(key, text.as_bytes()).as_ref()[..16])
}

impl Link {
    /// The link that 32 secret bytes make.
    pub(crate) fn new(secret: &[u8; 32]) -> Link {
        let derivation = Derivation::of(secret);
        Link(Arc::new(LinkKeys {
            respondent: derivation.mac(b"respondents"),
            diary: derivation.mac(b"diaries"),
            device: derivation.mac(b"what a device keeps"),
            seal: derivation.seal(b"times of answers"),
        }))
    }

    /// The name by which the answers of this survey know a participant, 32 hexadecimal digits.
    pub(crate) fn respondent_id(&self, participant_id: &str) -> String {
        pseudonym(&self.0.respondent, participant_id)
    }

    /// The name of a respondent's day: the same for the same date, so that a day exists once.
    pub(crate) fn diary_id(&self, respondent_id: &str, date: NaiveDate) -> String {
        pseudonym(&self.0.diary, &format!("{respondent_id} {date}"))
    }

    /// The name under which a form on paper is kept, by the number printed on it. The same after the master key was replaced.
    pub(crate) fn form_id(&self, number: &str) -> String {
        pseudonym(&self.0.diary, &format!("form {number}"))
    }

    /// The name of a respondent on their own devices, 32 hexadecimal digits.
    pub(crate) fn device_owner(&self, respondent_id: &str) -> String {
        pseudonym(&self.0.device, &format!("owner {respondent_id}"))
    }

    /// The key with which the devices of a respondent seal what they keep of days, in base64. Nobody else is given it.
    pub(crate) fn device_key(&self, respondent_id: &str) -> String {
        STANDARD.encode(hmac::sign(&self.0.device, format!("key {respondent_id}").as_bytes()))
    }

    /// Encrypts numbers that would tell when somebody answered, bound to the row named by `context`. The length tells
    /// nothing but how many they are.
    pub(crate) fn seal<const N: usize>(&self, context: &str, numbers: [i64; N]) -> String {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        self.0.seal.seal(context, &bytes)
    }

    /// Opens what [`Link::seal`] sealed.
    pub(crate) fn open<const N: usize>(&self, context: &str, sealed: &str) -> Result<[i64; N], BrokenSeal> {
        let bytes = self.0.seal.open(context, sealed)?;
        let (numbers, rest) = bytes.as_chunks::<8>();
        let numbers: Vec<i64> = numbers.iter().map(|number| i64::from_be_bytes(*number)).collect();
        if rest.is_empty() { numbers.try_into().map_err(|_| BrokenSeal) } else { Err(BrokenSeal) }
    }
}

/// Makes the pseudonyms of exports; stays when the [`Link`] is destroyed.
#[derive(Clone)]
pub(crate) struct ExportKey(Arc<[u8; 32]>);

impl fmt::Debug for ExportKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ExportKey(***)")
    }
}

impl ExportKey {
    /// The key that 32 secret bytes make.
    pub(crate) fn new(secret: [u8; 32]) -> ExportKey {
        ExportKey(Arc::new(secret))
    }

    /// The pseudonyms for one purpose: exports for different purposes cannot be joined, exports for the same one can.
    pub(crate) fn for_purpose(&self, purpose: &str) -> Pseudonyms {
        Pseudonyms(Derivation::of(&self.0).mac(format!("export for {purpose}").as_bytes()))
    }
}

/// The pseudonyms of one export.
pub(crate) struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// The pseudonym under which `id` leaves, 32 hexadecimal digits.
    pub(crate) fn of(&self, kind: &str, id: &str) -> String {
        pseudonym(&self.0, &format!("{kind}:{id}"))
    }
}

/// An instant, rounded down to the hour: the finest that is kept of when somebody answered.
pub(crate) fn hour(instant: DateTime<Utc>) -> i64 {
    instant.timestamp().div_euclid(3_600) * 3_600
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_surveys_know_the_same_person_by_different_names() {
        let (one, other) = (Link::new(&[1; 32]), Link::new(&[2; 32]));
        assert_eq!(one.respondent_id("p"), Link::new(&[1; 32]).respondent_id("p"));
        assert_ne!(one.respondent_id("p"), other.respondent_id("p"));
        assert_ne!(one.respondent_id("p"), one.respondent_id("q"));
        let date = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
        assert_ne!(one.diary_id("r", date), one.diary_id("r", date.succ_opt().unwrap()));
        assert_ne!(one.diary_id("r", date), other.diary_id("r", date));
    }

    #[test]
    fn sealed_times_open_only_with_the_survey_and_in_their_row() {
        let (one, other) = (Link::new(&[1; 32]), Link::new(&[2; 32]));
        let sealed = one.seal("diary x", [1, -1]);
        assert_eq!(one.open("diary x", &sealed), Ok([1, -1]));
        assert_eq!(one.open::<2>("diary y", &sealed), Err(BrokenSeal));
        assert_eq!(one.open::<3>("diary x", &sealed), Err(BrokenSeal));
        assert_eq!(other.open::<2>("diary x", &sealed), Err(BrokenSeal));
        assert_eq!(sealed.len(), one.seal("diary x", [i64::MIN, i64::MAX]).len());
    }

    #[test]
    fn exports_for_different_purposes_cannot_be_joined() {
        let key = ExportKey::new([1; 32]);
        let name = |purpose: &str| key.for_purpose(purpose).of("person", "r");
        assert_eq!(name("analysis"), name("analysis"));
        assert_ne!(name("analysis"), name("audit"));
        assert_ne!(name("analysis"), ExportKey::new([2; 32]).for_purpose("analysis").of("person", "r"));
    }

    #[test]
    fn instants_are_kept_to_the_hour() {
        assert_eq!(hour("2026-11-22T18:47:12Z".parse().unwrap()), 1_795_370_400);
        assert_eq!(hour("1969-12-31T23:59:00Z".parse().unwrap()), -3_600);
    }
}
