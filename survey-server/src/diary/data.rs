//! The day as data: what the script of the page reads and sends. It can say what the form can say, by the same readers, and nothing else.

use std::collections::BTreeSet;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::Path,
};
use chrono::NaiveDate;
use questionnaires::{
    DiaryDraft, Location, MainActivity, SecondaryActivity, Slot, Span,
    diary::Enjoyment,
    quality::{self, Issue},
    timeline::Timeline,
};
use serde::{Deserialize, Serialize};

use super::{
    form::{self, FieldError, Problem, field},
    is_over, may_begin,
    owner::Owner,
    store::{Diaries, Saved, StoredDiary},
    told_until,
    view::Question,
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::AppError,
    paradata::{self, Trace},
    privacy::Participant,
    web::{form::Submitted, visit::Visit},
};

/// The field of the form that holds the day.
const DAY_FIELD: &str = "giornata";

/// The field that says how the day was filled in since the last save.
const TRACE_FIELD: &str = "percorso";

/// A value over a run of slots: first slot, slot after the last, code. The slot at 04:00 is 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Run(usize, usize, String);

/// The six timelines, each as its runs in order; slots about which nothing was said are in none. Codes are those of the
/// form: `011`, `24` (place), `24` (partner and children), `si`, `7`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DayData {
    #[serde(default)]
    main: Vec<Run>,
    #[serde(default)]
    secondary: Vec<Run>,
    #[serde(default)]
    location: Vec<Run>,
    #[serde(default)]
    with_whom: Vec<Run>,
    #[serde(default)]
    device: Vec<Run>,
    #[serde(default)]
    enjoyment: Vec<Run>,
}

/// What is wrong with sent data, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct DataProblem {
    field: &'static str,
    from: usize,
    to: usize,
    problem: Problem,
}

impl DayData {
    /// A draft as data.
    pub(super) fn of(draft: &DiaryDraft) -> DayData {
        DayData {
            main: runs(&draft.main, |main| main.map(|main| main.0.to_string())),
            secondary: runs(&draft.secondary, |secondary| secondary.map(|secondary| secondary.0.to_string())),
            location: runs(&draft.location, |location| location.map(Location::code)),
            with_whom: runs(&draft.with_whom, |companions| Some(companions.code())),
            device: runs(&draft.device, |device| Some(form::device_text(device).to_owned())),
            enjoyment: runs(&draft.enjoyment, |enjoyment| enjoyment.map(|enjoyment| enjoyment.value().to_string())),
        }
    }

    /// The draft that the data describe, if it says nothing beyond `until`; later runs count where runs overlap.
    pub(super) fn draft(&self, date: NaiveDate, until: Slot) -> Result<DiaryDraft, Vec<DataProblem>> {
        let mut draft = DiaryDraft::new(date);
        let mut problems = Vec::new();
        let main = |text: &str| Ok(form::activity(text, field::MAIN)?.map(MainActivity));
        let secondary = |text: &str| Ok(form::activity(text, field::SECONDARY)?.map(SecondaryActivity));
        let companions = |text: &str| {
            let codes: Vec<String> = text.chars().map(String::from).collect();
            form::companions(&codes)
        };
        let enjoyment = |text: &str| -> Result<Option<Enjoyment>, FieldError> { form::enjoyment(text) };
        fill(&mut draft.main, &self.main, field::MAIN, until, main, &mut problems);
        fill(&mut draft.secondary, &self.secondary, field::SECONDARY, until, secondary, &mut problems);
        fill(&mut draft.location, &self.location, field::LOCATION, until, form::location, &mut problems);
        fill(&mut draft.with_whom, &self.with_whom, field::WITH_WHOM, until, companions, &mut problems);
        fill(&mut draft.device, &self.device, field::DEVICE, until, form::device, &mut problems);
        fill(&mut draft.enjoyment, &self.enjoyment, field::ENJOYMENT, until, enjoyment, &mut problems);
        if problems.is_empty() { Ok(draft) } else { Err(problems) }
    }
}

fn runs<T: Copy + PartialEq>(timeline: &Timeline<T>, code: impl Fn(T) -> Option<String>) -> Vec<Run> {
    let spans = timeline.spans().into_iter();
    let run = |(span, value): (Span, T)| {
        let code = code(value).filter(|code| !code.is_empty())?;
        Some(Run(span.start().index(), span.end().index(), code))
    };
    spans.filter_map(run).collect()
}

fn fill<T: Copy + PartialEq>(
    timeline: &mut Timeline<T>,
    runs: &[Run],
    field: &'static str,
    until: Slot,
    read: impl Fn(&str) -> Result<T, FieldError>,
    problems: &mut Vec<DataProblem>,
) {
    for Run(from, to, code) in runs {
        let span = Slot::new(*from).zip(Slot::new(*to)).and_then(|(from, to)| Span::new(from, to));
        let problem = match (span, read(code)) {
            (None, _) => Problem::ImpossibleTime,
            (Some(span), _) if span.end() > until => Problem::Future,
            (_, Err(error)) => error.problem,
            (Some(span), Ok(value)) => {
                timeline.set(span, value);
                continue;
            }
        };
        problems.push(DataProblem { field, from: *from, to: *to, problem });
    }
}

