//! The privacy notice and consent: what a person agrees to before anything is asked, and how they take it back.

mod routes;
pub(crate) mod store;
mod view;

use chrono::{DateTime, Utc};
pub(crate) use routes::routes;

use crate::{
    error::AppError,
    survey::{Link, Mode, Survey},
    web::visit::Visit,
};

/// The version of the notice in force. It grows by one whenever the notice's text changes in substance;
/// whoever agreed to an earlier one is asked again.
pub const NOTICE_VERSION: i32 = 1;

/// Where to agree.
pub(crate) const CONSENT_PATH: &str = "/consenso";

/// The notice in force: headings and texts.
pub(crate) fn notice(visit: &Visit) -> Vec<(String, String)> {
    let part = |number: usize, part: &str| visit.text(&format!("notice-{number}-{part}"));
    (1..=N_SECTIONS).map(|number| (part(number, "heading"), part(number, "text"))).collect()
}

/// Sections of the notice.
const N_SECTIONS: usize = 4;

/// The check box that confirms a withdrawal.
const CONFIRMATION_FIELD: &str = "conferma";

/// Somebody who has signed in and agreed to the notice in force. Only [`store`] makes one, after looking
/// it up: questionnaires and diaries are opened with it, and know the person as a respondent only.
#[derive(Debug, Clone)]
pub struct Participant {
    respondent_id: String,
    survey: Survey,
    link: Link,
    mode: Mode,
}

impl Participant {
    /// The name by which answers of the survey know the person.
    pub(crate) fn respondent_id(&self) -> &str {
        &self.respondent_id
    }

    /// The survey.
    pub(crate) fn survey(&self) -> &Survey {
        &self.survey
    }

    /// What ties answers to the person.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// How what is told now reaches us.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// Holds that answers may still be given.
    pub(crate) fn may_answer(&self, now: DateTime<Utc>) -> Result<(), AppError> {
        if self.survey.is_open(now) { Ok(()) } else { Err(AppError::SurveyClosed) }
    }
}
