//! Who somebody is: cards, tickets, sessions, and the guard that hands data only to those who may see it.
//! The only capability that ever sees a fiscal code.

pub(crate) mod assistance;
mod attempt;
pub mod card;
pub mod federation;
pub mod guard;
mod handover;
pub mod jose;
pub mod officer;
pub mod provider;
pub mod session;
pub mod simulated;
pub(crate) mod store;
mod view;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub(crate) use attempt::Attempt;
pub(crate) use session::store::Sessions;
pub(crate) use store::{Identities, Tickets, fiscal_code};

use crate::{
    app::Services,
    web::{rate_limit::Counted, route::Route},
};

/// Identities, tickets and sessions together: what a sign-in needs.
pub(crate) struct Reception {
    pub(crate) identities: Identities,
    pub(crate) tickets: Tickets,
    pub(crate) sessions: Sessions,
    services: Arc<Services>,
}

impl Reception {
    /// Puts a refused card on record.
    async fn note_refusal(&self, refusal: card::Refusal, place: Option<Counted>, now: DateTime<Utc>) {
        card::note(&self.services, refusal, place, now).await;
    }
}

impl guard::Store for Reception {
    fn open(services: &Arc<Services>) -> Reception {
        Reception {
            identities: Identities::open(services),
            tickets: Tickets::open(services),
            sessions: Sessions::open(services),
            services: Arc::clone(services),
        }
    }
}

/// The routes of the main site: the sign-in page, the redemption of tickets, signing out.
pub(crate) fn routes() -> Vec<Route> {
    [
        handover::routes(),
        federation::routes(),
        provider::routes(),
        session::routes(),
        officer::routes(),
        assistance::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
