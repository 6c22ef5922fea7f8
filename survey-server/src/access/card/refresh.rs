//! Keeping the trust list and the revocation lists fresh while the server runs. Fills the folders that the judgement reads;
//! judges nothing.

use std::{sync::Arc, time};

use chrono::Duration;

use super::{CardAuthorities, Standing};
use crate::{clock::SharedClock, keys, outbound::Outbound};

/// After a failure the next attempt comes this much sooner.
const SOONER: i32 = 12;

/// Runs until it is dropped.
pub async fn keep_fresh(authorities: Arc<CardAuthorities>, outbound: Outbound, clock: SharedClock) {
    futures_util::future::join(
        keep_trust_list(&authorities, &outbound, &clock),
        keep_revocation_lists(&authorities, &outbound, &clock),
    )
    .await;
}

async fn keep_trust_list(authorities: &CardAuthorities, outbound: &Outbound, clock: &SharedClock) {
    let Some(store) = authorities.trust_list() else { return };
    loop {
        let refresh = store.config.refresh;
        let wait = match store.refresh(outbound, clock.now()).await {
            Ok(list) => {
                tracing::info!(number = list.sequence_number, next_update = %list.next_update, "the trust list is fresh");
                refresh
            }
            Err(error) => {
                tracing::warn!(%error, "the trust list was not renewed");
                refresh / SOONER
            }
        };
        if let Standing::Useless(_, trouble) = store.standing(clock.now()) {
            tracing::error!(trouble, "cards of the trust list's authorities are refused");
        }
        tokio::time::sleep(around(wait)).await;
    }
}

async fn keep_revocation_lists(authorities: &CardAuthorities, outbound: &Outbound, clock: &SharedClock) {
    let Some(lists) = authorities.revocation_lists() else { return };
    let downloads = &lists.downloads;
    if !downloads.are_wanted() {
        return;
    }
    loop {
        authorities.download_revocation_lists(outbound, clock.now()).await;
        let wait = around(downloads.next_due(clock.now()));
        // Either the time comes, or a card names an address that was not known.
        let _ = tokio::time::timeout(wait, downloads.news.notified()).await;
    }
}

/// A duration somewhat shorter, by up to a tenth: installations that start together must not ask together for ever.
fn around(duration: Duration) -> time::Duration {
    let [random] = keys::random_bytes::<1>();
    let shorter = duration - duration * i32::from(random) / 2560;
    shorter.to_std().unwrap_or_default().max(time::Duration::from_millis(200))
}
