//! Target groups compared, and zones: a figure for each of the activities on which they differ most.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, GroupKind, Indicator};

use crate::chart::axis::Measure;
use crate::chart::dots::Reference;
use crate::chart::rows::Interval;
use crate::chart::{Chart, DotChart, Mark};
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source, in_words};
use crate::figure::table::{Table, TableRow};
use crate::number;
use crate::text::inside_sentence;

/// Figures of target groups on the page, and of zones; more would bury the message.
const N_FIGURES: [(GroupKind, usize); 2] = [(GroupKind::Target, 4), (GroupKind::Zone, 2)];

/// The figures, of each kind of group the one with the widest spread first.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let of_kind = |(kind, n_figures): (GroupKind, usize)| {
        let mut activities: Vec<_> = by_activity(source, kind).into_iter().collect();
        activities.sort_by(|(_, one), (_, other)| spread(other).total_cmp(&spread(one)));
        let figures = activities.into_iter().take(n_figures);
        figures.map(|(activity, rows)| figure(source, activity, rows, kind)).collect::<Vec<_>>()
    };
    N_FIGURES.into_iter().flat_map(of_kind).collect()
}

/// The figure of one activity; `None` where the estimates have no groups.
pub fn of_activity<'a>(source: &Source<'a>, activity: &str) -> Option<Figure<'a>> {
    let rows = by_activity(source, GroupKind::Target).remove(activity)?;
    Some(figure(source, activity, rows, GroupKind::Target))
}

fn by_activity<'a>(source: &Source<'a>, kind: GroupKind) -> BTreeMap<&'a str, Vec<&'a EstimateRow>> {
    let mut by_activity: BTreeMap<&str, Vec<&EstimateRow>> = BTreeMap::new();
    let rows = source.average_day(Indicator::TimeSpent);
    for row in rows.filter(|row| row.sex == Sex::All.code() && source.is_of_kind(&row.target_group, kind)) {
        by_activity.entry(&row.activity).or_default().push(row);
    }
    by_activity
}

/// Minutes between the group that spends most and the one that spends least.
fn spread(rows: &[&EstimateRow]) -> f64 {
    let values = || rows.iter().filter_map(|row| Reading::of(row).interval()).map(|interval| interval.value);
    values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
}

fn figure<'a>(source: &Source<'a>, activity: &str, mut rows: Vec<&'a EstimateRow>, kind: GroupKind) -> Figure<'a> {
    let (stem, subtitle) = match kind {
        GroupKind::Target => ("gruppi", "groups-subtitle"),
        GroupKind::Zone => ("zone", "zones-subtitle"),
    };
    let texts = source.texts;
    let label = source.activity(activity);
    let value = |row| Reading::of(row).interval().map_or(-1.0, |interval| interval.value);
    let groups = &source.estimates.groups;
    let place = |row: &EstimateRow| groups.iter().position(|group| group.code == row.target_group);
    rows.sort_by(|one, other| value(other).total_cmp(&value(one)).then_with(|| place(one).cmp(&place(other))));

    let duration = |minutes: f64| number::duration(minutes, texts);
    let marks: Vec<_> = rows.iter().map(|row| source.mark(source.group(&row.target_group), row, duration)).collect();
    let headline = headline(source, &label, &marks, kind);
    let everybody = source.time_spent(Sex::All).find(|row| row.activity == activity);
    let table_rows = rows.iter().map(|row| (source.group(&row.target_group), *row));
    let table = Table {
        caption: texts.fill("groups-table", &[("activity", &label)]),
        columns: ["column-group", "column-time", "column-interval", "column-persons", "column-reliability"]
            .map(|key| texts.text(key))
            .into(),
        rows: everybody
            .map(|row| (texts.text("everybody"), row))
            .into_iter()
            .chain(table_rows)
            .map(|(header, row)| TableRow {
                header,
                cells: Reading::of(row).minutes_cells(row, source, duration).into(),
            })
            .collect(),
        ..Table::default()
    };
    let reference = everybody.and_then(|row| Reading::of(row).interval()).map(|interval| Reference {
        value: interval.value,
        label: texts.fill("everybody-with-time", &[("minutes", &duration(interval.value))]),
    });
    let claim = claim(source, &rows);
    rows.extend(everybody);
    Figure {
        name: format!("{stem}-{activity}").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"),
        alternative: texts.fill("groups-alternative", &[("headline", &headline)]),
        description: in_words(&marks),
        caption: source.caption(headline, texts.text(subtitle), &rows, "flag-e-note"),
        chart: Chart::Dots(DotChart { marks, measure: Measure::Minutes, reference }),
        table,
        rows,
        claim,
    }
}

/// The group that spends most against the one that spends least, which are `rows`' first and last with a number.
fn claim(source: &Source, rows: &[&EstimateRow]) -> Option<Claim> {
    let mut shown = rows.iter().copied().filter(|row| Reading::of(row).interval().is_some());
    let most = shown.next()?;
    let least = shown.next_back()?;
    Claim::of_two([most, least], Scale::Minutes, source.part(most) + source.part(least))
}

/// From the least to the most, when their intervals lie apart. Groups that share people have positively
/// correlated estimates, which makes their difference more certain, not less.
fn headline(source: &Source, activity: &str, marks: &[Mark], kind: GroupKind) -> String {
    // The name of a place keeps its first letter.
    let name = |mark: &Mark| match kind {
        GroupKind::Target => inside_sentence(&mark.label),
        GroupKind::Zone => mark.label.clone(),
    };
    let with_margin = |value: Interval| {
        let (minutes, margin) =
            (number::duration(value.value, source.texts), number::margin(value.margin(), source.texts));
        format!("{minutes} {margin}")
    };
    let shown: Vec<_> = marks.iter().filter_map(|mark| mark.value.map(|interval| (mark, interval))).collect();
    match (shown.first(), shown.last()) {
        (Some((most, high)), Some((least, low))) if high.low > low.high => source.texts.fill(
            "groups-headline",
            &[
                ("activity", activity),
                ("least", &name(least)),
                ("least-minutes", &with_margin(*low)),
                ("most", &name(most)),
                ("most-minutes", &with_margin(*high)),
            ],
        ),
        (Some(_), Some(_)) if shown.len() > 1 => source.texts.fill("groups-headline-none", &[("activity", activity)]),
        _ => source.texts.fill("groups-hidden", &[("activity", activity)]),
    }
}
