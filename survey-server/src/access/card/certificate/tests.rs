//! The certificate matrix: one good card, and every way in which a card can be bad.

use std::{fs, process::Command, sync::LazyLock};

use chrono::{Duration, TimeZone};
use rcgen::{CustomExtension, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use rustls_pki_types::pem::PemObject;

use super::*;
use crate::{
    access::{
        card::CardAuthorities,
        simulated::{AuthorityProfile, CardKey, CardProfile, IssuedCertificate, RevocationProfile, SimulatedAuthority},
    },
    config::{AuthoritiesConfig, RevocationConfig},
};

static NOW: LazyLock<DateTime<Utc>> = LazyLock::new(|| Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap());

static AUTHORITY: LazyLock<SimulatedAuthority> = LazyLock::new(|| SimulatedAuthority::new("Authority", *NOW).unwrap());

/// A vector of the `python-codicefiscale` package: a woman born on 1980-01-01.
const CODE: &str = "RSSMRA80A41C707O";

fn profile() -> CardProfile {
    CardProfile::good(&CODE.parse().unwrap(), *NOW)
}

fn trust() -> TrustAnchors {
    TrustAnchors::new([AUTHORITY.certificate().der.clone()])
}

static NOBODY: LazyLock<TrustAnchors> = LazyLock::new(TrustAnchors::default);

fn believing(anchors: &TrustAnchors) -> Belief<'_> {
    Belief {
        anchors,
        doubtful: &NOBODY,
        list_is_missing: false,
        intermediates: &[],
        revocation: None,
        identity_cards: false,
    }
}

fn judged(card: &IssuedCertificate) -> Result<CardHolder, Refusal> {
    judged_der(card.der.clone())
}

fn judged_der(der: CertificateDer<'static>) -> Result<CardHolder, Refusal> {
    judge(&[der], &believing(&trust()), *NOW)
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
    check(Err(Refusal::NoPolicy), |card| card.policies = vec![ANY_POLICY]);
    check(Err(Refusal::NoPolicy), |card| card.policies = vec!["1.3.76.16.2"]);
}

#[test]
fn the_identity_card_signs_in_where_it_is_allowed() {
    let mut profile = profile();
    profile.policies = vec![IDENTITY_CARD_POLICY];
    let card = AUTHORITY.issue_card(&profile).unwrap();
    assert_eq!(judged(&card), Err(Refusal::NoPolicy));
    let trust = trust();
    let belief = Belief { identity_cards: true, ..believing(&trust) };
    assert!(judge(std::slice::from_ref(&card.der), &belief, *NOW).is_ok());
}

#[test]
fn keys_on_both_curves_sign_in() {
    check(Ok(CODE), |card| card.key = CardKey::P384);
    check(Ok(CODE), |card| card.key = CardKey::P256);
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
    assert_eq!(
        judge(std::slice::from_ref(&card.der), &believing(&trust()), later),
        Err(Refusal::ForeignIssuer),
        "the authority has expired"
    );
}

#[test]
fn an_altered_certificate_is_refused() {
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    let mut der = card.der.to_vec();
    let place = der.windows(CODE.len()).position(|window| window == CODE.as_bytes()).unwrap();
    der[place..place + CODE.len()].copy_from_slice(b"BNCGNN92T55C707S");
    assert_eq!(judged_der(der.into()), Err(Refusal::ForeignIssuer));
    assert_eq!(judged_der(vec![0x30, 0x03, 1, 1, 1].into()), Err(Refusal::Unreadable));
    let trailing = [card.der.as_ref(), b"x"].concat();
    assert_eq!(judged_der(trailing.into()), Err(Refusal::Unreadable));
}

#[test]
fn no_certificate_is_a_reason_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("authority.pem"), &AUTHORITY.certificate().certificate_pem).unwrap();
    let config = AuthoritiesConfig::of_folder(folder.path().to_owned());
    let authorities = CardAuthorities::open(&config).unwrap();
    assert_eq!(authorities.judge(&[], *NOW), Err(Refusal::NoCertificate));
}

