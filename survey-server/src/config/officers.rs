//! What the sessions of officers must satisfy.

use chrono::Duration;

use super::{ConfigError, Key, values::Values};
use crate::access::officer::OfficerAccess;

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("officers.idle_minutes", "minutes without use after which an officer's session ends"),
    ("officers.absolute_hours", "hours after which an officer's session ends in any case"),
    ("officers.federated_level", "the least level, 1 to 3, at which a federated sign-in counts for an officer"),
    ("officers.fresh_minutes", "minutes after its sign-in during which a session may do dangerous acts"),
];

impl OfficerAccess {
    pub(super) fn read(values: &Values) -> Result<OfficerAccess, ConfigError> {
        const LEVEL: &str = "officers.federated_level";
        let usual = OfficerAccess::default();
        let least_level = match values.whole_number(LEVEL)? {
            None => usual.least_level,
            Some(level) => u8::try_from(level)
                .ok()
                .filter(|level| (1..=3).contains(level))
                .ok_or_else(|| values.invalid(LEVEL, "1, 2 or 3"))?,
        };
        Ok(OfficerAccess {
            idle: values.whole_number("officers.idle_minutes")?.map_or(usual.idle, Duration::minutes),
            absolute: values.whole_number("officers.absolute_hours")?.map_or(usual.absolute, Duration::hours),
            least_level,
            fresh: values.whole_number("officers.fresh_minutes")?.map_or(usual.fresh, Duration::minutes),
        })
    }
}
