//! `tempi check`: a configuration is reviewed before it goes live.

use std::{fs, os::unix::fs::PermissionsExt};

use chrono::{Duration, Utc};
use survey_server::{
    access::simulated::SimulatedAuthority,
    config::Config,
    residents::admission::{ParticipationPolicy, Who},
    review::{Finding, Gravity, review},
};
use tests::{
    command,
    people::{WOMAN, register},
    site::{Site, installation},
};

fn reviewed_in(config: &Config, days: i64) -> Vec<Finding> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(review(config, Utc::now() + Duration::days(days)))
}

/// The finding of this gravity about `key`, which must say each of `words`.
#[track_caller]
fn finds(config: &Config, gravity: Gravity, key: &str, words: &[&str]) {
    let findings = reviewed_in(config, 0);
    let about: Vec<&Finding> = findings.iter().filter(|found| found.gravity == gravity && found.key == key).collect();
    assert!(
        about.iter().any(|found| words.iter().all(|word| found.message.contains(word))),
        "{words:?} about {key} is not among {findings:?}"
    );
}

fn good() -> (tempfile::TempDir, Config) {
    let authority = SimulatedAuthority::new("Authority under test", Utc::now()).expect("an authority");
    let (folder, config) = installation(&authority);
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.path().join("server.key"), private).expect("a key that its owner alone reads");
    (folder, config)
}

#[test]
fn a_good_configuration_has_no_faults() {
    let (_folder, mut config) = good();
    config.card.url = "https://localhost:1".to_owned();
    let faults: Vec<Finding> =
        reviewed_in(&config, 0).into_iter().filter(|found| found.gravity == Gravity::Fault).collect();
    assert_eq!(faults, []);
}

#[test]
fn what_would_not_be_safe_is_found_before_it_goes_live() {
    let change = |change: &dyn Fn(&mut Config)| {
        let (folder, mut config) = good();
        config.card.url = "https://localhost:1".to_owned();
        change(&mut config);
        (folder, config)
    };
    let open_to_all = |path: &std::path::Path| fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();

    let (_folder, config) = change(&|config| config.card.url = config.public.url.clone());
    finds(&config, Gravity::Fault, "card.url", &["a host or a port of its own"]);
    let (_folder, config) = change(&|config| config.public.url = "https://tempi.comune.example.it".to_owned());
    finds(&config, Gravity::Fault, "public.certificate", &["not for tempi.comune.example.it"]);
    let (_folder, config) = change(&|config| config.public.tls.as_mut().unwrap().key = "nowhere.key".into());
    finds(&config, Gravity::Fault, "public.certificate", &["nowhere.key"]);
    let (_folder, config) = change(&|config| open_to_all(&config.public.tls.as_ref().unwrap().key));
    finds(&config, Gravity::Fault, "public.key", &["chmod 600"]);
    let (_folder, config) = change(&|config| {
        fs::write(&config.key_file, "key").unwrap();
        open_to_all(&config.key_file);
    });
    finds(&config, Gravity::Fault, "keys.file", &["chmod 600"]);
    let (_folder, config) = change(&|config| {
        let path = config.database_url.strip_prefix("sqlite://").unwrap();
        fs::write(path, "").unwrap();
        open_to_all(path.as_ref());
    });
    finds(&config, Gravity::Fault, "database.url", &["chmod 600"]);
    finds(&config, Gravity::Warning, "keys.file", &["folder of the database"]);
    finds(&config, Gravity::Warning, "card.revocation_lists", &["reported lost"]);
    let (_folder, config) = change(&|config| config.authorities.trust_anchors = Some("nowhere".into()));
    finds(&config, Gravity::Fault, "card.trust_anchors", &["nowhere"]);
    let (_folder, config) = change(&|config| config.session_lifetime.idle = Duration::hours(13));
    finds(&config, Gravity::Fault, "session.idle_minutes", &["never counts"]);
    finds(&config, Gravity::Warning, "session.idle_minutes", &["shared computer"]);
    let (_folder, config) = change(&|config| config.session_lifetime.absolute = Duration::hours(48));
    finds(&config, Gravity::Warning, "session.absolute_hours", &["too rarely"]);
    let (_folder, config) = change(&|config| config.outbound_roots = Some("nowhere.pem".into()));
    finds(&config, Gravity::Fault, "outbound.roots", &["nowhere.pem"]);
    let (_folder, config) = change(&|config| config.publication = Some("nowhere".into()));
    finds(&config, Gravity::Warning, "site.publication", &["no edition yet"]);
    let (folder, config) = change(&|config| config.releases.folder = Some(config.key_file.with_file_name("releases")));
    finds(&config, Gravity::Fault, "site.publication", &["no place"]);
    fs::create_dir(folder.path().join("releases")).expect("a folder");
    fs::set_permissions(folder.path().join("releases"), fs::Permissions::from_mode(0o750)).expect("permissions");
    finds(&config, Gravity::Fault, "releases.folder", &["chmod 700"]);
    let single = folder.path().join("site");
    fs::create_dir(&single).expect("a folder");
    fs::write(single.join("index.html"), "a single edition").expect("a page");
    let config = Config { publication: Some(single), ..config };
    finds(&config, Gravity::Fault, "site.publication", &["single edition"]);
}

