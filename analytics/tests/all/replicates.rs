//! Replicate weights, row by row and number by number against R survey 4.1-1 (R 4.2.2): California's schools, and 2,561
//! synthetic time-use diaries. Tolerance 1e-10 relative; 1e-8 where replicates are raked.

use std::path::Path;

use analytics::design::{DesignRules, Labels, Stage, SurveyDesign};
use analytics::estimation::{
    Centre, LargeStrata, ReplicateColumns, ReplicateMethod, ReplicateScales, ReplicateWeights, Replicated, t_quantile,
};
use analytics::weighting::{
    Calibration, CalibrationOptions, Distance, MarginRules, Raking, RakingControl, WeightingError,
};
use serde_json::Value;

use crate::reference;
use crate::weights::{CLOSED_FORM, ITERATED, Table, assert_rows, model_with_api99, school_types, targets_met};

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a JSON file")).expect("JSON")
}

fn design(file: &Table, strata: Option<&str>, clusters: &str, population: Option<&str>) -> SurveyDesign {
    let strata = strata.map(|strata| Labels::from_text(file.text(strata).iter().map(String::as_str)));
    let clusters = Labels::from_text(file.text(clusters).iter().map(String::as_str));
    let population = population.map(|population| file.numbers(population));
    let stage = Stage { strata: strata.as_ref(), clusters: &clusters, population: population.as_deref() };
    SurveyDesign::of_stages(&[stage], DesignRules::default()).expect("a design")
}

/// The replicates of a stored file, with scales from R.
fn stored(path: &Path, info: &Value) -> ReplicateWeights {
    let file = Table::read(path);
    let n_replicates = info["R"].as_u64().expect("R") as usize;
    let columns: Vec<Vec<f64>> = (1..=n_replicates).map(|number| file.numbers(&format!("rw{number}"))).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let scales = ReplicateScales {
        scale: info["scale"].as_f64().expect("scale"),
        rscales: info["rscales"]
            .as_array()
            .expect("rscales")
            .iter()
            .map(|scale| scale.as_f64().expect("a scale"))
            .collect(),
        centre: if info["mse"].as_bool().expect("mse") { Centre::Estimate } else { Centre::Mean },
    };
    ReplicateWeights::from_columns(&file.numbers("pw"), &columns, ReplicateColumns::Combined, scales)
        .expect("replicates")
}

fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{what}: {found} instead of {expected}");
}

/// Columns in any order: R numbers clusters as they come, the design by their labels.
fn assert_same_replicates(found: &ReplicateWeights, expected: &ReplicateWeights, tolerance: f64, what: &str) {
    assert_eq!(found.n_replicates(), expected.n_replicates(), "{what}");
    let sorted = |replicates: &ReplicateWeights| {
        let mut columns: Vec<Vec<f64>> = (0..replicates.n_replicates()).map(|r| replicates.replicate(r)).collect();
        let signature = |column: &Vec<f64>| column.iter().map(|weight| *weight == 0.0).collect::<Vec<bool>>();
        columns.sort_by_key(signature);
        columns
    };
    for (found, expected) in sorted(found).iter().zip(sorted(expected)) {
        assert_rows(found, &expected, tolerance, what);
    }
}

