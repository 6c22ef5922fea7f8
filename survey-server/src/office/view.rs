//! What the office's first page shows.

use askama::Template;

use super::PLACES;
use crate::{
    access::officer::{RoleInForce, role_text, until_text},
    web::{layout::Page, visit::Visit},
};

/// The roles of whoever asks, and the pages they open.
#[derive(Template)]
#[template(path = "office.html")]
pub(super) struct OfficePage {
    page: Page,
    roles: Vec<(String, String)>,
    places: Vec<PlaceView>,
}

struct PlaceView {
    path: &'static str,
    title: String,
    text: String,
}

impl OfficePage {
    pub(super) fn new(visit: &Visit, roles: &[RoleInForce]) -> OfficePage {
        let own = PLACES.iter().filter(|place| roles.iter().any(|held| place.roles.contains(&held.role)));
        OfficePage {
            page: visit.page(visit.text("office-title")),
            roles: roles
                .iter()
                .map(|held| (role_text(visit, held.role), until_text(visit, held.until, true)))
                .collect(),
            places: own
                .map(|place| PlaceView {
                    path: place.path,
                    title: visit.text(&format!("office-{}", place.stem)),
                    text: visit.text(&format!("office-{}-text", place.stem)),
                })
                .collect(),
        }
    }
}
