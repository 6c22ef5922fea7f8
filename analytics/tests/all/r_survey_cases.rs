//! Every case of the reference results for designs without calibration or replicates, run as its R call says.
//!
//! R 4.2.2, survey 4.1-1. Tolerance 1e-10 relative for closed forms, 1e-8 for what R iterates. A case whose call
//! nobody handles fails. The runner takes any survey, so that calibrated ones can pass the same cases.

use std::collections::BTreeMap;
use std::path::Path;

use analytics::design::{ClusterLabels, DesignRules, Labels, LonelyInDomain, SingleCluster, Stage, SurveyDesign};
use analytics::estimation::{
    AssociationTest, Domain, Estimates, Factor, Family, GeneralisedLinear, Mean, ProportionInterval, QuantileInterval,
    QuantileRule, Quantiles, Ratio, SimpleRandom, Statistic, Survey, Total, Variable, Variance,
};
use serde_json::Value;

use crate::r_survey_profile::interpolated_as_r_does;
use crate::reference;

pub const CLOSED_FORM: f64 = 1e-10;
pub const ITERATED: f64 = 1e-8;
/// R takes the likelihood interval's scale from the weights of the last but one step of its fit.
const LOOSELY_ITERATED: f64 = 5e-7;
/// So are the standard errors of logistic models, which R stops early; `r_survey_designs` has models that R was made to
/// iterate to the end, and holds them to 1e-8.
const UNCONVERGED_MODEL: f64 = 5e-5;

/// The columns of a sample of Californian schools. An empty field is a missing value.
pub struct Schools {
    columns: BTreeMap<String, Vec<Option<String>>>,
}

impl Schools {
    pub fn read(path: &Path) -> Schools {
        let mut reader = csv::Reader::from_path(path).expect("a CSV file");
        let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let mut columns: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        for record in reader.records() {
            for (name, field) in names.iter().zip(record.expect("a record").iter()) {
                let field = (!field.is_empty() && field != "NA").then(|| field.to_owned());
                columns.entry(name.clone()).or_default().push(field);
            }
        }
        Schools { columns }
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |field: &Option<String>| field.as_ref().map_or(f64::NAN, |field| field.parse().expect("a number"));
        self.columns[name].iter().map(number).collect()
    }

    pub fn factor(&self, name: &str) -> Factor {
        Factor::from_text(self.columns[name].iter().map(Option::as_deref))
    }

    pub fn labels(&self, name: &str) -> Labels {
        Labels::from_text(self.columns[name].iter().map(|field| field.as_deref().expect("a label")))
    }

    fn is(&self, name: &str, value: &str) -> Vec<bool> {
        self.columns[name].iter().map(|field| field.as_deref() == Some(value)).collect()
    }

    fn is_factor(&self, name: &str) -> bool {
        self.columns[name].iter().flatten().any(|field| field.parse::<f64>().is_err())
    }

    fn len(&self) -> usize {
        self.columns.values().next().map_or(0, Vec::len)
    }
}

pub fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs() + 1e-15,
        "{what}: {found} instead of {expected}, off by {:e}",
        (found / expected - 1.0).abs()
    );
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        value => vec![value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))],
    }
}

fn assert_all(found: &[f64], expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert_close(*found, expected, tolerance, what);
    }
}

/// The variable names of the R formula that starts at a `~`.
fn formula(text: &str) -> Vec<&str> {
    let end = text.find([',', ')']).unwrap_or(text.len());
    text[..end].trim().trim_start_matches('~').split('+').map(str::trim).collect()
}

