//! From a member of a federation up to its trust anchor, and what the authorities on the way make of what the member says
//! (OpenID Federation 1.0, sections 4, 6 and 10). Nothing that a member says counts before the chain above it holds.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    policy::Policy,
    refusal::Refusal,
    statement::{Constraints, Statement},
};
use crate::{access::jose::KeySet, web::form::encoded};

/// Intermediates between a member and the anchor, at most.
const N_INTERMEDIATES: usize = 3;

/// Authorities of one member that are followed, at most.
const N_HINTS: usize = 4;

/// Documents that are fetched for one chain, at most: what a member names as its authorities costs us no more than that.
const N_FETCHES: usize = 24;

/// Where documents come from.
pub(super) trait Documents {
    /// The text at an `https` address.
    async fn fetch(&self, url: &str) -> Result<String, Refusal>;
}

/// What is believed without proof.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor<'a> {
    pub(super) id: &'a str,
    /// Its keys, which the operator took from a safe place.
    pub(super) keys: &'a KeySet,
}

/// A member as its federation lets it be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    /// What it is, after all policies.
    pub(super) metadata: Map<String, Value>,
    /// Its name, as it says itself.
    pub(super) name: Option<String>,
    /// Until when all of this holds, in seconds since 1970.
    pub(super) expires: i64,
    /// The statements from the member up to the anchor.
    pub(super) chain: Vec<String>,
}

/// Fetches and counts.
struct Bounded<'a, D> {
    documents: &'a D,
    n_left: usize,
    now: DateTime<Utc>,
}

impl<D: Documents> Bounded<'_, D> {
    async fn fetch(&mut self, url: &str) -> Result<String, Refusal> {
        if self.n_left == 0 {
            return Err(Refusal::NotBelieved("the provider names too many authorities"));
        }
        self.n_left -= 1;
        self.documents.fetch(url).await
    }

    async fn configuration(&mut self, member: &str) -> Result<Statement, Refusal> {
        let url = format!("{}/.well-known/openid-federation", member.trim_end_matches('/'));
        let token = self.fetch(&url).await?;
        Statement::of_itself(&token, member, self.now)
    }
}

/// The anchor's own statement, signed with a key that the operator knows.
pub(super) async fn anchor_configuration(
    documents: &impl Documents,
    anchor: Anchor<'_>,
    now: DateTime<Utc>,
) -> Result<Statement, Refusal> {
    let configuration = Bounded { documents, n_left: 1, now }.configuration(anchor.id).await?;
    if configuration.is_signed_by(anchor.keys) {
        Ok(configuration)
    } else {
        Err(Refusal::NotBelieved("the trust anchor signs with a key that is not in federation's file of keys"))
    }
}

/// The member `subject` of kind `kind`, below `anchor`.
pub(super) async fn resolve(
    documents: &impl Documents,
    subject: &str,
    kind: &str,
    anchor: Anchor<'_>,
    now: DateTime<Utc>,
) -> Result<Member, Refusal> {
    let mut bounded = Bounded { documents, n_left: N_FETCHES, now };
    let top = anchor_configuration(documents, anchor, now).await?;
    let leaf = bounded.configuration(subject).await?;
    let mut refusal = Refusal::NotBelieved("no chain leads from the provider to the trust anchor");
    // Breadth first: the shortest chain is tried first.
    let mut open = VecDeque::from([vec![leaf]]);
    while let Some(path) = open.pop_front() {
        let Some(last) = path.last() else { continue };
        for hint in last.authority_hints().into_iter().take(N_HINTS) {
            if path.iter().any(|member| member.subject == hint) {
                continue;
            }
            if hint == anchor.id {
                match judge(&mut bounded, &path, &top, kind).await {
                    Ok(member) => return Ok(member),
                    Err(error) => refusal = error,
                }
            } else if path.len() <= N_INTERMEDIATES {
                match bounded.configuration(hint).await {
                    Ok(intermediate) => open.push_back([path.as_slice(), &[intermediate]].concat()),
                    Err(error) => refusal = error,
                }
            }
        }
    }
    Err(refusal)
}

/// Judges a path from a member (first) up to, but without, the anchor `top`: from the anchor down, each authority must vouch
/// for the keys of the one below it, and those keys must have signed what that one says of itself.
async fn judge(
    bounded: &mut Bounded<'_, impl Documents>,
    path: &[Statement],
    top: &Statement,
    kind: &str,
) -> Result<Member, Refusal> {
    let mut superior = top.clone();
    let mut keys = top.keys.clone();
    let mut statements: Vec<Statement> = Vec::new();
    hold(&top.constraints(), path, kind)?;
    for (below, member) in path.iter().enumerate().rev() {
        let endpoint = superior
            .endpoint("federation_fetch_endpoint")
            .ok_or(Refusal::NotBelieved("an authority of the federation says nothing of its members"))?;
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        let url = format!("{endpoint}{separator}sub={}", encoded(&member.subject));
        let token = bounded.fetch(&url).await?;
        let statement = Statement::of_subordinate(&token, &keys, &superior.subject, &member.subject, bounded.now)?;
        if !member.is_signed_by(&statement.keys) {
            return Err(Refusal::NotBelieved(
                "a member of the federation signs with a key that its authority does not know",
            ));
        }
        hold(&statement.constraints(), &path[..=below], kind)?;
        keys = statement.keys.clone();
        statements.push(statement);
        superior = member.clone();
    }
    let (leaf, immediate) = path.first().zip(statements.last()).ok_or(Refusal::NotBelieved("an empty chain"))?;
    let mut metadata =
        leaf.metadata(kind).cloned().ok_or(Refusal::NotBelieved("the member is of another kind than expected"))?;
    // What the immediate superior says of the member replaces what the member says (section 6.1.4.2).
    for (parameter, value) in immediate.metadata(kind).into_iter().flatten() {
        metadata.insert(parameter.clone(), value.clone());
    }
    let mut policy = Policy::default();
    for statement in &statements {
        if let Some(next) = statement.policy(kind) {
            policy.merge(next)?;
        }
    }
    policy.apply(&mut metadata)?;
    let expirations = statements.iter().chain(path).chain([top]).map(|statement| statement.expires);
    let name = leaf.metadata("federation_entity").and_then(|entity| entity.get("organization_name"));
    let chain = [leaf].into_iter().chain(statements.iter().rev()).chain([top]);
    Ok(Member {
        metadata,
        name: name.and_then(Value::as_str).map(str::to_owned),
        expires: expirations.min().unwrap_or_default(),
        chain: chain.map(|statement| statement.token.clone()).collect(),
    })
}

/// Holds the members below an authority, the leaf first, to what it demands of them.
fn hold(constraints: &Constraints, below: &[Statement], kind: &str) -> Result<(), Refusal> {
    let n_intermediates = below.len().saturating_sub(1) as u64;
    if constraints.max_path_length.is_some_and(|length| n_intermediates > length) {
        return Err(Refusal::NotBelieved("the chain is longer than an authority of the federation allows"));
    }
    if !below.iter().all(|member| constraints.admit(&member.subject)) {
        return Err(Refusal::NotBelieved("an authority of the federation may not vouch for this name"));
    }
    if constraints.allowed_kinds.as_ref().is_some_and(|kinds| !kinds.iter().any(|allowed| allowed == kind)) {
        return Err(Refusal::NotBelieved("an authority of the federation may not vouch for this kind of member"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
