//! Cases kept in `tests/reference` (made with R 4.2.2, survey 4.1-1, by `weights.R` there): bounds of every kind, variances in
//! the model, equal weights in clusters, nonresponse, base weights, half-samples, calibrated replicates. Tolerance 1e-10
//! relative for closed forms, 1e-8 for iterated ones.

use std::path::PathBuf;

use analytics::design::{ClusterLabels, DesignRules, Labels, Stage, SurveyDesign};
use analytics::estimation::{ReplicateMethod, ReplicateTotals, ReplicateWeights, Replicated};
use analytics::weighting::{
    Bounds, Calibration, CalibrationOptions, Disagreement, Distance, EmptyCategory, Logistic, Margin, MarginRules,
    Model, Note, Predictors, PropensityUse, ResponseClasses, Total, Trimming, TrimmingBounds, WeightingError,
    WeightingReport, adjust_by_classes, adjust_by_propensity, balance_days, calibrate, rake, trim_weights,
};
use questionnaires::DayKind;
use serde_json::Value;

use crate::weights::{CLOSED_FORM, ITERATED, Table, assert_rows, totals};

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

pub fn results() -> Value {
    let text = std::fs::read_to_string(folder().join("weights.json")).expect("the results");
    serde_json::from_str(&text).expect("JSON")
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("numbers").iter().map(|number| number.as_f64().expect("a number")).collect()
}

pub fn schools() -> Table {
    Table::read(&folder().join("weights_schools.csv"))
}

pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{what}: {found} instead of {expected}");
}

fn total(name: &str, total: f64) -> Total {
    Total { name: name.to_owned(), total }
}

/// R's `~stype + api99`: a constant, two types of school, and the points.
pub fn school_model(file: &Table) -> Model {
    let is =
        |label: &str| -> Vec<f64> { file.text("stype").iter().map(|of| f64::from(u8::from(of == label))).collect() };
    let n = file.text("stype").len();
    let model = Model::new(n, vec![total("(Intercept)", 6194.0)], vec![1.0; n]).expect("a model");
    let model = model.with("stypeH", 755.0, &is("H")).expect("a column");
    let model = model.with("stypeM", 1018.0, &is("M")).expect("a column");
    model.with("api99", 3_914_069.0, &file.numbers("api99")).expect("a column")
}

pub fn margin(file: &Table, column: &str, labels: &[&str], expected: &Value) -> Margin {
    let pairs: Vec<(&str, f64)> = labels.iter().copied().zip(numbers(expected)).collect();
    Margin::new(column, totals(&pairs), file.text(column)).expect("a margin")
}

pub fn over(replicates: &ReplicateWeights, above: &[f64], below: &[f64]) -> Replicated {
    let totals: ReplicateTotals = replicates.totals(&[above, below], &vec![Some(0); above.len()], 1);
    totals.estimate(|totals| totals.total(0, 0) / totals.total(0, 1))
}

pub fn cluster_design(file: &Table) -> SurveyDesign {
    let clusters = Labels::from_codes(file.codes("dnum"));
    let stage = Stage { strata: None, clusters: &clusters, population: None };
    SurveyDesign::of_stages(&[stage], DesignRules::default()).expect("a design")
}

