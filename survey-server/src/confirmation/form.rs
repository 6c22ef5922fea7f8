//! The form by which an administrator asks for a dangerous act.

use questionnaires::fiscal_code::FiscalCode;

use super::DangerousAct;
use crate::web::form::Fields;

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const KIND: &str = "atto";
    pub(crate) const PARTICIPANT: &str = "partecipante";
    pub(crate) const REASON: &str = "motivo";
    /// Which request is confirmed, refused or carried out.
    pub(crate) const REQUEST: &str = "richiesta";
}

/// The value of the choice to open an identity.
pub(super) const OPEN_IDENTITY: &str = "open-identity";

/// What the values of the choices to delete a survey begin with; its name follows.
pub(super) const DELETE_SURVEY: &str = "delete-survey/";

/// The shortest and longest reason, in characters.
pub(crate) const REASON_LENGTH: std::ops::RangeInclusive<usize> = 20..=500;

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TypedRequest {
    pub(super) kind: String,
    pub(super) participant: String,
    pub(super) reason: String,
}

/// A field that cannot be taken, and the key of what is wrong with it.
pub(super) type Wrong = (&'static str, &'static str);

impl TypedRequest {
    pub(super) fn of(fields: &Fields) -> TypedRequest {
        let text = |name| fields.text(name).unwrap_or_default().to_owned();
        TypedRequest {
            kind: text(field::KIND),
            participant: text(field::PARTICIPANT).to_lowercase(),
            reason: text(field::REASON),
        }
    }

    /// The act and the reason, or everything that is wrong.
    pub(super) fn read(&self) -> Result<(DangerousAct, &str), Vec<Wrong>> {
        let survey = self.kind.strip_prefix(DELETE_SURVEY).filter(|survey| !survey.is_empty());
        let act = match (self.kind.as_str(), survey) {
            (OPEN_IDENTITY, _) if self.participant.is_empty() => Err((field::PARTICIPANT, "acts-wrong-participant")),
            (OPEN_IDENTITY, _) => Ok(DangerousAct::OpenIdentity { participant_id: self.participant.clone() }),
            (_, Some(survey)) => Ok(DangerousAct::DeleteSurvey { survey: survey.to_owned() }),
            _ => Err((field::KIND, "acts-wrong-kind")),
        };
        let reason = if !REASON_LENGTH.contains(&self.reason.chars().count()) {
            Err((field::REASON, "acts-wrong-reason"))
        } else if names_somebody(&self.reason) {
            Err((field::REASON, "acts-wrong-reason-names"))
        } else {
            Ok(self.reason.as_str())
        };
        match (act, reason) {
            (Ok(act), Ok(reason)) => Ok((act, reason)),
            (act, reason) => Err([act.err(), reason.err()].into_iter().flatten().collect()),
        }
    }
}

/// Whether a text holds a fiscal code. Reasons are kept in the record, where nobody is to be named.
pub(crate) fn names_somebody(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.parse::<FiscalCode>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: &str, participant: &str, reason: &str) -> TypedRequest {
        let pairs = [(field::KIND, kind), (field::PARTICIPANT, participant), (field::REASON, reason)];
        TypedRequest::of(&pairs.into_iter().collect())
    }

    #[track_caller]
    fn check(typed: &TypedRequest, expected: &[&str]) {
        let wrong = typed.read().err().unwrap_or_default();
        assert_eq!(wrong.iter().map(|wrong| wrong.1).collect::<Vec<_>>(), expected);
        assert!(expected.iter().all(|key| crate::i18n::is_translated(key)));
    }

    #[test]
    fn a_request_says_what_and_why_and_names_nobody() {
        let reason = "Lo chiede il giudice con atto 12/2026.";
        check(&typed("open-identity", "AB12", reason), &[]);
        check(&typed("delete-survey/uso-del-tempo", "", reason), &[]);
        check(&typed("delete-survey/", "", reason), &["acts-wrong-kind"]);
        check(&typed("", "ab12", reason), &["acts-wrong-kind"]);
        check(&typed("open-identity", "", "boh"), &["acts-wrong-participant", "acts-wrong-reason"]);
        check(&typed("delete-survey/uso-del-tempo", "", &"a".repeat(501)), &["acts-wrong-reason"]);
        check(
            &typed("delete-survey/uso-del-tempo", "", "Lo chiede RSSMRA80A41C707O, per favore."),
            &["acts-wrong-reason-names"],
        );
    }
}
