//! Invented estimates, in memory and on disk: a city's plausible figures, and the ways they can go wrong.
//! Each test binary uses the part it needs.
#![allow(dead_code)]

pub mod examples;
pub mod published;

use std::path::Path;

use analytics::answers::{AskedQuestion, asked_questions};
use analytics::plan::AnswersPlan;
use analytics::table::{
    AnswerMeasure, AnswerRow, CategoryRow, EstimateRow, Estimates, Flag, GroupKind, GroupRow, Indicator, RunInfo,
    Status, Timeline,
};
use chrono::NaiveDate;
use questionnaires::{Label, activity, instrument, target_group};
use reports::Edition;

/// Minutes per day of the ten main groups of the coding list, women and men: the shape of Italy 2008-09.
const MINUTES: [(f64, f64); 10] = [
    (686.0, 688.0),
    (97.0, 196.0),
    (41.0, 38.0),
    (286.0, 97.0),
    (19.0, 15.0),
    (58.0, 66.0),
    (19.0, 41.0),
    (22.0, 38.0),
    (128.0, 154.0),
    (84.0, 107.0),
];

/// The run of the invented city.
pub fn run() -> RunInfo {
    RunInfo {
        tempi_version: "0.1.0".to_owned(),
        title: Label::new("Indagine sull’uso del tempo", "Time use survey"),
        population: Label::new("persone di 10 anni e più", "persons aged 10 and over"),
        source: "tempi".to_owned(),
        synthetic: true,
        classification: "acl2018".to_owned(),
        as_of: "2026-11-22T18:00Z".to_owned(),
        input_sha256: "0".repeat(64),
        threshold: 3,
        weighting: "post-stratified".to_owned(),
        n_persons: 1500,
        n_diaries: 2987,
        n_diaries_rejected: 13,
    }
}

/// The edition of the invented city.
pub fn edition() -> Edition {
    let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    Edition::new(1, date, Label::new("Comune di Borgo Sereno", "Municipality of Borgo Sereno"))
}

/// A row about everybody on the average day, with an interval of two standard errors.
pub fn row(indicator: Indicator, activity: &str, value: f64, standard_error: f64) -> EstimateRow {
    EstimateRow {
        indicator,
        unit: indicator.unit(),
        timeline: Timeline::Main,
        activity: activity.to_owned(),
        level: 1,
        sex: "all".to_owned(),
        age_group: "all".to_owned(),
        target_group: "all".to_owned(),
        day: "average".to_owned(),
        slot: None,
        value: Some(value),
        standard_error: Some(standard_error),
        ci_low: Some(value - 2.0 * standard_error),
        ci_high: Some(value + 2.0 * standard_error),
        degrees_of_freedom: Some(1400.0),
        n: 1500,
        flag: Flag::A,
        status: Status::Published,
    }
}

/// `row` without its numbers.
pub fn hidden(row: EstimateRow, flag: Flag, status: Status) -> EstimateRow {
    EstimateRow { value: None, standard_error: None, ci_low: None, ci_high: None, flag, status, ..row }
}

/// A whole city: time spent, gaps, groups, ages, tempograms by sex and by kind of day; some numbers suppressed and some
/// withheld.
pub fn city() -> Estimates {
    let classification: Vec<_> = activity::at_level(1)
        .map(|activity| CategoryRow {
            timeline: Timeline::Main,
            code: activity.code.to_string(),
            level: 1,
            label_it: activity.label.it.clone(),
            label_en: activity.label.en.clone(),
            members: activity.code.to_string(),
        })
        .collect();
    let mut rows = Vec::new();
    for (activity, (women, men)) in classification.iter().zip(MINUTES) {
        let mean = (women + men) / 2.0;
        let error = 1.0 + mean / 90.0;
        rows.push(row(Indicator::TimeSpent, &activity.code, mean, error));
        for (sex, value) in [("F", women), ("M", men)] {
            rows.push(EstimateRow {
                sex: sex.to_owned(),
                n: 750,
                ..row(Indicator::TimeSpent, &activity.code, value, error * 1.4)
            });
        }
        rows.push(row(Indicator::TimeGap, &activity.code, women - men, error * 2.0));
        for (place, group) in target_group::all().iter().enumerate() {
            let factor = 0.4 + 0.2 * ((place * 5 + activity.code.len() + mean as usize) % 8) as f64;
            let group_row = EstimateRow {
                target_group: group.name.clone(),
                n: 90 + 60 * place as u64,
                flag: if place == 3 { Flag::E } else { Flag::A },
                ..row(Indicator::TimeSpent, &activity.code, mean * factor, error * 4.0)
            };
            rows.push(match group.name.as_str() {
                "homemakers" => hidden(EstimateRow { n: 40, ..group_row }, Flag::Suppressed, Status::Published),
                "city_users" => hidden(EstimateRow { n: 2, ..group_row }, Flag::Suppressed, Status::Withheld),
                _ => group_row,
            });
        }
    }
    rows.extend(by_age());
    let women = tempogram("F", "average", &[0.55, 0.35, 1.5]);
    let men = tempogram("M", "average", &[1.0, 0.35, 0.6]);
    for (one, other) in women.iter().zip(&men) {
        let (one_value, other_value) = (one.value.unwrap(), other.value.unwrap());
        rows.push(EstimateRow {
            slot: one.slot,
            ..row(Indicator::ShareGapAtSlot, &one.activity, one_value - other_value, 1.7)
        });
    }
    rows.extend(women);
    rows.extend(men);
    for (day, strength) in [("weekday", [1.1, 0.5, 0.9]), ("saturday", [0.35, 0.1, 1.3]), ("sunday", [0.1, 0.05, 1.1])]
    {
        rows.extend(tempogram("all", day, &strength));
    }
    Estimates {
        rows,
        classification,
        groups: GroupRow::targets(),
        answers: Vec::new(),
        questions: Vec::new(),
        run: run(),
    }
}

