//! A small survey with invented answers, written as a snapshot: enough variety for every rule of the pipeline.

use std::path::{Path, PathBuf};

use analytics::pipeline::{AnalyseError, AnalyseSummary, analyse};
use analytics::plan::ReleasePlan;
use analytics::snapshot::{AnswerRow, Description, DiaryRow, EpisodeRow, PersonRow, Writer};
use analytics::table::{ClassificationRow, EstimateRow, Estimates};
use questionnaires::Label;

/// A city of `n_persons` with two days each, the first on a weekday, the second on a Saturday or a Sunday.
/// Two persons share a household; weights differ; every fourth person is a parent of small children.
pub fn city(n_persons: usize) -> Writer {
    let mut writer = Writer {
        description: Description {
            source: "tempi".to_owned(),
            title: Label::new("Città di prova", "Test city"),
            population: Label::new("Residenti", "Residents"),
            synthetic: true,
            classification: "test".to_owned(),
            timed: true,
            weights_balance_days: false,
            instruments: Vec::new(),
            as_of: "2026-11-22T18:00Z".to_owned(),
        },
        persons: Vec::new(),
        diaries: Vec::new(),
        episodes: Vec::new(),
        answers: Vec::new(),
        classification: classification(),
    };
    for person in 0..n_persons {
        add_person(&mut writer, person);
    }
    writer
}

fn add_person(writer: &mut Writer, person: usize) {
    let id = format!("p{person:05}");
    writer.persons.push(PersonRow {
        person_id: id.clone(),
        household_id: Some(format!("h{:05}", person / 2)),
        sex: if person.is_multiple_of(2) { "F" } else { "M" }.to_owned(),
        age: Some(10 + (noise(person, 1) % 75) as i64),
        weight: Some(50.0 + (noise(person, 2) % 100) as f64),
        ..PersonRow::default()
    });
    if person.is_multiple_of(4) {
        for value in ["0_2", "3_5"] {
            let question = "children_ages".to_owned();
            writer.answers.push(AnswerRow { person_id: id.clone(), question, value: value.to_owned() });
        }
    }
    let weekend = if noise(person, 3).is_multiple_of(2) { "saturday" } else { "sunday" };
    for (day, day_kind) in ["weekday", weekend].into_iter().enumerate() {
        let diary_id = format!("d{person:05}{day}");
        writer.diaries.push(DiaryRow {
            diary_id: diary_id.clone(),
            person_id: id.clone(),
            day_kind: day_kind.to_owned(),
            month: Some("2026-11".to_owned()),
            grade: "good".to_owned(),
            weight: None,
        });
        add_day(writer, &diary_id, person, day);
    }
}

/// Sleep, then paid work on some weekdays, care more often by women, leisure, sleep.
fn add_day(writer: &mut Writer, diary_id: &str, person: usize, day: usize) {
    let tens = |key: usize, most: u64| 10 * (noise(person * 2 + day, key) % most) as i64;
    let work = if day == 0 && !person.is_multiple_of(3) { 240 + tens(5, 20) } else { 0 };
    let care = if person.is_multiple_of(2) || noise(person, 6).is_multiple_of(2) { 60 + tens(7, 12) } else { 0 };
    let morning = 180 + tens(8, 10);
    let evening = 200 + tens(9, 6);
    let leisure = 1440 - morning - work - care - evening;
    let parts = [("011", morning), ("111", work), ("381", care), ("821", leisure), ("011", evening)];
    let mut start = 0;
    for (main, minutes) in parts.into_iter().filter(|(_, minutes)| *minutes > 0) {
        writer.episodes.push(EpisodeRow {
            diary_id: diary_id.to_owned(),
            start_minute: Some(start),
            minutes,
            main: main.to_owned(),
            ..EpisodeRow::default()
        });
        start += minutes;
    }
}

fn classification() -> Vec<ClassificationRow> {
    let row = |code: &str, level| ClassificationRow {
        code: code.to_owned(),
        level,
        label_it: format!("Attività {code}"),
        label_en: format!("Activity {code}"),
        members: code.to_owned(),
    };
    vec![row("0", 1), row("1", 1), row("3", 1), row("8", 1), row("01", 2), row("38", 2), row("111", 3)]
}

/// A number that looks random and is the same everywhere (SplitMix64).
pub fn noise(seed: usize, key: usize) -> u64 {
    let mut z = (seed as u64 + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add((key as u64).wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Writes the snapshot to `folder/snapshot`.
pub fn write(writer: Writer, folder: &Path) -> PathBuf {
    let snapshot = folder.join("snapshot");
    writer.write(&snapshot).expect("the snapshot is written");
    snapshot
}

/// Options that write to `folder/estimates`.
pub fn plan(folder: &Path) -> ReleasePlan {
    ReleasePlan::new(folder.join("snapshot"), folder.join("estimates"))
}

/// Analyses `folder/snapshot` and reads the estimates back.
pub fn analysed(folder: &Path) -> Estimates {
    run(&plan(folder)).expect("the snapshot is analysed");
    Estimates::read(&folder.join("estimates")).expect("the estimates read back")
}

/// Runs the pipeline.
pub fn run(plan: &ReleasePlan) -> Result<AnalyseSummary, AnalyseError> {
    analyse(plan, &mut |_| {})
}

/// The one row of everybody's level-1 activity that `is_wanted` picks.
pub fn only(estimates: &Estimates, is_wanted: impl Fn(&EstimateRow) -> bool) -> &EstimateRow {
    let rows: Vec<&EstimateRow> = estimates.rows.iter().filter(|row| is_wanted(row)).collect();
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows[0]
}
