//! What is said above the pages of an edition that is not simply the newest one: that it is under embargo, that it is a
//! draft, that another has taken its place. Editions are files that never change, so it is added when they are sent.

use askama::Template;
use chrono::{DateTime, Utc};
use questionnaires::Language;

use crate::{i18n::Texts, web::date};

/// A box above everything else of a page.
#[derive(Template)]
#[template(path = "publication/notice.html")]
struct Notice {
    label: String,
    text: String,
    link: Option<(String, String)>,
    language: &'static str,
}

impl Notice {
    fn new(texts: &Texts, text: String, link: Option<(String, String)>) -> Notice {
        Notice { label: texts.text("notice-label"), text, link, language: texts.language.tag() }
    }
}

/// That edition `newest` has taken the place of edition `number`.
pub(crate) fn superseded(language: Language, number: u32, newest: u32) -> Result<String, askama::Error> {
    let texts = Texts::new(language);
    let numbers = [("number", number.to_string().into()), ("newest", newest.to_string().into())];
    let newest = match language {
        Language::En => "/risultati/en/edition.html",
        Language::It | Language::Ar => "/risultati/edizione.html",
    };
    let link = (newest.to_owned(), texts.text("notice-superseded-link"));
    Notice::new(&texts, texts.text_with("notice-superseded", &numbers), Some(link)).render()
}

/// That an edition is under embargo until then; `back` leads to the office.
pub(crate) fn embargo(language: Language, until: DateTime<Utc>, back: &str) -> Result<String, askama::Error> {
    let texts = Texts::new(language);
    let until = [("date", date::long_instant(&texts, until).into())];
    let link = (back.to_owned(), texts.text("notice-back"));
    Notice::new(&texts, texts.text_with("notice-embargo", &until), Some(link)).render()
}

/// That it is a draft, which nobody has approved; `back` leads to the office.
pub(crate) fn draft(language: Language, back: &str) -> Result<String, askama::Error> {
    let texts = Texts::new(language);
    let link = (back.to_owned(), texts.text("notice-back"));
    Notice::new(&texts, texts.text("notice-draft"), Some(link)).render()
}
