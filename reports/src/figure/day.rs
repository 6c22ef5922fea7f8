//! The hours of the day: what share of women and of men is in each activity, every ten minutes.

use analytics::table::{CategoryRow, EstimateRow, Indicator};
use questionnaires::activity;
use questionnaires::slot::{SLOTS_PER_DAY, Slot, Span};

use crate::chart::{Band, Chart, Tempogram};
use crate::figure::Figure;
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source, inside_sentence};
use crate::figure::table::{Cell, ColumnGroup, Table, TableRow};
use crate::number;
use crate::palette::BANDS;

/// Main groups of the Activity Coding List that a tempogram shows as one band, from the bottom upwards:
/// paid work, study, home and family, free time, travel, personal care. Ten bands could not be told apart.
const CODING_LIST_BANDS: [(&[&str], Option<&str>); 6] = [
    (&["1"], None),
    (&["2"], None),
    (&["3"], None),
    (&["4", "5", "6", "7", "8"], Some("band-free-time")),
    (&["9"], None),
    (&["0"], None),
];

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

/// Activities drawn as one band.
struct Group {
    label: String,
    members: Vec<usize>,
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
    let groups = group(source, series);
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
    }
}

/// The bands: the coding list's where that is the classification, else the largest activities and the rest.
fn group(source: &Source, series: &[Series]) -> Vec<Group> {
    let is_coding_list = series.iter().all(|series| {
        let listed = series.activity.code.parse::<activity::ActivityCode>();
        listed.is_ok_and(|code| code.level() == 1 && code.label().en == series.activity.label_en)
    });
    let single = |member: usize| Group { label: source.activity(&series[member].activity.code), members: vec![member] };
    if is_coding_list {
        let with_codes = |codes: &[&str]| -> Vec<usize> {
            (0..series.len()).filter(|member| codes.contains(&series[*member].activity.code.as_str())).collect()
        };
        return CODING_LIST_BANDS
            .into_iter()
            .map(|(codes, key)| (with_codes(codes), key))
            .filter(|(members, _)| !members.is_empty())
            .map(|(members, key)| match key {
                Some(key) => Group { label: source.texts.text(key), members },
                None => single(members[0]),
            })
            .collect();
    }
    if series.len() <= BANDS.len() {
        return (0..series.len()).map(single).collect();
    }
    let mut by_size: Vec<usize> = (0..series.len()).collect();
    by_size.sort_by(|one, other| series[*other].mean().total_cmp(&series[*one].mean()));
    let mut rest = by_size.split_off(BANDS.len() - 1);
    by_size.sort_unstable();
    rest.sort_unstable();
    let mut groups: Vec<Group> = by_size.into_iter().map(single).collect();
    groups.push(Group { label: source.texts.text("band-other"), members: rest });
    groups
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