/// Everything that a case states of estimates with `df` degrees of freedom, those of the domain before missing values
/// were left out, as the reference was made: values, standard errors, degrees of freedom, limits, covariances.
fn check_estimates(estimates: &Estimates<'_>, df: u32, case: &Value, tolerance: f64, what: &str) {
    assert_all(estimates.values(), &case["estimate"], tolerance, what);
    let covariance = estimates.covariance().expect("a covariance");
    let errors = case.get("se_correct").unwrap_or(&case["se"]);
    let errors = numbers(errors);
    assert_eq!(errors.len(), covariance.n(), "{what}");
    for (place, expected) in errors.iter().enumerate() {
        // What calibration leaves no error is rounding in R, of the order of the estimate's last digits.
        let rounding = 1e-13 * estimates.value(place).abs();
        let found = covariance.standard_error(place);
        assert!(
            (found - expected).abs() <= tolerance * expected + rounding,
            "standard error of {what}: {found} instead of {expected}"
        );
    }
    if let Some(expected) = case.get("df") {
        assert_eq!(f64::from(df), expected.as_f64().expect("df"), "{what}");
        let intervals = estimates.intervals_with(0.95, f64::from(df)).expect("intervals");
        let (low, high): (Vec<f64>, Vec<f64>) = intervals.iter().map(|interval| (interval.low, interval.high)).unzip();
        assert_all(&low, &case["ci_low"], tolerance, &format!("lower limit of {what}"));
        assert_all(&high, &case["ci_high"], tolerance, &format!("upper limit of {what}"));
    }
    if let Some(ci) = case.get("ci") {
        let intervals = estimates.intervals_with(0.95, f64::from(df)).expect("intervals");
        let limits: Vec<f64> = intervals.iter().flat_map(|interval| [interval.low, interval.high]).collect();
        assert_all(&limits, ci, tolerance, &format!("limits of {what}"));
    }
    if let Some(expected) = case.get("vcov") {
        let expected = numbers(expected);
        assert_eq!(expected.len(), covariance.n() * covariance.n());
        for (place, expected) in expected.iter().enumerate() {
            let (i, j) = (place / covariance.n(), place % covariance.n());
            let scale = covariance.standard_error(i) * covariance.standard_error(j);
            let rounding = 1e-26 * (estimates.value(i) * estimates.value(j)).abs();
            let difference = covariance.at(i, j) - expected;
            assert!(
                difference.abs() <= tolerance * scale + rounding,
                "covariance {i}, {j} of {what}: off by {difference:e}"
            );
        }
    }
}