/// Every statistic of the reference results, from replicates.
fn assert_cases(results: &Value, design: &str, replicates: &ReplicateWeights, file: &Table, tolerance: f64) {
    let case = |name: &str| {
        let id = format!("{design}/{name}");
        let found = results["cases"].as_array().expect("cases").iter().find(|case| case["id"] == id.as_str());
        found.unwrap_or_else(|| panic!("no case {id}"))
    };
    let assert = |number: &Replicated, estimate: &Value, error: &Value, what: &str| {
        assert_close(number.estimate, estimate.as_f64().expect("an estimate"), tolerance, what);
        let found = replicates.variance(number).sqrt();
        assert_close(
            found,
            error.as_f64().expect("an error"),
            tolerance,
            &format!("{design}: standard error of {what}"),
        );
    };
    let n = replicates.weights().len();
    let everybody = vec![Some(0); n];
    let (ones, api00) = (vec![1.0; n], file.numbers("api00"));
    let (enroll, pupils) = (file.numbers("enroll"), file.numbers("api.stu"));
    let totals = replicates.totals(&[&ones, &api00, &enroll, &pupils], &everybody, 1);
    let ratio = |a: usize, b: usize| totals.estimate(move |totals| totals.total(0, a) / totals.total(0, b));

    let expected = case("mean_api00");
    assert(&ratio(1, 0), &expected["estimate"], &expected["se"], "mean");
    let expected = case("total_enroll");
    assert(&totals.estimate(|totals| totals.total(0, 2)), &expected["estimate"], &expected["se"], "total");
    let expected = case("ratio");
    assert(&ratio(3, 2), &expected["estimate"], &expected["se"], "ratio");

    let types: Vec<Option<u32>> = file
        .text("stype")
        .iter()
        .map(|label| ["E", "H", "M"].iter().position(|of| of == label).map(|p| p as u32))
        .collect();
    let by_type = replicates.totals(&[&ones, &file.numbers("api99")], &types, 3);
    let expected = case("by_stype_mean_api99");
    for place in 0..3 {
        let mean = by_type.estimate(|totals| totals.total(place, 1) / totals.total(place, 0));
        assert(&mean, &expected["estimate"][place], &expected["se"][place], "mean of a domain");
    }

    // Woodruff: the limits of the share below the median, turned back into points.
    let expected = case("quantile_api00");
    let df = replicates.degrees_of_freedom(0..n) as f64;
    let quantile = |share: f64| quantile(&api00, replicates.weights(), share);
    let median = quantile(0.5);
    assert_eq!(median, expected["estimate"].as_f64().expect("a median"), "{design}");
    let below: Vec<f64> = api00.iter().map(|points| f64::from(u8::from(*points <= median))).collect();
    let totals = replicates.totals(&[&ones, &below], &everybody, 1);
    let share = totals.estimate(|totals| totals.total(0, 1) / totals.total(0, 0));
    let half_width = t_quantile(0.975, df) * replicates.variance(&share).sqrt();
    let (low, high) = (quantile(share.estimate - half_width), quantile(share.estimate + half_width));
    let error = (high - low) / (2.0 * t_quantile(0.975, df));
    assert_close(
        error,
        expected["se"].as_f64().expect("an error"),
        tolerance,
        &format!("{design}: error of the median"),
    );
}

/// R's `qrule = "math"`: the smallest value with at least the share at or below it.
fn quantile(values: &[f64], weights: &[f64], share: f64) -> f64 {
    let mut sorted: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    for (value, weight) in sorted {
        sum += weight;
        if sum / total >= share - 1e-12 {
            return value;
        }
    }
    f64::NAN
}

#[test]
fn stored_replicates_of_every_kind_give_the_numbers_of_r() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_survey.json"));
    let designs = [
        ("jk1_dclus1", "repweights_jk1_dclus1", "apiclus1", CLOSED_FORM),
        ("jk1_dclus10", "repweights_jk1_dclus10", "apiclus1", CLOSED_FORM),
        ("jkn_dstrat", "repweights_jkn_dstrat", "apistrat", CLOSED_FORM),
        ("jkn_dstrat0", "repweights_jkn_dstrat", "apistrat", CLOSED_FORM),
        ("jkn_dstrat0_mse", "repweights_jkn_dstrat", "apistrat", CLOSED_FORM),
        ("boot_dclus10", "repweights_boot_dclus10", "apiclus1", CLOSED_FORM),
        ("subboot_dclus1", "repweights_subboot_dclus1", "apiclus1", CLOSED_FORM),
        ("sdr_apisrs", "repweights_sdr_apisrs", "apisrs", CLOSED_FORM),
        ("rake_jk1_dclus10", "repweights_rake_jk1_dclus10", "apiclus1", ITERATED),
    ];
    for (design, weights, file, tolerance) in designs {
        let id = format!("{design}/info");
        let info =
            results["cases"].as_array().expect("cases").iter().find(|case| case["id"] == id.as_str()).expect("info");
        let replicates = stored(&oracle.join(format!("{weights}.csv")), info);
        let df = replicates.degrees_of_freedom(0..replicates.weights().len());
        assert_eq!(Some(df as u64), info["degf"].as_u64(), "{design}");
        assert_cases(&results, design, &replicates, &Table::read(&oracle.join(format!("{file}.csv"))), tolerance);
    }
}

