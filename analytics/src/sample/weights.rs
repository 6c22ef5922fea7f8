//! The respondents' weights: the file's, adjusted for nonresponse and calibrated to what the register counts; and what
//! the variance needs to know of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::variable::categories;
use super::{RespondentDays, SampleError};
use crate::desk::{KnownTotals, TotalsError};
use crate::domain::AgeGroup;
use crate::estimation::{Calibration as KernelCalibration, CalibrationUnit, PostStratumUnit, Solution};
use crate::plan::{BaseWeights, NonresponsePlan, WeightPlan};
use crate::snapshot::{Person, Sex, Snapshot, sha256};
use crate::weighting::{
    Adjusted, Calibration, CalibrationOptions, Margin, MarginRules, Margins, MarginsError, Model, Raking,
    RakingControl, Respondent, ResponseClasses, TrimmingBounds, WeightingError, adjust_by_classes, post_stratify,
    trim_and_adjust,
};

/// The name of a class that a variable does not tell.
const NOT_KNOWN: &str = "not known";

/// Weights of observations.
pub(super) struct DayWeights {
    /// By observation.
    pub of_days: Vec<f64>,
    /// What the bulk kernel takes out of scores.
    pub calibration: Option<Arc<KernelCalibration>>,
    /// The hash of the margins, hexadecimal.
    pub margins_sha256: Option<String>,
    /// What was made of the weights.
    pub method: Weighting,
}

/// What was made of the weights, as `run.json` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// Nothing: they are the file's.
    File,
    /// They were set aside.
    None,
    /// Scaled to the register's counts by sex and age group.
    PostStratified,
    /// Calibrated to margins.
    Calibrated,
}

impl Weighting {
    /// The code in `run.json`.
    pub fn code(self) -> &'static str {
        match self {
            Weighting::File => "file",
            Weighting::None => "none",
            Weighting::PostStratified => "post-stratified",
            Weighting::Calibrated => "calibrated",
        }
    }
}

/// Known totals in one of their two forms.
enum Known {
    Register(Margins),
    Totals(Vec<KnownTotals>),
}

