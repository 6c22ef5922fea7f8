//! What the pages of the record show.

use askama::Template;
use chrono::{DateTime, NaiveDate};

use super::{
    form::{Filter, field},
    routes::{PATH, VERIFY_PATH},
    store::PAGE,
};
use crate::{
    audit::{Flaw, Record, Verb, Verified},
    i18n::is_translated,
    web::{date, layout::Page, visit::Visit},
};

/// Part of the record.
#[derive(Template)]
#[template(path = "record/record.html")]
pub(super) struct RecordPage {
    page: Page,
    rows: Vec<Row>,
    older: Option<String>,
    kinds: Vec<Kind>,
    from: String,
    to: String,
    names: Names,
    path: &'static str,
    verify_path: &'static str,
}

struct Names {
    kind: &'static str,
    from: &'static str,
    to: &'static str,
}

struct Row {
    sequence: i64,
    what: String,
    when: String,
    who: String,
    subject: Option<String>,
    detail: String,
}

struct Kind {
    value: &'static str,
    text: String,
    is_chosen: bool,
}

impl RecordPage {
    pub(super) fn new(visit: &Visit, filter: &Filter, mut records: Vec<Record>) -> RecordPage {
        let has_more = records.len() > PAGE;
        records.truncate(PAGE);
        let older = records.last().filter(|_| has_more).map(|last| filter.query_before(last.sequence));
        let kind = |verb: &Verb| Kind {
            value: verb.text(),
            text: visit.text(&verb_key(verb.text())),
            is_chosen: filter.verb == Some(*verb),
        };
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        RecordPage {
            page: visit.page(visit.text("record-title")),
            rows: records.into_iter().map(|record| row(visit, record)).collect(),
            older,
            kinds: Verb::ALL.iter().map(kind).collect(),
            from: date(filter.from),
            to: date(filter.to),
            names: Names { kind: field::KIND, from: field::FROM, to: field::TO },
            path: PATH,
            verify_path: VERIFY_PATH,
        }
    }
}

fn verb_key(verb: &str) -> String {
    format!("data-verb-{verb}")
}

fn row(visit: &Visit, record: Record) -> Row {
    let key = verb_key(&record.verb);
    let when = DateTime::from_timestamp(record.at, 0).map(|instant| date::long_instant(&visit.texts, instant));
    let actor = [("actor", record.actor.as_str().into())];
    let who = match (record.actor_kind.as_str(), &record.actor_role) {
        ("system", _) => visit.texts.text_with("record-actor-system", &actor),
        ("officer", Some(role)) => {
            let role = visit.text(&format!("role-{role}"));
            let details = [("role", role.into()), ("actor", record.actor.as_str().into())];
            visit.texts.text_with("record-actor-officer", &details)
        }
        _ => visit.texts.text_with("record-actor-citizen", &actor),
    };
    Row {
        sequence: record.sequence,
        // A kind that a later version wrote is shown by its name.
        what: if is_translated(&key) { visit.text(&key) } else { record.verb },
        when: when.unwrap_or_default(),
        who,
        subject: record.subject.filter(|subject| *subject != record.actor),
        detail: record.detail,
    }
}

/// The verdict on the chain.
#[derive(Template)]
#[template(path = "record/verdict.html")]
pub(super) struct VerdictPage {
    page: Page,
    is_intact: bool,
    text: String,
    head: Option<String>,
    path: &'static str,
}

impl VerdictPage {
    pub(super) fn new(visit: &Visit, verdict: &Result<Verified, (i64, Flaw)>) -> VerdictPage {
        let text = match verdict {
            Ok(verified) => {
                let counts = [
                    ("rows", verified.n_rows.to_string().into()),
                    ("archived", verified.n_archived.to_string().into()),
                ];
                visit.texts.text_with("record-intact", &counts)
            }
            Err((sequence, flaw)) => visit.texts.text_with(flaw_key(*flaw), &[("row", sequence.to_string().into())]),
        };
        VerdictPage {
            page: visit.page(visit.text("record-verdict-title")),
            is_intact: verdict.is_ok(),
            text,
            head: verdict.as_ref().ok().map(|verified| verified.head.to_string()),
            path: PATH,
        }
    }
}

fn flaw_key(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Changed => "record-flaw-changed",
        Flaw::Gap => "record-flaw-gap",
        Flaw::Archived => "record-flaw-archived",
        Flaw::NotTheHead => "record-flaw-head",
        Flaw::Unauthenticated => "record-flaw-key",
        Flaw::ExpectedMissing => "record-flaw-noted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_and_flaw_has_words() {
        for verb in Verb::ALL {
            assert!(is_translated(&verb_key(verb.text())), "{verb:?}");
        }
        for flaw in
            [Flaw::Changed, Flaw::Gap, Flaw::Archived, Flaw::NotTheHead, Flaw::Unauthenticated, Flaw::ExpectedMissing]
        {
            assert!(is_translated(flaw_key(flaw)), "{flaw:?}");
        }
    }
}
