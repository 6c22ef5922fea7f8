//! Every text of an instrument with its place, so that a translator can be given what is missing.

use std::collections::BTreeSet;

use super::{AnswerKind, Instrument, Question};
use crate::text::Label;

/// A text of an instrument and where it stands.
#[derive(Debug)]
pub struct InstrumentText<'a> {
    /// Names from the outside in and what of it, such as `work.weekly_hours.help`.
    pub place: String,
    /// The text.
    pub label: &'a Label,
}

impl Instrument {
    /// Every text, in the order in which people read them.
    pub fn texts(&self) -> Vec<InstrumentText<'_>> {
        // One walk finds the places for reading and for writing; this one reads a copy's places beside the original's labels.
        let mut copy = self.clone();
        let mut places = Vec::new();
        copy.each_text(&mut |place, _| places.push(place.to_owned()));
        let labels = self.labels();
        debug_assert_eq!(places.len(), labels.len());
        places.into_iter().zip(labels).map(|(place, label)| InstrumentText { place, label }).collect()
    }

    /// The tags of the languages in which something is written, Italian and English first.
    pub fn languages(&self) -> Vec<String> {
        let labels = self.labels();
        let tags: BTreeSet<&str> = labels.iter().flat_map(|label| label.texts().map(|(tag, _)| tag)).collect();
        let usual = ["it", "en"].into_iter().filter(|tag| tags.contains(tag));
        let others = tags.iter().copied().filter(|tag| !["it", "en"].contains(tag));
        usual.chain(others).map(str::to_owned).collect()
    }

    /// Calls `work` with the place and the label of every text, in the order of [`Instrument::texts`].
    pub fn each_text(&mut self, work: &mut impl FnMut(&str, &mut Label)) {
        work("title", &mut self.title);
        work("introduction", &mut self.introduction);
        for section in &mut self.sections {
            let place = section.name.clone();
            work(&format!("{place}.title"), &mut section.title);
            if let Some(introduction) = &mut section.introduction {
                work(&format!("{place}.introduction"), introduction);
            }
            for question in &mut section.questions {
                each_of_question(&place, question, work);
            }
        }
    }

    fn labels(&self) -> Vec<&Label> {
        let mut labels = vec![&self.title, &self.introduction];
        for section in &self.sections {
            labels.push(&section.title);
            labels.extend(&section.introduction);
            section.questions.iter().for_each(|question| labels_of_question(question, &mut labels));
        }
        labels
    }
}

fn labels_of_question<'a>(question: &'a Question, labels: &mut Vec<&'a Label>) {
    labels.push(&question.text);
    labels.extend(&question.help);
    labels.extend(question.options().iter().map(|option| &option.label));
    match &question.answer {
        AnswerKind::Grid(grid) => labels.extend(grid.rows.iter().map(|row| &row.label)),
        AnswerKind::Roster(roster) => labels.push(&roster.item),
        _ => {}
    }
    question.inner().iter().for_each(|inner| labels_of_question(inner, labels));
}

fn each_of_question(place: &str, question: &mut Question, work: &mut impl FnMut(&str, &mut Label)) {
    let place = format!("{place}.{}", question.name);
    work(&format!("{place}.text"), &mut question.text);
    if let Some(help) = &mut question.help {
        work(&format!("{place}.help"), help);
    }
    match &mut question.answer {
        AnswerKind::Single(options) | AnswerKind::Multiple(options) => {
            for option in options {
                work(&format!("{place}.option.{}", option.value), &mut option.label);
            }
        }
        AnswerKind::Grid(grid) => {
            for row in &mut grid.rows {
                work(&format!("{place}.row.{}", row.value), &mut row.label);
            }
            for column in &mut grid.columns {
                each_of_question(&place, column, work);
            }
        }
        AnswerKind::Roster(roster) => {
            work(&format!("{place}.item"), &mut roster.item);
            for inner in &mut roster.questions {
                each_of_question(&place, inner, work);
            }
        }
        AnswerKind::Number { .. } | AnswerKind::Text { .. } | AnswerKind::Time { .. } => {}
    }
}
