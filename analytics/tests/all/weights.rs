//! Adjusted weights, row by row against R survey 4.1-1 (R 4.2.2): California's schools (`apiclus1`, `apistrat`).
//! Tolerance 1e-10 relative for closed forms, 1e-8 for iterated ones. And what happens where margins do not fit.

use std::collections::BTreeMap;
use std::path::Path;

use analytics::weighting::{
    Bounds, CalibrationOptions, Disagreement, Distance, EmptyCategory, Margin, MarginRules, Model, Note, Raking,
    RakingControl, Total, Trimming, TrimmingBounds, WeightingError, calibrate, rake, trim_and_adjust, trim_weights,
};

use crate::reference;

/// Closed forms, relative.
pub const CLOSED_FORM: f64 = 1e-10;
/// Iterated adjustments, relative.
pub const ITERATED: f64 = 1e-8;

/// A CSV file by column.
pub struct Table(BTreeMap<String, Vec<String>>);

impl Table {
    pub fn read(path: &Path) -> Table {
        let mut reader = csv::Reader::from_path(path).expect("a CSV file");
        let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for record in reader.records() {
            for (name, field) in names.iter().zip(record.expect("a record").iter()) {
                columns.entry(name.clone()).or_default().push(field.to_owned());
            }
        }
        Table(columns)
    }

    pub fn text(&self, column: &str) -> &[String] {
        &self.0[column]
    }

    pub fn numbers(&self, column: &str) -> Vec<f64> {
        self.0[column].iter().map(|field| field.parse().expect("a number")).collect()
    }

    /// The column as numbers from 0, in order of appearance.
    pub fn codes(&self, column: &str) -> Vec<u32> {
        let mut numbers = BTreeMap::new();
        let code = |field| {
            let next = numbers.len() as u32;
            *numbers.entry(field).or_insert(next)
        };
        self.0[column].iter().map(code).collect()
    }
}

pub fn assert_rows(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "{what}, row {row}: {found} instead of {expected}"
        );
    }
}

pub fn totals(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
    pairs.iter().map(|(label, total)| ((*label).to_owned(), *total)).collect()
}

pub fn school_types(file: &Table) -> Margin {
    Margin::new("stype", totals(&[("E", 4421.0), ("H", 755.0), ("M", 1018.0)]), file.text("stype")).expect("a margin")
}

pub fn targets_met(file: &Table) -> Margin {
    Margin::new("sch.wide", totals(&[("No", 1072.0), ("Yes", 5122.0)]), file.text("sch.wide")).expect("a margin")
}

/// R's `~stype`, with the total of `api99` over the 6,194 schools of `apipop`.
pub fn model_with_api99(file: &Table) -> Model {
    let model = Model::of_margins(&[school_types(file)]).expect("a model");
    model.with("api99", 3_914_069.0, &file.numbers("api99")).expect("a model")
}

fn factors(lower: f64, upper: f64) -> Bounds {
    Bounds::of_factors(lower, upper).expect("bounds")
}

#[test]
fn post_stratified_raked_calibrated_and_trimmed_weights_are_those_of_r() {
    let Some(oracle) = reference::oracle() else { return };
    let file = Table::read(&oracle.join("apiclus1.csv"));
    let expected = Table::read(&oracle.join("calibrated_weights_apiclus1.csv"));
    let weights = file.numbers("pw");
    let rules = MarginRules::default();

    let post = rake(&weights, vec![school_types(&file)], rules).expect("weights");
    assert_rows(&post.weights, &expected.numbers("post_dclus1"), CLOSED_FORM, "post-stratification");
    assert_eq!(post.n_iterations, 1);

    let raked = rake(&weights, vec![school_types(&file), targets_met(&file)], rules).expect("weights");
    assert_rows(&raked.weights, &expected.numbers("rake_dclus1"), ITERATED, "raking");

    let both = Model::of_margins(&[school_types(&file), targets_met(&file)]).expect("a model");
    let stype = Model::of_margins(&[school_types(&file)]).expect("a model");
    let api99 = || model_with_api99(&file);
    let options = CalibrationOptions::new;
    let equal = CalibrationOptions { equal_within: Some(file.codes("dnum")), ..options(Distance::Linear) };
    let cases = [
        ("cal_linear_stype", stype, options(Distance::Linear), CLOSED_FORM),
        ("cal_linear_api99", api99(), options(Distance::Linear), CLOSED_FORM),
        ("cal_raking_api99", api99(), options(Distance::Raking), ITERATED),
        ("cal_logit_api99", api99(), options(Distance::Logit(factors(0.5, 2.0))), ITERATED),
        ("cal_trunc_api99", api99(), options(Distance::TruncatedLinear(factors(0.5, 1.6))), ITERATED),
        ("cal_raking_margins", both, options(Distance::Raking), ITERATED),
        ("cal_linear_agg1", api99(), equal, CLOSED_FORM),
    ];
    for (column, model, options, tolerance) in cases {
        let calibrated = calibrate(&weights, model, options).unwrap_or_else(|error| panic!("{column}: {error}"));
        assert_rows(&calibrated.weights, &expected.numbers(column), tolerance, column);
    }

    let bounds = TrimmingBounds { lower: 20.0, upper: 50.0 };
    let trimmed = trim_weights(&raked.weights, bounds, Trimming::OnePass).expect("weights");
    assert_rows(&trimmed.weights, &expected.numbers("trim_rake"), ITERATED, "trimming");

    let file = Table::read(&oracle.join("apistrat.csv"));
    let expected = Table::read(&oracle.join("calibrated_weights_apistrat.csv"));
    let raked = rake(&file.numbers("pw"), vec![school_types(&file), targets_met(&file)], rules).expect("weights");
    assert_rows(&raked.weights, &expected.numbers("rake_dstrat"), ITERATED, "raking a stratified sample");
}