/// A day as the script gets it.
#[derive(Debug, Serialize)]
struct DayState {
    date: NaiveDate,
    /// To be named with the next change.
    version: i32,
    submitted: bool,
    /// The slot up to which the day may be told; 144 when it is over.
    until: usize,
    running: bool,
    /// Whose day it is, by the name that the person has on their devices: whoever has signed in meanwhile must be the same.
    owner: String,
    /// Whether they agreed that it be kept how the day is filled in; said when the day is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    traced: Option<bool>,
    /// The form token that the next change must carry: another one than the page's after signing in anew.
    token: String,
    day: DayData,
    /// Questions answered "yes, it was so", by name.
    confirmed: BTreeSet<String>,
    /// What there is to mend or to confirm, in the order in which it is asked.
    questions: Vec<Question>,
}

impl DayState {
    fn of(visit: &Visit, participant: &Participant, diary: &StoredDiary) -> DayState {
        let draft = &diary.draft;
        let until = told_until(draft.date, visit.now);
        let is_open = |issue: &Issue| !diary.confirmed.contains(issue);
        // A day that is running is not asked about what has not come yet.
        let has_come = |issue: &Issue| issue.span.start() < until && !(issue.is_blocking() && issue.span.end() > until);
        let issues = quality::check(draft).into_iter().filter(|issue| is_open(issue) && has_come(issue));
        DayState {
            date: draft.date,
            version: diary.version,
            submitted: diary.submitted_at.is_some(),
            until: until.index(),
            running: !is_over(draft.date, visit.now),
            owner: Owner::of(participant).name,
            traced: None,
            token: visit.csrf_token.clone(),
            day: DayData::of(draft),
            confirmed: diary.confirmed.iter().map(form::issue_text).collect(),
            questions: issues.map(|issue| Question::of(visit, diary, &issue)).collect(),
        }
    }
}

#[derive(Serialize)]
struct Problems {
    problems: Vec<DataProblem>,
}

/// The day as it is kept.
pub(super) async fn read(
    guard: Guarded<Citizen, Diaries>,
    visit: Visit,
    date: Path<String>,
) -> Result<HttpResponse, AppError> {
    let date: NaiveDate = date.parse().map_err(|_| AppError::NotFound)?;
    let (participant, kept) = guard.store().participant_and_day(guard.role(), date).await?;
    let diary = known(kept, date, &visit)?;
    let traced = Some(guard.store().is_traced(guard.role(), &participant).await?);
    json(StatusCode::OK, &DayState { traced, ..DayState::of(&visit, &participant, &diary) })
}

/// Puts the whole day in the place of the version it was made from. The answer comes when it is on the disk. When another
/// device or window was quicker, or the day was handed in, the answer is 409 with the day as it is.
pub(super) async fn write(
    guard: Guarded<Citizen, Diaries>,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let date: NaiveDate = date.parse().map_err(|_| AppError::NotFound)?;
    let (participant, kept) = guard.store().participant_and_day(guard.role(), date).await?;
    let diary = known(kept, date, &visit)?;
    let sent: DayData = serde_json::from_str(fields.text(DAY_FIELD).unwrap_or_default())
        .map_err(|_| AppError::BadRequest("not a day as data"))?;
    let draft = match sent.draft(date, told_until(date, visit.now)) {
        Ok(draft) => draft,
        Err(problems) => return json(StatusCode::UNPROCESSABLE_ENTITY, &Problems { problems }),
    };
    if diary.submitted_at.is_some() {
        return json(StatusCode::CONFLICT, &DayState::of(&visit, &participant, &diary));
    }
    if diary.draft == draft {
        // The same day sent twice, or made alike on two devices: there is nothing to write, and how it was filled in came with the first.
        return json(StatusCode::OK, &DayState::of(&visit, &participant, &diary));
    }
    let traces = Trace::read_along(fields.text(TRACE_FIELD), paradata::device_class(visit.device));
    let version = form::read_version(&fields);
    match guard.store().save(&participant, &diary, &draft, version, visit.now).await? {
        Saved::Yes => {
            guard.store().trace(guard.role(), &participant, date, &traces).await?;
            json(StatusCode::OK, &DayState::of(&visit, &participant, &diary.after(draft)))
        }
        Saved::ChangedElsewhere | Saved::AlreadySubmitted => {
            let kept = guard.store().diary(&participant, date).await?;
            let current = kept.unwrap_or_else(|| StoredDiary::blank(date));
            json(StatusCode::CONFLICT, &DayState::of(&visit, &participant, &current))
        }
    }
}

/// The day that was begun, or a blank one if it may be begun now.
fn known(kept: Option<StoredDiary>, date: NaiveDate, visit: &Visit) -> Result<StoredDiary, AppError> {
    match kept {
        Some(diary) => Ok(diary),
        None if may_begin(date, visit.now) => Ok(StoredDiary::blank(date)),
        None => Err(AppError::NotFound),
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(body))
}

#[cfg(test)]
#[path = "data_tests.rs"]
mod tests;
