//! Why a sign-in with another site ends without one, as the person is told and as the log says it.

use actix_web::http::StatusCode;

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The return belongs to no sign-in that this browser began lately: used before, too late, or another browser's.
    NotBegun,
    /// The person went back or did not agree.
    Cancelled,
    /// The provider did not recognise the person.
    NotRecognised,
    /// The person's credentials are below the level that is enough.
    LevelTooLow,
    /// The person's identity is suspended or revoked.
    Suspended,
    /// The provider does not let minors sign in here.
    Minor,
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
            Refusal::NotRecognised => "not-recognised",
            Refusal::LevelTooLow => "level",
            Refusal::Suspended => "suspended",
            Refusal::Minor => "minor",
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
    pub(crate) const ALL: [Refusal; 10] = [
        Refusal::NotBegun,
        Refusal::Cancelled,
        Refusal::NotRecognised,
        Refusal::LevelTooLow,
        Refusal::Suspended,
        Refusal::Minor,
        Refusal::ProviderDown,
        Refusal::NotBelieved(""),
        Refusal::NotAccepted(""),
        Refusal::NoFiscalCode,
    ];

    /// What a provider's error means (OpenID Connect Core 3.1.2.6; the numbers are SPID's table of anomalies, which
    /// its providers put into the description).
    pub(super) fn of_error(error: &str, description: &str) -> Refusal {
        match anomaly(description) {
            Some(19) => return Refusal::NotRecognised,
            Some(20) => return Refusal::LevelTooLow,
            Some(21 | 22 | 25) => return Refusal::Cancelled,
            Some(23) => return Refusal::Suspended,
            Some(30) => return Refusal::Minor,
            _ => {}
        }
        match error {
            "access_denied" | "login_required" | "consent_required" | "interaction_required" => Refusal::Cancelled,
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
        let refusal = |description| Refusal::of_error("access_denied", description);
        assert_eq!(refusal("ErrorCode nr19 - credenziali errate"), Refusal::NotRecognised);
        assert_eq!(refusal("ErrorCode nr25"), Refusal::Cancelled);
        assert_eq!(refusal("errorcode nr30"), Refusal::Minor);
        assert_eq!(refusal("ErrorCode nr"), Refusal::Cancelled);
        assert_eq!(refusal("ErrorCode nr99999999999999999999"), Refusal::Cancelled);
        assert_eq!(Refusal::of_error("temporarily_unavailable", ""), Refusal::ProviderDown);
        assert!(matches!(Refusal::of_error("unauthorized_client", ""), Refusal::NotAccepted(_)));
    }
}
