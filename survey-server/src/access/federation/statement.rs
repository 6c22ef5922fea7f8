//! Statements of a federation (OpenID Federation 1.0, section 3): what somebody in authority says of a member, or a
//! member of itself.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{id_token::LEEWAY, refusal::Refusal};
use crate::access::jose::{Algorithm, Claims, JoseError, KeySet, Signed};

/// The media type of a statement.
pub(super) const KIND: &str = "entity-statement+jwt";

/// The operators of policies that are understood (section 6.1.3.1).
pub(super) const OPERATORS: [&str; 7] = ["value", "add", "default", "one_of", "subset_of", "superset_of", "essential"];

/// A statement whose signature holds and which is in force.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) expires: i64,
    /// The keys of the subject.
    pub(super) keys: KeySet,
    claims: Claims,
    /// The statement as it came, to be handed on.
    pub(super) token: String,
}

/// What a statement demands of everybody below its issuer (section 6.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Constraints {
    /// So many intermediates may stand between the issuer and the member.
    pub(super) max_path_length: Option<u64>,
    /// Names below which hosts must lie; `None`: any.
    pub(super) permitted: Option<Vec<String>>,
    /// Names below which they must not.
    pub(super) excluded: Vec<String>,
    /// Kinds of member that may be; `None`: any.
    pub(super) allowed_kinds: Option<Vec<String>>,
}

impl Statement {
    /// What a member says of itself, signed with one of the keys that it names there. That proves nothing yet: its superior
    /// must vouch for the keys.
    pub(super) fn of_itself(token: &str, member: &str, now: DateTime<Utc>) -> Result<Statement, Refusal> {
        let signed = Signed::parse(token).map_err(not_believed)?;
        let keys = KeySet::read(signed.unproved().value("jwks").unwrap_or(&Value::Null)).map_err(not_believed)?;
        Statement::proved(token, signed, &keys, member, member, now)
    }

    /// What `issuer`, who has `keys`, says of `subject`.
    pub(super) fn of_subordinate(
        token: &str,
        keys: &KeySet,
        issuer: &str,
        subject: &str,
        now: DateTime<Utc>,
    ) -> Result<Statement, Refusal> {
        Statement::proved(token, Signed::parse(token).map_err(not_believed)?, keys, issuer, subject, now)
    }

    fn proved(
        token: &str,
        signed: Signed<'_>,
        keys: &KeySet,
        issuer: &str,
        subject: &str,
        now: DateTime<Utc>,
    ) -> Result<Statement, Refusal> {
        let hold = |holds: bool, why: &'static str| if holds { Ok(()) } else { Err(Refusal::NotBelieved(why)) };
        hold(signed.kind() == Some(KIND), "a statement of the federation is of another type")?;
        hold(signed.key_id().is_some(), "a statement of the federation names no key")?;
        let claims = signed.verify(keys, &Algorithm::ALL).map_err(not_believed)?;
        let seconds = now.timestamp();
        hold(claims.text("iss") == Some(issuer), "a statement of the federation is another issuer's")?;
        hold(claims.text("sub") == Some(subject), "a statement of the federation is of somebody else")?;
        let expires = claims.instant("exp").filter(|exp| exp + LEEWAY > seconds);
        let expires = expires.ok_or(Refusal::NotBelieved("a statement of the federation has expired"))?;
        hold(
            claims.instant("iat").is_some_and(|iat| iat <= seconds + LEEWAY),
            "a statement of the federation is of the future",
        )?;
        hold(claims.value("crit").is_none(), "a statement of the federation has a critical claim that is not known")?;
        let critical = claims.texts("metadata_policy_crit");
        hold(
            critical.iter().all(|operator| OPERATORS.contains(operator)),
            "a policy of the federation has a critical operator that is not known",
        )?;
        let keys = KeySet::read(claims.value("jwks").unwrap_or(&Value::Null)).map_err(not_believed)?;
        Ok(Statement {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            expires,
            keys,
            claims,
            token: token.trim().to_owned(),
        })
    }

    /// Whether one of `keys` signed it: for what a member says of itself, once its superior has said which keys it has.
    pub(super) fn is_signed_by(&self, keys: &KeySet) -> bool {
        Signed::parse(&self.token).is_ok_and(|signed| signed.verify(keys, &Algorithm::ALL).is_ok())
    }

    /// Who may vouch for the member.
    pub(super) fn authority_hints(&self) -> Vec<&str> {
        self.claims.texts("authority_hints")
    }

    /// What is said of the subject as a member of one kind.
    pub(super) fn metadata(&self, kind: &str) -> Option<&Map<String, Value>> {
        self.claims.value("metadata")?.get(kind)?.as_object()
    }

    /// The policy for members of one kind below.
    pub(super) fn policy(&self, kind: &str) -> Option<&Map<String, Value>> {
        self.claims.value("metadata_policy")?.get(kind)?.as_object()
    }

    /// Where the member answers what a federation asks.
    pub(super) fn endpoint(&self, name: &str) -> Option<&str> {
        self.metadata("federation_entity")?.get(name)?.as_str().filter(|url| url.starts_with("https://"))
    }

    /// What is demanded of everybody below. One that cannot be read is as strict as can be.
    pub(super) fn constraints(&self) -> Constraints {
        let Some(constraints) = self.claims.value("constraints") else { return Constraints::default() };
        let texts = |value: &Value| -> Vec<String> {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let naming = constraints.get("naming_constraints");
        let named = |name: &str| naming.and_then(|naming| naming.get(name));
        Constraints {
            max_path_length: constraints.get("max_path_length").map(|length| length.as_u64().unwrap_or(0)),
            permitted: named("permitted").map(texts),
            excluded: named("excluded").map(texts).unwrap_or_default(),
            allowed_kinds: constraints.get("allowed_entity_types").map(texts),
        }
    }
}

impl Constraints {
    /// Whether the host of a member may be (section 6.2.2): `example.it` stands for itself, `.example.it` for what lies
    /// below.
    pub(super) fn admit(&self, member: &str) -> bool {
        let host = host(member);
        let lies = |name: &String| match name.strip_prefix("https://").unwrap_or(name) {
            below if below.starts_with('.') => host.len() > below.len() && host.ends_with(below),
            exact => host == exact,
        };
        self.permitted.as_ref().is_none_or(|names| names.iter().any(lies)) && !self.excluded.iter().any(lies)
    }
}

/// The host of a member's identifier, without port.
pub(super) fn host(member: &str) -> &str {
    let rest = member.trim_start_matches("https://");
    let end = rest.find(['/', ':', '?']).unwrap_or(rest.len());
    &rest[..end]
}

fn not_believed(error: JoseError) -> Refusal {
    Refusal::NotBelieved(match error {
        JoseError::Malformed(_) => "a statement of the federation is malformed",
        JoseError::Algorithm => "a statement of the federation is signed in a way that is not accepted",
        JoseError::Key(_) => "a statement of the federation names no key that can be used",
        JoseError::UnknownKey | JoseError::Signature | JoseError::Sealed => {
            "a statement of the federation is not signed by whom it should"
        }
    })
}
