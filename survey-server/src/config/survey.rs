//! The survey that people take part in.

use chrono::NaiveDate;
use questionnaires::Label;

use super::{ConfigError, Key, values::Values};
use crate::survey::SurveyConfig;

/// The keys of this section.
pub(super) const KEYS: &[Key] = &[
    ("survey.name", "the survey's name: small letters, digits and hyphens; a new name begins a new survey"),
    ("survey.title", "the survey's title in Italian"),
    ("survey.title_en", "the survey's title in English"),
    ("survey.opens", "the first day on which people can take part, as 2026-11-02"),
    ("survey.closes", "the last day on which people can take part, as 2026-12-20"),
];

impl SurveyConfig {
    pub(super) fn read(values: &Values) -> Result<SurveyConfig, ConfigError> {
        let usual = SurveyConfig::default();
        let name = values.optional("survey.name").unwrap_or(&usual.name);
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || name.len() > 40 || !name.bytes().all(is_plain) {
            return Err(values.invalid("survey.name", "1 to 40 small letters, digits and hyphens"));
        }
        let date = |key: &'static str| -> Result<Option<NaiveDate>, ConfigError> {
            let Some(value) = values.optional(key) else { return Ok(None) };
            value.parse().map(Some).map_err(|_| values.invalid(key, "a date, as 2026-11-02"))
        };
        let (opens, closes) = (date("survey.opens")?, date("survey.closes")?);
        if opens.zip(closes).is_some_and(|(opens, closes)| closes < opens) {
            return Err(values.invalid("survey.closes", "a date not before survey.opens"));
        }
        let title = values.optional("survey.title").unwrap_or(&usual.title.it);
        let title_en = values.optional("survey.title_en").unwrap_or(&usual.title.en);
        Ok(SurveyConfig { name: name.to_owned(), title: Label::new(title, title_en), opens, closes })
    }
}
