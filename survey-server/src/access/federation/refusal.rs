//! Why a sign-in with another site ends without one, as the person is told and as the log says it.

use actix_web::http::StatusCode;

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The return belongs to no sign-in that this browser began lately: used before, too late, or another browser's.
    NotBegun,
    /// The person went back.
    Cancelled,
    /// The person did not agree that the provider tells who they are.
    ConsentDenied,
    /// The person took longer than the provider waits.
    TimedOut,
    /// The credentials were wrong too often.
    NotRecognised,
    /// The person has no credentials of the level that is enough, or used others.
    LevelTooLow,
    /// The person's identity is suspended or revoked, or its credentials are blocked.
    Suspended,
    /// The person used an identity of another kind than that of a citizen, for example one for work.
    OtherKind,
    /// The provider does not answer, or not in time.
    ProviderDown,
    /// The provider's answer is not believed.
    NotBelieved(&'static str),
    /// The provider refuses us, or is not what the configuration says.
    NotAccepted(&'static str),
    /// The provider knows no fiscal code, or one that does not hold.
    NoFiscalCode,
}

impl Refusal {
    /// The stem of the keys of its texts: `federation-<stem>-title`, `-text`, `-remedy`.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Refusal::NotBegun => "not-begun",
            Refusal::Cancelled => "cancelled",
            Refusal::ConsentDenied => "consent-denied",
            Refusal::TimedOut => "timed-out",
            Refusal::NotRecognised => "not-recognised",
            Refusal::LevelTooLow => "level",
            Refusal::Suspended => "suspended",
            Refusal::OtherKind => "other-kind",
            Refusal::ProviderDown => "down",
            Refusal::NotBelieved(_) => "not-believed",
            Refusal::NotAccepted(_) => "not-accepted",
            Refusal::NoFiscalCode => "no-fiscal-code",
        }
    }

    /// What an operator needs to know beyond that.
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Refusal::NotBelieved(detail) | Refusal::NotAccepted(detail) => detail,
            _ => "",
        }
    }

    /// The status of its page.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Refusal::ProviderDown | Refusal::NotBelieved(_) | Refusal::NotAccepted(_) => StatusCode::BAD_GATEWAY,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// Every kind, for the test of the texts.
    #[cfg(test)]
    pub(crate) const ALL: [Refusal; 12] = [
        Refusal::NotBegun,
        Refusal::Cancelled,
        Refusal::ConsentDenied,
        Refusal::TimedOut,
        Refusal::NotRecognised,
        Refusal::LevelTooLow,
        Refusal::Suspended,
        Refusal::OtherKind,
        Refusal::ProviderDown,
        Refusal::NotBelieved(""),
        Refusal::NotAccepted(""),
        Refusal::NoFiscalCode,
    ];

    /// What a provider's error means (OpenID Connect Core 3.1.2.6; the numbers are AgID's table of anomalies of SPID, "Tabella
    /// messaggi di anomalia", which providers of SPID and CIE put into the description; 24 is reserved, 30 is of AgID's
    /// notice 18).
    pub(super) fn of_error(error: &str, description: &str) -> Refusal {
        match anomaly(description) {
            Some(19) => return Refusal::NotRecognised,
            Some(20) => return Refusal::LevelTooLow,
            Some(21) => return Refusal::TimedOut,
            Some(22) => return Refusal::ConsentDenied,
            Some(23) => return Refusal::Suspended,
            Some(25) => return Refusal::Cancelled,
            Some(30) => return Refusal::OtherKind,
            _ => {}
        }
        match error {
            "consent_required" => Refusal::ConsentDenied,
            "access_denied" | "login_required" | "interaction_required" => Refusal::Cancelled,
            "unmet_authentication_requirements" => Refusal::LevelTooLow,
            "temporarily_unavailable" | "server_error" => Refusal::ProviderDown,
            _ => Refusal::NotAccepted("the provider refuses our request"),
        }
    }
}

/// The number in `ErrorCode nr25`.
fn anomaly(description: &str) -> Option<u32> {
    let rest = description.to_ascii_lowercase();
    let digits = rest.split("errorcode nr").nth(1)?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_happened_and_what_to_do_in_both_languages() {
        for refusal in Refusal::ALL {
            for part in ["title", "text", "remedy"] {
                let key = format!("federation-{}-{part}", refusal.stem());
                assert!(crate::i18n::is_translated(&key), "{key}");
            }
        }
    }

    #[test]
    fn the_numbers_of_spid_say_more_than_the_error() {
        let refusal = |description: &str| Refusal::of_error("access_denied", description);
        for (number, meaning) in [
            (19, Refusal::NotRecognised),
            (20, Refusal::LevelTooLow),
            (21, Refusal::TimedOut),
            (22, Refusal::ConsentDenied),
            (23, Refusal::Suspended),
            (24, Refusal::Cancelled),
            (25, Refusal::Cancelled),
            (30, Refusal::OtherKind),
        ] {
            assert_eq!(refusal(&format!("ErrorCode nr{number} - motivo")), meaning, "{number}");
            assert_eq!(refusal(&format!("errorcode nr{number}")), meaning, "{number}");
        }
        assert_eq!(refusal("ErrorCode nr"), Refusal::Cancelled);
        assert_eq!(refusal("ErrorCode nr99999999999999999999"), Refusal::Cancelled);
        assert_eq!(Refusal::of_error("temporarily_unavailable", ""), Refusal::ProviderDown);
        assert!(matches!(Refusal::of_error("unauthorized_client", ""), Refusal::NotAccepted(_)));
    }
}