/// Runs a case on a survey: finds the estimator by the R call, checks everything the case states. False where the call
/// is not known.
pub fn run_case(survey: &Survey, schools: &Schools, domain: &Domain, case: &Value) -> bool {
    let id = case["id"].as_str().expect("an id");
    let call = case["call"].as_str().expect("a call");
    // Raked weights are iterated, and what is made of them.
    let is_raked = case["design"].as_str().is_some_and(|design| design.contains("rak"));
    let closed_form = if is_raked { ITERATED } else { CLOSED_FORM };
    let all_numbers: BTreeMap<&str, Vec<f64>> = schools
        .columns
        .keys()
        .filter(|name| !schools.is_factor(name))
        .map(|name| (name.as_str(), schools.numbers(name)))
        .collect();
    let all_factors: BTreeMap<&str, Factor> = schools
        .columns
        .keys()
        .filter(|name| schools.is_factor(name))
        .map(|name| (name.as_str(), schools.factor(name)))
        .collect();
    let variables = |names: &[&str]| -> Vec<Variable<'_>> {
        let of_name = |name: &&str| match all_factors.get(*name) {
            Some(factor) => factor.indicators(),
            None => vec![Variable::Number(&all_numbers[*name])],
        };
        names.iter().flat_map(of_name).collect()
    };
    let crossed = |names: &[&str]| Factor::crossed(&names.iter().map(|name| &all_factors[name]).collect::<Vec<_>>());
    let mut domain = domain.clone();
    if call.contains("subset(d, api00>700)") {
        domain = domain.and(&Domain::from_mask(all_numbers["api00"].iter().map(|points| *points > 700.0).collect()));
    }
    let formulas: Vec<Vec<&str>> = call.match_indices('~').map(|(place, _)| formula(&call[place..])).collect();
    let function = call.split(['(', ' ']).next().expect("a function");

    // A statistic over the domain, without missing values where the call says na.rm.
    fn over<'s>(survey: &'s Survey, statistic: &impl Statistic, domain: &Domain, call: &str) -> Estimates<'s> {
        let domain = if call.contains("na.rm=TRUE") { domain.observed(statistic) } else { domain.clone() };
        survey.estimate(statistic, &domain).expect("an estimate")
    }
    fn check<S: Statistic>(survey: &Survey, statistic: &S, domain: &Domain, case: &Value, tolerance: f64) {
        let (id, call) = (case["id"].as_str().expect("an id"), case["call"].as_str().expect("a call"));
        let estimates = over(survey, statistic, domain, call);
        check_estimates(&estimates, survey.degrees_of_freedom(domain), case, tolerance, id);
        // The values alone, as replicates compute them.
        let weights = survey.weights_in(&domain.observed(statistic));
        assert_all(&statistic.values(&weights), &case["estimate"], tolerance, id);
        if call.contains("deff=TRUE") {
            let domain = domain.observed(statistic);
            let effects = survey.design_effects(statistic, &domain, SimpleRandom::WithoutReplacement);
            assert_all(&effects.expect("design effects"), &case["deff"], tolerance, &format!("design effect of {id}"));
        }
    }

    match function {
        "degf" => assert_close(f64::from(survey.degrees_of_freedom(&domain)), numbers(&case["estimate"])[0], 0.0, id),
        "sum" => {
            assert_close(survey.weights().iter().sum(), numbers(&case["estimate"])[0], closed_form, id);
        }
        "svymean" => check(survey, &Mean(variables(&formulas[0])), &domain, case, closed_form),
        "svytotal" => check(survey, &Total(variables(&formulas[0])), &domain, case, closed_form),
        "svyvar" => check(survey, &Variance(variables(&formulas[0])), &domain, case, closed_form),
        "svyratio" => {
            let [numerator, denominator] = [&formulas[0], &formulas[1]].map(|names| variables(names)[0]);
            check(survey, &Ratio::new(numerator, denominator), &domain, case, closed_form);
        }
        "svyby" => {
            let groups = crossed(&formulas[1]);
            let values = variables(&formulas[0]);
            let estimates = if call.contains("svytotal") {
                let total = Total(values);
                survey.by(&total, &groups, &domain.observed(&total))
            } else {
                let mean = Mean(values);
                survey.by(&mean, &groups, &domain.observed(&mean))
            }
            .expect("estimates by group");
            let names: Vec<&str> =
                estimates.iter().map(|(level, _)| groups.levels()[*level as usize].as_str()).collect();
            let expected: Vec<&str> =
                case["names"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
            assert_eq!(names, expected, "{id}");
            let parts: Vec<&Estimates<'_>> = estimates.iter().map(|(_, estimates)| estimates).collect();
            for (place, part) in parts.iter().enumerate() {
                assert_close(part.value(0), numbers(&case["estimate"])[place], closed_form, id);
                let error = part.standard_errors().expect("standard errors")[0];
                assert_close(error, numbers(&case["se"])[place], closed_form, &format!("standard error of {id}"));
            }
            check_estimates(&Estimates::stacked(&parts), survey.degrees_of_freedom(&domain), case, closed_form, id);
        }
        "svycontrast" => {
            let groups = crossed(&formulas[1]);
            let estimates = survey.by(&Mean(variables(&formulas[0])), &groups, &domain).expect("estimates by group");
            let stacked = Estimates::stacked(&estimates.iter().map(|(_, part)| part).collect::<Vec<_>>());
            let covariance = stacked.covariance().expect("a covariance");
            assert_all(covariance.values(), &case["vcov_by"], closed_form, id);
            assert!(call.ends_with("E-H)"), "{id}");
            check_estimates(
                &stacked.contrast(&[1.0, -1.0, 0.0]),
                survey.degrees_of_freedom(&domain),
                case,
                closed_form,
                id,
            );
        }
        "svyttest" => {
            let groups = crossed(&[call[call.find('~').expect("a formula") + 1..].trim_end_matches(')')]);
            let response = call[call.find('(').expect("a call") + 1..call.find('~').expect("a formula")].trim();
            let estimates = survey.by(&Mean(variables(&[response])), &groups, &domain).expect("estimates by group");
            let difference = Estimates::stacked(&[&estimates[0].1, &estimates[1].1]).contrast(&[-1.0, 1.0]);
            assert_close(difference.value(0), numbers(&case["estimate"])[0], closed_form, id);
            // R counts the degrees of freedom of the model: those of the design minus one for the difference.
            let test = difference.t_test(0, f64::from(difference.degrees_of_freedom()) - 1.0).expect("a test");
            assert_close(test.statistic, numbers(&case["statistic"])[0], closed_form, id);
            assert_close(test.degrees_of_freedom, numbers(&case["df"])[0], 0.0, id);
            assert_close(test.p_value, numbers(&case["p"])[0], closed_form, id);
        }
        "svyquantile" => {
            let names = &formulas[0];
            let probabilities = match call.find("c(") {
                Some(start) => call[start + 2..]
                    .trim_end_matches(')')
                    .split(',')
                    .map(|text| format!("0{text}").parse().expect("a probability"))
                    .collect(),
                None => vec![0.5],
            };
            let quantiles = Quantiles::new(variables(names)[0], probabilities, QuantileRule::Inverse);
            let found = quantiles.estimate(survey, &domain, QuantileInterval::Mean, 0.95).expect("quantiles");
            let values: Vec<f64> = found.iter().map(|quantile| quantile.value).collect();
            assert_all(&values, &case["estimate"], closed_form, id);
            let limits: Vec<f64> = found
                .iter()
                .flat_map(|quantile| [quantile.low, quantile.high])
                .map(|limit| limit.expect("a limit"))
                .collect();
            assert_all(&limits, &case["ci"], closed_form, id);
            let errors: Vec<f64> = found.iter().filter_map(|quantile| quantile.standard_error).collect();
            assert_all(&errors, &case["se"], closed_form, id);
        }
        "svyciprop" => {
            let did: Vec<f64> = schools.is("awards", "Yes").into_iter().map(|yes| f64::from(u8::from(yes))).collect();
            let mean = survey.estimate(&Mean(vec![Variable::Number(&did)]), &domain).expect("a proportion");
            let proportion = mean.proportion(0).expect("a proportion");
            let method = call.split("method='").nth(1).and_then(|text| text.split('\'').next()).expect("a method");
            let (kind, tolerance) = match method {
                "mean" => (ProportionInterval::Mean, closed_form),
                "logit" => (ProportionInterval::Logit, ITERATED),
                "xlogit" => (ProportionInterval::Logit, closed_form),
                "asin" => (ProportionInterval::Asin, closed_form),
                "beta" => (ProportionInterval::Beta, closed_form),
                "likelihood" => (ProportionInterval::Likelihood, LOOSELY_ITERATED),
                _ => return false,
            };
            let interval = proportion.interval(kind, 0.95).expect("an interval");
            assert_close(proportion.estimate, numbers(&case["estimate"])[0], tolerance, id);
            let limits = if method == "likelihood" {
                interpolated_as_r_does(&proportion, interval)
            } else {
                [interval.low, interval.high]
            };
            assert_all(&limits, &case["ci"], tolerance, &format!("limits of {id}"));
        }
        "svychisq" => {
            let [rows, columns] = [0, 1].map(|place| all_factors[formulas[0][place]].clone());
            let test = match call.split("statistic='").nth(1).and_then(|text| text.split('\'').next()) {
                Some("F") => AssociationTest::F,
                Some("Chisq") => AssociationTest::ChiSquared,
                Some("Wald") => AssociationTest::Wald,
                Some("adjWald") => AssociationTest::AdjustedWald,
                _ => return false,
            };
            let found = survey.association(&rows, &columns, &domain, test).expect("a test");
            assert_close(found.statistic, numbers(&case["estimate"])[0], closed_form, id);
            let df: Vec<f64> =
                std::iter::once(found.degrees_of_freedom).chain(found.denominator_degrees_of_freedom).collect();
            assert_all(&df, &case["parameter"], closed_form, &format!("degrees of freedom of {id}"));
            assert_close(found.p_value, numbers(&case["p"])[0], closed_form, &format!("p value of {id}"));
        }
        "svyglm" => {
            let response = call[call.find('(').expect("a call") + 1..call.find('~').expect("a formula")].trim();
            let (family, response) = if call.contains("quasibinomial") {
                let factor = &all_factors[response];
                (Family::Logistic, Variable::Level(factor, factor.levels().len() as u32 - 1))
            } else {
                (Family::Gaussian, Variable::Number(&all_numbers[response]))
            };
            let model = GeneralisedLinear::new(family, response, &variables(&formulas[0]));
            let tolerance = if family == Family::Logistic { UNCONVERGED_MODEL } else { closed_form };
            check(survey, &model, &domain, case, tolerance);
        }
        _ => return false,
    }
    true
}

