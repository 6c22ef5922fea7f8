//! An activity from wave to wave of a survey. Every wave has estimates of its own; nothing is computed between them: two
//! waves are said to differ only where their intervals lie apart.

use analytics::table::EstimateRow;

use crate::chart::Chart;
use crate::chart::axis::Measure;
use crate::chart::rows::Interval;
use crate::chart::trend::{Series, Trend, Who};
use crate::figure::Figure;
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;
use crate::text::inside_sentence;

/// A wave: when it was, such as `2024`, and its numbers.
pub struct Wave<'s, 'a> {
    /// When it was.
    pub label: &'s str,
    /// Its numbers.
    pub source: &'s Source<'a>,
}

/// Figures on the page; more would bury the message.
const N_FIGURES: usize = 3;

/// The activities whose time has changed most since the wave before; none without one.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let Some(before) = source.before else { return Vec::new() };
    let earlier = Source::new(before, source.edition, source.texts);
    let [then, now] = when(&before.run.as_of, &source.estimates.run.as_of);
    let waves = [Wave { label: &then, source: &earlier }, Wave { label: &now, source }];
    let minutes = |source: &Source<'a>, activity: &str| {
        let row = source.time_spent(Sex::All).find(|row| row.activity == activity)?;
        Some(Reading::of(row).interval()?.value)
    };
    let change = |activity: &str| Some((minutes(source, activity)? - minutes(&earlier, activity)?).abs());
    let activities = source.top_activities().into_iter();
    let mut changes: Vec<(&str, f64)> =
        activities.filter_map(|row| Some((row.code.as_str(), change(&row.code)?))).collect();
    changes.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let figures = changes.into_iter().take(N_FIGURES).filter_map(|(activity, _)| figure(&waves, activity));
    // The rows of both waves have the same names: their data are the table, which says of which wave each is.
    figures.map(|figure| Figure { rows: Vec::new(), ..figure }).collect()
}

/// What two waves are called by the times their data are of: by the year, or by the month where that is the same.
fn when(before: &str, now: &str) -> [String; 2] {
    let year = |as_of: &str| as_of.get(..4).unwrap_or(as_of).to_owned();
    let month = |as_of: &str| format!("{}/{}", as_of.get(5..7).unwrap_or_default(), year(as_of));
    if year(before) == year(now) { [month(before), month(now)] } else { [year(before), year(now)] }
}

/// Time spent on `activity` by women, men and everybody, the oldest wave first; `None` with fewer than two waves. The words
/// around it are those of the last wave.
pub fn figure<'a>(waves: &[Wave<'_, 'a>], activity: &str) -> Option<Figure<'a>> {
    let newest = waves.last().filter(|_| waves.len() > 1)?.source;
    let texts = newest.texts;
    let row_of = |wave: &Wave<'_, 'a>, sex: Sex| wave.source.time_spent(sex).find(|row| row.activity == activity);
    let sides = [(Sex::Women, "women", Who::Women), (Sex::Men, "men", Who::Men)];
    let duration = |minutes: f64| number::duration(minutes, texts);
    let series = sides.map(|(sex, key, who)| {
        let rows: Vec<Option<&'a EstimateRow>> = waves.iter().map(|wave| row_of(wave, sex)).collect();
        let last = rows.last().copied().flatten();
        let text = last.map_or_else(|| "–".to_owned(), |row| Reading::of(row).words(newest, duration));
        let points = rows.iter().map(|row| row.and_then(|row| Reading::of(row).interval())).collect();
        (Series { label: texts.text(key), who, points, text }, rows)
    });
    let rows: Vec<&EstimateRow> = series.iter().flat_map(|(_, rows)| rows.iter().copied().flatten()).collect();
    if rows.is_empty() {
        return None;
    }
    let label = newest.activity(activity);
    let labels: Vec<String> = waves.iter().map(|wave| wave.label.to_owned()).collect();
    let headline = headline(newest, &label, &labels, &series.each_ref().map(|(series, _)| series));
    let said = series.iter().map(|(series, _)| {
        let points = labels.iter().zip(&series.points).map(|(wave, point)| {
            let words = point.map_or_else(|| texts.text("suppressed"), |point| duration(point.value));
            format!("{wave} {words}")
        });
        format!("{}: {}", series.label, points.collect::<Vec<_>>().join(", "))
    });
    let description = format!("{}.", said.collect::<Vec<_>>().join("; "));
    let cells = |wave: usize| {
        series.iter().flat_map(move |(_, rows)| match rows[wave] {
            Some(row) => {
                let [value, interval, ..] = Reading::of(row).minutes_cells(row, newest, duration);
                [value, interval]
            }
            None => [Cell::words("–"), Cell::words("–")],
        })
    };
    let table = Table {
        caption: texts.fill("trend-table", &[("activity", &label)]),
        columns: ["column-wave", "column-women", "column-interval", "column-men", "column-interval"]
            .map(|key| texts.text(key))
            .into(),
        rows: labels
            .iter()
            .enumerate()
            .map(|(wave, label)| TableRow { header: label.clone(), cells: cells(wave).collect() })
            .collect(),
        ..Table::default()
    };
    Some(Figure {
        name: format!("andamento-{activity}").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"),
        alternative: texts.fill("trend-alternative", &[("headline", &headline)]),
        description,
        caption: newest.caption_of_all(
            headline,
            texts.fill("trend-subtitle", &[("activity", &label)]),
            &rows,
            "flag-e-note-table",
        ),
        chart: Chart::Trend(Trend {
            waves: labels,
            series: series.map(|(series, _)| series).into(),
            measure: Measure::Minutes,
        }),
        table,
        rows,
        claim: None,
    })
}

/// The widest change between the first and the last wave of which the intervals lie apart.
fn headline(source: &Source, activity: &str, waves: &[String], series: &[&Series; 2]) -> String {
    let texts = source.texts;
    let ends = |series: &Series| Some((series.points.first().copied()??, series.points.last().copied()??));
    let change = |(first, last): &(Interval, Interval)| (last.value - first.value).abs();
    let shown: Vec<_> = series.iter().filter_map(|series| ends(series).map(|ends| (*series, ends))).collect();
    let apart = shown.iter().filter(|(_, (first, last))| first.low > last.high || last.low > first.high);
    let (from, to) = (waves.first().map_or("", String::as_str), waves.last().map_or("", String::as_str));
    match apart.max_by(|(_, one), (_, other)| change(one).total_cmp(&change(other))) {
        Some((series, (first, last))) => {
            let with_margin = |value: Interval| {
                let margin = number::margin(value.margin(), texts);
                format!("{} ({margin})", number::duration_in_words(value.value, texts))
            };
            let places = [
                ("activity", activity),
                ("who", &inside_sentence(&series.label)),
                ("from", from),
                ("to", to),
                ("first", &with_margin(*first)),
                ("last", &with_margin(*last)),
            ];
            texts.fill("trend-headline", &places)
        }
        None if shown.is_empty() => texts.fill("trend-hidden", &[("activity", activity)]),
        None => texts.fill("trend-headline-none", &[("activity", activity), ("from", from), ("to", to)]),
    }
}
