//! What the card listener shows: the step back to the main site, or a refusal.

use askama::Template;

use super::Refusal;
use crate::{
    access::handover::{REDEMPTION_PATH, TICKET_FIELD},
    web::{layout::Page, visit::Visit},
};

/// The form that carries the ticket to the main site: a script submits it, and without one the button does.
#[derive(Template)]
#[template(path = "access/handover.html")]
pub(super) struct HandoverPage {
    page: Page,
    action: String,
    field: &'static str,
    ticket: String,
}

impl HandoverPage {
    pub(super) fn new(visit: &Visit, ticket: String) -> HandoverPage {
        HandoverPage {
            page: visit.page(visit.text("handover-title")),
            action: format!("{}{REDEMPTION_PATH}", visit.settings.public_url),
            field: TICKET_FIELD,
            ticket,
        }
    }
}

/// Why a card was refused and what to do.
#[derive(Template)]
#[template(path = "access/refusal.html")]
pub(super) struct RefusalPage {
    page: Page,
    text: String,
    remedy: String,
}

impl RefusalPage {
    pub(super) fn new(visit: &Visit, refusal: Refusal) -> RefusalPage {
        let part = |part: &str| visit.text(&format!("refusal-{}-{part}", refusal.stem()));
        RefusalPage { page: visit.page(part("title")), text: part("text"), remedy: part("remedy") }
    }
}
