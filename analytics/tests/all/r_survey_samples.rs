//! The samples and designs of the reference results: Californian schools, and how a close number is told.

use std::collections::BTreeMap;
use std::path::Path;

use analytics::design::{DesignRules, Labels, Stage, SurveyDesign};
use analytics::estimation::{Factor, Survey};

/// The columns of a sample of Californian schools. An empty field is a missing value.
pub struct Schools {
    pub columns: BTreeMap<String, Vec<Option<String>>>,
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

    pub fn is(&self, name: &str, value: &str) -> Vec<bool> {
        self.columns[name].iter().map(|field| field.as_deref() == Some(value)).collect()
    }

    pub fn is_factor(&self, name: &str) -> bool {
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

/// A design over schools, and the rules for reading it.
pub struct Described<'a> {
    pub strata: Option<&'a str>,
    pub clusters: &'a [&'a str],
    pub population: &'a [&'a str],
    pub rules: DesignRules,
}

pub fn design(schools: &Schools, described: &Described<'_>) -> SurveyDesign {
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
