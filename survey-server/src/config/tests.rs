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

const CONNECTED: &str = r#"
[provider.regione]
name = "Regione"
issuer = "https://idp.example"
client_id = "tempi"
key_file = "regione.key"
scopes = ["profile"]
acr = ["urn:a", "urn:b"]
[provider.altro]
name = "Altro"
issuer = "https://altro.example"
client_id = "tempi"
authentication = "client_secret_basic"
secret_file = "altro.secret"
[client.biblioteca]
name = "Biblioteca"
redirect_uris = ["https://biblioteca.example/ritorno"]
keys_file = "biblioteca.jwks"
[openid]
key_file = "openid.key"
"#;

#[test]
fn named_tables_are_read_each_on_its_own_and_the_environment_reaches_them() {
    let text = format!("{GOOD}{CONNECTED}");
    let config = load(&text, &[("TEMPI_PROVIDER_ALTRO_CLIENT_ID", "other")], &Overrides::default()).unwrap();
    let [altro, regione] = &config.providers[..] else { panic!("{:?}", config.providers) };
    assert_eq!((altro.id.as_str(), regione.id.as_str()), ("altro", "regione"));
    assert!(matches!(&altro.kind, ProviderKind::Standard { client_id, .. } if client_id == "other"));
    assert_eq!(regione.scopes, ["openid", "profile"]);
    assert_eq!(regione.acr, ["urn:a", "urn:b"]);
    let openid = config.openid.unwrap();
    assert_eq!(openid.clients[0].id, "biblioteca");
    assert!(!openid.clients[0].receives_fiscal_code);
    assert!(load(GOOD, &[], &Overrides::default()).unwrap().openid.is_none(), "off unless configured");
}

#[test]
fn a_bad_table_is_refused_by_its_full_key() {
    let bad = |from: &str, to: &str, words: &[&str]| {
        let changed = CONNECTED.replacen(from, to, 1);
        assert_ne!(changed, CONNECTED, "{from}");
        refused(&format!("{GOOD}{changed}"), &[], words);
    };
    bad(
        "issuer = \"https://idp.example\"",
        "issuer = \"http://idp.example\"",
        &["provider.regione.issuer", "https://"],
    );
    bad("key_file = \"regione.key\"", "", &["provider.regione.key_file", "TEMPI_PROVIDER_REGIONE_KEY_FILE"]);
    bad("secret_file = \"altro.secret\"", "", &["provider.altro.secret_file"]);
    bad("client_secret_basic", "none", &["provider.altro.authentication", "private_key_jwt"]);
    bad("client_id = \"tempi\"", "clientid = \"tempi\"", &["provider.regione.clientid", "provider.NAME.client_id"]);
    bad("[provider.regione]", "[provider.Regione]", &["provider.Regione"]);
    bad("[provider.regione]", "[provider.NAME]", &["provider.NAME"]);
    bad("keys_file = \"biblioteca.jwks\"", "", &["client.biblioteca.keys_file"]);
    bad(
        "https://biblioteca.example/ritorno",
        "http://biblioteca.example/ritorno",
        &["client.biblioteca.redirect_uris"],
    );
    bad("https://biblioteca.example/ritorno", "https://a@b.example/", &["client.biblioteca.redirect_uris"]);
    bad("[openid]\nkey_file = \"openid.key\"", "", &["openid.key_file"]);
    bad("scopes = [\"profile\"]", "kind = \"spid\"", &["provider.regione.trust_anchor"]);
}
