//! The days that a day may start from: as a page, and as data for scripts.

use askama::Template;
use chrono::NaiveDate;
use questionnaires::{DiaryDraft, Location, diary::DraftEpisode};
use serde::Serialize;

use super::{Origin, SOURCE_FIELD, Source};
use crate::{
    diary::{DayType, store::StoredDiary, view::SpanView},
    web::{date, layout::Page, visit::Visit},
};

/// A day that may be copied, for scripts.
#[derive(Debug, Serialize)]
pub(super) struct Copyable {
    /// `2026-11-18`.
    date: NaiveDate,
    /// The date in words.
    label: String,
    /// Whether both days are weekdays, or both of the weekend.
    same_type: bool,
    /// What was said, in order; stretches about which nothing was said are left out.
    episodes: Vec<EpisodeData>,
}

/// A stretch of a day, for scripts. Slots are tens of minutes since 04:00; how pleasant it was is not copied.
#[derive(Debug, Serialize)]
struct EpisodeData {
    start: usize,
    end: usize,
    main: Option<String>,
    secondary: Option<String>,
    location: Option<String>,
    with_whom: Vec<String>,
    device: Option<bool>,
}

impl Copyable {
    /// `source`, as something to copy into the day of `target`.
    pub(super) fn new(visit: &Visit, source: &DiaryDraft, target: NaiveDate) -> Copyable {
        let told = source.episodes().into_iter().filter(|episode| episode.fields != Default::default());
        Copyable {
            date: source.date,
            label: date::long_date(&visit.texts, source.date),
            same_type: DayType::of(source.date) == DayType::of(target),
            episodes: told.map(|episode| EpisodeData::new(&episode)).collect(),
        }
    }
}

impl EpisodeData {
    fn new(DraftEpisode { span, fields }: &DraftEpisode) -> EpisodeData {
        EpisodeData {
            start: span.start().index(),
            end: span.end().index(),
            main: fields.main.map(|main| main.0.to_string()),
            secondary: fields.secondary.map(|secondary| secondary.0.to_string()),
            location: fields.location.map(Location::code),
            with_whom: fields.with_whom.iter().map(|companion| companion.code().to_string()).collect(),
            device: fields.device,
        }
    }
}

/// The page on which a day to start from is chosen and looked at.
#[derive(Template)]
#[template(path = "diary/copy.html")]
pub(super) struct CopyPage {
    page: Page,
    path: String,
    source_field: &'static str,
    /// Whether the day is still empty: nothing is copied into one that is not.
    may_copy: bool,
    sources: Vec<SourceLink>,
    chosen: Option<Chosen>,
}

struct SourceLink {
    label: String,
    href: String,
}

/// The day that would be copied.
struct Chosen {
    key: String,
    heading: String,
    /// What is copied of it, and what is not.
    note: String,
    spans: Vec<SpanView>,
}

impl CopyPage {
    pub(super) fn new(
        visit: &Visit,
        diary: &StoredDiary,
        sources: &[Source],
        chosen: Option<&str>,
        may_copy: bool,
    ) -> CopyPage {
        let path = format!("/diario/{}", diary.draft.date);
        let day = date::long_date(&visit.texts, diary.draft.date);
        let link = |source: &Source| SourceLink {
            label: match source.origin {
                Origin::OtherDay => date::long_date(&visit.texts, source.draft.date),
                Origin::UsualWeek => visit.text("diary-copy-usual-week"),
            },
            href: format!("{path}/copia?{SOURCE_FIELD}={}#scelta", source.key()),
        };
        let chosen = sources.iter().find(|source| Some(source.key().as_str()) == chosen);
        CopyPage {
            page: visit.page(visit.texts.text_with("diary-copy-title", &[("day", day.into())])),
            source_field: SOURCE_FIELD,
            may_copy,
            sources: sources.iter().map(link).collect(),
            chosen: chosen.map(|source| Chosen::new(visit, source)),
            path,
        }
    }
}

impl Chosen {
    fn new(visit: &Visit, source: &Source) -> Chosen {
        let told = source.draft.episodes().into_iter().filter(|episode| episode.fields != Default::default());
        let without_enjoyment = told.map(|mut episode| {
            episode.fields.enjoyment = None;
            episode
        });
        let day = date::long_date(&visit.texts, source.draft.date);
        let (heading, note) = match source.origin {
            Origin::OtherDay => ("diary-copy-chosen", "diary-copy-note"),
            Origin::UsualWeek => ("diary-copy-chosen-usual", "diary-copy-note-usual"),
        };
        Chosen {
            key: source.key(),
            heading: visit.texts.text_with(heading, &[("day", day.into())]),
            note: visit.text(note),
            spans: without_enjoyment.map(|episode| SpanView::new(visit, "", &episode)).collect(),
        }
    }
}
