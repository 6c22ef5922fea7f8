//! The page on which a day is looked over before it is handed in.

use askama::Template;
use chrono::NaiveDate;

use super::{Question, SpanView, bar::Bar, questions};
use crate::{
    diary::{form::field, store::StoredDiary},
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
    /// What reminds of it that the day was copied.
    copied: Option<String>,
    blocking: Vec<IssueView>,
    questions: Vec<IssueView>,
    /// Questions that were answered "yes, it was so".
    answered: Vec<IssueView>,
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
        let asked = questions(visit, diary);
        let views = |is_wanted: &dyn Fn(&&Question) -> bool| -> Vec<IssueView> {
            asked.iter().filter(is_wanted).map(|question| issue_view(&path, question)).collect()
        };
        ReviewPage {
            page: visit.page(visit.text("diary-review-title")),
            version: diary.version,
            version_field: field::VERSION,
            issue_field: field::ISSUE,
            note: note.map(|note| note_text(visit, note)),
            bar: Bar::new(draft),
            copied: diary.copied_from.map(|origin| origin.reminder(visit)),
            blocking: views(&|question| question.blocking),
            questions: views(&|question| !question.blocking && !question.confirmed),
            answered: views(&|question| !question.blocking && question.confirmed),
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

fn issue_view(path: &str, question: &Question) -> IssueView {
    let (from, to) = (question.span.start(), question.span.end());
    IssueView {
        text: question.text.clone(),
        href: format!("{path}?da={from}&a={to}#modulo"),
        name: question.name.clone(),
    }
}
