//! A sample ready for estimation: design, weights, calibrations; and the domains that estimates are about.

use super::{Estimates, EstimationError, Factor, Residuals, Statistic, Variable};
use crate::design::SurveyDesign;

/// Design, weights, and what calibration leaves of the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    design: SurveyDesign,
    weights: Vec<f64>,
    calibrations: Vec<Residuals>,
}

/// The part of the sample that an estimate is about: a mask over all units, so that those outside still count as
/// sampled. Filtering the rows away instead would forget clusters and strata without anybody in the domain, and
/// give another variance, for totals far too small a one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(Vec<bool>);

impl Domain {
    /// All `n_units` units.
    pub fn everybody(n_units: usize) -> Domain {
        Domain(vec![true; n_units])
    }

    /// The units whose place in the mask is true.
    pub fn from_mask(mask: Vec<bool>) -> Domain {
        Domain(mask)
    }

    /// The units at a level of a factor.
    pub fn at_level(factor: &Factor, level: u32) -> Domain {
        Domain(factor.codes().iter().map(|code| *code == Some(level)).collect())
    }

    /// Those in both domains.
    #[must_use]
    pub fn and(&self, other: &Domain) -> Domain {
        Domain(self.0.iter().zip(&other.0).map(|(a, b)| *a && *b).collect())
    }

    /// Those for whom the statistic has all its values (R's `na.rm = TRUE`).
    #[must_use]
    pub fn observed(&self, statistic: &(impl Statistic + ?Sized)) -> Domain {
        Domain(self.0.iter().zip(0..).map(|(is_in, unit)| *is_in && statistic.is_observed(unit)).collect())
    }

    /// Whether a unit is in it.
    pub fn contains(&self, unit: usize) -> bool {
        self.0[unit]
    }

    /// The mask.
    pub fn mask(&self) -> &[bool] {
        &self.0
    }
}

impl Survey {
    /// A sample with its weights: one for each unit of the design, zero or above.
    pub fn new(design: SurveyDesign, weights: Vec<f64>) -> Result<Survey, EstimationError> {
        check_length("the weights", weights.len(), design.n_units())?;
        if let Some(unit) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
            return Err(EstimationError::Weight { unit: unit + 1, weight: weights[unit] });
        }
        Ok(Survey { design, weights, calibrations: Vec::new() })
    }

    /// The same sample with weights that were calibrated, after any calibration before, and what that leaves of scores.
    pub fn calibrated(self, weights: Vec<f64>, residuals: Residuals) -> Result<Survey, EstimationError> {
        let mut calibrations = self.calibrations;
        calibrations.push(residuals);
        // Calibration without bounds may make weights negative: that is reported there, not refused here.
        check_length("the weights", weights.len(), self.design.n_units())?;
        if let Some(unit) = weights.iter().position(|weight| !weight.is_finite()) {
            return Err(EstimationError::Weight { unit: unit + 1, weight: weights[unit] });
        }
        Ok(Survey { design: self.design, weights, calibrations })
    }

    /// The design.
    pub fn design(&self) -> &SurveyDesign {
        &self.design
    }

    /// The weights.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The whole sample as a domain.
    pub fn everybody(&self) -> Domain {
        Domain::everybody(self.weights.len())
    }

    /// The weights of the units in `domain`, zero elsewhere.
    pub fn weights_in(&self, domain: &Domain) -> Vec<f64> {
        self.weights.iter().zip(&domain.0).map(|(weight, is_in)| if *is_in { *weight } else { 0.0 }).collect()
    }

    /// Units of the domain that have a weight. A unit of weight zero stands for nobody, and is not counted.
    pub fn n_units(&self, domain: &Domain) -> usize {
        self.counted(domain).count()
    }

    /// Degrees of freedom inside the domain: the clusters with a counted unit in it, minus their strata.
    pub fn degrees_of_freedom(&self, domain: &Domain) -> u32 {
        self.design.degrees_of_freedom(self.counted(domain))
    }

    /// Estimates a statistic over a domain. Missing values in the domain are an error: take them out with
    /// [`Domain::observed`] to get what R's `na.rm = TRUE` gives.
    pub fn estimate(
        &self,
        statistic: &(impl Statistic + ?Sized),
        domain: &Domain,
    ) -> Result<Estimates<'_>, EstimationError> {
        self.check(statistic, domain)?;
        let weights = self.weights_in(domain);
        let (values, mut scores) = statistic.linearise(&weights);
        if values.iter().any(|value| value.is_nan()) {
            return Err(match self.n_units(domain) {
                0 => EstimationError::EmptyDomain { what: statistic.name() },
                _ => EstimationError::NotDefined { what: statistic.name(), why: statistic.why_undefined() },
            });
        }
        for calibration in &self.calibrations {
            calibration.project(&mut scores, values.len());
        }
        // Calibration within the clusters of a stage leaves other scores to the stages after it.
        let mut by_stage = vec![(0, scores)];
        for stage in 1..self.design.n_stages() {
            let mut within = self.calibrations.iter().filter_map(|calibration| calibration.within(stage)).peekable();
            if within.peek().is_some() {
                let mut scores = by_stage[by_stage.len() - 1].1.clone();
                within.for_each(|regressions| regressions.project(&mut scores, values.len()));
                by_stage.push((stage, scores));
            }
        }
        // After calibration every unit has a residual, wherever the domain is.
        let reach = if self.calibrations.is_empty() { domain.clone() } else { self.everybody() };
        Ok(Estimates::new(&self.design, values, &by_stage, &reach, self.counted(domain)))
    }

    /// Estimates a statistic in each level of a factor (R's `svyby`), in the order of levels. Levels without anybody
    /// of the domain are left out.
    pub fn by(
        &self,
        statistic: &(impl Statistic + ?Sized),
        by: &Factor,
        domain: &Domain,
    ) -> Result<Vec<(u32, Estimates<'_>)>, EstimationError> {
        check_length("the factor", by.codes().len(), self.weights.len())?;
        let levels = (0..by.levels().len() as u32).map(|level| (level, domain.and(&Domain::at_level(by, level))));
        let peopled = levels.filter(|(_, domain)| self.counted(domain).next().is_some());
        peopled.map(|(level, domain)| Ok((level, self.estimate(statistic, &domain)?))).collect()
    }

    /// The counted units: in the domain, with a weight.
    fn counted<'a>(&'a self, domain: &'a Domain) -> impl Iterator<Item = usize> + 'a {
        let units = self.weights.iter().zip(&domain.0).enumerate();
        units.filter(|(_, (weight, is_in))| **is_in && **weight != 0.0).map(|(unit, _)| unit)
    }

    pub(super) fn check(&self, statistic: &(impl Statistic + ?Sized), domain: &Domain) -> Result<(), EstimationError> {
        check_length("the domain", domain.0.len(), self.weights.len())?;
        for variable in statistic.variables() {
            check_length("a variable", variable.len(), self.weights.len())?;
        }
        let mut missing = self.counted(domain).filter(|unit| !statistic.is_observed(*unit));
        if let Some(first) = missing.next() {
            let n_missing = 1 + missing.count();
            return Err(EstimationError::MissingValues { n_missing, n_units: self.n_units(domain), first: first + 1 });
        }
        Ok(())
    }
}

fn check_length(what: &'static str, found: usize, expected: usize) -> Result<(), EstimationError> {
    if found == expected { Ok(()) } else { Err(EstimationError::Length { what, found, expected }) }
}

/// Whether all variables have a value for the unit.
pub(super) fn all_observed(variables: &[Variable<'_>], unit: usize) -> bool {
    variables.iter().all(|variable| !variable.at(unit).is_nan())
}