/// Replicates not recalibrated: elsewhere the full-sample weights are raked and the replicates left as they were, and
/// the variance counts as uncertain what the register knows.
#[test]
fn jackknife_replicates_made_here_and_raked_one_by_one_are_those_of_r() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_survey.json"));
    let info = |design: &str| {
        let id = format!("{design}/info");
        results["cases"].as_array().expect("cases").iter().find(|case| case["id"] == id.as_str()).expect("info")
    };
    let clusters = Table::read(&oracle.join("apiclus1.csv"));
    let weights = clusters.numbers("pw");
    for (name, population) in [("jk1_dclus1", Some("fpc")), ("jk1_dclus10", None)] {
        let design = design(&clusters, None, "dnum", population);
        let made = ReplicateWeights::new(&design, &weights, ReplicateMethod::Jk1, None).expect("replicates");
        let expected = stored(&oracle.join(format!("repweights_{name}.csv")), info(name));
        assert_same_replicates(&made, &expected, CLOSED_FORM, name);
        assert_close(made.scales().scale, expected.scales().scale, CLOSED_FORM, "scale");
        assert_cases(&results, name, &made, &clusters, CLOSED_FORM);
    }
    let jackknife = design(&clusters, None, "dnum", None);
    let jackknife = ReplicateWeights::new(&jackknife, &weights, ReplicateMethod::Jk1, None).expect("replicates");
    let margins = vec![school_types(&clusters), targets_met(&clusters)];
    let raking = Raking::new(margins.clone(), MarginRules::default(), RakingControl::default()).expect("margins");
    let raked = jackknife.adjusted(|weights| raking.rake(weights)).expect("raked replicates");
    let expected = stored(&oracle.join("repweights_rake_jk1_dclus10.csv"), info("rake_jk1_dclus10"));
    // R's replicates are raked to one part in a million million, or less, of the population in its last round.
    assert_same_replicates(&raked, &expected, ITERATED, "raked replicates");
    assert_cases(&results, "rake_jk1_dclus10", &raked, &clusters, ITERATED);
    for replicate in 0..raked.n_replicates() {
        for margin in &margins {
            let sums = margin.sums(&raked.replicate(replicate));
            for (sum, category) in sums.iter().zip(margin.categories()) {
                assert_close(*sum, category.total, 1e-10, &category.label);
            }
        }
    }

    let strata = Table::read(&oracle.join("apistrat.csv"));
    for (name, population) in [("jkn_dstrat", Some("fpc")), ("jkn_dstrat0", None)] {
        let design = design(&strata, Some("stype"), "snum", population);
        let made =
            ReplicateWeights::new(&design, &strata.numbers("pw"), ReplicateMethod::Jkn, None).expect("replicates");
        let expected = stored(&oracle.join("repweights_jkn_dstrat.csv"), info(name));
        assert_same_replicates(&made, &expected, CLOSED_FORM, name);
        assert_cases(&results, name, &made, &strata, CLOSED_FORM);
    }
}

#[test]
fn jackknife_of_time_use_diaries() {
    let Some(oracle) = reference::oracle() else { return };
    let results = json(&oracle.join("results_tus.json"));
    let file = Table::read(&oracle.join("tus_synthetic.csv"));
    let design = design(&file, Some("stratum"), "psu", None);
    let replicates =
        ReplicateWeights::new(&design, &file.numbers("w"), ReplicateMethod::Jkn, None).expect("replicates");
    let n = replicates.weights().len();
    let minutes = |activity: u8| -> Vec<f64> {
        let slots = |day: &String| day.bytes().filter(|slot| slot - b'0' == activity).count() as f64;
        file.text("slots").iter().map(|day| 10.0 * slots(day)).collect()
    };
    let ones = vec![1.0; n];
    let expected = results["jkn"].as_array().expect("jkn");
    assert_eq!(expected.len(), 10);
    for (activity, expected) in expected.iter().enumerate() {
        let number = results["activities"][activity]["activity"].as_u64().expect("an activity") as u8;
        let totals = replicates.totals(&[&ones, &minutes(number)], &vec![Some(0); n], 1);
        let mean = totals.estimate(|totals| totals.total(0, 1) / totals.total(0, 0));
        assert_close(mean.estimate, expected[0].as_f64().expect("minutes"), CLOSED_FORM, "minutes");
        let error = replicates.variance(&mean).sqrt();
        assert_close(error, expected[1].as_f64().expect("an error"), CLOSED_FORM, "error of minutes");
    }
}

/// Twelve strata of two clusters with three units each.
fn pairs() -> (SurveyDesign, Vec<f64>, Vec<f64>) {
    pairs_out_of(None)
}

/// The same, the clusters drawn out of so many in each stratum.
fn pairs_out_of(population: Option<f64>) -> (SurveyDesign, Vec<f64>, Vec<f64>) {
    let strata: Vec<String> = (0..72).map(|unit| format!("{:02}", unit / 6)).collect();
    let clusters: Vec<String> = (0..72).map(|unit| format!("{:02}", unit / 3)).collect();
    let strata = Labels::from_text(strata.iter().map(String::as_str));
    let clusters = Labels::from_text(clusters.iter().map(String::as_str));
    let population = population.map(|population| vec![population; 72]);
    let stage = Stage { strata: Some(&strata), clusters: &clusters, population: population.as_deref() };
    let design = SurveyDesign::of_stages(&[stage], DesignRules::default()).expect("a design");
    let values = (0..72).map(|unit| f64::from(unit * unit * 7 % 31)).collect();
    (design, (0..72).map(|unit| 1.0 + f64::from(unit % 5)).collect(), values)
}

