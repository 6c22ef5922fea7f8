//! An invented certification authority that issues cards after the profile of the Carta Regionale dei Servizi, and,
//! for tests, cards that depart from it.

use chrono::{DateTime, Datelike, Duration, Utc};
use questionnaires::fiscal_code::FiscalCode;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CrlScope, CustomExtension, DnType, Error, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P384_SHA384, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls_pki_types::CertificateDer;

use crate::keys;

/// What a card's certificate says. The default is a good card; tests spoil one thing at a time.
#[derive(Debug, Clone)]
pub struct CardProfile {
    /// The subject's common name.
    pub common_name: String,
    /// Certificate policies, dotted.
    pub policies: Vec<&'static str>,
    /// Key usage.
    pub key_usages: Vec<KeyUsagePurpose>,
    /// Extended key usage; empty leaves the extension out.
    pub purposes: Vec<ExtendedKeyUsagePurpose>,
    /// First day of validity.
    pub not_before: DateTime<Utc>,
    /// Last day of validity (its midnight).
    pub not_after: DateTime<Utc>,
    /// Where its issuer's revocation list is.
    pub distribution_points: Vec<String>,
    /// Further extensions.
    pub extensions: Vec<CustomExtension>,
    /// Its key.
    pub key: CardKey,
}

/// The key of a card.
#[derive(Debug, Clone, Default)]
pub enum CardKey {
    /// A new one on the curve P-256.
    #[default]
    P256,
    /// A new one on the curve P-384.
    P384,
    /// This one, PEM (PKCS#8): an RSA key, for example, which we cannot make ourselves.
    Given(String),
}

impl CardKey {
    fn make(&self) -> Result<KeyPair, Error> {
        match self {
            CardKey::P256 => KeyPair::generate(),
            CardKey::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
            CardKey::Given(pem) => KeyPair::from_pem(pem),
        }
    }
}

impl CardProfile {
    /// A good card, valid from yesterday for six years as real ones are.
    pub fn good(fiscal_code: &FiscalCode, now: DateTime<Utc>) -> CardProfile {
        CardProfile {
            // Real hashes may contain a slash; so does this one.
            common_name: format!("{}/1234567890123456.aB+c/dE9fGhIjKlMnOpQrStUvWx=", fiscal_code.reveal()),
            policies: vec!["1.3.76.16.2.1"],
            key_usages: vec![KeyUsagePurpose::DigitalSignature],
            purposes: vec![ExtendedKeyUsagePurpose::ClientAuth],
            not_before: now - Duration::days(1),
            not_after: now + Duration::days(6 * 365),
            distribution_points: Vec::new(),
            extensions: Vec::new(),
            key: CardKey::P256,
        }
    }
}

/// A certificate with its key.
#[derive(Clone)]
pub struct IssuedCertificate {
    /// The certificate.
    pub der: CertificateDer<'static>,
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// The private key, PEM (PKCS#8).
    pub key_pem: String,
    /// The serial number.
    pub serial: Vec<u8>,
}

/// What an authority's certificate says.
#[derive(Debug, Clone)]
pub struct AuthorityProfile {
    /// The subject's common name.
    pub common_name: String,
    /// How many authorities may stand between it and a card; none: any number.
    pub path_length: Option<u8>,
    /// Whether it says that it is an authority.
    pub is_authority: bool,
    /// Key usage.
    pub key_usages: Vec<KeyUsagePurpose>,
    /// Extended key usage; empty leaves the extension out.
    pub purposes: Vec<ExtendedKeyUsagePurpose>,
    /// Certificate policies, dotted.
    pub policies: Vec<&'static str>,
    /// First day of validity.
    pub not_before: DateTime<Utc>,
    /// Last day of validity (its midnight).
    pub not_after: DateTime<Utc>,
    /// Where its issuer's revocation list is.
    pub distribution_points: Vec<String>,
    /// Further extensions.
    pub extensions: Vec<CustomExtension>,
}

