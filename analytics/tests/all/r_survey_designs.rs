//! Designs and estimators that the examples of R survey do not reach: three stages with population sizes, strata at two
//! stages, a stratum taken as a whole, collapsed strata, zero weights, repeated labels; every quantile rule, contrasts
//! between domains, design effects, intervals, models. The reference was made by `reference/r_survey_designs.R`.
//!
//! Tolerance 1e-10 relative, 1e-8 for what is iterated.

use std::path::{Path, PathBuf};

use analytics::design::{ClusterLabels, DesignRules, Labels, SingleCluster, Stage, SurveyDesign};
use analytics::estimation::{
    AssociationTest, ClusterRegressions, Domain, Estimates, EstimationError, Factor, Family, GeneralisedLinear, Mean,
    ProportionInterval, QuantileInterval, QuantileRule, Quantiles, Ratio, Residuals, SimpleRandom, Statistic, Survey,
    Total, Variable, Variance,
};
use serde_json::Value;

use crate::r_survey_cases::{CLOSED_FORM, ITERATED, Schools as Table, assert_close};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

fn survey(table: &Table, name: &str) -> Survey {
    let [stratum, psu, household, person, half, alone] =
        ["stratum", "psu", "household", "person", "half", "alone"].map(|name| table.labels(name));
    let [n_psu, n_household, n_person, w, w0] =
        ["n_psu", "n_household", "n_person", "w", "w0"].map(|name| table.numbers(name));
    let each = Labels::of_each_unit(w.len());
    let first = Stage { strata: Some(&stratum), clusters: &psu, population: None };
    let with_sizes = Stage { population: Some(&n_psu), ..first };
    let within = |clusters, population| Stage { strata: None, clusters, population };
    // Twice as many units as were drawn, in each half of a cluster.
    let n_half: Vec<f64> = (0..w.len())
        .map(|unit| {
            let key = |unit: usize| (stratum.codes()[unit], psu.codes()[unit], half.codes()[unit]);
            2.0 * (0..w.len()).filter(|other| key(*other) == key(unit)).count() as f64
        })
        .collect();
    let mut rules = DesignRules { labels: ClusterLabels::WithinStrata, ..DesignRules::default() };
    let stages = match name {
        "three_stages" => {
            vec![with_sizes, within(&household, Some(&n_household)), within(&person, Some(&n_person))]
        }
        "two_stages" => vec![with_sizes, within(&household, Some(&n_household))],
        "strata_twice" => {
            vec![with_sizes, Stage { strata: Some(&half), clusters: &each, population: Some(&n_half) }]
        }
        "zero_weights" | "ultimate" => vec![first],
        "collapsed" => {
            rules.single_cluster = SingleCluster::Collapse;
            vec![Stage { strata: Some(&alone), ..first }]
        }
        name => panic!("no design {name}"),
    };
    let design = SurveyDesign::of_stages(&stages, rules).expect("a design");
    let weights = match name {
        "three_stages" => design.base_weights().expect("weights from population sizes"),
        "zero_weights" => w0,
        _ => w,
    };
    Survey::new(design, weights).expect("a survey")
}

fn numbers(case: &Value, field: &str) -> Vec<Option<f64>> {
    case[field].as_array().unwrap_or_else(|| panic!("{field} of {case}")).iter().map(Value::as_f64).collect()
}

fn assert_numbers(found: impl IntoIterator<Item = f64>, case: &Value, field: &str, tolerance: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    let expected = numbers(case, field);
    assert_eq!(found.len(), expected.len(), "{field} of {case}");
    for (found, expected) in found.iter().zip(expected) {
        assert_close(*found, expected.expect("a number"), tolerance, &format!("{field} of {}", case["id"]));
    }
}

fn assert_estimates(found: &Estimates<'_>, case: &Value, tolerance: f64) {
    assert_numbers(found.values().iter().copied(), case, "estimate", tolerance);
    let covariance = found.covariance().expect("a covariance");
    let expected: Vec<f64> = numbers(case, "vcov").into_iter().flatten().collect();
    assert_eq!(expected.len(), covariance.values().len(), "{case}");
    for (place, expected) in expected.iter().enumerate() {
        let (i, j) = (place / covariance.n(), place % covariance.n());
        let scale = covariance.standard_error(i) * covariance.standard_error(j);
        let off = (covariance.at(i, j) - expected).abs();
        assert!(off <= tolerance * scale + 1e-24, "covariance {i}, {j} of {}: off by {off:e} of {scale:e}", case["id"]);
    }
    if case.get("df").is_some() {
        assert_numbers([f64::from(found.degrees_of_freedom())], case, "df", 0.0);
    }
}

