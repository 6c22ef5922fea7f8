//! National trust lists, signed by `xmlsec1`: software that knows nothing of ours.

use std::{fs, process::Command};

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use survey_server::access::simulated::{IssuedCertificate, SimulatedAuthority};

use crate::openssl::openssl;

/// Recognised at national level.
pub const RECOGNISED: &str = "recognisedatnationallevel";

/// No longer.
pub const DEPRECATED: &str = "deprecatedatnationallevel";

/// Who signs lists.
pub struct Signer {
    certificate_pem: String,
    key_pem: String,
}

impl Signer {
    /// A new signer with an RSA key, valid from now.
    pub fn new() -> Signer {
        let folder = tempfile::tempdir().expect("a folder");
        let names = ["-subj", "/C=IT/CN=Scheme operator", "-keyout", "key", "-out", "pem", "-days", "900"];
        openssl(folder.path(), &[&["req", "-x509", "-newkey", "rsa:2048", "-nodes"], &names[..]].concat());
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
        Signer { certificate_pem: read("pem"), key_pem: read("key") }
    }

    /// Its certificate, PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// A list of this number with these authorities and their status, due to be replaced in so many days.
    pub fn list(&self, number: u64, authorities: &[(&SimulatedAuthority, &str)], days: i64) -> Vec<u8> {
        let now = Utc::now();
        let services: String =
            authorities.iter().map(|(authority, status)| service(authority.certificate(), status, now)).collect();
        let text = format!(
            r##"<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list"><SchemeInformation>
<TSLSequenceNumber>{number}</TSLSequenceNumber><ListIssueDateTime>{}</ListIssueDateTime>
<NextUpdate><dateTime>{}</dateTime></NextUpdate></SchemeInformation>
<TrustServiceProviderList><TrustServiceProvider><TSPServices>{services}</TSPServices></TrustServiceProvider></TrustServiceProviderList>
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
<ds:SignatureValue/></ds:Signature></TrustServiceStatusList>"##,
            instant(now + Duration::seconds(1)),
            instant(now + Duration::days(days)),
        );
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("template.xml", &text), ("key", &self.key_pem)] {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let mut command = Command::new("xmlsec1");
        command.current_dir(folder.path()).args([
            "--sign",
            "--privkey-pem",
            "key",
            "--output",
            "list.xml",
            "template.xml",
        ]);
        let run = command.output().expect("xmlsec1 is installed (tests/packages.sh)");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        fs::read(folder.path().join("list.xml")).expect("a signed list")
    }
}

impl Default for Signer {
    fn default() -> Signer {
        Signer::new()
    }
}

fn service(authority: &IssuedCertificate, status: &str, now: DateTime<Utc>) -> String {
    let base64: String = authority.certificate_pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let since = instant(now - Duration::days(1));
    format!(
        "<TSPService><ServiceInformation>\
         <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/IdV</ServiceTypeIdentifier>\
         <ServiceName><Name xml:lang=\"it\">Carte</Name></ServiceName>\
         <ServiceDigitalIdentity><DigitalId><X509Certificate>{base64}</X509Certificate></DigitalId></ServiceDigitalIdentity>\
         <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}</ServiceStatus>\
         <StatusStartingTime>{since}</StatusStartingTime></ServiceInformation></TSPService>"
    )
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