#[test]
fn revocation_fails_closed_and_follows_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let lists = RevocationLists::new(&RevocationConfig::of_folder(folder.path().to_owned()));
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    let other = AUTHORITY.issue_card(&profile()).unwrap();
    let trust = trust();
    let belief = Belief { revocation: Some(&lists), ..believing(&trust) };
    let judged = |card: &IssuedCertificate| judge(std::slice::from_ref(&card.der), &belief, *NOW).map(drop);
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
    let trust = TrustAnchors::new([authority.certificate().der.clone()]);
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
        judge(&[der], &believing(&trust), day_after_tomorrow).map(|holder| holder.fiscal_code.reveal().to_owned())
    };
    assert_eq!(card("2048", "-sha256"), Ok(CODE.to_owned()));
    assert_eq!(card("1024", "-sha256"), Err(Refusal::OutdatedCard));
    assert_eq!(card("2048", "-sha1"), Err(Refusal::OutdatedCard));
}

/// A root, an authority below it, and a card of that authority.
struct Hierarchy {
    root: SimulatedAuthority,
    below: SimulatedAuthority,
    card: IssuedCertificate,
}

impl Hierarchy {
    fn new(spoil_root: impl FnOnce(&mut AuthorityProfile), spoil: impl FnOnce(&mut AuthorityProfile)) -> Hierarchy {
        let mut root = AuthorityProfile::good("Root", *NOW);
        spoil_root(&mut root);
        let root = SimulatedAuthority::with(&root).unwrap();
        let mut below = AuthorityProfile { path_length: Some(0), ..AuthorityProfile::good("Issuing", *NOW) };
        spoil(&mut below);
        let below = root.issue_authority(&below).unwrap();
        let card = below.issue_card(&profile()).unwrap();
        Hierarchy { root, below, card }
    }

    fn judged(&self, revocation: Option<&RevocationLists>) -> Result<(), Refusal> {
        let trust = TrustAnchors::new([self.root.certificate().der.clone()]);
        let presented = [self.card.der.clone(), self.below.certificate().der.clone()];
        judge(&presented, &Belief { revocation, ..believing(&trust) }, *NOW).map(drop)
    }
}

#[track_caller]
fn below(expected: Result<(), Refusal>, spoil: impl FnOnce(&mut AuthorityProfile)) {
    assert_eq!(Hierarchy::new(|_| {}, spoil).judged(None), expected);
}

#[test]
fn a_path_is_built_over_certificates_that_the_client_sends_or_that_are_known_here() {
    let hierarchy = Hierarchy::new(|_| {}, |_| {});
    assert_eq!(hierarchy.judged(None), Ok(()));
    let trust = TrustAnchors::new([hierarchy.root.certificate().der.clone()]);
    let alone = [hierarchy.card.der.clone()];
    assert_eq!(judge(&alone, &believing(&trust), *NOW), Err(Refusal::ForeignIssuer));
    let known = [hierarchy.below.certificate().der.clone()];
    assert!(judge(&alone, &Belief { intermediates: &known, ..believing(&trust) }, *NOW).is_ok());
    let below_only = TrustAnchors::new(known);
    assert!(judge(&alone, &believing(&below_only), *NOW).is_ok(), "an anchor need not be a root");
}

