//! Lists signed by `signxml` and `xmlsec1` (`fixtures/make.py`), whole, altered and wrapped.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use chrono::Duration;
use proptest::prelude::*;

use super::*;

static FIXTURES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/card/trust_list/fixtures");
    let files = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let lists = files.filter(|path| path.extension().is_some_and(|extension| extension == "xml"));
    lists.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
});

static SIGNERS: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/card/trust_list/fixtures/signers");
    certificates_in(&folder, "trust.signers").unwrap().into_iter().flat_map(|(_, certificates)| certificates).collect()
});

const GOOD: [&str; 9] = [
    "later",
    "plain-p384",
    "plain-pss",
    "xades-p256",
    "xades-rsa",
    "xmlsec-prefixes",
    "xmlsec-root",
    "xmlsec-whole",
    "xmlsec-xades",
];

fn parsed(text: &[u8]) -> Result<TrustList, TrustListError> {
    TrustList::parse(text, &SIGNERS)
}

fn problem(text: &str) -> SignatureProblem {
    match parsed(text.as_bytes()) {
        Err(TrustListError::Signature(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

fn fixture(name: &str) -> &'static str {
    std::str::from_utf8(&FIXTURES[name]).unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn lists_signed_by_other_software_are_verified() {
    for name in GOOD {
        let list = parsed(&FIXTURES[name]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(list.sequence_number, if name == "later" { 8 } else { 7 }, "{name}");
        assert_eq!(list.next_update, instant("2027-05-01T00:00:00Z"));
        assert_eq!(list.services.len(), 4, "{name}: those of identity verification");
    }
    let known = GOOD.len() + ["bad-part", "bad-sha1"].len();
    assert_eq!(FIXTURES.len(), known, "a fixture that no test reads");
}

#[test]
fn a_service_counts_while_it_is_recognised() {
    let list = parsed(&FIXTURES["xades-rsa"]).unwrap();
    let recognised = |at: &str| -> Vec<&str> {
        let services = list.services.iter().filter(|service| service.recognised_since(instant(at)).is_some());
        services.map(|service| service.name.as_str()).collect()
    };
    assert_eq!(recognised("2026-12-10T00:00:00Z"), ["Recognised", "Recognised again"]);
    assert_eq!(recognised("2035-01-01T00:00:00Z"), ["Recognised", "Recognised again", "Recognised in the future"]);
    assert_eq!(recognised("2022-01-01T00:00:00Z"), ["Recognised", "Deprecated since"]);
    assert_eq!(recognised("2016-06-30T23:59:59Z"), [""; 0]);
}

#[test]
fn a_list_is_believed_only_from_its_signer() {
    let others: Vec<_> = SIGNERS.iter().filter(|signer| **signer != SIGNERS[0]).cloned().collect();
    // The certificates come in name order: p256, p384, rsa.
    let refused = TrustList::parse(&FIXTURES["xades-p256"], &others);
    assert!(matches!(refused, Err(TrustListError::Signature(SignatureProblem::Signer))), "{refused:?}");
    assert!(matches!(TrustList::parse(&FIXTURES["xades-rsa"], &[]), Err(TrustListError::Signature(_))));
}

#[test]
fn what_was_not_signed_is_refused() {
    let good = fixture("xmlsec-whole");
    let status = "recognisedatnationallevel";
    assert_eq!(problem(&good.replacen("deprecatedatnationallevel", status, 1)), SignatureProblem::Digest);
    assert_eq!(problem(&good.replace("2025-03-01", "2015-03-01")), SignatureProblem::Digest);
    let unsigned = &good[..good.find("<ds:Signature ").unwrap()];
    assert_eq!(problem(&format!("{unsigned}</tsl:TrustServiceStatusList>")), SignatureProblem::NotOne);
    // A comment may cut a word in two for a careless reader; the canonical form has none.
    let cut = good.replace(status, "recognised<!-- -->atnationallevel");
    assert_eq!(parsed(cut.as_bytes()).unwrap(), parsed(good.as_bytes()).unwrap());
    let cut = good.replace(">7<", "><!-- -->7<");
    assert_eq!(parsed(cut.as_bytes()).unwrap().sequence_number, 7);
}

#[test]
fn weak_algorithms_and_signatures_of_a_part_are_refused() {
    assert!(matches!(problem(fixture("bad-sha1")), SignatureProblem::Algorithm(_)));
    assert_eq!(problem(fixture("bad-part")), SignatureProblem::Form("a reference to a part of the document"));
}

/// Signature wrapping: the signed list goes somewhere where it is verified and not read.
#[test]
fn a_signed_list_wrapped_into_another_is_refused() {
    let good = fixture("xmlsec-root");
    let list = &good[good.find("<tsl:TrustServiceStatusList").unwrap()..good.rfind("<!--").unwrap()];
    let signature = &good[good.find("<ds:Signature ").unwrap()..good.find("</tsl:TrustServiceStatusList>").unwrap()];
    let forged = list.replace(signature, "").replace("deprecatedatnationallevel", "recognisedatnationallevel");
    let end = "</tsl:TrustServiceStatusList>";
    let around = |signature: &str| forged.replace(end, &format!("{signature}{end}"));

    // The signed list inside the signature of the forged one, both with the identifier that is referred to.
    let object = format!("<ds:Object>{}</ds:Object></ds:Signature>", list.replace(signature, ""));
    let inside = around(&signature.replace("</ds:Signature>", &object));
    assert!(matches!(problem(&inside), SignatureProblem::Form(_)));
    let renamed = inside.replacen("Id=\"the-list\"", "Id=\"forged\"", 1);
    assert!(matches!(problem(&renamed), SignatureProblem::Form(_)));
    // The signed list as a child of the forged one, with its signature.
    assert_eq!(problem(&around(list)), SignatureProblem::NotOne);
    // Two signatures; a signature deeper than in the root.
    assert_eq!(problem(&good.replace(signature, &format!("{signature}{signature}"))), SignatureProblem::NotOne);
    let deeper = list
        .replace(signature, "")
        .replace("</tsl:TrustServiceProviderList>", &format!("{signature}</tsl:TrustServiceProviderList>"));
    assert_eq!(problem(&deeper), SignatureProblem::NotOne);
    // The same identifier, spelt otherwise, elsewhere.
    let twice = good.replace("<tsl:SchemeInformation>", "<tsl:SchemeInformation ID=\"the-list\">");
    assert!(matches!(problem(&twice), SignatureProblem::Form(_)));
}

#[test]
fn document_type_definitions_and_references_to_elsewhere_are_refused() {
    let good = fixture("xmlsec-whole");
    let with_type = good.replacen("<tsl:Trust", "<!DOCTYPE a [<!ENTITY b \"c\">]><tsl:Trust", 1);
    assert!(matches!(parsed(with_type.as_bytes()), Err(TrustListError::NotXml(_))));
    let elsewhere = good.replace("Reference URI=\"\"", "Reference URI=\"http://localhost/list\"");
    assert_eq!(problem(&elsewhere), SignatureProblem::Form("a reference to another document"));
    let transform = good.replace(
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
    );
    assert_eq!(problem(&transform), SignatureProblem::Form("the signature must be enveloped"));
}

/// An installation's list in a folder of its own.
struct Kept {
    folder: tempfile::TempDir,
    config: TrustListConfig,
}

impl Kept {
    fn new() -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let config = TrustListConfig {
            source: "unused".to_owned(),
            signers: Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/card/trust_list/fixtures/signers"),
            folder: folder.path().to_owned(),
            refresh: Duration::hours(12),
            maximum_age: Duration::days(14),
        };
        Kept { folder, config }
    }

    fn store(&self) -> TrustListStore {
        TrustListStore::open(&self.config).unwrap()
    }
}

fn is_good(standing: &Standing) -> bool {
    matches!(standing, Standing::Good(_))
}

#[test]
fn the_last_good_list_is_kept_and_counts_for_a_time() {
    let kept = Kept::new();
    let now = instant("2026-12-10T10:00:00Z");
    assert!(matches!(kept.store().standing(now), Standing::Useless(None, _)));
    kept.store().take(&FIXTURES["xades-rsa"], now).unwrap();
    // A new start, without a network.
    let store = kept.store();
    assert!(is_good(&store.standing(now + Duration::days(13))));
    let old = store.standing(now + Duration::days(14));
    assert!(matches!(&old, Standing::Useless(Some(_), trouble) if trouble.contains("14 days")), "{old:?}");
    // Found to be the newest again: it counts anew, until the next one is due.
    store.take(&FIXTURES["xades-rsa"], now + Duration::days(10)).unwrap();
    assert!(is_good(&store.standing(now + Duration::days(20))));
    let due = instant("2027-05-01T00:00:00Z");
    store.take(&FIXTURES["xades-rsa"], due - Duration::seconds(1)).unwrap();
    assert!(is_good(&store.standing(due - Duration::seconds(1))) && !is_good(&store.standing(due)));
    assert!(matches!(store.take(&FIXTURES["xades-rsa"], due), Err(TrustListError::Expired(_))));
    // Authorities of a list that does not count are told from strangers.
    let (good, doubtful) = store.standing(due).authorities(now);
    assert_eq!((good.iter().count(), doubtful.iter().count()), (0, 2));
}

#[test]
fn an_older_list_never_replaces_a_newer_one() {
    let kept = Kept::new();
    let now = instant("2026-12-10T10:00:00Z");
    let store = kept.store();
    store.take(&FIXTURES["later"], now).unwrap();
    let older = store.take(&FIXTURES["xades-rsa"], now);
    assert!(matches!(older, Err(TrustListError::RolledBack { kept: 8, offered: 7 })), "{older:?}");
    // Nor when somebody puts it in place by hand while the server runs.
    fs::write(kept.folder.path().join(KEPT), &FIXTURES["xades-rsa"]).unwrap();
    assert!(matches!(store.standing(now), Standing::Good(list) if list.sequence_number == 8));
}

#[test]
fn what_is_kept_is_verified_again_when_it_is_read() {
    let kept = Kept::new();
    let now = instant("2026-12-10T10:00:00Z");
    kept.store().take(&FIXTURES["xades-rsa"], now).unwrap();
    let forged = fixture("xades-rsa").replacen("deprecatedatnationallevel", "recognisedatnationallevel", 1);
    fs::write(kept.folder.path().join(KEPT), forged).unwrap();
    assert!(matches!(kept.store().standing(now), Standing::Useless(None, _)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Refused, or unchanged in meaning: spaces and comments outside what is signed mean nothing.
    #[test]
    fn an_altered_list_says_the_same_or_nothing(
        which in 0..GOOD.len(),
        place in any::<prop::sample::Index>(),
        length in 0_usize..12,
        filling in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b" <>/\"&;#-!09aZ".to_vec())], 0..6),
    ) {
        let good = &FIXTURES[GOOD[which]];
        let place = place.index(good.len());
        let end = (place + length).min(good.len());
        let altered = [&good[..place], &filling, &good[end..]].concat();
        if let Ok(list) = parsed(&altered) {
            prop_assert_eq!(list, parsed(good).unwrap());
        }
    }

    #[test]
    fn one_other_byte_says_the_same_or_nothing(
        which in 0..GOOD.len(),
        place in any::<prop::sample::Index>(),
        difference in 1_u8..,
    ) {
        let good = &FIXTURES[GOOD[which]];
        let mut altered = good.clone();
        let place = place.index(good.len());
        altered[place] ^= difference;
        if let Ok(list) = parsed(&altered) {
            prop_assert_eq!(list, parsed(good).unwrap());
        }
    }
}
