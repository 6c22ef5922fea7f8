//! The certificate matrix: one good card, and every way in which a card can be bad.

use std::{fs, process::Command, sync::LazyLock};

use chrono::{Duration, TimeZone};
use rcgen::{CustomExtension, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use rustls_pki_types::pem::PemObject;

use super::*;
use crate::access::{
    card::{CardAuthorities, PeerCertificates},
    simulated::{CardProfile, IssuedCertificate, SimulatedAuthority},
};

static NOW: LazyLock<DateTime<Utc>> = LazyLock::new(|| Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap());

static AUTHORITY: LazyLock<SimulatedAuthority> = LazyLock::new(|| SimulatedAuthority::new("Authority", *NOW).unwrap());

/// A vector of the `python-codicefiscale` package: a woman born on 1980-01-01.
const CODE: &str = "RSSMRA80A41C707O";

fn profile() -> CardProfile {
    CardProfile::good(&CODE.parse().unwrap(), *NOW)
}

fn trust() -> TrustAnchors {
    TrustAnchors::new(vec![AUTHORITY.certificate().der.clone()])
}

fn judged(card: &IssuedCertificate) -> Result<CardHolder, Refusal> {
    judge(&card.der, &trust(), None, *NOW)
}

#[track_caller]
fn check(expected: Result<&str, Refusal>, spoil: impl FnOnce(&mut CardProfile)) {
    let mut profile = profile();
    spoil(&mut profile);
    let judged = judged(&AUTHORITY.issue_card(&profile).unwrap());
    assert_eq!(judged.map(|holder| holder.fiscal_code.reveal().to_owned()), expected.map(str::to_owned));
}

#[test]
fn good_cards_of_each_policy_name_their_holder() {
    for policy in CARD_POLICIES {
        check(Ok(CODE), |card| card.policies = vec!["1.2.3.4", policy]);
    }
}

#[test]
fn a_certificate_with_another_purpose_is_refused() {
    check(Err(Refusal::NoPurpose), |card| card.purposes.clear());
    check(Err(Refusal::NoPurpose), |card| card.key_usages.clear());
    check(Err(Refusal::WrongPurpose), |card| card.purposes = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    check(Err(Refusal::WrongPurpose), |card| card.key_usages = vec![KeyUsagePurpose::KeyEncipherment]);
    check(Ok(CODE), |card| card.purposes.push(ExtendedKeyUsagePurpose::EmailProtection));
}

#[test]
fn the_signature_certificate_of_a_card_is_refused_as_such() {
    check(Err(Refusal::SignatureCertificate), |card| card.key_usages = vec![KeyUsagePurpose::ContentCommitment]);
    check(Err(Refusal::SignatureCertificate), |card| card.key_usages.push(KeyUsagePurpose::ContentCommitment));
}

#[test]
fn a_certificate_without_a_card_policy_is_refused() {
    check(Err(Refusal::NoPolicy), |card| card.policies.clear());
    // The electronic identity card signs in by a federation of its own.
    check(Err(Refusal::NoPolicy), |card| card.policies = vec!["1.3.76.47.4"]);
    check(Err(Refusal::NoPolicy), |card| card.policies = vec!["1.3.76.16.2"]);
}

#[test]
fn validity_begins_and_ends() {
    check(Err(Refusal::Expired), |card| card.not_after = *NOW);
    check(Ok(CODE), |card| card.not_after = *NOW + Duration::days(1));
    check(Err(Refusal::NotYetValid), |card| card.not_before = *NOW + Duration::days(1));
    check(Ok(CODE), |card| card.not_before = *NOW);
}

#[test]
fn a_critical_part_that_we_do_not_understand_is_refused() {
    let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    check(Ok(CODE), |card| card.extensions = vec![unknown.clone()]);
    unknown.set_criticality(true);
    check(Err(Refusal::Unreadable), |card| card.extensions = vec![unknown]);
}

#[test]
fn the_common_name_is_split_at_the_first_slash_and_then_at_the_first_point() {
    let named = |name: &str| {
        let name = name.to_owned();
        move |card: &mut CardProfile| card.common_name = name
    };
    check(Ok(CODE), named("RSSMRA80A41C707O/6030.a/b.c+d="));
    check(Err(Refusal::MalformedName), named("RSSMRA80A41C707O"));
    check(Err(Refusal::MalformedName), named("RSSMRA80A41C707O/6030"));
    check(Err(Refusal::MalformedName), named("RSSMRA80A41C707O.6030/hash"));
    check(Err(Refusal::MalformedName), named("RSSMRA80A41C707O/.hash"));
    check(Err(Refusal::InvalidFiscalCode), named("RSSMRA80A41C707X/6030.hash"));
    check(Err(Refusal::InvalidFiscalCode), named("rssmra80a41c707o/6030.hash"));
    check(Err(Refusal::InvalidFiscalCode), named("/6030.hash"));
}

#[test]
fn a_homocode_is_a_person_of_its_own() {
    let homocode = FiscalCode::with_check_character("RSSMRA80A41C70T").unwrap();
    assert_ne!(homocode.reveal(), CODE);
    let name = format!("{}/6030.hash", homocode.reveal());
    check(Ok(homocode.reveal()), |card| card.common_name = name.clone());
}

#[test]
fn only_trusted_authorities_are_believed() {
    let foreign = SimulatedAuthority::new("Foreign", *NOW).unwrap().issue_card(&profile()).unwrap();
    assert_eq!(judged(&foreign), Err(Refusal::ForeignIssuer));
    let same_name = SimulatedAuthority::new("Authority", *NOW).unwrap().issue_card(&profile()).unwrap();
    assert_eq!(judged(&same_name), Err(Refusal::ForeignIssuer), "a name is not a signature");
    let later = *NOW + Duration::days(4000);
    let card = AUTHORITY.issue_card(&CardProfile::good(&CODE.parse().unwrap(), later)).unwrap();
    assert_eq!(judge(&card.der, &trust(), None, later), Err(Refusal::ForeignIssuer), "the authority has expired");
}

#[test]
fn an_altered_certificate_is_refused() {
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    let mut der = card.der.to_vec();
    let place = der.windows(CODE.len()).position(|window| window == CODE.as_bytes()).unwrap();
    der[place..place + CODE.len()].copy_from_slice(b"BNCGNN92T55C707S");
    assert_eq!(judge(&der.into(), &trust(), None, *NOW), Err(Refusal::ForeignIssuer));
    assert_eq!(judge(&vec![0x30, 0x03, 1, 1, 1].into(), &trust(), None, *NOW), Err(Refusal::Unreadable));
    let trailing = [card.der.as_ref(), b"x"].concat();
    assert_eq!(judge(&trailing.into(), &trust(), None, *NOW), Err(Refusal::Unreadable));
}

#[test]
fn no_certificate_is_a_reason_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("authority.pem"), &AUTHORITY.certificate().certificate_pem).unwrap();
    let authorities = CardAuthorities::open(folder.path(), None).unwrap();
    assert_eq!(authorities.judge(&PeerCertificates::default(), *NOW), Err(Refusal::NoCertificate));
}

