//! The headers that every answer carries.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// Everything comes from this site; nothing inline, no frames, forms only to ourselves.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const TRANSPORT_SECURITY: &str = "strict-transport-security";

const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    (TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    // For browsers that do not know `frame-ancestors`.
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Adds the headers that the answer does not already state. The demonstration does not ask browsers to remember HTTPS:
/// they would insist on it for everything else that its user runs on `localhost`.
pub(crate) fn add(headers: &mut HeaderMap, is_demonstration: bool) {
    for (name, value) in HEADERS.into_iter().filter(|(name, _)| !(is_demonstration && *name == TRANSPORT_SECURITY)) {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
