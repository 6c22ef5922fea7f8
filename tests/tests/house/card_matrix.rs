//! Every certificate that a card listener may meet, through the real listener: the good ones sign in, and each of the others
//! gets a page that says why and what to do, in both languages.

// Helpers of tests unwrap like tests do.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, process::Command};

use chrono::{DateTime, Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use rcgen::{CustomExtension, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use rustls_pki_types::CertificateDer;
use survey_server::{
    access::{
        card::Refusal,
        simulated::{AuthorityProfile, CardKey, CardProfile, IssuedCertificate, SimulatedAuthority},
    },
    config::RevocationConfig,
};
use tests::{
    openssl::{rsa_card, rsa_key},
    root,
    site::Site,
};

const CODE: &str = "RSSMRA80A41C707O";
const NAME: &str = "RSSMRA80A41C707O/6030.hash=";

/// The authorities that the site believes: one that issues cards, one without a revocation list, one with a stale one, and a
/// root with authorities below it.
struct Authorities {
    now: DateTime<Utc>,
    issuing: SimulatedAuthority,
    without_list: SimulatedAuthority,
    with_stale_list: SimulatedAuthority,
    root: SimulatedAuthority,
    below: SimulatedAuthority,
    below_revoked: SimulatedAuthority,
    revoked: IssuedCertificate,
}

impl Authorities {
    fn new(now: DateTime<Utc>) -> Authorities {
        let authority = |name: &str| SimulatedAuthority::new(name, now).unwrap();
        let root = SimulatedAuthority::with(&AuthorityProfile::good("Root", now)).unwrap();
        let below = |name: &str| root.issue_authority(&AuthorityProfile::good(name, now)).unwrap();
        let issuing = authority("Issuing");
        let revoked = issuing.issue_card(&CardProfile::good(&CODE.parse().unwrap(), now)).unwrap();
        Authorities {
            now,
            revoked,
            issuing,
            without_list: authority("Without a list"),
            with_stale_list: authority("With a stale list"),
            below: below("Below"),
            below_revoked: below("Below, revoked"),
            root,
        }
    }

    /// A site that believes them, with their revocation lists.
    fn believed(&self) -> Site {
        let (now, day) = (self.now, Duration::days(1));
        Site::start_with(
            |config| {
                let trust = config.authorities.trust_anchors.clone().unwrap();
                let anchors = [&self.issuing, &self.without_list, &self.with_stale_list, &self.root];
                for (number, anchor) in anchors.iter().enumerate() {
                    fs::write(trust.join(format!("{number}.pem")), &anchor.certificate().certificate_pem).unwrap();
                }
                let lists = config.key_file.with_file_name("lists");
                fs::create_dir(&lists).unwrap();
                let below_revoked = &self.below_revoked.certificate().serial;
                let lists_of = [
                    ("issuing", self.issuing.revocation_list(&[&self.revoked.serial], now, now + day * 30)),
                    ("stale", self.with_stale_list.revocation_list(&[], now - day * 3, now)),
                    ("root", self.root.revocation_list(&[below_revoked], now, now + day * 30)),
                    ("below", self.below.revocation_list(&[], now, now + day * 30)),
                    ("below-revoked", self.below_revoked.revocation_list(&[], now, now + day * 30)),
                ];
                for (name, list) in lists_of {
                    fs::write(lists.join(format!("{name}.crl")), list.unwrap()).unwrap();
                }
                config.authorities.revocation = Some(RevocationConfig::of_folder(lists));
                config.authorities.identity_cards = true;
            },
            false,
        )
    }

    fn profile(&self, spoil: impl FnOnce(&mut CardProfile)) -> CardProfile {
        let mut profile = CardProfile::good(&CODE.parse().unwrap(), self.now);
        spoil(&mut profile);
        profile
    }

    /// A card of the issuing authority.
    fn card(&self, spoil: impl FnOnce(&mut CardProfile)) -> Case {
        Case::alone(self.issuing.issue_card(&self.profile(spoil)).unwrap())
    }

    fn of(&self, authority: &SimulatedAuthority) -> Case {
        Case::alone(authority.issue_card(&self.profile(|_| {})).unwrap())
    }

    /// A card of an authority below the root, which the browser sends along.
    fn under(&self, authority: &SimulatedAuthority) -> Case {
        Case { above: vec![authority.certificate().der.clone()], ..self.of(authority) }
    }

    /// A card of an authority below the root that departs from a good one.
    fn under_spoilt(&self, spoil: impl FnOnce(&mut AuthorityProfile)) -> Case {
        let mut profile = AuthorityProfile::good("Spoilt", self.now);
        spoil(&mut profile);
        self.under(&self.root.issue_authority(&profile).unwrap())
    }
}

/// What a browser presents.
struct Case {
    card: Option<IssuedCertificate>,
    above: Vec<CertificateDer<'static>>,
    /// Keys that rustls does not have: curl plays the browser.
    with_curl: bool,
}

impl Case {
    fn alone(card: IssuedCertificate) -> Case {
        Case { card: Some(card), above: Vec::new(), with_curl: false }
    }

    /// Status and page of the card listener.
    fn presented(&self, site: &Site, language: &str) -> (u16, String) {
        let mut browser = match &self.card {
            Some(card) if !self.with_curl => site.browser().with_chain(card, &self.above),
            _ => site.browser(),
        };
        let address = browser.card_address(site);
        let address = format!("{}&lingua={language}", address.split("&lingua").next().unwrap());
        match &self.card {
            Some(card) if self.with_curl => curl(&address, card),
            _ => {
                let answer = browser.get(&address);
                (answer.status, answer.body)
            }
        }
    }
}

fn curl(address: &str, card: &IssuedCertificate) -> (u16, String) {
    let folder = tempfile::tempdir().unwrap();
    let conf = "openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nCipherString=DEFAULT:@SECLEVEL=0\n";
    for (name, text) in [("conf", conf), ("pem", &card.certificate_pem), ("key", &card.key_pem)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new("curl");
    command.current_dir(folder.path()).env("OPENSSL_CONF", folder.path().join("conf"));
    let arguments = ["-sSk", "--cert", "pem", "--key", "key", "--write-out", "\n%{http_code}", address];
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let (page, status) = text.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), page.to_owned())
}

fn named(name: &str) -> impl FnOnce(&mut CardProfile) {
    let name = name.to_owned();
    move |card| card.common_name = name
}

/// The table: what is presented, and `None` where it signs in.
fn matrix(a: &Authorities) -> Vec<(&'static str, Case, Option<Refusal>)> {
    let day = Duration::days(1);
    let homocode = FiscalCode::with_check_character("RSSMRA80A41C70T").unwrap();
    let rsa = rsa_key(2048);
    let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    unknown.set_criticality(true);
    let foreign = SimulatedAuthority::new("Foreign", a.now).unwrap();
    let namesake = SimulatedAuthority::new("Issuing", a.now).unwrap();
    let policy = |policy: &'static str| a.card(move |card| card.policies = vec![policy]);
    let expired = |authority: &mut AuthorityProfile| authority.not_after = a.now;
    vec![
        // Good cards.
        ("CNS", policy("1.3.76.16.2.1"), None),
        ("Lombardy, first policy", policy("1.3.159.6.1.3.2.10"), None),
        ("Lombardy, second policy", policy("1.3.76.12.1.1.10.2.2.10"), None),
        ("identity card", policy("1.3.76.47.4"), None),
        ("P-256", a.card(|card| card.key = CardKey::P256), None),
        ("P-384", a.card(|card| card.key = CardKey::P384), None),
        ("RSA 2048", a.card(|card| card.key = CardKey::Given(rsa)), None),
        ("RSA 2048 by openssl", Case::alone(rsa_card(a.issuing.certificate(), NAME, 2048, "-sha256")), None),
        ("homocode", a.card(named(&format!("{}/6030.hash=", homocode.reveal()))), None),
        ("hash with a slash", a.card(named("RSSMRA80A41C707O/6030.a/b.c+d=")), None),
        ("under an intermediate", a.under(&a.below), None),
        // No card, or none that reads.
        ("none", Case { card: None, above: Vec::new(), with_curl: false }, Some(Refusal::NoCertificate)),
        ("unknown critical part", a.card(|card| card.extensions = vec![unknown]), Some(Refusal::Unreadable)),
        // Of the first generation.
        ("RSA 1024", first_card(a, 1024, "-sha256"), Some(Refusal::OutdatedCard)),
        ("RSA 1024, SHA-1", first_card(a, 1024, "-sha1"), Some(Refusal::OutdatedCard)),
        ("SHA-1", first_card(a, 2048, "-sha1"), Some(Refusal::OutdatedCard)),
        // Of somebody else.
        ("foreign issuer", a.of(&foreign), Some(Refusal::ForeignIssuer)),
        ("foreign issuer of a known name", a.of(&namesake), Some(Refusal::ForeignIssuer)),
        ("intermediate not sent", a.of(&a.below), Some(Refusal::ForeignIssuer)),
        ("intermediate expired", a.under_spoilt(expired), Some(Refusal::ForeignIssuer)),
        ("intermediate no authority", a.under_spoilt(|it| it.is_authority = false), Some(Refusal::ForeignIssuer)),
        ("intermediate revoked", a.under(&a.below_revoked), Some(Refusal::IssuerRevoked)),
        ("intermediate for other policies", a.under_spoilt(|it| it.policies.clear()), Some(Refusal::NoPolicy)),
        // For another purpose.
        (
            "signature certificate",
            a.card(|card| card.key_usages = vec![KeyUsagePurpose::ContentCommitment]),
            Some(Refusal::SignatureCertificate),
        ),
        ("no extended key usage", a.card(|card| card.purposes.clear()), Some(Refusal::NoPurpose)),
        (
            "for servers only",
            a.card(|card| card.purposes = vec![ExtendedKeyUsagePurpose::ServerAuth]),
            Some(Refusal::WrongPurpose),
        ),
        ("no policy", a.card(|card| card.policies.clear()), Some(Refusal::NoPolicy)),
        ("another policy", policy("1.3.76.16.2"), Some(Refusal::NoPolicy)),
        // Not good now.
        ("expired", a.card(|card| card.not_after = a.now), Some(Refusal::Expired)),
        ("not yet valid", a.card(|card| card.not_before = a.now + day * 2), Some(Refusal::NotYetValid)),
        ("revoked", Case::alone(a.revoked.clone()), Some(Refusal::Revoked)),
        ("list missing", a.of(&a.without_list), Some(Refusal::RevocationUnknown)),
        ("list stale", a.of(&a.with_stale_list), Some(Refusal::RevocationUnknown)),
        // Of nobody.
        ("no slash in the name", a.card(named("RSSMRA80A41C707O")), Some(Refusal::MalformedName)),
        ("no hash in the name", a.card(named("RSSMRA80A41C707O/6030")), Some(Refusal::MalformedName)),
        ("a plain name", a.card(named("Maria Rossi")), Some(Refusal::MalformedName)),
        ("wrong check character", a.card(named("RSSMRA80A41C707X/6030.h=")), Some(Refusal::InvalidFiscalCode)),
        ("small letters", a.card(named("rssmra80a41c707o/6030.h=")), Some(Refusal::InvalidFiscalCode)),
    ]
}

fn first_card(a: &Authorities, bits: u32, digest: &str) -> Case {
    Case { with_curl: true, ..Case::alone(rsa_card(a.issuing.certificate(), NAME, bits, digest)) }
}

/// A text of the pages, as templates escape it.
fn text(language: &str, key: &str) -> String {
    let file = root().join(format!("survey-server/translations/{language}/access.ftl"));
    let texts = fs::read_to_string(file).unwrap();
    let line = texts.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))).unwrap();
    line.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;")
}

#[test]
fn every_certificate_signs_in_or_is_told_why_not() {
    let authorities = Authorities::new(Utc::now());
    let site = authorities.believed();
    let mut met = BTreeSet::new();
    for (name, case, expected) in matrix(&authorities) {
        for language in ["it", "en"] {
            // Out of the window of the limit on attempts.
            site.clock.advance(Duration::minutes(1));
            let (status, page) = case.presented(&site, language);
            let Some(refusal) = expected else {
                assert_eq!(status, 200, "{name}: {page}");
                assert!(page.contains("name=\"biglietto\""), "{name}: {page}");
                continue;
            };
            met.insert(refusal.stem());
            assert_eq!(status, 403, "{name}: {page}");
            for part in ["title", "text", "remedy"] {
                let words = text(language, &format!("refusal-{}-{part}", refusal.stem()));
                assert!(page.contains(&words), "{name}: `{words}` is missing from {page}");
            }
            assert!(!page.contains("name=\"biglietto\""), "{name}: no ticket for a refused card");
        }
    }
    // The trust list has tests of its own.
    let all = Refusal::ALL.iter().filter(|refusal| **refusal != Refusal::TrustUnknown);
    assert_eq!(met, all.map(|refusal| refusal.stem()).collect());
}
