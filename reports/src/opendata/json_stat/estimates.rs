//! The estimates as JSON-stat: a dataset for each measure and timeline.

use std::borrow::Cow;

use analytics::table::{EstimateRow, Indicator, Timeline, Unit as UnitOfRow};

use super::cube::{Axis, Cube, Dataset, Unit, group};
use crate::opendata::Material;
use crate::opendata::codes::{Variable, clock, code};
use crate::text::Texts;

/// The file of a dataset.
pub fn name(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    format!("{}-{}-{}.json", code(&indicator), code(&timeline), texts.language().tag())
}

/// What a dataset is called.
pub fn label(indicator: Indicator, timeline: Timeline, texts: &Texts) -> String {
    let (indicator, timeline) = (code(&indicator), code(&timeline));
    format!("{} · {}", Variable::Indicator.label(&indicator, texts), Variable::Timeline.label(&timeline, texts))
}

/// The dataset of the `rows` of a measure.
pub fn dataset(
    material: &Material,
    (indicator, timeline): (Indicator, Timeline),
    rows: &[&EstimateRow],
    texts: &Texts,
) -> Dataset {
    let category = |code: &str| material.categories.label(timeline, code, texts.language()).to_owned();
    let unit = rows.first().map(|row| row.unit);
    let cells = rows.iter().map(|row| {
        let slot = row.slot.map_or(Cow::Borrowed(""), |slot| Cow::Owned(clock(slot)));
        let people = group(&row.age_group, &row.target_group);
        let [activity, sex, people, day] = [&row.activity, &row.sex, people, &row.day].map(Cow::Borrowed);
        ([activity, sex, people, day, slot], (*row).into())
    });
    let cube = Cube {
        label: label(indicator, timeline, texts),
        axes: [
            Axis::new("activity", "activity_label", texts, category),
            Axis::sex(texts),
            Axis::group(material, texts),
            Axis::new("day", "day", texts, |code| Variable::Day.label(code, texts)),
            Axis::new("slot", "slot", texts, str::to_owned),
        ],
        unit: Unit {
            label: unit.map(|unit| Variable::Unit.label(&code(&unit), texts)).unwrap_or_default(),
            decimals: decimals(unit),
        },
        cells: cells.collect(),
    };
    cube.dataset(material, texts)
}

fn decimals(unit: Option<UnitOfRow>) -> u8 {
    match unit {
        Some(UnitOfRow::EpisodesPerDay | UnitOfRow::EurosPerDay) => 2,
        Some(UnitOfRow::EurosPerYear) => 0,
        _ => 1,
    }
}