#[test]
fn calibration_with_bounds_variances_and_equal_weights() {
    let (file, results) = (schools(), results());
    let weights = file.numbers("pw");
    let bounds = |lower, upper| Bounds::of_factors(lower, upper).expect("bounds");
    let constant = Bounds::of_weights(18.0, 58.0).expect("bounds");
    let options = CalibrationOptions::new;
    let variance = |by: f64| Some(file.numbers("enroll").iter().map(|pupils| pupils / by).collect());
    let points = Model::new(weights.len(), vec![total("(Intercept)", 6194.0)], vec![1.0; weights.len()]);
    let points = points.and_then(|model| model.with("api99", 3_914_069.0, &file.numbers("api99"))).expect("a model");
    let equal = CalibrationOptions { equal_within: Some(file.codes("dnum")), ..options(Distance::Raking) };
    let cases = [
        ("cal_raking_bounds", options(Distance::TruncatedRaking(bounds(0.5, 1.6))), None, ITERATED),
        ("cal_logit_bounds", options(Distance::Logit(bounds(0.4, 1.7))), None, ITERATED),
        ("cal_linear_const", options(Distance::TruncatedLinear(constant)), None, ITERATED),
        (
            "cal_linear_variance",
            CalibrationOptions { variance: variance(1.0), ..options(Distance::Linear) },
            None,
            CLOSED_FORM,
        ),
        (
            "cal_raking_variance",
            CalibrationOptions { variance: variance(500.0), ..options(Distance::Raking) },
            None,
            ITERATED,
        ),
        ("cal_raking_agg1", equal, Some(points), ITERATED),
    ];
    let design = cluster_design(&file);
    for (name, options, model, tolerance) in cases {
        let calibration =
            Calibration::new(model.unwrap_or_else(|| school_model(&file)), options, &weights).expect("a model");
        let calibrated = calibration.calibrate(&weights).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_rows(&calibrated.weights, &file.numbers(name), tolerance, name);

        // The mean's Taylor variance, from the residuals of the calibration.
        let residuals = calibration.residuals(&weights, &calibrated);
        let expected = numbers(&results[name]);
        let sum: f64 = calibrated.weights.iter().sum();
        let points = file.numbers("api00");
        let mean = points.iter().zip(&calibrated.weights).map(|(y, w)| y * w).sum::<f64>() / sum;
        let mut scores: Vec<f64> = points.iter().zip(&calibrated.weights).map(|(y, w)| w * (y - mean) / sum).collect();
        residuals.project(&mut scores, 1);
        let mut of_leaves = vec![0.0; design.n_leaves()];
        for (leaf, score) in design.leaf_of_unit().iter().zip(scores) {
            of_leaves[*leaf as usize] += score;
        }
        let leaves: Vec<u32> = (0..of_leaves.len() as u32).collect();
        let error = design.variance(&leaves, &of_leaves).expect("a variance").sqrt();
        assert_close(mean, expected[0], tolerance, name);
        if name == "cal_raking_variance" {
            // An ignored option: R 4.1-1 leaves the variances out of the residuals of every distance but the linear one.
            // The jackknife, recalibrated, judges.
            let method = ReplicateMethod::Jk1;
            let jackknife = ReplicateWeights::new(&design, &weights, method, None).expect("replicates");
            let jackknife = jackknife.adjusted(|weights| calibration.calibrate(weights)).expect("replicates");
            let judge = jackknife.variance(&over(&jackknife, &points, &vec![1.0; points.len()])).sqrt();
            println!("{judge} {error} {}", expected[1]);
            assert!((error - judge).abs() < (expected[1] - judge).abs(), "{error}, {judge}");
        } else {
            assert_close(error, expected[1], tolerance, name);
        }
    }
    let linear = calibrate(&weights, school_model(&file), options(Distance::Linear)).expect("weights");
    let bounds = TrimmingBounds { lower: 20.0, upper: 50.0 };
    let strict = trim_weights(&linear.weights, bounds, Trimming::Repeated).expect("weights");
    assert_rows(&strict.weights, &file.numbers("trim_strict"), CLOSED_FORM, "strict trimming");
}

#[test]
fn raking_to_three_margins_and_post_stratification_that_leaves_out_an_empty_category() {
    let (file, results) = (schools(), results());
    let types = |file: &Table| margin(file, "stype", &["E", "H", "M"], &results["stype_totals"]);
    let margins = vec![
        types(&file),
        margin(&file, "sch.wide", &["No", "Yes"], &results["schwide_totals"]),
        margin(&file, "comp.imp", &["No", "Yes"], &results["compimp_totals"]),
    ];
    let raked = rake(&file.numbers("pw"), margins, MarginRules::default()).expect("weights");
    assert_rows(&raked.weights, &file.numbers("rake_three"), ITERATED, "three margins");

    let is_high: Vec<bool> = file.text("stype").iter().map(|label| label == "H").collect();
    let labels: Vec<&String> =
        file.text("stype").iter().zip(&is_high).filter(|(_, high)| !**high).map(|(l, _)| l).collect();
    let pairs: Vec<(&str, f64)> = ["E", "H", "M"].into_iter().zip(numbers(&results["stype_totals"])).collect();
    let types = Margin::new("stype", totals(&pairs), &labels).expect("a margin");
    let rules = MarginRules { empty_category: EmptyCategory::LeaveOut, disagreement: Disagreement::Fail };
    let partial = rake(&vec![file.numbers("pw")[0]; labels.len()], vec![types], rules).expect("weights");
    let expected = numbers(&results["partial_weight_E_M"]);
    for (weight, label) in partial.weights.iter().zip(labels) {
        assert_close(*weight, expected[usize::from(label == "M")], CLOSED_FORM, label);
    }
    assert_eq!(partial.notes.len(), 1);
}

