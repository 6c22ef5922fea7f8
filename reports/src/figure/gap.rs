//! Women and men: the difference in time spent on each activity, by everybody or by a group.

use analytics::table::{EstimateRow, Indicator};

use crate::chart::{Chart, GapChart, Mark};
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source, in_words};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Whose gaps a figure shows, and its words.
pub(super) struct Gaps<'a> {
    /// Stem of its files' names.
    pub name: String,
    /// The differences.
    pub gaps: Vec<&'a EstimateRow>,
    /// Women's time.
    pub women: Vec<&'a EstimateRow>,
    /// Men's time.
    pub men: Vec<&'a EstimateRow>,
    /// The group they are of, where it is not everybody.
    pub whom: Option<String>,
}

/// One figure, when there are rows for it.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let gaps = Gaps {
        name: "donne-e-uomini".to_owned(),
        gaps: source.average_day(Indicator::TimeGap).filter(|row| row.target_group == "all").collect(),
        women: source.time_spent(Sex::Women).collect(),
        men: source.time_spent(Sex::Men).collect(),
        whom: None,
    };
    figure(source, gaps).into_iter().collect()
}

/// The figure of these gaps, the one by which women are furthest ahead first; `None` without rows.
pub(super) fn figure<'a>(
    source: &Source<'a>,
    Gaps { name, mut gaps, women, men, whom }: Gaps<'a>,
) -> Option<Figure<'a>> {
    let texts = source.texts;
    if gaps.is_empty() {
        return None;
    }
    let value = |row| Reading::of(row).interval().map_or(f64::NEG_INFINITY, |interval| interval.value);
    gaps.sort_by(|one, other| value(other).total_cmp(&value(one)));

    let signed = |minutes: f64| number::signed_duration(minutes, texts);
    let mark = |row: &&EstimateRow| {
        let [women, men] = [&women, &men].map(|side| side_cell(source, side, &row.activity).words);
        Mark {
            note: match women == men {
                true => texts.fill("both-sexes", &[("words", &women)]),
                false => texts.fill("women-and-men", &[("women", &women), ("men", &men)]),
            },
            ..source.mark(source.activity(&row.activity), row, signed)
        }
    };
    let marks: Vec<_> = gaps.iter().map(mark).collect();
    let headline = source.about(whom.as_deref(), headline(source, &marks));
    let table = Table {
        caption: source.about(whom.as_deref(), texts.text("gap-table")),
        columns: [
            "column-activity",
            "column-women",
            "column-men",
            "column-gap",
            "column-interval",
            "column-persons",
            "column-reliability",
        ]
        .map(|key| texts.text(key))
        .into(),
        rows: gaps
            .iter()
            .map(|gap| {
                let sides = [&women, &men].map(|side| side_cell(source, side, &gap.activity));
                let cells = sides.into_iter().chain(Reading::of(gap).minutes_cells(gap, source, signed)).collect();
                TableRow { header: source.activity(&gap.activity), cells }
            })
            .collect(),
        ..Table::default()
    };
    let claims = gaps.iter().filter_map(|row| Claim::of_difference(row, Scale::Minutes, source.part(row)));
    let claim = claims.min_by(|one, other| other.size.total_cmp(&one.size));
    let caption = source.caption_of_group(headline, texts.text("gap-subtitle"), &gaps, whom.as_deref());
    Some(Figure {
        name,
        alternative: texts.fill("gap-alternative", &[("headline", &caption.title)]),
        description: in_words(&marks),
        caption,
        chart: Chart::Gap(GapChart { marks, women_more: texts.text("women-more"), men_more: texts.text("men-more") }),
        table,
        claim,
        rows: gaps.into_iter().chain(women).chain(men).collect(),
    })
}

fn side_cell(source: &Source, side: &[&EstimateRow], activity: &str) -> Cell {
    let Some(row) = side.iter().find(|row| row.activity == activity) else { return Cell::words("–") };
    let reading = Reading::of(row);
    let words = reading.words(source, |minutes| number::duration(minutes, source.texts));
    Cell { words, value: reading.interval().map(|interval| interval.value.to_string()) }
}

/// The widest gap whose interval leaves zero out; otherwise, that there is none.
fn headline(source: &Source, marks: &[Mark]) -> String {
    let texts = source.texts;
    let shown = || marks.iter().filter_map(|mark| mark.value.map(|interval| (mark, interval)));
    let widest = shown()
        .filter(|(_, interval)| interval.excludes_zero())
        .max_by(|(_, one), (_, other)| one.value.abs().total_cmp(&other.value.abs()));
    match widest {
        Some((mark, interval)) => {
            let key = match interval.value > 0.0 {
                true => ("gap-headline-women", "gap-headline-women-plain"),
                false => ("gap-headline-men", "gap-headline-men-plain"),
            };
            let (key, activity) = match texts.to_activity(&mark.label) {
                Some(to_activity) => (key.0, to_activity),
                None => (key.1, mark.label.clone()),
            };
            let minutes = number::duration_in_words(interval.value, texts);
            let margin = number::margin_in_words(interval.margin(), texts);
            texts.fill(key, &[("activity", &activity), ("minutes", &minutes), ("margin", &margin)])
        }
        None if shown().next().is_some() => texts.text("gap-headline-none"),
        None => texts.text("gap-hidden"),
    }
}
