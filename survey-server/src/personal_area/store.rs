//! What a citizen has done so far, read from the capabilities' own stores.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    diary::store::{Diaries, StoredDiary},
    error::AppError,
    privacy::store::{Consents, OfParticipants},
    questionnaire::store::{Response, Responses},
    residents::city_user::{Standing, store::CityUsers},
};

/// The stores behind the personal area.
pub struct PersonalArea {
    consents: Consents,
    responses: Responses,
    diaries: Diaries,
    city_users: CityUsers,
}

/// What one citizen has done so far.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Whether they have to say what brings them to the city.
    pub(crate) standing: Standing,
    /// When they agreed to take part; without it there is nothing else.
    pub consent_given_at: Option<DateTime<Utc>>,
    /// What they answered, in the order in which it is asked.
    pub responses: Vec<Response>,
    /// The days they began.
    pub diaries: Vec<StoredDiary>,
}

impl Store for PersonalArea {
    fn open(services: &Arc<Services>) -> PersonalArea {
        PersonalArea {
            consents: Consents::open(services),
            responses: Responses::open(services),
            diaries: Diaries::open(services),
            city_users: CityUsers::open(services),
        }
    }
}

impl PersonalArea {
    /// What `citizen` has done so far.
    pub async fn progress(&self, citizen: &Citizen) -> Result<Progress, AppError> {
        let consent_given_at = self.consents.given_at(citizen).await?;
        let standing = self.city_users.standing(citizen).await?;
        let mut responses = Vec::new();
        let Some(participant) = self.responses.participant(citizen).await? else {
            return Ok(Progress { standing, consent_given_at, responses, diaries: Vec::new() });
        };
        for asking in self.responses.catalogue().askings() {
            responses.push(self.responses.response(&participant, &asking).await?);
        }
        Ok(Progress { standing, consent_given_at, responses, diaries: self.diaries.all(&participant).await? })
    }
}
