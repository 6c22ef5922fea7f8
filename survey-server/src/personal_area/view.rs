//! What the personal area shows.

use askama::Template;

use crate::web::{layout::Page, visit::Visit};

/// The personal area.
#[derive(Template)]
#[template(path = "personal_area.html")]
pub(super) struct PersonalAreaPage {
    page: Page,
}

impl PersonalAreaPage {
    pub(super) fn new(visit: &Visit) -> PersonalAreaPage {
        PersonalAreaPage { page: visit.page(visit.text("personal-area-title")) }
    }
}
