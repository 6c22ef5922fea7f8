//! Who may take part.

use super::{ConfigError, Key, values::Values};
use crate::residents::admission::{ParticipationPolicy, Who};

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("participation.who", "`residents`, `residents_and_city_users` or `everybody`"),
    ("participation.minimum_age", "the age below which nobody takes part"),
    ("participation.own_consent_age", "the age from which people agree to take part by themselves"),
    ("participation.contact", "where people turn who are not let in: an office, its telephone and hours"),
];

/// The oldest age that may be asked for.
const MOST_YEARS: u32 = 99;

impl ParticipationPolicy {
    pub(super) fn read(values: &Values) -> Result<ParticipationPolicy, ConfigError> {
        const WHO: &str = "participation.who";
        const OWN_CONSENT: &str = "participation.own_consent_age";
        let usual = ParticipationPolicy::default();
        let who = match values.optional(WHO) {
            None => usual.who,
            Some("residents") => Who::Residents,
            Some("residents_and_city_users") => Who::ResidentsAndCityUsers,
            Some("everybody") => Who::Everybody,
            Some(_) => {
                return Err(values.invalid(WHO, "`residents`, `residents_and_city_users` or `everybody`"));
            }
        };
        let age = |key, usual| match values.whole_number(key)? {
            None => Ok(usual),
            Some(age) => u32::try_from(age)
                .ok()
                .filter(|age| *age <= MOST_YEARS)
                .ok_or_else(|| values.invalid(key, "an age from 1 to 99")),
        };
        let minimum_age = age("participation.minimum_age", usual.minimum_age)?;
        let own_consent_age = age(OWN_CONSENT, usual.own_consent_age.max(minimum_age))?;
        if own_consent_age < minimum_age {
            return Err(values.invalid(OWN_CONSENT, "not below participation.minimum_age"));
        }
        let contact = values.optional("participation.contact").map(str::to_owned);
        Ok(ParticipationPolicy { who, minimum_age, own_consent_age, contact })
    }
}
