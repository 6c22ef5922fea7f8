//! A look over a configuration before it goes live: what keeps the server from starting, and what would let it start but
//! not be safe. Nothing is started, nothing changed, and the ports are left alone, so that a running installation can be
//! reviewed too.

mod certificate;
mod secret;

use std::{fs, net::IpAddr, os::unix::fs::MetadataExt, path::Path};

use chrono::{DateTime, Duration, Utc};

use crate::{
    access::{
        card::{CardAuthorities, Standing},
        federation::Federation,
        provider::Provider,
    },
    clock::italian_time,
    config::{Config, Listener},
    database::Database,
    keys::file as key_file,
    outbound::Outbound,
    publication::shelf,
    questionnaire::catalogue::folder,
    residents::{self, admission::Who},
    serve::{self, ServeError},
};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The server would not start, or must not go live.
    Fault,
    /// It would work, and somebody should know.
    Warning,
}

/// Something that a review found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub gravity: Gravity,
    /// The key of the configuration it is about.
    pub key: &'static str,
    /// What is wrong and what to do, for whoever runs the installation.
    pub message: String,
}

impl Finding {
    fn fault(key: &'static str, message: impl Into<String>) -> Finding {
        Finding { gravity: Gravity::Fault, key, message: message.into() }
    }

    fn warning(key: &'static str, message: impl Into<String>) -> Finding {
        Finding { gravity: Gravity::Warning, key, message: message.into() }
    }
}

/// Reviews a configuration at `now`. Faults come first; no findings means nothing to say.
pub async fn review(config: &Config, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(listeners(config, now));
    findings.extend(cards(config, now));
    findings.extend(lifetimes(config));
    findings.extend(secret::review(config));
    findings.extend(database(config).await);
    if let Err(error) = Outbound::new(config.outbound_roots.as_deref()) {
        findings.push(Finding::fault("outbound.roots", error.to_string()));
    }
    if let Err(error) = Federation::open(&config.providers, config.federation.as_ref()) {
        findings.push(Finding::fault("provider", error.to_string()));
    }
    if let Some(Err(error)) = config.openid.as_ref().map(Provider::open) {
        findings.push(Finding::fault("openid.key_file", error.to_string()));
    }
    if let Some(folder) = config.publication.as_deref().filter(|folder| shelf::all(folder).is_empty()) {
        findings.push(Finding::warning(
            "site.publication",
            format!("{} holds no edition yet: visitors read that nothing is published", folder.display()),
        ));
    }
    findings.extend(release_desk(config));
    findings.extend(participation(config, now).await);
    if let Some(Err(error)) = config.questionnaires.folder.as_deref().map(folder::read) {
        findings.push(Finding::fault("questionnaires.folder", error.to_string()));
    }
    if is_root() {
        findings.push(Finding::warning(
            "public.address",
            "this command runs as root; let the service run as a user of its own (docs/OPERATIONS.md, systemd)",
        ));
    }
    findings.sort_by_key(|finding| finding.gravity);
    findings
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn listeners(config: &Config, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if config.public.url == config.card.url {
        findings.push(Finding::fault(
            "card.url",
            "it is the public site's address: browsers give a card only to a listener that asks at the first handshake, \
             so it needs a host or a port of its own",
        ));
    }
    for (listener, certificate_key, key_key, takes_cards) in [
        (&config.public, "public.certificate", "public.key", false),
        (&config.card, "card.certificate", "card.key", true),
    ] {
        match serve::tls(listener, takes_cards) {
            Err(error) => findings.push(Finding::fault(certificate_key, error.to_string())),
            // Browsers see the proxy's certificate, not ours.
            Ok(_) if listener.behind_proxy => {}
            Ok(_) => findings.extend(certificate::review(listener, certificate_key, now)),
        }
        if let Some(files) = &listener.tls {
            findings.extend(secret::of_owner_only(&files.key, key_key));
        }
    }
    findings
}

fn cards(config: &Config, now: DateTime<Utc>) -> Vec<Finding> {
    let authorities = &config.authorities;
    let mut findings = Vec::new();
    match CardAuthorities::open(authorities) {
        Err(error) => findings.push(Finding::fault(error.key(), error.to_string())),
        Ok(opened) => {
            let standing = opened.trust_list().map(|list| list.standing(now));
            // The server starts all the same: it downloads the list then, and its authorities do not count until it has.
            if let Some(Standing::Useless(_, trouble)) = standing {
                findings.push(Finding::warning(
                    "trust.list",
                    format!("{trouble}: cards of its authorities are refused. Run `tempi trust refresh`"),
                ));
            }
        }
    }
    if authorities.revocation.is_none() {
        findings.push(Finding::warning(
            "card.revocation_lists",
            "not set: a card that was reported lost still signs in until it expires",
        ));
    }
    let stand_before_something = config.public.behind_proxy || config.card.behind_proxy;
    if !config.proxy.addresses.is_empty() && !stand_before_something {
        findings.push(Finding::warning(
            "proxy.addresses",
            "proxies are named, but neither public.behind_proxy nor card.behind_proxy is set: they are believed nothing",
        ));
    }
    findings
}

/// How long before the register is removed the office is told, in days.
const REGISTER_NOTICE_DAYS: i64 = 30;

/// The folder of releases holds drafts and what earlier editions told; the folder of editions takes new ones.
fn release_desk(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(folder) = config.releases.folder.as_deref() else { return findings };
    if fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 0o077 != 0) {
        let message = format!("{} may be entered by others than its owner: run `chmod 700` on it", folder.display());
        findings.push(Finding::fault("releases.folder", message));
    }
    match config.publication.as_deref() {
        None => {
            let message = "approved editions have no place: set the folder of the editions".to_owned();
            findings.push(Finding::fault("site.publication", message));
        }
        Some(editions) if editions.join("index.html").exists() => {
            let message = format!(
                "{} holds a single edition, beside which no other has a place: make a folder of editions and move it there \
                 under its number",
                editions.display()
            );
            findings.push(Finding::fault("site.publication", message));
        }
        Some(_) => {}
    }
    findings
}