#[test]
fn weights_inside_a_household_come_out_equal() {
    let households = [0, 0, 1, 2, 2, 2];
    let women = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    let model = Model::new(6, vec![total("people", 60.0)], vec![1.0; 6]).expect("a model");
    let model = model.with("women", 34.0, &women).expect("a model");
    for distance in [Distance::Linear, Distance::Raking, Distance::Logit(factors(0.2, 4.0))] {
        let options =
            CalibrationOptions { equal_within: Some(households.to_vec()), ..CalibrationOptions::new(distance) };
        // Base weights that differ inside a household are averaged first.
        let weights = calibrate(&[8.0, 12.0, 9.0, 10.0, 10.0, 11.0], model.clone(), options).expect("weights").weights;
        assert_eq!(weights[0], weights[1], "{distance:?}");
        assert!(weights[3] == weights[4] && weights[4] == weights[5], "{distance:?}");
        let sum = |values: &[f64]| weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f64>();
        assert!((sum(&[1.0; 6]) - 60.0).abs() < 1e-9 && (sum(&women) - 34.0).abs() < 1e-9, "{distance:?}");
    }
}

fn total(name: &str, total: f64) -> Total {
    Total { name: name.to_owned(), total }
}

const SEXES: [&str; 8] = ["F", "F", "M", "M", "F", "M", "F", "M"];
const ZONES: [&str; 8] = ["North", "South", "North", "South", "South", "North", "North", "South"];

fn margin(name: &str, pairs: &[(&str, f64)], labels: &[&str]) -> Margin {
    Margin::new(name, totals(pairs), labels).expect("a margin")
}

