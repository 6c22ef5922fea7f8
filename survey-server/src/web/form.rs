//! Submitted forms: read, bounded, and believed only with the token of the browser they were shown to.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::CONTENT_LENGTH,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

use super::{
    origin,
    rate_limit::{Act, Counted},
    visit,
};
use crate::{access::guard, error::AppError};

/// The longest form accepted, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;

/// A form must be complete within this time of its beginning: who sends it byte by byte only means to keep us busy.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The name of the field that carries the token.
pub const TOKEN_FIELD: &str = "gettone";

/// A form as it was sent: names and values in order, names possibly repeated (check boxes).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of a body in `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Fields, AppError> {
        let text = std::str::from_utf8(body).map_err(|_| AppError::BadRequest("the body is not UTF-8"))?;
        let mut fields = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.push((decoded(name)?, decoded(value)?));
        }
        Ok(Fields(fields))
    }

    /// The first value of `name`, without surrounding space; `None` when absent or blank.
    pub fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// All values of `name` in order, without surrounding space, blank ones left out.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether `name` was sent with `value`.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|sent| sent == value)
    }

    /// All fields in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Fields {
        Fields(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// The fields of a form whose token has been checked. Every handler of a POST ends with it.
#[derive(Debug, Clone)]
pub struct Submitted(pub Fields);

impl FromRequest for Submitted {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Submitted, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let services = guard::services(&request);
            let visit = visit::of(&request).ok_or(AppError::StaleForm)?;
            let fields = read_fields(&request, payload).await?;
            let token = fields.text(TOKEN_FIELD).unwrap_or_default();
            let is_ours = services.keys.csrf_token_holds(visit.bearer(), token);
            if !is_ours || !origin::may_be_from(&services.settings.public_url, &request) {
                return Err(AppError::StaleForm);
            }
            if !services.rate_limit.admits(Act::Form, Counted::Bearer(visit.bearer().to_owned()), visit.now) {
                return Err(AppError::TooManyForms);
            }
            Ok(Submitted(fields))
        })
    }
}

/// Reads and parses a body, up to [`BODY_LIMIT`].
pub(crate) async fn read_fields(request: &HttpRequest, payload: Payload) -> Result<Fields, AppError> {
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(AppError::BadRequest("not a form"));
    }
    let body = tokio::time::timeout(BODY_TIME, read_body(request, payload)).await;
    Fields::parse(&body.map_err(|_| AppError::TooSlow)??)
}

async fn read_body(request: &HttpRequest, mut payload: Payload) -> Result<Bytes, AppError> {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > BODY_LIMIT) {
        return Err(AppError::BodyTooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::BadRequest("the body broke off"))?;
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(AppError::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Names and values as they stand in an address or in the body of a form.
pub(crate) fn encoded_pairs(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A text in which everything but letters, digits and `-._~` is percent-encoded (RFC 3986).
pub(crate) fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

/// The text that was percent-encoded.
pub(crate) fn decoded(text: &str) -> Result<String, AppError> {
    const BROKEN: AppError = AppError::BadRequest("a field is not percent-encoded UTF-8");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = digit(rest.next()).zip(digit(rest.next())).ok_or(BROKEN)?;
                u8::try_from(high * 16 + low).map_err(|_| BROKEN)?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| BROKEN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_keep_order_and_repetition() {
        let fields = Fields::parse(b"con=A&con=B&nota=caff%C3%A8+lungo&vuoto=+").unwrap();
        assert_eq!(fields.all("con").collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(fields.text("nota"), Some("caffè lungo"));
        assert_eq!(fields.text("vuoto"), None);
        assert!(fields.has("con", "B") && !fields.has("con", "C"));
    }

    proptest! {
        /// Whatever is sent, reading ends without a panic; and what a browser encodes comes back as it was.
        #[test]
        fn any_body_is_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(fields) = Fields::parse(&body) {
                prop_assert!(fields.pairs().count() <= body.iter().filter(|byte| **byte == b'&').count() + 1);
            }
        }

        #[test]
        fn what_a_browser_encodes_comes_back(pairs in proptest::collection::vec((".{0,20}", ".{0,40}"), 0..8)) {
            let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
            let fields = Fields::parse(body.join("&").as_bytes()).unwrap();
            let read: Vec<(&str, &str)> = fields.pairs().collect();
            let sent: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            prop_assert_eq!(read, sent);
        }
    }

    #[test]
    fn broken_encodings_are_refused() {
        for body in ["a=%2", "a=%zz", "a=%FF"] {
            assert!(matches!(Fields::parse(body.as_bytes()), Err(AppError::BadRequest(_))), "{body}");
        }
    }
}
