//! Everything that is held about a person, gathered from where it lies, and its erasure.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    access::{
        self,
        guard::{Citizen, Store},
    },
    app::Services,
    audit::{Act, Actor, Record, Verb},
    database::{
        Database,
        entity::{audit_log, consent, identity, officer_grant, paradata, provider_agreement, session},
    },
    diary::store::{Diaries, StoredDiary},
    error::AppError,
    household, keys,
    privacy::{self, Participant, store::delete_answers},
    questionnaire::store::{Response, Responses},
    residents::{
        self,
        city_user::{self, CityUser},
    },
    retention,
    survey::{self, Survey},
    web::rate_limit::{self, Counted},
};

/// A person's rights over what is held about them.
pub(crate) struct Rights {
    services: Arc<Services>,
    database: Database,
    responses: Responses,
    diaries: Diaries,
}

impl Store for Rights {
    fn open(services: &Arc<Services>) -> Rights {
        Rights {
            services: Arc::clone(services),
            database: services.database.clone(),
            responses: Responses::open(services),
            diaries: Diaries::open(services),
        }
    }
}

/// Everything that is held about a person.
pub(super) struct Held {
    pub(super) fiscal_code: Option<String>,
    pub(super) known_since: Option<DateTime<Utc>>,
    /// What the register of residents and the sample hold.
    pub(super) register: residents::Line,
    /// What the person declared of what brings them to the city.
    pub(super) city_user: Option<CityUser>,
    pub(super) consents: Vec<consent::Model>,
    pub(super) sessions: Vec<session::Model>,
    pub(super) grants: Vec<officer_grant::Model>,
    /// What other portals may know.
    pub(super) agreements: Vec<provider_agreement::Model>,
    /// What was told, by survey; surveys about which nothing was said are left out.
    pub(super) surveys: Vec<Told>,
    /// What the audit log holds about the person, the latest first.
    pub(super) log: Vec<Record>,
    /// The exports since the person first agreed, the latest first.
    pub(super) exports: Vec<Record>,
}

/// What was told in a survey.
pub(super) struct Told {
    pub(super) survey: Survey,
    pub(super) responses: Vec<Response>,
    pub(super) diaries: Vec<StoredDiary>,
    /// How days were filled in, where their person agreed that it be kept.
    pub(super) paradata: BTreeMap<NaiveDate, paradata::Model>,
    /// With how many people they said that they live, themselves included.
    pub(super) n_household: Option<usize>,
}

/// What is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Correction {
    /// By the last part of its address.
    Questionnaire(String),
    Day(NaiveDate),
}

impl Rights {
    /// Everything that is held about `citizen`.
    pub(super) async fn held(&self, citizen: &Citizen) -> Result<Held, AppError> {
        let id = citizen.participant_id.as_str();
        let connection = self.database.connection();
        let keys = self.database.keys()?;
        let fiscal_code = access::fiscal_code(connection, keys, id).await?;
        let known = identity::Entity::find_by_id(id).one(connection).await?;
        let register = match &known {
            Some(row) => residents::line(connection, keys, &row.fiscal_code_digest).await?,
            None => residents::Line::default(),
        };
        let consents = consent::Entity::find()
            .filter(consent::Column::ParticipantId.eq(id))
            .order_by_asc(consent::Column::GivenAt)
            .order_by_asc(consent::Column::ConsentId)
            .all(connection)
            .await?;
        let sessions = session::Entity::find()
            .filter(session::Column::ParticipantId.eq(id))
            .order_by_asc(session::Column::CreatedAt)
            .all(connection)
            .await?;
        let grants = officer_grant::Entity::find()
            .filter(officer_grant::Column::ParticipantId.eq(id))
            .order_by_asc(officer_grant::Column::GrantedAt)
            .all(connection)
            .await?;
        let agreements = provider_agreement::Entity::find()
            .filter(provider_agreement::Column::ParticipantId.eq(id))
            .order_by_asc(provider_agreement::Column::ClientId)
            .all(connection)
            .await?;
        let mut surveys = Vec::new();
        for survey in survey::store::all(connection, keys).await? {
            let Some(participant) = privacy::store::as_respondent(&survey, citizen) else { continue };
            let told = self.told(survey, &participant).await?;
            if !told.diaries.is_empty()
                || told.n_household.is_some()
                || told.responses.iter().any(|response| !response.answers.0.is_empty())
            {
                surveys.push(told);
            }
        }
        let exports = match consents.first() {
            Some(first) => self.exports_since(first.given_at).await?,
            None => Vec::new(),
        };
        Ok(Held {
            fiscal_code: fiscal_code.map(|code| code.reveal().to_owned()),
            known_since: known.and_then(|row| DateTime::from_timestamp(row.created_at, 0)),
            register,
            city_user: city_user::store::declared(connection, keys, id).await?,
            consents,
            sessions,
            grants,
            agreements,
            surveys,
            log: self.database.audit().about(id).await?,
            exports,
        })
    }

