//! Women and men by age: a panel for each age, and a pyramid of who takes part in an activity.

use std::collections::BTreeMap;

use analytics::table::{EstimateRow, Indicator};

use crate::chart::Chart;
use crate::chart::axis::Measure;
use crate::chart::multiples::{Multiples, Pair, Panel};
use crate::chart::pyramid::{Pyramid, PyramidRow, Side};
use crate::chart::rows::Interval;
use crate::figure::Figure;
use crate::figure::claim::{Claim, Scale};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;
use crate::text::{capitalised, inside_sentence};

/// Rows in a panel: the activities in which women and men differ most.
const N_ROWS: usize = 4;

/// The age groups that some row is about, the youngest first.
fn ages<'a>(rows: &[&'a EstimateRow]) -> Vec<&'a str> {
    let first_year =
        |age: &str| age.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap_or(u32::MAX);
    let mut ages: Vec<&str> = rows.iter().map(|row| row.age_group.as_str()).collect();
    ages.sort_by_key(|age| (first_year(age), *age));
    ages.dedup();
    ages
}

fn find<'a>(rows: &[&'a EstimateRow], activity: &str, age: &str, sex: Sex) -> Option<&'a EstimateRow> {
    rows.iter().find(|row| row.activity == activity && row.age_group == age && row.sex == sex.code()).copied()
}

/// A panel for each age; none when the source does not tell ages.
pub fn panels<'a>(source: &Source<'a>) -> Option<Figure<'a>> {
    let texts = source.texts;
    let times: Vec<_> = source.by_age(Indicator::TimeSpent).filter(|row| row.sex != Sex::All.code()).collect();
    let gaps: Vec<_> = source.by_age(Indicator::TimeGap).collect();
    let ages = ages(&times);
    if ages.is_empty() {
        return None;
    }
    let activities = widest_gaps(source);
    let panels = ages.iter().map(|age| Panel {
        label: source.age(age),
        pairs: activities
            .iter()
            .map(|activity| pair(source, activity, [Sex::Women, Sex::Men].map(|sex| find(&times, activity, age, sex))))
            .collect(),
    });
    let panels: Vec<Panel> = panels.collect();
    let rows: Vec<&EstimateRow> =
        times.iter().chain(&gaps).filter(|row| activities.contains(&row.activity.as_str())).copied().collect();
    let (headline, claim) = panels_headline(source, &rows);
    let said = panels.iter().flat_map(|panel| {
        panel.pairs.iter().map(|pair| format!("{}, {}: {}", panel.label, inside_sentence(&pair.label), pair.text))
    });
    Some(Figure {
        name: "eta".to_owned(),
        alternative: texts.fill("ages-alternative", &[("headline", &headline)]),
        description: format!("{}.", said.collect::<Vec<_>>().join("; ")),
        caption: source.caption_of_all(headline, texts.text("ages-subtitle"), &rows, "flag-e-note"),
        table: panels_table(source, &ages, &activities, &times, &gaps),
        chart: Chart::Multiples(Multiples {
            panels,
            women: texts.text("women"),
            men: texts.text("men"),
            measure: Measure::Minutes,
        }),
        rows,
        claim,
    })
}

/// The activities with the widest gaps at all ages, in the order of the classification.
fn widest_gaps<'a>(source: &Source<'a>) -> Vec<&'a str> {
    let gaps = source.average_day(Indicator::TimeGap).filter(|row| row.target_group == "all");
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for row in gaps {
        if let Some(interval) = Reading::of(row).interval() {
            sizes.insert(&row.activity, interval.value.abs());
        }
    }
    let all: Vec<&str> = source.top_activities().into_iter().map(|activity| activity.code.as_str()).collect();
    let mut chosen = all.clone();
    let size = |activity: &str| sizes.get(activity).copied().unwrap_or(-1.0);
    chosen.sort_by(|one, other| size(other).total_cmp(&size(one)));
    chosen.truncate(N_ROWS);
    all.into_iter().filter(|activity| chosen.contains(activity)).collect()
}

fn pair(source: &Source, activity: &str, rows: [Option<&EstimateRow>; 2]) -> Pair {
    let texts = source.texts;
    let words = rows.map(|row| {
        row.map_or_else(
            || "–".to_owned(),
            |row| Reading::of(row).words(source, |minutes| number::duration(minutes, texts)),
        )
    });
    let [women, men] = rows.map(|row| row.and_then(|row| Reading::of(row).interval()));
    Pair {
        label: source.activity(activity),
        women,
        men,
        text: match words[0] == words[1] {
            true => texts.fill("both-sexes", &[("words", &words[0])]),
            false => texts.fill("women-and-men", &[("women", &words[0]), ("men", &words[1])]),
        },
    }
}

