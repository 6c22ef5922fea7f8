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

const BEHIND_A_PROXY: &str = r#"
[site]
municipality = "Comune di Esempio"
[public]
address = "127.0.0.1:8080"
url = "https://localhost:8443"
behind_proxy = true
[card]
address = "10.0.0.7:8081"
url = "https://localhost:8444"
behind_proxy = true
trust_anchors = "trust"
[proxy]
addresses = ["10.0.0.1", "10.0.0.2"]
[database]
url = "sqlite:///tmp/tempi.sqlite"
[keys]
file = "tempi.key"
"#;

#[test]
fn a_listener_behind_a_proxy_needs_to_know_the_proxy_and_a_network_of_its_own() {
    let config = load(BEHIND_A_PROXY, &[("TEMPI_PROXY_CERTIFICATE_HEADER", "X-Card")], &Overrides::default()).unwrap();
    assert!(config.public.tls.is_none() && config.card.tls.is_none() && config.card.behind_proxy);
    assert_eq!(config.proxy.addresses, ["10.0.0.1", "10.0.0.2"].map(|text| text.parse::<std::net::IpAddr>().unwrap()));
    assert_eq!(config.proxy.certificate_header, "x-card");
    let usual = load(BEHIND_A_PROXY, &[], &Overrides::default()).unwrap();
    assert_eq!(usual.proxy.certificate_header, "x-tempi-client-certificate");

    refused(&BEHIND_A_PROXY.replace("addresses = [\"10.0.0.1\", \"10.0.0.2\"]", ""), &[], &["`proxy.addresses`"]);
    refused(&BEHIND_A_PROXY.replace("10.0.0.2", "proxy.example"), &[], &["proxy.addresses", "IP addresses"]);
    refused(&BEHIND_A_PROXY.replace("10.0.0.7", "192.0.2.7"), &[], &["card.address", "private network"]);
    refused(&BEHIND_A_PROXY.replace("127.0.0.1:8080", "0.0.0.0:8080"), &[], &["public.address", "private network"]);
    refused(
        &BEHIND_A_PROXY.replace("behind_proxy = true", "behind_proxy = 1"),
        &[],
        &["behind_proxy", "true or false"],
    );
    refused(BEHIND_A_PROXY, &[("TEMPI_PROXY_CERTIFICATE_HEADER", "ssl_client_cert")], &["begins with x-"]);
    refused(BEHIND_A_PROXY, &[("TEMPI_PROXY_CERTIFICATE_HEADER", "Cookie")], &["begins with x-"]);
    // Without the switch, the listener ends TLS itself and needs a certificate.
    refused(&BEHIND_A_PROXY.replacen("behind_proxy = true", "", 1), &[], &["`public.certificate`"]);
}

#[test]
fn lists_need_a_place_and_the_trust_list_its_signers() {
    let with = |sections: &str| format!("{GOOD}{sections}");
    let trust = "[trust]\nlist = \"https://list.example.it/list.xml\"\nsigners = \"signers\"\nfolder = \"kept\"\n";
    let config = load(&with(trust).replace("trust_anchors = \"trust\"", ""), &[], &Overrides::default()).unwrap();
    assert_eq!(config.authorities.trust_anchors, None);
    assert_eq!(config.authorities.trust_list.unwrap().refresh, Duration::hours(12));
    refused(&with(&trust.replace("signers = \"signers\"", "")), &[], &["`trust.signers`"]);
    refused(&GOOD.replace("trust_anchors = \"trust\"", ""), &[], &["`card.trust_anchors`"]);

    let revocation =
        "[revocation]\naddresses = \"http://a.example.it/1.crl, http://a.example.it/2.crl\"\ngrace_hours = 6\n";
    refused(&with(revocation), &[], &["`card.revocation_lists`"]);
    refused(&with("[revocation]\nfrom_certificates = true\n"), &[], &["`card.revocation_lists`"]);
    refused(&with(&revocation.replace("http://a", "ldap://a")), &[], &["revocation.addresses", "http://"]);
    let folder = [("TEMPI_CARD_REVOCATION_LISTS", "lists")];
    let lists = load(&with(revocation), &folder, &Overrides::default()).unwrap().authorities.revocation.unwrap();
    assert_eq!((lists.addresses.len(), lists.grace), (2, Duration::hours(6)));
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
