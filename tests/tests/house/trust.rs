//! The national trust list and the revocation lists, downloaded by a running site from servers that tests play.

// Helpers of tests unwrap like tests do.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use chrono::{Duration, Utc};
use survey_server::{
    access::simulated::{AuthorityProfile, CardProfile, IssuedCertificate, RevocationProfile, SimulatedAuthority},
    config::{RevocationConfig, TrustListConfig},
};
use tempfile::TempDir;
use tests::{
    command,
    files::{FileServer, soon},
    site::{Site, installation},
    trust_list::{DEPRECATED, RECOGNISED, Signer},
};

const CODE: &str = "RSSMRA80A41C707O";
const GOOD: &str = "La carta è stata riconosciuta";
const FOREIGN: &str = "Il certificato non è di una carta riconosciuta";
const NO_LIST: &str = "Ora non possiamo controllare chi ha emesso la carta";
const NO_REVOCATION: &str = "Ora non possiamo controllare se la carta è valida";
const REVOKED: &str = "La carta è stata revocata";

fn card_of(authority: &SimulatedAuthority) -> IssuedCertificate {
    authority.issue_card(&CardProfile::good(&CODE.parse().unwrap(), Utc::now())).unwrap()
}

/// The title of the page that a card gets; out of the window of the limit on attempts.
fn title(site: &Site, card: &IssuedCertificate) -> String {
    site.clock.advance(Duration::minutes(1));
    let page = site.browser_with(card).present_card(site).body;
    let title = page.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next());
    title.unwrap_or(&page).replace("&#39;", "'")
}

/// Where a trust list comes from, who signs it, and where it is kept.
struct Scheme {
    server: FileServer,
    signer: Signer,
    folder: TempDir,
}

impl Scheme {
    fn new() -> Scheme {
        let scheme =
            Scheme { server: FileServer::start(), signer: Signer::new(), folder: tempfile::tempdir().unwrap() };
        fs::create_dir(scheme.folder.path().join("signers")).unwrap();
        fs::write(scheme.folder.path().join("signers/scheme.pem"), scheme.signer.certificate_pem()).unwrap();
        scheme
    }

    fn config(&self) -> TrustListConfig {
        TrustListConfig {
            source: self.server.url("/list.xml"),
            signers: self.folder.path().join("signers"),
            folder: self.folder.path().join("kept"),
            refresh: Duration::seconds(1),
            maximum_age: Duration::days(14),
        }
    }

    fn publish(&self, list: Vec<u8>) {
        self.server.put("/list.xml", list);
    }

    /// A site that believes this list only.
    fn site(&self) -> Site {
        Site::start_with(
            |config| {
                config.authorities.trust_anchors = None;
                config.authorities.trust_list = Some(self.config());
            },
            false,
        )
    }
}

#[test]
fn a_site_follows_the_trust_list() {
    let scheme = Scheme::new();
    let authority = SimulatedAuthority::new("Listed", Utc::now()).unwrap();
    let other = SimulatedAuthority::new("Deprecated", Utc::now()).unwrap();
    let (card, other) = (card_of(&authority), (card_of(&other), other));
    let site = scheme.site();
    assert_eq!(title(&site, &card), NO_LIST, "before any list came");

    // A list of somebody else, on the right server.
    scheme.publish(Signer::new().list(1, &[(&authority, RECOGNISED)], 60));
    let n_requests = scheme.server.n_requests();
    assert!(soon(|| scheme.server.n_requests() > n_requests + 1));
    assert_eq!(title(&site, &card), NO_LIST);

    let first = scheme.signer.list(1, &[(&authority, RECOGNISED), (&other.1, DEPRECATED)], 60);
    scheme.publish(first.clone());
    assert!(soon(|| title(&site, &card) == GOOD), "the list is used without a restart");
    assert_eq!(title(&site, &other.0), FOREIGN);

    scheme.publish(scheme.signer.list(2, &[(&authority, DEPRECATED), (&other.1, RECOGNISED)], 60));
    assert!(soon(|| title(&site, &card) == FOREIGN));
    assert_eq!(title(&site, &other.0), GOOD);

    // The older list again, which would bring the authority back.
    scheme.publish(first);
    let n_requests = scheme.server.n_requests();
    assert!(soon(|| scheme.server.n_requests() > n_requests + 2));
    assert_eq!(title(&site, &card), FOREIGN);
}

