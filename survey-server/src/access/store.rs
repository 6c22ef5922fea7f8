//! Identities and tickets in the database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use questionnaires::fiscal_code::FiscalCode;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::guard::Store;
use crate::{
    app::Services,
    clock::italian_time,
    database::{
        Database,
        entity::{identity, ticket},
    },
    error::AppError,
    keys::{self, Keys},
    residents::admission,
};

/// Who is who.
pub(crate) struct Identities {
    services: Arc<Services>,
}

impl Identities {
    /// The participant with this fiscal code, made known at first sight if the survey is for them.
    ///
    /// # Errors
    /// [`AppError::NotAdmitted`] where it is not; nothing is then written.
    pub(crate) async fn participant(&self, fiscal_code: &FiscalCode, now: DateTime<Utc>) -> Result<String, AppError> {
        let Services { database, keys, settings, .. } = &*self.services;
        if let Some(known) = known(database, keys, fiscal_code).await? {
            return Ok(known);
        }
        admission::admit(database, keys, &settings.participation, fiscal_code, italian_time(now).date()).await?;
        participant(database, keys, fiscal_code, now).await
    }
}

/// The participant with this fiscal code, made known at first sight.
pub(crate) async fn participant(
    database: &Database,
    keys: &Keys,
    fiscal_code: &FiscalCode,
    now: DateTime<Utc>,
) -> Result<String, AppError> {
    let fiscal_code = fiscal_code.reveal();
    let digest = keys.fiscal_code_digest(fiscal_code);
    if let Some(known) = find(database, &digest).await? {
        return Ok(known);
    }
    let participant_id = keys::random_id();
    let row = identity::ActiveModel {
        fiscal_code_sealed: Set(keys.seal_fiscal_code(&participant_id, fiscal_code)),
        participant_id: Set(participant_id),
        fiscal_code_digest: Set(digest.clone()),
        created_at: Set(now.timestamp()),
    };
    // Two first sign-ins at the same instant: the second insert does nothing and finds the first one's row.
    let keep_first = OnConflict::column(identity::Column::FiscalCodeDigest).do_nothing().to_owned();
    let transaction = database.begin_write().await?;
    database.hold_keys(&transaction).await?;
    identity::Entity::insert(row).on_conflict(keep_first).exec_without_returning(&transaction).await?;
    transaction.commit().await?;
    let known = find(database, &digest).await?;
    known.ok_or_else(|| AppError::StoredData("an identity vanished after it was written".to_owned()))
}

/// The participant with this fiscal code, if the person is known.
pub(crate) async fn known(
    database: &Database,
    keys: &Keys,
    fiscal_code: &FiscalCode,
) -> Result<Option<String>, AppError> {
    find(database, &keys.fiscal_code_digest(fiscal_code.reveal())).await
}

async fn find(database: &Database, digest: &str) -> Result<Option<String>, AppError> {
    let known = identity::Entity::find()
        .filter(identity::Column::FiscalCodeDigest.eq(digest))
        .one(database.connection())
        .await?;
    Ok(known.map(|identity| identity.participant_id))
}

/// The fiscal code of a participant, if there is such a person.
pub(crate) async fn fiscal_code(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    participant_id: &str,
) -> Result<Option<FiscalCode>, AppError> {
    let Some(row) = identity::Entity::find_by_id(participant_id).one(connection).await? else { return Ok(None) };
    let opened = keys.open_fiscal_code(&row.participant_id, &row.fiscal_code_sealed)?;
    let code = opened.parse().map_err(|_| AppError::StoredData("a sealed text is no fiscal code".to_owned()))?;
    Ok(Some(code))
}

impl Store for Identities {
    fn open(services: &Arc<Services>) -> Identities {
        Identities { services: Arc::clone(services) }
    }
}

/// Tickets from the card listener to the main site.
pub(crate) struct Tickets {
    database: Database,
}

/// How long a ticket is worth something, in seconds.
const TICKET_LIFETIME: i64 = 30;

