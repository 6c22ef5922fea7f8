//! Who may take part: judged when somebody signs in for the first time, before anything about them is written.
//!
//! Who is known already is always let in: they have rights over what they gave, and an officer has work to do. Where a child
//! may keep a diary but not agree alone (from the minimum age to the age of own consent), the sign-in is refused with a page
//! that says that a parent has to agree at the office: agreement that the program cannot check is not taken online.

use chrono::NaiveDate;
use questionnaires::fiscal_code::{FiscalCode, age_on};

use super::{resident::Resident, store};
use crate::{database::Database, error::AppError, keys::Keys};

/// Whom a survey is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// People in the register of residents.
    Residents,
    /// They, and people who live elsewhere and come to the city. Who is not in the register and answers that they live in
    /// the city is neither, and stays out of every export.
    ResidentsAndCityUsers,
    /// Anybody with an identity.
    Everybody,
}

/// Who may take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipationPolicy {
    /// Whom the survey is about.
    pub who: Who,
    /// Nobody younger takes part, in years.
    pub minimum_age: u32,
    /// Who is younger does not agree alone, in years; at least the minimum age.
    pub own_consent_age: u32,
    /// Where people turn who are not let in.
    pub contact: Option<String>,
}

impl Default for ParticipationPolicy {
    /// Everybody from 10 (HETUS 2018 guidelines: diaries from the age of 10), agreeing alone from 14 (Italian privacy
    /// code, article 2-quinquies).
    fn default() -> ParticipationPolicy {
        ParticipationPolicy { who: Who::Everybody, minimum_age: 10, own_consent_age: 14, contact: None }
    }
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    /// Not in the register of residents.
    NotResident,
    /// The survey is for residents and no register was imported: nobody can be told from anybody.
    NoRegister,
    /// Younger than this.
    TooYoung(u32),
    /// Younger than this: a parent must agree.
    ParentMustAgree(u32),
}

impl NotAdmitted {
    /// The stem of the page's texts: `error-<stem>-title` and `error-<stem>-text`.
    pub fn stem(self) -> &'static str {
        match self {
            NotAdmitted::NotResident => "not-resident",
            NotAdmitted::NoRegister => "no-register",
            NotAdmitted::TooYoung(_) => "too-young",
            NotAdmitted::ParentMustAgree(_) => "parent-must-agree",
        }
    }

    /// The age that the text names.
    pub fn age(self) -> Option<u32> {
        match self {
            NotAdmitted::TooYoung(age) | NotAdmitted::ParentMustAgree(age) => Some(age),
            NotAdmitted::NotResident | NotAdmitted::NoRegister => None,
        }
    }
}

/// What the register says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    NoRegister,
    NotInIt,
    Resident(Resident),
}

/// Lets somebody in or says why not.
pub(crate) async fn admit(
    database: &Database,
    keys: &Keys,
    policy: &ParticipationPolicy,
    code: &FiscalCode,
    today: NaiveDate,
) -> Result<(), AppError> {
    let standing = match store::look_up(database, keys, &keys.fiscal_code_digest(code.reveal())).await? {
        None => Standing::NoRegister,
        Some(None) => Standing::NotInIt,
        Some(Some(resident)) => Standing::Resident(resident),
    };
    judge(policy, code, &standing, today).map_err(AppError::NotAdmitted)
}

