//! From the code that a browser brought back to what the provider says of the person: token endpoint, userinfo, and the
//! end of the access token, which is not kept.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    discovery::{Described, Known, unreachable},
    identity_provider::Client,
    refusal::Refusal,
};
use crate::{
    access::jose::{Algorithm, Claims, JoseError, Signed, SigningKey},
    keys,
    outbound::Outbound,
    web::form::{encoded, encoded_pairs},
};

/// Tokens and personal data may not be longer, in bytes.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// A statement about ourselves is good for so many seconds.
const ASSERTION_LIFETIME: i64 = 120;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The tokens of a sign-in. They live as long as the request that asked for them.
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) id_token: String,
}

/// What asking a provider needs.
pub(super) struct Asking<'a> {
    pub(super) outbound: &'a Outbound,
    pub(super) known: &'a Known,
    pub(super) client: &'a Client<'a>,
    pub(super) now: DateTime<Utc>,
}

impl Asking<'_> {
    /// Gives the code for tokens.
    pub(super) async fn redeem(
        &self,
        described: &Described,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> Result<Tokens, Refusal> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let answer = self.post(described, &described.metadata.token_endpoint, &fields).await?;
        let answer: Value =
            serde_json::from_slice(&answer).map_err(|_| Refusal::NotBelieved("the tokens are not JSON"))?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
        if !text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
            return Err(Refusal::NotBelieved("the access token is of another type than Bearer"));
        }
        let tokens = text("access_token").zip(text("id_token"));
        let (access_token, id_token) = tokens.ok_or(Refusal::NotBelieved("the answer holds no tokens"))?;
        Ok(Tokens { access_token, id_token })
    }

    /// The claims of a token of the provider: decrypted if need be, signed with a key that the provider publishes, now
    /// or since a moment ago.
    pub(super) async fn proved(&self, described: &Described, token: &str) -> Result<Claims, Refusal> {
        let opened;
        let token = match token.matches('.').count() {
            4 => {
                let key =
                    self.client.decryption_key.ok_or(Refusal::NotBelieved("we have no key for an encrypted token"))?;
                opened = key.open(token).map_err(|error| not_believed(&error))?;
                opened.as_str()
            }
            _ => token,
        };
        let signed = Signed::parse(token).map_err(|error| not_believed(&error))?;
        let is_known = signed.key_id().is_none_or(|id| described.keys.names(id));
        let present: Arc<Described>;
        let keys = if is_known {
            &described.keys
        } else {
            present = self.known.with_present_keys(self.outbound, described, self.now).await?;
            &present.keys
        };
        signed.verify(keys, &Algorithm::ALL).map_err(|error| not_believed(&error))
    }

    /// What the provider says of the person `subject`. Data that come without a signature are believed for the
    /// connection that they come over, except in the Italian federations, which sign and encrypt them.
    pub(super) async fn personal_data(
        &self,
        described: &Described,
        access_token: &str,
        subject: &str,
    ) -> Result<Claims, Refusal> {
        let Some(endpoint) = &described.metadata.userinfo_endpoint else { return Ok(Claims::default()) };
        let headers = vec![
            ("authorization", format!("Bearer {access_token}")),
            ("accept", "application/json, application/jwt, application/jose".to_owned()),
        ];
        let answer = self.outbound.get_with(endpoint, headers, ANSWER_LIMIT).await;
        let answer = String::from_utf8(answer.map_err(|error| unreachable(&error))?);
        let answer = answer.map_err(|_| Refusal::NotBelieved("the personal data are not text"))?;
        let claims = if answer.trim_start().starts_with('{') {
            if self.client.wants_signed_data {
                return Err(Refusal::NotBelieved("the personal data are not signed"));
            }
            let object = serde_json::from_str(&answer);
            Claims(object.map_err(|_| Refusal::NotBelieved("the personal data are not JSON"))?)
        } else {
            if self.client.wants_signed_data && answer.trim().matches('.').count() != 4 {
                return Err(Refusal::NotBelieved("the personal data are not encrypted"));
            }
            let claims = self.proved(described, &answer).await?;
            let is_theirs = claims.text("iss").is_none_or(|issuer| issuer == described.metadata.issuer);
            let audiences = claims.texts("aud");
            let is_ours = audiences.is_empty() || audiences.contains(&self.client.id);
            if !is_theirs || !is_ours {
                return Err(Refusal::NotBelieved("the personal data are another's or meant for another"));
            }
            claims
        };
        if claims.text("sub") != Some(subject) {
            return Err(Refusal::NotBelieved("the personal data are of another person than the ID token"));
        }
        Ok(claims)
    }

    /// Ends the access token. It is of no further use, so it ends at once; a provider that fails to do so changes nothing.
    pub(super) async fn revoke(&self, described: &Described, access_token: &str) {
        let Some(endpoint) = &described.metadata.revocation_endpoint else { return };
        let fields = [("token", access_token), ("token_type_hint", "access_token")];
        self.post(described, endpoint, &fields).await.ok();
    }

    /// A form to the provider with the proof of who we are.
    async fn post(&self, described: &Described, url: &str, fields: &[(&str, &str)]) -> Result<Vec<u8>, Refusal> {
        let mut fields = fields.to_vec();
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        let assertion;
        match self.client.proof {
            ClientProof::Key(key) => {
                let audience = if self.client.wants_signed_data {
                    json!([described.metadata.issuer, url])
                } else {
                    json!(described.metadata.issuer)
                };
                assertion = client_assertion(key, self.client.id, audience, self.now);
                fields.extend([("client_id", self.client.id), ("client_assertion_type", ASSERTION_TYPE)]);
                fields.push(("client_assertion", &assertion));
            }
            ClientProof::Basic(secret) => {
                let pair = format!("{}:{}", encoded(self.client.id), encoded(secret));
                headers.push(("authorization", format!("Basic {}", STANDARD.encode(pair))));
            }
            ClientProof::Post(secret) => fields.extend([("client_id", self.client.id), ("client_secret", secret)]),
        }
        let answer = self.outbound.post(url, headers, encoded_pairs(&fields), ANSWER_LIMIT).await;
        answer.map_err(|error| unreachable(&error))
    }
}

/// How we prove to a provider who we are.
#[derive(Clone, Copy)]
pub(super) enum ClientProof<'a> {
    /// A statement signed with this key (RFC 7523).
    Key(&'a SigningKey),
    /// A secret in the Authorization header.
    Basic(&'a str),
    /// A secret in the form.
    Post(&'a str),
}

/// A statement that we are `client_id`, for one use.
fn client_assertion(key: &SigningKey, client_id: &str, audience: Value, now: DateTime<Utc>) -> String {
    let now = now.timestamp();
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": keys::random_token(),
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
    });
    key.sign("JWT", &claims)
}

fn not_believed(error: &JoseError) -> Refusal {
    Refusal::NotBelieved(match error {
        JoseError::Malformed(_) => "a token of the provider is malformed",
        JoseError::Algorithm => "a token of the provider is signed or encrypted in a way that is not accepted",
        JoseError::UnknownKey => "a token of the provider is signed with an unknown key",
        JoseError::Signature => "the signature of a token of the provider does not hold",
        JoseError::Sealed => "a token of the provider does not open with our key",
        JoseError::Key(_) => "a key of the provider cannot be used",
    })
}
