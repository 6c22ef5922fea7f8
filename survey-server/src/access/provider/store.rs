//! Codes, tokens and agreements of people with portals. Codes and tokens are kept as digests.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{Provider, request::Request};
use crate::{
    access::{
        guard::{Citizen, Store},
        session::{SignedIn, store::Sessions},
    },
    app::Services,
    audit::{Act, Verb},
    database::entity::{identity, provider_agreement, provider_code, provider_statement, provider_token},
    error::AppError,
    keys::{self, Keys},
    outbound::Outbound,
};

/// How long a code is worth something, in seconds.
const CODE_LIFETIME: i64 = 60;

/// How long a token is worth something, in seconds.
pub(super) const TOKEN_LIFETIME: i64 = 300;

/// A used code is remembered so long, in seconds, to notice that it comes again, and which portals a session reached.
const MEMORY: i64 = 12 * 60 * 60;

/// Sign-ons of people at portals.
pub(crate) struct SignOns {
    services: Arc<Services>,
}

/// Why a code gives no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodeRefused;

impl SignOns {
    pub(super) fn provider(&self) -> Option<&Provider> {
        self.services.provider.as_ref()
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.services.keys
    }

    pub(super) fn outbound(&self) -> &Outbound {
        &self.services.outbound
    }

    pub(super) fn issuer(&self) -> &str {
        &self.services.settings.public_url
    }

    pub(super) fn token_endpoint(&self) -> String {
        format!("{}{}", self.issuer(), super::token::PATH)
    }

    /// The pseudonym under which a portal knows a person: another one at every portal.
    pub(super) fn pseudonym(&self, client: &str, participant_id: &str) -> String {
        self.services.keys.connection_secret("person", &format!("{client}:{participant_id}"))
    }

    /// The name under which a portal knows a session.
    pub(super) fn session_name(&self, client: &str, session_id: &str) -> String {
        self.services.keys.connection_secret("session", &format!("{client}:{session_id}"))
    }

    /// Ends the session that a citizen asks with.
    pub(super) async fn end_session(
        &self,
        citizen: &Citizen,
        session: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        Sessions::open(&self.services).sign_out(citizen, &session.token_digest, now).await
    }

    /// Whether a person has agreed that a portal receives `claims`.
    pub(super) async fn has_agreed(&self, participant_id: &str, client: &str, claims: &str) -> Result<bool, AppError> {
        let key = (participant_id.to_owned(), client.to_owned());
        let agreement = provider_agreement::Entity::find_by_id(key).one(self.services.database.connection()).await?;
        Ok(agreement.is_some_and(|agreement| agreement.claims == claims))
    }

