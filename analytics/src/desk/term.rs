//! The terms of a question: each is one statistic of one or two variables, with the values it reads.

use super::file::{Factor, Microdata};
use super::file_error::FileError;
use super::question::StatisticKind;
use crate::estimation::{Mean, QuantileRule, Quantiles, Ratio, Statistic, Total, Variable, Variance};

/// A statistic with its values; missing ones are NaN.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub name: String,
    statistic: StatisticKind,
    /// One column of values for each variable the statistic reads.
    columns: Vec<Vec<f64>>,
    /// What rows are called, one for each number it gives.
    pub names: Vec<String>,
}

impl Term {
    /// The terms that a statistic of these variables has.
    pub fn all(data: &Microdata, statistic: &StatisticKind, variables: &[String]) -> Result<Vec<Term>, FileError> {
        let one = |variable: &String, columns| Term {
            name: variable.clone(),
            statistic: statistic.clone(),
            columns,
            names: match statistic {
                StatisticKind::Quantile(probabilities) => {
                    probabilities.iter().map(|probability| format!("{variable} q{probability}")).collect()
                }
                _ => vec![variable.clone()],
            },
        };
        match (statistic, variables) {
            (StatisticKind::Ratio, [numerator, denominator]) => {
                let columns = vec![values(data, numerator)?, values(data, denominator)?];
                Ok(vec![one(&format!("{numerator}/{denominator}"), columns)])
            }
            (StatisticKind::Proportion, variables) => {
                let mut terms = Vec::new();
                for variable in variables {
                    if as_category(data, variable).is_some() {
                        terms.push(one(variable, vec![values(data, variable)?]));
                        continue;
                    }
                    let factor = data.factor(variable)?;
                    for (level, code) in factor.levels.iter().zip(0..) {
                        terms
                            .push(one(&format!("{variable}={level}"), vec![indicator(&factor, |found| found == code)]));
                    }
                }
                Ok(terms)
            }
            (_, variables) => {
                variables.iter().map(|variable| Ok(one(variable, vec![values(data, variable)?]))).collect()
            }
        }
    }

    /// The rows in which every variable has a value.
    pub fn known(&self) -> Vec<bool> {
        let n_rows = self.columns.first().map_or(0, Vec::len);
        (0..n_rows).map(|row| self.columns.iter().all(|column| !column[row].is_nan())).collect()
    }

    /// The statistic; `None` for quantiles, which are not smooth.
    pub fn smooth(&self) -> Option<Box<dyn Statistic + '_>> {
        let variables = || self.columns.iter().map(|column| Variable::Number(column)).collect();
        match self.statistic {
            StatisticKind::Mean | StatisticKind::Proportion => Some(Box::new(Mean(variables()))),
            StatisticKind::Total => Some(Box::new(Total(variables()))),
            StatisticKind::Variance => Some(Box::new(Variance(variables()))),
            StatisticKind::Ratio => {
                Some(Box::new(Ratio::new(Variable::Number(&self.columns[0]), Variable::Number(&self.columns[1]))))
            }
            StatisticKind::Quantile(_) | StatisticKind::Test(_) => None,
        }
    }

    /// The quantiles, where it is made of them.
    pub fn quantiles(&self) -> Option<Quantiles<'_>> {
        match &self.statistic {
            StatisticKind::Quantile(probabilities) => {
                Some(Quantiles::new(Variable::Number(&self.columns[0]), probabilities.clone(), QuantileRule::default()))
            }
            _ => None,
        }
    }

    /// Whether its numbers are shares: every value is 0 or 1.
    pub fn is_share(&self) -> bool {
        matches!(self.statistic, StatisticKind::Mean | StatisticKind::Proportion)
            && self.columns[0].iter().all(|value| value.is_nan() || *value == 0.0 || *value == 1.0)
    }
}

/// A variable's numbers: of a column, or of the indicator `COLUMN=VALUE`. A column may have `=` in its own name.
fn values(data: &Microdata, variable: &str) -> Result<Vec<f64>, FileError> {
    if let Some((column, value)) = as_category(data, variable) {
        let factor = data.factor(column)?;
        let is_value = data.levels_of(column, &factor, value)?;
        return Ok(indicator(&factor, |code| is_value[code as usize]));
    }
    Ok(data.numbers(variable)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

fn as_category<'a>(data: &Microdata, variable: &'a str) -> Option<(&'a str, &'a str)> {
    let is_column = data.names().iter().any(|name| name == variable);
    variable.split_once('=').filter(|_| !is_column)
}

/// 1 in the rows of the category, 0 in others, NaN where it is missing.
fn indicator(factor: &Factor, is_in: impl Fn(u32) -> bool) -> Vec<f64> {
    let value = |code: &Option<u32>| code.map_or(f64::NAN, |code| f64::from(u8::from(is_in(code))));
    factor.codes.iter().map(value).collect()
}
