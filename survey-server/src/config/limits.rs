//! How often the same address or session may act.

use super::{ConfigError, Key, values::Values};
use crate::web::rate_limit::RateLimits;

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("limits.sign_ins_per_minute", "steps of signing in per address and minute; a card read and its handover are two"),
    ("limits.forms_per_minute", "forms per session and minute"),
    ("limits.downloads_per_hour", "copies of one's own data per person and hour"),
    ("limits.assistances_per_hour", "attempts to begin an assisted session per person and hour"),
    ("limits.household_codes_per_hour", "codes of households that one person may try per hour"),
];

impl RateLimits {
    pub(super) fn read(values: &Values) -> Result<RateLimits, ConfigError> {
        let usual = RateLimits::default();
        let limit = |key, usual| {
            Ok(values.whole_number(key)?.map_or(usual, |number| u32::try_from(number).unwrap_or(u32::MAX)))
        };
        Ok(RateLimits {
            sign_ins_per_minute: limit("limits.sign_ins_per_minute", usual.sign_ins_per_minute)?,
            forms_per_minute: limit("limits.forms_per_minute", usual.forms_per_minute)?,
            household_codes_per_hour: limit("limits.household_codes_per_hour", usual.household_codes_per_hour)?,
            downloads_per_hour: limit("limits.downloads_per_hour", usual.downloads_per_hour)?,
            assistances_per_hour: limit("limits.assistances_per_hour", usual.assistances_per_hour)?,
        })
    }
}
