//! Replicates of the cases kept in `tests/reference` (made with R 4.2.2, survey 4.1-1, by `weights.R` there): half-samples,
//! strata with one cluster, calibrated replicates. Tolerance 1e-10 relative for closed forms, 1e-8 for iterated ones.

use analytics::design::{DesignRules, Labels, SingleCluster, Stage, SurveyDesign};
use analytics::estimation::{LargeStrata, ReplicateColumns, ReplicateMethod, ReplicateWeights, Replicated};
use analytics::weighting::{Bounds, Calibration, CalibrationOptions, Distance, MarginRules, Raking, RakingControl};
use serde_json::Value;

use crate::weights::{CLOSED_FORM, ITERATED, Table};
use crate::weights_cases::{
    assert_close, cluster_design, folder, margin, numbers, over, results, school_model, schools,
};

/// A design over the sample of pairs.
fn pairs(file: &Table, rows: &[usize], rules: DesignRules) -> SurveyDesign {
    let column = |name: &str| {
        let values = file.numbers(name);
        Labels::from_codes(rows.iter().map(|row| values[*row] as u32).collect())
    };
    let (strata, clusters) = (column("stratum"), column("psu"));
    let stage = Stage { strata: Some(&strata), clusters: &clusters, population: None };
    SurveyDesign::of_stages(&[stage], rules).expect("a design")
}

fn assert_number(replicates: &ReplicateWeights, number: &Replicated, expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_close(number.estimate, expected[0], tolerance, what);
    assert_close(replicates.variance(number).sqrt(), expected[1], tolerance, &format!("standard error: {what}"));
}

#[test]
fn half_samples_are_those_of_r() {
    let results = results();
    let file = Table::read(&folder().join("weights_pairs.csv"));
    let (weights, y, x) = (file.numbers("w"), file.numbers("y"), file.numbers("x"));
    let rows: Vec<usize> = (0..weights.len()).collect();
    let design = pairs(&file, &rows, DesignRules::default());
    let kinds = [
        ("brr_split", ReplicateMethod::Brr(LargeStrata::Split), Some("brr")),
        ("brr_merge", ReplicateMethod::Brr(LargeStrata::Merge), None),
        ("fay_split", ReplicateMethod::Fay { rho: 0.3, large: LargeStrata::Split }, Some("fay")),
    ];
    for (name, method, columns) in kinds {
        let expected = |what: &str| &results[format!("{name}_{what}")];
        let made = ReplicateWeights::new(&design, &weights, method, None).expect("replicates");
        assert_eq!(Some(made.n_replicates() as u64), expected("n").as_u64(), "{name}");
        assert_close(made.scales().scale, expected("scale").as_f64().expect("a scale"), CLOSED_FORM, name);
        assert_eq!(Some(made.degrees_of_freedom(rows.iter().copied()) as u64), expected("degf").as_u64(), "{name}");
        // Balanced half-samples give one variance of a total whatever the matrix.
        let total = made.totals(&[&y], &vec![Some(0); y.len()], 1).estimate(|totals| totals.total(0, 0));
        assert_number(&made, &total, expected("total"), CLOSED_FORM, name);
        // That of a ratio depends on the matrix, so it is made from R's columns.
        let Some(columns) = columns else { continue };
        let columns: Vec<Vec<f64>> = (1..=12).map(|number| file.numbers(&format!("{columns}{number}"))).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let read = ReplicateWeights::from_columns(&weights, &columns, ReplicateColumns::Combined, made.scales());
        let read = read.expect("replicates");
        assert_number(&read, &over(&read, &y, &x), expected("ratio"), CLOSED_FORM, name);
        // Columns of factors say the same.
        let factors: Vec<Vec<f64>> =
            columns.iter().map(|column| column.iter().zip(&weights).map(|(a, b)| a / b).collect()).collect();
        let factors: Vec<&[f64]> = factors.iter().map(Vec::as_slice).collect();
        let read = ReplicateWeights::from_columns(&weights, &factors, ReplicateColumns::Factors, made.scales());
        let read = read.expect("replicates");
        assert_number(&read, &over(&read, &y, &x), expected("ratio"), CLOSED_FORM, name);
    }
    let fail = ReplicateWeights::new(&design, &weights, ReplicateMethod::Brr(LargeStrata::Fail), None);
    let error = fail.expect_err("four clusters are no pair").to_string();
    assert!(error.contains("stratum number 3 has 4 clusters"), "{error}");
    let rho = ReplicateMethod::Fay { rho: 1.0, large: LargeStrata::Split };
    let error = ReplicateWeights::new(&design, &weights, rho, None).expect_err("rho").to_string();
    assert!(error.contains("coefficient is 1"), "{error}");
    let error = ReplicateWeights::new(&design, &weights, ReplicateMethod::Jk1, None).expect_err("strata").to_string();
    assert!(error.contains("use JKn"), "{error}");
}

