//! An activity by hour and kind of day: weekdays, Saturdays, Sundays.

use analytics::table::{EstimateRow, Indicator};
use questionnaires::slot::{SLOTS_PER_DAY, Slot, Span};

use crate::chart::Chart;
use crate::chart::heat::{HeatMap, Strip};
use crate::chart::rows::Interval;
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Kinds of day: the estimates' code, the label's key, the key inside a sentence.
const DAYS: [(&str, &str, &str); 3] = [
    ("weekday", "weekdays", "on-weekdays"),
    ("saturday", "saturdays", "on-saturdays"),
    ("sunday", "sundays", "on-sundays"),
];

/// The activity that changes most between weekdays and Sundays.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let change = |activity: &str| -> f64 {
        let [weekday, sunday] =
            ["weekday", "sunday"].map(|day| source.curve(Indicator::ShareAtSlot, activity, Sex::All, day));
        let value = |row: Option<&EstimateRow>| Reading::of(row?).interval().map(|interval| interval.value);
        let pairs = weekday.into_iter().zip(sunday);
        pairs.filter_map(|(one, other)| Some((value(one)? - value(other)?).abs())).sum()
    };
    let activities = source.top_activities().into_iter().map(|activity| (change(&activity.code), &activity.code));
    let most = activities.fold(None, |best: Option<(f64, &String)>, next| match best {
        Some((highest, _)) if highest >= next.0 => best,
        _ => Some(next),
    });
    most.and_then(|(_, activity)| figure(source, activity)).into_iter().collect()
}

/// The figure of one activity; `None` when the source gives no times by kind of day.
pub fn figure<'a>(source: &Source<'a>, activity: &str) -> Option<Figure<'a>> {
    let texts = source.texts;
    let label = source.activity(activity);
    let curves = DAYS.map(|(day, ..)| source.curve(Indicator::ShareAtSlot, activity, Sex::All, day));
    if curves.iter().all(|curve| curve.iter().all(Option::is_none)) {
        return None;
    }
    let peaks: Vec<Option<(usize, Interval)>> = curves.iter().map(|curve| peak(curve)).collect();
    let time = |slot: usize| Slot::new(slot).map(|slot| texts.at_time(&slot.to_string())).unwrap_or_default();
    let share = |value: f64| number::percent(value, texts.language());
    let strips: Vec<Strip> = DAYS
        .iter()
        .zip(&curves)
        .zip(&peaks)
        .map(|(((_, key, _), curve), peak)| Strip {
            label: texts.text(key),
            note: peak.map_or_else(
                || texts.text("suppressed"),
                |(slot, value)| texts.fill("week-peak", &[("share", &share(value.value)), ("time", &time(slot))]),
            ),
            shares: curve.iter().map(|row| Some(Reading::of((*row)?).interval()?.value)).collect(),
        })
        .collect();
    let highest = peaks.iter().zip(DAYS).filter_map(|(peak, day)| peak.map(|peak| (peak, day))).fold(
        None,
        |best: Option<((usize, Interval), _)>, next| match best {
            Some(((_, highest), _)) if highest.value >= next.0.1.value => best,
            _ => Some(next),
        },
    );
    let headline = match highest {
        Some(((slot, value), (_, _, on_day))) => texts.fill(
            "week-headline",
            &[
                ("activity", &label),
                ("time", &time(slot)),
                ("day", &texts.text(on_day)),
                ("share", &texts.with_article(&share(value.value))),
                ("margin", &number::points_margin_in_words(value.margin(), texts)),
            ],
        ),
        None => texts.fill("week-hidden", &[("activity", &label)]),
    };
    let claim = highest.and_then(|((slot, _), (day, ..))| {
        let curve = DAYS.iter().zip(&curves).find(|((of_curve, ..), _)| *of_curve == day)?.1;
        Claim::of_level((*curve.get(slot)?)?, Scale::Points, 1.0)
    });
    let rows: Vec<&EstimateRow> = curves.iter().flatten().copied().flatten().collect();
    let said: Vec<String> = strips.iter().map(|strip| format!("{}: {}", strip.label, strip.note)).collect();
    let table = table(source, &label, &curves);
    Some(Figure {
        name: format!("settimana-{activity}").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"),
        alternative: texts.fill("week-alternative", &[("headline", &headline)]),
        description: format!("{}.", said.join("; ")),
        caption: source.caption(
            headline,
            texts.fill("week-subtitle", &[("activity", &label)]),
            &rows,
            "flag-e-note-table",
        ),
        chart: Chart::Heat(HeatMap { strips, hidden: texts.text("suppressed") }),
        table,
        rows,
        claim,
    })
}

/// The first slot with the highest share.
fn peak(curve: &[Option<&EstimateRow>]) -> Option<(usize, Interval)> {
    let shown = curve.iter().enumerate().filter_map(|(slot, row)| Some((slot, Reading::of((*row)?).interval()?)));
    shown.fold(None, |best: Option<(usize, Interval)>, next| match best {
        Some((_, highest)) if highest.value >= next.1.value => best,
        _ => Some(next),
    })
}

fn table(source: &Source, activity: &str, curves: &[Vec<Option<&EstimateRow>>; 3]) -> Table {
    let texts = source.texts;
    let cell = |row: Option<&EstimateRow>| {
        let Some(row) = row else { return Cell::words("–") };
        let reading = Reading::of(row);
        Cell {
            words: reading.words(source, |share| number::percent(share, texts.language())),
            value: reading.interval().map(|interval| interval.value.to_string()),
        }
    };
    Table {
        caption: texts.fill("week-table", &[("activity", activity)]),
        columns: std::iter::once("column-hour").chain(DAYS.map(|(_, key, _)| key)).map(|key| texts.text(key)).collect(),
        rows: (0..SLOTS_PER_DAY)
            .filter_map(|slot| Span::new(Slot::new(slot)?, Slot::new(slot + 1)?).map(|span| (slot, span)))
            .map(|(slot, span)| TableRow {
                header: span.to_string(),
                cells: curves.iter().map(|curve| cell(curve[slot])).collect(),
            })
            .collect(),
        ..Table::default()
    }
}