    async fn told(&self, survey: Survey, participant: &Participant) -> Result<Told, AppError> {
        let diaries = self.diaries.all(participant).await?;
        let mut paradata = BTreeMap::new();
        for diary in &diaries {
            let date = diary.draft.date;
            let kept = crate::paradata::store::of_day(self.database.connection(), participant, date).await?;
            paradata.extend(kept.map(|kept| (date, kept)));
        }
        let household = household::store::household(&self.database, participant).await?;
        let n_household = household.map(|household| household.n_members);
        Ok(Told { survey, n_household, responses: self.responses.all(participant).await?, diaries, paradata })
    }

    async fn exports_since(&self, since: i64) -> Result<Vec<Record>, AppError> {
        let rows = audit_log::Entity::find()
            .filter(audit_log::Column::Verb.eq(Verb::Exported.text()))
            .filter(audit_log::Column::At.gte(since))
            .order_by_desc(audit_log::Column::Sequence)
            .all(self.database.connection())
            .await?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    /// Records that the citizen takes their data along. Counted by person, so that signing in again does not give new tries.
    ///
    /// # Errors
    /// When it was done too often.
    pub(super) async fn record_download(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<(), AppError> {
        let counted = Counted::Bearer(format!("participant:{}", citizen.participant_id));
        if !self.services.rate_limit.admits(rate_limit::Act::Download, counted, now) {
            return Err(AppError::TooOften);
        }
        let act = Act::of_citizen(&citizen.participant_id, Verb::DataDownloaded, "");
        self.database.audit().write(&act, now).await
    }

    /// Opens what the citizen handed in again; says whether there was such a thing.
    pub(super) async fn reopen(
        &self,
        citizen: &Citizen,
        correction: &Correction,
        now: DateTime<Utc>,
    ) -> Result<bool, AppError> {
        let participant = privacy::store::participant(&self.database, citizen).await?;
        let Some(participant) = participant else { return Ok(false) };
        match correction {
            Correction::Questionnaire(path) => {
                let Some(asking) = self.responses.catalogue().at(path) else { return Ok(false) };
                self.responses.reopen(citizen, &participant, &asking, now).await
            }
            Correction::Day(date) => self.diaries.reopen(citizen, &participant, *date, now).await,
        }
    }

    /// Erases everything that is held about the citizen, in one transaction, and gives the code of the receipt. What stays
    /// is that somebody agreed and on which day, under that code; and in the audit log pseudonyms that lead to nobody any
    /// more, because the participant id they were made of is gone.
    pub(super) async fn erase(&self, citizen: &Citizen, now: DateTime<Utc>) -> Result<String, AppError> {
        let id = citizen.participant_id.as_str();
        let receipt = keys::random_id();
        let transaction = self.database.begin_write().await?;
        for survey in survey::store::all(&transaction, self.database.keys()?).await? {
            delete_answers(&transaction, &survey, id).await?;
        }
        crate::paradata::store::forget_consent(&transaction, id).await?;
        let consents = consent::Entity::find().filter(consent::Column::ParticipantId.eq(id)).all(&transaction).await?;
        for mut row in consents {
            row.withdrawn_at = row.withdrawn_at.or(Some(now.timestamp()));
            retention::store::nameless(&transaction, row, &receipt).await?;
        }
        // Sessions, tickets, grants and what was declared of the city go with the identity they refer to.
        identity::Entity::delete_by_id(id).exec(&transaction).await?;
        let act = Act {
            actor: Actor::Citizen(receipt.clone()),
            verb: Verb::DataErased,
            subject: Some(receipt.clone()),
            detail: String::new(),
        };
        self.database.audit().record(&transaction, &act, now).await?;
        transaction.commit().await?;
        self.database.empty_log().await?;
        Ok(receipt)
    }
}
