//! Which keys and signatures are believed: on cards, on authorities' certificates, on revocation lists.

use x509_parser::{
    certificate::X509Certificate,
    der_parser::asn1_rs::BitString,
    oid_registry::{
        OID_EC_P256, OID_NIST_EC_P384, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA256WITHRSA, OID_PKCS1_SHA384WITHRSA,
        OID_PKCS1_SHA512WITHRSA, OID_SIG_ECDSA_WITH_SHA256, OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ED25519, Oid,
    },
    public_key::PublicKey,
    x509::AlgorithmIdentifier,
};

/// Signature algorithms believed: SHA-1 and MD5 are not among them.
const SIGNATURE_ALGORITHMS: [Oid<'static>; 7] = [
    OID_PKCS1_SHA256WITHRSA,
    OID_PKCS1_SHA384WITHRSA,
    OID_PKCS1_SHA512WITHRSA,
    OID_PKCS1_RSASSAPSS,
    OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384,
    OID_SIG_ED25519,
];

/// Whether a TLS handshake can prove possession of this certificate's key: RSA of 2048 to 8192 bits, the curves P-256
/// and P-384, Ed25519.
///
/// The handshake lets other keys pass unproved, so that their holders read why they are refused instead of meeting a
/// dead connection. That is safe because the judgement refuses them before anything else, by this same function.
pub(super) fn possession_is_provable(certificate: &X509Certificate<'_>) -> bool {
    let key = certificate.public_key();
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => (2048..=8192).contains(&bit_length(rsa.modulus)),
        Ok(PublicKey::EC(_)) => {
            let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
            curve.is_some_and(|curve| curve == OID_EC_P256 || curve == OID_NIST_EC_P384)
        }
        _ => key.algorithm.algorithm == OID_SIG_ED25519,
    }
}

/// Whether a signature's algorithm is believed: the one outside what is signed, which must be the one inside.
pub(super) fn is_believed(outside: &AlgorithmIdentifier<'_>, inside: &AlgorithmIdentifier<'_>) -> bool {
    SIGNATURE_ALGORITHMS.contains(&outside.algorithm) && outside == inside
}

/// Whether a signature is made of whole bytes, as every signature is: bits left over would be read by nobody, and the
/// same certificate could then be written in several ways.
pub(super) fn is_whole(signature: &BitString<'_>) -> bool {
    signature.unused_bits == 0
}

/// Whether the bytes around what is signed are exactly what DER allows, and `der` nothing but the certificate. The parser is
/// lenient there, and what is lenient lets the same certificate be written in several ways.
pub(super) fn is_strict(der: &[u8], certificate: &X509Certificate<'_>) -> bool {
    let signed: &[u8] = certificate.tbs_certificate.as_ref();
    let signature = element(0x03, &[&[0], certificate.signature_value.data.as_ref()].concat());
    let header = element_header(0x30, der.len());
    let rest = header.and_then(|header| der.strip_prefix(header.as_slice()));
    let algorithm = rest.and_then(|rest| rest.strip_prefix(signed)?.strip_suffix(signature.as_slice()));
    // The algorithm outside is, byte by byte, the one that is signed.
    algorithm.is_some_and(|algorithm| {
        algorithm.first() == Some(&0x30) && signed.windows(algorithm.len()).any(|window| window == algorithm)
    })
}

/// Tag and length of an element that takes `all` bytes with them.
fn element_header(tag: u8, all: usize) -> Option<Vec<u8>> {
    (2..=5).map(|n_bytes| (n_bytes, all.checked_sub(n_bytes))).find_map(|(n_bytes, content)| {
        let header = header(tag, content?);
        (header.len() == n_bytes).then_some(header)
    })
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [header(tag, content.len()), content.to_vec()].concat()
}

fn header(tag: u8, length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![tag, length as u8];
    }
    let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    [&[tag, 0x80 | digits.len() as u8], digits.as_slice()].concat()
}

/// Whether `issuer` signed `certificate` in a way that is believed. A name is not a signature: names are compared too.
pub(super) fn is_signed_by(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> bool {
    issuer.subject().as_raw() == certificate.issuer().as_raw()
        && is_believed(&certificate.signature_algorithm, &certificate.tbs_certificate.signature)
        && is_whole(&certificate.signature_value)
        && certificate.verify_signature(Some(issuer.public_key())).is_ok()
}

fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().skip_while(|byte| **byte == 0).count();
    let leading_zeros = number.iter().find(|byte| **byte != 0).map_or(0, |byte| byte.leading_zeros() as usize);
    significant * 8 - leading_zeros
}