#[test]
fn an_intermediate_must_be_an_authority_that_may_issue_cards() {
    let foreign = Err(Refusal::ForeignIssuer);
    below(foreign, |authority| authority.is_authority = false);
    below(foreign, |authority| authority.key_usages = vec![KeyUsagePurpose::CrlSign]);
    below(foreign, |authority| authority.key_usages.clear());
    below(foreign, |authority| authority.not_after = *NOW);
    below(foreign, |authority| authority.not_before = *NOW + Duration::days(1));
    below(foreign, |authority| authority.purposes = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    below(Ok(()), |authority| authority.purposes = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    below(Ok(()), |authority| authority.policies = vec!["1.3.76.16.2.1"]);
    below(Err(Refusal::NoPolicy), |authority| authority.policies = vec!["1.2.3.4"]);
    below(Err(Refusal::NoPolicy), |authority| authority.policies.clear());
    // Name constraints (2.5.29.30) and critical parts that nobody knows.
    let constraints = CustomExtension::from_oid_content(&[2, 5, 29, 30], vec![0x30, 0]);
    below(foreign, |authority| authority.extensions = vec![constraints]);
    let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    unknown.set_criticality(true);
    below(foreign, |authority| authority.extensions = vec![unknown]);
}

#[test]
fn path_lengths_are_kept_to() {
    let no_room = Hierarchy::new(|root| root.path_length = Some(0), |_| {});
    assert_eq!(no_room.judged(None), Err(Refusal::ForeignIssuer));
    let room = Hierarchy::new(|root| root.path_length = Some(1), |_| {});
    assert_eq!(room.judged(None), Ok(()));
    // A card's issuer that may have no authority below it made one all the same.
    let second = room.below.issue_authority(&AuthorityProfile::good("Second", *NOW)).unwrap();
    let card = second.issue_card(&profile()).unwrap();
    let trust = TrustAnchors::new([room.root.certificate().der.clone()]);
    let presented = [card.der, second.certificate().der.clone(), room.below.certificate().der.clone()];
    assert_eq!(judge(&presented, &believing(&trust), *NOW), Err(Refusal::ForeignIssuer));
}

#[test]
fn a_card_is_no_authority_for_other_cards() {
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    // What a holder could make with the card's key: an issuer of the card's name.
    let mut forger = AuthorityProfile::good("Forger", *NOW);
    forger.common_name = profile().common_name;
    let forged = SimulatedAuthority::with(&forger).unwrap().issue_card(&profile()).unwrap();
    assert_eq!(judge(&[forged.der, card.der], &believing(&trust()), *NOW), Err(Refusal::ForeignIssuer));
}

#[test]
fn a_client_cannot_keep_us_searching() {
    // Fourteen authorities of one name that have all signed one another: tens of thousands of paths that lead nowhere.
    let profile = AuthorityProfile::good("Maze", *NOW);
    let maze: Vec<SimulatedAuthority> = (0..14).map(|_| SimulatedAuthority::with(&profile).unwrap()).collect();
    let card = maze[0].issue_card(&CardProfile::good(&CODE.parse().unwrap(), *NOW)).unwrap();
    let mut presented = vec![card.der];
    for (n, issuer) in maze.iter().enumerate() {
        let others = maze.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, other)| other);
        presented.extend(others.map(|other| issuer.cross_certify(&profile, other).unwrap().der));
    }
    let began = std::time::Instant::now();
    assert_eq!(judge(&presented, &believing(&trust()), *NOW), Err(Refusal::ForeignIssuer));
    assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
}

#[test]
fn an_intermediate_is_checked_for_revocation_too() {
    let hierarchy = Hierarchy::new(|_| {}, |_| {});
    let folder = tempfile::tempdir().unwrap();
    let lists = RevocationLists::new(&RevocationConfig::of_folder(folder.path().to_owned()));
    let day = Duration::days(1);
    let put = |name: &str, list: Vec<u8>| fs::write(folder.path().join(name), list).unwrap();
    put("below.crl", hierarchy.below.revocation_list(&[], *NOW, *NOW + day).unwrap());
    assert_eq!(hierarchy.judged(Some(&lists)), Err(Refusal::RevocationUnknown), "no list of the root");
    put("root.crl", hierarchy.root.revocation_list(&[], *NOW, *NOW + day).unwrap());
    assert_eq!(hierarchy.judged(Some(&lists)), Ok(()));
    let serial = hierarchy.below.certificate().serial.clone();
    put("root.crl", hierarchy.root.revocation_list(&[&serial], *NOW, *NOW + day * 2).unwrap());
    assert_eq!(hierarchy.judged(Some(&lists)), Err(Refusal::IssuerRevoked));
}

/// A list that says which part of the cards it speaks for says nothing of the others.
#[test]
fn a_list_speaks_only_for_the_certificates_of_its_distribution_point() {
    let folder = tempfile::tempdir().unwrap();
    let lists = RevocationLists::new(&RevocationConfig::of_folder(folder.path().to_owned()));
    let trust = trust();
    let belief = Belief { revocation: Some(&lists), ..believing(&trust) };
    let mut in_part = profile();
    in_part.distribution_points = vec!["http://crl.example.it/1.crl".to_owned()];
    let card = AUTHORITY.issue_card(&in_part).unwrap();
    let judged = || judge(std::slice::from_ref(&card.der), &belief, *NOW).map(drop);
    let put = |scope: Option<(Vec<String>, bool)>| {
        let (this_update, next_update) = (*NOW, *NOW + Duration::days(1));
        let profile = RevocationProfile { serials: vec![], this_update, next_update, number: 7, scope };
        fs::write(folder.path().join("list.crl"), AUTHORITY.revocation_list_of(&profile).unwrap()).unwrap();
    };
    put(Some((vec!["http://crl.example.it/22.crl".to_owned()], false)));
    assert_eq!(judged(), Err(Refusal::RevocationUnknown), "another part");
    put(Some((vec!["http://crl.example.it/1.crl".to_owned()], true)));
    assert_eq!(judged(), Err(Refusal::RevocationUnknown), "of authorities only");
    put(Some((vec!["http://crl.example.it/1.crl".to_owned()], false)));
    assert_eq!(judged(), Ok(()));
}

