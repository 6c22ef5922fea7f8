//! The estimation kernel against R survey 4.1-1 (R 4.2.2): California's schools (`apistrat`, `apiclus1`) and 2,561
//! synthetic time-use diaries. Tolerance 1e-10 relative throughout.

use crate::reference;
use std::collections::BTreeMap;
use std::path::Path;

use analytics::design::{Placement, SurveyDesign};
use analytics::estimation::{
    Blocks, Calibration, Column, Contrast, Estimator, Linearised, Observation, Residuals, Term, t_quantile,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

fn assert_close(found: f64, expected: f64, what: &str) {
    // Where the true value is zero R leaves its rounding error, of the order of 1e-18.
    assert!((found - expected).abs() <= TOLERANCE * expected.abs() + 1e-16, "{what}: {found} instead of {expected}");
}

/// A CSV file as columns of text.
fn columns(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_path(path).expect("a CSV file");
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in reader.records() {
        for (name, field) in names.iter().zip(record.expect("a record").iter()) {
            columns.entry(name.clone()).or_default().push(field.to_owned());
        }
    }
    columns
}

fn numbers(column: &[String]) -> Vec<f64> {
    column.iter().map(|field| field.parse().expect("a number")).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a JSON file")).expect("JSON")
}

/// A sample ready for estimation, with one class per value of `classes`.
struct Prepared {
    design: SurveyDesign,
    blocks: Blocks,
}

struct Input<'a> {
    strata: Option<&'a [String]>,
    clusters: &'a [String],
    weights: &'a [f64],
    classes: Vec<u8>,
    post_strata: Vec<Option<u16>>,
    domains: Vec<Vec<u32>>,
}

impl Prepared {
    fn new(input: &Input<'_>) -> Prepared {
        let placements: Vec<Placement<'_>> = (0..input.weights.len())
            .map(|row| Placement {
                stratum: input.strata.map(|strata| strata[row].as_str()),
                cluster: &input.clusters[row],
            })
            .collect();
        let (design, clusters) = SurveyDesign::new(&placements).expect("a design with a variance");
        let observation =
            |row: usize| Observation { weight: input.weights[row], leaf: clusters[row], class: input.classes[row] };
        let observations: Vec<Observation> = (0..input.weights.len()).map(observation).collect();
        let residuals = Residuals::PostStrata {
            groups: input.post_strata.iter().map(|post_stratum| post_stratum.map(u32::from)).collect(),
            weights_before: input.weights.to_vec(),
            weights_after: input.weights.to_vec(),
        };
        let rows: Vec<u32> = (0..input.weights.len() as u32).collect();
        let residuals = Calibration::of(&residuals, &clusters).expect("residuals of leaves").into();
        let blocks = Blocks::calibrated(&observations, &input.domains, residuals, &rows);
        Prepared { design, blocks }
    }

    fn estimator(&self) -> Estimator<'_> {
        Estimator::new(&self.design, &self.blocks)
    }

    fn mean(&self, values: &[f64], domain: usize, contrast: &Contrast) -> Linearised {
        let rows: Vec<u32> = (0..values.len() as u32).collect();
        let totals = self.blocks.totals(Column { rows: &rows, values });
        Linearised::mean(&self.blocks, &totals, domain, contrast).expect("somebody in the domain")
    }

    fn assert_mean(&self, values: &[f64], contrast: &Contrast, expected: &Value, what: &str) {
        let mean = self.mean(values, 0, contrast);
        self.assert_pair(&mean, &serde_json::json!([expected["estimate"], expected["se"]]), what);
    }

    /// Against R's pair of estimate and standard error.
    fn assert_pair(&self, number: &Linearised, expected: &Value, what: &str) {
        assert_close(number.value, expected[0].as_f64().expect("an estimate"), what);
        let error = self.estimator().standard_error(number).expect("a standard error");
        assert_close(error, expected[1].as_f64().expect("a standard error"), &format!("standard error of {what}"));
    }
}

fn pooled(classes: u16) -> Contrast {
    Contrast(vec![Term { classes, factor: 1.0 }])
}

fn all_rows(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

fn case<'a>(results: &'a Value, id: &str) -> &'a Value {
    let cases = results["cases"].as_array().expect("cases");
    cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

/// The schools with one class for those above 700 points and one for the rest.
fn schools(file: &BTreeMap<String, Vec<String>>, design: &str) -> Prepared {
    let weights = numbers(&file["pw"]);
    let classes = numbers(&file["api00"]).iter().map(|points| u8::from(*points > 700.0)).collect();
    let stratified = design.starts_with("dstrat");
    Prepared::new(&Input {
        strata: stratified.then_some(&file["stype"]),
        clusters: if stratified { &file["snum"] } else { &file["dnum"] },
        weights: &weights,
        classes,
        post_strata: vec![None; weights.len()],
        domains: vec![all_rows(weights.len())],
    })
}