impl Tickets {
    /// A new ticket for the browser whose nonce has this digest. Only the ticket's own digest is kept.
    pub(crate) async fn issue(
        &self,
        participant_id: &str,
        browser_digest: &str,
        now: DateTime<Utc>,
    ) -> Result<String, AppError> {
        let connection = self.database.connection();
        let now = now.timestamp();
        ticket::Entity::delete_many().filter(ticket::Column::ExpiresAt.lt(now)).exec(connection).await?;
        let secret = keys::random_token();
        let row = ticket::ActiveModel {
            ticket_digest: Set(keys::token_digest(&secret)),
            browser_digest: Set(browser_digest.to_owned()),
            participant_id: Set(participant_id.to_owned()),
            expires_at: Set(now + TICKET_LIFETIME),
            used: Set(false),
        };
        ticket::Entity::insert(row).exec_without_returning(connection).await?;
        Ok(secret)
    }

    /// Whom a ticket signs in, if it is fresh, unused and of this browser. One statement both checks and uses it up,
    /// so that of two redemptions at the same instant one fails.
    pub(crate) async fn redeem(&self, secret: &str, nonce: &str, now: DateTime<Utc>) -> Result<String, AppError> {
        let connection = self.database.connection();
        let digest = keys::token_digest(secret);
        let used_up = ticket::Entity::update_many()
            .col_expr(ticket::Column::Used, Expr::value(true))
            .filter(ticket::Column::TicketDigest.eq(&digest))
            .filter(ticket::Column::BrowserDigest.eq(keys::token_digest(nonce)))
            .filter(ticket::Column::Used.eq(false))
            .filter(ticket::Column::ExpiresAt.gt(now.timestamp()))
            .exec(connection)
            .await?;
        if used_up.rows_affected != 1 {
            return Err(AppError::TicketRefused);
        }
        let ticket = ticket::Entity::find_by_id(digest).one(connection).await?;
        ticket.map(|ticket| ticket.participant_id).ok_or(AppError::TicketRefused)
    }
}

impl Store for Tickets {
    fn open(services: &Arc<Services>) -> Tickets {
        Tickets { database: services.database.clone() }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sea_orm::EntityTrait;

    use super::*;
    use crate::{app::Settings, clock::SystemClock, outbound::Outbound, survey::SurveyConfig};

    async fn services(url: &str) -> Arc<Services> {
        let database = Database::open(url).await.unwrap();
        database.migrate().await.unwrap();
        let keys = Keys::from_base64(&STANDARD.encode([7; 32])).unwrap();
        let keys = database.unlock(&keys, &SurveyConfig::default()).await.unwrap();
        Arc::new(Services::new(
            database,
            keys,
            Arc::new(SystemClock),
            Settings::of_tests(),
            Outbound::new(None).unwrap(),
        ))
    }

    #[test]
    fn a_person_is_one_participant_and_a_homocode_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("tempi.sqlite").display());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let services = services(&url).await;
            let code: FiscalCode = "RSSMRA80A41C707O".parse().unwrap();
            let homocode = FiscalCode::with_check_character("RSSMRA80A41C70T").unwrap();
            let now = Utc::now();

            // Two first sign-ins at the same instant make one participant.
            let first = Identities::open(&services);
            let second = Identities::open(&services);
            let (one, two) = tokio::join!(first.participant(&code, now), second.participant(&code, now));
            let participant = one.unwrap();
            assert_eq!(participant, two.unwrap());
            assert_ne!(participant, first.participant(&homocode, now).await.unwrap());

            let rows = identity::Entity::find().all(services.database.connection()).await.unwrap();
            assert_eq!(rows.len(), 2);
            for row in rows {
                let opened = services.keys.open_fiscal_code(&row.participant_id, &row.fiscal_code_sealed).unwrap();
                let expected = if row.participant_id == participant { &code } else { &homocode };
                assert_eq!(opened, expected.reveal());
                assert!(!format!("{row:?}").contains(&opened));
            }
        });
    }
}
