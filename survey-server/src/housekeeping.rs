//! What is done from time to time while the server runs: dead sessions and tickets are swept out.

use std::{sync::Arc, time::Duration};

use crate::{access::Sessions, app::Services};

/// How often.
pub(crate) const INTERVAL: Duration = Duration::from_secs(600);

/// Sweeps at once and then at every interval, until it is dropped.
pub(crate) async fn run(services: Arc<Services>, interval: Duration) {
    loop {
        match Sessions::over(&services).sweep(services.clock.now()).await {
            Ok(0) => {}
            Ok(n_sessions) => tracing::info!(n_sessions, "dead sessions swept out"),
            Err(error) => tracing::warn!(%error, "dead sessions were not swept out"),
        }
        tokio::time::sleep(interval).await;
    }
}
