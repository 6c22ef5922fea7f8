//! A person's row: what they told, and what the register and the sample say.
//!
//! Where the register has somebody, its age, zone and sex count. Margins, strata and weights are the register's, and a number
//! calibrated to them must count people as they do; a slip in a form is likelier than in the register. One answer counts
//! before the register: somebody who declares another sex than F and M (`X`) is not turned back into either. The answers
//! leave as they were told, in `answers`, so that nothing is lost; how often the two differ is counted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use questionnaires::Answers;

use super::store::PersonRow;
use crate::{
    residents::{Facts, Known},
    survey::Pseudonyms,
};

/// How often answers and register differ, over the people who leave and are in the register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Disagreements {
    /// Sex: F here and M there, or the other way round.
    pub n_sex: usize,
    /// Age: by more than the year that a birthday in between explains.
    pub n_age: usize,
    /// Zone.
    pub n_zone: usize,
}

/// The answer of people who declare another sex, or none.
const OTHER_SEX: &str = "X";

/// The household of each respondent who is in one, by a name that must not leave without a pseudonym. The register's counts, for
/// everybody in it; who is not and has joined somebody who is belongs there too; otherwise people belong with those they joined.
pub(super) fn households(joined: &BTreeMap<String, String>, known: &Known) -> BTreeMap<String, String> {
    let registered = |id: &str| known.facts.get(id).map(|facts| facts.resident.household.as_str());
    let mut of_group: BTreeMap<&str, &str> = BTreeMap::new();
    for (respondent, group) in joined {
        if let Some(household) = registered(respondent) {
            of_group.entry(group).or_insert(household);
        }
    }
    let in_register = known.facts.keys().map(|id| (id.clone(), registered(id).unwrap_or_default().to_owned()));
    let by_code = joined.iter().map(|(respondent, group)| {
        let group = group.as_str();
        let household = registered(respondent).or_else(|| of_group.get(group).copied()).unwrap_or(group);
        (respondent.clone(), household.to_owned())
    });
    in_register.chain(by_code).collect()
}

/// The row of somebody whose first day fell about `first_day`: day and month of it are not known any more, the month is.
pub(super) fn row(
    pseudonyms: &Pseudonyms,
    person_id: String,
    answers: &Answers,
    facts: Option<&Facts>,
    household: Option<&str>,
    first_day: NaiveDate,
    disagreements: &mut Disagreements,
) -> PersonRow {
    let told = PersonRow {
        person_id,
        household_id: household.map(|household| pseudonyms.of("household", household)),
        sex: answers.choice("sex").unwrap_or(OTHER_SEX).to_owned(),
        age: answers.number("age"),
        zone: answers.choice("zone").map(str::to_owned),
        weight: None,
        stratum: None,
        cluster: None,
    };
    let Some(Facts { resident, design }) = facts else { return told };
    let age = i64::from(resident.age_on(first_day));
    let sex = resident.sex.code();
    disagreements.n_sex += usize::from(told.sex != OTHER_SEX && told.sex != sex);
    disagreements.n_age += usize::from(told.age.is_some_and(|told| (told - age).abs() > 1));
    disagreements.n_zone += usize::from(told.zone.is_some() && resident.zone.is_some() && told.zone != resident.zone);
    PersonRow {
        sex: if told.sex == OTHER_SEX && answers.choice("sex").is_some() { told.sex } else { sex.to_owned() },
        age: Some(age),
        zone: resident.zone.clone().or(told.zone),
        weight: design.as_ref().map(|design| design.weight),
        stratum: design.as_ref().and_then(|design| design.stratum.clone()),
        cluster: design.as_ref().map(|design| pseudonyms.of("cluster", &design.unit)),
        ..told
    }
}
