//! The doors to other sites on the sign-in page, and why one of them stayed shut.

use askama::Template;

use super::{Federation, refusal::Refusal};
use crate::{
    config::{ItalianSystem, ProviderKind},
    web::{form::encoded, layout::Page, visit::Visit},
};

/// A button of the sign-in page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    pub(crate) name: String,
    pub(crate) look: Look,
    /// The providers to choose among, with their addresses here; exactly one where there is no choice.
    pub(crate) choices: Vec<Choice>,
}

/// How a door looks: SPID and CIE prescribe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Spid,
    Cie,
}

/// A provider behind a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// The doors in the order of the configuration.
pub(crate) fn doors(federation: &Federation) -> Vec<Door> {
    let doors = federation.providers().iter().map(|provider| {
        let path = format!("/accesso/con/{}", provider.config.id);
        let name = provider.config.name.clone();
        let (look, choices) = match &provider.config.kind {
            ProviderKind::Standard { .. } => (Look::Plain, vec![Choice { name: name.clone(), address: path }]),
            ProviderKind::Federated { system, issuers, .. } => {
                let look = match system {
                    ItalianSystem::Spid => Look::Spid,
                    ItalianSystem::Cie => Look::Cie,
                };
                let choice = |issuer: &String| Choice {
                    name: host(issuer).to_owned(),
                    address: format!("{path}?fornitore={}", encoded(issuer)),
                };
                (look, issuers.iter().map(choice).collect())
            }
        };
        Door { name, look, choices }
    });
    doors.filter(|door| !door.choices.is_empty()).collect()
}

fn host(issuer: &str) -> &str {
    issuer.trim_start_matches("https://").split('/').next().unwrap_or_default()
}

/// Why a sign-in ended without one and what to do.
#[derive(Template)]
#[template(path = "access/refusal.html")]
pub(super) struct RefusalPage {
    page: Page,
    text: String,
    remedy: String,
}

impl RefusalPage {
    pub(super) fn new(visit: &Visit, provider: &str, refusal: Refusal) -> RefusalPage {
        let part = |part: &str| {
            visit.texts.text_with(&format!("federation-{}-{part}", refusal.stem()), &[("provider", provider.into())])
        };
        RefusalPage { page: visit.page(part("title")), text: part("text"), remedy: part("remedy") }
    }
}