/// The variance of a total from clusters drawn with replacement within strata.
fn linearised(design: &SurveyDesign, weights: &[f64], values: &[f64]) -> f64 {
    let mut sums = vec![0.0; design.n_clusters()];
    for (unit, leaf) in design.leaf_of_unit().iter().enumerate() {
        sums[design.cluster_of_leaf(*leaf) as usize] += weights[unit] * values[unit];
    }
    let mut variance = 0.0;
    for stratum in 0..design.n_strata() as u32 {
        let of_stratum: Vec<f64> =
            (0..sums.len()).filter(|cluster| design.stratum_of(*cluster as u32) == stratum).map(|c| sums[c]).collect();
        let n = of_stratum.len() as f64;
        let mean = of_stratum.iter().sum::<f64>() / n;
        variance += n / (n - 1.0) * of_stratum.iter().map(|sum| (sum - mean) * (sum - mean)).sum::<f64>();
    }
    variance
}

fn total(replicates: &ReplicateWeights, values: &[f64]) -> Replicated {
    replicates.totals(&[values], &vec![Some(0); values.len()], 1).estimate(|totals| totals.total(0, 0))
}

#[test]
fn jackknife_and_balanced_half_samples_of_a_total_are_its_linearised_variance() {
    let (design, weights, values) = pairs();
    let expected = linearised(&design, &weights, &values);
    let methods = [
        ReplicateMethod::Jkn,
        ReplicateMethod::Brr(LargeStrata::Fail),
        ReplicateMethod::Fay { rho: 0.3, large: LargeStrata::Split },
        ReplicateMethod::Fay { rho: 0.5, large: LargeStrata::Merge },
    ];
    for method in methods {
        for centre in [Centre::Mean, Centre::Estimate] {
            let replicates = ReplicateWeights::new(&design, &weights, method, Some(centre)).expect("replicates");
            let found = replicates.variance(&total(&replicates, &values));
            assert_close(found, expected, CLOSED_FORM, &format!("{method:?}"));
            assert_eq!(replicates.degrees_of_freedom(0..72), 12);
        }
    }
}

/// SDR factors: elsewhere 4 / R was left out, or the factors were 1 + (a - b) / 2. Exactly, the variance of a total of
/// clusters in order is half the sum of squares of successive differences, the last one with the first.
#[test]
fn successive_differences_of_a_total_are_half_the_sum_of_their_squares() {
    let (_, _, values) = pairs();
    let clusters: Vec<String> = (0..72).map(|unit| format!("{unit:02}")).collect();
    let clusters = Labels::from_text(clusters.iter().map(String::as_str));
    let stage = Stage { strata: None, clusters: &clusters, population: None };
    let design = SurveyDesign::of_stages(&[stage], DesignRules::default()).expect("a design");
    let method = ReplicateMethod::SuccessiveDifference { n_replicates: 160 };
    let replicates = ReplicateWeights::new(&design, &vec![2.0; 72], method, None).expect("replicates");
    assert_eq!(replicates.n_replicates(), 160);
    assert_close(replicates.scales().scale, 4.0 / 160.0, CLOSED_FORM, "scale");
    let allowed = [1.0 - 0.5_f64.sqrt(), 1.0, 1.0 + 0.5_f64.sqrt()];
    for replicate in 0..160 {
        for weight in replicates.replicate(replicate) {
            assert!(allowed.iter().any(|factor| (weight / 2.0 - factor).abs() < 1e-15), "{weight}");
        }
    }
    let mut expected = 0.0;
    for place in 0..72 {
        let difference = 2.0 * (values[place] - values[(place + 1) % 72]);
        expected += 0.5 * difference * difference;
    }
    assert_close(replicates.variance(&total(&replicates, &values)), expected, CLOSED_FORM, "successive differences");
}

