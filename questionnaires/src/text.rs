//! Labels: one short text per language. Longer pages and messages belong to the packages that show them.

use serde::{Deserialize, Serialize};

/// A language that Tempi speaks. Italian is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Italian.
    #[default]
    It,
    /// English.
    En,
}

impl Language {
    /// All languages, the first one first.
    pub const ALL: [Language; 2] = [Language::It, Language::En];

    /// The language's BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::It => "it",
            Language::En => "en",
        }
    }

    /// The language of a BCP 47 tag; only its first subtag counts (`en-GB` is English).
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

/// A text in every language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Italian.
    pub it: String,
    /// English.
    pub en: String,
}

impl Label {
    /// A label from its two texts.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Label {
        Label { it: it.into(), en: en.into() }
    }

    /// The text in `language`.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::It => &self.it,
            Language::En => &self.en,
        }
    }
}