impl AuthorityProfile {
    /// A good authority, valid from yesterday for ten years, which allows any policy.
    pub fn good(common_name: &str, now: DateTime<Utc>) -> AuthorityProfile {
        AuthorityProfile {
            common_name: common_name.to_owned(),
            path_length: None,
            is_authority: true,
            key_usages: vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign],
            purposes: Vec::new(),
            policies: vec!["2.5.29.32.0"],
            not_before: now - Duration::days(1),
            not_after: now + Duration::days(3650),
            distribution_points: Vec::new(),
            extensions: Vec::new(),
        }
    }

    fn params(&self) -> CertificateParams {
        let mut params = named(&self.common_name, "Autorità simulata di Tempi");
        let constraints = self.path_length.map_or(BasicConstraints::Unconstrained, BasicConstraints::Constrained);
        params.is_ca = if self.is_authority { IsCa::Ca(constraints) } else { IsCa::ExplicitNoCa };
        params.key_usages = self.key_usages.clone();
        params.extended_key_usages = self.purposes.clone();
        params.not_before = midnight(self.not_before);
        params.not_after = midnight(self.not_after);
        params.crl_distribution_points = distribution_points(&self.distribution_points);
        params.custom_extensions = self.extensions.clone();
        if !self.policies.is_empty() {
            params.custom_extensions.push(policies_extension(&self.policies));
        }
        params
    }
}

/// What a revocation list says. Whole days only: it holds from the midnight of `this_update` to that of `next_update`.
#[derive(Debug, Clone)]
pub struct RevocationProfile<'a> {
    /// The serial numbers it names.
    pub serials: Vec<&'a [u8]>,
    /// From when it holds.
    pub this_update: DateTime<Utc>,
    /// Until when.
    pub next_update: DateTime<Utc>,
    /// Its number.
    pub number: u32,
    /// The addresses of the part of the certificates that it speaks for, and whether only authorities; none: all.
    pub scope: Option<(Vec<String>, bool)>,
}

/// An invented certification authority.
pub struct SimulatedAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate: IssuedCertificate,
}

impl SimulatedAuthority {
    /// A new authority with an EC P-256 key, valid from yesterday for ten years, which issues cards only.
    pub fn new(common_name: &str, now: DateTime<Utc>) -> Result<SimulatedAuthority, Error> {
        let profile =
            AuthorityProfile { path_length: Some(0), policies: Vec::new(), ..AuthorityProfile::good(common_name, now) };
        SimulatedAuthority::with(&profile)
    }

    /// A new authority that signs its own certificate.
    pub fn with(profile: &AuthorityProfile) -> Result<SimulatedAuthority, Error> {
        let (key, mut params) = (KeyPair::generate()?, profile.params());
        let serial = new_serial(&mut params);
        let certificate = params.self_signed(&key)?;
        let certificate = issued(&certificate, &key, serial);
        Ok(SimulatedAuthority { issuer: Issuer::new(params, key), certificate })
    }

    /// An authority below this one.
    pub fn issue_authority(&self, profile: &AuthorityProfile) -> Result<SimulatedAuthority, Error> {
        let (key, mut params) = (KeyPair::generate()?, profile.params());
        let serial = new_serial(&mut params);
        let certificate = params.signed_by(&key, &self.issuer)?;
        let certificate = issued(&certificate, &key, serial);
        Ok(SimulatedAuthority { issuer: Issuer::new(params, key), certificate })
    }

    /// The authority's own certificate and key.
    pub fn certificate(&self) -> &IssuedCertificate {
        &self.certificate
    }

    /// A certificate for the key of another authority, as if it were below this one.
    pub fn cross_certify(
        &self,
        profile: &AuthorityProfile,
        other: &SimulatedAuthority,
    ) -> Result<IssuedCertificate, Error> {
        self.issue(profile.params(), &CardKey::Given(other.certificate.key_pem.clone()))
    }

    /// A card with a key of its own.
    pub fn issue_card(&self, profile: &CardProfile) -> Result<IssuedCertificate, Error> {
        let mut params = named(&profile.common_name, "Regione simulata");
        params.key_usages = profile.key_usages.clone();
        params.extended_key_usages = profile.purposes.clone();
        params.not_before = midnight(profile.not_before);
        params.not_after = midnight(profile.not_after);
        params.crl_distribution_points = distribution_points(&profile.distribution_points);
        params.custom_extensions = profile.extensions.clone();
        if !profile.policies.is_empty() {
            params.custom_extensions.push(policies_extension(&profile.policies));
        }
        self.issue(params, &profile.key)
    }

