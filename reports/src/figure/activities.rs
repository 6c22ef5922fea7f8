//! How much time each activity takes on the average day.

use crate::chart::axis::Measure;
use crate::chart::{BarChart, Chart};
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source, in_words};
use crate::figure::table::{Table, TableRow};
use crate::number;
use crate::text::inside_sentence;

/// One figure, when there are rows for it.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let texts = source.texts;
    let mut rows: Vec<_> = source.time_spent(Sex::All).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let value = |row| Reading::of(row).interval().map_or(-1.0, |interval| interval.value);
    rows.sort_by(|one, other| value(other).total_cmp(&value(one)));

    let duration = |minutes: f64| number::duration(minutes, texts);
    let marks: Vec<_> = rows.iter().map(|row| source.mark(source.activity(&row.activity), row, duration)).collect();
    let largest: Vec<String> = marks
        .iter()
        .filter_map(|mark| mark.value.map(|interval| (mark, interval)))
        .take(3)
        .map(|(mark, interval)| {
            let (minutes, margin) = (duration(interval.value), number::margin(interval.margin(), texts));
            format!("{} {minutes} ({margin})", inside_sentence(&mark.label))
        })
        .collect();
    let headline = match largest.is_empty() {
        true => texts.text("activities-hidden"),
        false => texts.fill("activities-headline", &[("activities", &largest.join(", "))]),
    };
    let table = Table {
        caption: texts.text("activities-table"),
        columns: ["column-activity", "column-time", "column-interval", "column-persons", "column-reliability"]
            .map(|key| texts.text(key))
            .into(),
        rows: rows
            .iter()
            .map(|row| TableRow {
                header: source.activity(&row.activity),
                cells: Reading::of(row).minutes_cells(row, source, duration).into(),
            })
            .collect(),
        ..Table::default()
    };
    vec![Figure {
        name: "attivita".to_owned(),
        alternative: texts.fill("activities-alternative", &[("headline", &headline)]),
        description: in_words(&marks),
        caption: source.caption(headline, texts.text("activities-subtitle"), &rows, "flag-e-note"),
        chart: Chart::Bars(BarChart { marks, measure: Measure::Minutes }),
        table,
        claim: rows.first().and_then(|row| Claim::of_level(row, Scale::Minutes, 1.0)),
        rows,
    }]
}
