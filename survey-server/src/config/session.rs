//! How long sessions live.

use chrono::Duration;

use super::{ConfigError, Key, values::Values};
use crate::app::SessionLifetime;

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("session.idle_minutes", "minutes without use after which a session ends"),
    ("session.absolute_hours", "hours after which a session ends in any case"),
    ("session.at_once", "sessions that one person may have at a time"),
];

impl SessionLifetime {
    pub(super) fn read(values: &Values) -> Result<SessionLifetime, ConfigError> {
        let usual = SessionLifetime::default();
        Ok(SessionLifetime {
            idle: values.whole_number("session.idle_minutes")?.map_or(usual.idle, Duration::minutes),
            absolute: values.whole_number("session.absolute_hours")?.map_or(usual.absolute, Duration::hours),
            at_once: values
                .whole_number("session.at_once")?
                .and_then(|number| usize::try_from(number).ok())
                .unwrap_or(usual.at_once),
        })
    }
}