fn panels_headline(source: &Source, rows: &[&EstimateRow]) -> (String, Option<Claim>) {
    let texts = source.texts;
    let gaps = || {
        let gaps = rows.iter().filter(|row| row.indicator == Indicator::TimeGap);
        gaps.filter_map(|row| Reading::of(row).interval().map(|interval| (*row, interval)))
    };
    let certain = gaps().filter(|(_, interval)| interval.excludes_zero());
    match certain.max_by(|(_, one), (_, other)| one.value.abs().total_cmp(&other.value.abs())) {
        Some((row, gap)) => {
            let headline = texts.fill(
                if gap.value > 0.0 { "ages-headline-women" } else { "ages-headline-men" },
                &[
                    ("age", &capitalised(&source.at_age(&row.age_group))),
                    ("activity", &inside_sentence(&source.activity(&row.activity))),
                    ("minutes", &number::duration_in_words(gap.value, texts)),
                    ("margin", &number::margin_in_words(gap.margin(), texts)),
                ],
            );
            (headline, Claim::of_difference(row, Scale::Minutes, source.part(row)))
        }
        None if gaps().next().is_some() => (texts.text("ages-headline-none"), None),
        None => (texts.text("ages-hidden"), None),
    }
}

fn panels_table(
    source: &Source,
    ages: &[&str],
    activities: &[&str],
    times: &[&EstimateRow],
    gaps: &[&EstimateRow],
) -> Table {
    let texts = source.texts;
    let cell = |row: Option<&EstimateRow>, format: &dyn Fn(f64) -> String| {
        let Some(row) = row else { return Cell::words("–") };
        let reading = Reading::of(row);
        let value = reading.interval().map(|interval| interval.value.to_string());
        Cell { words: reading.words(source, format), value }
    };
    let duration = |minutes: f64| number::duration(minutes, texts);
    let signed = |minutes: f64| number::signed_duration(minutes, texts);
    let between = |row: Option<&EstimateRow>| match row.and_then(|row| Reading::of(row).interval()) {
        Some(gap) => texts.fill("from-to", &[("low", &signed(gap.low)), ("high", &signed(gap.high))]),
        None => "–".to_owned(),
    };
    let row = |age: &str, activity: &str| {
        let gap = find(gaps, activity, age, Sex::All);
        TableRow {
            header: format!("{}, {}", source.age(age), inside_sentence(&source.activity(activity))),
            cells: vec![
                cell(find(times, activity, age, Sex::Women), &duration),
                cell(find(times, activity, age, Sex::Men), &duration),
                cell(gap, &signed),
                Cell::words(between(gap)),
            ],
        }
    };
    Table {
        caption: texts.text("ages-table"),
        columns: ["column-age-and-activity", "column-women", "column-men", "column-gap", "column-interval"]
            .map(|key| texts.text(key))
            .into(),
        rows: ages.iter().flat_map(|age| activities.iter().map(|activity| row(age, activity))).collect(),
        ..Table::default()
    }
}

/// The pyramid of the activity in which women's and men's participation differs most at some age.
pub fn pyramids<'a>(source: &Source<'a>) -> Option<Figure<'a>> {
    let rows: Vec<_> = source.by_age(Indicator::ParticipationRate).collect();
    let ages = ages(&rows);
    let widest = |activity: &str| {
        let apart =
            ages.iter().filter_map(|age| apart(&rows, activity, age)).map(|(women, men)| women.value - men.value);
        apart.map(f64::abs).fold(0.0, f64::max)
    };
    let activities = source.top_activities().into_iter().map(|activity| (widest(&activity.code), &activity.code));
    let most = activities.fold(None, |best: Option<(f64, &String)>, next| match best {
        Some((highest, _)) if highest >= next.0 => best,
        _ => Some(next),
    });
    most.and_then(|(_, activity)| pyramid(source, activity))
}

/// Women and men of an age, when their intervals lie apart.
fn apart(rows: &[&EstimateRow], activity: &str, age: &str) -> Option<(Interval, Interval)> {
    let [women, men] =
        [Sex::Women, Sex::Men].map(|sex| find(rows, activity, age, sex).and_then(|row| Reading::of(row).interval()));
    let (women, men) = (women?, men?);
    (women.low > men.high || men.low > women.high).then_some((women, men))
}

