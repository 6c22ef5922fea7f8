//! The hours of the day: what share of women and of men is in each activity, every ten minutes.

use analytics::table::{CategoryRow, EstimateRow, Indicator};
use questionnaires::slot::{SLOTS_PER_DAY, Slot, Span};

use crate::chart::{Band, Chart, Tempogram};
use crate::figure::Figure;
use crate::figure::bands::{Group, group};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, ColumnGroup, Table, TableRow};
use crate::number;
use crate::text::inside_sentence;

/// The shares of one activity, a row per slot.
struct Series<'a> {
    activity: &'a CategoryRow,
    slots: Vec<Option<&'a EstimateRow>>,
}

impl Series<'_> {
    fn share(&self, slot: usize) -> Option<f64> {
        Reading::of(self.slots[slot]?).interval().map(|interval| interval.value)
    }

    fn mean(&self) -> f64 {
        (0..SLOTS_PER_DAY).filter_map(|slot| self.share(slot)).sum::<f64>() / SLOTS_PER_DAY as f64
    }
}

/// A figure for women and one for men; none when the source gives no times.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let sides = [(Sex::Women, "ore-del-giorno-donne", "women"), (Sex::Men, "ore-del-giorno-uomini", "men")];
    let of_side = |(sex, name, who): (Sex, &str, &str)| {
        let series = series(source, sex);
        (!series.is_empty()).then(|| figure(source, &series, name, &source.texts.text(who)))
    };
    sides.into_iter().filter_map(of_side).collect()
}

fn series<'a>(source: &Source<'a>, sex: Sex) -> Vec<Series<'a>> {
    let rows: Vec<_> = source
        .average_day(Indicator::ShareAtSlot)
        .filter(|row| row.sex == sex.code() && row.target_group == "all")
        .collect();
    let mut all = Vec::new();
    for activity in source.top_activities() {
        let mut slots = vec![None; SLOTS_PER_DAY];
        for row in rows.iter().filter(|row| row.activity == activity.code) {
            if let Some(place) = row.slot.and_then(|slot| slots.get_mut(usize::from(slot))) {
                *place = Some(*row);
            }
        }
        if slots.iter().any(Option::is_some) {
            all.push(Series { activity, slots });
        }
    }
    all
}

fn figure<'a>(source: &Source<'a>, series: &[Series<'a>], name: &str, who: &str) -> Figure<'a> {
    let texts = source.texts;
    let activities: Vec<&CategoryRow> = series.iter().map(|series| series.activity).collect();
    let groups = group(source, &activities, |place| series[place].mean());
    let bands: Vec<Band> = groups
        .iter()
        .map(|group| Band {
            label: group.label.clone(),
            shares: (0..SLOTS_PER_DAY)
                .map(|slot| group.members.iter().map(|member| series[*member].share(slot)).sum())
                .collect(),
        })
        .collect();
    let peaks = peaks(source, &bands);
    let headline = match peaks.is_empty() {
        true => texts.fill("day-hidden", &[("who", who)]),
        false => texts.fill("day-headline", &[("who", who), ("peaks", &peaks[..peaks.len().min(2)].join(", "))]),
    };
    let rows: Vec<_> = series.iter().flat_map(|series| series.slots.iter().copied().flatten()).collect();
    Figure {
        name: name.to_owned(),
        alternative: texts.fill("day-alternative", &[("headline", &headline)]),
        description: texts.fill("day-description", &[("peaks", &peaks.join("; "))]),
        caption: source.caption(headline, texts.text("day-subtitle"), &rows, "flag-e-note-table"),
        chart: Chart::Tempogram(Tempogram { bands, hidden: texts.text("suppressed") }),
        table: table(source, series, &groups, who),
        rows,
        claim: None,
    }
}

/// When each band is highest, in words; the band that fills most of the day is left out.
fn peaks(source: &Source, bands: &[Band]) -> Vec<String> {
    let mean = |band: &Band| band.shares.iter().flatten().sum::<f64>();
    let widest = (0..bands.len()).max_by(|one, other| mean(&bands[*one]).total_cmp(&mean(&bands[*other])));
    let mut peaks: Vec<(f64, String)> = bands
        .iter()
        .enumerate()
        .filter(|(band, _)| Some(*band) != widest || bands.len() == 1)
        .filter_map(|(_, band)| {
            let known = band.shares.iter().enumerate().filter_map(|(slot, share)| share.map(|share| (slot, share)));
            // The first of equal peaks.
            let (slot, share) = known.fold(None, |best: Option<(usize, f64)>, (slot, share)| match best {
                Some((_, highest)) if highest >= share => best,
                _ => Some((slot, share)),
            })?;
            let words = source.texts.fill(
                "peak",
                &[
                    ("activity", &inside_sentence(&band.label)),
                    ("share", &number::percent(share, source.texts.language())),
                    ("time", &Slot::new(slot)?.to_string()),
                ],
            );
            Some((share, words))
        })
        .collect();
    peaks.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    peaks.into_iter().map(|(_, words)| words).collect()
}

fn table(source: &Source, series: &[Series], groups: &[Group], who: &str) -> Table {
    let texts = source.texts;
    let members = || groups.iter().flat_map(|group| group.members.iter().map(|member| &series[*member]));
    let cell = |row: Option<&EstimateRow>| {
        let Some(row) = row else { return Cell::words("–") };
        let reading = Reading::of(row);
        Cell {
            words: reading.words(source, |share| number::percent(share, texts.language())),
            value: reading.interval().map(|interval| interval.value.to_string()),
        }
    };
    let merged = groups.iter().any(|group| group.members.len() > 1);
    Table {
        caption: texts.fill("day-table", &[("who", who)]),
        groups: match merged {
            true => groups
                .iter()
                .map(|group| ColumnGroup { label: group.label.clone(), span: group.members.len() })
                .collect(),
            false => Vec::new(),
        },
        columns: std::iter::once(texts.text("column-hour"))
            .chain(members().map(|series| source.activity(&series.activity.code)))
            .collect(),
        rows: (0..SLOTS_PER_DAY)
            .filter_map(|slot| Span::new(Slot::new(slot)?, Slot::new(slot + 1)?).map(|span| (slot, span)))
            .map(|(slot, span)| TableRow {
                header: span.to_string(),
                cells: members().map(|series| cell(series.slots[slot])).collect(),
            })
            .collect(),
    }
}