#[test]
fn a_certificate_is_warned_of_before_it_expires_and_refused_after() {
    let (_folder, config) = good();
    let about = |days| {
        let findings = reviewed_in(&config, days);
        findings.into_iter().find(|found| found.key == "public.certificate").map(|found| found.gravity)
    };
    assert_eq!(about(0), None);
    assert_eq!(about(360), Some(Gravity::Warning));
    assert_eq!(about(366), Some(Gravity::Fault));
}

/// Who is a resident is told by a register, which must be there and not about to be removed.
#[test]
fn a_survey_of_residents_without_a_register_is_warned_of() {
    for who in [Who::Residents, Who::ResidentsAndCityUsers] {
        for mut site in Site::on_every_database_with(|config| {
            config.participation = ParticipationPolicy { who, ..ParticipationPolicy::default() };
        }) {
            let about = |days: i64, key: &str| {
                let findings = reviewed_in(&site.config, days).into_iter().filter(|found| found.key == key);
                findings.map(|found| (found.gravity, found.message)).collect::<Vec<_>>()
            };
            let missing = about(0, "participation.who");
            assert_eq!(missing.len(), 1, "{who:?}: {missing:?}");
            assert_eq!(missing[0].0, Gravity::Warning);
            assert!(missing[0].1.contains("tempi residents import"), "{missing:?}");
            register(
                &site,
                &format!("codice_fiscale;sesso;data_nascita;zona;id_famiglia\n{WOMAN};F;1980-01-01;nord;1"),
            );
            assert_eq!(about(0, "participation.who"), []);
            assert_eq!(about(0, "retention.register_days"), []);
            let ends = about(340, "retention.register_days");
            assert_eq!(ends.len(), 1, "a month before it is removed");
            assert!(ends[0].1.contains("import a new one"), "{ends:?}");
            // Whom the survey is not about needs no register.
            site.config.participation.who = Who::Everybody;
            site.tempi(&["residents", "forget"]).success();
            let findings = reviewed_in(&site.config, 0);
            assert!(findings.iter().all(|found| found.key != "participation.who"), "{findings:?}");
        }
    }
}

#[test]
fn the_database_is_made_for_its_owner_alone() {
    let site = Site::start();
    let path = site.config.database_url.strip_prefix("sqlite://").unwrap();
    for file in [path.to_owned(), format!("{path}-wal")] {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[test]
fn the_command_lists_what_it_found_and_fails_at_a_fault() {
    let (folder, config) = good();
    let text = |card_port: u16| {
        let path = |name: &str| folder.path().join(name).display().to_string();
        format!(
            "[site]\nmunicipality = \"Comune di Prova\"\n\
             [public]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:8443\"\ncertificate = \"{certificate}\"\nkey = \"{key}\"\n\
             [card]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:{card_port}\"\ntrust_anchors = \"{anchors}\"\n\
             [database]\nurl = \"{database}\"\n[keys]\nfile = \"{keys}\"\n",
            certificate = path("server.pem"),
            key = path("server.key"),
            anchors = path("trust"),
            database = config.database_url,
            keys = path("tempi.key"),
        )
    };
    let file = folder.path().join("tempi.toml");
    let check = |arguments: &[&str]| {
        let name = file.display().to_string();
        command::tempi([arguments, &["check", "--config", &name]].concat())
    };
    fs::write(&file, text(8444)).unwrap();
    let run = check(&[]).success();
    assert!(run.stdout.contains("warning: card.revocation_lists: ") && run.stdout.contains("can be served"));
    assert!(!folder.path().join("tempi.sqlite").exists(), "nothing is made");
    fs::write(&file, text(8443)).unwrap();
    let run = check(&["--json"]).refused(1, &["1 fault"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("one JSON object");
    assert_eq!(told["findings"][0]["key"], "card.url");
}
