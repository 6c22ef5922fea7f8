//! What the register and the sample hold of one person, for that person to read.

pub(crate) mod store;

use chrono::{DateTime, Utc};

use super::{resident::Resident, sample::SampledPerson};

/// What is held of somebody besides what they told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Their line in the register, and when the extract came in.
    pub(crate) resident: Option<(Resident, Option<DateTime<Utc>>)>,
    /// Their place in the sample, with the line as it was when the sample was drawn.
    pub(crate) sampled: Option<SampledPerson>,
}