#[test]
fn means_ratios_domains_and_intervals_of_stratified_and_clustered_samples() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_survey.json"));
    for (design, file) in [("dstrat0", "apistrat.csv"), ("dclus10", "apiclus1.csv")] {
        let file = columns(&oracle.join(file));
        let sample = schools(&file, design);
        let everybody = pooled(0b11);
        let case = |name: &str| case(&results, &format!("{design}/{name}"));

        let api00 = numbers(&file["api00"]);
        let expected = case("mean_api00");
        sample.assert_mean(&api00, &everybody, expected, design);
        let df = sample.estimator().degrees_of_freedom(0, &everybody);
        assert_eq!(f64::from(df), expected["df"].as_f64().expect("df"), "{design}");
        let mean = sample.mean(&api00, 0, &everybody);
        let error = sample.estimator().standard_error(&mean).expect("a standard error");
        let half_width = t_quantile(0.975, f64::from(df)) * error;
        assert_close(mean.value - half_width, expected["ci_low"].as_f64().expect("a limit"), "lower limit");
        assert_close(mean.value + half_width, expected["ci_high"].as_f64().expect("a limit"), "upper limit");

        let pupils = sample.mean(&numbers(&file["api.stu"]), 0, &everybody);
        let enrolled = sample.mean(&numbers(&file["enroll"]), 0, &everybody);
        let ratio = Linearised::ratio(&pupils, &enrolled).expect("a ratio");
        let expected = case("ratio_apistu_enroll");
        sample.assert_pair(&ratio, &serde_json::json!([expected["estimate"], expected["se"]]), "a ratio");

        // A domain is a mask: clusters outside it stay in the design, but its degrees of freedom are its own.
        let expected = case("subset_api00_gt_700_mean_api99");
        sample.assert_mean(&numbers(&file["api99"]), &pooled(0b10), expected, "a domain's mean");
        let df = sample.estimator().degrees_of_freedom(0, &pooled(0b10));
        assert_eq!(f64::from(df), expected["df"].as_f64().expect("df"), "{design}");
    }
}

#[test]
fn post_stratification_enters_the_variance_through_residuals() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_survey.json"));
    let file = columns(&oracle.join("apiclus1.csv"));
    let population = BTreeMap::from([("E", (0, 4421.0)), ("H", (1, 755.0)), ("M", (2, 1018.0))]);
    let mut sampled = BTreeMap::<&str, f64>::new();
    for school in &file["stype"] {
        *sampled.entry(school).or_default() += 1.0;
    }
    let of_school = |school: &String| (population[school.as_str()], sampled[school.as_str()]);
    let weights: Vec<f64> = file["stype"].iter().map(|s| of_school(s).0.1 / of_school(s).1).collect();
    let sample = Prepared::new(&Input {
        strata: None,
        clusters: &file["dnum"],
        weights: &weights,
        classes: file["sch.wide"].iter().map(|met| u8::from(met == "Yes")).collect(),
        post_strata: file["stype"].iter().map(|s| Some(of_school(s).0.0)).collect(),
        domains: vec![all_rows(weights.len())],
    });
    // R's design has the finite population correction of 15 districts out of 757; ours has none.
    let without_correction = |expected: f64| expected / (1.0_f64 - 15.0 / 757.0).sqrt();
    let api00 = numbers(&file["api00"]);
    let assert = |number: &Linearised, value: &Value, error: &Value| {
        let error = without_correction(error.as_f64().expect("a standard error"));
        sample.assert_pair(number, &serde_json::json!([value, error]), "a post-stratified number");
    };
    let expected = case(&results, "post_dclus1/mean_api00");
    assert(&sample.mean(&api00, 0, &pooled(0b11)), &expected["estimate"], &expected["se"]);
    let expected = case(&results, "post_dclus1/by_schwide_mean_api00");
    for (place, classes) in [0b01, 0b10].into_iter().enumerate() {
        assert(&sample.mean(&api00, 0, &pooled(classes)), &expected["estimate"][place], &expected["se"][place]);
    }
    let pupils = sample.mean(&numbers(&file["api.stu"]), 0, &pooled(0b11));
    let enrolled = sample.mean(&numbers(&file["enroll"]), 0, &pooled(0b11));
    let expected = case(&results, "post_dclus1/ratio");
    let ratio = Linearised::ratio(&pupils, &enrolled).expect("a ratio");
    assert(&ratio, &expected["estimate"], &expected["se"]);
}

/// The synthetic diaries: class = 3 x (sex - 1) + kind of day.
struct Diaries {
    sample: Prepared,
    slots: Vec<Vec<u8>>,
}

