//! What the pages of assistance show.

use askama::Template;

use super::{
    CODE_LIFETIME,
    form::{Wrong, field},
    routes::{COUNTER_PATH, END_PATH, OWN_END_PATH, OWN_PATH, PATH},
};
use crate::{
    privacy,
    web::{field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// The operator's page.
#[derive(Template)]
#[template(path = "assistance/operator.html")]
pub(super) struct OperatorPage {
    page: Page,
    path: &'static str,
    counter_path: &'static str,
    end_path: &'static str,
    code_field: &'static str,
    read_out_field: &'static str,
    typed: String,
    errors: Vec<FieldErrorView>,
    code_error: Option<String>,
    read_out_error: Option<String>,
    /// Whether the operator helps somebody from afar just now.
    is_helping: bool,
    /// What is read out before anything is asked: headings and texts of the notice.
    notice: Vec<(String, String)>,
}

impl OperatorPage {
    pub(super) fn new(visit: &Visit, typed: &str, wrong: &[Wrong]) -> OperatorPage {
        let error = |name: &str| wrong.iter().find(|(field, _)| *field == name).map(|(_, key)| visit.text(key));
        let summary = |(name, key): &Wrong| {
            FieldErrorView::new((*name).to_owned(), &visit.text(&format!("assistance-field-{name}")), &visit.text(key))
        };
        OperatorPage {
            page: visit.page(visit.text("assistance-title")),
            path: PATH,
            counter_path: COUNTER_PATH,
            end_path: END_PATH,
            code_field: field::CODE,
            read_out_field: field::READ_OUT,
            typed: typed.to_owned(),
            errors: wrong.iter().map(summary).collect(),
            code_error: error(field::CODE),
            read_out_error: error(field::READ_OUT),
            is_helping: visit
                .signed_in
                .as_ref()
                .and_then(|session| session.assistance.as_ref())
                .is_some_and(|assisting| assisting.mode.is_blind()),
            notice: privacy::notice(visit),
        }
    }
}

/// The code to be typed in by the person at the counter.
#[derive(Template)]
#[template(path = "assistance/code.html")]
pub(super) struct CodePage {
    page: Page,
    /// In two groups, to be read and told more easily.
    code: String,
    own_address: String,
    minutes: String,
    back: &'static str,
}

impl CodePage {
    pub(super) fn new(visit: &Visit, code: &str) -> CodePage {
        let (first, second) = code.split_at(code.len() / 2);
        CodePage {
            page: visit.page(visit.text("assistance-code-title")),
            code: format!("{first} {second}"),
            own_address: format!("{}{OWN_PATH}", visit.settings.public_url),
            minutes: (CODE_LIFETIME / 60).to_string(),
            back: PATH,
        }
    }
}

/// The page on which somebody lets an operator help.
#[derive(Template)]
#[template(path = "assistance/own.html")]
pub(super) struct OwnPage {
    page: Page,
    path: &'static str,
    end_path: &'static str,
    code_field: &'static str,
    is_helped: bool,
    is_wrong: bool,
}

impl OwnPage {
    pub(super) fn new(visit: &Visit, is_wrong: bool) -> OwnPage {
        OwnPage {
            page: visit.page(visit.text("assistance-own-title")),
            path: OWN_PATH,
            end_path: OWN_END_PATH,
            code_field: field::COUNTER_CODE,
            is_helped: visit.signed_in.as_ref().is_some_and(|session| session.assistance.is_some()),
            is_wrong,
        }
    }
}

/// What every page says while an operator helps: the text, and where to end it.
pub(crate) fn banner(visit: &Visit) -> Option<(String, &'static str)> {
    let assisting = visit.signed_in.as_ref()?.assistance.as_ref()?;
    let end = if assisting.mode.is_blind() { END_PATH } else { OWN_END_PATH };
    Some((visit.text(&format!("assistance-banner-{}", assisting.mode.name())), end))
}

#[cfg(test)]
mod tests {
    use crate::{i18n::is_translated, survey::Mode};

    #[test]
    fn every_kind_of_help_has_a_banner() {
        for mode in Mode::ALL.into_iter().filter(|mode| *mode != Mode::Alone) {
            assert!(is_translated(&format!("assistance-banner-{}", mode.name())), "{mode:?}");
        }
    }
}
