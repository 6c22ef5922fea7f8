//! What the personal area shows.

use askama::Template;
use questionnaires::slot::MINUTES_PER_DAY;

use super::store::Progress;
use crate::{
    access::session,
    diary::{DayType, store::StoredDiary},
    household,
    privacy::CONSENT_PATH,
    questionnaire::store::Response,
    residents::city_user::{self, Standing},
    rights,
    web::{date, layout::Page, visit::Visit},
};

/// The personal area.
#[derive(Template)]
#[template(path = "personal_area.html")]
pub(super) struct PersonalAreaPage {
    page: Page,
    lead: String,
    steps: Vec<Step>,
    sessions_path: &'static str,
    data_path: &'static str,
    /// Where those who live together join; nothing while consent is missing.
    household_path: Option<&'static str>,
}

/// One thing to do, or done.
struct Step {
    title: String,
    status: String,
    is_done: bool,
    /// Where to do it or to see what was done, and how the link is called; nothing while consent is missing.
    link: Option<(String, String)>,
}

impl PersonalAreaPage {
    pub(super) fn new(visit: &Visit, progress: &Progress) -> PersonalAreaPage {
        let steps: Vec<Step> = city_step(visit, &progress.standing)
            .into_iter()
            .chain([consent_step(visit, progress)])
            .chain(responses_about(progress, None).map(|response| response_step(visit, response, true)))
            .chain(DayType::ALL.into_iter().flat_map(|day_type| {
                let day = diary_step(visit, progress, day_type);
                let is_told = day.is_done;
                let about_it = responses_about(progress, Some(day_type));
                std::iter::once(day).chain(about_it.map(move |response| response_step(visit, response, is_told)))
            }))
            .collect();
        let is_finished = steps.iter().all(|step| step.is_done);
        PersonalAreaPage {
            page: visit.page(visit.text("personal-area-title")),
            lead: visit.text(if is_finished { "personal-area-finished" } else { "personal-area-lead" }),
            steps,
            sessions_path: session::PATH,
            data_path: rights::PATH,
            household_path: progress.consent_given_at.map(|_| household::PATH),
        }
    }
}

/// Before the consent, for who is in no register of a survey of residents and city users.
fn city_step(visit: &Visit, standing: &Standing) -> Option<Step> {
    let (is_done, status, action) = match standing {
        Standing::NotAsked | Standing::Resident => return None,
        Standing::ToDeclare => (false, "city-step-to-declare", "personal-area-begin"),
        Standing::CityUser(_) => (true, "city-step-declared", "personal-area-see"),
    };
    Some(Step {
        title: visit.text("city-title"),
        status: visit.text(status),
        is_done,
        link: Some((city_user::PATH.to_owned(), visit.text(action))),
    })
}

fn consent_step(visit: &Visit, progress: &Progress) -> Step {
    let given = progress.consent_given_at;
    let waits = given.is_none() && progress.standing == Standing::ToDeclare;
    let action = if given.is_some() { "personal-area-see-consent" } else { "personal-area-begin" };
    Step {
        title: visit.text("personal-area-consent"),
        status: match given {
            Some(instant) => done(visit, instant),
            None if waits => visit.text("personal-area-consent-after-city"),
            None => visit.text("personal-area-consent-first"),
        },
        is_done: given.is_some(),
        link: (!waits).then(|| (CONSENT_PATH.to_owned(), visit.text(action))),
    }
}

/// The questionnaires about days of a type, or about none.
fn responses_about(progress: &Progress, day_type: Option<DayType>) -> impl Iterator<Item = &Response> {
    progress.responses.iter().filter(move |response| response.asking.day_type() == day_type)
}

/// A questionnaire; one about a day that was not told yet cannot be begun.
fn response_step(visit: &Visit, response: &Response, may_begin: bool) -> Step {
    let asked = response.instrument().fields_for(&response.answers).len();
    let answered = response.answers.0.len();
    let (status, action) = match (response.submitted_at, answered) {
        (Some(instant), _) => (done(visit, instant), "personal-area-see"),
        (None, _) if !may_begin => (visit.text("personal-area-after-the-day"), "personal-area-begin"),
        (None, 0) => (visit.text("personal-area-not-begun"), "personal-area-begin"),
        (None, _) => {
            let counts = [("answered", answered.into()), ("asked", asked.into())];
            (visit.texts.text_with("personal-area-answered", &counts), "personal-area-go-on")
        }
    };
    Step {
        title: response.asking.title(&visit.texts),
        status,
        is_done: response.submitted_at.is_some(),
        link: may_begin.then(|| (response.asking.address(), visit.text(action))),
    }
}

fn diary_step(visit: &Visit, progress: &Progress, day_type: DayType) -> Step {
    let of_type = || progress.diaries.iter().filter(|diary| DayType::of(diary.draft.date) == day_type);
    let submitted = of_type().find(|diary| diary.submitted_at.is_some());
    let (status, path, action) = match (submitted, of_type().next_back()) {
        (Some(diary), _) => {
            let receipt = diary.submitted_at.map(|instant| done(visit, instant)).unwrap_or_default();
            (receipt, format!("/diario/{}/giornata", diary.draft.date), "personal-area-see-day")
        }
        (None, Some(begun)) => {
            (begun_status(visit, begun), format!("/diario/{}", begun.draft.date), "personal-area-go-on")
        }
        (None, None) => (visit.text("personal-area-not-begun"), "/diario".to_owned(), "personal-area-choose-day"),
    };
    Step {
        title: visit.text(&format!("diary-type-{}", day_type.key())),
        status,
        is_done: submitted.is_some(),
        link: progress.consent_given_at.map(|_| (path, visit.text(action))),
    }
}

fn begun_status(visit: &Visit, diary: &StoredDiary) -> String {
    let uncovered: usize =
        diary.draft.main.spans().iter().filter(|(_, main)| main.is_none()).map(|(span, _)| span.minutes()).sum();
    let told = date::duration(MINUTES_PER_DAY - uncovered);
    let day = date::long_date(&visit.texts, diary.draft.date);
    visit.texts.text_with("personal-area-told", &[("day", day.into()), ("told", told.into())])
}

fn done(visit: &Visit, instant: chrono::DateTime<chrono::Utc>) -> String {
    visit.texts.text_with("personal-area-done", &[("date", date::long_day(&visit.texts, instant).into())])
}
