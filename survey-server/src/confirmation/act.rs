//! A dangerous act, and how far a request for it has come.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CONFIRM_WITHIN, EXECUTE_WITHIN};

/// What needs two administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DangerousAct {
    /// Reading whose pseudonym it is.
    OpenIdentity {
        /// The pseudonym.
        participant_id: String,
    },
    /// Deleting every answer and every day of a survey.
    DeleteSurvey {
        /// Its name.
        survey: String,
    },
    /// Making somebody an administrator, or one for longer.
    AppointAdministrator {
        /// The pseudonym of the person.
        participant_id: String,
        /// Who that is, as whoever asked wrote.
        name: String,
        /// The last day on which the role holds, in Italy.
        until: NaiveDate,
    },
}

impl DangerousAct {
    /// The name by which it is stored; its text is `act-<name>`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            DangerousAct::OpenIdentity { .. } => "open-identity",
            DangerousAct::DeleteSurvey { .. } => "delete-survey",
            DangerousAct::AppointAdministrator { .. } => "appoint-administrator",
        }
    }

    /// Whom or what it concerns, as its column holds it.
    pub(super) fn subject(&self) -> String {
        match self {
            DangerousAct::OpenIdentity { participant_id } => participant_id.clone(),
            DangerousAct::DeleteSurvey { survey } => survey.clone(),
            DangerousAct::AppointAdministrator { participant_id, name, until } => {
                format!("{participant_id} {until} {name}")
            }
        }
    }

    /// Whether it is about this person, who then is nobody's second.
    pub(super) fn concerns(&self, person: &str) -> bool {
        matches!(self, DangerousAct::AppointAdministrator { participant_id, .. } if participant_id == person)
    }

    /// The act that columns hold.
    pub(super) fn stored(kind: &str, subject: String) -> Option<DangerousAct> {
        match kind {
            "open-identity" => Some(DangerousAct::OpenIdentity { participant_id: subject }),
            "delete-survey" => Some(DangerousAct::DeleteSurvey { survey: subject }),
            "appoint-administrator" => {
                let mut parts = subject.splitn(3, ' ').map(str::to_owned);
                let (participant_id, until) = (parts.next()?, parts.next()?.parse().ok()?);
                Some(DangerousAct::AppointAdministrator { participant_id, until, name: parts.next()? })
            }
            _ => None,
        }
    }
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for a second administrator, until then.
    Asked {
        /// When it lapses.
        until: DateTime<Utc>,
    },
    /// Whoever asked may carry it out, until then.
    Confirmed {
        /// When it lapses.
        until: DateTime<Utc>,
    },
    /// An administrator said no.
    Refused,
    /// Nobody confirmed it or nobody carried it out in time.
    Lapsed,
    /// It was carried out.
    Executed {
        /// When.
        at: DateTime<Utc>,
    },
}

impl State {
    /// The name of its text, `act-state-<name>`.
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Asked { .. } => "asked",
            State::Confirmed { .. } => "confirmed",
            State::Refused => "refused",
            State::Lapsed => "lapsed",
            State::Executed { .. } => "executed",
        }
    }

    /// The state that the instants of a request make at `now`.
    pub(super) fn at(
        asked_at: DateTime<Utc>,
        confirmed_at: Option<DateTime<Utc>>,
        refused_at: Option<DateTime<Utc>>,
        executed_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> State {
        let (until, open) = match (executed_at, refused_at, confirmed_at) {
            (Some(at), _, _) => return State::Executed { at },
            (None, Some(_), _) => return State::Refused,
            (None, None, Some(confirmed_at)) => {
                let until = confirmed_at + EXECUTE_WITHIN;
                (until, State::Confirmed { until })
            }
            (None, None, None) => {
                let until = asked_at + CONFIRM_WITHIN;
                (until, State::Asked { until })
            }
        };
        if now < until { open } else { State::Lapsed }
    }
}

/// A request for a dangerous act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Random.
    pub act_id: String,
    /// What is asked for.
    pub act: DangerousAct,
    /// Whom or what it concerns: a participant by the name that the record has for them.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// The pseudonym of the administrator who asked.
    pub asked_by: String,
    /// Who that is, as the grant of the role says.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who answered, as the grant of the role says; empty while nobody did.
    pub answered_by_name: String,
    /// How far it has come.
    pub state: State,
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn acts_read_back_from_their_columns() {
        let acts = [
            DangerousAct::OpenIdentity { participant_id: "p".to_owned() },
            DangerousAct::DeleteSurvey { survey: "s".to_owned() },
            DangerousAct::AppointAdministrator {
                participant_id: "p".to_owned(),
                name: "Maria Rossi, ufficio  statistica".to_owned(),
                until: "2027-12-31".parse().unwrap(),
            },
        ];
        for act in acts {
            assert_eq!(DangerousAct::stored(act.kind(), act.subject()), Some(act));
        }
    }

    #[test]
    fn a_request_lapses_a_day_after_it_was_asked_and_an_hour_after_it_was_confirmed() {
        let asked: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let confirmed = asked + Duration::hours(20);
        let day = asked + Duration::hours(24);
        let second = Duration::seconds(1);
        assert_eq!(State::at(asked, None, None, None, day - second), State::Asked { until: day });
        assert_eq!(State::at(asked, None, None, None, day), State::Lapsed);
        let until = confirmed + Duration::hours(1);
        assert_eq!(State::at(asked, Some(confirmed), None, None, until - second), State::Confirmed { until });
        assert_eq!(State::at(asked, Some(confirmed), None, None, until), State::Lapsed);
        assert_eq!(State::at(asked, Some(confirmed), None, Some(confirmed), day), State::Executed { at: confirmed });
        assert_eq!(State::at(asked, None, Some(confirmed), None, day), State::Refused);
    }
}