/// A survey of residents needs to know who they are, and tomorrow too.
async fn participation(config: &Config, now: DateTime<Utc>) -> Option<Finding> {
    if config.participation.who == Who::Everybody || Database::would_be_created(&config.database_url) {
        return None;
    }
    let database = Database::open(&config.database_url).await.ok()?;
    // Where the database cannot be asked, another finding says so.
    let Some(imported_at) = residents::imported_at(&database).await.ok()? else {
        let message = "no register of residents was imported: who is one cannot be told (`tempi residents import`)";
        return Some(Finding::warning("participation.who", message));
    };
    let ends = imported_at + config.retention.register;
    (ends - now < Duration::days(REGISTER_NOTICE_DAYS)).then(|| {
        let (imported, ends) = (italian_time(imported_at).date(), italian_time(ends).date());
        let message =
            format!("the register of residents, imported on {imported}, is removed on {ends}: import a new one");
        Finding::warning("retention.register_days", message)
    })
}

fn lifetimes(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lifetime = config.session_lifetime;
    if lifetime.idle > Duration::hours(1) {
        findings.push(Finding::warning(
            "session.idle_minutes",
            "more than an hour: at a shared computer the next person finds the session open",
        ));
    }
    if lifetime.absolute > Duration::hours(24) {
        findings.push(Finding::warning("session.absolute_hours", "more than a day: the card is asked for too rarely"));
    }
    if lifetime.idle > lifetime.absolute {
        findings.push(Finding::fault(
            "session.idle_minutes",
            "longer than session.absolute_hours, so that it never counts: make it shorter",
        ));
    }
    findings
}

async fn database(config: &Config) -> Vec<Finding> {
    const KEY: &str = "database.url";
    let url = config.database_url.as_str();
    let mut findings = Vec::new();
    if let Some(host) = unprotected_host(url) {
        findings.push(Finding::warning(
            KEY,
            format!("{host} is another machine and the connection is not encrypted: add ?sslmode=verify-full"),
        ));
    }
    if let Some(path) = url.strip_prefix("sqlite://") {
        findings.extend(secret::of_owner_only(Path::new(path), KEY));
    }
    match existing_database(config).await {
        Ok(Some(message)) => findings.push(Finding::fault(KEY, message)),
        Ok(None) => {}
        Err(error) => {
            let key = match error {
                ServeError::Database(_) => KEY,
                _ => "keys.file",
            };
            findings.push(Finding::fault(key, error.to_string()));
        }
    }
    findings
}

/// Whether the database, as far as it exists already, fits the program and the key file; or why its commits could be lost.
async fn existing_database(config: &Config) -> Result<Option<String>, ServeError> {
    if Database::would_be_created(&config.database_url) {
        return Ok(None);
    }
    let database = Database::open(&config.database_url).await?;
    if !database.is_empty().await? {
        database.check_schema().await?;
        if database.has_keys().await? {
            database.recognise(&key_file::read(config, false)?).await?;
        }
    }
    Ok((!database.is_durable().await?).then(|| {
        "the database acknowledges commits before they are on the disk: set synchronous_commit = on for its role"
            .to_owned()
    }))
}

/// The host of a PostgreSQL URL when it is another machine and neither `sslmode=require` nor a stricter one is asked for.
fn unprotected_host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => host.split(':').next()?,
    };
    let is_local = host.is_empty()
        || host == "localhost"
        || host.starts_with('%')
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_encrypted =
        ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| url.contains(mode));
    (!is_local && !is_encrypted).then_some(host)
}

/// The host that browsers use for a listener.
fn host_of(listener: &Listener) -> &str {
    let authority = listener.url.trim_start_matches("https://");
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_to_another_machine_must_be_encrypted() {
        for local in ["postgres://localhost/t", "postgres://u:p@127.0.0.1:5432/t", "postgres://[::1]/t", "sqlite:///x"]
        {
            assert_eq!(unprotected_host(local), None, "{local}");
        }
        assert_eq!(unprotected_host("postgres://u:p%40@db.example.it:5432/t"), Some("db.example.it"));
        assert_eq!(unprotected_host("postgresql://db.example.it/t?sslmode=prefer"), Some("db.example.it"));
        assert_eq!(unprotected_host("postgres://db.example.it/t?sslmode=verify-full"), None);
    }
}