/// The pyramid of one activity; `None` when the source does not tell ages.
pub fn pyramid<'a>(source: &Source<'a>, activity: &str) -> Option<Figure<'a>> {
    let texts = source.texts;
    let rates = source.by_age(Indicator::ParticipationRate);
    let rows: Vec<_> = rates.filter(|row| row.activity == activity && row.sex != Sex::All.code()).collect();
    let ages = ages(&rows);
    if ages.is_empty() {
        return None;
    }
    let share = |value: f64| number::percent(value, texts.language());
    let side = |age: &str, sex: Sex| {
        let row = find(&rows, activity, age, sex);
        Side {
            value: row.and_then(|row| Reading::of(row).interval()),
            text: row.map_or_else(|| "–".to_owned(), |row| Reading::of(row).words(source, share)),
        }
    };
    // The oldest above, as pyramids are drawn.
    let bars: Vec<PyramidRow> = ages
        .iter()
        .rev()
        .map(|age| PyramidRow { label: source.age(age), women: side(age, Sex::Women), men: side(age, Sex::Men) })
        .collect();
    let label = source.activity(activity);
    let (headline, claim) = pyramid_headline(source, &label, activity, &rows, &ages);
    let said = bars.iter().map(|row| {
        let sides = [("women", &*row.women.text), ("men", &*row.men.text)];
        format!("{}: {}", row.label, texts.fill("women-and-men", &sides))
    });
    let cell = |row: Option<&EstimateRow>| {
        let Some(row) = row else { return [Cell::words("–"), Cell::words("–")] };
        let reading = Reading::of(row);
        let value = reading.interval().map(|interval| interval.value.to_string());
        let between = reading.interval().map_or_else(
            || "–".to_owned(),
            |rate| texts.fill("from-to", &[("low", &share(rate.low.max(0.0))), ("high", &share(rate.high.min(100.0)))]),
        );
        [Cell { words: reading.words(source, share), value }, Cell::words(between)]
    };
    let table = Table {
        caption: texts.fill("pyramid-table", &[("activity", &label)]),
        columns: ["column-age", "column-women", "column-interval", "column-men", "column-interval"]
            .map(|key| texts.text(key))
            .into(),
        rows: ages
            .iter()
            .map(|age| TableRow {
                header: source.age(age),
                cells: [Sex::Women, Sex::Men]
                    .into_iter()
                    .flat_map(|sex| cell(find(&rows, activity, age, sex)))
                    .collect(),
            })
            .collect(),
        ..Table::default()
    };
    Some(Figure {
        name: format!("partecipazione-{activity}").replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"),
        alternative: texts.fill("pyramid-alternative", &[("headline", &headline)]),
        description: format!("{}.", said.collect::<Vec<_>>().join("; ")),
        caption: source.caption_of_all(
            headline,
            texts.fill("pyramid-subtitle", &[("activity", &label)]),
            &rows,
            "flag-e-note",
        ),
        chart: Chart::Pyramid(Pyramid {
            rows: bars,
            women: texts.text("women"),
            men: texts.text("men"),
            measure: Measure::Percent,
        }),
        table,
        rows,
        claim,
    })
}

fn pyramid_headline(
    source: &Source,
    label: &str,
    activity: &str,
    rows: &[&EstimateRow],
    ages: &[&str],
) -> (String, Option<Claim>) {
    let texts = source.texts;
    let pairs = ages.iter().filter_map(|age| apart(rows, activity, age).map(|pair| (*age, pair)));
    let widest = pairs.max_by(|(_, one), (_, other)| {
        let size = |(women, men): &(Interval, Interval)| (women.value - men.value).abs();
        size(one).total_cmp(&size(other))
    });
    let digits = |value: f64| number::percent(value, texts.language());
    let with_margin = |rate: Interval| {
        let share = texts.with_article(&digits(rate.value));
        texts.fill("share-with-margin", &[("share", &share), ("margin", &digits(rate.margin()).replace('%', ""))])
    };
    match widest {
        Some((age, (women, men))) => {
            let headline = texts.fill(
                "pyramid-headline",
                &[
                    ("activity", label),
                    ("age", &source.at_age(age)),
                    ("women", &with_margin(women)),
                    ("men", &with_margin(men)),
                ],
            );
            let sides = [Sex::Women, Sex::Men].map(|sex| find(rows, activity, age, sex));
            let claim = match sides {
                [Some(women), Some(men)] => {
                    Claim::of_two([women, men], Scale::Points, source.part(women) + source.part(men))
                }
                _ => None,
            };
            (headline, claim)
        }
        None if rows.iter().any(|row| Reading::of(row).interval().is_some()) => {
            (texts.fill("pyramid-headline-none", &[("activity", label)]), None)
        }
        None => (texts.fill("pyramid-hidden", &[("activity", label)]), None),
    }
}
