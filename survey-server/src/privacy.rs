//! The privacy notice and consent: what a person agrees to before anything is asked, and how they take it back.

mod routes;
pub(crate) mod store;
mod view;

pub(crate) use routes::routes;

/// The version of the notice in force. It grows by one whenever the notice's text changes in substance;
/// whoever agreed to an earlier one is asked again.
pub const NOTICE_VERSION: i32 = 1;

/// Where to agree.
pub(crate) const CONSENT_PATH: &str = "/consenso";

/// The check box that confirms a withdrawal.
const CONFIRMATION_FIELD: &str = "conferma";

/// Somebody who has signed in and agreed to the notice in force. Only [`store`] makes one, after looking
/// it up: questionnaires and diaries are opened with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    id: String,
}

impl Participant {
    /// The pseudonym.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}