#[test]
fn the_last_good_list_serves_while_the_network_is_down_and_then_no_longer() {
    let scheme = Scheme::new();
    let authority = SimulatedAuthority::new("Listed", Utc::now()).unwrap();
    let card = card_of(&authority);
    scheme.publish(scheme.signer.list(1, &[(&authority, RECOGNISED)], 60));
    let mut site = scheme.site();
    assert!(soon(|| title(&site, &card) == GOOD));
    site.stop();
    scheme.server.clear();
    let site = scheme.site();
    assert_eq!(title(&site, &card), GOOD, "the list that was kept");
    site.clock.advance(Duration::days(13));
    assert_eq!(title(&site, &card), GOOD);
    site.clock.advance(Duration::days(1));
    assert_eq!(title(&site, &card), NO_LIST, "fourteen days without a download");
    let stranger = card_of(&SimulatedAuthority::new("Stranger", Utc::now()).unwrap());
    assert_eq!(title(&site, &stranger), FOREIGN, "strangers are told apart");
}

#[test]
fn the_command_downloads_lists_and_shows_whom_they_name() {
    let scheme = Scheme::new();
    let authority = SimulatedAuthority::new("Listed in the scheme", Utc::now()).unwrap();
    let (folder, config) = installation(&authority);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let text = format!(
        "[site]\nmunicipality = \"Comune di Prova\"\n\
         [public]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:8443\"\ncertificate = \"{}\"\nkey = \"{}\"\n\
         [card]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:8444\"\nrevocation_lists = \"{}\"\n\
         [trust]\nlist = \"{}\"\nsigners = \"{}\"\nfolder = \"{}\"\n[revocation]\naddresses = [\"{}\"]\n\
         [database]\nurl = \"{}\"\n[keys]\nfile = \"{}\"\n",
        path("server.pem"),
        path("server.key"),
        path("lists"),
        scheme.server.url("/list.xml"),
        scheme.folder.path().join("signers").display(),
        scheme.folder.path().join("kept").display(),
        scheme.server.url("/authority.crl"),
        config.database_url,
        path("tempi.key"),
    );
    let file = path("tempi.toml");
    fs::write(&file, text).unwrap();
    let tempi = |arguments: &[&str]| command::tempi([arguments, &["--config", &file]].concat());

    let missing = tempi(&["check"]);
    assert!(missing.stdout.contains("warning: trust.list: no trust list was downloaded yet"), "{missing:?}");
    tempi(&["trust", "refresh"]).refused(1, &["2 of the lists"]);

    let now = Utc::now();
    scheme.publish(scheme.signer.list(7, &[(&authority, RECOGNISED)], 60));
    scheme.server.put("/authority.crl", authority.revocation_list(&[], now, now + Duration::days(2)).unwrap());
    let refreshed = tempi(&["trust", "refresh"]).success();
    assert!(refreshed.stdout.contains("number 7"), "{refreshed:?}");
    let shown = tempi(&["trust", "show"]).success();
    assert!(
        shown.stdout.contains("CN=Listed in the scheme") && shown.stdout.contains("trust list, since"),
        "{shown:?}"
    );
    let lists = fs::read_dir(folder.path().join("lists")).unwrap().count();
    assert_eq!(lists, 1, "the revocation list is kept");
    let checked = tempi(&["check"]);
    assert!(!checked.stdout.contains("trust.list"), "{checked:?}");
}

/// A site that downloads revocation lists from these addresses, and its folder of lists.
fn downloading(addresses: Vec<String>, from_certificates: bool) -> Site {
    Site::start_with(
        |config| {
            config.authorities.revocation = Some(RevocationConfig {
                addresses,
                from_certificates,
                check: Duration::seconds(1),
                ..RevocationConfig::of_folder(config.key_file.with_file_name("lists"))
            });
        },
        false,
    )
}

fn list(authority: &SimulatedAuthority, number: u32, serials: &[&[u8]]) -> Vec<u8> {
    let (this_update, next_update) = (Utc::now(), Utc::now() + Duration::days(3));
    let profile = RevocationProfile { serials: serials.to_vec(), this_update, next_update, number, scope: None };
    authority.revocation_list_of(&profile).unwrap()
}

fn kept(site: &Site) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(site.folder().join("lists")).into_iter().flatten().flatten();
    let lists = entries.filter(|entry| Path::new(&entry.file_name()).extension().is_some_and(|end| end == "crl"));
    lists.map(|entry| fs::read(entry.path()).unwrap()).collect()
}