fn message(result: Result<impl std::fmt::Debug, WeightingError>) -> String {
    result.expect_err("weights cannot be made").to_string()
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

/// Raking with empty cells: elsewhere a category that nobody in the sample is in makes weights infinite or missing, or
/// is dropped without a word, and the others no longer add up to the population.
#[test]
fn margins_that_do_not_fit_are_refused_by_name() {
    let weights = [10.0; 8];
    let sexes = || margin("sex", &[("F", 60.0), ("M", 40.0)], &SEXES);
    let fail = MarginRules::default();

    let zones = margin("zone", &[("North", 50.0), ("South", 50.0), ("Island", 7.0)], &ZONES);
    let empty = rake(&weights, vec![sexes(), zones.clone()], fail);
    assert_says(&message(empty), &["`zone`", "7 people", "`Island`", "no respondent"]);
    let rules = MarginRules { empty_category: EmptyCategory::LeaveOut, ..fail };
    let raked = rake(&weights, vec![sexes(), zones.clone()], rules).expect("weights");
    assert!(matches!(&raked.notes[..], [Note::LeftOut { category, total: 7.0, .. }] if category == "Island"));
    assert!((raked.weights.iter().sum::<f64>() - 100.0).abs() < 1e-9);
    let as_model =
        calibrate(&weights, Model::of_margins(&[zones]).expect("a model"), CalibrationOptions::new(Distance::Raking));
    assert_says(&message(as_model), &["`zone: Island`", "the total 7", "zero for every respondent"]);

    // A category whose respondents all weigh zero is empty too.
    let zones = margin("zone", &[("North", 50.0), ("South", 50.0)], &ZONES);
    let no_south: Vec<f64> = ZONES.iter().map(|zone| if *zone == "South" { 0.0 } else { 5.0 }).collect();
    assert_says(&message(rake(&no_south, vec![zones], fail)), &["`South`", "no respondent has a weight above zero"]);

    let not_counted = Margin::new("zone", totals(&[("North", 50.0)]), &ZONES);
    assert_says(&message(not_counted), &["`zone`", "`South`", "4 respondents"]);
    let zones = margin("zone", &[("North", 50.0), ("South", 0.0)], &ZONES);
    assert_says(&message(rake(&weights, vec![zones], fail)), &["`zone`", "`South`", "4 respondents"]);

    let zones = || margin("zone", &[("North", 50.0), ("South", 51.0)], &ZONES);
    let disagree = rake(&weights, vec![sexes(), zones()], fail);
    assert_says(&message(disagree), &["`zone` adds up to 101", "`sex` to 100", "difference of 1"]);
    let rescale = MarginRules { disagreement: Disagreement::Rescale, ..fail };
    let raked = rake(&weights, vec![sexes(), zones()], rescale).expect("weights");
    assert_eq!(raked.notes, [Note::Rescaled { margin: "zone".to_owned(), from: 101.0, to: 100.0 }]);
    let north: f64 =
        raked.weights.iter().zip(ZONES).filter(|(_, zone)| *zone == "North").map(|(weight, _)| weight).sum();
    assert!((north - 5000.0 / 101.0).abs() < 1e-9, "{north}");
    let model = Model::of_margins(&[sexes(), zones()]).expect("a model");
    let contradictory = calibrate(&weights, model, CalibrationOptions::new(Distance::Linear));
    assert_says(&message(contradictory), &["`zone: South`", "it is 51", "make it 50"]);

    let twice = Margin::new("sex", totals(&[("F", 1.0), ("F", 2.0)]), &SEXES);
    assert_says(&message(twice), &["`sex`", "`F` twice"]);
    // Settled before, the same margins make a model.
    let (settled, notes) = rescale.settle(vec![sexes(), zones()], &weights).expect("margins");
    assert_eq!(notes.len(), 1);
    let model = Model::of_margins(&settled).expect("a model");
    let calibrated = calibrate(&weights, model, CalibrationOptions::new(Distance::Raking)).expect("weights");
    assert_rows(&calibrated.weights, &raked.weights, 1e-9, "calibration to rescaled margins");

    let negative = Margin::new("sex", totals(&[("F", -1.0), ("M", 2.0)]), &SEXES);
    assert_says(&message(negative), &["`sex`", "`F`", "-1"]);
    let short = rake(&weights[..7], vec![sexes()], fail);
    assert_says(&message(short), &["8 rows", "have 7"]);
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        let mut weights = weights;
        weights[4] = bad;
        assert_says(&message(rake(&weights, vec![sexes()], fail)), &["row 5", &bad.to_string()]);
    }
    assert_says(&message(rake(&[0.0; 8], vec![sexes()], fail)), &["no row has a weight above zero"]);
    assert_says(&message(rake(&weights, Vec::new(), fail)), &["no margin"]);
}

#[test]
fn margins_that_no_weights_meet_name_the_one_that_is_off() {
    // All women live in the North: 60 women do not fit into 50 people of the North.
    let zones = ["North", "North", "South", "North", "North", "South", "North", "South"];
    let margins = || {
        let sexes = margin("sex", &[("F", 60.0), ("M", 40.0)], &SEXES);
        vec![sexes, margin("zone", &[("North", 50.0), ("South", 50.0)], &zones)]
    };
    let raked = message(rake(&[10.0; 8], margins(), MarginRules::default()));
    assert_says(&raked, &["did not converge in", "instead of", "off by"]);
    let model = Model::of_margins(&margins()).expect("a model");
    let bounds = factors(0.1, 5.0);
    for distance in [Distance::Raking, Distance::TruncatedLinear(bounds), Distance::Logit(bounds)] {
        let error = calibrate(&[10.0; 8], model.clone(), CalibrationOptions::new(distance));
        assert_says(&message(error), &["did not converge", ": ", "off by"]);
    }
    // The linear distance meets them with weights below zero, and says so.
    let linear = calibrate(&[10.0; 8], model, CalibrationOptions::new(Distance::Linear)).expect("weights");
    assert!(linear.notes.iter().any(|note| matches!(note, Note::NegativeWeights { n: 1, .. })), "{:?}", linear.notes);
}