#[test]
fn numbers_of_lists_never_go_backwards_and_the_last_list_has_its_days_of_grace() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = RevocationConfig::of_folder(folder.path().to_owned());
    config.grace = Duration::hours(36);
    let lists = RevocationLists::new(&config);
    let trust = trust();
    let belief = Belief { revocation: Some(&lists), ..believing(&trust) };
    let card = AUTHORITY.issue_card(&profile()).unwrap();
    let judged = |now| judge(std::slice::from_ref(&card.der), &belief, now).map(drop);
    let put = |number: u32, serials: Vec<&[u8]>, days: i64| {
        let (this_update, next_update) = (*NOW, *NOW + Duration::days(days));
        let profile = RevocationProfile { serials, this_update, next_update, number, scope: None };
        fs::write(folder.path().join(format!("{number}.crl")), AUTHORITY.revocation_list_of(&profile).unwrap())
            .unwrap();
    };
    put(255, vec![], 9);
    assert_eq!(judged(*NOW), Ok(()));
    put(256, vec![&card.serial], 1);
    assert_eq!(judged(*NOW), Err(Refusal::Revoked));
    fs::remove_file(folder.path().join("256.crl")).unwrap();
    assert_eq!(judged(*NOW), Err(Refusal::RevocationUnknown), "the older list would bring the card back");
    put(257, vec![], 1);
    // It holds until midnight, and then thirty-six hours of grace.
    assert_eq!(judged(*NOW + Duration::hours(49)), Ok(()));
    assert_eq!(judged(*NOW + Duration::hours(50)), Err(Refusal::RevocationUnknown));
}

/// A list is of a kind that is understood, or it is passed over. Kinds that `rcgen` does not make, so openssl does.
#[test]
fn delta_and_indirect_lists_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let authority = SimulatedAuthority::new("Authority", Utc::now()).unwrap();
    fs::write(root.join("ca.pem"), &authority.certificate().certificate_pem).unwrap();
    fs::write(root.join("ca.key"), &authority.certificate().key_pem).unwrap();
    let extensions = [
        ("plain", "authorityKeyIdentifier=keyid"),
        // Delta CRL indicator, with the number of the list it stands on.
        ("delta", "2.5.29.27=critical,DER:02:01:03"),
        ("indirect", "issuingDistributionPoint=critical,@idp\n[idp]\nindirectCRL=TRUE"),
        ("reasons", "issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons=keyCompromise"),
    ];
    let card = authority.issue_card(&CardProfile::good(&CODE.parse().unwrap(), Utc::now())).unwrap();
    let trust = TrustAnchors::new([authority.certificate().der.clone()]);
    for (name, extension) in extensions {
        let lists = root.join(name);
        fs::create_dir(&lists).unwrap();
        fs::write(root.join("index"), "").unwrap();
        let config =
            format!("[ca]\ndefault_ca=a\n[a]\ndatabase=index\ndefault_md=sha256\ncrl_extensions=e\n[e]\n{extension}\n");
        fs::write(root.join("config"), config).unwrap();
        let output = format!("{name}/list.crl");
        let arguments =
            ["ca", "-config", "config", "-gencrl", "-keyfile", "ca.key", "-cert", "ca.pem", "-crldays", "2"];
        let run = Command::new("openssl").current_dir(root).args(arguments).args(["-out", &output]).output().unwrap();
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        let lists = RevocationLists::new(&RevocationConfig::of_folder(lists));
        let belief = Belief { revocation: Some(&lists), ..believing(&trust) };
        let expected = if name == "plain" { Ok(()) } else { Err(Refusal::RevocationUnknown) };
        let judged = judge(std::slice::from_ref(&card.der), &belief, Utc::now() + Duration::minutes(1));
        assert_eq!(judged.map(drop), expected, "{name}");
    }
}

