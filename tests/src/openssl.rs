//! What only the openssl command makes: RSA keys, and certificates of the first cards.

use std::{fs, path::Path, process::Command};

use rustls_pki_types::{CertificateDer, pem::PemObject};
use survey_server::access::simulated::IssuedCertificate;
use tempfile::TempDir;

/// Runs `openssl` in a folder.
///
/// # Panics
/// When it fails.
pub fn openssl(folder: &Path, arguments: &[&str]) {
    let run = Command::new("openssl").current_dir(folder).args(arguments).output().expect("openssl is installed");
    assert!(run.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

/// A new RSA key of so many bits, PEM (PKCS#8).
pub fn rsa_key(bits: u32) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let size = format!("rsa_keygen_bits:{bits}");
    openssl(folder.path(), &["genpkey", "-algorithm", "RSA", "-pkeyopt", &size, "-out", "key"]);
    fs::read_to_string(folder.path().join("key")).expect("a key")
}

/// A card with a key of so many bits, whose certificate `issuer` signed with this digest.
pub fn rsa_card(issuer: &IssuedCertificate, name: &str, bits: u32, digest: &str) -> IssuedCertificate {
    let folder: TempDir = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let write = |name: &str, text: &str| fs::write(path.join(name), text).expect("a file");
    let read = |name: &str| fs::read_to_string(path.join(name)).expect("a file");
    write("ca.pem", &issuer.certificate_pem);
    write("ca.key", &issuer.key_pem);
    let usage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n";
    write("ext", &format!("basicConstraints=CA:false\n{usage}certificatePolicies=1.3.76.16.2.1\n"));
    let subject = format!("/C=IT/CN={}", name.replace('/', "\\/"));
    let key = format!("rsa:{bits}");
    openssl(path, &["req", "-new", "-newkey", &key, "-nodes", "-keyout", "key", "-out", "csr", "-subj", &subject]);
    let issuing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext", digest];
    openssl(path, &[&["x509", "-req", "-in", "csr", "-days", "9", "-out", "pem"], &issuing[..]].concat());
    let certificate_pem = read("pem");
    let der = CertificateDer::from_pem_slice(certificate_pem.as_bytes()).expect("a certificate");
    IssuedCertificate { der, certificate_pem, key_pem: read("key"), serial: Vec::new() }
}
