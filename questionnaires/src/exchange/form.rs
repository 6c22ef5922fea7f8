//! What XLSForm and XForms have in common: a tree of groups, repeats and questions with labels, hints and expressions. An
//! instrument becomes such a form and comes back from one.
//!
//! | an instrument has | a form has |
//! | --- | --- |
//! | a section | a group, its introduction a note `NAME_introduction` first in it |
//! | an option that excludes others | a constraint `not(selected(., 'none') and count-selected(.) > 1)` |
//! | a time that ends a spell | a question relevant where the beginning is given, with another time than it |
//! | a grid | a group (its help a note `NAME_help`) of groups with the same questions, one per row |
//! | the rows of a grid that are options chosen elsewhere | those groups relevant where `selected(${QUESTION}, 'ROW')` |
//! | a roster | a repeat whose label is what a person is called, after a note `NAME_text` and perhaps `NAME_help` |
//! | titles, addresses, how often it is asked | entries of a list of its own (`Extras`), since forms have no place for them |

mod from_form;
mod to_form;

use std::collections::BTreeMap;

use crate::text::Label;

pub(super) use from_form::instrument;
pub(super) use to_form::form;

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) name: String,
    pub(super) version: String,
    /// In the form's first language.
    pub(super) title: String,
    pub(super) items: Vec<Item>,
    pub(super) extras: Extras,
}

/// What forms have no place for, by name.
pub(super) type Extras = BTreeMap<String, String>;

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) label: Option<Label>,
    pub(super) hint: Option<Label>,
    pub(super) relevant: Option<String>,
    pub(super) constraint: Option<String>,
    pub(super) required: bool,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Group(Vec<Item>),
    /// With the expression that says how often.
    Repeat(String, Vec<Item>),
    Note,
    Integer,
    Text,
    Time,
    SelectOne(Vec<Choice>),
    SelectMultiple(Vec<Choice>),
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: Label,
}

impl Item {
    pub(super) fn new(name: &str, kind: Kind, label: Option<Label>) -> Item {
        Item { name: name.to_owned(), kind, label, hint: None, relevant: None, constraint: None, required: false }
    }

    /// The parts of a group or repeat.
    pub(super) fn items(&self) -> &[Item] {
        match &self.kind {
            Kind::Group(items) | Kind::Repeat(_, items) => items,
            _ => &[],
        }
    }

    pub(super) fn is_note(&self, name: &str) -> bool {
        self.kind == Kind::Note && self.name == name
    }
}

/// The name of the note that introduces the whole form.
pub(super) const INTRODUCTION: &str = "form_introduction";