/// Whatever is accepted here is accepted by `rustls-webpki` too; it is asked for a second opinion on many hierarchies.
#[test]
fn paths_that_are_accepted_here_are_accepted_by_webpki() {
    let mut n_accepted = 0;
    for path_length in [None, Some(0), Some(1)] {
        for purposes in [vec![], vec![ExtendedKeyUsagePurpose::ClientAuth], vec![ExtendedKeyUsagePurpose::ServerAuth]] {
            for is_authority in [true, false] {
                let hierarchy = Hierarchy::new(
                    |root| root.path_length = path_length,
                    |below| {
                        below.purposes = purposes.clone();
                        below.is_authority = is_authority;
                    },
                );
                if hierarchy.judged(None).is_ok() {
                    n_accepted += 1;
                    let anchor = webpki::anchor_from_trusted_cert(&hierarchy.root.certificate().der).unwrap();
                    let anchors = [anchor];
                    let sent = [hierarchy.below.certificate().der.clone()];
                    let card = webpki::EndEntityCert::try_from(&hierarchy.card.der).unwrap();
                    let at = rustls_pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(
                        NOW.timestamp().unsigned_abs(),
                    ));
                    let usage = webpki::KeyUsage::client_auth();
                    let algorithms = webpki::ALL_VERIFICATION_ALGS;
                    card.verify_for_usage(algorithms, &anchors, &sent, at, usage, None, None).unwrap();
                }
            }
        }
    }
    assert_eq!(n_accepted, 4);
}

mod altered {
    use proptest::prelude::*;

    use super::*;

    static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| AUTHORITY.issue_card(&profile()).unwrap().der.to_vec());
    static HIERARCHY: LazyLock<Hierarchy> = LazyLock::new(|| Hierarchy::new(|_| {}, |_| {}));

    #[test]
    fn no_bit_of_a_certificate_or_of_the_one_above_it_may_be_another() {
        let trust = TrustAnchors::new([HIERARCHY.root.certificate().der.clone()]);
        let presented = [HIERARCHY.card.der.clone(), HIERARCHY.below.certificate().der.clone()];
        assert!(judge(&presented, &believing(&trust), *NOW).is_ok());
        for which in 0..presented.len() {
            for place in 0..presented[which].len() * 8 {
                let mut altered = presented.clone();
                let mut der = altered[which].to_vec();
                der[place / 8] ^= 1 << (place % 8);
                altered[which] = der.into();
                assert!(judge(&altered, &believing(&trust), *NOW).is_err(), "{which}: bit {place}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

        /// Every bit of a certificate is signed or part of the signature.
        #[test]
        fn a_certificate_with_other_bytes_signs_nobody_in(
            changes in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..4),
        ) {
            let mut der = GOOD.clone();
            for (place, difference) in changes {
                let place = place.index(der.len());
                der[place] ^= difference;
            }
            prop_assume!(der != *GOOD);
            prop_assert!(judged_der(der.into()).is_err());
        }

        #[test]
        fn a_certificate_cut_grown_or_spliced_signs_nobody_in(
            from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
            filling in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let (from, to) = (from.index(GOOD.len()), to.index(GOOD.len()));
            let der = [&GOOD[..from.min(to)], &filling, &GOOD[from.max(to)..]].concat();
            prop_assume!(der != *GOOD);
            prop_assert!(judged_der(der.into()).is_err());
        }

        #[test]
        fn an_altered_intermediate_leads_nowhere(place in any::<prop::sample::Index>(), difference in 1_u8..) {
            let mut below = HIERARCHY.below.certificate().der.to_vec();
            let place = place.index(below.len());
            below[place] ^= difference;
            let trust = TrustAnchors::new([HIERARCHY.root.certificate().der.clone()]);
            let presented = [HIERARCHY.card.der.clone(), below.into()];
            prop_assert!(judge(&presented, &believing(&trust), *NOW).is_err());
        }

        #[test]
        fn bytes_at_random_are_unreadable(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(judged_der(bytes.into()), Err(Refusal::Unreadable));
        }
    }
}
