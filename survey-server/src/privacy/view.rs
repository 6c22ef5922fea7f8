//! What the notice and the consent show.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::residents::city_user;
use crate::web::{date, layout::Page, visit::Visit};

/// The notice, with the consent to give or to withdraw.
#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct ConsentPage {
    page: Page,
    sections: Vec<Section>,
    /// When consent was given, in words.
    given: Option<String>,
    /// Where something must be said before one can agree.
    first: Option<&'static str>,
    confirmation_field: &'static str,
    confirmation_missing: bool,
}

struct Section {
    heading: String,
    text: String,
}

impl ConsentPage {
    pub(super) fn new(
        visit: &Visit,
        given_at: Option<DateTime<Utc>>,
        may_agree: bool,
        confirmation_missing: bool,
    ) -> ConsentPage {
        let section = |number: usize| Section {
            heading: visit.text(&format!("notice-{number}-heading")),
            text: visit.text(&format!("notice-{number}-text")),
        };
        let given = |instant| {
            visit.texts.text_with("consent-given", &[("date", date::long_instant(&visit.texts, instant).into())])
        };
        ConsentPage {
            page: visit.page(visit.text("consent-title")),
            sections: (1..=4).map(section).collect(),
            given: given_at.map(given),
            first: (!may_agree).then_some(city_user::PATH),
            confirmation_field: super::CONFIRMATION_FIELD,
            confirmation_missing,
        }
    }
}

/// The receipt of a withdrawal.
#[derive(Template)]
#[template(path = "withdrawn.html")]
pub(super) struct WithdrawnPage {
    page: Page,
}

impl WithdrawnPage {
    pub(super) fn new(visit: &Visit) -> WithdrawnPage {
        WithdrawnPage { page: visit.page(visit.text("consent-withdrawn-title")) }
    }
}
