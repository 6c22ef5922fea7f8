//! Calibrated weights in the variance: R survey's weights as they are, our residuals, R's standard errors. How the
//! weights are made is held by the tests of `weighting`.

use analytics::estimation::{RakedMargin, Regression, Residuals};
use serde_json::Value;

use crate::r_survey_cases::run_case;
use crate::r_survey_samples::{Schools, assert_close, survey};
use crate::reference;

/// The auxiliary variables of the reference: intercept, H and M schools, and what else is asked for.
fn auxiliary(schools: &Schools, more: &[Vec<f64>]) -> Vec<f64> {
    let level = schools.factor("stype");
    let is = |unit: usize, place: u32| f64::from(u8::from(level.codes()[unit] == Some(place)));
    let row = |unit: usize| {
        let first = [1.0, is(unit, 1), is(unit, 2)].into_iter();
        first.chain(more.iter().map(move |column| column[unit])).collect::<Vec<f64>>()
    };
    (0..level.codes().len()).flat_map(row).collect()
}

fn regression(x: &[f64], before: &[f64], after: &[f64]) -> Residuals {
    let p = x.len() / before.len();
    let scaled: Vec<f64> = x
        .chunks_exact(p)
        .zip(before)
        .flat_map(|(row, d)| row.iter().map(|x| x * d.sqrt()).collect::<Vec<_>>())
        .collect();
    Residuals::Regression(Regression::new(&scaled, before.iter().zip(after).map(|(d, w)| w / d.sqrt()).collect()))
}

/// Means within clusters: calibration with equal weights inside a cluster regresses on these.
fn averaged(x: &[f64], clusters: &[u32]) -> Vec<f64> {
    let p = x.len() / clusters.len();
    let mean = |unit: usize, place: usize| {
        let members = (0..clusters.len()).filter(|other| clusters[*other] == clusters[unit]);
        let (sum, n) = members.fold((0.0, 0.0), |(sum, n), other| (sum + x[other * p + place], n + 1.0));
        sum / n
    };
    (0..clusters.len()).flat_map(|unit| (0..p).map(move |place| (unit, place))).map(|(u, p)| mean(u, p)).collect()
}

fn groups(schools: &Schools, name: &str) -> Vec<u32> {
    schools.factor(name).codes().iter().map(|code| code.expect("a level")).collect()
}

/// Rakes to school type and target met, as the reference did, and keeps the weights after each last adjustment.
fn raked(schools: &Schools, weights: &[f64]) -> Vec<RakedMargin> {
    let margins =
        [(groups(schools, "stype"), vec![4421.0, 755.0, 1018.0]), (groups(schools, "sch.wide"), vec![1072.0, 5122.0])];
    let mut weights = weights.to_vec();
    let mut raked = Vec::new();
    for _ in 0..100 {
        raked.clear();
        for (groups, totals) in &margins {
            let mut sums = vec![0.0; totals.len()];
            for (group, weight) in groups.iter().zip(&weights) {
                sums[*group as usize] += weight;
            }
            for (group, weight) in groups.iter().zip(&mut weights) {
                *weight *= totals[*group as usize] / sums[*group as usize];
            }
            raked.push(RakedMargin { groups: groups.clone(), weights: weights.clone() });
        }
    }
    raked
}

#[test]
fn standard_errors_after_calibration() {
    let Some(folder) = reference::oracle() else { return };
    let results = std::fs::read_to_string(folder.join("results_survey.json")).expect("results");
    let results: Value = serde_json::from_str(&results).expect("JSON");
    let calibrated = Schools::read(&folder.join("calibrated_weights_apiclus1.csv"));
    let mut n_run = 0;
    for name in [
        "post_dclus1",
        "rake_dclus1",
        "cal_linear_stype",
        "cal_linear_api99",
        "cal_raking_api99",
        "cal_logit_api99",
        "cal_trunc_api99",
        "cal_raking_margins",
        "cal_linear_agg1",
        "trim_rake",
    ] {
        let (base, schools) = survey(&folder, "dclus1").expect("a survey");
        let before = base.weights().to_vec();
        let after = calibrated.numbers(name);
        let stype = auxiliary(&schools, &[]);
        let api99 = auxiliary(&schools, &[schools.numbers("api99")]);
        let residuals = match name {
            "post_dclus1" => Residuals::PostStrata {
                groups: groups(&schools, "stype").into_iter().map(Some).collect(),
                weights_before: before.clone(),
                weights_after: after.clone(),
            },
            "rake_dclus1" | "trim_rake" => {
                let margins = raked(&schools, &before);
                let expected = calibrated.numbers("rake_dclus1");
                for (found, expected) in margins[1].weights.iter().zip(expected) {
                    assert_close(*found, expected, 1e-8, "a raked weight");
                }
                Residuals::Raking { margins }
            }
            "cal_linear_stype" => regression(&stype, &before, &after),
            "cal_raking_margins" => {
                let met = groups(&schools, "sch.wide").into_iter().map(f64::from).collect();
                regression(&auxiliary(&schools, &[met]), &before, &after)
            }
            "cal_linear_agg1" => regression(&averaged(&api99, schools.labels("dnum").codes()), &before, &after),
            _ => regression(&api99, &before, &after),
        };
        let survey = base.calibrated(after, residuals).expect("a calibrated survey");
        for case in results["cases"].as_array().expect("cases") {
            if case["design"] == name && !case["id"].as_str().expect("an id").ends_with("/weights") {
                assert!(run_case(&survey, &schools, &survey.everybody(), case), "nobody handles {case}");
                n_run += 1;
            }
        }
    }
    assert_eq!(n_run, 50);
}
