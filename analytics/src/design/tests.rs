//! Numbering, checks and single clusters of designs; numbers against R are in the integration tests.

use super::{ClusterLabels, DesignError, DesignRules, Labels, SingleCluster, Stage, SurveyDesign};

const WITHIN: DesignRules = DesignRules {
    labels: ClusterLabels::WithinStrata,
    single_cluster: SingleCluster::Fail,
    lonely_in_domain: super::LonelyInDomain::AsInDesign,
};

fn stage<'a>(strata: &'a Labels, clusters: &'a Labels, population: Option<&'a [f64]>) -> Stage<'a> {
    Stage { strata: Some(strata), clusters, population }
}

fn with(single_cluster: SingleCluster) -> DesignRules {
    DesignRules { single_cluster, ..WITHIN }
}

/// Elsewhere the cluster "1" of two strata became one cluster, and the variance between them vanished.
#[test]
fn the_same_label_in_two_strata_is_two_clusters_or_an_error() {
    let strata = Labels::from_text(["a", "a", "b", "b"]);
    let clusters = Labels::from_text(["1", "2", "1", "2"]);
    let stages = [stage(&strata, &clusters, None)];
    let design = SurveyDesign::of_stages(&stages, WITHIN).expect("a design");
    assert_eq!(design.n_clusters(), 4);
    assert_eq!(design.leaf_of_unit(), [0, 1, 2, 3]);
    let error = SurveyDesign::of_stages(&stages, DesignRules::default()).expect_err("clusters not nested");
    let (first, second) = ("a".to_owned(), "b".to_owned());
    assert_eq!(error, DesignError::NotNested { stage: 1, cluster: "1".to_owned(), first, second });
}

#[test]
fn a_leaf_is_the_deepest_cluster_above_which_all_was_drawn_without_replacement() {
    let households = Labels::from_codes(vec![7, 7, 7, 9, 9, 9]);
    let persons = Labels::from_codes(vec![1, 1, 2, 1, 2, 2]);
    let days = Labels::of_each_unit(6);
    let population = [10.0; 6];
    let design = |first: Option<&'static [f64; 6]>, second: Option<&'static [f64; 6]>| {
        let stages = [(&households, first), (&persons, second), (&days, None)].map(|(clusters, n)| Stage {
            strata: None,
            clusters,
            population: n.map(|n| &n[..]),
        });
        let rules = with(SingleCluster::Remove);
        SurveyDesign::of_stages(&stages, rules).expect("a design")
    };
    static TEN: [f64; 6] = [10.0; 6];
    assert_eq!(population, TEN);
    assert_eq!(design(None, Some(&TEN)).leaf_of_unit(), [0, 0, 0, 1, 1, 1], "households with replacement");
    assert_eq!(design(Some(&TEN), None).leaf_of_unit(), [0, 0, 1, 2, 3, 3], "persons with replacement");
    let all = design(Some(&TEN), Some(&TEN));
    assert_eq!(all.leaf_of_unit(), [0, 1, 2, 3, 4, 5]);
    assert_eq!((0..6).map(|leaf| all.cluster_of_leaf(leaf)).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1]);
}

#[test]
fn population_sizes_that_cannot_be_are_refused_with_the_stratum() {
    let strata = Labels::from_text(["a", "a", "b", "b"]);
    let clusters = Labels::of_each_unit(4);
    let refused = |population: &[f64]| {
        SurveyDesign::of_stages(&[stage(&strata, &clusters, Some(population))], WITHIN).expect_err("refused")
    };
    let stratum = || "b".to_owned();
    let varies = DesignError::PopulationVaries { stage: 1, stratum: stratum(), first: 7.0, second: 8.0 };
    assert_eq!(refused(&[5.0, 5.0, 7.0, 8.0]), varies);
    let below = DesignError::PopulationBelowSample { stage: 1, stratum: stratum(), n_clusters: 2, population: 1.5 };
    assert_eq!(refused(&[5.0, 5.0, 1.5, 1.5]), below);
    assert!(matches!(refused(&[5.0, 5.0, 0.5, 0.5]), DesignError::MixedPopulation { .. }));
    assert!(matches!(refused(&[0.5, 0.5, f64::NAN, 0.5]), DesignError::Population { unit: 3, .. }));
    assert!(matches!(refused(&[0.5, 0.5, 0.5]), DesignError::Length { found: 3, expected: 4, .. }));
    assert_eq!(SurveyDesign::of_stages(&[], WITHIN), Err(DesignError::Empty));
}