fn rule(name: &str) -> QuantileRule {
    match name {
        "math" | "hf1" => QuantileRule::Inverse,
        "school" | "hf2" => QuantileRule::AveragedInverse,
        "hf3" => QuantileRule::NearestEven,
        "hf4" => QuantileRule::Linear,
        "hf5" => QuantileRule::Midpoint,
        "hf6" => QuantileRule::Weibull,
        "hf7" => QuantileRule::Mode,
        "hf8" => QuantileRule::Median,
        "hf9" => QuantileRule::Normal,
        name => panic!("no rule {name}"),
    }
}

fn assert_quantiles(survey: &Survey, quantiles: &Quantiles<'_>, interval: QuantileInterval, case: &Value) {
    let everybody = survey.everybody();
    let found = quantiles.estimate(survey, &everybody, interval, 0.95).expect("quantiles");
    assert_numbers(found.iter().map(|quantile| quantile.value), case, "estimate", CLOSED_FORM);
    assert_numbers(quantiles.values(survey.weights()), case, "estimate", CLOSED_FORM);
    let limits = found.iter().flat_map(|quantile| [quantile.low, quantile.high]);
    for (found, expected) in limits.zip(numbers(case, "ci")) {
        match (found, expected) {
            (Some(found), Some(expected)) => assert_close(found, expected, CLOSED_FORM, &case["id"].to_string()),
            (found, expected) => assert_eq!(found, expected, "{case}"),
        }
    }
    for (found, expected) in found.iter().map(|quantile| quantile.standard_error).zip(numbers(case, "se")) {
        match (found, expected) {
            (Some(found), Some(expected)) => assert_close(found, expected, CLOSED_FORM, &case["id"].to_string()),
            (found, expected) => assert_eq!(found, expected, "{case}"),
        }
    }
}

