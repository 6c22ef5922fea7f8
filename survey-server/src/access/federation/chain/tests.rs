//! Federations good and bad: forged and expired statements, circles, names and lengths that an authority does not allow.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::access::jose::{
    SigningKey,
    tests::{curve_key, set},
};

const ANCHOR: &str = "https://anchor.example";
const MIDDLE: &str = "https://middle.example";
const PROVIDER: &str = "https://idp.example";
const KIND: &str = "openid_provider";

/// A federation: documents by address, and the keys of its members.
struct Federation {
    documents: RefCell<BTreeMap<String, String>>,
    keys: BTreeMap<&'static str, SigningKey>,
    n_fetched: Cell<usize>,
}

impl Documents for Federation {
    async fn fetch(&self, url: &str) -> Result<String, Refusal> {
        self.n_fetched.set(self.n_fetched.get() + 1);
        self.documents.borrow().get(url).cloned().ok_or(Refusal::ProviderDown)
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

impl Federation {
    /// Anchor over provider, with an intermediate between them if `with_middle`.
    fn new(with_middle: bool) -> Federation {
        let keys = [ANCHOR, MIDDLE, PROVIDER].map(|member| (member, curve_key()));
        let federation = Federation { documents: RefCell::default(), keys: keys.into(), n_fetched: Cell::new(0) };
        let superior = if with_middle { MIDDLE } else { ANCHOR };
        federation.say_of_itself(ANCHOR, &[], json!({}));
        federation.say_of_itself(PROVIDER, &[superior], json!({}));
        federation.say_of(superior, PROVIDER, json!({}));
        if with_middle {
            federation.say_of_itself(MIDDLE, &[ANCHOR], json!({}));
            federation.say_of(ANCHOR, MIDDLE, json!({}));
        }
        federation
    }

    fn put(&self, url: String, token: String) {
        self.documents.borrow_mut().insert(url, token);
    }

    fn say_of_itself(&self, member: &'static str, hints: &[&str], more: Value) {
        let own = match member {
            PROVIDER => json!({ KIND: { "issuer": PROVIDER, "scopes_supported": ["openid", "email"] } }),
            _ => json!({ "federation_entity": { "federation_fetch_endpoint": format!("{member}/fetch") } }),
        };
        let claims = json!({ "authority_hints": hints, "metadata": own });
        let token = self.statement(&self.keys[member], member, member, member, claims, more);
        self.put(format!("{member}/.well-known/openid-federation"), token);
    }

    fn say_of(&self, superior: &'static str, member: &'static str, more: Value) {
        let token = self.statement(&self.keys[superior], superior, member, member, json!({}), more);
        self.put(format!("{superior}/fetch?sub={}", encoded(member)), token);
    }

    /// A statement by whoever has `key`, about `subject` with the keys of `owner`.
    fn statement(
        &self,
        key: &SigningKey,
        issuer: &str,
        subject: &str,
        owner: &str,
        claims: Value,
        more: Value,
    ) -> String {
        let mut all = json!({
            "iss": issuer,
            "sub": subject,
            "iat": now().timestamp() - 10,
            "exp": now().timestamp() + 600,
            "jwks": { "keys": [self.keys[owner].public()] },
        });
        for (name, value) in claims.as_object().into_iter().chain(more.as_object()).flatten() {
            all[name] = value.clone();
        }
        key.sign(super::super::statement::KIND, &all)
    }

    fn resolve(&self) -> Result<Member, Refusal> {
        self.resolve_with(&set(&[&self.keys[ANCHOR]]))
    }

    fn resolve_with(&self, keys: &KeySet) -> Result<Member, Refusal> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(resolve(self, PROVIDER, KIND, Anchor { id: ANCHOR, keys }, now()))
    }
}

#[track_caller]
fn refused(federation: &Federation, words: &str) {
    match federation.resolve() {
        Err(Refusal::NotBelieved(why)) => assert!(why.contains(words), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_provider_is_found_directly_and_through_an_intermediate() {
    for with_middle in [false, true] {
        let member = Federation::new(with_middle).resolve().unwrap();
        assert_eq!(member.metadata["issuer"], PROVIDER);
        assert_eq!(member.chain.len(), if with_middle { 4 } else { 3 });
        assert_eq!(member.expires, now().timestamp() + 600);
    }
}

#[test]
fn a_subordinate_statement_that_the_authority_did_not_sign_is_refused() {
    // The provider vouches for itself in the anchor's name, with its own key.
    let federation = Federation::new(false);
    let forged = federation.statement(&federation.keys[PROVIDER], ANCHOR, PROVIDER, PROVIDER, json!({}), json!({}));
    federation.put(format!("{ANCHOR}/fetch?sub={}", encoded(PROVIDER)), forged);
    refused(&federation, "not signed by whom it should");
    // One of another member, and one by another issuer, each well signed.
    for (issuer, subject) in [(ANCHOR, MIDDLE), (MIDDLE, PROVIDER)] {
        let other = federation.statement(&federation.keys[ANCHOR], issuer, subject, PROVIDER, json!({}), json!({}));
        federation.put(format!("{ANCHOR}/fetch?sub={}", encoded(PROVIDER)), other);
        assert!(matches!(federation.resolve(), Err(Refusal::NotBelieved(_))));
    }
    // One that names other keys than those the provider signs with.
    let other = federation.statement(&federation.keys[ANCHOR], ANCHOR, PROVIDER, MIDDLE, json!({}), json!({}));
    federation.put(format!("{ANCHOR}/fetch?sub={}", encoded(PROVIDER)), other);
    refused(&federation, "a key that its authority does not know");
}

#[test]
fn an_intermediate_that_nobody_vouches_for_vouches_for_nobody() {
    let federation = Federation::new(true);
    let thief = curve_key();
    let claims = json!({
        "jwks": { "keys": [thief.public()] },
        "authority_hints": [ANCHOR],
        "metadata": { "federation_entity": { "federation_fetch_endpoint": format!("{MIDDLE}/fetch") } },
    });
    let own = federation.statement(&thief, MIDDLE, MIDDLE, MIDDLE, claims, json!({}));
    federation.put(format!("{MIDDLE}/.well-known/openid-federation"), own);
    let about = federation.statement(&thief, MIDDLE, PROVIDER, PROVIDER, json!({}), json!({}));
    federation.put(format!("{MIDDLE}/fetch?sub={}", encoded(PROVIDER)), about);
    refused(&federation, "a key that its authority does not know");
}

#[test]
fn an_anchor_that_signs_with_an_unknown_key_is_no_anchor() {
    let federation = Federation::new(false);
    let other = set(&[&curve_key()]);
    assert!(matches!(federation.resolve_with(&other), Err(Refusal::NotBelieved(why)) if why.contains("trust anchor")));
}

#[test]
fn statements_out_of_their_time_or_of_another_type_are_refused() {
    let seconds = now().timestamp();
    for more in [
        json!({ "exp": seconds - 61 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "iat": seconds + 120 }),
        json!({ "iat": null }),
        json!({ "crit": ["something"] }),
        json!({ "metadata_policy_crit": ["regexp"] }),
        json!({ "jwks": {} }),
    ] {
        let of_itself = Federation::new(false);
        of_itself.say_of_itself(PROVIDER, &[ANCHOR], more.clone());
        assert!(matches!(of_itself.resolve(), Err(Refusal::NotBelieved(_))), "of itself: {more}");
        let of_subordinate = Federation::new(false);
        of_subordinate.say_of(ANCHOR, PROVIDER, more.clone());
        assert!(matches!(of_subordinate.resolve(), Err(Refusal::NotBelieved(_))), "of a subordinate: {more}");
        let of_anchor = Federation::new(false);
        of_anchor.say_of_itself(ANCHOR, &[], more.clone());
        assert!(matches!(of_anchor.resolve(), Err(Refusal::NotBelieved(_))), "of the anchor: {more}");
    }
    let federation = Federation::new(false);
    let url = format!("{ANCHOR}/fetch?sub={}", encoded(PROVIDER));
    let claims = json!({ "iss": ANCHOR, "sub": PROVIDER, "iat": seconds, "exp": seconds + 60,
        "jwks": { "keys": [federation.keys[PROVIDER].public()] } });
    federation.put(url, federation.keys[ANCHOR].sign("JWT", &claims));
    refused(&federation, "another type");
}

#[test]
fn a_circle_of_authorities_ends() {
    let federation = Federation::new(true);
    federation.say_of_itself(MIDDLE, &[PROVIDER, MIDDLE], json!({}));
    refused(&federation, "no chain leads");
    assert!(federation.n_fetched.get() < 10, "{}", federation.n_fetched.get());
}

/// A member that names ever new authorities costs a bounded number of requests.
#[test]
fn authorities_without_end_are_not_followed() {
    struct Endless(Federation);
    impl Documents for Endless {
        async fn fetch(&self, url: &str) -> Result<String, Refusal> {
            if let Ok(known) = self.0.fetch(url).await {
                return Ok(known);
            }
            let member = url.trim_end_matches("/.well-known/openid-federation");
            let hints: Vec<String> = (0..50).map(|number| format!("{member}/{number}")).collect();
            let key = &self.0.keys[MIDDLE];
            Ok(self.0.statement(key, member, member, MIDDLE, json!({ "authority_hints": hints }), json!({})))
        }
    }
    let federation = Endless(Federation::new(false));
    let hints: Vec<String> = (0..50).map(|number| format!("https://endless.example/{number}")).collect();
    let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
    federation.0.say_of_itself(PROVIDER, &hints, json!({}));
    let keys = set(&[&federation.0.keys[ANCHOR]]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let anchor = Anchor { id: ANCHOR, keys: &keys };
    assert!(runtime.block_on(resolve(&federation, PROVIDER, KIND, anchor, now())).is_err());
    assert!(federation.0.n_fetched.get() <= N_FETCHES + 1, "{}", federation.0.n_fetched.get());
}

#[test]
fn constraints_of_every_authority_hold() {
    let constrained = |constraints: &Value| {
        let of_anchor = Federation::new(true);
        of_anchor.say_of_itself(ANCHOR, &[], json!({ "constraints": constraints }));
        let of_statement = Federation::new(true);
        of_statement.say_of(ANCHOR, MIDDLE, json!({ "constraints": constraints }));
        [of_anchor, of_statement]
    };
    for allowed in [
        json!({ "max_path_length": 1 }),
        json!({ "naming_constraints": { "permitted": [".example"] } }),
        json!({ "naming_constraints": { "permitted": ["idp.example", "https://middle.example"] } }),
        json!({ "naming_constraints": { "excluded": [".idp.example", "other.example"] } }),
        json!({ "allowed_entity_types": [KIND] }),
    ] {
        for federation in constrained(&allowed) {
            assert!(federation.resolve().is_ok(), "{allowed}");
        }
    }
    for (forbidden, words) in [
        (json!({ "max_path_length": 0 }), "longer than an authority"),
        (json!({ "max_path_length": "many" }), "longer than an authority"),
        (json!({ "naming_constraints": { "permitted": [".other.example"] } }), "may not vouch for this name"),
        (json!({ "naming_constraints": { "permitted": [] } }), "may not vouch for this name"),
        (json!({ "naming_constraints": { "permitted": ["middle.example"] } }), "may not vouch for this name"),
        (json!({ "naming_constraints": { "excluded": ["idp.example"] } }), "may not vouch for this name"),
        (json!({ "allowed_entity_types": ["openid_relying_party"] }), "this kind of member"),
    ] {
        for federation in constrained(&forbidden) {
            refused(&federation, words);
        }
    }
}

#[test]
fn policies_and_the_superior_s_own_words_shape_what_a_provider_is() {
    let federation = Federation::new(true);
    federation.say_of(
        ANCHOR,
        MIDDLE,
        json!({ "metadata_policy": { KIND: { "scopes_supported": { "subset_of": ["openid", "profile"] } } } }),
    );
    federation.say_of(
        MIDDLE,
        PROVIDER,
        json!({
            "metadata": { KIND: { "organization_name": "As the superior says" } },
            "metadata_policy": { KIND: { "contacts": { "default": ["x"] } } },
        }),
    );
    let member = federation.resolve().unwrap();
    assert_eq!(member.metadata["scopes_supported"], json!(["openid"]));
    assert_eq!(member.metadata["organization_name"], "As the superior says");
    assert_eq!(member.metadata["contacts"], json!(["x"]));
    federation.say_of(ANCHOR, MIDDLE, json!({ "metadata_policy": { KIND: { "logo_uri": { "essential": true } } } }));
    refused(&federation, "breaks the federation's policy");
}

#[test]
fn a_member_of_another_kind_is_no_provider() {
    let federation = Federation::new(false);
    federation.say_of_itself(PROVIDER, &[ANCHOR], json!({ "metadata": { "openid_relying_party": {} } }));
    refused(&federation, "another kind");
}

proptest! {
    /// Whatever a member says of itself, it is no member unless its superior vouches for it.
    #[test]
    fn no_text_is_a_statement(text in any::<String>()) {
        prop_assert!(Statement::of_itself(&text, PROVIDER, now()).is_err());
    }

    /// Statements with claims of any kind are read or refused, never anything else.
    #[test]
    fn claims_of_any_kind_are_read_or_refused(name in "(iss|sub|exp|iat|jwks|metadata|constraints|authority_hints|metadata_policy|crit)", number in any::<f64>(), text in ".{0,20}") {
        for value in [json!(null), json!(number), json!(text), json!([text, number]), json!({ &text: number }), json!(true)] {
            let federation = Federation::new(true);
            federation.say_of(ANCHOR, MIDDLE, json!({ &name: value }));
            let _ = federation.resolve();
            federation.say_of_itself(PROVIDER, &[MIDDLE], json!({ &name: value }));
            let _ = federation.resolve();
        }
    }
}
