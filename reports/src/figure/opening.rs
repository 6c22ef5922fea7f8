//! Opening hours against the people who are free at that time.

use analytics::table::{EstimateRow, Indicator};
use questionnaires::slot::{DayKind, SLOTS_PER_DAY, Slot, Span};

use crate::chart::Chart;
use crate::chart::opening::{OpeningCalendar, OpeningDay};
use crate::figure::Figure;
use crate::figure::bands::is_coding_list;
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Activities from which people can go to a counter: home and family, and free time. Not sleep and meals, work, study, or
/// those already on their way.
const FREE: [&str; 6] = ["3", "4", "5", "6", "7", "8"];

/// The hours of a service: its name and, from Monday to Sunday, when its doors are open. A span is of one day from 04:00.
#[derive(Debug, Clone, PartialEq)]
pub struct OpeningHours {
    /// Whose hours, such as `Anagrafe`.
    pub service: String,
    /// Monday to Sunday.
    pub days: [Vec<Span>; 7],
}

/// Percent of people who are free, slot by slot; `None` where one of the shares may not be shown.
fn free(curves: &[Vec<Option<&EstimateRow>>]) -> Vec<Option<f64>> {
    let share =
        |slot: usize| curves.iter().map(|curve| Some(Reading::of(curve[slot]?).interval()?.value)).sum::<Option<f64>>();
    (0..SLOTS_PER_DAY).map(share).collect()
}

/// The calendar of one service; `None` when the source does not tell times in the Activity Coding List.
pub fn figure<'a>(source: &Source<'a>, hours: &OpeningHours) -> Option<Figure<'a>> {
    let texts = source.texts;
    if !is_coding_list(&source.top_activities()) {
        return None;
    }
    let kinds = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday];
    let curves = kinds.map(|kind| FREE.map(|code| source.curve(Indicator::ShareAtSlot, code, Sex::All, kind.code())));
    let rows: Vec<&EstimateRow> = curves.iter().flatten().flatten().copied().flatten().collect();
    if rows.is_empty() {
        return None;
    }
    let available = curves.each_ref().map(|curves| free(curves));
    let names = texts.text("weekdays-by-name");
    let of_kind = |day: usize| day.saturating_sub(4).min(2);
    let days: Vec<OpeningDay> = names
        .split_whitespace()
        .zip(&hours.days)
        .enumerate()
        .map(|(day, (name, open))| OpeningDay {
            label: name.to_owned(),
            note: match open.is_empty() {
                true => texts.text("day-closed"),
                false => open.iter().map(Span::to_string).collect::<Vec<_>>().join(", "),
            },
            open: open.clone(),
            available: available[of_kind(day)].clone(),
        })
        .collect();
    let headline = headline(source, hours, &days);
    let said: Vec<String> = days.iter().map(|day| format!("{}: {}", day.label, day.note)).collect();
    let table = table(source, hours, &days);
    Some(Figure {
        name: format!("orari-{}", hours.service.to_lowercase())
            .replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"),
        alternative: texts.fill("opening-alternative", &[("headline", &headline)]),
        description: format!("{}.", said.join("; ")),
        caption: source.caption(headline, texts.text("opening-subtitle"), &rows, "flag-e-note-table"),
        chart: Chart::Opening(OpeningCalendar {
            days,
            open: texts.text("free-while-open"),
            closed: texts.text("free-while-closed"),
            hidden: texts.text("suppressed"),
        }),
        table,
        rows,
        claim: None,
    })
}

/// When most people are free, and whether the doors are open then.
fn headline(source: &Source, hours: &OpeningHours, days: &[OpeningDay]) -> String {
    let texts = source.texts;
    let minutes: usize = hours.days.iter().flatten().map(|span| span.minutes()).sum();
    let shown = days.iter().enumerate().flat_map(|(day, of_day)| {
        of_day.available.iter().enumerate().filter_map(move |(slot, share)| share.map(|share| (day, slot, share)))
    });
    let most = shown.fold(None, |best: Option<(usize, usize, f64)>, next| match best {
        Some((_, _, highest)) if highest >= next.2 => best,
        _ => Some(next),
    });
    let Some((day, slot, share)) = most else { return texts.fill("opening-hidden", &[("service", &hours.service)]) };
    let open = days[day].open.iter().any(|span| span.range().contains(&slot));
    let key = if open { "opening-headline-open" } else { "opening-headline-closed" };
    texts.fill(
        key,
        &[
            ("service", &hours.service),
            ("hours", &number::duration_in_words(minutes as f64, texts)),
            ("share", &texts.with_article(&number::percent(share, texts.language()))),
            ("day", &crate::text::inside_sentence(&days[day].label)),
            ("time", &Slot::new(slot).map(|slot| texts.at_time(&slot.to_string())).unwrap_or_default()),
        ],
    )
}

fn table(source: &Source, hours: &OpeningHours, days: &[OpeningDay]) -> Table {
    let texts = source.texts;
    let cell = |day: &OpeningDay, slot: usize| {
        let open = day.open.iter().any(|span| span.range().contains(&slot));
        match day.available.get(slot).copied().flatten() {
            Some(share) => {
                let words = number::percent(share, texts.language());
                let words = if open { texts.fill("share-while-open", &[("share", &words)]) } else { words };
                Cell::number(words, share)
            }
            None => Cell::words(texts.text("suppressed")),
        }
    };
    Table {
        caption: texts.fill("opening-table", &[("service", &hours.service)]),
        columns: std::iter::once(texts.text("column-hour")).chain(days.iter().map(|day| day.label.clone())).collect(),
        rows: (0..SLOTS_PER_DAY)
            .filter_map(|slot| Span::new(Slot::new(slot)?, Slot::new(slot + 1)?).map(|span| (slot, span)))
            .map(|(slot, span)| TableRow {
                header: span.to_string(),
                cells: days.iter().map(|day| cell(day, slot)).collect(),
            })
            .collect(),
        ..Table::default()
    }
}