/// A city whose people answered Tempi's questionnaires on the city's hours and on their days, told of everybody, women and men,
/// of target groups and of two zones; of one question everything is withheld, of one of its rows one answer.
pub fn with_answers(city: Estimates) -> Estimates {
    let asked = asked_questions(instrument::all(), &AnswersPlan::default()).unwrap();
    let zone = |code: &str, it: &str, en: &str| GroupRow {
        code: code.to_owned(),
        kind: GroupKind::Zone,
        label_it: it.to_owned(),
        label_en: en.to_owned(),
    };
    let zones = [zone("zone_nord", "Nord", "North"), zone("zone_sud", "Sud", "South")];
    let groups: Vec<GroupRow> = city.groups.iter().cloned().chain(zones).collect();
    let by_sex = ["all", "F", "M"].map(|sex| (sex.to_owned(), "all".to_owned()));
    let domains: Vec<(String, String)> =
        by_sex.into_iter().chain(groups.iter().map(|group| ("all".to_owned(), group.code.clone()))).collect();
    let mut answers = Vec::new();
    for (place, question) in asked.iter().enumerate() {
        for (number, (sex, target_group)) in domains.iter().enumerate() {
            let row = |answer: &str, value: f64, measure| AnswerRow {
                measure,
                questionnaire: question.questionnaire.clone(),
                question: question.name.clone(),
                answer: answer.to_owned(),
                sex: sex.clone(),
                age_group: "all".to_owned(),
                target_group: target_group.clone(),
                value: Some(value),
                standard_error: Some(1.5),
                ci_low: Some((value - 3.0).max(0.0)),
                ci_high: Some(value + 3.2),
                degrees_of_freedom: Some(700.0),
                n: 1500 - 60 * number as u64,
                flag: if number == 4 { Flag::E } else { Flag::A },
                status: Status::Published,
            };
            if question.options.is_empty() {
                answers.push(row("", 5.0 + ((place * 7 + number) % 40) as f64, AnswerMeasure::Mean));
            }
            let sizes: Vec<usize> =
                (0..question.options.len()).map(|option| 1 + (option * 5 + place + number) % 7).collect();
            let sum: usize = sizes.iter().sum();
            for ((answer, _), size) in question.options.iter().zip(&sizes) {
                answers.push(row(answer, 100.0 * *size as f64 / sum as f64, AnswerMeasure::Share));
            }
        }
    }
    for row in &mut answers {
        let is_withheld = row.question.starts_with("service_hours.library.")
            || (row.question == "service_hours.post.collides" && row.answer == "often");
        if is_withheld {
            let status = Status::Withheld;
            *row = AnswerRow {
                value: None,
                standard_error: None,
                ci_low: None,
                ci_high: None,
                degrees_of_freedom: None,
                n: 0,
                status,
                ..row.clone()
            };
        }
    }
    let questions = asked.iter().flat_map(AskedQuestion::rows).collect();
    Estimates { groups, answers, questions, ..city }
}

/// Ages of the estimates, with how much paid work and how much of the home there is in each.
const AGES: [(&str, f64, f64); 5] =
    [("10-14", 0.0, 0.2), ("15-24", 0.5, 0.5), ("25-44", 1.7, 1.1), ("45-64", 1.4, 1.2), ("65+", 0.1, 1.5)];

