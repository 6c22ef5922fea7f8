//! Starting a day from another day of the same person, or from the hours of their usual working week: what may be copied, and the copy
//! into a day that is still empty. Nothing is copied unseen, nothing into a day about which something was said, and what a day was
//! started from stays with it: its person is reminded to correct it, and an analysis may leave it out.

pub(super) mod usual;
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
    routes::{Guard, day_path, open_day, told_path},
    store::{Saved, StoredDiary},
    told_until,
};
use crate::{
    error::AppError,
    privacy::Participant,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// The field, and the parameter of the address, that names the source to copy from.
const SOURCE_FIELD: &str = "da";

/// How an address names the usual week; a day is named by its date.
const USUAL_WEEK: &str = "settimana";

/// What a day was started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Another day of the same person.
    OtherDay,
    /// The hours of their usual working week.
    UsualWeek,
}

impl Origin {
    const ALL: [Origin; 2] = [Origin::OtherDay, Origin::UsualWeek];

    /// The name in the database and in files: `other_day`, `usual_week`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Origin::OtherDay => "other_day",
            Origin::UsualWeek => "usual_week",
        }
    }

    /// The origin with this name.
    pub(crate) fn from_name(name: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.name() == name)
    }

    /// What reminds its person that a day was not told from memory.
    pub(super) fn reminder(self, visit: &Visit) -> String {
        visit.text(match self {
            Origin::OtherDay => "diary-copied-other-day",
            Origin::UsualWeek => "diary-copied-usual-week",
        })
    }
}

/// What a day may start from.
struct Source {
    origin: Origin,
    /// Another day as it was told, or the day that is begun, as the usual week has it.
    draft: DiaryDraft,
}

impl Source {
    /// How an address names it.
    fn key(&self) -> String {
        match self.origin {
            Origin::OtherDay => self.draft.date.to_string(),
            Origin::UsualWeek => USUAL_WEEK.to_owned(),
        }
    }
}

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
    let participant = guard.participant().await?;
    let sources = sources(&guard, &participant, date).await?;
    let days = sources.iter().filter(|source| source.origin == Origin::OtherDay);
    let copyable: Vec<Copyable> = days.map(|day| Copyable::new(&visit, &day.draft, date)).collect();
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
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    let sources = sources(&guard, &participant, diary.draft.date).await?;
    Ok(html(&CopyPage::new(&visit, &diary, &sources, query.source.as_deref(), is_empty(&diary.draft)))?)
}

/// Copies the day that the form names into the empty day of the address.
async fn copy(
    guard: Guard,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let (participant, diary) = open_day(&guard, &visit, &date).await?;
    let date = diary.draft.date;
    let sources = sources(&guard, &participant, date).await?;
    let wanted = fields.text(SOURCE_FIELD).unwrap_or_default();
    let source = sources.iter().find(|source| source.key() == wanted).ok_or(AppError::NotFound)?;
    let refused = || -> Result<HttpResponse, AppError> {
        let page = CopyPage::new(&visit, &diary, &sources, None, false);
        Ok(html_with_status(StatusCode::CONFLICT, &page)?)
    };
    if !is_empty(&diary.draft) {
        return refused();
    }
    let draft = as_beginning_of(date, &source.draft, told_until(date, visit.now));
    match guard.store().start_from(&participant, &diary, (source.origin, &draft), visit.now).await? {
        Saved::Yes => Ok(see_other(&day_path(date))),
        Saved::AlreadySubmitted => Ok(see_other(&told_path(date))),
        Saved::ChangedElsewhere => refused(),
    }
}

/// The other days of the participant about which something was said: those of the same type first, then the latest first. After those of
/// the same type the usual week, which knows less of a day than a day does.
async fn sources(guard: &Guard, participant: &Participant, date: NaiveDate) -> Result<Vec<Source>, AppError> {
    let days = guard.store().all(participant).await?.into_iter().map(|diary: StoredDiary| diary.draft);
    let others = days.filter(|draft| draft.date != date && !is_empty(draft));
    let mut sources: Vec<Source> = others.map(|draft| Source { origin: Origin::OtherDay, draft }).collect();
    let usual = guard.store().usual_day(participant, date).await?;
    sources.extend(usual.map(|draft| Source { origin: Origin::UsualWeek, draft }));
    sources.sort_by_key(|Source { origin, draft }| {
        let is_of_other_type = DayType::of(draft.date) != DayType::of(date);
        (is_of_other_type, *origin == Origin::UsualWeek, std::cmp::Reverse(draft.date))
    });
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