#[test]
fn the_jackknife_keeps_to_the_rule_for_strata_with_one_cluster() {
    let results = results();
    let file = Table::read(&folder().join("weights_pairs.csv"));
    let (strata, clusters) = (file.numbers("stratum"), file.numbers("cluster"));
    let rows: Vec<usize> = (0..strata.len()).filter(|row| strata[*row] != 2.0 || clusters[*row] == 1.0).collect();
    let take = |name: &str| -> Vec<f64> { rows.iter().map(|row| file.numbers(name)[*row]).collect() };
    let (weights, y) = (take("w"), take("y"));
    let rules = [
        ("lonely_remove", SingleCluster::Remove),
        ("lonely_certainty", SingleCluster::Certainty),
        ("lonely_average", SingleCluster::Average),
        ("lonely_adjust", SingleCluster::Adjust),
    ];
    for (name, single_cluster) in rules {
        let design = pairs(&file, &rows, DesignRules { single_cluster, ..DesignRules::default() });
        let replicates = ReplicateWeights::new(&design, &weights, ReplicateMethod::Jkn, None).expect("replicates");
        let mean = over(&replicates, &y, &vec![1.0; y.len()]);
        assert_number(&replicates, &mean, &results[name], CLOSED_FORM, name);
    }
}

#[test]
fn calibrated_replicates_are_those_of_r() {
    let (file, results) = (schools(), results());
    let weights = file.numbers("pw");
    let jackknife =
        ReplicateWeights::new(&cluster_design(&file), &weights, ReplicateMethod::Jk1, None).expect("replicates");
    let mean = |replicates: &ReplicateWeights| over(replicates, &file.numbers("api00"), &vec![1.0; weights.len()]);
    let logit = Distance::Logit(Bounds::of_factors(0.2, 4.0).expect("bounds"));
    let cases = [
        ("jk_cal_linear", Distance::Linear, CLOSED_FORM),
        ("jk_cal_raking", Distance::Raking, ITERATED),
        ("jk_cal_logit", logit, ITERATED),
    ];
    for (name, distance, tolerance) in cases {
        let calibration =
            Calibration::new(school_model(&file), CalibrationOptions::new(distance), &weights).expect("a model");
        let calibrated = jackknife.adjusted(|weights| calibration.calibrate(weights)).expect("replicates");
        assert_number(&calibrated, &mean(&calibrated), &results[name], tolerance, name);
    }
    let types = margin(&file, "stype", &["E", "H", "M"], &results["stype_totals"]);
    let raking = Raking::new(vec![types], MarginRules::default(), RakingControl::default()).expect("a margin");
    let post = jackknife.adjusted(|weights| raking.rake(weights)).expect("replicates");
    assert_number(&post, &mean(&post), &results["jk_post"], CLOSED_FORM, "post-stratified replicates");
    let high = (0..weights.len()).filter(|unit| file.text("stype")[*unit] == "H");
    assert_eq!(Some(jackknife.degrees_of_freedom(high) as u64), results["jk_degf_domain_H"].as_u64());
}
