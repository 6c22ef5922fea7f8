//! An instrument becomes a form.

use super::super::expression::{given, print, selected};
use super::{Choice, Extras, Form, INTRODUCTION, Item, Kind};
use crate::instrument::{AnswerKind, AnswerOption, Asked, Condition, Grid, Instrument, Question, Roster, Section};
use crate::text::Label;

/// The form of an instrument.
pub(in super::super) fn form(instrument: &Instrument) -> Form {
    let introduction = Item::new(INTRODUCTION, Kind::Note, Some(instrument.introduction.clone()));
    let sections = instrument.sections.iter().map(|section| group(instrument, section));
    Form {
        name: instrument.name.clone(),
        version: instrument.version.to_string(),
        title: instrument.title.it.clone(),
        items: std::iter::once(introduction).chain(sections).collect(),
        extras: extras(instrument),
    }
}

fn extras(instrument: &Instrument) -> Extras {
    let mut extras = Extras::new();
    extras.insert("path".to_owned(), instrument.path.clone());
    if instrument.asked == Asked::AfterEachDay {
        extras.insert("asked".to_owned(), "after_each_day".to_owned());
    }
    for (tag, text) in instrument.title.texts().filter(|(tag, _)| *tag != "it") {
        extras.insert(format!("title.{tag}"), text.to_owned());
    }
    for section in &instrument.sections {
        extras.insert(format!("section.{}.path", section.name), section.path.clone());
    }
    extras
}

fn group(instrument: &Instrument, section: &Section) -> Item {
    let mut items = Vec::new();
    if let Some(introduction) = &section.introduction {
        items.push(Item::new(&format!("{}_introduction", section.name), Kind::Note, Some(introduction.clone())));
    }
    for question in &section.questions {
        match &question.answer {
            AnswerKind::Grid(of) => items.push(grid(instrument, question, of)),
            AnswerKind::Roster(of) => items.extend(roster(question, of)),
            _ => items.push(plain(question, &[])),
        }
    }
    Item {
        relevant: section.when.as_ref().map(|condition| print(condition, &[])),
        ..Item::new(&section.name, Kind::Group(items), Some(section.title.clone()))
    }
}

/// A question with an answer of its own. `inner` are the names beside it, where it stands in a group.
fn plain(question: &Question, inner: &[&str]) -> Item {
    let mut conditions: Vec<String> =
        question.when.iter().map(|condition: &Condition| print(condition, inner)).collect();
    let (kind, constraint) = match &question.answer {
        AnswerKind::Single(options) => (Kind::SelectOne(choices(options)), None),
        AnswerKind::Multiple(options) => (Kind::SelectMultiple(choices(options)), exclusive(options)),
        AnswerKind::Number { min, max } => (Kind::Integer, Some(format!(". >= {min} and . <= {max}"))),
        AnswerKind::Text { max } => (Kind::Text, Some(format!("string-length(.) <= {max}"))),
        AnswerKind::Time { from: None } => (Kind::Time, None),
        AnswerKind::Time { from: Some(from) } => {
            conditions.push(given(&format!("../{from}")));
            (Kind::Time, Some(format!(". != ../{from}")))
        }
        AnswerKind::Grid(_) | AnswerKind::Roster(_) => (Kind::Note, None),
    };
    Item {
        hint: question.help.clone(),
        relevant: (!conditions.is_empty()).then(|| conditions.join(" and ")),
        constraint,
        required: !question.optional,
        ..Item::new(&question.name, kind, Some(question.text.clone()))
    }
}

fn choices(options: &[AnswerOption]) -> Vec<Choice> {
    options.iter().map(|option| Choice { value: option.value.clone(), label: option.label.clone() }).collect()
}

fn exclusive(options: &[AnswerOption]) -> Option<String> {
    let alone = options.iter().filter(|option| option.exclusive);
    let parts: Vec<String> =
        alone.map(|option| format!("not({} and count-selected(.) > 1)", selected(".", &option.value))).collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

fn grid(instrument: &Instrument, question: &Question, grid: &Grid) -> Item {
    let choice = grid.rows_of.as_deref().and_then(|name| instrument.question(name));
    let names: Vec<&str> = grid.columns.iter().map(|column| column.name.as_str()).collect();
    let help = question.help.iter().map(|help| note(question, "help", help));
    let rows = grid.possible_rows(choice).into_iter().map(|(value, label)| {
        let columns = grid.columns.iter().map(|column| plain(column, &names)).collect();
        Item {
            relevant: choice.map(|choice| selected(&format!("${{{}}}", choice.name), value)),
            ..Item::new(value, Kind::Group(columns), Some(label.clone()))
        }
    });
    let rows: Vec<Item> = help.chain(rows).collect();
    Item {
        relevant: question.when.as_ref().map(|condition| print(condition, &[])),
        ..Item::new(&question.name, Kind::Group(rows), Some(question.text.clone()))
    }
}

fn roster(question: &Question, roster: &Roster) -> Vec<Item> {
    let names: Vec<&str> = roster.questions.iter().map(|inner| inner.name.as_str()).collect();
    let inner = roster.questions.iter().map(|inner| plain(inner, &names)).collect();
    let size = format!("${{{}}}", roster.size);
    let count = if roster.less == 0 { size } else { format!("{size} - {}", roster.less) };
    let relevant = question.when.as_ref().map(|condition| print(condition, &[]));
    let notes = std::iter::once(note(question, "text", &question.text))
        .chain(question.help.iter().map(|help| note(question, "help", help)));
    let notes = notes.map(|note| Item { relevant: relevant.clone(), ..note });
    let repeat = Item {
        relevant: relevant.clone(),
        ..Item::new(&question.name, Kind::Repeat(count, inner), Some(roster.item.clone()))
    };
    notes.chain([repeat]).collect()
}

fn note(question: &Question, what: &str, label: &Label) -> Item {
    Item::new(&format!("{}_{what}", question.name), Kind::Note, Some(label.clone()))
}
