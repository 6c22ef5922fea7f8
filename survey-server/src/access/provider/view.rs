//! What people read before a portal learns who they are, and before they sign out at its wish.

use askama::Template;

use super::request::Request;
use crate::web::{layout::Page, visit::Visit};

/// Which portal receives what.
#[derive(Template)]
#[template(path = "access/agreement.html")]
pub(super) struct AgreementPage {
    page: Page,
    portal: String,
    host: String,
    fiscal_code: bool,
    action: &'static str,
    field: &'static str,
    pending: String,
}

impl AgreementPage {
    pub(super) fn new(
        visit: &Visit,
        request: &Request<'_>,
        action: &'static str,
        field: &'static str,
        pending: String,
    ) -> AgreementPage {
        let portal = request.portal.config.name.clone();
        let title = visit.texts.text_with("agreement-title", &[("portal", portal.as_str().into())]);
        let host = super::client::Portal::origin(&request.redirect_uri).trim_start_matches("https://").to_owned();
        AgreementPage {
            page: visit.page(title),
            portal,
            host,
            fiscal_code: request.wants_fiscal_code,
            action,
            field,
            pending,
        }
    }
}

/// Whether to sign out.
#[derive(Template)]
#[template(path = "access/sign_out.html")]
pub(super) struct SignOutPage {
    page: Page,
    text: String,
    action: &'static str,
    field: &'static str,
    pending: String,
}

impl SignOutPage {
    pub(super) fn new(
        visit: &Visit,
        portal: Option<String>,
        action: &'static str,
        field: &'static str,
        pending: String,
    ) -> SignOutPage {
        let text = match portal {
            Some(portal) => visit.texts.text_with("sign-out-portal-text", &[("portal", portal.into())]),
            None => visit.text("sign-out-text"),
        };
        SignOutPage { page: visit.page(visit.text("sign-out-title")), text, action, field, pending }
    }
}
