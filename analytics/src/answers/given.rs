//! Who said what to one question.

use super::AskedQuestion;
use crate::disclosure::PersonSet;
use crate::snapshot::Person;
use crate::table::QuestionKind;

/// The answers to one question. Persons are places among the respondents.
#[derive(Debug, Clone)]
pub struct Given {
    /// Those who answered: whom the shares and the mean are of. Who was not asked, left it blank or chose an option that is set
    /// aside is not among them.
    pub base: PersonSet,
    /// By option, those who chose it.
    pub options: Vec<PersonSet>,
    /// By respondent, the number answered; zero for all others.
    pub numbers: Vec<f64>,
}

/// What these respondents said. Those of weight zero stand for nobody and are not counted.
pub fn given(question: &AskedQuestion, persons: &[&Person], weights: &[f64]) -> Given {
    let n_persons = persons.len();
    let is_number = question.kind == QuestionKind::Number;
    let mut given = Given {
        base: PersonSet::nobody(n_persons),
        options: vec![PersonSet::nobody(n_persons); question.options.len()],
        numbers: vec![0.0; if is_number { n_persons } else { 0 }],
    };
    let counted = persons.iter().zip(weights).enumerate().filter(|(_, (_, weight))| **weight > 0.0);
    for (place, (person, _)) in counted {
        if is_number {
            let (least, greatest) = question.range;
            let number = person.answers.number(&question.name).filter(|number| (least..=greatest).contains(number));
            if let Some(number) = number {
                given.base.insert(place);
                given.numbers[place] = number as f64;
            }
            continue;
        }
        let chosen: Option<Vec<usize>> = person
            .answers
            .values(&question.name)
            .map(|value| question.options.iter().position(|(option, _)| option == value))
            .collect();
        // With a value that is no answer (set aside, or of another version) the whole is none.
        for option in chosen.unwrap_or_default() {
            given.base.insert(place);
            given.options[option].insert(place);
        }
    }
    given
}