fn predictors(file: &Table) -> Predictors {
    let names = ["(Intercept)", "api99", "stypeH", "stypeM"].map(str::to_owned).to_vec();
    let is = |label: &str, other: &str| f64::from(u8::from(label == other));
    let rows = file.text("stype").iter().zip(file.numbers("api99"));
    let values = rows.flat_map(|(label, points)| [1.0, points, is(label, "H"), is(label, "M")]).collect();
    Predictors { names, values }
}

#[test]
fn response_propensity_is_a_weighted_logistic_regression() {
    let (file, results) = (schools(), results());
    let weights = file.numbers("pw");
    let responded: Vec<bool> = file.text("awards").iter().map(|awards| awards == "Yes").collect();
    let fitted = Logistic::fit(&predictors(&file), &responded, &weights).expect("a model");
    assert_rows(&fitted.coefficients, &numbers(&results["propensity_coefficients"]), ITERATED, "coefficients");
    assert_rows(&fitted.probabilities, &file.numbers("propensity"), ITERATED, "propensities");

    let inverse = adjust_by_propensity(&weights, &responded, &fitted, PropensityUse::Inverse).expect("weights");
    for (unit, weight) in inverse.weights.iter().enumerate() {
        let expected = if responded[unit] { weights[unit] / file.numbers("propensity")[unit] } else { 0.0 };
        assert_close(*weight, expected, ITERATED, "inverse propensity");
    }
    let classes = adjust_by_propensity(&weights, &responded, &fitted, PropensityUse::Classes(5)).expect("weights");
    let sum: f64 = classes.weights.iter().sum();
    assert_close(sum, weights.iter().sum(), CLOSED_FORM, "classes keep the sum of weights");
    let mut distinct: Vec<f64> = classes.factors.iter().copied().filter(|factor| *factor > 0.0).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    assert!(distinct.len() <= 5 && distinct.iter().all(|factor| *factor >= 1.0), "{distinct:?}");

    // A column twice adds nothing; one that tells all answers apart is refused.
    let mut twice = predictors(&file);
    twice.names.push("again".to_owned());
    twice.values = twice.values.chunks(4).flat_map(|row| [row[0], row[1], row[2], row[3], 2.0 * row[1]]).collect();
    let fitted_twice = Logistic::fit(&twice, &responded, &weights).expect("a model");
    assert_eq!(fitted_twice.redundant, ["again"]);
    assert_rows(&fitted_twice.probabilities, &fitted.probabilities, ITERATED, "a redundant predictor");
    let told: Vec<f64> = responded.iter().flat_map(|yes| [1.0, f64::from(u8::from(*yes))]).collect();
    let told = Predictors { names: vec!["one".to_owned(), "told".to_owned()], values: told };
    let error = Logistic::fit(&told, &responded, &weights).expect_err("separated");
    assert!(matches!(error, WeightingError::Separated { .. }), "{error}");
}

#[test]
fn respondents_stand_for_the_others_of_their_class_and_small_classes_are_joined() {
    let (file, results) = (schools(), results());
    let weights = file.numbers("pw");
    let responded: Vec<bool> = file.text("awards").iter().map(|awards| awards == "Yes").collect();
    let labels = ["E", "H", "M"];
    let class_of: Vec<u32> = file
        .text("stype")
        .iter()
        .map(|label| labels.iter().position(|of| of == label).expect("a type") as u32)
        .collect();
    let names = labels.map(str::to_owned);
    let adjust = |min_respondents| {
        let classes = ResponseClasses { names: &names, class_of: &class_of, min_respondents };
        adjust_by_classes(&weights, &responded, classes)
    };
    let expected = numbers(&results["class_factors"]);
    let adjusted = adjust(1).expect("weights");
    for (unit, factor) in adjusted.factors.iter().enumerate() {
        assert_close(
            *factor,
            if responded[unit] { expected[class_of[unit] as usize] } else { 0.0 },
            CLOSED_FORM,
            "factor",
        );
    }
    assert!(adjusted.notes.is_empty());
    // Six high schools answered: with seven asked for, they are joined with the smaller of their neighbours.
    let joined = adjust(7).expect("weights");
    assert_eq!(joined.notes, [Note::Joined { class: "H".to_owned(), with: "M".to_owned() }]);
    assert_close(joined.weights.iter().sum(), weights.iter().sum(), CLOSED_FORM, "the sum of weights");
    let all = adjust(500).expect("weights");
    assert_eq!(all.notes.len(), 2, "one class is left, with those who answered");
    let nobody = vec![false; weights.len()];
    let classes = ResponseClasses { names: &names, class_of: &class_of, min_respondents: 1 };
    let error = adjust_by_classes(&weights, &nobody, classes).expect_err("nobody");
    assert!(error.to_string().contains("E + H + M") || error.to_string().contains("nobody answered"), "{error}");
}

