//! One certificate revocation list: read, and refused where it is of a kind that is not understood (RFC 5280, section 5).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use rustls_pki_types::{CertificateRevocationListDer, pem::PemObject};
use thiserror::Error;
use x509_parser::{
    certificate::X509Certificate,
    extensions::{DistributionPointName, GeneralName, IssuingDistributionPoint, ParsedExtension},
    oid_registry::Oid,
    prelude::FromDer,
    revocation_list::CertificateRevocationList,
    time::ASN1Time,
};

use crate::access::card::cryptography::{is_believed, is_whole};

/// The delta CRL indicator (RFC 5280, section 5.2.4).
const DELTA: &str = "2.5.29.27";

/// Why a file is not a revocation list that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum ListProblem {
    #[error("not a certificate revocation list")]
    NotAList,
    #[error("a delta list, which tells only what changed since another: give the complete list")]
    Delta,
    #[error("an indirect list, which speaks for other authorities than the one that signed it")]
    Indirect,
    #[error("a list for some reasons of revocation only, or for attribute certificates only")]
    Partial,
    #[error("a list with the critical extension {0}, which is not understood")]
    Unknown(String),
    #[error("a list signed with an algorithm that is no longer believed")]
    WeakSignature,
}

/// A revocation list.
#[derive(Debug)]
pub(super) struct RevocationList {
    der: Vec<u8>,
    /// The name of the authority, DER.
    pub(super) issuer: Vec<u8>,
    /// Number, growing from list to list; big-endian, without leading zeros.
    pub(super) number: Option<Vec<u8>>,
    pub(super) this_update: ASN1Time,
    pub(super) next_update: Option<ASN1Time>,
    /// What the list is about.
    pub(super) scope: Scope,
    revoked: BTreeSet<Vec<u8>>,
    /// By the issuer's public key, whether it signed this list: found out once.
    verified: Mutex<BTreeMap<Vec<u8>, bool>>,
}

/// Which certificates of its issuer a list speaks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Scope {
    /// Those that name one of these addresses as their distribution point; none: all.
    addresses: Option<BTreeSet<String>>,
    only_users: bool,
    only_authorities: bool,
}

impl RevocationList {
    /// Reads a list, PEM or DER.
    pub(super) fn parse(bytes: &[u8]) -> Result<RevocationList, ListProblem> {
        let der = match CertificateRevocationListDer::from_pem_slice(bytes) {
            Ok(der) => der.to_vec(),
            Err(_) => bytes.to_vec(),
        };
        let (rest, list) = CertificateRevocationList::from_der(&der).map_err(|_| ListProblem::NotAList)?;
        if !rest.is_empty() || !is_whole(&list.signature_value) {
            return Err(ListProblem::NotAList);
        }
        if !is_believed(&list.signature_algorithm, &list.tbs_cert_list.signature) {
            return Err(ListProblem::WeakSignature);
        }
        let scope = scope(&list)?;
        let revoked = list.iter_revoked_certificates().map(|entry| {
            match entry.extensions().iter().find(|extension| extension.critical) {
                // The only one that the standard knows names another issuer.
                Some(_) => Err(ListProblem::Indirect),
                None => Ok(significant(entry.raw_serial()).to_vec()),
            }
        });
        Ok(RevocationList {
            issuer: list.issuer().as_raw().to_vec(),
            number: list.crl_number().map(|number| significant(&number.to_bytes_be()).to_vec()),
            this_update: list.last_update(),
            next_update: list.next_update(),
            revoked: revoked.collect::<Result<_, _>>()?,
            scope,
            verified: Mutex::default(),
            der,
        })
    }

    /// Whether `issuer` signed it, as an authority that may.
    pub(super) fn is_signed_by(&self, issuer: &X509Certificate<'_>) -> bool {
        if self.issuer != issuer.subject().as_raw() {
            return false;
        }
        let may = issuer.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.value.crl_sign()));
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        may && *verified.entry(issuer.public_key().raw.to_vec()).or_insert_with(|| {
            CertificateRevocationList::from_der(&self.der)
                .is_ok_and(|(_, list)| list.verify_signature(issuer.public_key()).is_ok())
        })
    }

    /// Whether it names a certificate of its issuer.
    pub(super) fn names(&self, certificate: &X509Certificate<'_>) -> bool {
        self.revoked.contains(significant(certificate.raw_serial()))
    }

    /// The list's bytes, DER.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether its number is lower than `number`. A list without a number comes before all that have one.
    pub(super) fn is_before(&self, number: &Option<Vec<u8>>) -> bool {
        let size = |number: &Option<Vec<u8>>| number.as_ref().map(|digits| (digits.len(), digits.clone()));
        size(&self.number) < size(number)
    }
}

impl Scope {
    /// Whether a list of this scope speaks for `certificate`.
    pub(super) fn covers(&self, certificate: &X509Certificate<'_>) -> bool {
        let is_authority = certificate.is_ca();
        let of_kind = !(self.only_users && is_authority || self.only_authorities && !is_authority);
        let named = self.addresses.as_ref().is_none_or(|addresses| {
            distribution_points(certificate).iter().any(|address| addresses.contains(*address))
        });
        of_kind && named
    }
}

/// Where the list that speaks for a certificate can be had, as its issuer wrote into it.
pub(super) fn distribution_points<'a>(certificate: &'a X509Certificate<'_>) -> Vec<&'a str> {
    let points = certificate.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
        ParsedExtension::CRLDistributionPoints(points) => Some(points),
        _ => None,
    });
    let direct = points.flat_map(|points| points.iter()).filter(|point| point.crl_issuer.is_none());
    direct.filter_map(|point| point.distribution_point.as_ref()).flat_map(addresses).collect()
}

fn addresses<'a>(name: &'a DistributionPointName<'_>) -> Vec<&'a str> {
    let DistributionPointName::FullName(names) = name else { return Vec::new() };
    let address = |name: &'a GeneralName<'_>| match name {
        GeneralName::URI(address) => Some(*address),
        _ => None,
    };
    names.iter().filter_map(address).collect()
}

fn scope(list: &CertificateRevocationList<'_>) -> Result<Scope, ListProblem> {
    let mut scope = Scope::default();
    for extension in list.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::IssuingDistributionPoint(point) => scope = scope_of(point)?,
            _ if extension.oid == delta() => return Err(ListProblem::Delta),
            ParsedExtension::CRLNumber(_) | ParsedExtension::AuthorityKeyIdentifier(_) => {}
            _ if extension.critical => return Err(ListProblem::Unknown(extension.oid.to_id_string())),
            _ => {}
        }
    }
    Ok(scope)
}

fn scope_of(point: &IssuingDistributionPoint<'_>) -> Result<Scope, ListProblem> {
    if point.indirect_crl {
        return Err(ListProblem::Indirect);
    }
    if point.only_some_reasons.is_some() || point.only_contains_attribute_certs {
        return Err(ListProblem::Partial);
    }
    let named = point.distribution_point.as_ref().map(|name| addresses(name).into_iter().map(str::to_owned).collect());
    Ok(Scope {
        addresses: named,
        only_users: point.only_contains_user_certs,
        only_authorities: point.only_contains_ca_certs,
    })
}

fn delta() -> Oid<'static> {
    DELTA.parse().expect("a dotted object identifier")
}

/// A number without the zeros that some encoders put before it.
fn significant(number: &[u8]) -> &[u8] {
    let n_zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[n_zeros..]
}
