//! The day drawn back to who told it, with its receipt.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{Diary, activity};

use super::{
    SpanView,
    bar::{self, Bar},
};
use crate::{
    questionnaire::Asking,
    web::{date, layout::Page, visit::Visit},
};

/// The day that was handed in.
#[derive(Template)]
#[template(path = "diary/told.html")]
pub(in crate::diary) struct ToldPage {
    page: Page,
    /// Which day: a script forgets what the device kept of it.
    date: NaiveDate,
    receipt: String,
    /// What is asked about the day: address and title.
    questions: Vec<(String, String)>,
    bar: Bar,
    groups: Vec<GroupTime>,
    spans: Vec<SpanView>,
}

/// The time in one main group of activities.
struct GroupTime {
    label: String,
    color: &'static str,
    time: String,
    minutes: usize,
}

impl ToldPage {
    pub(in crate::diary) fn new(
        visit: &Visit,
        diary: &Diary,
        submitted_at: DateTime<Utc>,
        about_it: &[Asking],
    ) -> ToldPage {
        let day = date::long_date(&visit.texts, diary.date());
        let instant = date::long_day(&visit.texts, submitted_at);
        let receipt = [("day", day.clone().into()), ("date", instant.into())];
        ToldPage {
            date: diary.date(),
            page: visit.page(visit.texts.text_with("diary-told-title", &[("day", day.into())])),
            receipt: visit.texts.text_with("diary-receipt", &receipt),
            questions: about_it.iter().map(|asking| (asking.address(), asking.title(&visit.texts))).collect(),
            bar: Bar::new(diary.as_draft()),
            groups: group_times(visit, diary),
            spans: diary.as_draft().episodes().iter().map(|episode| SpanView::new(visit, "", episode)).collect(),
        }
    }
}

/// The groups that occur, the longest first.
fn group_times(visit: &Visit, diary: &Diary) -> Vec<GroupTime> {
    let spans = diary.main().spans();
    let mut times: Vec<GroupTime> = activity::at_level(1)
        .map(|group| {
            let of_group = spans.iter().filter(|(_, main)| main.0.at_level(1) == group.code);
            let minutes = of_group.map(|(span, _)| span.minutes()).sum();
            GroupTime {
                label: group.label.text(visit.texts.language).to_owned(),
                color: bar::color(group.code),
                time: date::duration(minutes),
                minutes,
            }
        })
        .filter(|group| group.minutes > 0)
        .collect();
    times.sort_by_key(|group| std::cmp::Reverse(group.minutes));
    times
}