/// Time spent, gaps and participation by age; men above 64 are too few in the fifth activity to be told.
fn by_age() -> Vec<EstimateRow> {
    let mut rows = Vec::new();
    for (code, (women, men)) in MINUTES.iter().enumerate() {
        for (age, paid, home) in AGES {
            let factor = match code {
                1 => paid,
                3 => home,
                _ => 1.0,
            };
            let code = code.to_string();
            let of_age = |row: EstimateRow| EstimateRow { age_group: age.to_owned(), n: 160, ..row };
            rows.push(of_age(row(Indicator::TimeGap, &code, (women - men) * factor, 8.0)));
            for (sex, minutes) in [("F", women * factor), ("M", men * factor)] {
                let rate = 100.0 * (1.0 - (-minutes / 60.0).exp());
                for (indicator, value, error) in
                    [(Indicator::TimeSpent, minutes, 2.0 + minutes / 25.0), (Indicator::ParticipationRate, rate, 2.1)]
                {
                    let of_sex = EstimateRow { sex: sex.to_owned(), ..of_age(row(indicator, &code, value, error)) };
                    rows.push(match (sex, age, code.as_str()) {
                        ("M", "65+", "4" | "1") => {
                            hidden(EstimateRow { n: 60, ..of_sex }, Flag::Suppressed, Status::Published)
                        }
                        _ => of_sex,
                    });
                }
            }
        }
    }
    rows
}

/// The city without hours of the day and with few target groups: quick to publish.
pub fn small_city() -> Estimates {
    let mut city = city();
    let few = ["all", "employed", "homemakers", "city_users"];
    city.rows.retain(|row| row.slot.is_none() && few.contains(&row.target_group.as_str()));
    city.rows.retain(|row| row.target_group == "all" || row.activity == "3");
    city.rows.retain(|row| row.age_group == "all");
    city
}

/// Shares of the ten main groups at each slot: work and study by day, home at meal times, leisure at night.
fn tempogram(sex: &str, day: &str, strength: &[f64; 3]) -> Vec<EstimateRow> {
    let hill = |hour: f64, centre: f64, width: f64| (-((hour - centre) / width).powi(2)).exp();
    let mut rows = Vec::new();
    for slot in 0..144u8 {
        let hour = 4.0 + f64::from(slot) / 6.0;
        let work = 34.0 * strength[0] * (hill(hour, 10.5, 2.6) + 0.8 * hill(hour, 16.0, 2.3));
        let study = 12.0 * strength[1] * (hill(hour, 10.5, 2.2) + 0.5 * hill(hour, 16.5, 1.8));
        let home = 20.0 * strength[2] * (0.8 * hill(hour, 10.0, 2.5) + hill(hour, 12.0, 0.9) + hill(hour, 19.2, 1.6));
        let free = 58.0 * hill(hour, 21.6, 2.2) + 16.0 * hill(hour, 15.5, 3.0);
        let travel = 9.0 * (hill(hour, 8.0, 0.7) + 0.8 * hill(hour, 13.0, 0.7) + hill(hour, 18.0, 1.1)) + 0.6;
        let parts = [0.0, work, study, home, free * 0.05, free * 0.24, free * 0.08, free * 0.1, free * 0.53, travel];
        let sum: f64 = parts.iter().sum();
        for (code, part) in parts.into_iter().enumerate() {
            let share = if code == 0 { 100.0 - sum } else { part };
            rows.push(EstimateRow {
                sex: sex.to_owned(),
                day: day.to_owned(),
                slot: Some(slot),
                n: 750,
                ..row(Indicator::ShareAtSlot, &code.to_string(), share, 1.2)
            });
        }
    }
    rows
}

/// Writes `estimates` as the pipeline does.
pub fn write(estimates: &Estimates, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut rows = csv::Writer::from_path(folder.join("estimates.csv")).unwrap();
    for row in &estimates.rows {
        rows.serialize(row).unwrap();
    }
    rows.flush().unwrap();
    let mut classification = csv::Writer::from_path(folder.join("classification.csv")).unwrap();
    for row in &estimates.classification {
        classification.serialize(row).unwrap();
    }
    classification.flush().unwrap();
    if !estimates.questions.is_empty() {
        let table = |name: &str| csv::Writer::from_path(folder.join(name)).unwrap();
        let (mut groups, mut answers, mut questions) =
            (table("groups.csv"), table("answers.csv"), table("questions.csv"));
        estimates.groups.iter().for_each(|row| groups.serialize(row).unwrap());
        estimates.answers.iter().for_each(|row| answers.serialize(row).unwrap());
        estimates.questions.iter().for_each(|row| questions.serialize(row).unwrap());
    }
    std::fs::write(folder.join("run.json"), serde_json::to_string_pretty(&estimates.run).unwrap()).unwrap();
}
