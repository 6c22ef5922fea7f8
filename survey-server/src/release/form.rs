//! The forms of the desk: what a release is, when it comes out, why it is returned. A definition becomes the two files that
//! `tempi analyse` and `tempi publish` read, so that the command line can repeat whatever the desk has made.

mod decision;

use chrono::{DateTime, Utc};
use questionnaires::target_group;
use toml::{Table, Value, value::Datetime};

use self::decision::read_hour;
pub(super) use self::decision::{TypedHour, reason};
use super::asked::{AskedQuestionnaire, typed_questions, unknown_questions};
use crate::{clock::italian_time, confirmation::names_somebody, web::form::Fields};

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const TITLE: &str = "titolo";
    pub(crate) const AGES: &str = "eta";
    pub(crate) const GROUPS: &str = "gruppi";
    pub(crate) const ZONES: &str = "zone";
    pub(crate) const ANSWERS: &str = "risposte";
    pub(crate) const LEFT_QUESTIONNAIRES: &str = "senza-questionari";
    pub(crate) const LEFT_QUESTIONS: &str = "senza-domande";
    pub(crate) const TIMELINES: &str = "linee";
    pub(crate) const MEASURES: &str = "misure";
    pub(crate) const TOTALS: &str = "totali";
    pub(crate) const MARGINS: &str = "margini";
    pub(crate) const MINIMUM: &str = "soglia";
    pub(crate) const LARGEST: &str = "maggiori";
    pub(crate) const SHARE: &str = "quota";
    pub(crate) const AUTHOR: &str = "autore";
    pub(crate) const CONTACT: &str = "contatto";
    pub(crate) const LICENCE: &str = "licenza";
    pub(crate) const POLICY: &str = "correzioni";
    pub(crate) const SECTION: &str = "sezione-";
    pub(crate) const CORRECTS: &str = "corregge";
    pub(crate) const WHAT: &str = "errore";
    pub(crate) const WHAT_EN: &str = "errore-en";
    pub(crate) const WHY: &str = "perche";
    pub(crate) const WHY_EN: &str = "perche-en";
    pub(crate) const NEXT_DATE: &str = "prossima-data";
    pub(crate) const NEXT_TIME: &str = "prossima-ora";
    pub(crate) const NEXT_WHAT: &str = "prossima";
    pub(crate) const NEXT_WHAT_EN: &str = "prossima-en";
    pub(crate) const DATE: &str = "data";
    pub(crate) const TIME: &str = "ora";
    pub(crate) const REASON: &str = "motivo";
}

/// The timelines beside the main activity, as plans name them.
pub(super) const TIMELINES: [&str; 5] = ["any", "with_whom", "location", "device", "derived"];

/// The families of measures, as plans name them.
pub(super) const MEASURES: [&str; 6] =
    ["tempogram", "gap_ratios", "standardised_gaps", "episodes", "shared_time", "time_poverty"];

/// The sections of the site, as editions name them.
pub(super) const SECTIONS: [&str; 6] = ["activities", "gap", "day", "themes", "groups", "needs"];

/// Whether zones have numbers of their own: as the number of respondents decides, or as it is said.
pub(super) const ZONES: [&str; 3] = ["rule", YES, NO];

/// Whether answers to questionnaires are published.
pub(super) const ANSWERS: [&str; 2] = [YES, NO];

