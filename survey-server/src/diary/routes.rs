//! Handlers of the diary.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    },
    web::{Path, Query},
};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{ActivityCode, Diary, DiaryDraft, DiaryEntry, MainActivity, Span};
use serde::Deserialize;

use super::{
    DayType,
    comparison::ToldDays,
    copy, data,
    form::{self, Act, TypedEntry},
    is_over, may_begin, shell,
    store::{Diaries, Saved, StoredDiary},
    told_until,
    view::{Card, ChoicePage, DayPage, Entry, Note, ReviewNote, ReviewPage, ToldPage},
};
use crate::{
    access::guard::{Citizen, Guarded},
    error::{AppError, Instead},
    paradata::{self, Trace},
    privacy::Participant,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    let own = vec![
        Route::citizen("/diario", choose),
        Route::citizen("/diario/{date}", day),
        Route::citizen_form("/diario/{date}", change),
        Route::citizen("/diario/{date}/dati", data::read),
        Route::citizen_form("/diario/{date}/dati", data::write),
        Route::citizen("/diario/{date}/revisione", review),
        Route::citizen_form("/diario/{date}/revisione", confirm),
        Route::citizen_form("/diario/{date}/consegna", submit),
        Route::citizen("/diario/{date}/giornata", told),
        Route::citizen("/diario/{date}/giornata/scheda", card),
    ];
    own.into_iter().chain(copy::routes()).chain(shell::routes()).collect()
}

pub(super) type Guard = Guarded<Citizen, Diaries>;
type Told = Guarded<Citizen, ToldDays>;

/// Which span the form is to show, and what was just saved.
#[derive(Debug, Deserialize)]
struct DayQuery {
    #[serde(rename = "da")]
    from: Option<String>,
    #[serde(rename = "a")]
    to: Option<String>,
    #[serde(rename = "salvato")]
    saved: Option<String>,
}

async fn choose(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let begun = guard.store().all(&participant).await?;
    Ok(html(&ChoicePage::new(&visit, &begun, &guard.store().days_of_others(&participant).await?, None))?)
}

async fn day(guard: Guard, visit: Visit, date: Path<String>, query: Query<DayQuery>) -> Result<HttpResponse, AppError> {
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    let wanted = query.from.as_deref().zip(query.to.as_deref()).and_then(|(from, to)| Span::from_clock(from, to));
    let saved = query.saved.as_deref().and_then(|text| text.split_once('-'));
    let saved = saved.and_then(|(from, to)| Span::from_clock(from, to));
    let entry = Entry::of_day(&diary.draft, wanted);
    Ok(html(&DayPage::new(&visit, &participant, &diary, entry, saved.map(Note::Saved)))?)
}

/// Changes a span. What the form stated is on the disk before the reply says so.
async fn change(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    let typed = TypedEntry::of_fields(&fields);
    let act = match form::read_until(&fields, told_until(diary.draft.date, visit.now)) {
        Ok(act) => act,
        Err(errors) => {
            let page = DayPage::new(&visit, &participant, &diary, Entry::as_typed(typed, errors), None);
            return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
    };
    let mut draft = diary.draft.clone();
    let span = apply(&mut draft, act);
    let saved = || see_other(&format!("/diario/{}?salvato={}-{}#modulo", date.as_str(), span.start(), span.end()));
    match guard.store().save(&participant, &diary, &draft, form::read_version(&fields), visit.now).await? {
        Saved::Yes => {
            let edit = Trace { device: paradata::device_class(visit.device), n_edits: 1, time: None };
            guard.store().trace(guard.role(), &participant, diary.draft.date, &[edit]).await?;
            Ok(saved())
        }
        Saved::AlreadySubmitted => Ok(see_other(&told_path(diary.draft.date))),
        Saved::ChangedElsewhere => {
            let kept = guard.store().diary(&participant, diary.draft.date).await?;
            let kept = kept.unwrap_or_else(|| StoredDiary::blank(diary.draft.date));
            let mut wanted = kept.draft.clone();
            apply(&mut wanted, act);
            if wanted == kept.draft {
                // The same form sent twice: what it asks for is already so.
                return Ok(saved());
            }
            let page = DayPage::new(
                &visit,
                &participant,
                &kept,
                Entry::as_typed(typed, Vec::new()),
                Some(Note::ChangedElsewhere),
            );
            Ok(html_with_status(StatusCode::CONFLICT, &page)?)
        }
    }
}

/// Does what was asked to the day and says where.
fn apply(draft: &mut DiaryDraft, act: Act) -> Span {
    let (span, entry) = match act {
        Act::Write(entry) => (entry.span, Some(entry)),
        Act::Forget(span) => {
            let forgotten = MainActivity(ActivityCode::UNSPECIFIED);
            (span, Some(DiaryEntry { main: Some(forgotten), ..DiaryEntry::new(span) }))
        }
        Act::Clear(span) => (span, None),
    };
    draft.clear(span);
    if let Some(entry) = entry {
        draft.apply(&entry);
    }
    span
}

async fn review(guard: Guard, visit: Visit, date: Path<String>) -> Result<HttpResponse, AppError> {
    let (_, diary) = open_day(&guard, &visit, &date).await?;
    Ok(html(&ReviewPage::new(&visit, &diary, None))?)
}

async fn confirm(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let issue = form::read_issue(&fields).ok_or(AppError::BadRequest("not an issue of a day"))?;
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    guard.store().confirm(&participant, diary.draft.date, issue, visit.now).await?;
    Ok(see_other(&review_path(diary.draft.date)))
}

/// Hands the day in. Handing in again leads to the same receipt.
async fn submit(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    let refused = |status, note| -> Result<HttpResponse, AppError> {
        Ok(html_with_status(status, &ReviewPage::new(&visit, &diary, note))?)
    };
    if !is_over(diary.draft.date, visit.now) {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, Some(ReviewNote::NotOver));
    }
    if diary.draft.finish().is_err() {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, None);
    }
    let date = diary.draft.date;
    let others = guard.store().all(&participant).await?;
    let same_type =
        |other: &&StoredDiary| other.submitted_at.is_some() && DayType::of(other.draft.date) == DayType::of(date);
    if let Some(other) = others.iter().find(same_type) {
        return refused(StatusCode::CONFLICT, Some(ReviewNote::OtherDaySubmitted(other.draft.date)));
    }
    match guard.store().submit(&participant, date, form::read_version(&fields), visit.now).await? {
        Saved::Yes | Saved::AlreadySubmitted => Ok(see_other(&told_path(date))),
        Saved::ChangedElsewhere => refused(StatusCode::CONFLICT, Some(ReviewNote::ChangedElsewhere)),
    }
}

