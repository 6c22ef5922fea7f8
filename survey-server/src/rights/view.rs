//! What the pages of a person's rights show.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{
    CONFIRMATION_FIELD, CORRECTION_FIELD, CORRECTION_PATH, DOWNLOAD_PATH, ERASURE_PATH, PATH, register,
    store::{Held, Told},
};
use crate::{
    access::session,
    audit::Record,
    database::entity::paradata,
    diary,
    privacy::CONSENT_PATH,
    questionnaire,
    residents::city_user,
    web::{date, layout::Page, visit::Visit},
};

/// Everything that is held about who reads it.
#[derive(Template)]
#[template(path = "rights/data.html")]
pub(super) struct DataPage {
    page: Page,
    facts: Vec<Fact>,
    roles: Vec<String>,
    /// What the register and the sample hold.
    register: Vec<Fact>,
    /// What the person declared of what brings them to the city.
    city_user: Vec<Fact>,
    city_path: &'static str,
    surveys: Vec<SurveyView>,
    record: Vec<RecordView>,
    exports: Vec<Fact>,
    correction_field: &'static str,
    correction_path: &'static str,
    download_path: &'static str,
    erasure_path: &'static str,
    consent_path: &'static str,
    sessions_path: &'static str,
}

/// A name and what belongs to it.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

struct SurveyView {
    title: String,
    parts: Vec<Part>,
}

/// A questionnaire or a day.
struct Part {
    id: String,
    title: String,
    status: String,
    answers: Vec<Fact>,
    /// Where it can still be changed, when it was not handed in.
    edit: Option<String>,
    /// What opens it again, when it was handed in and the survey is open.
    reopen: Option<String>,
}

struct RecordView {
    hour: String,
    who: String,
    what: String,
    why: String,
}

/// The hour of a row of the log.
pub(super) fn to_the_hour(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds.div_euclid(3_600) * 3_600, 0)
}

fn hour(visit: &Visit, seconds: i64) -> String {
    to_the_hour(seconds).map_or_else(String::new, |hour| date::long_instant(&visit.texts, hour))
}

impl DataPage {
    pub(super) fn new(visit: &Visit, held: Held) -> DataPage {
        let mut facts = Vec::new();
        let mut fact = |key: &str, value: String| facts.push(Fact { name: visit.text(key), value });
        if let Some(code) = held.fiscal_code {
            fact("data-fiscal-code", code);
        }
        if let Some(since) = held.known_since {
            fact("data-known-since", date::long_day(&visit.texts, since));
        }
        for consent in &held.consents {
            let day = |seconds| {
                DateTime::from_timestamp(seconds, 0).map_or_else(String::new, |at| date::long_day(&visit.texts, at))
            };
            fact("data-consent-given", day(consent.given_at));
            if let Some(withdrawn_at) = consent.withdrawn_at {
                fact("data-consent-withdrawn", day(withdrawn_at));
            }
        }
        for agreement in &held.agreements {
            fact("data-agreement", format!("{} ({})", agreement.client_id, agreement.claims));
        }
        fact("data-sessions", visit.texts.text_with("data-n-sessions", &[("n", held.sessions.len().into())]));
        let role = |role: &str| visit.text(&format!("role-{role}"));
        DataPage {
            page: visit.page(visit.text("data-title")),
            facts,
            roles: held.grants.iter().map(|grant| role(&grant.role)).collect(),
            register: register::in_words(visit, &held.register),
            city_user: held
                .city_user
                .as_ref()
                .map(|declared| register::city_user_in_words(visit, declared))
                .unwrap_or_default(),
            city_path: city_user::PATH,
            surveys: held.surveys.iter().map(|told| SurveyView::new(visit, told)).collect(),
            record: held.log.iter().map(|row| RecordView::new(visit, row)).collect(),
            exports: held
                .exports
                .iter()
                .map(|row| Fact { name: hour(visit, row.at), value: row.detail.clone() })
                .collect(),
            correction_field: CORRECTION_FIELD,
            correction_path: CORRECTION_PATH,
            download_path: DOWNLOAD_PATH,
            erasure_path: ERASURE_PATH,
            consent_path: CONSENT_PATH,
            sessions_path: session::PATH,
        }
    }
}

