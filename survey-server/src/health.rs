//! Whether this process can do its work: for load balancers and monitors.

use std::sync::Arc;

use actix_web::HttpResponse;

use crate::{
    access::guard::{Anybody, Guarded, Store},
    app::Services,
    database::Database,
    web::route::Route,
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/salute", health)]
}

/// Nothing of the database but whether it answers.
struct Pulse(Database);

impl Store for Pulse {
    fn open(services: &Arc<Services>) -> Pulse {
        Pulse(services.database.clone())
    }
}

async fn health(pulse: Guarded<Anybody, Pulse>) -> HttpResponse {
    match pulse.store().0.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("database\n")
        }
    }
}
