//! What the page of a household shows.

use askama::Template;

use super::{CODE_FIELD, CODE_PATH, JOIN_PATH, LEAVE_PATH, store::Household};
use crate::web::{date, field_error::FieldErrorView, layout::Page, visit::Visit};

/// The household of who reads it.
#[derive(Template)]
#[template(path = "household.html")]
pub(super) struct HouseholdPage {
    page: Page,
    /// The code that was just made.
    code: Option<String>,
    joined: bool,
    /// How many take part; nothing for somebody in no household.
    members: Option<String>,
    days: Vec<String>,
    typed: String,
    error: Option<String>,
    errors: Vec<FieldErrorView>,
    code_field: &'static str,
    code_path: &'static str,
    join_path: &'static str,
    leave_path: &'static str,
}

/// What has just happened.
pub(super) enum Note {
    None,
    Code(String),
    Joined,
    /// With what was typed.
    WrongCode(String),
}

impl HouseholdPage {
    pub(super) fn new(visit: &Visit, household: Option<Household>, note: Note) -> HouseholdPage {
        let members = household
            .as_ref()
            .map(|household| visit.texts.text_with("household-members", &[("n", household.n_members.into())]));
        let days = household.iter().flat_map(|household| &household.days_of_others);
        let error = matches!(note, Note::WrongCode(_)).then(|| visit.text("household-wrong-code"));
        let summary =
            |error: &String| FieldErrorView::new(CODE_FIELD.to_owned(), &visit.text("household-code-label"), error);
        HouseholdPage {
            page: visit.page(visit.text("household-title")),
            joined: matches!(note, Note::Joined),
            members,
            days: days.map(|day| date::long_date(&visit.texts, *day)).collect(),
            errors: error.iter().map(summary).collect(),
            error,
            typed: match &note {
                Note::WrongCode(typed) => typed.clone(),
                _ => String::new(),
            },
            code: match note {
                Note::Code(code) => Some(code),
                _ => None,
            },
            code_field: CODE_FIELD,
            code_path: CODE_PATH,
            join_path: JOIN_PATH,
            leave_path: LEAVE_PATH,
        }
    }
}
