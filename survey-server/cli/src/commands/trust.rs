//! `tempi trust`: whose cards are believed, and the lists that say so.

use anyhow::bail;
use serde_json::json;
use survey_server::access::card::{CardAuthorities, Standing};
use survey_server::clock::{Clock, SystemClock};
use survey_server::outbound::Outbound;

use super::server::configuration;
use crate::arguments::ServerArguments;
use crate::results::Results;

/// Downloads the trust list and the revocation lists. A running server meets them in their folders.
pub async fn refresh(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let config = configuration(arguments)?;
    let authorities = CardAuthorities::open(&config.authorities)?;
    let outbound = Outbound::new(config.outbound_roots.as_deref())?;
    let now = SystemClock.now();
    let mut lines = Vec::new();
    let mut failures = Vec::new();
    let mut number = None;
    if let Some(store) = authorities.trust_list() {
        match store.refresh(&outbound, now).await {
            Ok(list) => {
                number = Some(list.sequence_number);
                lines.push(format!(
                    "The trust list is number {}, issued on {}; the next is due by {}.",
                    list.sequence_number,
                    list.issued.format("%F"),
                    list.next_update.format("%F")
                ));
            }
            Err(error) => failures.push(error.to_string()),
        }
    }
    let failed = authorities.download_revocation_lists(&outbound, now).await;
    if authorities.revocation_lists().is_some() && failed.is_empty() {
        lines.push("The revocation lists are as fresh as their authorities make them.".to_owned());
    }
    failures.extend(failed.iter().map(ToString::to_string));
    lines.extend(failures.iter().map(|failure| format!("failed: {failure}")));
    if lines.is_empty() {
        lines.push("Nothing is downloaded here: neither trust.list nor revocation addresses are set.".to_owned());
    }
    results.print(&lines.join("\n"), &json!({ "sequence_number": number, "failures": failures }));
    if !failures.is_empty() {
        bail!("{} of the lists could not be renewed; what was kept stays in use", failures.len());
    }
    Ok(())
}

/// Lists the authorities that are believed now, and where they come from.
pub fn show(arguments: &ServerArguments, results: Results) -> anyhow::Result<()> {
    let config = configuration(arguments)?;
    let authorities = CardAuthorities::open(&config.authorities)?;
    let believed = authorities.believed(SystemClock.now());
    let mut lines: Vec<String> = believed
        .iter()
        .map(|authority| match authority.since {
            Some(since) => format!("{}  (trust list, since {})", authority.name, since.format("%F")),
            None => format!("{}  (card.trust_anchors)", authority.name),
        })
        .collect();
    let standing = authorities.trust_list().map(|store| store.standing(SystemClock.now()));
    let trouble = match &standing {
        Some(Standing::Useless(_, trouble)) => Some(trouble),
        _ => None,
    };
    lines.extend(trouble.map(|trouble| format!("The trust list does not count: {trouble}.")));
    let rows = believed
        .iter()
        .map(|authority| json!({ "name": authority.name, "since": authority.since.map(|since| since.to_rfc3339()) }));
    results.print(&lines.join("\n"), &json!({ "authorities": rows.collect::<Vec<_>>(), "trouble": trouble }));
    Ok(())
}
