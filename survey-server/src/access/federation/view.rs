//! The doors to other sites on the sign-in page, and why one of them stayed shut.

use askama::Template;

use super::{Federation, IdentityProvider, refusal::Refusal};
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
                match issuers.as_slice() {
                    // Which there are is known to the trust anchor; a page of its own asks it.
                    [] | [_] => (look, vec![Choice { name: name.clone(), address: path }]),
                    several => (look, choices(federation, provider, several)),
                }
            }
        };
        Door { name, look, choices }
    });
    doors.filter(|door| !door.choices.is_empty()).collect()
}

fn choices(federation: &Federation, provider: &IdentityProvider, issuers: &[String]) -> Vec<Choice> {
    let choice = |issuer: &String| Choice {
        name: federation.name_of(issuer),
        address: format!("/accesso/con/{}?fornitore={}", provider.config.id, encoded(issuer)),
    };
    let mut choices: Vec<Choice> = issuers.iter().map(choice).collect();
    choices.sort_by(|one, other| one.name.cmp(&other.name));
    choices
}

/// Which of several providers somebody wants to sign in with.
#[derive(Template)]
#[template(path = "access/choice.html")]
pub(super) struct ChoicePage {
    page: Page,
    choices: Vec<Choice>,
}

impl ChoicePage {
    pub(super) fn new(
        visit: &Visit,
        federation: &Federation,
        provider: &IdentityProvider,
        issuers: &[String],
    ) -> ChoicePage {
        let name = provider.config.name.as_str();
        let title = visit.texts.text_with("federation-choice-title", &[("provider", name.into())]);
        ChoicePage { page: visit.page(title), choices: choices(federation, provider, issuers) }
    }
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
