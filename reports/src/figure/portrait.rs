//! The portrait of a group of people: its day beside everybody's, its women and men, and the numbers that set it apart.

use analytics::table::{EstimateRow, Indicator};

use crate::chart::rows::Interval;
use crate::figure::Figure;
use crate::figure::balance::{self, Days};
use crate::figure::claim::{Claim, Scale};
use crate::figure::gap::{self, Gaps};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;
use crate::text::{inside_sentence, shortened};

/// Rows in the table of numbers that set a group apart.
const N_NUMBERS: usize = 8;

/// Letters of an activity's name in a message that has another name and two numbers in it.
const LONGEST_NAME: usize = 60;

/// The figures of the group with this code; none where nothing about it may be told.
pub fn figures<'a>(source: &Source<'a>, group: &str) -> Vec<Figure<'a>> {
    [day(source, group), women_and_men(source, group)].into_iter().flatten().collect()
}

fn stem(group: &str) -> String {
    group.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-")
}

fn is_shown(row: &&EstimateRow) -> bool {
    Reading::of(row).interval().is_some()
}

/// The group's 24 hours beside everybody's.
fn day<'a>(source: &Source<'a>, group: &str) -> Option<Figure<'a>> {
    let texts = source.texts;
    let rows: Vec<&EstimateRow> = source
        .average_day(Indicator::TimeSpent)
        .filter(|row| row.target_group == group && row.sex == Sex::All.code())
        .collect();
    if !rows.iter().any(is_shown) {
        return None;
    }
    let everybody: Vec<&EstimateRow> = source.time_spent(Sex::All).collect();
    let label = source.group(group);
    let (headline, claim) = headline(source, &label, &rows, &everybody);
    let sides = [(rows.clone(), label.clone()), (everybody.clone(), texts.text("everybody"))];
    let Days { chart, table, said } = balance::days(source, &sides, texts.fill("portrait-table", &[("group", &label)]));
    Some(Figure {
        name: format!("ritratto-{}", stem(group)),
        alternative: texts.fill("portrait-alternative", &[("headline", &headline)]),
        description: said,
        caption: source.caption_of_group(headline, texts.text("portrait-subtitle"), &rows, Some(&label)),
        chart,
        table,
        rows: rows.into_iter().chain(everybody).collect(),
        claim,
    })
}

/// The activity in which the group's time is furthest from everybody's, when their intervals lie apart. The group is part of
/// everybody, so their estimates are positively correlated, which makes the difference more certain, not less.
fn headline(
    source: &Source,
    label: &str,
    rows: &[&EstimateRow],
    everybody: &[&EstimateRow],
) -> (String, Option<Claim>) {
    let texts = source.texts;
    let beside = |row: &EstimateRow| everybody.iter().copied().find(|other| other.activity == row.activity);
    let pairs = rows.iter().filter_map(|row| Some((*row, beside(row)?)));
    let claims =
        pairs.filter_map(|(row, all)| Some((Claim::of_two([row, all], Scale::Minutes, source.part(row))?, row, all)));
    let widest = claims.min_by(|(one, ..), (other, ..)| other.size.total_cmp(&one.size));
    let minutes = |row: &EstimateRow| {
        let with_margin = |value: Interval| {
            format!("{} {}", number::duration(value.value, texts), number::margin(value.margin(), texts))
        };
        Reading::of(row).interval().map(with_margin).unwrap_or_default()
    };
    match widest {
        Some((claim, row, all)) => {
            let headline = texts.fill(
                "portrait-headline",
                &[
                    ("group", label),
                    ("activity", &inside_sentence(&shortened(&source.activity(&row.activity), LONGEST_NAME))),
                    ("minutes", &minutes(row)),
                    ("everybody", &minutes(all)),
                ],
            );
            (headline, Some(claim))
        }
        None => (texts.fill("portrait-headline-none", &[("group", label)]), None),
    }
}

/// Women and men of the group.
fn women_and_men<'a>(source: &Source<'a>, group: &str) -> Option<Figure<'a>> {
    let of_sex = |sex: Sex| -> Vec<&'a EstimateRow> {
        let rows = source.average_day(Indicator::TimeSpent);
        rows.filter(|row| row.target_group == group && row.sex == sex.code()).collect()
    };
    let gaps: Vec<_> = source.average_day(Indicator::TimeGap).filter(|row| row.target_group == group).collect();
    if !gaps.iter().any(is_shown) {
        return None;
    }
    let gaps = Gaps {
        name: format!("donne-e-uomini-{}", stem(group)),
        gaps,
        women: of_sex(Sex::Women),
        men: of_sex(Sex::Men),
        whom: Some(source.group(group)),
    };
    gap::figure(source, gaps)
}

/// The activities, coarse and fine, on which the group's time is furthest from everybody's, the furthest first: only those
/// whose intervals lie apart. `None` where there are none.
pub fn numbers(source: &Source, group: &str) -> Option<Table> {
    let texts = source.texts;
    let top: Vec<&str> = source.top_activities().into_iter().map(|row| row.code.as_str()).collect();
    let finer = source.parts_of(&top).into_iter().map(|row| row.code.as_str());
    let pair = |code: &str| {
        let of_group = source.number(Indicator::TimeSpent, code, Sex::All, group)?;
        let all = source.number(Indicator::TimeSpent, code, Sex::All, "all")?;
        Some((Claim::of_two([of_group, all], Scale::Minutes, 1.0)?, of_group, all))
    };
    let mut pairs: Vec<_> = top.iter().copied().chain(finer).filter_map(pair).collect();
    pairs.sort_by(|(one, ..), (other, ..)| other.size.total_cmp(&one.size));
    pairs.truncate(N_NUMBERS);
    if pairs.is_empty() {
        return None;
    }
    let cells = |row: &EstimateRow| {
        let reading = Reading::of(row);
        let between = reading.interval().map_or_else(
            || "–".to_owned(),
            |interval| {
                let [low, high] = [interval.low, interval.high].map(|end| number::duration(end.max(0.0), texts));
                texts.fill("from-to", &[("low", &low), ("high", &high)])
            },
        );
        let words = reading.words(source, |minutes| number::duration(minutes, texts));
        [Cell { words, value: reading.interval().map(|interval| interval.value.to_string()) }, Cell::words(between)]
    };
    let label = source.group(group);
    Some(Table {
        caption: texts.fill("portrait-numbers", &[("group", &label)]),
        groups: Vec::new(),
        columns: vec![
            texts.text("column-activity"),
            label,
            texts.text("column-interval"),
            texts.text("everybody"),
            texts.text("column-interval"),
        ],
        rows: pairs
            .iter()
            .map(|(_, of_group, all)| TableRow {
                header: source.activity(&of_group.activity),
                cells: cells(of_group).into_iter().chain(cells(all)).collect(),
            })
            .collect(),
    })
}