    /// A certificate for the two listeners on this machine, valid for a year.
    pub fn issue_server(&self, now: DateTime<Utc>) -> Result<IssuedCertificate, Error> {
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()])?;
        params.distinguished_name = named("localhost", "Dimostrazione di Tempi").distinguished_name;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = midnight(now - Duration::days(1));
        params.not_after = midnight(now + Duration::days(365));
        self.issue(params, &CardKey::P256)
    }

    /// A revocation list (DER) that names these serial numbers. Whole days only: it holds from the midnight of
    /// `this_update` to that of `next_update`.
    pub fn revocation_list(
        &self,
        serials: &[&[u8]],
        this_update: DateTime<Utc>,
        next_update: DateTime<Utc>,
    ) -> Result<Vec<u8>, Error> {
        let serials = serials.to_vec();
        self.revocation_list_of(&RevocationProfile { serials, this_update, next_update, number: 1, scope: None })
    }

    /// A revocation list (DER).
    pub fn revocation_list_of(&self, profile: &RevocationProfile<'_>) -> Result<Vec<u8>, Error> {
        let revoked = profile.serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from_slice(serial),
            revocation_time: midnight(profile.this_update),
            reason_code: None,
            invalidity_date: None,
        });
        let scope = profile.scope.clone().map(|(uris, only_authorities)| CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint { uris },
            scope: only_authorities.then_some(CrlScope::CaCertsOnly),
        });
        let params = CertificateRevocationListParams {
            this_update: midnight(profile.this_update),
            next_update: midnight(profile.next_update),
            crl_number: SerialNumber::from(u64::from(profile.number)),
            issuing_distribution_point: scope,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuer)?.der().to_vec())
    }

    fn issue(&self, mut params: CertificateParams, key: &CardKey) -> Result<IssuedCertificate, Error> {
        let key = key.make()?;
        let serial = new_serial(&mut params);
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(issued(&certificate, &key, serial))
    }
}

fn issued(certificate: &rcgen::Certificate, key: &KeyPair, serial: Vec<u8>) -> IssuedCertificate {
    IssuedCertificate {
        der: certificate.der().clone(),
        certificate_pem: certificate.pem(),
        key_pem: key.serialize_pem(),
        serial,
    }
}

fn distribution_points(addresses: &[String]) -> Vec<CrlDistributionPoint> {
    addresses.iter().map(|address| CrlDistributionPoint { uris: vec![address.clone()] }).collect()
}

fn named(common_name: &str, organizational_unit: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "IT");
    params.distinguished_name.push(DnType::OrganizationalUnitName, organizational_unit);
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}

/// Positive and without a leading zero byte, as DER wants it.
fn new_serial(params: &mut CertificateParams) -> Vec<u8> {
    let mut serial = keys::random_bytes::<16>();
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    serial.to_vec()
}

fn midnight(instant: DateTime<Utc>) -> actix_web::cookie::time::OffsetDateTime {
    date_time_ymd(instant.year(), instant.month() as u8, instant.day() as u8)
}

/// `SEQUENCE OF SEQUENCE { OBJECT IDENTIFIER }` (RFC 5280, section 4.2.1.4).
fn policies_extension(policies: &[&str]) -> CustomExtension {
    let entries: Vec<u8> =
        policies.iter().flat_map(|policy| der(0x30, &der(0x06, &object_identifier(policy)))).collect();
    CustomExtension::from_oid_content(&[2, 5, 29, 32], der(0x30, &entries))
}

/// Tag, length, value; the contents here are shorter than 128 bytes, so one length byte does.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    debug_assert!(content.len() < 128);
    [&[tag, content.len() as u8], content].concat()
}

/// The content octets of a dotted object identifier (X.690, section 8.19).
fn object_identifier(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').filter_map(|arc| arc.parse().ok()).collect();
    let mut content = Vec::new();
    let first = arcs.first().zip(arcs.get(1)).map(|(first, second)| first * 40 + second);
    for arc in first.into_iter().chain(arcs.iter().skip(2).copied()) {
        let n_groups = (64 - arc.leading_zeros()).div_ceil(7).max(1);
        for group in (0..n_groups).rev() {
            let bits = (arc >> (7 * group)) as u8 & 0x7f;
            content.push(if group > 0 { bits | 0x80 } else { bits });
        }
    }
    content
}