#[test]
fn a_partial_margin_leaves_the_others_alone() {
    let zones: Vec<Option<&str>> = ZONES.iter().map(|zone| (*zone == "North").then_some(*zone)).collect();
    let zones = Margin::partial("zone", totals(&[("North", 80.0)]), &zones).expect("a margin");
    let raked = rake(&[10.0; 8], vec![zones], MarginRules::default()).expect("weights");
    for (weight, zone) in raked.weights.iter().zip(ZONES) {
        assert_eq!(*weight, if zone == "North" { 20.0 } else { 10.0 });
    }
}

#[test]
fn columns_that_follow_from_others_add_nothing() {
    let sexes = margin("sex", &[("F", 60.0), ("M", 40.0)], &SEXES);
    let zones = margin("zone", &[("North", 55.0), ("South", 45.0)], &ZONES);
    let model = Model::of_margins(&[sexes.clone(), zones.clone()]).expect("a model");
    let weights = [8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];
    let calibrated = calibrate(&weights, model.clone(), CalibrationOptions::new(Distance::Raking)).expect("weights");
    assert_eq!(calibrated.notes, [Note::Redundant { column: "zone: South".to_owned() }]);
    let raked = rake(&weights, vec![sexes, zones], MarginRules::default()).expect("weights");
    assert_rows(&calibrated.weights, &raked.weights, 1e-10, "calibration with the raking distance");
    // Columns of very different size, one of them a thousand million times the other.
    let model = model.with("income", 1e12, &[1e9, 2e9, 3e9, 4e9, 4e9, 3e9, 2e9, 1.5e9]).expect("a model");
    // And one whose values cancel out.
    let model = model.with("balance", 0.0, &[1e9, -2e9, 3e9, -4e9, 4e9, -3e9, 2e9, -1.5e9]).expect("a model");
    let calibrated = calibrate(&weights, model, CalibrationOptions::new(Distance::Linear));
    assert!(calibrated.is_ok(), "{calibrated:?}");
}

/// An ignored option: elsewhere bounds, a variance or a stopping rule are accepted and not used.
#[test]
fn every_option_changes_the_weights() {
    let model = || {
        let sexes = margin("sex", &[("F", 48.0), ("M", 47.0)], &SEXES);
        let model = Model::of_margins(&[sexes]).expect("a model");
        model.with("age", 4300.0, &[20.0, 35.0, 40.0, 50.0, 60.0, 70.0, 30.0, 25.0]).expect("a model")
    };
    let weights = [8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0];
    let linear = CalibrationOptions::new(Distance::Linear);
    let all = [
        linear.clone(),
        CalibrationOptions { variance: Some(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), ..linear.clone() },
        CalibrationOptions { equal_within: Some(vec![0, 0, 1, 1, 2, 2, 3, 3]), ..linear.clone() },
        CalibrationOptions::new(Distance::TruncatedLinear(factors(0.6, 1.4))),
        CalibrationOptions::new(Distance::TruncatedLinear(Bounds::of_weights(7.0, 15.5).expect("bounds"))),
        CalibrationOptions::new(Distance::Raking),
        CalibrationOptions::new(Distance::TruncatedRaking(factors(0.6, 1.4))),
        CalibrationOptions::new(Distance::Logit(factors(0.5, 2.0))),
        CalibrationOptions::new(Distance::Logit(factors(0.4, 3.0))),
    ];
    let found: Vec<Vec<f64>> = all
        .into_iter()
        .map(|options| {
            let what = format!("{options:?}");
            calibrate(&weights, model(), options).unwrap_or_else(|error| panic!("{what}: {error}")).weights
        })
        .collect();
    for (place, one) in found.iter().enumerate() {
        for (other_place, other) in found.iter().enumerate().take(place) {
            let difference = one.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(difference > 1e-6, "options {place} and {other_place} give the same weights");
        }
    }
    assert!(found[4].iter().all(|weight| (7.0..=15.5).contains(weight)), "{:?}", found[4]);

    let margins = || {
        vec![
            margin("sex", &[("F", 60.0), ("M", 40.0)], &SEXES),
            margin("zone", &[("North", 55.0), ("South", 45.0)], &ZONES),
        ]
    };
    let as_r = RakingControl { max_iterations: 10, epsilon: 1.0 };
    let early = Raking::new(margins(), MarginRules::default(), as_r).expect("margins").rake(&weights).expect("weights");
    let late = rake(&weights, margins(), MarginRules::default()).expect("weights");
    assert!(early.n_iterations < late.n_iterations);
    let twice = RakingControl { max_iterations: 2, epsilon: 1e-13 };
    let stopped = Raking::new(margins(), MarginRules::default(), twice).expect("margins").rake(&weights);
    assert_says(&message(stopped), &["did not converge in 2 iterations"]);
}

