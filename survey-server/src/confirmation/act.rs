//! A dangerous act, and how far a request for it has come.

use chrono::{DateTime, Utc};

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
}

impl DangerousAct {
    /// The name by which it is stored; its text is `act-<name>`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            DangerousAct::OpenIdentity { .. } => "open-identity",
            DangerousAct::DeleteSurvey { .. } => "delete-survey",
        }
    }

    /// Whom or what it concerns.
    pub(super) fn subject(&self) -> &str {
        match self {
            DangerousAct::OpenIdentity { participant_id } => participant_id,
            DangerousAct::DeleteSurvey { survey } => survey,
        }
    }

    /// The act that columns hold.
    pub(super) fn stored(kind: &str, subject: String) -> Option<DangerousAct> {
        match kind {
            "open-identity" => Some(DangerousAct::OpenIdentity { participant_id: subject }),
            "delete-survey" => Some(DangerousAct::DeleteSurvey { survey: subject }),
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
        ];
        for act in acts {
            assert_eq!(DangerousAct::stored(act.kind(), act.subject().to_owned()), Some(act));
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