/// Runs one case; false where nobody handles it.
fn run(table: &Table, survey: &Survey, name: &str, what: &str, case: &Value) -> bool {
    let [y, x, z, did, gaps] = ["y", "x", "z", "did", "gaps"].map(|name| table.numbers(name));
    let [y, x, z, did, gaps] = [&y, &x, &z, &did, &gaps].map(|values| Variable::Number(values));
    let [sex, age, half] = ["sex", "age", "half"].map(|name| table.factor(name));
    let everybody = survey.everybody();
    let check = |found: Result<Estimates<'_>, EstimationError>, tolerance: f64| {
        assert_estimates(&found.expect("an estimate"), case, tolerance);
    };
    let effects = |statistic: &Mean<'_>, sampling: SimpleRandom| {
        let effects = survey.design_effects(statistic, &everybody, sampling).expect("design effects");
        assert_numbers(effects, case, "deff", CLOSED_FORM);
    };
    let by = |factors: &[&Factor]| {
        let parts = survey.by(&Mean(vec![y]), &Factor::crossed(factors), &everybody).expect("estimates by group");
        Estimates::stacked(&parts.iter().map(|(_, part)| part).collect::<Vec<_>>())
    };
    match what {
        "degf" => assert_numbers([f64::from(survey.degrees_of_freedom(&everybody))], case, "estimate", 0.0),
        "mean" => check(survey.estimate(&Mean(vec![y, x]), &everybody), CLOSED_FORM),
        "total" => check(survey.estimate(&Total(vec![y, x]), &everybody), CLOSED_FORM),
        "ratio" => check(survey.estimate(&Ratio::new(y, x), &everybody), CLOSED_FORM),
        "proportions" => check(survey.estimate(&Mean(age.indicators()), &everybody), CLOSED_FORM),
        "variance" => check(survey.estimate(&Variance(vec![y]), &everybody), CLOSED_FORM),
        "variances" => check(survey.estimate(&Variance(vec![y, x]), &everybody), CLOSED_FORM),
        "domain" => {
            let old_women = Domain::at_level(&Factor::crossed(&[&sex, &age]), 2);
            check(survey.estimate(&Mean(vec![y]), &old_women), CLOSED_FORM);
        }
        "missing" => {
            let mean = Mean(vec![gaps]);
            let refused = survey.estimate(&mean, &everybody).expect_err("values are missing");
            assert!(matches!(refused, EstimationError::MissingValues { n_missing: 3, first: 5, .. }), "{refused}");
            check(survey.estimate(&mean, &everybody.observed(&mean)), CLOSED_FORM);
        }
        "deff_mean" => effects(&Mean(vec![y]), SimpleRandom::WithoutReplacement),
        "deff_mean_replace" => effects(&Mean(vec![y]), SimpleRandom::WithReplacement),
        "deff_total_replace" => {
            let found = survey.design_effects(&Total(vec![y]), &everybody, SimpleRandom::WithReplacement);
            assert_numbers(found.expect("design effects"), case, "deff", CLOSED_FORM);
        }
        "deff_ratio" => {
            let found = survey.design_effects(&Ratio::new(y, x), &everybody, SimpleRandom::WithoutReplacement);
            assert_numbers(found.expect("design effects"), case, "deff", CLOSED_FORM);
        }
        "by" => assert_estimates(&by(&[&sex]), case, CLOSED_FORM),
        "by_crossed" => assert_estimates(&by(&[&sex, &age]), case, CLOSED_FORM),
        "difference" => assert_estimates(&by(&[&sex]).contrast(&[1.0, -1.0]), case, CLOSED_FORM),
        "asymmetry" => check(by(&[&sex]).share_of_two(0, 1), CLOSED_FORM),
        "care_gap" => check(by(&[&sex]).relative_difference(0, 1), CLOSED_FORM),
        "ratio_of_gaps" => {
            // Women and men of the even half, then of the odd.
            let four = by(&[&sex, &half]);
            let gaps = [four.contrast(&[1.0, -1.0, 0.0, 0.0]), four.contrast(&[0.0, 0.0, 1.0, -1.0])];
            check(Estimates::stacked(&[&gaps[0], &gaps[1]]).ratio(0, 1), CLOSED_FORM);
        }
        "linear" => {
            let model = GeneralisedLinear::new(Family::Gaussian, y, &[x, z]);
            check(survey.estimate(&model, &everybody), CLOSED_FORM);
        }
        "logistic" => {
            let model = GeneralisedLinear::new(Family::Logistic, did, &[x, z]);
            check(survey.estimate(&model, &everybody), ITERATED);
            assert_numbers(model.values(survey.weights()), case, "estimate", ITERATED);
        }
        _ if what.starts_with("chisq_") => {
            let test = match what {
                "chisq_F" => AssociationTest::F,
                "chisq_Chisq" => AssociationTest::ChiSquared,
                "chisq_Wald" => AssociationTest::Wald,
                _ => AssociationTest::AdjustedWald,
            };
            let found = survey.association(&sex, &age, &everybody, test).expect("a test");
            // R counts units of weight zero into the sample size, to which Pearson's statistic is proportional.
            let counted_by_r = survey.weights().len() as f64 / survey.n_units(&everybody) as f64;
            let scale = if test == AssociationTest::ChiSquared { counted_by_r } else { 1.0 };
            assert_numbers([found.statistic * scale], case, "estimate", CLOSED_FORM);
            let df = std::iter::once(found.degrees_of_freedom).chain(found.denominator_degrees_of_freedom);
            assert_numbers(df, case, "parameter", CLOSED_FORM);
            assert_numbers([found.p_value], case, "p", CLOSED_FORM);
        }
        _ if what.starts_with("quantile_interval_") => {
            let interval = match what {
                "quantile_interval_xlogit" => QuantileInterval::Logit,
                "quantile_interval_asin" => QuantileInterval::Asin,
                // R counts units of weight zero into the effective sample size.
                "quantile_interval_beta" if name == "zero_weights" => return true,
                _ => QuantileInterval::Beta,
            };
            assert_quantiles(survey, &Quantiles::new(y, vec![0.25, 0.5], QuantileRule::Inverse), interval, case);
        }
        _ if what.starts_with("quantile_") => {
            let quantiles = Quantiles::new(y, vec![0.13, 0.25, 0.5, 0.82], rule(&what["quantile_".len()..]));
            assert_quantiles(survey, &quantiles, QuantileInterval::Mean, case);
        }
        "wilson" | "likelihood" => {
            let mean = survey.estimate(&Mean(vec![did]), &everybody).expect("a proportion");
            let proportion = mean.proportion(0).expect("a proportion");
            let kind = if what == "wilson" { ProportionInterval::Wilson } else { ProportionInterval::Likelihood };
            let found = proportion.interval(kind, 0.95).expect("an interval");
            assert_numbers([mean.value(0)], case, "estimate", CLOSED_FORM);
            assert_numbers([found.low, found.high], case, "ci", CLOSED_FORM);
        }
        _ => return false,
    }
    true
}

