//! What the pages of the desk show.

mod definition;
mod numbers;

use askama::Template;
use chrono::{DateTime, Utc};

pub(super) use definition::DefinitionPage;
pub(super) use numbers::{ComparisonPage, ReviewPage, Reviewed};

use super::{
    State,
    desk::At,
    form::{TypedHour, Wrong, field},
    routes::{NEW_PATH, Names, PATH, release_path},
    store::Release,
};
use crate::{
    access::officer::{OfficerRole, OneOf, ReleaseDuty},
    confirmation::REASON_LENGTH,
    i18n::is_translated,
    web::{date, field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// Every release that somebody sees.
#[derive(Template)]
#[template(path = "release/desk.html")]
pub(super) struct DeskPage {
    page: Page,
    has_desk: bool,
    new_path: Option<&'static str>,
    releases: Vec<LineView>,
}

struct LineView {
    href: String,
    title: String,
    state: String,
    made: String,
    is_done: bool,
}

impl DeskPage {
    pub(super) fn new(visit: &Visit, who: &OneOf<ReleaseDuty>, has_desk: bool, releases: &[Release]) -> DeskPage {
        let line = |release: &Release| LineView {
            href: release_path(&release.release_id),
            title: release.title.clone(),
            state: state(visit, release),
            made: visit
                .texts
                .text_with("release-made", &[("date", date::long_instant(&visit.texts, release.made_at).into())]),
            is_done: release.state == State::Sealed,
        };
        DeskPage {
            page: visit.page(visit.text("releases-title")),
            has_desk,
            new_path: (has_desk && who.holds(OfficerRole::Analyst)).then_some(NEW_PATH),
            releases: releases.iter().map(line).collect(),
        }
    }
}

/// What was typed into the forms of a decision, and what is wrong with it.
pub(super) struct Typed {
    pub(super) hour: TypedHour,
    pub(super) reason: String,
    pub(super) wrong: Vec<Wrong>,
}

/// One release: how far it is, what it holds, what may be done.
#[derive(Template)]
#[template(path = "release/release.html")]
pub(super) struct ReleasePage {
    page: Page,
    errors: Vec<FieldErrorView>,
    path: String,
    list: &'static str,
    state: String,
    explanation: String,
    is_at_work: bool,
    progress: Option<ProgressView>,
    facts: Vec<(String, String)>,
    /// Why a run failed, in words of the program, which are English.
    said: Option<String>,
    has_result: bool,
    edition: Option<(String, String)>,
    may_cancel: bool,
    may_change: bool,
    may_submit: bool,
    needs_another: bool,
    /// The reason typed for a withdrawal, and what is wrong with it, while there is something to withdraw.
    withdrawal: Option<ReasonView>,
    decision: Option<DecisionView>,
    names: FieldNames,
}

struct ProgressView {
    text: String,
    /// In percent of the stage, where it can say.
    percent: Option<usize>,
}

struct DecisionView {
    date: String,
    time: String,
    hour_error: Option<String>,
    reason: ReasonView,
}

struct ReasonView {
    text: String,
    error: Option<String>,
    longest: usize,
}

struct FieldNames {
    date: &'static str,
    time: &'static str,
    reason: &'static str,
}

/// Who looks at a release.
struct Looker<'a> {
    participant_id: &'a str,
    is_analyst: bool,
    is_editor: bool,
}

impl ReleasePage {
    pub(super) fn new(
        visit: &Visit,
        who: &OneOf<ReleaseDuty>,
        release: &Release,
        names: &Names,
        progress: Option<At>,
        typed: &Typed,
    ) -> ReleasePage {
        let looker = Looker {
            participant_id: &who.participant_id,
            is_analyst: who.holds(OfficerRole::Analyst),
            is_editor: who.holds(OfficerRole::Editor),
        };
        ReleasePage::seen(visit, &looker, release, names, progress, typed)
    }

    /// The page as the editor with the pseudonym `own` sees it after a decision that could not be taken.
    pub(super) fn for_editor(visit: &Visit, own: &str, release: &Release, names: &Names, typed: &Typed) -> ReleasePage {
        let looker = Looker { participant_id: own, is_analyst: false, is_editor: true };
        ReleasePage::seen(visit, &looker, release, names, None, typed)
    }

    fn seen(
        visit: &Visit,
        looker: &Looker,
        release: &Release,
        names: &Names,
        progress: Option<At>,
        typed: &Typed,
    ) -> ReleasePage {
        let is_maker = release.made_by == looker.participant_id;
        let works = is_maker && looker.is_analyst;
        let waits = release.state == State::Submitted && looker.is_editor;
        let summary = |(name, key): &Wrong| {
            FieldErrorView::new((*name).to_owned(), &visit.text(&format!("release-field-{name}")), &visit.text(key))
        };
        let message = release.message.as_deref();
        ReleasePage {
            page: visit.page(release.title.clone()),
            errors: typed.wrong.iter().map(summary).collect(),
            path: release_path(&release.release_id),
            list: PATH,
            state: state(visit, release),
            explanation: explanation(visit, release),
            is_at_work: release.state.is_at_work(),
            progress: release.state.is_at_work().then(|| progress_view(visit, release.state, progress)),
            facts: facts(visit, release, names),
            said: message.filter(|message| !is_translated(message)).map(str::to_owned),
            has_result: release.state.has_result(),
            edition: edition(visit, release),
            may_cancel: works && matches!(release.state, State::Queued | State::Running),
            may_change: works && release.state.may_change(),
            may_submit: works && matches!(release.state, State::Ready | State::Returned),
            needs_another: waits && is_maker,
            withdrawal: (looker.is_editor && release.state == State::Sealed && !is_out(visit, release))
                .then(|| reason(visit, typed)),
            decision: (waits && !is_maker).then(|| decision(visit, typed)),
            names: FieldNames { date: field::DATE, time: field::TIME, reason: field::REASON },
        }
    }
}

/// The name of a release's state; a sealed edition waits, or is out.
fn state(visit: &Visit, release: &Release) -> String {
    match is_out(visit, release) {
        true => visit.text("release-state-out"),
        false => visit.text(&format!("release-state-{}", release.state.name())),
    }
}

fn explanation(visit: &Visit, release: &Release) -> String {
    let message = release.message.as_deref().filter(|message| is_translated(message));
    match (message, is_out(visit, release)) {
        (Some(message), _) => visit.text(message),
        (None, true) => visit.text("release-state-out-text"),
        (None, false) => visit.text(&format!("release-state-{}-text", release.state.name())),
    }
}

fn is_out(visit: &Visit, release: &Release) -> bool {
    release.state == State::Sealed && release.embargo.is_some_and(|embargo| embargo <= visit.now)
}

fn progress_view(visit: &Visit, state: State, at: Option<At>) -> ProgressView {
    match at {
        Some(at) => ProgressView {
            text: visit.text(at.stage.key()),
            percent: (at.total > 1).then(|| at.done.min(at.total) * 100 / at.total),
        },
        None => ProgressView { text: visit.text(&format!("release-state-{}", state.name())), percent: None },
    }
}

fn facts(visit: &Visit, release: &Release, names: &Names) -> Vec<(String, String)> {
    let named = |name: &str| if name.is_empty() { visit.text("release-nobody") } else { name.to_owned() };
    let at = |instant: DateTime<Utc>| date::long_instant(&visit.texts, instant);
    let fact = |key: &str, value: String| (visit.text(key), value);
    let mut facts = vec![fact("release-fact-made", format!("{}, {}", named(&names.maker), at(release.made_at)))];
    facts.extend(release.submitted_at.map(|submitted| fact("release-fact-submitted", at(submitted))));
    facts.extend(release.decided_by.as_ref().map(|_| fact("release-fact-decided", named(&names.decider))));
    facts.extend(release.reason.clone().map(|reason| fact("release-fact-reason", reason)));
    facts.extend(release.number.map(|number| fact("release-fact-number", number.to_string())));
    facts.extend(release.embargo.map(|embargo| fact("release-fact-hour", at(embargo))));
    facts
}

/// The link to the edition that a release became, and its words.
fn edition(visit: &Visit, release: &Release) -> Option<(String, String)> {
    let number = release.number.filter(|_| is_out(visit, release))?;
    Some((format!("/risultati/edizioni/{number}/"), visit.text("release-edition-link")))
}

fn decision(visit: &Visit, typed: &Typed) -> DecisionView {
    DecisionView {
        date: typed.hour.date.clone(),
        time: typed.hour.time.clone(),
        hour_error: error(visit, typed, field::DATE),
        reason: reason(visit, typed),
    }
}

fn reason(visit: &Visit, typed: &Typed) -> ReasonView {
    ReasonView { text: typed.reason.clone(), error: error(visit, typed, field::REASON), longest: *REASON_LENGTH.end() }
}

fn error(visit: &Visit, typed: &Typed, name: &str) -> Option<String> {
    let wrong = typed.wrong.iter().find(|(field, _)| *field == name);
    wrong.map(|(_, key)| visit.text(key))
}