#[test]
fn base_weights_are_the_product_of_the_stages() {
    let results = results();
    let codes = |name: &str| Labels::from_codes(numbers(&results[name]).iter().map(|code| *code as u32).collect());
    let (dnum, snum) = (codes("base_weights_dnum"), codes("base_weights_snum"));
    let (districts, schools) = (numbers(&results["base_weights_fpc1"]), numbers(&results["base_weights_fpc2"]));
    let stages = [
        Stage { strata: None, clusters: &dnum, population: Some(&districts) },
        Stage { strata: None, clusters: &snum, population: Some(&schools) },
    ];
    let rules = DesignRules { labels: ClusterLabels::WithinStrata, ..DesignRules::default() };
    let design = SurveyDesign::of_stages(&stages, rules).expect("a design");
    let found = design.base_weights().expect("weights");
    assert_rows(&found, &numbers(&results["base_weights"]), CLOSED_FORM, "base weights");
    let few = vec![20.0; districts.len()];
    let stages = [Stage { strata: None, clusters: &dnum, population: Some(&few) }];
    let error = SurveyDesign::of_stages(&stages, rules).expect_err("fewer than were drawn").to_string();
    assert!(error.contains("stage 1") && error.contains("20") && error.contains("40 clusters"), "{error}");
}

#[test]
fn days_are_balanced_in_every_group() {
    let kinds = [DayKind::Weekday, DayKind::Saturday, DayKind::Sunday];
    let days: Vec<DayKind> = (0..30).map(|unit| kinds[unit % 7 % 3]).collect();
    let groups: Vec<String> = (0..30).map(|unit| ["women", "men"][usize::from(unit % 5 < 2)].to_owned()).collect();
    let weights: Vec<f64> = (0..30).map(|unit| 1.0 + f64::from(unit % 4)).collect();
    let balanced = balance_days(&weights, &days, Some(&groups)).expect("weights").weights;
    for group in ["women", "men"] {
        let sum = |weights: &[f64], kind: Option<DayKind>| -> f64 {
            (0..30)
                .filter(|unit| groups[*unit] == group && kind.is_none_or(|kind| days[*unit] == kind))
                .map(|unit| weights[unit])
                .sum()
        };
        assert_close(sum(&balanced, None), sum(&weights, None), CLOSED_FORM, group);
        for (kind, share) in kinds.into_iter().zip([5.0, 1.0, 1.0]) {
            assert_close(sum(&balanced, Some(kind)), sum(&weights, None) * share / 7.0, CLOSED_FORM, group);
        }
    }
    let no_sunday: Vec<DayKind> =
        days.iter().zip(&groups).map(|(day, group)| if group == "men" { DayKind::Weekday } else { *day }).collect();
    let error = balance_days(&weights, &no_sunday, Some(&groups)).expect_err("men have no Saturday").to_string();
    assert!(error.contains("`kind of day`") && error.contains("men, saturday"), "{error}");
    assert!(balance_days(&weights, &no_sunday, None).is_ok());
}

#[test]
fn a_report_tells_what_the_weights_cost_and_what_became_of_the_margins() {
    let (file, results) = (schools(), results());
    let weights = file.numbers("pw");
    let types = margin(&file, "stype", &["E", "H", "M"], &results["stype_totals"]);
    let raked = rake(&weights, vec![types.clone()], MarginRules::default()).expect("weights");
    let report = WeightingReport::new(&weights, &raked, &[types]);
    let high = &report.margins[0].categories[1];
    assert_eq!((high.label.as_str(), high.n_units, high.total), ("H", 14, 755.0));
    assert_close(high.after, 755.0, CLOSED_FORM, "after");
    assert_close(high.before, 14.0 * weights[0], CLOSED_FORM, "before");
    // Kish's design effect: n Σw² / (Σw)².
    let (sum, squares) = raked.weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    assert_close(report.after.design_effect, 183.0 * squares / (sum * sum), CLOSED_FORM, "design effect");
    assert_close(report.after.effective_n, sum * sum / squares, CLOSED_FORM, "effective sample size");
    assert_eq!(report.before.design_effect, 1.0, "equal weights cost nothing");
    assert!(report.after.min <= report.after.lower_quartile && report.after.median <= report.after.max);
    assert_close(report.factors.max, 755.0 / (14.0 * weights[0]), CLOSED_FORM, "factors");
    let shown = serde_json::to_value(&report).expect("JSON");
    assert_eq!(shown["margins"][0]["categories"][1]["label"], "H");
}