#[test]
fn every_estimator_under_designs_of_several_stages() {
    let table = Table::read(&folder().join("r_survey_designs.csv"));
    let reference = std::fs::read_to_string(folder().join("r_survey_designs.json")).expect("the reference");
    let reference: Value = serde_json::from_str(&reference).expect("JSON");
    let (within, cases): (Vec<&Value>, Vec<&Value>) = reference["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .partition(|case| case["id"].as_str().is_some_and(|id| id.starts_with("within_clusters/")));
    assert_eq!(within.len(), 4);
    for case in &cases {
        let (name, what) = case["id"].as_str().and_then(|id| id.split_once('/')).expect("a design and a call");
        assert!(run(&table, &survey(&table, name), name, what, case), "nobody handles {case}");
    }
    assert_eq!(cases.len(), 246);
}

#[test]
fn calibration_inside_clusters_changes_the_later_stages_only() {
    let table = Table::read(&folder().join("r_survey_designs.csv"));
    let reference = std::fs::read_to_string(folder().join("r_survey_designs.json")).expect("the reference");
    let reference: Value = serde_json::from_str(&reference).expect("JSON");
    let case = |id: &str| {
        let cases = reference["cases"].as_array().expect("cases").iter();
        cases.clone().find(|case| case["id"] == id).expect("a case")
    };
    let plain = survey(&table, "two_stages");
    let before = plain.design().base_weights().expect("weights from population sizes");
    let after: Vec<f64> = numbers(case("within_clusters/weights"), "estimate").into_iter().flatten().collect();
    // The weights that clusters have, and those of persons inside their cluster.
    let (stratum, psu) = (table.labels("stratum"), table.labels("psu"));
    let clusters: Vec<u32> = stratum.codes().iter().zip(psu.codes()).map(|(s, p)| 10 * s + p).collect();
    let n_psu = table.numbers("n_psu");
    let of_cluster = |unit: usize| {
        let mut drawn: Vec<u32> = (0..clusters.len())
            .filter(|row| stratum.codes()[*row] == stratum.codes()[unit])
            .map(|row| clusters[row])
            .collect();
        drawn.dedup();
        n_psu[unit] / drawn.len() as f64
    };
    let conditional: Vec<f64> = (0..before.len()).map(|unit| before[unit] / of_cluster(unit)).collect();
    let x = table.numbers("x");
    let rows: Vec<f64> = x.iter().zip(&conditional).flat_map(|(x, d)| [d.sqrt(), x * d.sqrt()]).collect();
    // g √d times the cluster's weight, which scales all of a cluster alike.
    let scale: Vec<f64> = after.iter().zip(&conditional).map(|(weight, d)| weight / d.sqrt()).collect();
    let regressions = ClusterRegressions::new(&clusters, &rows, &scale);
    let survey = Survey::new(plain.design().clone(), before).expect("a survey");
    let survey = survey.calibrated(after, Residuals::WithinClusters { stage: 1, regressions }).expect("a survey");
    let [y, x] = ["y", "x"].map(|name| table.numbers(name));
    let both = || vec![Variable::Number(&y), Variable::Number(&x)];
    let everybody = survey.everybody();
    let check = |found: Result<Estimates<'_>, EstimationError>, id: &str| {
        assert_estimates(&found.expect("an estimate"), case(id), CLOSED_FORM);
    };
    check(survey.estimate(&Mean(both()), &everybody), "within_clusters/mean");
    check(survey.estimate(&Total(both()), &everybody), "within_clusters/total");
    let women = Domain::at_level(&table.factor("sex"), 0);
    check(survey.estimate(&Mean(vec![Variable::Number(&y)]), &women), "within_clusters/women");
}
