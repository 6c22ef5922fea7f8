//! Numbers that texts quote by a name: `{{ care_gap }}`. A name stands for a number of the estimates, or for something that the
//! edition says of itself; nobody types a number that the estimates know.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Unit};
use questionnaires::Language;

use crate::chart::rows::Interval;
use crate::edition::report::NumberPlan;
use crate::figure::Source;
use crate::figure::reading::Reading;
use crate::number;

/// Words by name; or why there are none.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    words: BTreeMap<String, Result<String, String>>,
}

impl Numbers {
    /// The numbers that `plans` name, and those of the edition.
    pub fn of(source: &Source, plans: &BTreeMap<String, NumberPlan>) -> Numbers {
        let texts = source.texts;
        let run = &source.estimates.run;
        let count = |value: u64| number::count(value, texts.language());
        let mut words: BTreeMap<String, Result<String, String>> = [
            ("persons", count(run.n_persons)),
            ("diaries", count(run.n_diaries)),
            ("population", texts.label(&run.population).to_owned()),
            ("survey", texts.label(&run.title).to_owned()),
            ("publisher", texts.label(&source.edition.publisher).to_owned()),
            ("edition", source.edition.number.to_string()),
            ("date", number::date(source.edition.date, texts)),
        ]
        .map(|(name, words)| (name.to_owned(), Ok(words)))
        .into();
        for (name, plan) in plans {
            let told = told(source, name, plan);
            let part = |told: &Result<Told, String>, words: &dyn Fn(&Told) -> String| {
                told.as_ref().map(words).map_err(Clone::clone)
            };
            words.insert(name.clone(), part(&told, &|told| told.value.clone()));
            words.insert(format!("{name}.margin"), part(&told, &|told| told.margin.clone()));
            words.insert(format!("{name}.interval"), part(&told, &|told| told.interval.clone()));
            words.insert(format!("{name}.persons"), part(&told, &|told| told.persons.clone()));
        }
        Numbers { words }
    }

    /// What `name` says, or why it says nothing.
    pub fn named(&self, name: &str) -> Result<&str, &str> {
        match self.words.get(name) {
            Some(words) => words.as_deref().map_err(String::as_str),
            None => Err("unknown"),
        }
    }

    /// `text` with every `{{ name }}` in its words.
    ///
    /// # Errors
    /// When a name is not known, or its number is not published.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                return Err("`{{` begins a number and no `}}` ends it".to_owned());
            };
            filled.push_str(before);
            match self.words.get(name.trim()) {
                Some(Ok(words)) => filled.push_str(words),
                Some(Err(reason)) => return Err(reason.clone()),
                None => return Err(self.unknown(name.trim())),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<&str> = self.words.keys().map(String::as_str).collect();
        format!("no number is called `{name}`; there are {}", known.join(", "))
    }
}

/// A number in words.
struct Told {
    value: String,
    margin: String,
    interval: String,
    persons: String,
}

fn told(source: &Source, name: &str, plan: &NumberPlan) -> Result<Told, String> {
    let row = row_of(source, plan)
        .ok_or_else(|| format!("the estimates have no number that `report.numbers.{name}` describes"))?;
    match Reading::of(row) {
        Reading::Value(interval, _) => Ok(in_words(source, row, interval)),
        Reading::Suppressed => Err(format!("`{name}` is too uncertain in these estimates to be quoted")),
        Reading::Withheld => {
            Err(format!("`{name}` is withheld for secrecy in these estimates, so no text can quote it"))
        }
    }
}

/// The row of the estimates that `plan` describes.
fn row_of<'a>(source: &Source<'a>, plan: &NumberPlan) -> Option<&'a EstimateRow> {
    source.estimates.rows.iter().find(|row| {
        (row.indicator, row.timeline, row.slot) == (plan.indicator, plan.timeline, None)
            && row.activity == plan.activity
            && row.sex == plan.sex
            && row.age_group == plan.age_group
            && row.target_group == plan.target_group
            && row.day == plan.day
    })
}

fn in_words(source: &Source, row: &EstimateRow, interval: Interval) -> Told {
    let texts = source.texts;
    let language = texts.language();
    let euros = |amount: String| match language {
        Language::En => format!("€\u{a0}{amount}"),
        Language::It | Language::Ar => format!("{amount}\u{a0}€"),
    };
    // In a sentence that says "more" the sign of a number that has become less must be seen.
    let signed = |value: f64, words: String| if value.round() < 0.0 { format!("\u{2212}{words}") } else { words };
    let clock = |minutes: f64| {
        let minutes = (minutes.round() as u64 + 4 * 60) % (24 * 60);
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let value = |value: f64| match row.unit {
        Unit::MinutesPerDay | Unit::MinutesPerEpisode => signed(value, number::duration_in_words(value, texts)),
        Unit::Percent => number::percent(value, language),
        Unit::PercentagePoints => signed(value, number::points_in_words(value, texts)),
        Unit::EpisodesPerDay => number::decimal(value, language),
        Unit::MinutesAfterFour => clock(value),
        Unit::EurosPerDay => euros(number::decimal(value, language)),
        Unit::EurosPerYear => euros(number::count(value.round().max(0.0) as u64, language)),
    };
    // An interval may lie on both sides of zero, so its ends keep their signs.
    let end = |end: f64| match row.unit {
        Unit::MinutesPerDay => number::duration(end, texts),
        _ => value(end),
    };
    let margin = match row.unit {
        Unit::MinutesPerDay | Unit::MinutesPerEpisode | Unit::MinutesAfterFour => {
            number::margin_in_words(interval.margin(), texts)
        }
        Unit::Percent | Unit::PercentagePoints => number::points_margin_in_words(interval.margin(), texts),
        _ => texts.fill("margin", &[("margin", &value(interval.margin()))]),
    };
    Told {
        value: value(interval.value),
        margin,
        interval: texts.fill("from-to", &[("low", &end(interval.low)), ("high", &end(interval.high))]),
        persons: number::count(row.n, language),
    }
}
