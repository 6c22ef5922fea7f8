//! Whether a listener's certificate is still good, and is for the host that browsers ask for.

use chrono::{DateTime, Duration, Utc};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use x509_parser::{extensions::GeneralName, prelude::*};

use super::{Finding, host_of};
use crate::config::Listener;

/// How long before its end a certificate is worth a warning.
const NOTICE: i64 = 21;

pub(super) fn review(listener: &Listener, key: &'static str, now: DateTime<Utc>) -> Vec<Finding> {
    let Some(files) = &listener.tls else { return Vec::new() };
    let leaf = CertificateDer::pem_file_iter(&files.certificate).ok().and_then(|mut chain| chain.next()?.ok());
    let Some(leaf) = leaf else { return Vec::new() };
    let Ok((_, certificate)) = X509Certificate::from_der(&leaf) else {
        return vec![Finding::fault(key, format!("{} does not read as a certificate", files.certificate.display()))];
    };
    let mut findings = Vec::new();
    let ends = DateTime::from_timestamp(certificate.validity().not_after.timestamp(), 0).unwrap_or_default();
    let begins = DateTime::from_timestamp(certificate.validity().not_before.timestamp(), 0).unwrap_or_default();
    if now < begins || now > ends {
        findings.push(Finding::fault(
            key,
            format!("it is valid from {} to {} only: renew it", begins.format("%F"), ends.format("%F")),
        ));
    } else if ends - now < Duration::days(NOTICE) {
        let days = (ends - now).num_days();
        findings.push(Finding::warning(key, format!("it expires in {days} days, on {}: renew it", ends.format("%F"))));
    }
    let host = host_of(listener);
    if !names(&certificate, host) {
        findings.push(Finding::fault(
            key,
            format!("it is not for {host}, which browsers ask for: they would refuse the site"),
        ));
    }
    findings
}

/// Whether a certificate names `host` (RFC 9525: the alternative names only; a wildcard stands for one label).
fn names(certificate: &X509Certificate<'_>, host: &str) -> bool {
    let Ok(Some(alternatives)) = certificate.subject_alternative_name() else { return false };
    let is_named = |name: &GeneralName<'_>| match (name, ServerName::try_from(host)) {
        (GeneralName::DNSName(name), Ok(ServerName::DnsName(_))) => matches(name, host),
        (GeneralName::IPAddress(bytes), Ok(ServerName::IpAddress(address))) => {
            let address = std::net::IpAddr::from(address);
            match address {
                std::net::IpAddr::V4(address) => address.octets() == *bytes,
                std::net::IpAddr::V6(address) => address.octets() == *bytes,
            }
        }
        _ => false,
    };
    alternatives.value.general_names.iter().any(is_named)
}

fn matches(name: &str, host: &str) -> bool {
    let (name, host) = (name.to_ascii_lowercase(), host.to_ascii_lowercase());
    match name.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => name == host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        assert!(matches("tempi.comune.it", "Tempi.comune.it"));
        assert!(matches("*.comune.it", "tempi.comune.it"));
        assert!(!matches("*.comune.it", "comune.it") && !matches("*.comune.it", "carta.tempi.comune.it"));
    }
}