/// The licences that may be chosen.
pub(super) const LICENCES: [&str; 4] = ["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "IODL-2.0"];

/// Where known totals come from.
pub(super) const TOTALS: [&str; 3] = ["none", "register", "typed"];

/// A ticked box.
pub(super) const YES: &str = "si";

/// A choice against.
const NO: &str = "no";

/// The longest line that may be typed, in characters.
pub(super) const LONGEST_LINE: usize = 200;

/// The longest text that may be typed, in characters.
pub(super) const LONGEST_TEXT: usize = 1_000;

/// The most known totals that fit into a form, in bytes.
pub(super) const LONGEST_MARGINS: usize = 24_000;

/// The most names of questions that may be typed, in bytes.
pub(super) const LONGEST_QUESTIONS: usize = 4_000;

/// The key of the words about names that no question has; they name them.
pub(super) const WRONG_QUESTIONS: &str = "release-wrong-questions";

/// The highest minimum that makes sense, persons.
const HIGHEST_MINIMUM: u64 = 1_000;

/// A field that cannot be taken, and the key of what is wrong with it.
pub(super) type Wrong = (&'static str, &'static str);

/// A release as it was typed: the pairs of the form, without its token.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct TypedRelease(pub(super) Vec<(String, String)>);

/// What a definition is to be read against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    /// The fewest persons that the city allows.
    pub(super) minimum: u64,
    /// Whose results they are.
    pub(super) publisher: &'a str,
    /// Where the newest edition is found.
    pub(super) address: &'a str,
    /// The number that the next edition will have.
    pub(super) number: u32,
    /// Whether there is an edition that can be corrected.
    pub(super) has_previous: bool,
    /// The questionnaires of the installation.
    pub(super) asked: &'a [AskedQuestionnaire],
    pub(super) now: DateTime<Utc>,
}

/// A release that can be computed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Defined {
    pub(super) title: String,
    /// `release.toml`
    pub(super) plan: String,
    /// `edition.toml`
    pub(super) edition: String,
    /// `margins.csv`
    pub(super) margins: Option<String>,
}

