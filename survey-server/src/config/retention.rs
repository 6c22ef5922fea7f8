//! How long what is kept.

use std::path::PathBuf;

use chrono::Duration;

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    (
        "retention.every_hours",
        "hours after which the limits are applied again, and rows are put in an order that tells nothing",
    ),
    ("retention.draft_days", "days after which what was begun and not handed in is deleted"),
    (
        "retention.linked_days",
        "days after a survey's last day at which its identities are deleted and its answers become anonymous",
    ),
    ("retention.register_days", "days after its import at which the register of residents is removed"),
    ("retention.audit_days", "days for which rows stay in the audit log"),
    ("retention.audit_archive", "the folder into which older rows of the audit log are written before they leave it"),
];

/// How long what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionConfig {
    /// How often the limits are applied.
    pub every: Duration,
    /// How long what was begun and not handed in is kept after it was last changed, and an identity that never agreed to
    /// anything.
    pub drafts: Duration,
    /// How long after a survey's last day its answers stay tied to people, who until then may still read, correct and
    /// erase them.
    pub linked: Duration,
    /// How long the register of residents is kept after it was imported.
    pub register: Duration,
    /// How long rows stay in the audit log.
    pub audit: Duration,
    /// Where rows of the audit log go then; nowhere when not set.
    pub audit_archive: Option<PathBuf>,
}

impl Default for RetentionConfig {
    fn default() -> RetentionConfig {
        RetentionConfig {
            every: Duration::hours(6),
            drafts: Duration::days(90),
            linked: Duration::days(180),
            register: Duration::days(365),
            audit: Duration::days(5 * 365),
            audit_archive: None,
        }
    }
}

impl RetentionConfig {
    pub(super) fn read(values: &Values) -> Result<RetentionConfig, ConfigError> {
        let usual = RetentionConfig::default();
        Ok(RetentionConfig {
            every: values.whole_number("retention.every_hours")?.map_or(usual.every, Duration::hours),
            drafts: values.whole_number("retention.draft_days")?.map_or(usual.drafts, Duration::days),
            linked: values.whole_number("retention.linked_days")?.map_or(usual.linked, Duration::days),
            register: values.whole_number("retention.register_days")?.map_or(usual.register, Duration::days),
            audit: values.whole_number("retention.audit_days")?.map_or(usual.audit, Duration::days),
            audit_archive: values.optional_path("retention.audit_archive"),
        })
    }
}