/// The age is that of the register where the person is in it. Elsewhere the code leaves two dates, a century apart, and the
/// later one counts: a person over a hundred who is in no register is taken for a child, and the page says where to turn.
fn judge(
    policy: &ParticipationPolicy,
    code: &FiscalCode,
    standing: &Standing,
    today: NaiveDate,
) -> Result<(), NotAdmitted> {
    match standing {
        Standing::NoRegister if policy.who == Who::Residents => return Err(NotAdmitted::NoRegister),
        Standing::NotInIt if policy.who == Who::Residents => return Err(NotAdmitted::NotResident),
        _ => {}
    }
    let birth_date = match standing {
        Standing::Resident(resident) => Some(resident.birth_date),
        Standing::NoRegister | Standing::NotInIt => code.birth_date(today),
    };
    let age = birth_date.map_or(0, |birth_date| age_on(birth_date, today));
    if age < policy.minimum_age {
        Err(NotAdmitted::TooYoung(policy.minimum_age))
    } else if age < policy.own_consent_age {
        Err(NotAdmitted::ParentMustAgree(policy.own_consent_age))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use questionnaires::fiscal_code::{AnyFiscalCode, RegisteredSex};

    use super::*;
    use crate::i18n::is_translated;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn born(first_eleven: &str) -> FiscalCode {
        FiscalCode::with_check_character(&format!("{first_eleven}C707")).unwrap()
    }

    fn resident(code: &FiscalCode, birth_date: &str) -> Standing {
        Standing::Resident(Resident {
            code: AnyFiscalCode::Personal(code.clone()),
            sex: RegisteredSex::Female,
            birth_date: date(birth_date),
            zone: None,
            household: "1".to_owned(),
            is_reference: false,
        })
    }

    #[test]
    fn residents_city_users_or_everybody() {
        let adult = born("RSSMRA80A41");
        let at = |who, standing: &Standing| {
            let policy = ParticipationPolicy { who, ..ParticipationPolicy::default() };
            judge(&policy, &adult, standing, date("2026-11-22"))
        };
        let known = resident(&adult, "1980-01-01");
        assert_eq!(at(Who::Residents, &known), Ok(()));
        assert_eq!(at(Who::Residents, &Standing::NotInIt), Err(NotAdmitted::NotResident));
        assert_eq!(at(Who::Residents, &Standing::NoRegister), Err(NotAdmitted::NoRegister));
        for who in [Who::ResidentsAndCityUsers, Who::Everybody] {
            for standing in [&known, &Standing::NotInIt, &Standing::NoRegister] {
                assert_eq!(at(who, standing), Ok(()));
            }
        }
    }

    #[test]
    fn the_age_is_judged_on_the_birthday() {
        let policy = ParticipationPolicy::default();
        let child = born("RSSMRA12S62"); // 22 November 2012
        let at = |today: &str| judge(&policy, &child, &Standing::NotInIt, date(today));
        assert_eq!(at("2022-11-21"), Err(NotAdmitted::TooYoung(10)));
        assert_eq!(at("2022-11-22"), Err(NotAdmitted::ParentMustAgree(14)));
        assert_eq!(at("2026-11-21"), Err(NotAdmitted::ParentMustAgree(14)));
        assert_eq!(at("2026-11-22"), Ok(()));
        let alone = ParticipationPolicy { own_consent_age: 10, ..policy };
        assert_eq!(judge(&alone, &child, &Standing::NotInIt, date("2022-11-22")), Ok(()));
    }

    #[test]
    fn the_register_settles_the_century() {
        let policy = ParticipationPolicy::default();
        let code = born("RSSMRA23A41");
        let today = date("2026-11-22");
        assert_eq!(judge(&policy, &code, &Standing::NotInIt, today), Err(NotAdmitted::TooYoung(10)));
        assert_eq!(judge(&policy, &code, &resident(&code, "1923-01-01"), today), Ok(()));
        assert!(judge(&policy, &code, &resident(&code, "2023-01-01"), today).is_err());
    }

    #[test]
    fn every_refusal_has_a_page() {
        for refusal in [
            NotAdmitted::NotResident,
            NotAdmitted::NoRegister,
            NotAdmitted::TooYoung(10),
            NotAdmitted::ParentMustAgree(14),
        ] {
            for part in ["title", "text"] {
                assert!(is_translated(&format!("error-{}-{part}", refusal.stem())), "{refusal:?}");
            }
        }
    }
}