#[test]
fn revocation_fails_closed_and_follows_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let lists = RevocationLists::new(folder.path());
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    let other = AUTHORITY.issue_card(&profile()).unwrap();
    let judged = |card: &IssuedCertificate| judge(&card.der, &trust(), Some(&lists), *NOW).map(drop);
    let day = Duration::days(1);

    assert_eq!(judged(&card), Err(Refusal::RevocationUnknown), "no list at all");
    let foreign = SimulatedAuthority::new("Authority", *NOW).unwrap();
    fs::write(folder.path().join("list.crl"), foreign.revocation_list(&[], *NOW, *NOW + day).unwrap()).unwrap();
    assert_eq!(judged(&card), Err(Refusal::RevocationUnknown), "a list that the issuer did not sign");
    fs::write(folder.path().join("old.crl"), AUTHORITY.revocation_list(&[], *NOW - day * 9, *NOW).unwrap()).unwrap();
    assert_eq!(judged(&card), Err(Refusal::RevocationUnknown), "a stale list");
    fs::write(folder.path().join("new.crl"), AUTHORITY.revocation_list(&[], *NOW, *NOW + day).unwrap()).unwrap();
    assert_eq!(judged(&card), Ok(()), "a fresh list that does not name it");
    let revoked = AUTHORITY.revocation_list(&[&card.serial], *NOW, *NOW + day * 2).unwrap();
    fs::write(folder.path().join("new.crl"), revoked).unwrap();
    assert_eq!(judged(&card), Err(Refusal::Revoked), "without a restart");
    assert_eq!(judged(&other), Ok(()));
}

/// First-generation cards: keys that `rcgen` does not make, so the openssl command does.
#[test]
fn keys_and_signatures_of_the_first_cards_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    // The command issues at the real present, so the authority must be of the real present too.
    let authority = SimulatedAuthority::new("Authority", Utc::now()).unwrap();
    let trust = TrustAnchors::new(vec![authority.certificate().der.clone()]);
    fs::write(folder.path().join("ca.pem"), &authority.certificate().certificate_pem).unwrap();
    fs::write(folder.path().join("ca.key"), &authority.certificate().key_pem).unwrap();
    let extensions =
        "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\ncertificatePolicies=1.3.76.16.2.1\n";
    fs::write(folder.path().join("ext"), extensions).unwrap();
    let card = |bits: &str, digest: &str| {
        let openssl = |arguments: &[&str]| {
            let run = Command::new("openssl").current_dir(folder.path()).args(arguments).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        };
        let key = format!("rsa:{bits}");
        let subject = ["-subj", "/C=IT/CN=RSSMRA80A41C707O\\/6030.hash="];
        openssl(
            &[&["req", "-new", "-newkey", &key, "-nodes", "-keyout", "card.key", "-out", "card.csr"], &subject[..]]
                .concat(),
        );
        let issuer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext", digest];
        openssl(&[&["x509", "-req", "-in", "card.csr", "-days", "3650", "-out", "card.pem"], &issuer[..]].concat());
        let pem = fs::read(folder.path().join("card.pem")).unwrap();
        let der = CertificateDer::from_pem_slice(&pem).unwrap();
        let day_after_tomorrow = Utc::now() + Duration::days(2);
        judge(&der, &trust, None, day_after_tomorrow).map(|holder| holder.fiscal_code.reveal().to_owned())
    };
    assert_eq!(card("2048", "-sha256"), Ok(CODE.to_owned()));
    assert_eq!(card("1024", "-sha256"), Err(Refusal::OutdatedCard));
    assert_eq!(card("2048", "-sha1"), Err(Refusal::OutdatedCard));
}
