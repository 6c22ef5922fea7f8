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

/// One capability's texts in Arabic.
macro_rules! arabic {
    ($name:literal) => {
        ($name, include_str!(concat!("../translations/ar/", $name, ".ftl")))
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
    capability!("assistance"),
    capability!("paper"),
    capability!("confirmation"),
    capability!("record"),
    capability!("release"),
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

/// What people who take part see, in Arabic. Where a key is not here the Italian text stands in; pages of officers are Italian
/// as a whole.
const ARABIC: &[(&str, &str)] = &[
    arabic!("site"),
    arabic!("errors"),
    arabic!("access"),
    arabic!("federation"),
    arabic!("provider"),
    arabic!("sessions"),
    arabic!("officers"),
    arabic!("assistance"),
    arabic!("home"),
    arabic!("personal_area"),
    arabic!("publication"),
    arabic!("date"),
    arabic!("privacy"),
    arabic!("rights"),
    arabic!("questionnaire"),
    arabic!("diary"),
    arabic!("residents"),
    arabic!("city_user"),
    arabic!("household"),
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 3]> = LazyLock::new(|| Language::ALL.map(bundle));

/// The translation files of a language, by capability.
fn sources(language: Language) -> Vec<(&'static str, &'static str)> {
    match language {
        Language::It => CAPABILITIES.iter().map(|(name, [italian, _])| (*name, *italian)).collect(),
        Language::En => CAPABILITIES.iter().map(|(name, [_, english])| (*name, *english)).collect(),
        Language::Ar => ARABIC.to_vec(),
    }
}

fn bundle_of(language: Language) -> &'static FluentBundle<FluentResource> {
    match language {
        Language::It => &BUNDLES[0],
        Language::En => &BUNDLES[1],
        Language::Ar => &BUNDLES[2],
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks are invisible characters that end up in copied text and break exact comparisons. From right to left a
    // time or a name would be torn apart without them.
    bundle.set_use_isolating(language.direction() == "rtl");
    for (name, source) in sources(language) {
        // The files are part of the program; the tests below hold that they parse and that keys are unique.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, errors)| {
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
        // The names are the same in every language, and Italian has every key.
        let lines = CAPABILITIES.iter().flat_map(|(_, [italian, _])| italian.lines());
        let texts = lines.filter(|line| line.starts_with(prefix)).filter_map(|line| line.split_once(" = "));
        let named = texts.map(|(key, text)| {
            let names: Vec<&str> = text.split("{ $").skip(1).filter_map(|part| part.split(' ').next()).collect();
            let values: Vec<(&str, FluentValue<'_>)> =
                names.into_iter().map(|name| (name, format!("{{{name}}}").into())).collect();
            (key, self.text_with(key, &values))
        });
        named.collect()
    }

    fn formatted(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = bundle_of(self.language);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            if !Language::COMPLETE.contains(&self.language) {
                return isolated(&Texts::default().formatted(key, arguments));
            }
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

/// A text in another script, so marked that its order does not disturb that of the text around it (Unicode Standard
/// Annex 9, first strong isolate).
fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

/// Whether the complete languages define `key`.
pub fn is_translated(key: &str) -> bool {
    let defines = |language| bundle_of(language).get_message(key).is_some_and(|message| message.value().is_some());
    Language::COMPLETE.into_iter().all(defines)
}

#[cfg(test)]
mod readability;
#[cfg(test)]
mod tests;
