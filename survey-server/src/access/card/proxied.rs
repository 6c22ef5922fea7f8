//! The certificate that a reverse proxy took in its handshake and passes in a header. The caller has made sure that the
//! request comes from a proxy that is believed; possession of the key was then proved to that proxy.

use actix_web::http::header::HeaderMap;
use rustls_pki_types::{CertificateDer, pem::PemObject};

use super::Refusal;

/// In which the proxy says whether the handshake was a new one; `initial` is the only good answer.
const HANDSHAKE: &str = "x-tempi-client-handshake";

/// The longest header taken, in bytes: a card's certificate takes three thousand.
const HEADER_LIMIT: usize = 16 * 1024;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// Whether the proxy says that the client has just proved possession of its key. A session that was resumed, or a
/// connection that was kept, proves nothing any more: the card may have left the reader.
pub(super) fn handshake_is_new(headers: &HeaderMap) -> bool {
    let mut said = headers.get_all(HANDSHAKE);
    let answer = said.next().and_then(|value| value.to_str().ok());
    said.next().is_none() && answer.is_some_and(|answer| answer.eq_ignore_ascii_case("initial"))
}

/// The certificate in the header called `name`: exactly one header, with exactly one certificate as URL-encoded PEM.
pub(super) fn certificate(headers: &HeaderMap, name: &str) -> Result<CertificateDer<'static>, Refusal> {
    let mut values = headers.get_all(name);
    let value = values.next().ok_or(Refusal::NoCertificate)?;
    if values.next().is_some() || value.len() > HEADER_LIMIT {
        return Err(Refusal::Unreadable);
    }
    let text = value.to_str().map_err(|_| Refusal::Unreadable)?.trim();
    if text.is_empty() {
        return Err(Refusal::NoCertificate);
    }
    let pem = percent_decoded(text).ok_or(Refusal::Unreadable)?;
    let pem = pem.trim_ascii();
    // Nothing before or after the certificate, which a more lenient reader might take for another.
    let is_one = pem.starts_with(BEGIN.as_bytes()) && pem.ends_with(b"-----END CERTIFICATE-----");
    let n_boundaries = pem.windows(5).filter(|window| *window == b"-----").count();
    if !is_one || n_boundaries != 4 {
        return Err(Refusal::Unreadable);
    }
    CertificateDer::from_pem_slice(pem).map_err(|_| Refusal::Unreadable)
}

/// Only what the encoding of PEM needs; a plus sign stands for itself.
fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            plain => plain,
        };
        // Printable characters and the ends of lines: whatever else it is, it is not PEM.
        if !byte.is_ascii_graphic() && !matches!(byte, b' ' | b'\r' | b'\n') {
            return None;
        }
        decoded.push(byte);
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "x-card";

    fn read(values: &[&str]) -> Result<Vec<u8>, Refusal> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static(NAME), HeaderValue::from_str(value).unwrap());
        }
        certificate(&headers, NAME).map(|der| der.to_vec())
    }

    fn pem(body: &str) -> String {
        format!("{BEGIN}%0A{body}%0A-----END%20CERTIFICATE-----%0A").replace("BEGIN ", "BEGIN%20")
    }

    #[test]
    fn one_certificate_in_one_header_is_read() {
        assert_eq!(read(&[&pem("AAEC")]), Ok(vec![0, 1, 2]));
        assert_eq!(read(&[&pem("%2B%2F%2B%2F")]), read(&[&pem("+/+/")]), "a plus sign is no space");
    }

    #[test]
    fn whatever_else_is_in_the_header_is_refused() {
        let one = pem("AAEC");
        assert_eq!(read(&[]), Err(Refusal::NoCertificate));
        assert_eq!(read(&[""]), Err(Refusal::NoCertificate));
        for bad in [
            format!("{one}{one}"),
            format!("x{one}"),
            format!("{one}x"),
            one.replace("CERTIFICATE", "PUBLIC%20KEY"),
            pem("not base64!"),
            pem("AAEC%00"),
            pem("AAEC%2"),
            pem("AAEC%zz"),
            pem(&"A".repeat(HEADER_LIMIT)),
            "(null)".to_owned(),
            "CN=RSSMRA80A41C707O/6030.hash".to_owned(),
        ] {
            assert_eq!(read(&[&bad]), Err(Refusal::Unreadable), "{bad}");
        }
        assert_eq!(read(&[&one, &one]), Err(Refusal::Unreadable), "two headers");
    }

    #[test]
    fn only_a_new_handshake_is_one() {
        let said = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(HeaderName::from_static(HANDSHAKE), HeaderValue::from_static(value));
            }
            handshake_is_new(&headers)
        };
        assert!(said(&["initial"]) && said(&["Initial"]));
        assert!(!said(&[]) && !said(&["Resumed"]) && !said(&[""]) && !said(&["initial", "initial"]));
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_fail_otherwise(value in "[ -~]{0,300}") {
            let _ = read(&[&value]);
        }
    }
}
