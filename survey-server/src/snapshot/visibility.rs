//! Every column of the database, and whether it may leave it. A column that is on no list fails a test, so that
//! nobody exports one by forgetting to think about it.

/// Whether a column may leave the database in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// It leaves, in this form.
    Exported(&'static str),
    /// It never leaves.
    Private,
}

use Visibility::{Exported, Private};

/// Table, column, visibility.
pub const COLUMNS: &[(&str, &str, Visibility)] = &[
    ("answer", "instrument", Private),
    ("answer", "participant_id", Exported("answers.person_id and persons.person_id, as a keyed hash")),
    ("answer", "position", Private),
    ("answer", "question", Exported("answers.question")),
    ("answer", "value", Exported("answers.value; sex, age and zone also in persons")),
    ("consent", "consent_id", Private),
    ("consent", "given_at", Private),
    ("consent", "notice_version", Private),
    ("consent", "participant_id", Private),
    ("consent", "withdrawn_at", Private),
    ("diary", "date", Exported("diaries.day_kind and diaries.month, never the day")),
    ("diary", "diary_id", Exported("diaries.diary_id and episodes.diary_id, as a keyed hash")),
    ("diary", "participant_id", Exported("diaries.person_id, as a keyed hash")),
    ("diary", "submitted_at", Private),
    ("diary", "updated_at", Private),
    ("diary", "version", Private),
    ("diary_confirmation", "diary_id", Private),
    ("diary_confirmation", "end_slot", Private),
    ("diary_confirmation", "issue", Private),
    ("diary_confirmation", "start_slot", Private),
    ("diary_episode", "device", Exported("episodes.device")),
    ("diary_episode", "diary_id", Exported("episodes.diary_id, as a keyed hash")),
    ("diary_episode", "end_slot", Exported("episodes.minutes")),
    ("diary_episode", "enjoyment", Exported("episodes.enjoyment")),
    ("diary_episode", "location", Exported("episodes.location")),
    ("diary_episode", "main", Exported("episodes.main, and through the day's grade diaries.grade")),
    ("diary_episode", "secondary", Exported("episodes.secondary")),
    ("diary_episode", "start_slot", Exported("episodes.start_minute")),
    ("diary_episode", "with_whom", Exported("episodes.with_whom")),
    ("federation_attempt", "browser_digest", Private),
    ("federation_attempt", "expires_at", Private),
    ("federation_attempt", "issuer", Private),
    ("federation_attempt", "provider", Private),
    ("federation_attempt", "state_digest", Private),
    ("identity", "created_at", Private),
    ("identity", "fiscal_code_digest", Private),
    ("identity", "fiscal_code_sealed", Private),
    ("identity", "participant_id", Private),
    ("installation", "id", Private),
    ("installation", "key_fingerprint", Private),
    ("response", "instrument", Private),
    ("response", "instrument_version", Private),
    ("response", "participant_id", Private),
    ("response", "submitted_at", Private),
    ("response", "updated_at", Private),
    ("session", "created_at", Private),
    ("session", "last_used_at", Private),
    ("session", "participant_id", Private),
    ("session", "token_digest", Private),
    ("ticket", "browser_digest", Private),
    ("ticket", "expires_at", Private),
    ("ticket", "participant_id", Private),
    ("ticket", "ticket_digest", Private),
    ("ticket", "used", Private),
];