/// Biased random draws: elsewhere a bounded draw is a remainder, which favours the first clusters, or draws without
/// replacement where they should be with it.
#[test]
fn bootstrap_draws_are_unbiased_and_one_seed_gives_one_result() {
    let (design, weights, values) = pairs();
    let expected = linearised(&design, &weights, &values);
    for method in [
        |n_replicates, seed| ReplicateMethod::Bootstrap { n_replicates, seed },
        |n_replicates, seed| ReplicateMethod::RescaledBootstrap { n_replicates, seed },
    ] {
        let make = |n, seed| ReplicateWeights::new(&design, &weights, method(n, seed), None).expect("replicates");
        let replicates = make(20_000, 7);
        let variance = replicates.variance(&total(&replicates, &values));
        // The relative error of a bootstrap variance is about sqrt(2 / 20,000), one in a hundred.
        assert!((variance / expected - 1.0).abs() < 0.05, "{variance} instead of {expected}");
        let mean = |unit: usize| (0..20_000).map(|r| replicates.replicate_weight(unit, r)).sum::<f64>() / 20_000.0;
        for unit in [0, 3, 40, 71] {
            assert!((mean(unit) / weights[unit] - 1.0).abs() < 0.04, "unit {unit}");
        }
        let (short, other) = (make(50, 7), make(50, 8));
        for replicate in 0..50 {
            assert_eq!(
                short.replicate(replicate),
                replicates.replicate(replicate),
                "more replicates leave these alone"
            );
        }
        assert_eq!(short, make(50, 7));
        assert_ne!(short, other);
    }
}

/// Replicates calibrated with any distance: each meets the totals, or the error says which does not.
#[test]
fn replicates_are_calibrated_one_by_one() {
    let Some(oracle) = reference::oracle() else { return };
    let file = Table::read(&oracle.join("apiclus1.csv"));
    let design = design(&file, None, "dnum", None);
    let weights = file.numbers("pw");
    let jackknife = ReplicateWeights::new(&design, &weights, ReplicateMethod::Jk1, None).expect("replicates");
    let model = model_with_api99(&file);
    let calibration =
        |distance| Calibration::new(model.clone(), CalibrationOptions::new(distance), &weights).expect("a model");
    for distance in [Distance::Linear, Distance::Raking] {
        let calibration = calibration(distance);
        let calibrated = jackknife.adjusted(|weights| calibration.calibrate(weights)).expect("replicates");
        let api99 = total(&calibrated, &file.numbers("api99"));
        for of_replicate in &api99.replicates {
            assert_close(*of_replicate, 3_914_069.0, 1e-9, "the calibrated total in a replicate");
        }
        assert!(calibrated.variance(&api99).sqrt() < 1e-2);
    }
    let bounds = analytics::weighting::Bounds::of_factors(0.99, 1.01).expect("bounds");
    let linear = calibration(Distance::Linear);
    let narrow = calibration(Distance::TruncatedLinear(bounds));
    let error = jackknife
        .adjusted(|given| if given == weights { linear.calibrate(given) } else { narrow.calibrate(given) })
        .expect_err("bounds too narrow");
    assert!(matches!(error, WeightingError::Replicate { replicate: 1, .. }), "{error}");
    assert!(error.to_string().starts_with("replicate 1: the weights did not converge"), "{error}");
}

/// An ignored option: elsewhere the finite population correction is dropped when a design is turned into half-samples,
/// a rescaled bootstrap or successive differences, with a warning or without.
#[test]
fn the_finite_population_correction_enters_every_kind_of_replicates() {
    let (all, weights, values) = pairs();
    let (design, _, _) = pairs_out_of(Some(8.0));
    let method = |n_replicates| {
        [
            ReplicateMethod::Jkn,
            ReplicateMethod::Brr(LargeStrata::Split),
            ReplicateMethod::Fay { rho: 0.4, large: LargeStrata::Split },
            ReplicateMethod::SuccessiveDifference { n_replicates: 80 },
            ReplicateMethod::RescaledBootstrap { n_replicates, seed: 3 },
        ]
    };
    for method in method(200) {
        let variance = |design: &SurveyDesign| {
            let replicates = ReplicateWeights::new(design, &weights, method, None).expect("replicates");
            replicates.variance(&total(&replicates, &values))
        };
        // Two clusters out of eight: a quarter of the stratum is known.
        assert_close(variance(&design), 0.75 * variance(&all), CLOSED_FORM, &format!("{method:?}"));
    }
    // Drawn without replacement from the sample repeated four times: (1 - n / N) N / (N - 1), but for chance.
    let bootstrap = ReplicateMethod::Bootstrap { n_replicates: 10_000, seed: 3 };
    let replicates = ReplicateWeights::new(&design, &weights, bootstrap, None).expect("replicates");
    let share = replicates.variance(&total(&replicates, &values)) / linearised(&design, &weights, &values);
    assert!((share - 0.75 * 8.0 / 7.0).abs() < 0.05, "{share}");
}