#[test]
fn a_site_downloads_revocation_lists_and_never_an_older_one() {
    let server = FileServer::start();
    let site = downloading(vec![server.url("/authority.crl")], false);
    let (card, other) = (site.card_of(CODE), site.card_of(CODE));
    assert_eq!(title(&site, &card), NO_REVOCATION);
    let waits_for = |n_more: usize| {
        let n_requests = server.n_requests();
        assert!(soon(|| server.n_requests() >= n_requests + n_more));
    };

    // What is no list, or a list of somebody else, is not kept.
    server.put("/authority.crl", b"not a list".to_vec());
    waits_for(2);
    let namesake = SimulatedAuthority::new("Authority under test", Utc::now()).unwrap();
    server.put("/authority.crl", list(&namesake, 9, &[]));
    waits_for(2);
    assert!(kept(&site).is_empty());

    let first = list(&site.authority, 1, &[]);
    server.put("/authority.crl", first.clone());
    assert!(soon(|| title(&site, &card) == GOOD));
    let second = list(&site.authority, 2, &[&card.serial]);
    server.put("/authority.crl", second.clone());
    assert!(soon(|| title(&site, &card) == REVOKED), "without a restart");
    assert_eq!(title(&site, &other), GOOD);

    // Somebody in between gives the older list, which is still fresh and still signed.
    server.put("/authority.crl", first);
    waits_for(2);
    assert_eq!(kept(&site), [second]);
    assert_eq!(title(&site, &card), REVOKED);
    // The server is gone: the last good list serves until it ends.
    server.clear();
    waits_for(2);
    assert_eq!(title(&site, &other), GOOD);
    site.clock.advance(Duration::days(4));
    assert_eq!(title(&site, &other), NO_REVOCATION);
}

/// A certificate, even of a believed authority, must not make the server ask addresses of its own network.
#[test]
fn addresses_in_certificates_lead_to_the_public_internet_only() {
    let server = FileServer::start();
    let site = downloading(Vec::new(), true);
    let address = server.url("/authority.crl");
    let card = site.card(CODE, |card| card.distribution_points = vec![address.clone()]);
    server.put("/authority.crl", list(&site.authority, 1, &[]));
    assert_eq!(title(&site, &card), NO_REVOCATION);
    // It was learned, and asked for at once; but not of this machine.
    let learned = site.folder().join("lists/.addresses");
    assert!(soon(|| fs::read_to_string(&learned).is_ok_and(|text| text.contains(&address))));
    assert_eq!(server.n_requests(), 0);
    assert_eq!(title(&site, &card), NO_REVOCATION);

    // A stranger's certificate teaches nothing at all.
    let stranger = SimulatedAuthority::new("Authority under test", Utc::now()).unwrap();
    let mut profile = CardProfile::good(&CODE.parse().unwrap(), Utc::now());
    profile.distribution_points = vec!["http://stranger.example.it/1.crl".to_owned()];
    assert_eq!(title(&site, &stranger.issue_card(&profile).unwrap()), FOREIGN);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(!fs::read_to_string(&learned).unwrap().contains("stranger"));

    // Where the operator says so, the same address is asked.
    let site = downloading(vec![address], true);
    server.put("/authority.crl", list(&site.authority, 1, &[]));
    let card = site.card(CODE, |card| card.distribution_points = vec![server.url("/authority.crl")]);
    assert!(soon(|| title(&site, &card) == GOOD));
}

/// The list of the root that speaks for an authority below it comes from that authority's own certificate.
#[test]
fn an_intermediate_that_is_known_here_leads_over_its_own_revocation_list() {
    let server = FileServer::start();
    let now = Utc::now();
    let root = SimulatedAuthority::with(&AuthorityProfile::good("Root", now)).unwrap();
    let mut profile = AuthorityProfile::good("Below", now);
    profile.distribution_points = vec![server.url("/root.crl")];
    let below = root.issue_authority(&profile).unwrap();
    let addresses = vec![server.url("/root.crl"), server.url("/below.crl")];
    let site = Site::start_with(
        |config| {
            let trust = config.authorities.trust_anchors.clone().unwrap();
            fs::write(trust.join("root.pem"), &root.certificate().certificate_pem).unwrap();
            let known = trust.with_file_name("known");
            fs::create_dir(&known).unwrap();
            fs::write(known.join("below.pem"), &below.certificate().certificate_pem).unwrap();
            config.authorities.intermediates = Some(known);
            config.authorities.revocation = Some(RevocationConfig {
                addresses,
                from_certificates: true,
                check: Duration::seconds(1),
                ..RevocationConfig::of_folder(trust.with_file_name("lists"))
            });
        },
        false,
    );
    let card = card_of(&below);
    server.put("/below.crl", list(&below, 1, &[]));
    assert_eq!(title(&site, &card), NO_REVOCATION);
    server.put("/root.crl", list(&root, 1, &[]));
    assert!(soon(|| title(&site, &card) == GOOD));
    server.put("/root.crl", list(&root, 2, &[&below.certificate().serial]));
    assert!(soon(|| title(&site, &card) == "L'autorità che ha emesso la carta è stata revocata"));
}
