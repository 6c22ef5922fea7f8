//! A questionnaire as it is put to people: once, or about each day that they tell.

use std::sync::Arc;

use questionnaires::{Instrument, instrument::Asked};

use crate::{diary::DayType, i18n::Texts};

/// A questionnaire, and the day that it is about, where it is about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The questionnaire, in the version that is asked.
    pub(crate) instrument: Arc<Instrument>,
    day_type: Option<DayType>,
}

impl Asking {
    /// The occasions on which a questionnaire is asked.
    pub(crate) fn all_of(instrument: &Arc<Instrument>) -> Vec<Asking> {
        let of = |day_type| Asking { instrument: Arc::clone(instrument), day_type };
        match instrument.asked {
            Asked::Once => vec![of(None)],
            Asked::AfterEachDay => DayType::ALL.map(Some).map(of).into(),
        }
    }

    /// The same occasion with another version of the questionnaire.
    pub(crate) fn with(&self, instrument: Arc<Instrument>) -> Asking {
        Asking { instrument, day_type: self.day_type }
    }

    /// The occasion that a key names, whether or not the questionnaire is still asked on it.
    pub(crate) fn of_key(key: &str, instrument: Arc<Instrument>) -> Asking {
        Asking { instrument, day_type: key.split_once('.').and_then(|(_, day_type)| DayType::from_key(day_type)) }
    }

    /// The type of the day that it is about.
    pub(crate) fn day_type(&self) -> Option<DayType> {
        self.day_type
    }

    /// The name under which answers are kept: the questionnaire's, such as `household`, or `end_of_day.weekday`.
    pub(crate) fn key(&self) -> String {
        self.with_day_type(&self.instrument.name, ".")
    }

    /// The last part of its address, such as `famiglia` or `fine-giornata.weekday`.
    pub(crate) fn path(&self) -> String {
        self.with_day_type(&self.instrument.path, ".")
    }

    /// The name under which an answer leaves the database: the question's, such as `age`, or `rushed.weekday`.
    pub(crate) fn exported(&self, question: &str) -> String {
        self.with_day_type(question, ".")
    }

    /// Where it is begun or gone on with.
    pub(crate) fn address(&self) -> String {
        format!("/questionari/{}", self.path())
    }

    /// Its title, with the day that it is about.
    pub(crate) fn title(&self, texts: &Texts) -> String {
        let title = self.instrument.title.text(texts.language);
        match self.day_type {
            None => title.to_owned(),
            Some(day_type) => {
                let day = texts.text(&format!("questionnaire-about-{}", day_type.key()));
                texts.text_with("questionnaire-title-of-day", &[("title", title.into()), ("day", day.into())])
            }
        }
    }

    fn with_day_type(&self, text: &str, separator: &str) -> String {
        match self.day_type {
            None => text.to_owned(),
            Some(day_type) => format!("{text}{separator}{}", day_type.key()),
        }
    }
}

/// The questionnaire's name in a key.
pub(crate) fn name_in(key: &str) -> &str {
    key.split_once('.').map_or(key, |(name, _)| name)
}
