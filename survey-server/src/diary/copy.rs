//! Starting a day from another day of the same person: what may be copied, and the copy into a day that is still empty. Nothing is
//! copied into a day about which something was said.

mod view;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{Path, Query},
};
use chrono::NaiveDate;
use questionnaires::{DiaryDraft, Slot, Span, diary::DraftEpisode};
use serde::Deserialize;
use view::{CopyPage, Copyable};

use super::{
    DayType,
    routes::{Found, Guard, day_path, find, told_path},
    store::{Saved, StoredDiary},
    told_until,
};
use crate::{
    error::AppError,
    privacy::{CONSENT_PATH, Participant},
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// The field, and the parameter of the address, that names the day to copy from.
const SOURCE_FIELD: &str = "da";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::citizen("/diario/{date}/copiabili", copyable),
        Route::citizen("/diario/{date}/copia", choose),
        Route::citizen_form("/diario/{date}/copia", copy),
    ]
}

#[derive(Debug, Deserialize)]
struct SourceQuery {
    #[serde(rename = "da")]
    source: Option<String>,
}

/// The person's other days, for scripts.
async fn copyable(guard: Guard, visit: Visit, date: Path<String>) -> Result<HttpResponse, AppError> {
    let date: NaiveDate = date.parse().map_err(|_| AppError::NotFound)?;
    let participant = guard.store().participant(guard.role()).await?.ok_or(AppError::NotFound)?;
    let sources = sources(&guard, &participant, date).await?;
    let copyable: Vec<Copyable> = sources.iter().map(|source| Copyable::new(&visit, source, date)).collect();
    let body = serde_json::json!({ "days": copyable });
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

/// The days to choose from, or the one that was chosen, to be looked at before it is copied.
async fn choose(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    query: Query<SourceQuery>,
) -> Result<HttpResponse, AppError> {
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let diary = match find(&guard, &visit, &participant, &date).await? {
        Found::Open(diary) => diary,
        Found::Elsewhere(response) => return Ok(response),
    };
    let sources = sources(&guard, &participant, diary.draft.date).await?;
    let chosen = query.source.as_deref().and_then(|text| text.parse().ok());
    Ok(html(&CopyPage::new(&visit, &diary, &sources, chosen, is_empty(&diary.draft)))?)
}

/// Copies the day that the form names into the empty day of the address.
async fn copy(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let Some(participant) = guard.store().participant(guard.role()).await? else { return Ok(see_other(CONSENT_PATH)) };
    let diary = match find(&guard, &visit, &participant, &date).await? {
        Found::Open(diary) => diary,
        Found::Elsewhere(response) => return Ok(response),
    };
    let date = diary.draft.date;
    let sources = sources(&guard, &participant, date).await?;
    let wanted: Option<NaiveDate> = fields.text(SOURCE_FIELD).and_then(|text| text.parse().ok());
    let source = sources.iter().find(|source| Some(source.draft.date) == wanted).ok_or(AppError::NotFound)?;
    let refused = || -> Result<HttpResponse, AppError> {
        let page = CopyPage::new(&visit, &diary, &sources, None, false);
        Ok(html_with_status(StatusCode::CONFLICT, &page)?)
    };
    if !is_empty(&diary.draft) {
        return refused();
    }
    let draft = as_beginning_of(date, &source.draft, told_until(date, visit.now));
    match guard.store().save(&participant, &draft, diary.version, visit.now).await? {
        Saved::Yes => Ok(see_other(&day_path(date))),
        Saved::AlreadySubmitted => Ok(see_other(&told_path(date))),
        Saved::ChangedElsewhere => refused(),
    }
}

/// The other days of the participant about which something was said: those of the same type first, then the latest first. A usual
/// day that a person keeps would be one more source.
async fn sources(guard: &Guard, participant: &Participant, date: NaiveDate) -> Result<Vec<StoredDiary>, AppError> {
    let mut sources = guard.store().all(participant).await?;
    sources.retain(|diary| diary.draft.date != date && !is_empty(&diary.draft));
    let rank =
        |diary: &StoredDiary| (DayType::of(diary.draft.date) != DayType::of(date), std::cmp::Reverse(diary.draft.date));
    sources.sort_by_key(rank);
    Ok(sources)
}

fn is_empty(draft: &DiaryDraft) -> bool {
    *draft == DiaryDraft::new(draft.date)
}

/// A day that says what another one said up to `until`, but not how pleasant it was: that belongs to the day on which it was felt.
fn as_beginning_of(date: NaiveDate, source: &DiaryDraft, until: Slot) -> DiaryDraft {
    let episodes = source.episodes().into_iter().map(|mut episode: DraftEpisode| {
        episode.fields.enjoyment = None;
        episode
    });
    let mut draft = DiaryDraft::from_episodes(date, episodes);
    if let Some(future) = Span::new(until, Slot::END) {
        draft.clear(future);
    }
    draft
}
