//! The secrecy rules of a release, in one place.

use serde::{Deserialize, Serialize};

use super::insiders::Insiders;
use super::primary::{Dominance, MinimumFrequency, PPercent, PrimaryRules};

/// What a release keeps secret. The defaults are those of the law and of common practice: three persons (D.Lgs. 322/1989,
/// art. 9), an outsider kept 30% from their numbers (τ-Argus' usual safety range).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecrecyRules {
    /// Fewest persons behind a number: in its domain, and among those who did it where somebody did.
    pub minimum_frequency: u64,
    /// How far an outsider must be kept from the number of fewer persons, in percent of it.
    pub safety_range: f64,
    /// A number is unsafe when few persons make up most of its weighted minutes.
    pub dominance: Option<Dominance>,
    /// A number is unsafe when the largest contribution to its weighted minutes can be guessed too well.
    pub p_percent: Option<PPercent>,
    /// Whom to protect against besides outsiders.
    pub insiders: Insiders,
    /// Whether those who did not do it are protected like those who did.
    pub non_participants: NonParticipants,
    /// Whether persons without rows of their own are protected from being worked out as a difference.
    pub unlisted: Unlisted,
    /// Whether outsiders are taken to know that what no table shows is no less than nothing.
    pub rests: Rests,
}

/// Whether to protect the few who did not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonParticipants {
    /// That all but one slept is published: not having done something in one day's diary says little of a person.
    #[default]
    Open,
    /// A number is unsafe also when somebody, but fewer persons than the minimum, did not do it.
    Protected,
}

/// How far to protect domains without rows that others lead to: a sex beside women and men, the rest of a group.
///
/// Sexes and age groups with rows are tied to everybody whatever is chosen here: their shares of the weight follow from
/// any activity that is published for all of them. For a rest that no table lists an outsider needs weights from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// Weights are taken to be secret: differences tell nothing.
    Open,
    /// A rest of fewer persons than the minimum is protected: one of the domains around it is withheld.
    #[default]
    Domains,
    /// An outsider is taken to know the weight of every domain, so that the few participants in a larger rest are
    /// protected too. Much more is withheld.
    Everything,
}

/// What outsiders are taken to know of numbers between the published ones: the rest of a group inside another, a sex without
/// rows, an activity listed for everybody but not for a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rests {
    /// Nothing. Less is withheld, and it is quicker.
    Free,
    /// That they are not negative: no group spends more than the group around it.
    #[default]
    NotNegative,
}

impl Default for SecrecyRules {
    fn default() -> SecrecyRules {
        SecrecyRules {
            minimum_frequency: 3,
            safety_range: 30.0,
            dominance: None,
            p_percent: None,
            insiders: Insiders::default(),
            non_participants: NonParticipants::default(),
            unlisted: Unlisted::default(),
            rests: Rests::default(),
        }
    }
}

impl SecrecyRules {
    /// The rules that counts and weighted counts are judged by.
    pub(super) fn of_counts(&self) -> PrimaryRules {
        let minimum = MinimumFrequency { n: self.minimum_frequency, safety_range: self.safety_range };
        PrimaryRules { minimum_frequency: Some(minimum), ..PrimaryRules::default() }
    }

    /// The rules that weighted minutes are judged by.
    pub(super) fn of_minutes(&self) -> PrimaryRules {
        PrimaryRules { dominance: self.dominance, p_percent: self.p_percent, ..self.of_counts() }
    }

    /// How many contributions of a cell the rules look at.
    pub(super) fn n_largest(&self) -> usize {
        let of_dominance = self.dominance.map_or(0, |rule| rule.n);
        of_dominance.max(self.p_percent.map_or(0, |rule| rule.coalition + 1))
    }

    pub(super) fn are_few(&self, n: u64) -> bool {
        n < self.minimum_frequency
    }

    /// Whether somebody, but too few.
    pub(super) fn are_too_few(&self, n: u64) -> bool {
        n > 0 && self.are_few(n)
    }
}
