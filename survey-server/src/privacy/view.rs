//! What the notice and the consent show.

use askama::Template;

use super::store::Given;
use crate::{
    paradata,
    residents::city_user,
    web::{date, layout::Page, visit::Visit},
};

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
    /// Whether it may be kept how the days are filled in.
    agrees_to_paradata: bool,
    paradata_path: &'static str,
    paradata_field: &'static str,
}

struct Section {
    heading: String,
    text: String,
}

impl ConsentPage {
    pub(super) fn new(visit: &Visit, given: Given, may_agree: bool, confirmation_missing: bool) -> ConsentPage {
        let in_words = |instant| {
            visit.texts.text_with("consent-given", &[("date", date::long_instant(&visit.texts, instant).into())])
        };
        ConsentPage {
            page: visit.page(visit.text("consent-title")),
            sections: super::notice(visit).into_iter().map(|(heading, text)| Section { heading, text }).collect(),
            given: given.at.map(in_words),
            first: (!may_agree).then_some(city_user::PATH),
            agrees_to_paradata: given.paradata,
            paradata_path: paradata::CONSENT_PATH,
            paradata_field: paradata::CHOICE_FIELD,
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
