//! The day drawn back to who told it, with its receipt, beside the average of people like them, and as a card to keep.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use questionnaires::{ActivityCode, Diary, activity};

use super::{
    SpanView,
    bar::{self, Bar},
};
use crate::{
    diary::comparison::Comparison,
    publication::averages::Group,
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
    bar: Bar,
    groups: Vec<GroupTime>,
    spans: Vec<SpanView>,
    comparison: Option<ComparisonView>,
    card_path: String,
}

/// The time in one main group of activities.
struct GroupTime {
    label: String,
    color: &'static str,
    time: String,
    minutes: usize,
}

/// The day beside an average one.
struct ComparisonView {
    /// Whom it is compared with.
    whom: String,
    rows: Vec<ComparisonRow>,
}

/// A main group of activities: one's own time and that of the others, in words, and as bars of so many thousandths.
struct ComparisonRow {
    label: String,
    color: &'static str,
    own: String,
    own_length: usize,
    others: String,
    others_length: usize,
}

impl ToldPage {
    pub(in crate::diary) fn new(
        visit: &Visit,
        diary: &Diary,
        submitted_at: DateTime<Utc>,
        comparison: Option<&Comparison>,
    ) -> ToldPage {
        let day = date::long_date(&visit.texts, diary.date());
        let instant = date::long_day(&visit.texts, submitted_at);
        let receipt = [("day", day.clone().into()), ("date", instant.into())];
        ToldPage {
            date: diary.date(),
            page: visit.page(visit.texts.text_with("diary-told-title", &[("day", day.into())])),
            receipt: visit.texts.text_with("diary-receipt", &receipt),
            bar: Bar::new(diary.as_draft()),
            groups: group_times(visit, diary),
            spans: diary.as_draft().episodes().iter().map(|episode| SpanView::new(visit, "", episode)).collect(),
            comparison: comparison.map(|comparison| ComparisonView::new(visit, diary, comparison)),
            card_path: format!("/diario/{}/giornata/scheda", diary.date()),
        }
    }
}

fn minutes_in(diary: &Diary, group: ActivityCode) -> usize {
    let spans = diary.main().spans();
    spans.iter().filter(|(_, main)| main.0.at_level(1) == group).map(|(span, _)| span.minutes()).sum()
}

/// The groups that occur, the longest first.
fn group_times(visit: &Visit, diary: &Diary) -> Vec<GroupTime> {
    let mut times: Vec<GroupTime> = activity::at_level(1)
        .map(|group| {
            let minutes = minutes_in(diary, group.code);
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

impl ComparisonView {
    fn new(visit: &Visit, diary: &Diary, comparison: &Comparison) -> ComparisonView {
        let rows: Vec<(String, ActivityCode, usize, usize)> = activity::at_level(1)
            .map(|group| {
                let others = comparison.day.get(&group.code).copied().unwrap_or_default();
                let label = group.label.text(visit.texts.language).to_owned();
                (label, group.code, minutes_in(diary, group.code), others.round().max(0.0) as usize)
            })
            .collect();
        let longest = rows.iter().map(|(_, _, own, others)| *own.max(others)).max().unwrap_or_default().max(1);
        let row = |(label, code, own, others): (String, ActivityCode, usize, usize)| ComparisonRow {
            label,
            color: bar::color(code),
            own: date::duration(own),
            own_length: own * 1_000 / longest,
            others: date::duration(others),
            others_length: others * 1_000 / longest,
        };
        ComparisonView { whom: whom(visit, &comparison.group), rows: rows.into_iter().map(row).collect() }
    }
}

/// A group in words.
fn whom(visit: &Visit, group: &Group) -> String {
    let age = match group.age_group.as_str() {
        "all" => String::new(),
        age => visit.text(&format!("diary-told-age-{}", age.trim_end_matches('+'))),
    };
    let people = visit.text(&format!("diary-told-people-{}", group.sex.to_ascii_lowercase()));
    let day = visit.text(&format!("diary-told-day-{}", group.day));
    let people = [people, age].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    visit.texts.text_with("diary-told-whom", &[("people", people.into()), ("day", day.into())])
}

/// One's day as a card to keep or to show: how long, and nothing about who, when or where. Text and shapes only, so that it
/// stays legible at any size; who wants a picture of points takes one of it with their own device.
#[derive(Template)]
#[template(path = "diary/card.svg", escape = "html")]
pub(in crate::diary) struct Card {
    language: &'static str,
    direction: &'static str,
    /// Where lines begin, and where they end.
    start_x: usize,
    end_x: usize,
    title: String,
    footer: String,
    rows: Vec<CardRow>,
    height: usize,
    footer_y: usize,
}

struct CardRow {
    label: String,
    time: String,
    color: &'static str,
    text_y: usize,
    bar_x: usize,
    bar_y: usize,
    length: usize,
}

impl Card {
    pub(in crate::diary) fn new(visit: &Visit, diary: &Diary) -> Card {
        const ROW: usize = 64;
        const TOP: usize = 110;
        const WIDTH: usize = 640;
        const MARGIN: usize = 40;
        let direction = visit.texts.language.direction();
        let is_mirrored = direction == "rtl";
        let groups = group_times(visit, diary);
        let longest = groups.first().map_or(1, |group| group.minutes.max(1));
        let row = |(number, group): (usize, GroupTime)| {
            let length = (group.minutes * WIDTH / longest).max(2);
            CardRow {
                text_y: TOP + number * ROW + 20,
                bar_x: if is_mirrored { MARGIN + WIDTH - length } else { MARGIN },
                bar_y: TOP + number * ROW + 30,
                length,
                label: group.label,
                time: group.time,
                color: group.color,
            }
        };
        let bottom = TOP + groups.len() * ROW;
        Card {
            language: visit.texts.language.tag(),
            direction,
            start_x: if is_mirrored { MARGIN + WIDTH } else { MARGIN },
            end_x: if is_mirrored { MARGIN } else { MARGIN + WIDTH },
            title: visit.text("diary-card-title"),
            footer: visit.settings.site_name.clone(),
            rows: groups.into_iter().enumerate().map(row).collect(),
            height: bottom + 60,
            footer_y: bottom + 36,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::is_translated;

    #[test]
    fn every_group_of_the_published_tables_has_words() {
        for key in ["people-all", "people-f", "people-m", "day-weekday", "day-saturday", "day-sunday"] {
            assert!(is_translated(&format!("diary-told-{key}")), "{key}");
        }
        for age in ["10-14", "15-24", "25-44", "45-64", "65"] {
            assert!(is_translated(&format!("diary-told-age-{age}")), "{age}");
        }
    }
}