#[test]
fn a_share_is_the_same_population_as_the_number_it_stands_for() {
    let strata = Labels::from_text(["a", "a", "b", "b", "b"]);
    let clusters = Labels::of_each_unit(5);
    let design = |population: &[f64]| {
        SurveyDesign::of_stages(&[stage(&strata, &clusters, Some(population))], WITHIN).expect("a design")
    };
    let (counts, shares) = (design(&[8.0, 8.0, 4.0, 4.0, 4.0]), design(&[0.25, 0.25, 0.75, 0.75, 0.75]));
    let scores = [1.0, -2.0, 3.0, 5.0, 0.5];
    assert_eq!(counts.variance(&[0, 1, 2, 3, 4], &scores), shares.variance(&[0, 1, 2, 3, 4], &scores));
}

#[test]
fn a_stratum_with_one_cluster_is_refused_by_name_unless_a_rule_is_given() {
    let strata = Labels::from_text(["north", "north", "south"]);
    let clusters = Labels::from_text(["p", "q", "r"]);
    let stages = [stage(&strata, &clusters, None)];
    let error = SurveyDesign::of_stages(&stages, WITHIN).expect_err("one cluster");
    assert!(error.to_string().contains("`south`") && error.to_string().contains("`r`"), "{error}");
    for rule in [SingleCluster::Remove, SingleCluster::Certainty] {
        let design = SurveyDesign::of_stages(&stages, with(rule)).expect("a design");
        assert_eq!(design.variance(&[0, 1, 2], &[1.0, 2.0, 100.0]), Some(1.0));
    }
    // Average: the two strata count as twice the one that has a variance.
    let design = SurveyDesign::of_stages(&stages, with(SingleCluster::Average)).expect("a design");
    assert_eq!(design.variance(&[0, 1, 2], &[1.0, 2.0, 100.0]), Some(2.0));
    // Adjust: the deviation from the mean of all clusters, 2.
    let design = SurveyDesign::of_stages(&stages, with(SingleCluster::Adjust)).expect("a design");
    assert_eq!(design.variance(&[0, 1, 2], &[1.0, 2.0, 3.0]), Some(1.0 + 1.0));
}

#[test]
fn a_stratum_taken_as_a_whole_has_no_variance_and_needs_none() {
    let strata = Labels::from_text(["big", "small", "small"]);
    let clusters = Labels::of_each_unit(3);
    let population = [1.0, 50.0, 50.0];
    let stages = [stage(&strata, &clusters, Some(&population))];
    let design = SurveyDesign::of_stages(&stages, WITHIN).expect("the big one was certain to be drawn");
    assert_eq!(design.variance(&[0], &[1e6]), Some(0.0));
    let small = design.variance(&[1, 2], &[1.0, 3.0]).expect("a variance");
    assert!((small - 48.0 / 50.0 * 2.0 * 2.0).abs() < 1e-12);
}

