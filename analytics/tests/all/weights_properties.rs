//! What holds for adjusted weights of any sample: margins are met, bounds are kept, two roads to one estimator meet, and
//! nothing depends on the number of threads or the order of rows.

use analytics::design::{DesignRules, Labels, Stage, SurveyDesign};
use analytics::estimation::{ReplicateMethod, ReplicateWeights};
use analytics::weighting::{
    Bounds, CalibrationOptions, Distance, Margin, MarginRules, Model, Raking, RakingControl, calibrate, rake,
};
use proptest::prelude::*;

/// A sample of units with weights, and margins that some weighting of it meets.
#[derive(Debug, Clone)]
struct Case {
    weights: Vec<f64>,
    margins: Vec<Margin>,
}

/// `truth` are the weights the totals come from, so that the margins agree and can be met.
fn case(units: &[(u8, u8, f64, f64)]) -> Case {
    let labels = |of: fn(&(u8, u8, f64, f64)) -> u8| units.iter().map(|unit| of(unit).to_string()).collect::<Vec<_>>();
    let margin = |name: &str, labels: Vec<String>| {
        let mut totals: Vec<(String, f64)> = Vec::new();
        for (label, (_, _, _, truth)) in labels.iter().zip(units) {
            match totals.iter_mut().find(|(known, _)| known == label) {
                Some((_, total)) => *total += truth,
                None => totals.push((label.clone(), *truth)),
            }
        }
        Margin::new(name, totals, &labels).expect("a margin")
    };
    Case {
        weights: units.iter().map(|unit| unit.2).collect(),
        margins: vec![margin("first", labels(|unit| unit.0)), margin("second", labels(|unit| unit.1))],
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let unit = (0..4_u8, 0..3_u8, 0.5..50.0_f64, 5.0..15.0_f64);
    proptest::collection::vec(unit, 2..80).prop_map(|units| case(&units))
}

fn worst_misfit(margins: &[Margin], weights: &[f64]) -> f64 {
    let of = |margin: &Margin| {
        let sums = margin.sums(weights);
        let off =
            sums.iter().zip(margin.categories()).map(|(sum, category)| (sum - category.total).abs() / category.total);
        off.fold(0.0, f64::max)
    };
    margins.iter().map(of).fold(0.0, f64::max)
}

proptest! {
    #[test]
    fn raked_weights_meet_their_margins_and_are_those_of_calibration(case in cases()) {
        let raked = rake(&case.weights, case.margins.clone(), MarginRules::default()).expect("weights");
        prop_assert!(worst_misfit(&case.margins, &raked.weights) < 1e-8);
        prop_assert!(raked.weights.iter().all(|weight| *weight > 0.0));
        let model = Model::of_margins(&case.margins).expect("a model");
        let calibrated = calibrate(&case.weights, model, CalibrationOptions::new(Distance::Raking)).expect("weights");
        for (raked, calibrated) in raked.weights.iter().zip(&calibrated.weights) {
            prop_assert!((raked - calibrated).abs() <= 1e-7 * raked, "{raked} and {calibrated}");
        }
    }

    #[test]
    fn bounded_weights_meet_their_margins_within_the_bounds(case in cases()) {
        // The weights behind the totals lie between these bounds, so the totals can be met.
        let bounds = Bounds::of_weights(4.0, 16.0).expect("bounds");
        let model = Model::of_margins(&case.margins).expect("a model");
        let calibrated = calibrate(&case.weights, model, CalibrationOptions::new(Distance::TruncatedLinear(bounds)));
        let calibrated = calibrated.expect("weights");
        prop_assert!(worst_misfit(&case.margins, &calibrated.weights) < 1e-8);
        prop_assert!(calibrated.weights.iter().all(|weight| (4.0 - 1e-9..=16.0 + 1e-9).contains(weight)));
    }

    #[test]
    fn the_order_of_rows_changes_no_weight(case in cases()) {
        let reversed = |margin: &Margin| {
            let labels: Vec<&str> = margin
                .category_of()
                .iter()
                .rev()
                .map(|category| margin.categories()[category.expect("complete") as usize].label.as_str())
                .collect();
            let totals = margin.categories().iter().map(|category| (category.label.clone(), category.total));
            Margin::new(margin.name(), totals, &labels).expect("a margin")
        };
        let forward = rake(&case.weights, case.margins.clone(), MarginRules::default()).expect("weights").weights;
        let weights: Vec<f64> = case.weights.iter().rev().copied().collect();
        let back = rake(&weights, case.margins.iter().map(reversed).collect(), MarginRules::default()).expect("weights");
        for (forward, back) in forward.iter().zip(back.weights.iter().rev()) {
            prop_assert!((forward - back).abs() <= 1e-9 * forward);
        }
    }
}

#[test]
fn replicates_are_the_same_to_the_last_bit_at_one_and_two_threads() {
    let n = 700;
    let units: Vec<(u8, u8, f64, f64)> = (0..n)
        .map(|unit: u32| {
            ((unit % 4) as u8, (unit * 7 % 3) as u8, 1.0 + f64::from(unit * 31 % 17), 10.0 + f64::from(unit % 5))
        })
        .collect();
    let Case { weights, margins } = case(&units);
    let clusters = Labels::from_codes((0..n).map(|unit| unit % 70).collect());
    let stage = Stage { strata: None, clusters: &clusters, population: None };
    let design = SurveyDesign::of_stages(&[stage], DesignRules::default()).expect("a design");
    let raking = Raking::new(margins, MarginRules::default(), RakingControl::default()).expect("margins");
    let values: Vec<f64> = (0..n).map(|unit| (f64::from(unit) * 0.37).sin()).collect();
    let cells: Vec<Option<u32>> = (0..n).map(|unit| Some(unit % 3)).collect();
    let run = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| {
            let method = ReplicateMethod::SuccessiveDifference { n_replicates: 80 };
            let replicates = ReplicateWeights::new(&design, &weights, method, None).expect("replicates");
            let raked = replicates.adjusted(|weights| raking.rake(weights)).expect("raked replicates");
            let totals = raked.totals(&[&values], &cells, 3);
            let sum = totals.estimate(|totals| totals.sum(0..3, 0));
            (raked.variance(&sum).to_bits(), sum, totals, raked)
        })
    };
    assert_eq!(run(1), run(2));
}
