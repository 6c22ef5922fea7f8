//! What a day that was handed in is shown beside: the stores that this takes, and the choice of the group.

use std::sync::Arc;

use chrono::NaiveDate;
use questionnaires::{DayKind, instrument};

use super::store::{Diaries, StoredDiary};
use crate::{
    access::guard::{Citizen, Store},
    app::Services,
    error::AppError,
    privacy::{Participant, store::OfParticipants},
    publication::averages::{Day, Group, Published},
    questionnaire::{Asking, store::Responses},
};

/// Days that were told, and the city's averages.
pub(super) struct ToldDays {
    diaries: Diaries,
    responses: Responses,
    published: Arc<Published>,
}

/// The average day of people like somebody.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    /// Who they are.
    pub(super) group: Group,
    /// Their day.
    pub(super) day: Day,
}

impl Store for ToldDays {
    fn open(services: &Arc<Services>) -> ToldDays {
        ToldDays {
            diaries: Diaries::open(services),
            responses: Responses::open(services),
            published: Arc::clone(&services.published),
        }
    }
}

impl OfParticipants for ToldDays {
    async fn participant(&self, citizen: &Citizen) -> Result<Option<Participant>, AppError> {
        self.diaries.participant(citizen).await
    }
}

impl ToldDays {
    /// The day of `date`, if the participant has begun it.
    pub(super) async fn diary(
        &self,
        participant: &Participant,
        date: NaiveDate,
    ) -> Result<Option<StoredDiary>, AppError> {
        self.diaries.diary(participant, date).await
    }

    /// The questionnaires about a day like that of `date` that the participant has not handed in.
    pub(super) async fn open_questions_about(
        &self,
        participant: &Participant,
        date: NaiveDate,
    ) -> Result<Vec<Asking>, AppError> {
        self.diaries.open_questions_about(participant, date).await
    }

    /// The average day of people like the participant on such a day, where one is published. What they are like is what they
    /// answered themselves.
    pub(super) async fn comparison(
        &self,
        participant: &Participant,
        day: DayKind,
    ) -> Result<Option<Comparison>, AppError> {
        let told = self.responses.all(participant).await?;
        let individual = &instrument::individual().name;
        let Some(told) = told.into_iter().find(|told| told.instrument().name == *individual) else { return Ok(None) };
        let answers = told.answers;
        let averages = self.published.now();
        let found = averages.of_people_like(answers.choice("sex"), answers.number("age"), day);
        Ok(found.map(|(group, day)| Comparison { group: group.clone(), day: day.clone() }))
    }
}
