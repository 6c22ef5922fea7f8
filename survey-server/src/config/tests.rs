//! Configurations good and bad.

use std::{io::Write, path::PathBuf};

use chrono::Duration;

use super::*;

const GOOD: &str = r#"
[site]
municipality = "Comune di Esempio"
[public]
address = "127.0.0.1:8443"
url = "https://localhost:8443"
certificate = "public.pem"
key = "public.key"
[card]
address = "127.0.0.1:8444"
url = "https://localhost:8444"
trust_anchors = "trust"
[database]
url = "sqlite:///tmp/tempi.sqlite"
[keys]
file = "tempi.key"
[session]
idle_minutes = 10
"#;

fn load(text: &str, environment: &[(&str, &str)], overrides: &Overrides) -> Result<Config, ConfigError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(Some(file.path()), environment, overrides)
}

#[track_caller]
fn refused(text: &str, environment: &[(&str, &str)], words: &[&str]) {
    let message = load(text, environment, &Overrides::default()).unwrap_err().to_string();
    for word in words {
        assert!(message.contains(word), "`{word}` is missing from: {message}");
    }
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let overrides = Overrides { card_address: Some("127.0.0.1:3".to_owned()), ..Overrides::default() };
    let environment =
        [("TEMPI_PUBLIC_ADDRESS", "127.0.0.1:2"), ("TEMPI_CARD_ADDRESS", "127.0.0.1:2"), ("TEMPI_LOG", "debug")];
    let config = load(GOOD, &environment, &overrides).unwrap();
    assert_eq!(config.public.address.port(), 2);
    assert_eq!(config.card.address.port(), 3);
    assert_eq!(
        config.card.tls.unwrap().certificate,
        PathBuf::from("public.pem"),
        "the card listener falls back on the public certificate"
    );
    assert_eq!(config.session_lifetime.idle, Duration::minutes(10));
    assert_eq!(config.session_lifetime.absolute, Duration::hours(12));
}

#[test]
fn a_bad_configuration_is_refused_by_key_and_source() {
    refused(&GOOD.replace("url = \"https://localhost:8443\"", ""), &[], &["`public.url`", "TEMPI_PUBLIC_URL"]);
    refused(&GOOD.replace("idle_minutes", "idle_minuts"), &[], &["session.idle_minuts", "session.idle_minutes"]);
    refused(
        &GOOD.replace("127.0.0.1:8443", "localhost"),
        &[],
        &["public.address", "`localhost`", "IP address and a port"],
    );
    refused(&GOOD.replace("https://localhost:8444", "http://localhost:8444"), &[], &["card.url", "https://"]);
    refused(&GOOD.replace("sqlite://", "mysql://"), &[], &["database.url", "postgres://"]);
    refused(&GOOD.replace("= 10", "= 0"), &[], &["session.idle_minutes", "1 to 10000"]);
    refused(GOOD, &[("TEMPI_CARD_ADRESS", "x")], &["TEMPI_CARD_ADRESS", "card.adress"]);
    refused("[site", &[], &["not valid TOML", "line 1"]);
    refused("simulated = true", &[], &["`simulated`"]);
}

#[test]
fn a_missing_file_is_named() {
    let error = Config::load(Some("no/such/file.toml".as_ref()), [], &Overrides::default()).unwrap_err();
    assert!(error.to_string().contains("no/such/file.toml"));
}

#[test]
fn nothing_in_the_configuration_can_simulate_cards() {
    assert!(keys().all(|(key, _)| !key.contains("simul") && !key.contains("demo")));
}

#[test]
fn the_master_key_may_come_from_the_environment_but_not_from_the_file() {
    let without_file = GOOD.replace("file = \"tempi.key\"", "");
    let given = load(&without_file, &[("TEMPI_KEYS_MASTER", "c2VjcmV0")], &Overrides::default()).unwrap();
    assert_eq!(given.master_key.as_ref().map(Secret::reveal), Some("c2VjcmV0"));
    assert!(!format!("{given:?}").contains("c2VjcmV0"));
    refused(&without_file, &[], &["keys.file"]);
    let in_file = GOOD.replace("file = \"tempi.key\"", "master = \"c2VjcmV0\"");
    let message = load(&in_file, &[], &Overrides::default()).unwrap_err().to_string();
    assert!(message.contains("keys.master") && !message.contains("c2VjcmV0"), "{message}");
}

#[test]
fn a_survey_has_a_plain_name_and_ends_after_it_began() {
    let with = |lines: &str| format!("{GOOD}\n[survey]\n{lines}");
    let config = load(&with("name = \"tempi-2026\"\nopens = \"2026-11-02\""), &[], &Overrides::default()).unwrap();
    assert_eq!((config.survey.name.as_str(), config.survey.closes), ("tempi-2026", None));
    assert_eq!(config.survey.opens, chrono::NaiveDate::from_ymd_opt(2026, 11, 2));
    refused(&with("name = \"Tempi 2026\""), &[], &["survey.name", "small letters"]);
    refused(&with("opens = \"2.11.2026\""), &[], &["survey.opens", "2026-11-02"]);
    refused(&with("opens = \"2026-11-02\"\ncloses = \"2026-11-01\""), &[], &["survey.closes"]);
}
