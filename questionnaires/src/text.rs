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
    /// Arabic, for those who take part: the pages of officers and the publications are not in it.
    Ar,
}

impl Language {
    /// All languages, the first one first.
    pub const ALL: [Language; 3] = [Language::It, Language::En, Language::Ar];

    /// The languages in which every text exists. The others have what people who take part see, and Italian for the rest.
    pub const COMPLETE: [Language; 2] = [Language::It, Language::En];

    /// The language's BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::It => "it",
            Language::En => "en",
            Language::Ar => "ar",
        }
    }

    /// The direction of its script, as in `<html dir>`.
    pub fn direction(self) -> &'static str {
        match self {
            Language::It | Language::En => "ltr",
            Language::Ar => "rtl",
        }
    }

    /// What those who speak it call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::It => "Italiano",
            Language::En => "English",
            Language::Ar => "العربية",
        }
    }

    /// The language of a BCP 47 tag; only its first subtag counts (`en-GB` is English).
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split('-').next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

/// A text in every complete language, and perhaps in others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Italian.
    pub it: String,
    /// English.
    pub en: String,
    /// Arabic, where somebody translated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ar: Option<String>,
}

impl Label {
    /// A label from its two complete texts.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Label {
        Label { it: it.into(), en: en.into(), ar: None }
    }

    /// The same with an Arabic text.
    pub fn with_arabic(self, ar: impl Into<String>) -> Label {
        Label { ar: Some(ar.into()), ..self }
    }

    /// The text in `language`; in Italian where it has none in that one.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::It => &self.it,
            Language::En => &self.en,
            Language::Ar => self.ar.as_deref().unwrap_or(&self.it),
        }
    }
}