impl DayWeights {
    /// Weighs the respondents' days. `leaves` are the respondents' leaves in the design.
    pub fn new(
        snapshot: &Snapshot,
        days: &[RespondentDays<'_>],
        leaves: &[u32],
        plan: &WeightPlan,
    ) -> Result<DayWeights, SampleError> {
        let day_weight = |person: &Person, diary: u32| match plan.base {
            BaseWeights::FromFile => snapshot.diaries[diary as usize].weight.or(person.weight).unwrap_or(1.0),
            BaseWeights::AllOne => 1.0,
        };
        let response = match &plan.nonresponse {
            Some(nonresponse) => nonresponse_factors(snapshot, days, plan.base, nonresponse)?,
            None => vec![1.0; days.len()],
        };
        let of_days: Vec<Vec<f64>> = days
            .iter()
            .zip(&response)
            .map(|((person, diaries), factor)| {
                diaries.iter().map(|diary| day_weight(person, *diary) * factor).collect()
            })
            .collect();
        // A respondent stands for as many people as the mean of the days' weights says.
        let before: Vec<f64> = of_days.iter().map(|days| days.iter().sum::<f64>() / days.len() as f64).collect();
        let persons: Vec<&Person> = days.iter().map(|(person, _)| *person).collect();
        let (calibrated, margins_sha256) = match &plan.margins {
            None => (None, None),
            Some(path) => {
                let shown = path.display().to_string();
                let bytes = std::fs::read(path)
                    .map_err(|error| MarginsError::Unreadable { path: shown.clone(), message: error.to_string() })?;
                let calibrated = match read_margins(&shown, &bytes)? {
                    Known::Register(margins) => by_register(&persons, &before, leaves, &margins)?,
                    Known::Totals(totals) => by_totals(&persons, &before, leaves, &totals, plan)?,
                };
                (Some(calibrated), Some(sha256(&bytes)))
            }
        };
        let base = if plan.base == BaseWeights::AllOne { Weighting::None } else { Weighting::File };
        let Some(Calibrated { factors, kernel, method }) = calibrated else {
            return Ok(DayWeights { of_days: of_days.concat(), calibration: None, margins_sha256, method: base });
        };
        let scaled = of_days.into_iter().zip(&factors);
        let scaled = scaled.flat_map(|(days, factor)| days.into_iter().map(move |weight| weight * factor));
        Ok(DayWeights { of_days: scaled.collect(), calibration: kernel.map(Arc::new), margins_sha256, method })
    }
}

fn read_margins(shown: &str, bytes: &[u8]) -> Result<Known, SampleError> {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let header = String::from_utf8_lossy(header).to_lowercase();
    let names_margins =
        header.split([',', ';', '\t']).any(|name| name.trim_matches(['"', '\u{feff}', ' ', '\r']) == "margin");
    Ok(if names_margins {
        Known::Totals(KnownTotals::parse(shown, bytes.to_vec())?)
    } else {
        Known::Register(Margins::parse(shown, bytes)?)
    })
}

struct Calibrated {
    /// By respondent.
    factors: Vec<f64>,
    kernel: Option<KernelCalibration>,
    method: Weighting,
}

fn by_register(
    persons: &[&Person],
    before: &[f64],
    leaves: &[u32],
    margins: &Margins,
) -> Result<Calibrated, SampleError> {
    let respondents: Vec<Respondent> = (persons.iter().zip(before))
        .map(|(person, weight)| Respondent {
            sex: person.sex,
            age_group: person.age.and_then(AgeGroup::of),
            weight: *weight,
        })
        .collect();
    let adjusted = post_stratify(&respondents, margins)?;
    let units: Vec<PostStratumUnit> = (0..persons.len())
        .map(|respondent| PostStratumUnit {
            leaf: leaves[respondent],
            weight: before[respondent] * adjusted.factors[respondent],
            post_stratum: adjusted.post_strata[respondent],
        })
        .collect();
    let kernel = KernelCalibration::post_strata(&units);
    Ok(Calibrated { factors: adjusted.factors, kernel, method: Weighting::PostStratified })
}

/// Calibrates to margins by name. A register counts women and men whose age and zone it knows: who declares another
/// sex, or is not known to one of the margins, and has no category of their own there, takes the mean factor of all others.
fn by_totals(
    persons: &[&Person],
    before: &[f64],
    leaves: &[u32],
    totals: &[KnownTotals],
    plan: &WeightPlan,
) -> Result<Calibrated, SampleError> {
    let mut known = Vec::new();
    for total in totals {
        let KnownTotals::Categories { columns, totals } = total else {
            return Err(SampleError::NumericMargin { name: total.name() });
        };
        known.push((total.name(), columns, totals, categories(columns, persons)?));
    }
    let is_counted = |person: usize| {
        known.iter().all(|(_, columns, totals, categories)| match &categories[person] {
            None => false,
            Some(category) => {
                let is_other = persons[person].sex == Sex::Other && columns.iter().any(|column| column == "sex");
                !is_other || totals.iter().any(|(label, _)| label == category)
            }
        })
    };
    let counted: Vec<usize> = (0..persons.len()).filter(|person| is_counted(*person)).collect();
    let weights: Vec<f64> = counted.iter().map(|person| before[*person]).collect();
    let mut margins = Vec::new();
    for (name, _, totals, categories) in &known {
        let labels: Vec<&str> =
            counted.iter().map(|person| categories[*person].as_deref().unwrap_or(NOT_KNOWN)).collect();
        margins.push(Margin::new(name, totals.iter().cloned(), &labels)?);
    }
    let households = households(&counted, persons);
    let equal_within = plan.equal_in_household.then_some(&households);
    let (adjusted, rounds) = adjust(&weights, &margins, equal_within, plan)?;

    let (sum_before, sum_after): (f64, f64) = (weights.iter().sum(), adjusted.weights.iter().sum());
    let mut factors = vec![if sum_before > 0.0 { sum_after / sum_before } else { 1.0 }; persons.len()];
    for (place, person) in counted.iter().enumerate() {
        factors[*person] = if weights[place] > 0.0 { adjusted.weights[place] / weights[place] } else { 1.0 };
    }
    let variables = auxiliary_variables(&margins, equal_within, &weights);
    let n_variables = margins.iter().map(|margin| margin.categories().len()).sum();
    let mut place_of: Vec<Option<usize>> = vec![None; persons.len()];
    counted.iter().enumerate().for_each(|(place, person)| place_of[*person] = Some(place));
    let regression_weights = regression_weights(&weights, equal_within);
    let units: Vec<CalibrationUnit<'_>> = (0..persons.len())
        .map(|person| {
            let place = place_of[person];
            CalibrationUnit {
                leaf: leaves[person],
                weight: before[person] * factors[person],
                regression_weight: match (place, rounds) {
                    (None, _) => 0.0,
                    (Some(place), Rounds::Yes) => f64::from(u8::from(weights[place] > 0.0)),
                    (Some(place), Rounds::No) => regression_weights[place],
                },
                variables: place.map_or(&[], |place| &variables[place]),
            }
        })
        .collect();
    let solution = match rounds {
        Rounds::Yes => {
            let mut first = 0;
            let ranges = margins.iter().map(|margin| {
                let range = first..first + margin.categories().len() as u16;
                first = range.end;
                range
            });
            Solution::Sweeps(ranges.collect())
        }
        Rounds::No => Solution::LeastSquares,
    };
    let kernel = Some(KernelCalibration::new(&units, n_variables, solution));
    Ok(Calibrated { factors, kernel, method: Weighting::Calibrated })
}

/// Whether weights were raked in rounds: their variance is then R's for `rake`, else that for `calibrate`.
#[derive(Debug, Clone, Copy)]
enum Rounds {
    Yes,
    No,
}

fn adjust(
    weights: &[f64],
    margins: &[Margin],
    equal_within: Option<&Vec<u32>>,
    plan: &WeightPlan,
) -> Result<(Adjusted, Rounds), WeightingError> {
    let trimmed = |adjust: &dyn Fn(&[f64]) -> Result<Adjusted, WeightingError>| match plan.trim {
        Some((lower, upper)) => trim_and_adjust(weights, TrimmingBounds { lower, upper }, adjust),
        None => adjust(weights),
    };
    if plan.calfun.is_by_rounds(plan.bounds) && equal_within.is_none() {
        let raking = Raking::new(margins.to_vec(), MarginRules::default(), RakingControl::default())?;
        return Ok((trimmed(&|weights| raking.rake(weights))?, Rounds::Yes));
    }
    let mut options = CalibrationOptions::new(plan.calfun.distance(plan.bounds)?);
    options.equal_within = equal_within.cloned();
    let calibration = Calibration::new(Model::of_margins(margins)?, options, weights)?;
    Ok((trimmed(&|weights| calibration.calibrate(weights))?, Rounds::No))
}

/// The household of each counted person, numbered as they come; who has none is one alone.
fn households(counted: &[usize], persons: &[&Person]) -> Vec<u32> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut n_households = 0;
    let number = |person: &usize| {
        let person = persons[*person];
        *numbers.entry(person.household.as_deref().unwrap_or(&person.id)).or_insert_with(|| {
            n_households += 1;
            n_households - 1
        })
    };
    counted.iter().map(number).collect()
}

