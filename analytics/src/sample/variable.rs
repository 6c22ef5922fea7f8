//! Variables of persons, by name: what margins and classes of a release may be made of.

use questionnaires::Answer;
use questionnaires::target_group::{self, TargetGroup};

use super::SampleError;
use crate::desk::CROSS;
use crate::domain::AgeGroup;
use crate::snapshot::Person;

/// A variable of persons.
#[derive(Debug, Clone)]
enum Variable<'a> {
    Sex,
    AgeGroup,
    Zone,
    Stratum,
    Target(&'static TargetGroup),
    Question(&'a str),
}

/// A name is a variable's, a target group's (`yes` or `no`), or a question's with a single answer.
fn named<'a>(name: &'a str, persons: &[&Person]) -> Result<Variable<'a>, SampleError> {
    match name {
        "sex" => return Ok(Variable::Sex),
        "age_group" => return Ok(Variable::AgeGroup),
        "zone" => return Ok(Variable::Zone),
        "stratum" => return Ok(Variable::Stratum),
        _ => {}
    }
    if let Some(group) = target_group::all().iter().find(|group| group.name == name) {
        return Ok(Variable::Target(group));
    }
    if persons.iter().any(|person| person.answers.answer(name).is_some()) {
        return Ok(Variable::Question(name));
    }
    Err(SampleError::Variable { name: name.to_owned() })
}

impl Variable<'_> {
    fn category(&self, person: &Person) -> Option<String> {
        match self {
            Variable::Sex => Some(person.sex.code().to_owned()),
            Variable::AgeGroup => Some(AgeGroup::of(person.age?)?.code().to_owned()),
            Variable::Zone => person.zone.as_deref().map(str::to_owned),
            Variable::Stratum => person.stratum.as_deref().map(str::to_owned),
            Variable::Target(group) => Some(if group.contains(&person.answers) { "yes" } else { "no" }.to_owned()),
            Variable::Question(name) => match person.answers.answer(name)? {
                Answer::Number(number) => Some(number.to_string()),
                Answer::Choice(choice) => Some(choice),
                // Words of one's own are no categories, but a time of day is a short text like an option's value.
                Answer::Text(_) | Answer::Choices(_) => None,
            },
        }
    }
}

/// Each person's category in variables crossed; `None` where one of them is not known.
pub(super) fn categories(columns: &[String], persons: &[&Person]) -> Result<Vec<Option<String>>, SampleError> {
    let variables = columns.iter().map(|column| named(column, persons)).collect::<Result<Vec<_>, _>>()?;
    let category = |person: &&Person| {
        let values: Option<Vec<String>> = variables.iter().map(|variable| variable.category(person)).collect();
        values.map(|values| values.join(&CROSS.to_string()))
    };
    Ok(persons.iter().map(category).collect())
}