#[test]
fn single_clusters_join_the_next_stratum_and_the_last_the_one_before() {
    // "b" was taken as a whole: "a" joins "c", and "e", the last, joins "d".
    let strata = Labels::from_text(["a", "b", "c", "d", "d", "e"]);
    let clusters = Labels::of_each_unit(6);
    let population = [5.0, 1.0, 7.0, 20.0, 20.0, 10.0];
    let stages = [stage(&strata, &clusters, Some(&population))];
    let design = SurveyDesign::of_stages(&stages, with(SingleCluster::Collapse)).expect("a design");
    assert_eq!((design.n_clusters(), design.n_strata()), (6, 3));
    assert_eq!(design.degrees_of_freedom(0..6), 3);
    let leaf = |unit: usize| design.leaf_of_unit()[unit];
    let of = |unit: usize| design.stratum_of(leaf(unit));
    assert!(of(0) == of(2) && of(3) == of(5) && of(0) != of(3) && of(1) != of(0));
    let joined = Labels::from_text(["a", "b", "a", "d", "d", "d"]);
    let population = [12.0, 1.0, 12.0, 30.0, 30.0, 30.0];
    let by_hand = SurveyDesign::of_stages(&[stage(&joined, &clusters, Some(&population))], WITHIN).expect("a design");
    let scores = [3.0, -1.0, 4.0, 1.0, -5.0, 9.0];
    let variance = |design: &SurveyDesign| {
        let mut by_leaf = [0.0; 6];
        for (leaf, score) in design.leaf_of_unit().iter().zip(scores) {
            by_leaf[*leaf as usize] += score;
        }
        design.variance(&[0, 1, 2, 3, 4, 5], &by_leaf).expect("a variance")
    };
    assert!((variance(&design) - variance(&by_hand)).abs() < 1e-12);
    // Nothing to join with: refused as before.
    let alone = Labels::from_text(["a"; 1]);
    let one = Labels::of_each_unit(1);
    let error = SurveyDesign::of_stages(&[stage(&alone, &one, None)], with(SingleCluster::Collapse));
    assert!(matches!(error, Err(DesignError::SingleCluster { .. })));
}

#[test]
fn leaves_that_are_not_listed_count_as_zero() {
    let strata = Labels::from_text(["a", "a", "a", "b", "b"]);
    let clusters = Labels::of_each_unit(5);
    let design = SurveyDesign::of_stages(&[stage(&strata, &clusters, None)], WITHIN).expect("a design");
    let sparse = design.variance(&[1], &[6.0]);
    assert_eq!(sparse, design.variance(&[0, 1, 2, 3, 4], &[0.0, 6.0, 0.0, 0.0, 0.0]));
    assert_eq!(sparse, Some(1.5 * (16.0 + 2.0 * 4.0)));
    let covariance = design.covariance(&[1, 3], &[6.0, 1.0, 0.0, 2.0], 2).expect("a covariance");
    assert_eq!(covariance.variance(0), 36.0);
    assert_eq!(covariance.at(0, 1), covariance.at(1, 0));
    assert_eq!(design.variance(&[], &[]), Some(0.0));
}

#[test]
fn an_error_at_a_later_stage_names_the_cluster_it_is_in() {
    let towns = Labels::from_text(["Bari", "Bari", "Como", "Como"]);
    let households = Labels::from_text(["1", "2", "3", "3"]);
    let sizes = ([50.0; 4], [20.0; 4]);
    let stages = [(&towns, &sizes.0), (&households, &sizes.1)].map(|(clusters, n)| Stage {
        strata: None,
        clusters,
        population: Some(&n[..]),
    });
    let error = SurveyDesign::of_stages(&stages, DesignRules::default()).expect_err("one household in Como");
    let (stratum, cluster) = ("(all) in cluster Como".to_owned(), "3".to_owned());
    assert_eq!(error, DesignError::SingleCluster { stage: 2, stratum, cluster });
}

#[test]
fn base_weights_are_the_population_over_the_sample_at_every_stage() {
    let towns = Labels::from_text(["Bari", "Bari", "Como", "Como", "Como"]);
    let households = Labels::of_each_unit(5);
    let sizes = ([50.0; 5], [20.0, 20.0, 30.0, 30.0, 30.0]);
    let design = |first: Option<&'static [f64]>| {
        let stages = [
            Stage { strata: None, clusters: &towns, population: first },
            Stage { strata: None, clusters: &households, population: Some(&sizes.1) },
        ];
        SurveyDesign::of_stages(&stages, DesignRules::default()).expect("a design")
    };
    static FIFTY: [f64; 5] = [50.0; 5];
    assert_eq!(sizes.0, FIFTY);
    assert_eq!(design(Some(&FIFTY)).base_weights(), Some(vec![250.0; 5]));
    assert_eq!(design(None).base_weights(), None);
}