impl TypedRelease {
    pub(super) fn of(fields: &Fields, token_field: &str) -> TypedRelease {
        let pairs = fields.pairs().filter(|(name, _)| *name != token_field);
        TypedRelease(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// A new release: everything that needs no further table, for every group.
    pub(super) fn usual(minimum: u64) -> TypedRelease {
        let mut pairs: Vec<(String, String)> = vec![
            (field::AGES.to_owned(), YES.to_owned()),
            (field::TOTALS.to_owned(), TOTALS[0].to_owned()),
            (field::MINIMUM.to_owned(), minimum.to_string()),
            (field::LICENCE.to_owned(), LICENCES[0].to_owned()),
        ];
        let many = |name: &str, values: &[&str]| -> Vec<(String, String)> {
            values.iter().map(|value| (name.to_owned(), (*value).to_owned())).collect()
        };
        let groups: Vec<&str> = target_group::all().iter().map(|group| group.name.as_str()).collect();
        pairs.extend(many(field::GROUPS, &groups));
        pairs.extend(many(field::TIMELINES, &TIMELINES));
        pairs.extend(many(field::MEASURES, &MEASURES));
        for (place, section) in SECTIONS.iter().enumerate() {
            pairs.push((format!("{}{section}", field::SECTION), (place + 1).to_string()));
        }
        TypedRelease(pairs).completed()
    }

    /// With what a definition does not say that was stored before zones and answers could be chosen: as if left to the rule.
    pub(super) fn completed(mut self) -> TypedRelease {
        let needs = format!("{}needs", field::SECTION);
        let is_said = |name: &str| self.0.iter().any(|(known, _)| known == name);
        let said = [(field::ZONES, ZONES[0]), (field::ANSWERS, YES), (&needs, "6")];
        let unsaid = said.into_iter().filter(|(name, _)| !is_said(name));
        let unsaid: Vec<(String, String)> = unsaid.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.0.extend(unsaid);
        self
    }

    pub(super) fn fields(&self) -> Fields {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The release, or everything that is wrong.
    pub(super) fn read(&self, setting: &Setting) -> Result<Defined, Vec<Wrong>> {
        let fields = self.fields();
        let mut wrong = Vec::new();
        let title = line(&fields, field::TITLE, &mut wrong);
        if title.as_deref().is_none_or(|title| title.chars().count() < 3) {
            wrong.push((field::TITLE, "release-wrong-title"));
        }
        if title.as_deref().is_some_and(names_somebody) {
            wrong.push((field::TITLE, "acts-wrong-reason-names"));
        }
        let (plan, margins) = plan(&fields, setting, &mut wrong);
        let edition = edition(&fields, setting, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Defined { title: title.unwrap_or_default(), plan: plan.to_string(), edition: edition.to_string(), margins })
    }
}

/// What is computed, with the paths that the desk gives everything.
fn plan(fields: &Fields, setting: &Setting, wrong: &mut Vec<Wrong>) -> (Table, Option<String>) {
    let mut domains = Table::new();
    domains.insert("age_groups".to_owned(), fields.has(field::AGES, YES).into());
    let groups: Vec<&str> = target_group::all().iter().map(|group| group.name.as_str()).collect();
    domains.insert("target_groups".to_owned(), chosen(fields, field::GROUPS, &groups, wrong));
    match fields.text(field::ZONES) {
        Some(YES) => drop(domains.insert("zones".to_owned(), true.into())),
        Some(NO) => drop(domains.insert("zones".to_owned(), false.into())),
        None | Some("rule") => {}
        Some(_) => wrong.push((field::ZONES, "release-wrong-choice")),
    }
    let mut measures = Table::new();
    measures.insert("timelines".to_owned(), chosen(fields, field::TIMELINES, &TIMELINES, wrong));
    measures.insert("measures".to_owned(), chosen(fields, field::MEASURES, &MEASURES, wrong));
    let mut weights = Table::new();
    let mut margins = None;
    match fields.text(field::TOTALS) {
        Some("register") => drop(weights.insert("margins".to_owned(), "work/margins.csv".into())),
        Some("typed") => match fields.text(field::MARGINS) {
            Some(text) if text.len() > LONGEST_MARGINS => wrong.push((field::MARGINS, "release-wrong-margins-long")),
            Some(text) if is_margins(text) => {
                weights.insert("margins".to_owned(), "margins.csv".into());
                margins = Some(format!("{}\n", text.replace("\r\n", "\n").trim_end()));
            }
            _ => wrong.push((field::MARGINS, "release-wrong-margins")),
        },
        Some("none") => {}
        _ => wrong.push((field::TOTALS, "release-wrong-choice")),
    }
    let mut secrecy = Table::new();
    let minimum = fields.text(field::MINIMUM).and_then(|text| text.parse::<u64>().ok());
    match minimum.filter(|minimum| (setting.minimum..=HIGHEST_MINIMUM).contains(minimum)) {
        Some(minimum) => drop(secrecy.insert("minimum_frequency".to_owned(), Value::Integer(minimum.cast_signed()))),
        None => wrong.push((field::MINIMUM, "release-wrong-minimum")),
    }
    secrecy.insert("history".to_owned(), "work/history.json".into());
    if fields.text(field::LARGEST).is_some() || fields.text(field::SHARE).is_some() {
        let largest = fields.text(field::LARGEST).and_then(|text| text.parse::<i64>().ok());
        let share = fields.text(field::SHARE).and_then(|text| text.parse::<u32>().ok());
        match (largest.filter(|n| (1..=10).contains(n)), share.filter(|k| (1..=100).contains(k))) {
            (Some(n), Some(k)) => {
                let dominance: Table =
                    [("n".to_owned(), Value::Integer(n)), ("k".to_owned(), Value::Float(f64::from(k)))]
                        .into_iter()
                        .collect();
                secrecy.insert("dominance".to_owned(), Value::Table(dominance));
            }
            (None, _) => wrong.push((field::LARGEST, "release-wrong-largest")),
            (_, None) => wrong.push((field::SHARE, "release-wrong-share")),
        }
    }
    let mut plan = Table::new();
    plan.insert("snapshot".to_owned(), "work/snapshot".into());
    plan.insert("output".to_owned(), "work/estimates".into());
    let answers = answers(fields, setting.asked, wrong);
    for (name, table) in
        [("weights", weights), ("domains", domains), ("measures", measures), ("answers", answers), ("secrecy", secrecy)]
    {
        plan.insert(name.to_owned(), Value::Table(table));
    }
    (plan, margins)
}

/// Which answers to questionnaires are told.
fn answers(fields: &Fields, asked: &[AskedQuestionnaire], wrong: &mut Vec<Wrong>) -> Table {
    let mut answers = Table::new();
    match fields.text(field::ANSWERS) {
        None | Some(YES) => drop(answers.insert("publish".to_owned(), true.into())),
        Some(NO) => drop(answers.insert("publish".to_owned(), false.into())),
        Some(_) => wrong.push((field::ANSWERS, "release-wrong-choice")),
    }
    let names: Vec<&str> = asked.iter().map(|one| one.name.as_str()).collect();
    let mut left_out = chosen(fields, field::LEFT_QUESTIONNAIRES, &names, wrong);
    if fields.text(field::LEFT_QUESTIONS).is_some_and(|text| text.len() > LONGEST_QUESTIONS) {
        wrong.push((field::LEFT_QUESTIONS, "release-wrong-long"));
    } else if !unknown_questions(fields, asked).is_empty() {
        wrong.push((field::LEFT_QUESTIONS, WRONG_QUESTIONS));
    }
    if let Value::Array(left_out) = &mut left_out {
        left_out.extend(typed_questions(fields).into_iter().map(Value::from));
    }
    answers.insert("leave_out".to_owned(), left_out);
    answers
}

/// What the edition says of itself, as a draft: its number and day are those it would have now.
fn edition(fields: &Fields, setting: &Setting, wrong: &mut Vec<Wrong>) -> Table {
    let mut edition = Table::new();
    edition.insert("number".to_owned(), Value::Integer(i64::from(setting.number)));
    edition.insert("publisher".to_owned(), setting.publisher.into());
    edition.insert("address".to_owned(), setting.address.into());
    put_date(&mut edition, "date", &italian_time(setting.now).date().to_string());
    for (key, name) in [("author", field::AUTHOR), ("contact", field::CONTACT)] {
        if let Some(text) = line(fields, name, wrong) {
            edition.insert(key.to_owned(), text.into());
        }
    }
    match fields.text(field::LICENCE) {
        Some(licence) if LICENCES.contains(&licence) => drop(edition.insert("licence".to_owned(), licence.into())),
        _ => wrong.push((field::LICENCE, "release-wrong-choice")),
    }
    if let Some(policy) = long(fields, field::POLICY, wrong) {
        edition.insert("corrections".to_owned(), policy.into());
    }
    edition.insert("sections".to_owned(), sections(fields, wrong));
    if fields.has(field::CORRECTS, YES) {
        if !setting.has_previous {
            wrong.push((field::CORRECTS, "release-wrong-corrects"));
        }
        let mut correction = Table::new();
        for (key, it, en) in [("what", field::WHAT, field::WHAT_EN), ("why", field::WHY, field::WHY_EN)] {
            match (long(fields, it, wrong), long(fields, en, wrong)) {
                (Some(it), en) => drop(correction.insert(key.to_owned(), label(it, en))),
                (None, _) => wrong.push((it, "release-wrong-correction")),
            }
        }
        edition.insert("correction".to_owned(), Value::Table(correction));
    }
    let next = [field::NEXT_DATE, field::NEXT_TIME, field::NEXT_WHAT].map(|name| fields.text(name));
    if next.iter().any(Option::is_some) {
        let at = read_hour(next[0], next[1]).filter(|at| *at > setting.now);
        let what = line(fields, field::NEXT_WHAT, wrong);
        match (at, what) {
            (Some(at), Some(what)) => {
                let mut planned = Table::new();
                put_date(&mut planned, "at", &with_offset(at));
                planned.insert("what".to_owned(), label(what, line(fields, field::NEXT_WHAT_EN, wrong)));
                edition.insert("calendar".to_owned(), Value::Array(vec![Value::Table(planned)]));
            }
            (None, _) => wrong.push((field::NEXT_DATE, "release-wrong-next")),
            (_, None) => wrong.push((field::NEXT_WHAT, "release-wrong-next-what")),
        }
    }
    edition
}

/// The edition of a draft with the number and hour that were approved.
pub(super) fn approved_edition(draft: &str, number: u32, embargo: DateTime<Utc>) -> Option<String> {
    let mut edition: Table = draft.parse().ok()?;
    edition.remove("date");
    edition.insert("number".to_owned(), Value::Integer(i64::from(number)));
    put_date(&mut edition, "embargo", &with_offset(embargo));
    Some(edition.to_string())
}

/// The sections that have a place, by it; who gives two the same place gets them in their usual order.
fn sections(fields: &Fields, wrong: &mut Vec<Wrong>) -> Value {
    let mut places = Vec::new();
    for (usual, section) in SECTIONS.iter().enumerate() {
        let name = format!("{}{section}", field::SECTION);
        let Some(text) = fields.text(&name) else { continue };
        match text.parse::<u8>() {
            Ok(place) if (1..=9).contains(&place) => places.push((place, usual, *section)),
            _ => wrong.push((field::SECTION, "release-wrong-section")),
        }
    }
    if places.is_empty() {
        wrong.push((field::SECTION, "release-wrong-section"));
    }
    places.sort_unstable();
    Value::Array(places.into_iter().map(|(_, _, section)| section.into()).collect())
}

fn chosen(fields: &Fields, name: &'static str, known: &[&str], wrong: &mut Vec<Wrong>) -> Value {
    if fields.all(name).any(|value| !known.contains(&value)) {
        wrong.push((name, "release-wrong-choice"));
    }
    let chosen = known.iter().filter(|value| fields.has(name, value));
    Value::Array(chosen.map(|value| Value::from(*value)).collect())
}

/// Whether a text looks like known totals: one of the two headers, and lines of as many columns.
fn is_margins(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let header = lines.next().unwrap_or_default().replace(' ', "");
    let columns = match header.as_str() {
        "sex,age_group,population" | "margin,category,total" => 3,
        _ => return false,
    };
    let mut n_lines = 0;
    lines.all(|line| {
        n_lines += 1;
        line.split(',').count() == columns
    }) && n_lines > 0
}

fn line(fields: &Fields, name: &'static str, wrong: &mut Vec<Wrong>) -> Option<String> {
    bounded(fields, name, LONGEST_LINE, wrong)
}

fn long(fields: &Fields, name: &'static str, wrong: &mut Vec<Wrong>) -> Option<String> {
    bounded(fields, name, LONGEST_TEXT, wrong)
}

fn bounded(fields: &Fields, name: &'static str, most: usize, wrong: &mut Vec<Wrong>) -> Option<String> {
    let text = fields.text(name)?;
    if text.chars().count() > most {
        wrong.push((name, "release-wrong-long"));
    }
    // Control characters have no place in pages, feeds and calendars.
    Some(text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect())
}

fn label(it: String, en: Option<String>) -> Value {
    let en = en.unwrap_or_else(|| it.clone());
    Value::Table([("it".to_owned(), it.into()), ("en".to_owned(), en.into())].into_iter().collect())
}

fn put_date(table: &mut Table, key: &str, text: &str) {
    if let Ok(date) = text.parse::<Datetime>() {
        table.insert(key.to_owned(), Value::Datetime(date));
    }
}

/// An instant with the offset of Italy, to the minute.
fn with_offset(instant: DateTime<Utc>) -> String {
    let local = italian_time(instant);
    let hours = (local - instant.naive_utc()).num_hours();
    format!("{}:00+{hours:02}:00", local.format("%Y-%m-%dT%H:%M"))
}

#[cfg(test)]
mod tests;