/// A design over schools, and the rules for reading it.
struct Described<'a> {
    strata: Option<&'a str>,
    clusters: &'a [&'a str],
    population: &'a [&'a str],
    rules: DesignRules,
}

fn design(schools: &Schools, described: &Described<'_>) -> SurveyDesign {
    let strata = described.strata.map(|name| schools.labels(name));
    let clusters: Vec<Labels> = match described.clusters {
        [] => vec![Labels::of_each_unit(schools.len())],
        names => names.iter().map(|name| schools.labels(name)).collect(),
    };
    let population: Vec<Vec<f64>> = described.population.iter().map(|name| schools.numbers(name)).collect();
    let stages: Vec<Stage<'_>> = clusters
        .iter()
        .enumerate()
        .map(|(place, clusters)| Stage {
            strata: strata.as_ref().filter(|_| place == 0),
            clusters,
            population: population.get(place).map(Vec::as_slice),
        })
        .collect();
    SurveyDesign::of_stages(&stages, described.rules).expect("a design")
}

/// The survey of a design's name in the reference, and its schools; `None` where the name is of another kind.
pub fn survey(folder: &Path, name: &str) -> Option<(Survey, Schools)> {
    let (file, strata, clusters, population): (_, _, &[&str], &[&str]) = match name {
        "dsrs" => ("apisrs.csv", None, &[], &["fpc"]),
        "dstrat" => ("apistrat.csv", Some("stype"), &[], &["fpc"]),
        "dstrat0" => ("apistrat.csv", Some("stype"), &[], &[]),
        "dclus1" => ("apiclus1.csv", None, &["dnum"], &["fpc"]),
        "dclus10" => ("apiclus1.csv", None, &["dnum"], &[]),
        "dclus2" => ("apiclus2.csv", None, &["dnum", "snum"], &["fpc1", "fpc2"]),
        "dclus2w" => ("apiclus2.csv", None, &["dnum", "snum"], &[]),
        _ => return None,
    };
    let schools = Schools::read(&folder.join(file));
    let rules = DesignRules::default();
    let design = design(&schools, &Described { strata, clusters, population, rules });
    let weights = match name {
        "dsrs" | "dclus2" => design.base_weights().expect("weights from population sizes"),
        _ => schools.numbers("pw"),
    };
    Some((Survey::new(design, weights).expect("a survey"), schools))
}

