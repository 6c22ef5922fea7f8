//! The sign-ins that browsers began with other sites, and the way to everything that ending one needs.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{Federation, IdentityProvider};
use crate::{
    access::guard::Store,
    app::Services,
    database::entity::federation_attempt,
    error::AppError,
    keys::{self, Keys},
    outbound::Outbound,
};

/// How long a person may take at the provider, in seconds.
const LIFETIME: i64 = 15 * 60;

/// Sign-ins with other sites.
pub(crate) struct Departures {
    services: Arc<Services>,
}

impl Departures {
    pub(crate) fn federation(&self) -> &Federation {
        &self.services.federation
    }

    /// The client for what `provider` names. At a provider with which we have an agreement of our own the operator named
    /// whom to believe; in a federation its documents name others.
    pub(super) fn outbound_to(&self, provider: &IdentityProvider) -> &Outbound {
        if provider.anchor().is_some() { self.federation_outbound() } else { &self.services.outbound }
    }

    pub(super) fn federation_outbound(&self) -> &Outbound {
        &self.services.federation_outbound
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.services.keys
    }

    /// Remembers that the browser with this secret left for `issuer` with `state`. Only digests are kept.
    pub(super) async fn remember(
        &self,
        state: &str,
        browser: &str,
        provider: &str,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let connection = self.services.database.connection();
        let now = now.timestamp();
        federation_attempt::Entity::delete_many()
            .filter(federation_attempt::Column::ExpiresAt.lte(now))
            .exec(connection)
            .await?;
        let row = federation_attempt::ActiveModel {
            state_digest: Set(keys::token_digest(state)),
            browser_digest: Set(keys::token_digest(browser)),
            provider: Set(provider.to_owned()),
            issuer: Set(issuer.to_owned()),
            expires_at: Set(now + LIFETIME),
        };
        federation_attempt::Entity::insert(row).exec_without_returning(connection).await?;
        Ok(())
    }

    /// The issuer for which the browser with this secret left, if it did so lately and has not come back yet. One
    /// statement checks and ends the departure, so that of two returns at the same instant one fails.
    pub(super) async fn take(
        &self,
        state: &str,
        browser: &str,
        provider: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, AppError> {
        let connection = self.services.database.connection();
        let digest = keys::token_digest(state);
        let Some(departure) = federation_attempt::Entity::find_by_id(&digest).one(connection).await? else {
            return Ok(None);
        };
        let taken = federation_attempt::Entity::delete_many()
            .filter(federation_attempt::Column::StateDigest.eq(&digest))
            .filter(federation_attempt::Column::BrowserDigest.eq(keys::token_digest(browser)))
            .filter(federation_attempt::Column::Provider.eq(provider))
            .filter(federation_attempt::Column::ExpiresAt.gt(now.timestamp()))
            .exec(connection)
            .await?;
        Ok((taken.rows_affected == 1).then_some(departure.issuer))
    }
}

impl Store for Departures {
    fn open(services: &Arc<Services>) -> Departures {
        Departures { services: Arc::clone(services) }
    }
}
