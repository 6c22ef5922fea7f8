//! Starting and stopping: each thing that keeps the server from starting is named with its remedy.

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use chrono::Utc;
use survey_server::{access::simulated::SimulatedAuthority, clock::SystemClock, config::Config, serve::Server};
use tests::site::{Site, installation};

/// Tries to start, and gives the complaint.
fn start(config: &Config) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = runtime.block_on(Server::bind(config.clone(), Arc::new(SystemClock), None));
    server.map(drop).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(config: &Config, words: &[&str]) {
    let complaint = start(config).expect_err("the server must not start");
    for word in words {
        assert!(complaint.contains(word), "`{word}` is missing from: {complaint}");
    }
}

fn authority() -> SimulatedAuthority {
    SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority")
}

#[test]
fn a_busy_port_is_named() {
    let (_folder, mut config) = installation(&authority());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    config.public.address = taken.local_addr().unwrap();
    refused(&config, &[&config.public.address.to_string(), "already in use", "public.address"]);
}

#[test]
fn the_key_file_is_made_once_and_guarded() {
    let (folder, config) = installation(&authority());
    start(&config).unwrap();
    let mode = fs::metadata(&config.key_file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    start(&config).unwrap();

    let key = fs::read(&config.key_file).unwrap();
    fs::set_permissions(&config.key_file, fs::Permissions::from_mode(0o644)).unwrap();
    refused(&config, &["tempi.key", "chmod 600"]);
    fs::remove_file(&config.key_file).unwrap();
    refused(&config, &["tempi.key", "missing", "backup"]);

    let write_key = |text: &[u8]| {
        fs::write(&config.key_file, text).unwrap();
        fs::set_permissions(&config.key_file, fs::Permissions::from_mode(0o600)).unwrap();
    };
    write_key(b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    refused(&config, &["not the one this database was written with"]);
    write_key(b"short");
    refused(&config, &["tempi.key", "32 bytes in base64"]);
    write_key(&key);
    start(&config).unwrap();
    drop(folder);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let (_folder, config) = installation(&authority());
    start(&config).unwrap();
    let path = config.database_url.strip_prefix("sqlite://").unwrap();
    let statement = "insert into seaql_migrations (version, applied_at) values ('m9999_from_the_future', 0)";
    let sqlite = std::process::Command::new("sqlite3").args(["-cmd", ".timeout 10000", path, statement]).output();
    let Ok(sqlite) = sqlite else {
        println!("skipped: the sqlite3 command is not installed");
        return;
    };
    assert!(sqlite.status.success(), "{}", String::from_utf8_lossy(&sqlite.stderr));
    refused(&config, &["newer version of tempi", "m9999_from_the_future"]);
}

#[test]
fn what_a_configuration_names_must_be_there() {
    let (folder, good) = installation(&authority());
    let change = |change: &dyn Fn(&mut Config)| {
        let mut config = good.clone();
        change(&mut config);
        config
    };
    let nowhere = folder.path().join("nowhere");
    refused(&change(&|config| config.public.tls.as_mut().unwrap().certificate = nowhere.clone()), &["nowhere", "PEM"]);
    refused(
        &change(&|config| config.card.tls.as_mut().unwrap().key = good.card.tls.clone().unwrap().certificate),
        &["server.pem"],
    );
    refused(
        &change(&|config| config.authorities.trust_anchors = Some(nowhere.clone())),
        &["nowhere", "card.trust_anchors"],
    );
    refused(&change(&|config| config.database_url = "sqlite:///no/such/folder/x".to_owned()), &["/no/such/folder/x"]);
    refused(&change(&|config| config.database_url = "mysql://x".to_owned()), &["sqlite://", "postgres://"]);
    fs::copy(folder.path().join("server.pem"), folder.path().join("trust/zz.pem")).unwrap();
    refused(&good, &["zz.pem", "not the certificate", "authority"]);
}

#[test]
fn a_stopped_site_starts_again_with_its_people() {
    let mut site = Site::start();
    site.signed_in("RSSMRA80A41C707O");
    site.stop();
    start(&site.config).unwrap();
}