/// For each unit its auxiliary variables that are not zero: the categories it is in, or, where weights are equal within
/// households, the household's mean of them.
fn auxiliary_variables(margins: &[Margin], equal_within: Option<&Vec<u32>>, weights: &[f64]) -> Vec<Vec<(u16, f64)>> {
    let mut first = 0;
    let mut variables: Vec<Vec<(u16, f64)>> = vec![Vec::new(); weights.len()];
    for margin in margins {
        for (of_unit, category) in variables.iter_mut().zip(margin.category_of()) {
            of_unit.extend(category.map(|category| (first + category as u16, 1.0)));
        }
        first += margin.categories().len() as u16;
    }
    let Some(groups) = equal_within else { return variables };
    let mut of_group: BTreeMap<u32, (f64, BTreeMap<u16, f64>)> = BTreeMap::new();
    for (group, of_unit) in groups.iter().zip(&variables) {
        let (n_units, sums) = of_group.entry(*group).or_default();
        *n_units += 1.0;
        of_unit.iter().for_each(|(variable, x)| *sums.entry(*variable).or_default() += x);
    }
    let mean = |group: &u32| {
        let (n_units, sums) = &of_group[group];
        sums.iter().map(|(variable, sum)| (*variable, sum / n_units)).collect()
    };
    groups.iter().map(mean).collect()
}

/// The weights of the regression: those before, averaged within households where weights are equal there.
fn regression_weights(weights: &[f64], equal_within: Option<&Vec<u32>>) -> Vec<f64> {
    let Some(groups) = equal_within else { return weights.to_vec() };
    let mut of_group: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (group, weight) in groups.iter().zip(weights) {
        let (n_units, sum) = of_group.entry(*group).or_default();
        *n_units += 1.0;
        *sum += weight;
    }
    groups.iter().map(|group| of_group[group].1 / of_group[group].0).collect()
}

/// By respondent, the factor by which they also stand for those of their class without a diary in use.
fn nonresponse_factors(
    snapshot: &Snapshot,
    days: &[RespondentDays<'_>],
    base: BaseWeights,
    plan: &NonresponsePlan,
) -> Result<Vec<f64>, SampleError> {
    let persons: Vec<&Person> = snapshot.persons.iter().collect();
    let labels = categories(&plan.classes, &persons)?;
    let mut names: Vec<String> = labels.iter().map(|label| label.as_deref().unwrap_or(NOT_KNOWN).to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    let class_of: Vec<u32> = labels
        .iter()
        .map(|label| {
            let label = label.as_deref().unwrap_or(NOT_KNOWN);
            names.binary_search_by(|name| name.as_str().cmp(label)).unwrap_or_default() as u32
        })
        .collect();
    let weights: Vec<f64> = match base {
        BaseWeights::FromFile => persons.iter().map(|person| person.weight.unwrap_or(1.0)).collect(),
        BaseWeights::AllOne => vec![1.0; persons.len()],
    };
    let responding: BTreeMap<&str, usize> =
        days.iter().enumerate().map(|(place, (person, _))| (person.id.as_str(), place)).collect();
    let responded: Vec<bool> = persons.iter().map(|person| responding.contains_key(person.id.as_str())).collect();
    let classes = ResponseClasses { names: &names, class_of: &class_of, min_respondents: plan.min_respondents };
    let adjusted = adjust_by_classes(&weights, &responded, classes)?;
    let mut factors = vec![1.0; days.len()];
    for (person, factor) in persons.iter().zip(adjusted.factors) {
        if let Some(place) = responding.get(person.id.as_str()) {
            factors[*place] = factor;
        }
    }
    Ok(factors)
}

impl From<TotalsError> for SampleError {
    fn from(error: TotalsError) -> SampleError {
        SampleError::Totals(error)
    }
}