#[test]
fn every_case_of_simple_stratified_and_clustered_designs() {
    let Some(folder) = reference::oracle() else { return };
    let results = std::fs::read_to_string(folder.join("results_survey.json")).expect("results");
    let results: Value = serde_json::from_str(&results).expect("JSON");
    let mut samples: BTreeMap<&str, Option<(Survey, Schools)>> = BTreeMap::new();
    let mut n_run = 0;
    for case in results["cases"].as_array().expect("cases") {
        let name = case["design"].as_str().expect("a design");
        let Some((survey, schools)) = samples.entry(name).or_insert_with(|| survey(&folder, name)) else { continue };
        assert!(run_case(survey, schools, &survey.everybody(), case), "nobody handles {case}");
        n_run += 1;
    }
    assert_eq!(n_run, 149);
}

#[test]
fn every_case_of_strata_with_one_cluster() {
    let Some(folder) = reference::oracle() else { return };
    let results = std::fs::read_to_string(folder.join("results_survey.json")).expect("results");
    let results: Value = serde_json::from_str(&results).expect("JSON");
    let mut n_run = 0;
    for case in results["cases"].as_array().expect("cases") {
        let id = case["id"].as_str().expect("an id");
        let Some(rule) = id.strip_prefix("lonely_") else { continue };
        let rule = rule.split('/').next().expect("a rule");
        let (rule, lonely_in_domain) = match rule.strip_prefix("domain_") {
            Some(rule) if rule.ends_with("TRUE") => (rule.trim_end_matches("_TRUE"), LonelyInDomain::AsSingleCluster),
            Some(rule) => (rule.trim_end_matches("_FALSE"), LonelyInDomain::AsInDesign),
            None => (rule, LonelyInDomain::AsInDesign),
        };
        let single_cluster = match rule {
            "remove" => SingleCluster::Remove,
            "adjust" => SingleCluster::Adjust,
            "average" => SingleCluster::Average,
            "certainty" => SingleCluster::Certainty,
            rule => panic!("no rule {rule}"),
        };
        let rules = DesignRules { labels: ClusterLabels::WithinStrata, single_cluster, lonely_in_domain };
        let (schools, described) = if id.starts_with("lonely_domain") {
            let clusters: &[&str] = &["dnum"];
            let schools = Schools::read(&folder.join("apiclus1.csv"));
            (schools, Described { strata: Some("stype"), clusters, population: &[], rules })
        } else {
            let mut schools = Schools::read(&folder.join("apistrat.csv"));
            let alone = Schools::read(&folder.join("lonely_strata_apistrat.csv"));
            schools.columns.insert("st2".to_owned(), alone.columns["st2"].clone());
            (schools, Described { strata: Some("st2"), clusters: &[], population: &[], rules })
        };
        let survey = Survey::new(design(&schools, &described), schools.numbers("pw")).expect("a survey");
        let mut domain = survey.everybody();
        if id.starts_with("lonely_domain") {
            let (county, level) = (schools.numbers("cnum"), schools.is("stype", "E"));
            let is_in = |row: usize| {
                [1.0, 2.0].contains(&county[row]) || (level[row] && [3.0, 18.0, 36.0].contains(&county[row]))
            };
            domain = Domain::from_mask((0..county.len()).map(is_in).collect());
        }
        assert!(run_case(&survey, &schools, &domain, case), "nobody handles {case}");
        n_run += 1;
    }
    assert_eq!(n_run, 14);
}