impl SurveyView {
    fn new(visit: &Visit, told: &Told) -> SurveyView {
        let language = visit.texts.language;
        let is_open = told.survey.is_open(visit.now);
        let status = |submitted_at: Option<DateTime<Utc>>| match submitted_at {
            Some(instant) => {
                visit.texts.text_with("data-handed-in", &[("date", date::long_day(&visit.texts, instant).into())])
            }
            None => visit.text("data-not-handed-in"),
        };
        let answered = told.responses.iter().filter(|(_, response)| !response.answers.0.is_empty());
        let questionnaires = answered.map(|(instrument, response)| Part {
            id: format!("questionario-{}", instrument.path),
            title: instrument.title.text(language).to_owned(),
            status: status(response.submitted_at),
            answers: questionnaire::answers_in_words(instrument, &response.answers, language)
                .into_iter()
                .map(|(name, value)| Fact { name, value })
                .collect(),
            edit: (is_open && response.submitted_at.is_none())
                .then(|| format!("/questionari/{}/riepilogo", instrument.path)),
            reopen: (is_open && response.submitted_at.is_some()).then(|| format!("questionario:{}", instrument.path)),
        });
        let days = told.diaries.iter().map(|diary| {
            let day = diary.draft.date;
            let spans = diary::spans_in_words(visit, &diary.draft).into_iter();
            let answers = spans.filter(|(_, activity, details)| activity.is_some() || !details.is_empty()).map(
                |(time, activity, details)| {
                    let parts = [activity.unwrap_or_default(), details];
                    let parts = parts.into_iter().filter(|part| !part.is_empty());
                    Fact { name: time, value: parts.collect::<Vec<_>>().join(" · ") }
                },
            );
            let paradata = told
                .paradata
                .get(&day)
                .map(|kept| Fact { name: visit.text("data-paradata"), value: paradata_in_words(visit, kept) });
            let answers = answers.chain(paradata);
            Part {
                id: format!("giornata-{day}"),
                title: date::long_date(&visit.texts, day),
                status: status(diary.submitted_at),
                answers: answers.collect(),
                edit: (is_open && diary.submitted_at.is_none()).then(|| format!("/diario/{day}")),
                reopen: (is_open && diary.submitted_at.is_some()).then(|| format!("giornata:{day}")),
            }
        });
        SurveyView { title: told.survey.title.text(language).to_owned(), parts: questionnaires.chain(days).collect() }
    }
}

fn paradata_in_words(visit: &Visit, kept: &paradata::Model) -> String {
    let minutes = |seconds: i32| ((seconds + 30) / 60).to_string().into();
    let values = [
        ("device", visit.text(&format!("data-device-{}", kept.device)).into()),
        ("edits", kept.n_edits.to_string().into()),
        ("telling", minutes(kept.seconds_telling)),
        ("details", minutes(kept.seconds_details)),
        ("review", minutes(kept.seconds_review)),
    ];
    visit.texts.text_with("data-paradata-values", &values)
}

impl RecordView {
    fn new(visit: &Visit, row: &Record) -> RecordView {
        let who = match (row.actor_kind.as_str(), &row.actor_role) {
            ("citizen", _) => visit.text("data-by-you"),
            ("officer", Some(role)) => {
                let role = visit.text(&format!("role-{role}"));
                visit.texts.text_with("data-by-officer", &[("role", role.into())])
            }
            _ => visit.text("data-by-program"),
        };
        RecordView {
            hour: hour(visit, row.at),
            who,
            what: visit.text(&format!("data-verb-{}", row.verb)),
            // What one did oneself needs no reason.
            why: if row.actor_kind == "citizen" { String::new() } else { row.detail.clone() },
        }
    }
}

/// Before everything is erased.
#[derive(Template)]
#[template(path = "rights/erasure.html")]
pub(super) struct ErasurePage {
    page: Page,
    holds_a_role: bool,
    erasure_path: &'static str,
    confirmation_field: &'static str,
    confirmation_missing: bool,
    back: &'static str,
}

impl ErasurePage {
    pub(super) fn new(visit: &Visit, confirmation_missing: bool) -> ErasurePage {
        ErasurePage {
            page: visit.page(visit.text("erasure-title")),
            holds_a_role: visit.signed_in.as_ref().is_some_and(|session| !session.roles.is_empty()),
            erasure_path: ERASURE_PATH,
            confirmation_field: CONFIRMATION_FIELD,
            confirmation_missing,
            back: PATH,
        }
    }
}

/// The receipt of an erasure.
#[derive(Template)]
#[template(path = "rights/erased.html")]
pub(super) struct ErasedPage {
    page: Page,
    receipt: String,
}

impl ErasedPage {
    pub(super) fn new(mut visit: Visit, receipt: String) -> ErasedPage {
        // Nobody is signed in any more.
        visit.signed_in = None;
        ErasedPage { page: visit.page(visit.text("erased-title")), receipt }
    }
}

#[cfg(test)]
mod tests {
    use crate::{audit::Verb, i18n::is_translated};

    #[test]
    fn every_verb_of_the_log_has_words() {
        for verb in Verb::ALL {
            assert!(is_translated(&format!("data-verb-{}", verb.text())), "{}", verb.text());
        }
    }
}