    /// A person agrees that a portal receives `claims`.
    pub(super) async fn agree(
        &self,
        participant_id: &str,
        client: &str,
        claims: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let transaction = self.services.database.begin_write().await?;
        let row = provider_agreement::ActiveModel {
            participant_id: Set(participant_id.to_owned()),
            client_id: Set(client.to_owned()),
            claims: Set(claims.to_owned()),
            given_at: Set(now.timestamp()),
        };
        let replace =
            OnConflict::columns([provider_agreement::Column::ParticipantId, provider_agreement::Column::ClientId])
                .update_columns([provider_agreement::Column::Claims, provider_agreement::Column::GivenAt])
                .to_owned();
        provider_agreement::Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
        let act = Act::of_citizen(participant_id, Verb::ConsentGiven, format!("portal {client}: {claims}"));
        self.services.database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A code for the portal, bound to everything that the request said.
    pub(super) async fn issue_code(
        &self,
        request: &Request<'_>,
        session: &SignedIn,
        now: DateTime<Utc>,
    ) -> Result<String, AppError> {
        let connection = self.services.database.connection();
        let seconds = now.timestamp();
        provider_code::Entity::delete_many()
            .filter(provider_code::Column::ExpiresAt.lte(seconds - MEMORY))
            .exec(connection)
            .await?;
        let code = keys::random_token();
        let row = provider_code::ActiveModel {
            code_digest: Set(keys::token_digest(&code)),
            client_id: Set(request.portal.config.id.clone()),
            redirect_uri: Set(request.redirect_uri.clone()),
            challenge: Set(request.challenge.clone()),
            nonce: Set(request.nonce.clone()),
            participant_id: Set(session.participant_id.clone()),
            session_id: Set(session.session_id.clone()),
            signed_in_at: Set(session.began_at.timestamp()),
            acr: Set(super::acr(&session.means).to_owned()),
            fiscal_code: Set(request.wants_fiscal_code),
            expires_at: Set(seconds + CODE_LIFETIME),
            used: Set(false),
        };
        provider_code::Entity::insert(row).exec_without_returning(connection).await?;
        Ok(code)
    }

    /// Uses a code up. A code that comes a second time was stolen from somebody: the tokens it gave end.
    pub(super) async fn redeem(
        &self,
        code: &str,
        client: &str,
        redirect_uri: &str,
        verifier: &str,
        now: DateTime<Utc>,
    ) -> Result<Result<(provider_code::Model, String), CodeRefused>, AppError> {
        let connection = self.services.database.connection();
        let digest = keys::token_digest(code);
        let used_up = provider_code::Entity::update_many()
            .col_expr(provider_code::Column::Used, Expr::value(true))
            .filter(provider_code::Column::CodeDigest.eq(&digest))
            .filter(provider_code::Column::Used.eq(false))
            .exec(connection)
            .await?;
        let Some(known) = provider_code::Entity::find_by_id(&digest).one(connection).await? else {
            return Ok(Err(CodeRefused));
        };
        if used_up.rows_affected != 1 {
            provider_token::Entity::delete_many()
                .filter(provider_token::Column::CodeDigest.eq(&digest))
                .exec(connection)
                .await?;
            tracing::warn!(client = known.client_id, "a code came a second time: its tokens have ended");
            return Ok(Err(CodeRefused));
        }
        let holds = known.client_id == client
            && known.redirect_uri == redirect_uri
            && known.expires_at > now.timestamp()
            && known.challenge == crate::access::federation::challenge_of(verifier);
        if !holds {
            return Ok(Err(CodeRefused));
        }
        let token = keys::random_token();
        provider_token::Entity::delete_many()
            .filter(provider_token::Column::ExpiresAt.lte(now.timestamp()))
            .exec(connection)
            .await?;
        let row = provider_token::ActiveModel {
            token_digest: Set(keys::token_digest(&token)),
            code_digest: Set(digest),
            client_id: Set(known.client_id.clone()),
            participant_id: Set(known.participant_id.clone()),
            fiscal_code: Set(known.fiscal_code),
            expires_at: Set(now.timestamp() + TOKEN_LIFETIME),
        };
        provider_token::Entity::insert(row).exec_without_returning(connection).await?;
        Ok(Ok((known, token)))
    }

    /// What a token tells its portal: the pseudonym, and the fiscal code where agreed. Telling that is recorded in the
    /// same transaction.
    pub(super) async fn told_by(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(String, Option<String>)>, AppError> {
        let connection = self.services.database.connection();
        let digest = keys::token_digest(token);
        let Some(known) = provider_token::Entity::find_by_id(digest).one(connection).await? else { return Ok(None) };
        if known.expires_at <= now.timestamp() {
            return Ok(None);
        }
        let pseudonym = self.pseudonym(&known.client_id, &known.participant_id);
        if !known.fiscal_code {
            return Ok(Some((pseudonym, None)));
        }
        let transaction = self.services.database.begin_write().await?;
        let identity = identity::Entity::find_by_id(&known.participant_id).one(&transaction).await?;
        let Some(identity) = identity else { return Ok(None) };
        let code = self.services.keys.open_fiscal_code(&identity.participant_id, &identity.fiscal_code_sealed)?;
        let detail = format!("fiscal code to portal {}", known.client_id);
        let act = Act::of_citizen(&known.participant_id, Verb::DataDisclosed, detail);
        self.services.database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        Ok(Some((pseudonym, Some(code))))
    }

    /// Whether a statement of a portal with this name comes for the first time.
    pub(super) async fn first_use(&self, name: &str, until: i64, now: DateTime<Utc>) -> Result<bool, AppError> {
        let connection = self.services.database.connection();
        provider_statement::Entity::delete_many()
            .filter(provider_statement::Column::ExpiresAt.lte(now.timestamp()))
            .exec(connection)
            .await?;
        let row =
            provider_statement::ActiveModel { name_digest: Set(keys::token_digest(name)), expires_at: Set(until) };
        let keep_first = OnConflict::column(provider_statement::Column::NameDigest).do_nothing().to_owned();
        let inserted =
            provider_statement::Entity::insert(row).on_conflict(keep_first).exec_without_returning(connection).await?;
        Ok(inserted == 1)
    }

    /// The portals that a session reached, each with the person's pseudonym there.
    pub(super) async fn reached(&self, session_id: &str) -> Result<Vec<(String, String)>, AppError> {
        let codes = provider_code::Entity::find()
            .filter(provider_code::Column::SessionId.eq(session_id))
            .filter(provider_code::Column::Used.eq(true))
            .all(self.services.database.connection())
            .await?;
        let mut reached: Vec<(String, String)> = codes
            .into_iter()
            .map(|code| (self.pseudonym(&code.client_id, &code.participant_id), code.client_id))
            .map(|(pseudonym, client)| (client, pseudonym))
            .collect();
        reached.sort();
        reached.dedup();
        Ok(reached)
    }
}

impl Store for SignOns {
    fn open(services: &Arc<Services>) -> SignOns {
        SignOns { services: Arc::clone(services) }
    }
}
