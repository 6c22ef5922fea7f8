//! The rhythm of one activity: what share of women and of men is at it every ten minutes, and their difference.

use analytics::table::{EstimateRow, Indicator};
use questionnaires::slot::{SLOTS_PER_DAY, Slot, Span};

use crate::chart::Chart;
use crate::chart::lines::{Line, LineChart};
use crate::chart::rows::Interval;
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Figures on the page.
const N_FIGURES: usize = 2;

/// The activities in which women and men differ most at some time of the day.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let mut activities: Vec<(f64, &str)> = source
        .top_activities()
        .into_iter()
        .filter_map(|activity| {
            let gap = source.curve(Indicator::ShareGapAtSlot, &activity.code, Sex::All, "average");
            let largest = gap.into_iter().flatten().filter_map(certain).map(|interval| interval.value.abs());
            Some((largest.reduce(f64::max)?, activity.code.as_str()))
        })
        .collect();
    activities.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    activities.into_iter().take(N_FIGURES).filter_map(|(_, activity)| figure(source, activity)).collect()
}

/// The figure of one activity; `None` when the source gives no times of women and men.
pub fn figure<'a>(source: &Source<'a>, activity: &str) -> Option<Figure<'a>> {
    let texts = source.texts;
    let curves = [
        source.curve(Indicator::ShareAtSlot, activity, Sex::Women, "average"),
        source.curve(Indicator::ShareAtSlot, activity, Sex::Men, "average"),
        source.curve(Indicator::ShareGapAtSlot, activity, Sex::All, "average"),
    ];
    let has_numbers = |curve: &[Option<&EstimateRow>]| curve.iter().any(Option::is_some);
    if !has_numbers(&curves[0]) || !has_numbers(&curves[1]) {
        return None;
    }
    let label = source.activity(activity);
    let line = |curve: &[Option<&EstimateRow>], key: &str| Line {
        label: texts.text(key),
        points: curve.iter().map(|row| row.and_then(simultaneous)).collect(),
    };
    let chart = LineChart {
        women: line(&curves[0], "women"),
        men: line(&curves[1], "men"),
        difference: has_numbers(&curves[2]).then(|| line(&curves[2], "rhythm-difference")),
        hidden: texts.text("suppressed"),
    };
    let headline = headline(source, &label, &chart);
    let widest = highest(&curves[2].iter().map(|row| row.and_then(certain)).collect::<Vec<_>>(), |gap| gap.value.abs());
    let claim = widest.and_then(|(slot, _)| Claim::of_difference(curves[2][slot]?, Scale::Points, 1.0));
    let rows: Vec<&EstimateRow> = curves.iter().flatten().copied().flatten().collect();
    let peaks = [("women", &chart.women), ("men", &chart.men)].map(|(key, line)| {
        peak(source, line).map_or_else(
            || format!("{}: {}", texts.text(key), texts.text("suppressed")),
            |words| format!("{}: {words}", texts.text(key)),
        )
    });
    let name = format!("ritmo-{activity}").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    let subtitle = texts.fill("rhythm-subtitle", &[("activity", &label)]);
    Some(Figure {
        name,
        alternative: texts.fill("rhythm-alternative", &[("headline", &headline)]),
        description: texts.fill("day-description", &[("peaks", &peaks.join("; "))]),
        caption: source.caption(headline, subtitle, &rows, "flag-e-note-table"),
        table: table(source, &label, &curves),
        chart: Chart::Lines(chart),
        rows,
        claim,
    })
}

/// The value with its simultaneous band, which holds for all slots of the curve together.
fn simultaneous(row: &EstimateRow) -> Option<Interval> {
    let interval = Reading::of(row).interval()?;
    let (low, high) = row.simultaneous_band().unwrap_or((interval.low, interval.high));
    Some(Interval { low, high, ..interval })
}

/// A difference of which the simultaneous band leaves zero out.
fn certain(row: &EstimateRow) -> Option<Interval> {
    simultaneous(row).filter(Interval::excludes_zero)
}

fn peak(source: &Source, line: &Line) -> Option<String> {
    let texts = source.texts;
    let (slot, point) = highest(&line.points, |point| point.value)?;
    let share = number::percent(point.value, texts.language());
    Some(format!("{share} {}", texts.at_time(&Slot::new(slot)?.to_string())))
}

/// The first slot with the highest `size`.
fn highest(points: &[Option<Interval>], size: impl Fn(&Interval) -> f64) -> Option<(usize, Interval)> {
    let shown = points.iter().enumerate().filter_map(|(slot, point)| point.map(|point| (slot, point)));
    shown.fold(None, |best: Option<(usize, Interval)>, next| match best {
        Some((_, highest)) if size(&highest) >= size(&next.1) => best,
        _ => Some(next),
    })
}

fn headline(source: &Source, activity: &str, chart: &LineChart) -> String {
    let texts = source.texts;
    if chart.women.points.iter().chain(&chart.men.points).all(Option::is_none) {
        return texts.fill("rhythm-hidden", &[("activity", activity)]);
    }
    let Some(difference) = &chart.difference else {
        return texts.fill("rhythm-headline-plain", &[("activity", activity)]);
    };
    let certain: Vec<_> = difference.points.iter().map(|point| point.filter(Interval::excludes_zero)).collect();
    let Some((slot, gap)) = highest(&certain, |gap| gap.value.abs()) else {
        return texts.fill("rhythm-headline-none", &[("activity", activity)]);
    };
    let time = Slot::new(slot).map(|slot| texts.at_time(&slot.to_string())).unwrap_or_default();
    let key = if gap.value > 0.0 { "rhythm-headline-women" } else { "rhythm-headline-men" };
    texts.fill(
        key,
        &[
            ("activity", activity),
            ("time", &time),
            ("points", &number::points_in_words(gap.value, texts)),
            ("margin", &number::points_margin_in_words(gap.margin(), texts)),
        ],
    )
}

fn table(source: &Source, activity: &str, curves: &[Vec<Option<&EstimateRow>>; 3]) -> Table {
    let texts = source.texts;
    let cell = |row: Option<&EstimateRow>| {
        let Some(row) = row else { return Cell::words("–") };
        let reading = Reading::of(row);
        let words = reading.words(source, |share| number::percent(share, texts.language()));
        let words = match simultaneous(row) {
            Some(band) => format!("{words} (±{})", number::percent(band.margin(), texts.language()).replace('%', "")),
            None => words,
        };
        Cell { words, value: reading.interval().map(|interval| interval.value.to_string()) }
    };
    Table {
        caption: texts.fill("rhythm-table", &[("activity", activity)]),
        columns: ["column-hour", "column-women", "column-men", "column-gap"].map(|key| texts.text(key)).into(),
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
