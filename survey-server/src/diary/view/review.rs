//! The page on which a day is looked over before it is handed in.

use askama::Template;
use chrono::NaiveDate;
use questionnaires::quality::{self, Issue};

use super::{SpanView, activity_label, bar::Bar, span_href};
use crate::{
    diary::{form, form::field, store::StoredDiary},
    web::{date, layout::Page, visit::Visit},
};

/// The review.
#[derive(Template)]
#[template(path = "diary/review.html")]
pub(in crate::diary) struct ReviewPage {
    page: Page,
    path: String,
    version: i32,
    version_field: &'static str,
    issue_field: &'static str,
    note: Option<String>,
    bar: Bar,
    blocking: Vec<IssueView>,
    questions: Vec<IssueView>,
    spans: Vec<SpanView>,
}

struct IssueView {
    text: String,
    /// Where to mend it.
    href: String,
    /// How the answer "yes, it was so" names it.
    name: String,
}

/// Why the day was not handed in.
#[derive(Debug, Clone, Copy)]
pub(in crate::diary) enum ReviewNote {
    /// Another window changed the day after this page was made.
    ChangedElsewhere,
    /// Another day of the same type was handed in already.
    OtherDaySubmitted(NaiveDate),
    /// The day is still running.
    NotOver,
}

impl ReviewPage {
    pub(in crate::diary) fn new(visit: &Visit, diary: &StoredDiary, note: Option<ReviewNote>) -> ReviewPage {
        let draft = &diary.draft;
        let path = format!("/diario/{}", draft.date);
        let issues = quality::check(draft);
        let view = |issue: &Issue| issue_view(visit, diary, &path, issue);
        let is_open = |issue: &&Issue| !issue.is_blocking() && !diary.confirmed.contains(issue);
        ReviewPage {
            page: visit.page(visit.text("diary-review-title")),
            version: diary.version,
            version_field: field::VERSION,
            issue_field: field::ISSUE,
            note: note.map(|note| note_text(visit, note)),
            bar: Bar::new(draft),
            blocking: issues.iter().filter(|issue| issue.is_blocking()).map(view).collect(),
            questions: issues.iter().filter(is_open).map(view).collect(),
            spans: draft.episodes().iter().map(|episode| SpanView::new(visit, &path, episode)).collect(),
            path,
        }
    }
}

fn note_text(visit: &Visit, note: ReviewNote) -> String {
    match note {
        ReviewNote::ChangedElsewhere => visit.text("diary-review-changed"),
        ReviewNote::NotOver => visit.text("diary-review-not-over"),
        ReviewNote::OtherDaySubmitted(other) => {
            let day = date::long_date(&visit.texts, other);
            visit.texts.text_with("diary-review-other-day", &[("day", day.into())])
        }
    }
}

fn issue_view(visit: &Visit, diary: &StoredDiary, path: &str, issue: &Issue) -> IssueView {
    IssueView {
        text: issue_in_words(visit, diary, issue),
        href: span_href(path, issue.span),
        name: form::issue_text(issue),
    }
}

/// What an issue asks.
pub(in crate::diary) fn issue_in_words(visit: &Visit, diary: &StoredDiary, issue: &Issue) -> String {
    let activity = diary.draft.main.at(issue.span.start());
    let activity = activity.map(|main| activity_label(main.0, visit.texts.language)).unwrap_or_default();
    let key = format!("diary-issue-{}", issue.code.code().replace('_', "-"));
    let values = [
        ("span", issue.span.to_string().into()),
        ("start", issue.span.start().to_string().into()),
        ("duration", date::duration(issue.span.minutes()).into()),
        ("activity", activity.into()),
    ];
    visit.texts.text_with(&key, &values)
}
