//! How the 24 hours of an average day are divided: bars side by side, women's and men's.

use analytics::table::{EstimateRow, Indicator};

use crate::chart::Chart;
use crate::chart::day_bar::{DayBar, DayBars, Part};
use crate::figure::Figure;
use crate::figure::bands::{Group, group};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Whose day a bar is: their time on each of the coarsest activities, and what they are called.
pub(super) type Side<'a> = (Vec<&'a EstimateRow>, String);

/// Bars of 24 hours side by side, their table, and their numbers in words.
pub(super) struct Days {
    /// What is drawn.
    pub chart: Chart,
    /// The same numbers.
    pub table: Table,
    /// The same numbers as a sentence.
    pub said: String,
}

/// One figure; none without women and men.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let texts = source.texts;
    let sides = [(Sex::Women, "women"), (Sex::Men, "men")].map(|(sex, key)| {
        let rows: Vec<&EstimateRow> = source.time_spent(sex).collect();
        (rows, texts.text(key))
    });
    if sides.iter().any(|(rows, _)| rows.is_empty()) {
        return Vec::new();
    }
    let headline = headline(source, &sides.each_ref().map(|(rows, _)| rows.as_slice()));
    let Days { chart, table, said } = days(source, &sides, texts.text("balance-table"));
    let rows: Vec<&EstimateRow> = sides.iter().flat_map(|(rows, _)| rows.iter().copied()).collect();
    vec![Figure {
        name: "giornata".to_owned(),
        alternative: texts.fill("balance-alternative", &[("headline", &headline)]),
        description: said,
        caption: source.caption_of_all(headline, texts.text("balance-subtitle"), &rows, "flag-e-note-table"),
        chart,
        table,
        rows,
        claim: None,
    }]
}

/// The bars of these sides.
pub(super) fn days(source: &Source, sides: &[Side], caption: String) -> Days {
    let texts = source.texts;
    let minutes = |rows: &[&EstimateRow], activity: &str| {
        let row = rows.iter().find(|row| row.activity == activity)?;
        Some(Reading::of(row).interval()?.value)
    };
    let activities = source.top_activities();
    let mean = |place: usize| sides.iter().filter_map(|(rows, _)| minutes(rows, &activities[place].code)).sum::<f64>();
    let groups = group(source, &activities, mean);
    let part = |rows: &[&EstimateRow], group: &Group| {
        let sum: Option<f64> = group.members.iter().map(|place| minutes(rows, &activities[*place].code)).sum();
        Part {
            label: group.label.clone(),
            minutes: sum,
            text: sum.map_or_else(|| texts.text("suppressed"), |sum| number::duration(sum, texts)),
        }
    };
    let bars: Vec<DayBar> = sides
        .iter()
        .map(|(rows, label)| DayBar {
            label: label.clone(),
            parts: groups.iter().map(|group| part(rows, group)).collect(),
        })
        .collect();
    let said = bars.iter().map(|bar| {
        let parts: Vec<String> = bar.parts.iter().map(|part| format!("{} {}", part.label, part.text)).collect();
        format!("{}: {}", bar.label, parts.join(", "))
    });
    let said = format!("{}.", said.collect::<Vec<_>>().join("; "));
    let cell = |rows: &[&EstimateRow], activity: &str| {
        let Some(row) = rows.iter().find(|row| row.activity == activity) else { return Cell::words("–") };
        let reading = Reading::of(row);
        let words = reading.words(source, |minutes| number::duration(minutes, texts));
        Cell { words, value: reading.interval().map(|interval| interval.value.to_string()) }
    };
    let table = Table {
        caption,
        columns: std::iter::once(texts.text("column-activity"))
            .chain(sides.iter().map(|(_, label)| label.clone()))
            .collect(),
        rows: groups
            .iter()
            .flat_map(|group| &group.members)
            .map(|place| TableRow {
                header: source.activity(&activities[*place].code),
                cells: sides.iter().map(|(rows, _)| cell(rows, &activities[*place].code)).collect(),
            })
            .collect(),
        ..Table::default()
    };
    Days { chart: Chart::Day(DayBars { bars, hidden: texts.text("rest-hidden") }), table, said }
}

/// The widest certain gap, told as both sides.
fn headline(source: &Source, [women, men]: &[&[&EstimateRow]; 2]) -> String {
    let texts = source.texts;
    let gaps = source.average_day(Indicator::TimeGap).filter(|row| row.target_group == "all");
    let gaps = gaps.filter_map(|row| Some((row, Reading::of(row).interval()?)));
    let certain = gaps.filter(|(_, gap)| gap.excludes_zero());
    let widest = certain.max_by(|(_, one), (_, other)| one.value.abs().total_cmp(&other.value.abs()));
    let side = |rows: &[&EstimateRow], activity: &str| {
        let row = rows.iter().find(|row| row.activity == activity)?;
        Some(number::duration_in_words(Reading::of(row).interval()?.value, texts))
    };
    let told = widest.and_then(|(row, gap)| {
        let (women, men) = (side(women, &row.activity)?, side(men, &row.activity)?);
        let places = [
            ("activity", source.activity(&row.activity)),
            ("women", women),
            ("men", men),
            ("gap", number::duration_in_words(gap.value, texts)),
            ("margin", number::margin_in_words(gap.margin(), texts)),
        ];
        Some(texts.fill("balance-headline", &places.each_ref().map(|(key, value)| (*key, value.as_str()))))
    });
    let shown = || women.iter().chain(men.iter()).any(|row| Reading::of(row).interval().is_some());
    told.unwrap_or_else(|| texts.text(if shown() { "balance-headline-none" } else { "balance-hidden" }))
}
