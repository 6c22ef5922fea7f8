//! Translated texts: Fluent files per capability, embedded; a missing key is caught by a test, not by a citizen.

use std::{collections::BTreeMap, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use questionnaires::Language;
use unic_langid::LanguageIdentifier;

/// One capability's texts in both languages.
macro_rules! capability {
    ($name:literal) => {
        (
            $name,
            [
                include_str!(concat!("../translations/it/", $name, ".ftl")),
                include_str!(concat!("../translations/en/", $name, ".ftl")),
            ],
        )
    };
}

/// The translation files, one pair per capability.
const CAPABILITIES: &[(&str, [&str; 2])] = &[
    capability!("site"),
    capability!("errors"),
    capability!("access"),
    capability!("federation"),
    capability!("provider"),
    capability!("sessions"),
    capability!("officers"),
    capability!("confirmation"),
    capability!("record"),
    capability!("home"),
    capability!("personal_area"),
    capability!("publication"),
    capability!("date"),
    capability!("privacy"),
    capability!("rights"),
    capability!("questionnaire"),
    capability!("diary"),
    capability!("editor"),
    capability!("household"),
    capability!("residents"),
    capability!("city_user"),
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| [bundle(0), bundle(1)]);

fn bundle(column: usize) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = Language::ALL[column].tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks are invisible characters that end up in copied text and break exact comparisons.
    bundle.set_use_isolating(false);
    for (name, sources) in CAPABILITIES {
        // The files are part of the program; the tests below hold that they parse and that keys are unique.
        let resource = FluentResource::try_new(sources[column].to_owned()).unwrap_or_else(|(partial, errors)| {
            tracing::error!(file = name, ?errors, "translation file does not parse");
            partial
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(file = name, ?errors, "translation key defined twice");
        }
    }
    bundle
}

/// The texts in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Texts {
    /// The language.
    pub language: Language,
}

impl Texts {
    /// The texts in `language`.
    pub fn new(language: Language) -> Texts {
        Texts { language }
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> String {
        self.formatted(key, None)
    }

    /// The text of `key` with its placeholders filled: numbers through [`FluentValue::from`], so that plurals work.
    pub fn text_with(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            values.set(*name, value.clone());
        }
        self.formatted(key, Some(&values))
    }

    /// The texts whose keys begin with `prefix`, for a script that fills the placeholders itself: each is written as its name in
    /// braces, `{start}`.
    pub fn with_names(&self, prefix: &str) -> BTreeMap<&'static str, String> {
        let lines = CAPABILITIES.iter().flat_map(|(_, sources)| sources[self.column()].lines());
        let texts = lines.filter(|line| line.starts_with(prefix)).filter_map(|line| line.split_once(" = "));
        let named = texts.map(|(key, text)| {
            let names: Vec<&str> = text.split("{ $").skip(1).filter_map(|part| part.split(' ').next()).collect();
            let values: Vec<(&str, FluentValue<'_>)> =
                names.into_iter().map(|name| (name, format!("{{{name}}}").into())).collect();
            (key, self.text_with(key, &values))
        });
        named.collect()
    }

    /// Where the language stands in [`CAPABILITIES`].
    fn column(&self) -> usize {
        match self.language {
            Language::It => 0,
            Language::En => 1,
        }
    }

    fn formatted(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = &BUNDLES[self.column()];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "missing translation");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "translation with a placeholder left empty");
        }
        text
    }
}

/// Whether both languages define `key`.
pub fn is_translated(key: &str) -> bool {
    BUNDLES.iter().all(|bundle| bundle.get_message(key).is_some_and(|message| message.value().is_some()))
}

#[cfg(test)]
mod tests;
