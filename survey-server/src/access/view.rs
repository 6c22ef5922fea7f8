//! What the sign-in page shows.

use askama::Template;

use super::federation::{Door, Look};
use crate::web::{layout::Page, visit::Visit};

/// How to sign in.
#[derive(Template)]
#[template(path = "access/sign_in.html")]
pub(super) struct SignInPage {
    page: Page,
    /// The card listener, with the digest of this browser's nonce.
    card_address: String,
    /// The other sites that people may sign in with.
    doors: Vec<Door>,
    /// Whether another portal sent the person here and waits.
    continues: bool,
}

impl SignInPage {
    pub(super) fn new(visit: &Visit, card_address: String, doors: Vec<Door>) -> SignInPage {
        SignInPage { page: visit.page(visit.text("access-title")), card_address, doors, continues: visit.continues }
    }
}
