//! Operators who help people take part: at the counter, where the person signs in with their own means and lets the operator
//! sit beside them; by telephone or from a diary on paper, where the operator asks, or copies, for somebody who has not signed
//! in. In the latter case nothing that was told before can be seen, and what concerns the person alone (their rights, their
//! sessions, other portals) stays closed.

mod form;
mod routes;
pub(crate) mod store;
mod view;

use std::collections::BTreeSet;

use actix_web::{HttpRequest, http::Method};
use chrono::{DateTime, NaiveDate, Utc};
pub(crate) use routes::{PATH, routes};
pub(crate) use view::banner;

use crate::{error::AppError, survey::Mode};

/// How long a session may be assisted, in seconds.
const LONGEST: i64 = 2 * 60 * 60;

/// How long the code of the counter waits to be typed in, in seconds.
const CODE_LIFETIME: i64 = 10 * 60;

/// Help that goes on in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assisting {
    pub(crate) assistance_id: String,
    /// Who is helped.
    pub(crate) participant_id: String,
    pub(crate) mode: Mode,
    pub(crate) expires_at: DateTime<Utc>,
    hidden: Hidden,
}

/// What was told before the help began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Hidden {
    days: BTreeSet<NaiveDate>,
    /// By the paths of their instruments.
    questionnaires: BTreeSet<String>,
}

impl Hidden {
    fn to_record(&self) -> String {
        let days = self.days.iter().map(NaiveDate::to_string);
        days.chain(self.questionnaires.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    fn of_record(record: &str) -> Hidden {
        let mut hidden = Hidden::default();
        for word in record.split(' ').filter(|word| !word.is_empty()) {
            match word.parse() {
                Ok(day) => drop(hidden.days.insert(day)),
                Err(_) => drop(hidden.questionnaires.insert(word.to_owned())),
            }
        }
        hidden
    }
}

impl Assisting {
    /// Holds that a request may be made for the person who is helped.
    ///
    /// # Errors
    /// [`AppError::HiddenFromOperator`] for what was told before, [`AppError::AssistanceFirst`] for what only the person may
    /// do.
    pub(crate) fn permits(&self, request: &HttpRequest) -> Result<(), AppError> {
        if self.mode.is_blind() { self.permits_blindly(request.method(), request.path()) } else { Ok(()) }
    }

    fn permits_blindly(&self, method: &Method, path: &str) -> Result<(), AppError> {
        // What is written in another way than a browser writes it could mean another page than it seems to.
        if path.contains('%') {
            return Err(AppError::AssistanceFirst);
        }
        let mut parts = path.split('/').skip(1);
        match (parts.next().unwrap_or_default(), parts.next()) {
            ("area-personale", None) => Ok(()),
            ("consenso", None) if method == Method::GET => Ok(()),
            ("diario", None) => Ok(()),
            // Copying would show the other days.
            ("diario", Some(_)) if matches!(parts.next(), Some("copia" | "copiabili")) => {
                Err(AppError::HiddenFromOperator)
            }
            ("diario", Some(date)) => match date.parse::<NaiveDate>() {
                Ok(date) if self.hidden.days.contains(&date) => Err(AppError::HiddenFromOperator),
                Ok(_) => Ok(()),
                Err(_) => Err(AppError::NotFound),
            },
            ("questionari", Some(name)) => match self.hidden.questionnaires.contains(name) {
                true => Err(AppError::HiddenFromOperator),
                false => Ok(()),
            },
            _ => Err(AppError::AssistanceFirst),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assisting() -> Assisting {
        Assisting {
            assistance_id: "a".to_owned(),
            participant_id: "p".to_owned(),
            mode: Mode::Telephone,
            expires_at: DateTime::UNIX_EPOCH,
            hidden: Hidden::of_record("2026-11-18 famiglia"),
        }
    }

    #[test]
    fn what_is_hidden_reads_back() {
        let hidden = assisting().hidden;
        assert_eq!(Hidden::of_record(&hidden.to_record()), hidden);
        assert_eq!(Hidden::of_record(""), Hidden::default());
    }

    #[test]
    fn by_telephone_only_what_is_new_can_be_told() {
        let may = |path: &str| assisting().permits_blindly(&Method::GET, path);
        for path in ["/area-personale", "/consenso", "/diario", "/diario/2026-11-19", "/diario/2026-11-19/revisione"] {
            assert!(may(path).is_ok(), "{path}");
        }
        assert!(may("/questionari/persona").is_ok());
        for path in [
            "/diario/2026-11-18",
            "/diario/2026-11-18/dati",
            "/questionari/famiglia",
            "/questionari/famiglia/riepilogo",
        ] {
            assert!(matches!(may(path), Err(AppError::HiddenFromOperator)), "{path}");
        }
        for path in [
            "/area-personale/dati",
            "/area-personale/dati/scarica",
            "/area-personale/sessioni",
            "/consenso/ritiro",
            "/consenso/percorso",
            "/esci",
            "/",
            "/diario/2026%2D11-18",
            "/diario/2026-11-19/%63opia",
            "/questionari/f%61miglia",
        ] {
            assert!(matches!(may(path), Err(AppError::AssistanceFirst)), "{path}");
        }
        for path in ["/diario/2026-11-19/copia", "/diario/2026-11-19/copiabili"] {
            assert!(matches!(may(path), Err(AppError::HiddenFromOperator)), "{path}: another day would be shown");
        }
        assert!(matches!(may("/diario/ieri"), Err(AppError::NotFound)));
        assert!(
            assisting().permits_blindly(&Method::POST, "/consenso").is_err(),
            "consent is read out by the operator"
        );
    }
}
