//! The words of the site: messages from `translations/`, filled with values.

mod italian;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use questionnaires::{Label, Language};
use unic_langid::LanguageIdentifier;

/// The messages of the site, those of the open data and those of the reports.
const ITALIAN: [&str; 3] = [
    include_str!("../translations/it.ftl"),
    include_str!("../translations/open_data_it.ftl"),
    include_str!("../translations/reports_it.ftl"),
];
const ENGLISH: [&str; 3] = [
    include_str!("../translations/en.ftl"),
    include_str!("../translations/open_data_en.ftl"),
    include_str!("../translations/reports_en.ftl"),
];

/// The messages of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// The messages of `language`.
    pub fn new(language: Language) -> Texts {
        let sources = match language {
            Language::It | Language::Ar => ITALIAN,
            Language::En => ENGLISH,
        };
        let locale: LanguageIdentifier = language.tag().parse().expect("a language's tag is a tag");
        let mut bundle = FluentBundle::new(vec![locale]);
        // Directional marks around values would be drawn as boxes in a chart and counted as letters.
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new(source.to_owned())
                .expect("the embedded translations are well formed; a test reads them");
            bundle.add_resource(resource).expect("no message is defined twice; a test reads them");
        }
        Texts { language, bundle }
    }

    /// The language spoken.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message `key`.
    pub fn text(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// The message `key` with its places filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let arguments: FluentArgs = values.iter().map(|(name, value)| (*name, *value)).collect();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// The message `key` about `n` things, singular or plural.
    pub fn count(&self, key: &str, n: u64) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let arguments: FluentArgs = [("n", FluentValue::from(n))].into_iter().collect();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// What time is dedicated to, such as `alla cura della casa` or `to household care`; `None` where the grammar of the
    /// name is not known.
    pub fn to_activity(&self, label: &str) -> Option<String> {
        match self.language {
            Language::It | Language::Ar => italian::to(label),
            Language::En => Some(self.fill("to-activity", &[("activity", &inside_sentence(label))])),
        }
    }

    /// A percentage as the subject of a sentence: `l’8,4%`, `8.4%`.
    pub fn with_article(&self, digits: &str) -> String {
        match self.language {
            Language::It | Language::Ar => italian::with_article(digits),
            Language::En => digits.to_owned(),
        }
    }

    /// A clock time in a sentence: `alle 10:30`, `at 10:30`.
    pub fn at_time(&self, clock: &str) -> String {
        match self.language {
            Language::It | Language::Ar => italian::at_time(clock),
            Language::En => self.fill("at-time", &[("time", clock)]),
        }
    }

    /// A label in this language; the other language's where this one has none.
    pub fn label<'a>(&self, label: &'a Label) -> &'a str {
        let here = label.text(self.language);
        if !here.is_empty() {
            return here;
        }
        Language::COMPLETE
            .into_iter()
            .map(|language| label.text(language))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}

/// A label inside a sentence: its first letter small, unless it begins with an acronym.
pub fn inside_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

/// A label of at most `most` letters: a longer one ends where a word ends, with an ellipsis.
pub fn shortened(label: &str, most: usize) -> String {
    if label.chars().count() <= most {
        return label.to_owned();
    }
    let kept: String = label.chars().take(most).collect();
    let whole = kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', ' ']))
}

/// A sentence or a label with its first letter large.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{comparison, dataset};

    #[test]
    fn a_long_label_ends_where_a_word_ends() {
        assert_eq!(shortened("Cura della casa", 15), "Cura della casa");
        assert_eq!(shortened("Cura della casa, e altro", 17), "Cura della casa…");
    }

    fn keys(sources: [&'static str; 3]) -> BTreeSet<&'static str> {
        sources
            .into_iter()
            .flat_map(str::lines)
            .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(keys(ITALIAN), keys(ENGLISH));
        for language in Language::COMPLETE {
            let texts = Texts::new(language);
            for key in keys(ITALIAN) {
                assert_ne!(texts.text(key), key, "{key} has no text in {language:?}");
            }
        }
    }

    #[test]
    fn every_message_is_used_somewhere() {
        let mut sources = String::new();
        let folders = [
            "src",
            "src/chart",
            "src/edition",
            "src/figure",
            "src/site",
            "src/text",
            "src/opendata",
            "src/opendata/json_stat",
            "src/pdf",
            "templates",
        ];
        for folder in folders {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
                sources.push_str(&std::fs::read_to_string(entry.path()).unwrap());
            }
        }
        for key in keys(ITALIAN) {
            let is_column = key.strip_prefix("data-").is_some_and(|name| {
                dataset::COLUMNS.iter().chain(&comparison::COLUMNS).any(|column| column.replace('_', "-") == name)
            });
            // The names of codes are asked for by the codes that the estimates hold: `opendata::codes` tests them.
            let is_code = key.starts_with("code-") || key.starts_with("definition-");
            assert!(is_column || is_code || sources.contains(&format!("\"{key}\"")), "{key} is never used");
        }
    }

    #[test]
    fn every_key_asked_for_in_a_page_exists() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let template = std::fs::read_to_string(entry.path()).unwrap();
            for call in template.split(".text(\"").skip(1).chain(template.split(".fill(\"").skip(1)) {
                let key = call.split('"').next().unwrap();
                assert!(keys(ITALIAN).contains(key), "{key} in {} has no text", entry.path().display());
            }
        }
    }
}
