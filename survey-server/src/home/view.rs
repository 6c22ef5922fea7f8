//! What the front page and the legal pages show.

use askama::Template;

use crate::{
    publication::{self, Finding},
    web::{layout::Page, visit::Visit},
};

/// The front page.
#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct HomePage {
    page: Page,
    has_results: bool,
    findings: Vec<Finding>,
}

/// How many findings the front page tells.
const N_FINDINGS: usize = 3;

impl HomePage {
    pub(super) fn new(visit: &Visit) -> HomePage {
        let edition = visit.settings.edition(visit.now);
        let findings = edition
            .as_ref()
            .map(|edition| publication::findings(&edition.folder, visit.texts.language))
            .unwrap_or_default();
        HomePage {
            page: visit.page(visit.text("home-title")),
            has_results: edition.is_some(),
            findings: findings.into_iter().take(N_FINDINGS).collect(),
        }
    }
}

/// A page of headed paragraphs whose keys are `<stem>-title`, `<stem>-1-heading`, `<stem>-1-text`, and so on.
#[derive(Template)]
#[template(path = "text.html")]
pub(super) struct TextPage {
    page: Page,
    sections: Vec<Section>,
}

struct Section {
    heading: String,
    text: String,
}

impl TextPage {
    pub(super) fn new(visit: &Visit, stem: &str) -> TextPage {
        let key = |number: usize, part: &str| format!("{stem}-{number}-{part}");
        let numbers = (1..).take_while(|number| crate::i18n::is_translated(&key(*number, "heading")));
        let section =
            |number| Section { heading: visit.text(&key(number, "heading")), text: visit.text(&key(number, "text")) };
        TextPage { page: visit.page(visit.text(&format!("{stem}-title"))), sections: numbers.map(section).collect() }
    }
}
