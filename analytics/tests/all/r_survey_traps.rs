//! What went wrong elsewhere, a test each. The numbers are R survey's (`reference/r_survey_designs.json`), the sentence on
//! each test says how another way gets another number.

use std::path::Path;

use analytics::design::{ClusterLabels, DesignRules, Labels, SingleCluster, Stage, SurveyDesign};
use analytics::estimation::{
    Domain, Estimates, EstimationError, Factor, Mean, Proportion, ProportionInterval, QuantileInterval, QuantileRule,
    Quantiles, SimpleRandom, Survey, Total, Variable, Variance, t_quantile,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::r_survey_cases::{CLOSED_FORM, Schools as Table, assert_close};

const WITHIN: DesignRules = DesignRules {
    labels: ClusterLabels::WithinStrata,
    single_cluster: SingleCluster::Fail,
    lonely_in_domain: analytics::design::LonelyInDomain::AsInDesign,
};

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)
}

fn table() -> Table {
    Table::read(&file("r_survey_designs.csv"))
}

fn r_says(id: &str, field: &str) -> f64 {
    let reference = std::fs::read_to_string(file("r_survey_designs.json")).expect("the reference");
    let reference: Value = serde_json::from_str(&reference).expect("JSON");
    let cases = reference["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["id"] == id).expect("a case");
    case[field][0].as_f64().expect("a number")
}

/// The sample as ultimate clusters, `rows` of it, with a column of weights.
fn ultimate(table: &Table, rows: &[usize], weights: &str) -> Survey {
    let pick = |name: &str| {
        let labels = table.labels(name);
        Labels::from_codes(rows.iter().map(|row| labels.codes()[*row]).collect())
    };
    let (strata, clusters) = (pick("stratum"), pick("psu"));
    let stage = Stage { strata: Some(&strata), clusters: &clusters, population: None };
    let rules = DesignRules { single_cluster: SingleCluster::Remove, ..WITHIN };
    let design = SurveyDesign::of_stages(&[stage], rules).expect("a design");
    let weights = table.numbers(weights);
    Survey::new(design, rows.iter().map(|row| weights[*row]).collect()).expect("a survey")
}

fn all_rows(table: &Table) -> Vec<usize> {
    (0..table.numbers("y").len()).collect()
}

fn old_women(table: &Table) -> Vec<bool> {
    let (sex, age) = (table.factor("sex"), table.factor("age"));
    let is = |factor: &Factor, row: usize, level: &str| {
        factor.codes()[row].is_some_and(|code| factor.levels()[code as usize] == level)
    };
    all_rows(table).into_iter().map(|row| is(&sex, row, "F") && is(&age, row, "old")).collect()
}

/// Rows outside the domain were filtered away, and the clusters without anybody in it forgotten: the standard error of a
/// total came out far too small, that of a mean wrong either way.
#[test]
fn a_domain_is_a_mask_and_not_a_filter() {
    let table = table();
    let y = table.numbers("y");
    let mask = old_women(&table);
    let survey = ultimate(&table, &all_rows(&table), "w");
    let masked = survey.estimate(&Mean(vec![Variable::Number(&y)]), &Domain::from_mask(mask.clone())).expect("a mean");
    let variance = masked.covariance().expect("a variance").variance(0);
    assert_close(variance, r_says("ultimate/domain", "vcov"), CLOSED_FORM, "the variance in the domain");

    let rows: Vec<usize> = all_rows(&table).into_iter().filter(|row| mask[*row]).collect();
    let filtered_y: Vec<f64> = rows.iter().map(|row| y[*row]).collect();
    let filtered = ultimate(&table, &rows, "w");
    let (y_there, there) = ([Variable::Number(&filtered_y)], filtered.everybody());
    let of = |found: Estimates<'_>| (found.value(0), found.covariance().expect("a variance").variance(0));
    let (mean, variance_of_mean) = of(filtered.estimate(&Mean(y_there.to_vec()), &there).expect("a mean"));
    assert_close(mean, masked.value(0), 1e-14, "the mean is the same");
    assert!((variance_of_mean / variance - 1.0).abs() > 0.01);
    let (total, variance_of_total) = of(filtered.estimate(&Total(y_there.to_vec()), &there).expect("a total"));
    let masked = survey.estimate(&Total(vec![Variable::Number(&y)]), &Domain::from_mask(mask)).expect("a total");
    assert_close(total, masked.value(0), 1e-14, "the total is the same");
    assert!(variance_of_total < 0.8 * masked.covariance().expect("a variance").variance(0));
}

/// The degrees of freedom of the whole design were used for a domain that few clusters reach: intervals too narrow.
#[test]
fn a_domain_has_its_own_degrees_of_freedom() {
    let table = table();
    let y = table.numbers("y");
    let survey = ultimate(&table, &all_rows(&table), "w");
    let domain = Domain::from_mask(old_women(&table));
    let mean = survey.estimate(&Mean(vec![Variable::Number(&y)]), &domain).expect("a mean");
    assert_eq!(f64::from(mean.degrees_of_freedom()), r_says("ultimate/domain", "df"));
    assert_eq!(mean.degrees_of_freedom(), survey.degrees_of_freedom(&domain));
    assert!(mean.degrees_of_freedom() < survey.degrees_of_freedom(&survey.everybody()));
    let interval = mean.intervals(0.95).expect("intervals").expect("degrees of freedom")[0];
    let half_width =
        t_quantile(0.975, f64::from(mean.degrees_of_freedom())) * mean.standard_errors().expect("an error")[0];
    assert_close(interval.high - mean.value(0), half_width, 1e-12, "half the interval");
}

/// The interval of a quantile was read off by another rule than the quantile, so that it need not even contain it.
#[test]
fn point_and_interval_of_a_quantile_share_one_rule() {
    let table = table();
    let y = table.numbers("y");
    let survey = ultimate(&table, &all_rows(&table), "w");
    for rule in RULES {
        let quantile = |p: f64| Quantiles::new(Variable::Number(&y), vec![p], rule);
        let found =
            quantile(0.5).estimate(&survey, &survey.everybody(), QuantileInterval::Mean, 0.9).expect("a quantile")[0];
        let below: Vec<f64> = y.iter().map(|value| f64::from(u8::from(*value <= found.value))).collect();
        let share = survey.estimate(&Mean(vec![Variable::Number(&below)]), &survey.everybody()).expect("a share");
        let limits = share.intervals(0.9).expect("intervals").expect("degrees of freedom")[0];
        for (limit, share) in [(found.low, limits.low), (found.high, limits.high)] {
            let expected = (0.0..=1.0).contains(&share).then(|| quantile(share).values(survey.weights())[0]);
            assert_eq!(limit, expected, "{rule:?}");
        }
        assert!(found.low.is_none_or(|low| low <= found.value) && found.high.is_none_or(|high| found.value <= high));
    }
}

const RULES: [QuantileRule; 9] = [
    QuantileRule::Inverse,
    QuantileRule::AveragedInverse,
    QuantileRule::NearestEven,
    QuantileRule::Linear,
    QuantileRule::Midpoint,
    QuantileRule::Weibull,
    QuantileRule::Mode,
    QuantileRule::Median,
    QuantileRule::Normal,
];

/// Units of weight zero were counted as respondents: into n, the variance's n / (n - 1), design effects and degrees of
/// freedom. And their values, where missing, made every sum missing.
#[test]
fn units_of_weight_zero_count_for_nothing() {
    let table = table();
    let mut y = table.numbers("y");
    let survey = ultimate(&table, &all_rows(&table), "w0");
    let everybody = survey.everybody();
    assert_eq!(survey.n_units(&everybody), y.len() - 4);
    let effect = |y: &[f64]| {
        let mean = Mean(vec![Variable::Number(y)]);
        survey.design_effects(&mean, &everybody, SimpleRandom::WithReplacement).expect("a design effect")[0]
    };
    assert_close(effect(&y), r_says("zero_weights/deff_mean_replace", "deff"), CLOSED_FORM, "design effect");
    let before = effect(&y);
    for (value, weight) in y.iter_mut().zip(survey.weights()) {
        if *weight == 0.0 {
            *value = f64::NAN;
        }
    }
    assert_eq!(effect(&y), before);
    let variance = survey.estimate(&Variance(vec![Variable::Number(&y)]), &everybody).expect("a variance");
    assert_close(variance.value(0), r_says("zero_weights/variance", "estimate"), CLOSED_FORM, "variance");
    // A cluster of nobody with a weight adds no degree of freedom, but was drawn all the same.
    let strata = Labels::from_codes(vec![0; 4]);
    let clusters = Labels::of_each_unit(4);
    let stage = Stage { strata: Some(&strata), clusters: &clusters, population: None };
    let design = SurveyDesign::of_stages(&[stage], WITHIN).expect("a design");
    let survey = Survey::new(design, vec![1.0, 1.0, 1.0, 0.0]).expect("a survey");
    let total = survey.estimate(&Total(vec![Variable::Number(&[1.0, 2.0, 3.0, 9.0])]), &survey.everybody());
    let total = total.expect("a total");
    assert_eq!((total.degrees_of_freedom(), total.n_units()[0]), (2, 3));
    assert_eq!(total.covariance().expect("a variance").variance(0), 4.0 / 3.0 * (0.25 + 0.25 + 2.25 + 2.25));
}

/// A code that is in no list of levels was taken for a respondent who did not do the activity, and lowered its rate.
#[test]
fn a_code_without_a_level_is_an_error_and_a_missing_one_no_answer() {
    let values = [Some("yes"), Some("no"), Some("Yes "), None];
    let error = Factor::with_levels(values, &["no", "yes"]).expect_err("an unknown level");
    assert!(matches!(&error, EstimationError::UnknownLevel { unit: 3, value, .. } if value == "Yes "), "{error}");
    let factor = Factor::with_levels([Some("yes"), Some("no"), Some("yes"), None], &["no", "yes"]).expect("a factor");
    let clusters = Labels::of_each_unit(4);
    let stage = Stage { strata: None, clusters: &clusters, population: None };
    let design = SurveyDesign::of_stages(&[stage], WITHIN).expect("a design");
    let survey = Survey::new(design, vec![1.0; 4]).expect("a survey");
    let rate = Mean(vec![Variable::Level(&factor, 1)]);
    let refused = survey.estimate(&rate, &survey.everybody()).expect_err("a missing value");
    assert_eq!(refused, EstimationError::MissingValues { n_missing: 1, n_units: 4, first: 4 });
    let known = survey.everybody().observed(&rate);
    assert_eq!(survey.estimate(&rate, &known).expect("a rate").values(), [2.0 / 3.0]);
}

/// An option was accepted and ignored. Here each value of each option gives a number of its own.
#[test]
fn every_option_makes_a_difference() {
    fn assert_distinct(numbers: &[f64], what: &str) {
        for (place, number) in numbers.iter().enumerate() {
            for other in &numbers[..place] {
                assert!((number - other).abs() > 1e-9 * number.abs(), "{what}: {numbers:?}");
            }
        }
    }
    let table = table();
    let (y, did) = (table.numbers("y"), table.numbers("did"));
    let survey = ultimate(&table, &all_rows(&table), "w");
    let everybody = survey.everybody();
    let quantile = |rule| Quantiles::new(Variable::Number(&y), vec![0.13], rule).values(survey.weights())[0];
    // Where no step lies exactly at p, the first two agree, and the nearest even one may.
    let interpolating = RULES.iter().skip(3).chain(&RULES[..1]);
    assert_distinct(&interpolating.map(|rule| quantile(*rule)).collect::<Vec<_>>(), "quantile rules");

    let mean = survey.estimate(&Mean(vec![Variable::Number(&did)]), &everybody).expect("a proportion");
    let proportion = mean.proportion(0).expect("a proportion");
    use ProportionInterval::{Asin, Beta, Likelihood, Logit, Mean as Symmetric, Wilson};
    let kinds = [Symmetric, Logit, Asin, Beta, Likelihood, Wilson];
    let low = |kind, level| proportion.interval(kind, level).expect("an interval").low;
    assert_distinct(&kinds.map(|kind| low(kind, 0.95)), "intervals");
    for kind in kinds {
        assert!(low(kind, 0.99) < low(kind, 0.95), "{kind:?}");
    }

    let strata = Labels::from_codes(vec![0, 0, 1, 2, 2, 2]);
    let clusters = Labels::of_each_unit(6);
    let stage = Stage { strata: Some(&strata), clusters: &clusters, population: None };
    use SingleCluster::{Adjust, Average, Collapse, Remove};
    let variances = [Remove, Adjust, Average, Collapse].map(|single_cluster| {
        let design = SurveyDesign::of_stages(&[stage], DesignRules { single_cluster, ..WITHIN }).expect("a design");
        design.variance(&[0, 1, 2, 3, 4, 5], &[1.0, 4.0, 9.0, 2.0, 8.0, 3.0]).expect("a variance")
    });
    assert_distinct(&variances, "rules for single clusters");
    let effects = [SimpleRandom::WithReplacement, SimpleRandom::WithoutReplacement].map(|sampling| {
        survey.design_effects(&Mean(vec![Variable::Number(&y)]), &everybody, sampling).expect("a design effect")[0]
    });
    assert_distinct(&effects, "design effects");
}

/// Nobody in a domain, one unit, values all equal: no number rather than a wrong one.
#[test]
fn what_cannot_be_estimated_is_said() {
    let table = table();
    let y = table.numbers("y");
    let survey = ultimate(&table, &all_rows(&table), "w");
    let nobody = Domain::from_mask(vec![false; y.len()]);
    let mean = Mean(vec![Variable::Number(&y)]);
    assert_eq!(survey.estimate(&mean, &nobody).expect_err("empty"), EstimationError::EmptyDomain { what: "a mean" });
    let total = survey.estimate(&Total(vec![Variable::Number(&y)]), &nobody).expect("nobody's total is zero");
    assert_eq!((total.value(0), total.standard_errors().expect("an error")[0]), (0.0, 0.0));
    assert_eq!(total.intervals(0.95).expect("intervals"), None);
    let quantiles = Quantiles::new(Variable::Number(&y), vec![0.5], QuantileRule::Inverse);
    assert!(quantiles.estimate(&survey, &nobody, QuantileInterval::Mean, 0.95).is_err());

    let one = Domain::from_mask((0..y.len()).map(|row| row == 7).collect());
    assert!(matches!(
        survey.estimate(&Variance(vec![Variable::Number(&y)]), &one),
        Err(EstimationError::NotDefined { .. })
    ));
    assert_eq!(survey.estimate(&mean, &one).expect("a mean").intervals(0.95).expect("intervals"), None);

    let level = vec![7.25; y.len()];
    let flat = survey.estimate(&Mean(vec![Variable::Number(&level)]), &survey.everybody()).expect("a mean");
    assert!((flat.value(0) - 7.25).abs() < 1e-14 && flat.standard_errors().expect("an error")[0] < 1e-14);
    let nobody_did = Proportion { estimate: 0.0, variance: 0.0, n_units: 50, degrees_of_freedom: 9.0 };
    assert_eq!(nobody_did.interval(ProportionInterval::Logit, 0.95), None);
    let exact = nobody_did.interval(ProportionInterval::Beta, 0.95).expect("an interval");
    // Clopper and Pearson with nobody among 50: 1 - 0.025^(1/50).
    assert_close(exact.high, 1.0 - 0.025_f64.powf(1.0 / 50.0), 1e-12, "the upper limit");
    assert_eq!(exact.low, 0.0);

    assert!(matches!(
        Survey::new(survey.design().clone(), vec![-1.0; y.len()]),
        Err(EstimationError::Weight { unit: 1, .. })
    ));
    assert!(matches!(Survey::new(survey.design().clone(), vec![1.0; 3]), Err(EstimationError::Length { .. })));
}

proptest! {
    /// Standard errors follow the unit of measurement over hundreds of orders of magnitude, and contrasts have the
    /// variance that the covariances give.
    #[test]
    fn variances_scale_and_add_up(
        values in prop::collection::vec(-100.0..100.0_f64, 54),
        exponent in -120..120_i32,
        coefficients in prop::collection::vec(-3.0..3.0_f64, 2),
    ) {
        let table = table();
        let survey = ultimate(&table, &all_rows(&table), "w");
        let sex = table.factor("sex");
        let by = |values: &[f64]| {
            let parts = survey.by(&Mean(vec![Variable::Number(values)]), &sex, &survey.everybody()).expect("means");
            let stacked = Estimates::stacked(&[&parts[0].1, &parts[1].1]);
            let covariance = stacked.covariance().expect("a covariance");
            let contrast = stacked.contrast(&coefficients).covariance().expect("a variance").variance(0);
            (covariance, contrast)
        };
        let (covariance, contrast) = by(&values);
        let expected = covariance.between(&coefficients, &coefficients);
        let size = covariance.variance(0) + covariance.variance(1);
        prop_assert!((contrast - expected).abs() <= 1e-12 * size);
        let determinant = covariance.variance(0) * covariance.variance(1) - covariance.at(0, 1) * covariance.at(1, 0);
        prop_assert!(determinant >= -1e-12 * size * size);
        let scale = 10.0_f64.powi(exponent);
        let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
        let (of_scaled, _) = by(&scaled);
        for place in 0..2 {
            let expected = covariance.standard_error(place) * scale;
            prop_assert!((of_scaled.standard_error(place) - expected).abs() <= 1e-11 * expected);
        }
    }
}
