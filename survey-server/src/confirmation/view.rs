//! What the pages of dangerous acts show.

use askama::Template;

use super::{
    DangerousAct, Request, State,
    form::{DELETE_SURVEY, OPEN_IDENTITY, REASON_LENGTH, TypedRequest, Wrong, field},
    routes::{CONFIRM_PATH, EXECUTE_PATH, PATH, REFUSE_PATH},
    store::Outcome,
};
use crate::{
    survey::Survey,
    web::{date, field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// Every request of late, and the form for a new one.
#[derive(Template)]
#[template(path = "confirmation/acts.html")]
pub(super) struct ActsPage {
    page: Page,
    errors: Vec<FieldErrorView>,
    open: Vec<RequestView>,
    closed: Vec<RequestView>,
    kinds: Vec<KindChoice>,
    kind_error: Option<String>,
    participant: String,
    participant_error: Option<String>,
    reason: String,
    reason_error: Option<String>,
    longest_reason: usize,
    paths: Paths,
    names: Names,
}

struct Paths {
    ask: &'static str,
    refuse: &'static str,
}

struct Names {
    kind: &'static str,
    participant: &'static str,
    reason: &'static str,
    request: &'static str,
}

struct RequestView {
    act_id: String,
    title: String,
    reason: String,
    asked: String,
    state: String,
    /// The step that whoever looks may take: where, and what the button says.
    step: Option<(&'static str, String)>,
    refuse: String,
}

struct KindChoice {
    value: String,
    id: String,
    text: String,
    is_chosen: bool,
}

impl ActsPage {
    /// The page as the administrator with the pseudonym `own` sees it.
    pub(super) fn new(
        visit: &Visit,
        own: &str,
        requests: &[Request],
        surveys: &[Survey],
        typed: TypedRequest,
        wrong: &[Wrong],
    ) -> ActsPage {
        let is_open = |request: &&Request| matches!(request.state, State::Asked { .. } | State::Confirmed { .. });
        let (open, closed): (Vec<&Request>, Vec<&Request>) = requests.iter().partition(is_open);
        let error = |name: &str| wrong.iter().find(|(field, _)| *field == name).map(|(_, key)| visit.text(key));
        let summary = |(name, key): &Wrong| {
            let target = if *name == field::KIND { format!("{name}-0") } else { (*name).to_owned() };
            FieldErrorView::new(target, &visit.text(&format!("acts-field-{name}")), &visit.text(key))
        };
        let delete = |survey: &Survey| {
            let title = [("survey", survey.title.text(visit.texts.language).into())];
            (format!("{DELETE_SURVEY}{}", survey.id), visit.texts.text_with("act-delete-survey", &title))
        };
        let kinds = std::iter::once((OPEN_IDENTITY.to_owned(), visit.text("act-open-identity")))
            .chain(surveys.iter().map(delete));
        let choice = |(index, (value, text)): (usize, (String, String))| KindChoice {
            is_chosen: typed.kind == value,
            value,
            id: format!("{}-{index}", field::KIND),
            text,
        };
        let views = |requests: Vec<&Request>| requests.into_iter().map(|request| view(visit, own, request)).collect();
        ActsPage {
            page: visit.page(visit.text("acts-title")),
            errors: wrong.iter().map(summary).collect(),
            open: views(open),
            closed: views(closed),
            kinds: kinds.enumerate().map(choice).collect(),
            kind_error: error(field::KIND),
            participant_error: error(field::PARTICIPANT),
            reason_error: error(field::REASON),
            participant: typed.participant,
            reason: typed.reason,
            longest_reason: *REASON_LENGTH.end(),
            paths: Paths { ask: PATH, refuse: REFUSE_PATH },
            names: Names {
                kind: field::KIND,
                participant: field::PARTICIPANT,
                reason: field::REASON,
                request: field::REQUEST,
            },
        }
    }
}

fn view(visit: &Visit, own: &str, request: &Request) -> RequestView {
    let is_own = request.asked_by == own;
    let step = match request.state {
        State::Asked { .. } if !is_own => Some((CONFIRM_PATH, visit.text("acts-confirm"))),
        State::Confirmed { .. } if is_own => Some((EXECUTE_PATH, visit.text("acts-execute"))),
        _ => None,
    };
    let mut title = vec![("subject", request.subject.as_str().into())];
    if let DangerousAct::AppointAdministrator { until, .. } = &request.act {
        title.push(("until", date::long_date(&visit.texts, *until).into()));
    }
    let name = |name: &str| if name.is_empty() { visit.text("acts-nobody") } else { name.to_owned() };
    let asked = [
        ("name", name(&request.asked_by_name).into()),
        ("date", date::long_instant(&visit.texts, request.asked_at).into()),
    ];
    RequestView {
        act_id: request.act_id.clone(),
        title: visit.texts.text_with(&format!("act-{}-of", request.act.kind()), &title),
        reason: request.reason.clone(),
        asked: visit.texts.text_with("acts-asked", &asked),
        state: state(visit, request.state, &name(&request.answered_by_name)),
        step,
        refuse: visit.text(if is_own { "acts-take-back" } else { "acts-refuse" }),
    }
}

fn state(visit: &Visit, state: State, answered_by: &str) -> String {
    let key = format!("act-state-{}", state.name());
    let at = |instant| date::long_instant(&visit.texts, instant).into();
    match state {
        State::Asked { until } => visit.texts.text_with(&key, &[("date", at(until))]),
        State::Confirmed { until } => visit.texts.text_with(&key, &[("name", answered_by.into()), ("date", at(until))]),
        State::Refused => visit.texts.text_with(&key, &[("name", answered_by.into())]),
        State::Lapsed => visit.text(&key),
        State::Executed { at: instant } => {
            visit.texts.text_with(&key, &[("name", answered_by.into()), ("date", at(instant))])
        }
    }
}

/// What an act brought, shown once.
#[derive(Template)]
#[template(path = "confirmation/outcome.html")]
pub(super) struct OutcomePage {
    page: Page,
    text: String,
    fiscal_code: Option<String>,
    back: &'static str,
}

impl OutcomePage {
    pub(super) fn new(visit: &Visit, outcome: &Outcome) -> OutcomePage {
        let (title, text, fiscal_code) = match outcome {
            Outcome::Identity(code) => {
                ("act-open-identity-done", visit.text("act-open-identity-done-text"), Some(code.reveal().to_owned()))
            }
            Outcome::SurveyDeleted { n_diaries, n_responses } => {
                let counts = [("diaries", n_diaries.to_string().into()), ("responses", n_responses.to_string().into())];
                ("act-delete-survey-done", visit.texts.text_with("act-delete-survey-done-text", &counts), None)
            }
            Outcome::Appointed => {
                ("act-appoint-administrator-done", visit.text("act-appoint-administrator-done-text"), None)
            }
        };
        OutcomePage { page: visit.page(visit.text(title)), text, fiscal_code, back: PATH }
    }
}