/// The day that was handed in, and when. One that was not leads to where it is told.
async fn handed_in(guard: &Told, participant: &Participant, date: &str) -> Result<(Diary, DateTime<Utc>), AppError> {
    let date: NaiveDate = date.parse().map_err(|_| AppError::NotFound)?;
    let diary = guard.store().diary(participant, date).await?.ok_or(AppError::NotFound)?;
    match (diary.submitted_at, diary.draft.finish()) {
        (Some(submitted_at), Ok(finished)) => Ok((finished, submitted_at)),
        _ => Err(AppError::elsewhere(day_path(date))),
    }
}

async fn told(guard: Told, visit: Visit, date: Path<String>) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let (diary, submitted_at) = handed_in(&guard, &participant, &date).await?;
    let comparison = guard.store().comparison(&participant, diary.day_kind()).await?;
    let about_it = guard.store().open_questions_about(&participant, diary.date()).await?;
    Ok(html(&ToldPage::new(&visit, &diary, submitted_at, comparison.as_ref(), &about_it))?)
}

/// A picture to keep: one's times by activity, without name, date or hours.
async fn card(guard: Told, visit: Visit, date: Path<String>) -> Result<HttpResponse, AppError> {
    let participant = guard.participant().await?;
    let (diary, _) = handed_in(&guard, &participant, &date).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"giornata.svg\""))
        .body(Card::new(&visit, &diary).render()?))
}

/// Who asks, and the day that an address names: one that was begun, or a blank one if it may be begun now. A day that was handed in
/// leads to its receipt; any other is answered by the choice of days, which says why.
pub(super) async fn open_day(guard: &Guard, visit: &Visit, date: &str) -> Result<(Participant, StoredDiary), AppError> {
    let Ok(day) = date.parse() else { return Err(no_such_day(guard, visit, &guard.participant().await?, date).await?) };
    match guard.store().participant_and_day(guard.role(), day).await? {
        (_, Some(diary)) if diary.submitted_at.is_some() => Err(AppError::elsewhere(told_path(day))),
        (participant, Some(diary)) => Ok((participant, diary)),
        (participant, None) if may_begin(day, visit.now) => Ok((participant, StoredDiary::blank(day))),
        (participant, None) => Err(no_such_day(guard, visit, &participant, date).await?),
    }
}

/// The choice of days, which says that `date` is none of them.
async fn no_such_day(
    guard: &Guard,
    visit: &Visit,
    participant: &Participant,
    date: &str,
) -> Result<AppError, AppError> {
    let begun = guard.store().all(participant).await?;
    let page = ChoicePage::new(visit, &begun, &guard.store().days_of_others(participant).await?, Some(date));
    Ok(AppError::Instead(Instead::Page(StatusCode::NOT_FOUND, page.render()?)))
}

pub(super) fn day_path(date: NaiveDate) -> String {
    format!("/diario/{date}")
}

fn review_path(date: NaiveDate) -> String {
    format!("/diario/{date}/revisione")
}

pub(super) fn told_path(date: NaiveDate) -> String {
    format!("/diario/{date}/giornata")
}
