//! The page on which a person chooses the day to tell.

use askama::Template;
use chrono::NaiveDate;

use crate::{
    diary::{DayType, choosable_days, running_day, store::StoredDiary},
    web::{date, layout::Page, visit::Visit},
};

/// The choice of days.
#[derive(Template)]
#[template(path = "diary/choice.html")]
pub(in crate::diary) struct ChoicePage {
    page: Page,
    /// The day asked for that cannot be told.
    refused: Option<String>,
    groups: Vec<Group>,
    /// The day that is running, while a day of its type is wanted.
    running: Option<DayLink>,
}

/// The days of one type.
struct Group {
    heading: String,
    /// The day of this type that was handed in: then there is nothing to choose.
    submitted: Option<DayLink>,
    days: Vec<DayLink>,
}

struct DayLink {
    date: String,
    href: String,
    /// Whether it was begun.
    begun: bool,
    /// Whether somebody of the household tells it too.
    of_others: bool,
}

impl ChoicePage {
    /// `of_others` are the days that others of the household tell.
    pub(in crate::diary) fn new(
        visit: &Visit,
        begun: &[StoredDiary],
        of_others: &[NaiveDate],
        refused: Option<&str>,
    ) -> ChoicePage {
        let named = |text: &str| match text.parse() {
            Ok(date) => date::long_date(&visit.texts, date),
            Err(_) => text.to_owned(),
        };
        let running = running_day(visit.now);
        let is_wanted = |date: &NaiveDate| {
            !begun
                .iter()
                .any(|diary| diary.submitted_at.is_some() && DayType::of(diary.draft.date) == DayType::of(*date))
        };
        let is_begun = begun.iter().any(|diary| diary.draft.date == running);
        ChoicePage {
            running: Some(running).filter(is_wanted).map(|date| link(visit, date, is_begun, of_others)),
            page: visit.page(visit.text("diary-choice-title")),
            refused: refused.map(|text| visit.texts.text_with("diary-choice-refused", &[("day", named(text).into())])),
            groups: DayType::ALL.map(|day_type| group(visit, begun, of_others, day_type)).into(),
        }
    }
}

fn link(visit: &Visit, date: NaiveDate, begun: bool, of_others: &[NaiveDate]) -> DayLink {
    DayLink {
        date: date::long_date(&visit.texts, date),
        href: format!("/diario/{date}"),
        begun,
        of_others: of_others.contains(&date),
    }
}

fn group(visit: &Visit, begun: &[StoredDiary], of_others: &[NaiveDate], day_type: DayType) -> Group {
    let of_type = |date: &NaiveDate| DayType::of(*date) == day_type;
    let is_over = |date: &NaiveDate| *date != running_day(visit.now);
    let begun: Vec<&StoredDiary> =
        begun.iter().filter(|diary| of_type(&diary.draft.date) && is_over(&diary.draft.date)).collect();
    let link = |date: NaiveDate, begun: bool| link(visit, date, begun, of_others);
    let submitted = begun.iter().find(|diary| diary.submitted_at.is_some());
    let is_begun = |date: &NaiveDate| begun.iter().any(|diary| diary.draft.date == *date);
    let fresh = choosable_days(visit.now).into_iter().filter(of_type).filter(|date| !is_begun(date));
    let days = begun.iter().map(|diary| link(diary.draft.date, true)).chain(fresh.map(|date| link(date, false)));
    Group {
        heading: visit.text(&format!("diary-type-{}", day_type.key())),
        submitted: submitted.map(|diary| link(diary.draft.date, true)),
        days: if submitted.is_some() { Vec::new() } else { days.collect() },
    }
}