const MEN: u16 = 0b000_111;
const WOMEN: u16 = 0b111_000;
const EVERYBODY: u16 = MEN | WOMEN;

fn diaries(oracle: &Path) -> Diaries {
    let file = columns(&oracle.join("tus_synthetic.csv"));
    let weights = numbers(&file["w"]);
    let digit = |field: &String| field.parse::<u8>().expect("a digit");
    let classes = file["sex"].iter().zip(&file["dow"]).map(|(sex, day)| 3 * (digit(sex) - 1) + digit(day)).collect();
    let sample = Prepared::new(&Input {
        strata: Some(&file["stratum"]),
        clusters: &file["psu"],
        weights: &weights,
        classes,
        post_strata: vec![None; weights.len()],
        domains: vec![all_rows(weights.len())],
    });
    let slots = file["slots"].iter().map(|digits| digits.bytes().map(|byte| byte - b'0').collect()).collect();
    Diaries { sample, slots }
}

#[test]
fn time_spent_participation_and_participation_time_of_time_use_diaries() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_tus.json"));
    let Diaries { sample, slots } = diaries(&oracle);
    let df = sample.estimator().degrees_of_freedom(0, &pooled(EVERYBODY));
    assert_eq!(u64::from(df), results["degf"].as_u64().expect("degf"));
    let activities = results["activities"].as_array().expect("activities");
    assert_eq!(activities.len(), 10);
    for expected in activities {
        let activity = expected["activity"].as_u64().expect("an activity") as u8;
        let slots_of = |day: &Vec<u8>| day.iter().filter(|slot| **slot == activity).count() as f64;
        let minutes: Vec<f64> = slots.iter().map(|day| 10.0 * slots_of(day)).collect();
        let did_it: Vec<f64> = minutes.iter().map(|minutes| f64::from(u8::from(*minutes > 0.0))).collect();
        let mean = |values: &[f64], contrast: &Contrast| sample.mean(values, 0, contrast);
        let what = |measure: &str| format!("{measure} of activity {activity}");

        let spent = mean(&minutes, &pooled(EVERYBODY));
        sample.assert_pair(&spent, &expected["minutes_all"], &what("time spent"));
        let rate = mean(&did_it, &pooled(EVERYBODY));
        sample.assert_pair(&rate, &expected["participation"], &what("participation rate"));
        // R's mean over the subset of participants and its ratio estimator are one number.
        let per_participant = Linearised::ratio(&spent, &rate).expect("participants");
        sample.assert_pair(&per_participant, &expected["minutes_participants"], &what("participation time"));
        sample.assert_pair(&per_participant, &expected["ratio_form"], &what("participation time as a ratio"));

        let pair = |group: &str, place: usize| {
            serde_json::json!([expected[group]["est"][place], expected[group]["se"][place]])
        };
        sample.assert_pair(&mean(&minutes, &pooled(MEN)), &pair("by_sex", 0), &what("time spent by men"));
        sample.assert_pair(&mean(&minutes, &pooled(WOMEN)), &pair("by_sex", 1), &what("time spent by women"));
        for day in 0..3 {
            let on_day = pooled(0b001_001 << day);
            sample.assert_pair(&mean(&minutes, &on_day), &pair("by_dow", day), &what("time spent by kind of day"));
        }
        let gap = Contrast(vec![Term { classes: MEN, factor: 1.0 }, Term { classes: WOMEN, factor: -1.0 }]);
        sample.assert_pair(&mean(&minutes, &gap), &expected["diff_sex_1_minus_2"], &what("gap"));
    }
}

#[test]
fn tempogram_of_144_slots_by_sex() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_tus.json"));
    let Diaries { sample, slots } = diaries(&oracle);
    let tempogram = results["tempogram_by_sex"].as_array().expect("a tempogram");
    assert_eq!(tempogram.len(), 144);
    for (slot, expected) in tempogram.iter().enumerate() {
        for activity in 0..10 {
            let rows: Vec<u32> =
                (0..slots.len()).filter(|row| slots[*row][slot] == activity).map(|row| row as u32).collect();
            let totals = sample.blocks.totals(Column { rows: &rows, values: &vec![1.0; rows.len()] });
            for (sex, classes) in [MEN, WOMEN].into_iter().enumerate() {
                let share = Linearised::mean(&sample.blocks, &totals, 0, &pooled(classes)).expect("a share");
                let pair = [&expected["est"][sex][usize::from(activity)], &expected["se"][sex][usize::from(activity)]];
                sample.assert_pair(&share, &serde_json::json!(pair), &format!("slot {slot}, activity {activity}"));
            }
        }
    }
}
