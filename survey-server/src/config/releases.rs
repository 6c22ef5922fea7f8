//! Where releases are prepared, and how much a run may take.

use std::{path::PathBuf, time::Duration};

use super::{ConfigError, Key, values::Values};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    (
        "releases.folder",
        "the folder in which releases are prepared, for its owner only; without it there is no release desk",
    ),
    ("releases.minimum_frequency", "the fewest persons behind a published number that the desk accepts; 3 at least"),
    ("releases.time_limit_minutes", "minutes after which a run is stopped"),
    ("releases.memory_megabytes", "megabytes of memory beyond which a run is stopped"),
    ("releases.niceness", "how far a run gives way to the site, from 1 to 19"),
];

/// The law's minimum (D.Lgs. 322/1989, art. 9).
const LEAST_FREQUENCY: u64 = 3;

/// Where releases are prepared, and how much a run may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasesConfig {
    /// Where drafts and the history of releases lie; no release desk when not set.
    pub folder: Option<PathBuf>,
    /// The fewest persons behind a published number.
    pub minimum_frequency: u64,
    /// How long a run may take.
    pub time_limit: Duration,
    /// How much memory it may have, in bytes.
    pub memory_limit: u64,
    /// How far it gives way to the site: 1 hardly, 19 to everything.
    pub niceness: u8,
    /// The program that runs it; the server's own where this says nothing.
    pub program: Option<PathBuf>,
}

impl Default for ReleasesConfig {
    fn default() -> ReleasesConfig {
        ReleasesConfig {
            folder: None,
            minimum_frequency: LEAST_FREQUENCY,
            time_limit: Duration::from_secs(2 * 3600),
            memory_limit: 8 << 30,
            niceness: 10,
            program: None,
        }
    }
}

impl ReleasesConfig {
    pub(super) fn read(values: &Values) -> Result<ReleasesConfig, ConfigError> {
        let usual = ReleasesConfig::default();
        let number = |key: &'static str| Ok(values.whole_number(key)?.and_then(|number| u64::try_from(number).ok()));
        let minimum_frequency = number("releases.minimum_frequency")?.unwrap_or(usual.minimum_frequency);
        if minimum_frequency < LEAST_FREQUENCY {
            return Err(values.invalid("releases.minimum_frequency", "3 or more (D.Lgs. 322/1989, art. 9)"));
        }
        let niceness = match number("releases.niceness")? {
            None => usual.niceness,
            Some(niceness) => u8::try_from(niceness)
                .ok()
                .filter(|niceness| (1..=19).contains(niceness))
                .ok_or_else(|| values.invalid("releases.niceness", "a whole number from 1 to 19"))?,
        };
        Ok(ReleasesConfig {
            folder: values.optional_path("releases.folder"),
            minimum_frequency,
            time_limit: number("releases.time_limit_minutes")?
                .map_or(usual.time_limit, |minutes| Duration::from_secs(minutes.saturating_mul(60))),
            memory_limit: number("releases.memory_megabytes")?
                .map_or(usual.memory_limit, |megabytes| megabytes.saturating_mul(1 << 20)),
            niceness,
            program: None,
        })
    }
}