#[test]
fn trimming_repeats_until_no_weight_is_outside() {
    let weights = [1.0, 4.9, 5.0, 5.0, 30.0, 0.0];
    let bounds = TrimmingBounds { lower: 2.0, upper: 10.0 };
    let once = trim_weights(&weights, TrimmingBounds { upper: 6.0, lower: 2.0 }, Trimming::OnePass).expect("weights");
    assert!(once.weights.iter().any(|weight| *weight > 6.0));
    let repeated = trim_weights(&weights, bounds, Trimming::Repeated).expect("weights");
    assert!(repeated.weights[..5].iter().all(|weight| (2.0..=10.0 + 1e-12).contains(weight)), "{:?}", repeated.weights);
    assert_eq!(repeated.weights[5], 0.0, "a weight of zero stands for nobody and is not lifted");
    assert!((repeated.weights.iter().sum::<f64>() - weights.iter().sum::<f64>()).abs() < 1e-12);
    assert!(matches!(repeated.notes[..], [Note::Trimmed { .. }]));
    let impossible = trim_weights(&weights, TrimmingBounds { lower: 1.0, upper: 3.0 }, Trimming::Repeated);
    assert_says(&message(impossible), &["bounds 1 and 3"]);
    let upside_down = trim_weights(&weights, TrimmingBounds { lower: 3.0, upper: 1.0 }, Trimming::Repeated);
    assert_says(&message(upside_down), &["bounds 3 and 1"]);
    let inside = trim_weights(&[2.0, 3.0], bounds, Trimming::Repeated).expect("weights");
    assert_eq!((inside.weights, inside.notes), (vec![2.0, 3.0], Vec::new()));
}

#[test]
fn trimmed_weights_stay_calibrated() {
    let margins = vec![
        margin("sex", &[("F", 60.0), ("M", 40.0)], &SEXES),
        margin("zone", &[("North", 55.0), ("South", 45.0)], &ZONES),
    ];
    let weights = [3.0, 9.0, 10.0, 11.0, 12.0, 13.0, 40.0, 15.0];
    let raking = Raking::new(margins.clone(), MarginRules::default(), RakingControl::default()).expect("margins");
    let bounds = TrimmingBounds { lower: 5.0, upper: 20.0 };
    assert!(raking.rake(&weights).expect("weights").weights.iter().any(|weight| *weight > 20.0));
    let trimmed = trim_and_adjust(&weights, bounds, |weights| raking.rake(weights)).expect("weights");
    assert!(trimmed.notes.iter().any(|note| matches!(note, Note::Trimmed { .. })));
    let bounded = Distance::TruncatedLinear(Bounds::of_weights(5.0, 20.0).expect("bounds"));
    let model = Model::of_margins(&margins).expect("a model");
    let bounded = calibrate(&weights, model, CalibrationOptions::new(bounded)).expect("weights");
    for weights in [&trimmed.weights, &bounded.weights] {
        assert!(weights.iter().all(|weight| (5.0 - 1e-7..=20.0 + 1e-7).contains(weight)), "{weights:?}");
        for margin in &margins {
            for (sum, category) in margin.sums(weights).iter().zip(margin.categories()) {
                assert!((sum - category.total).abs() < 1e-6, "{}: {sum}", category.label);
            }
        }
    }
    let tight = TrimmingBounds { lower: 12.0, upper: 13.0 };
    assert_says(&message(trim_and_adjust(&weights, tight, |weights| raking.rake(weights))), &["bounds 12 and 13"]);
}

/// Without base weights everybody begins with one, far from the population: as in R, weights are first multiplied, and
/// bounds hold after that.
#[test]
fn bounds_hold_from_where_the_weights_would_be_on_average() {
    let sexes = margin("sex", &[("F", 6000.0), ("M", 4000.0)], &SEXES);
    let model = Model::of_margins(&[sexes]).expect("a model");
    let options = CalibrationOptions::new(Distance::Logit(factors(0.5, 2.0)));
    let calibrated = calibrate(&[1.0; 8], model, options).expect("weights");
    assert_eq!(calibrated.notes, [Note::Scaled { by: 1250.0 }]);
    for (weight, sex) in calibrated.weights.iter().zip(SEXES) {
        assert!((weight - if sex == "F" { 1500.0 } else { 1000.0 }).abs() < 1e-6, "{weight}");
    }
}
