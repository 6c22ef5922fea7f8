//! What the diary's pages show. The pages themselves are in the rooms below, one per stage of a day.

use questionnaires::{
    ActivityCode, Companions, DiaryDraft, Language, Location, Span,
    diary::{DraftEpisode, DraftFields},
};

use crate::web::visit::Visit;

mod bar;
mod choice;
mod day;
mod editor;
mod question;
mod review;
mod told;

pub(super) use choice::ChoicePage;
pub(super) use day::{DayPage, Entry, Note};
pub(super) use editor::EditorView;
pub(in crate::diary) use question::{Question, questions};
pub(super) use review::{ReviewNote, ReviewPage};
pub(super) use told::{Card, ToldPage};

/// A span of the day in words.
pub(super) struct SpanView {
    pub(super) time: String,
    /// Nothing where nothing was said.
    pub(super) activity: Option<String>,
    /// The rest of what was said, such as place and company.
    pub(super) details: String,
    /// Where it can be changed.
    href: String,
}

impl SpanView {
    pub(super) fn new(visit: &Visit, path: &str, episode: &DraftEpisode) -> SpanView {
        let DraftEpisode { span, fields } = episode;
        SpanView {
            // The whole day begins and ends at the same time on the clock, which would read as nothing.
            time: if *span == Span::DAY { visit.text("diary-whole-day") } else { span.to_string() },
            activity: fields.main.map(|main| activity_label(main.0, visit.texts.language)),
            details: details(visit, fields),
            href: span_href(path, *span),
        }
    }
}

/// A day's spans in words: time, activity where one was stated, and the rest of what was said.
pub(crate) fn spans_in_words(visit: &Visit, draft: &DiaryDraft) -> Vec<(String, Option<String>, String)> {
    let views = draft.episodes().into_iter().map(|episode| SpanView::new(visit, "", &episode));
    views.map(|view| (view.time, view.activity, view.details)).collect()
}

/// Where the form shows `span`.
fn span_href(path: &str, span: Span) -> String {
    format!("{path}?da={}&a={}#modulo", span.start(), span.end())
}

fn activity_label(code: ActivityCode, language: Language) -> String {
    code.label().text(language).to_owned()
}

fn location_label(location: Location, language: Language) -> String {
    location.label().text(language).to_owned()
}

fn companions_label(companions: Companions, language: Language) -> String {
    let labels = companions.iter().map(|companion| companion.label().text(language));
    labels.collect::<Vec<_>>().join(", ")
}

fn details(visit: &Visit, fields: &DraftFields) -> String {
    let language = visit.texts.language;
    let with = |key: &str, value: String| visit.texts.text_with(key, &[("value", value.into())]);
    let parts = [
        fields.secondary.map(|secondary| with("diary-detail-secondary", activity_label(secondary.0, language))),
        fields.location.map(|location| location_label(location, language)),
        (!fields.with_whom.is_empty())
            .then(|| with("diary-detail-with-whom", companions_label(fields.with_whom, language))),
        fields.device.and_then(|device| device.then(|| visit.text("diary-detail-device"))),
        fields.enjoyment.map(|enjoyment| with("diary-detail-enjoyment", enjoyment.value().to_string())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
