//! Labels: one short text per language. Longer pages and messages belong to the packages that show them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

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

/// A text in Italian and in as many other languages as somebody wrote it in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Label {
    /// Italian.
    pub it: String,
    /// English; blank where nobody wrote it.
    pub en: String,
    /// By the tags of other languages.
    others: BTreeMap<String, String>,
}

/// Why texts by language are no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Italian is the language that every other falls back to.
    #[error("the text has no Italian: write `it = \"...\"`")]
    NoItalian,
    /// Not the tag of a language.
    #[error("`{0}` is not the tag of a language such as `it`, `en` or `ar`")]
    BadTag(String),
}

/// Whether `tag` looks like the BCP 47 tag of a language: two or three small letters, and perhaps parts after hyphens.
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl TryFrom<BTreeMap<String, String>> for Label {
    type Error = LabelError;

    fn try_from(mut texts: BTreeMap<String, String>) -> Result<Label, LabelError> {
        let it = texts.remove("it").ok_or(LabelError::NoItalian)?;
        let en = texts.remove("en").unwrap_or_default();
        match texts.keys().find(|tag| !is_language_tag(tag)) {
            Some(tag) => Err(LabelError::BadTag(tag.clone())),
            None => Ok(Label { it, en, others: texts }),
        }
    }
}

impl Serialize for Label {
    /// A map from tags to texts, Italian first; English is left out where it is blank.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.texts())
    }
}

impl Label {
    /// A label from its two usual texts.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Label {
        Label { it: it.into(), en: en.into(), others: BTreeMap::new() }
    }

    /// The same with an Arabic text.
    pub fn with_arabic(mut self, ar: impl Into<String>) -> Label {
        self.write(Language::Ar.tag(), ar);
        self
    }

    /// The text in `language`, or in Italian where nobody wrote it in that language.
    pub fn text(&self, language: Language) -> &str {
        self.written(language.tag()).unwrap_or(&self.it)
    }

    /// The text that somebody wrote in the language of a BCP 47 tag, if somebody did.
    pub fn written(&self, tag: &str) -> Option<&str> {
        let text = match tag {
            "it" => Some(&self.it),
            "en" => Some(&self.en),
            _ => self.others.get(tag),
        };
        text.map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Writes the text in the language of a BCP 47 tag.
    pub fn write(&mut self, tag: &str, text: impl Into<String>) {
        match tag {
            "it" => self.it = text.into(),
            "en" => self.en = text.into(),
            _ => drop(self.others.insert(tag.to_owned(), text.into())),
        }
    }

    /// Tags and texts: Italian, English where there is one, then the others by tag.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let english = Some(("en", self.en.as_str())).filter(|(_, text)| !text.is_empty());
        let others = self.others.iter().map(|(tag, text)| (tag.as_str(), text.as_str()));
        std::iter::once(("it", self.it.as_str())).chain(english).chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_back_to_italian() {
        let mut label = Label::new("Uffici", "");
        assert_eq!(label.text(Language::En), "Uffici");
        label.write("en", "Offices");
        label.write("ro", "Birouri");
        assert_eq!((label.text(Language::En), label.written("ro")), ("Offices", Some("Birouri")));
        assert_eq!(label.written("ar"), None);
        assert_eq!(label.texts().map(|(tag, _)| tag).collect::<Vec<_>>(), ["it", "en", "ro"]);
    }

    #[test]
    fn italian_is_compulsory_and_other_tags_must_be_tags() {
        let read = |text: &str| toml::from_str::<Label>(text).map_err(|error| error.to_string());
        assert_eq!(read("it = 'Sì'").unwrap(), Label::new("Sì", ""));
        assert!(read("en = 'Yes'").unwrap_err().contains("no Italian"));
        assert!(read("it = 'Sì'\nItalian = 'Sì'").unwrap_err().contains("`Italian` is not the tag"));
        let label: Label = toml::from_str("it = 'Sì'\npt-BR = 'Sim'").unwrap();
        assert_eq!(toml::from_str::<Label>(&toml::to_string(&label).unwrap()).unwrap(), label);
    }
}
