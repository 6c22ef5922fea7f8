//! One question on a file: a statistic of some variables, over domains, under a design given by columns.

use super::answer::{Answer, AnswerRow, TestAnswer};
use super::columns::{ColumnsError, DesignColumns};
use super::condition::Condition;
use super::domains::{self, NamedDomain};
use super::expression::Expression;
use super::file::Microdata;
use super::file_error::FileError;
use super::precision::{Estimated, Precision};
use super::replicates::{ReplicateDesign, ReplicatesError};
use super::term::Term;
use crate::design::{DesignError, DesignRules};
use crate::estimation::{AssociationTest, Domain, EstimationError, Factor, ProportionInterval, SimpleRandom, Survey};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What to estimate.
    pub statistic: StatisticKind,
    /// Of which variables: a column, or `COLUMN=VALUE` for the indicator of a value.
    pub variables: Vec<String>,
    /// The columns whose values, crossed, make the domains; none for one domain.
    pub by: Vec<String>,
    /// What holds in every domain.
    pub conditions: Vec<Condition>,
    /// The design's columns.
    pub design: DesignColumns,
    /// The design's rules.
    pub rules: DesignRules,
    /// Replicate weights in the place of the design, for the variance.
    pub replicates: Option<ReplicateDesign>,
    /// Functions of the estimates.
    pub functions: Vec<(String, Expression)>,
    /// How the intervals of shares are made.
    pub interval: ProportionInterval,
    /// The confidence of intervals, between 0 and 1.
    pub level: f64,
    /// What to do with missing values.
    pub missing: Missing,
    /// Whether design effects are wanted.
    pub design_effect: bool,
}

/// A statistic.
#[derive(Debug, Clone, PartialEq)]
pub enum StatisticKind {
    /// Weighted mean of each variable.
    Mean,
    /// Weighted total of each variable.
    Total,
    /// Share of each category of each variable.
    Proportion,
    /// The first variable's total over the second's.
    Ratio,
    /// Quantiles of each variable at these probabilities, by the inverse of the distribution function.
    Quantile(Vec<f64>),
    /// Population variance of each variable.
    Variance,
    /// Association of two variables.
    Test(AssociationTest),
}

/// What to do with rows in a domain whose variable is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Refuse.
    #[default]
    Fail,
    /// Answer, variable by variable, for the domain of the rows where it is known (R's `na.rm = TRUE`).
    Drop,
}

/// Why a question has no answer. Nothing is printed then.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The design's columns.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// The design.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// Replicate weights.
    #[error(transparent)]
    Replicates(#[from] ReplicatesError),
    /// An estimate.
    #[error("{of}: {source}")]
    Estimation {
        /// Of what.
        of: String,
        /// The cause.
        source: EstimationError,
    },
    /// Values are missing where they must not be.
    #[error(
        "{of}: {n_missing} of {n_units} rows lack a value, the first of them row {row}. Nothing was computed; fill them in, \
         or leave them out with --missing drop, which assumes that they are like the others."
    )]
    Missing {
        /// Of what.
        of: String,
        /// Rows with a weight, in the domain, without a value.
        n_missing: usize,
        /// Rows with a weight in the domain.
        n_units: usize,
        /// The first without a value, counted from 1.
        row: usize,
    },
    /// A question that cannot be asked so.
    #[error("{0}. Nothing was computed.")]
    Asked(String),
}

impl Question {
    /// The answer, from `data`.
    pub fn answer(&self, data: &Microdata) -> Result<Answer, QuestionError> {
        self.check()?;
        let columns = self.design.values(data)?;
        let design = columns.design(self.rules)?;
        let weights = columns.weights.or_else(|| design.base_weights()).unwrap_or_else(|| vec![1.0; data.n_rows()]);
        let survey = Survey::new(design, weights).map_err(estimation_error("the weights"))?;
        let mut within = survey.everybody();
        for condition in &self.conditions {
            within = within.and(&Domain::from_mask(condition.rows(data)?));
        }
        let n_sampled = survey.n_units(&survey.everybody());
        if let StatisticKind::Test(test) = self.statistic {
            let (test, n_missing) = self.associate(data, &survey, &within, test)?;
            return Ok(Answer { rows: Vec::new(), test: Some(test), n_sampled, n_missing });
        }
        let precision = match &self.replicates {
            None => Precision::Linearised(&survey),
            Some(replicates) => Precision::Replicated(&survey, replicates.read(data, survey.weights())?),
        };
        let terms = Term::all(data, &self.statistic, &self.variables)?;
        let (mut rows, mut all) = (Vec::new(), Vec::new());
        let mut n_missing = 0;
        for NamedDomain { values, domain } in domains::crossed(data, &self.by, &within, &survey)? {
            for term in &terms {
                let known = match self.missing {
                    Missing::Fail => domain.clone(),
                    Missing::Drop => domain.and(&Domain::from_mask(term.known())),
                };
                n_missing += survey.n_units(&domain) - survey.n_units(&known);
                let of = [std::slice::from_ref(&term.name), &values[..]].concat().join(", ");
                let found = self.estimate(&precision, term, &known).map_err(estimation_error(&of))?;
                let rows_of_term = found.rows.iter().zip(&term.names);
                rows.extend(rows_of_term.map(|(row, name)| row.of(&values, name)));
                all.push(found);
            }
        }
        for (text, function) in &self.functions {
            let row = self.function(text, function, &precision, &rows, &all)?;
            rows.push(row);
        }
        Ok(Answer { rows, test: None, n_sampled, n_missing })
    }

    fn check(&self) -> Result<(), QuestionError> {
        let asked = |what: &str| Err(QuestionError::Asked(what.to_owned()));
        let n_variables = self.variables.len();
        match &self.statistic {
            StatisticKind::Ratio if n_variables != 2 => asked("a ratio takes two variables, numerator and denominator"),
            StatisticKind::Test(_) if n_variables != 2 => asked("a test takes two variables"),
            StatisticKind::Test(_) if self.replicates.is_some() => {
                asked("tests are made from a design with --ids and --strata, not from replicate weights")
            }
            StatisticKind::Test(_) if !self.by.is_empty() => asked("a test has one domain: use --where, once for each"),
            StatisticKind::Test(_) if !self.functions.is_empty() => {
                asked("functions are of estimates; a test has none")
            }
            StatisticKind::Test(_) | StatisticKind::Quantile(_) if self.design_effect => {
                asked("design effects are of means, totals, shares, ratios and variances")
            }
            StatisticKind::Test(_) | StatisticKind::Quantile(_) if self.interval != ProportionInterval::Mean => {
                asked("intervals other than `mean` are for shares")
            }
            StatisticKind::Quantile(probabilities) if !probabilities.iter().all(|p| (0.0..=1.0).contains(p)) => {
                asked("the probabilities of quantiles lie between 0 and 1")
            }
            StatisticKind::Quantile(_) if !self.functions.is_empty() => {
                asked("functions are of means, totals, ratios and variances; quantiles are not smooth enough")
            }
            _ if n_variables == 0 => asked("name at least one variable"),
            _ if !(self.level > 0.0 && self.level < 1.0) => asked("the level of confidence lies between 0 and 1"),
            _ if self.design_effect && self.replicates.is_some() => {
                asked("design effects are made from a design, not from replicate weights")
            }
            _ => Ok(()),
        }
    }

    /// The test, and how many rows it left out because one of the variables is missing there.
    fn associate(
        &self,
        data: &Microdata,
        survey: &Survey,
        domain: &Domain,
        test: AssociationTest,
    ) -> Result<(TestAnswer, usize), QuestionError> {
        let (first, second) = (data.texts(&self.variables[0])?, data.texts(&self.variables[1])?);
        let of = self.variables.join(" and ");
        let known: Vec<bool> = first.iter().zip(&second).map(|(a, b)| a.is_some() && b.is_some()).collect();
        let is_missing = |row: &usize| domain.contains(*row) && survey.weights()[*row] != 0.0 && !known[*row];
        let first_missing = (0..data.n_rows()).find(is_missing);
        let n_units = survey.n_units(domain);
        let domain = domain.and(&Domain::from_mask(known));
        let n_missing = n_units - survey.n_units(&domain);
        if let (Missing::Fail, Some(row)) = (self.missing, first_missing) {
            return Err(QuestionError::Missing { of, n_missing, n_units, row: row + 1 });
        }
        let factor = |texts: &[Option<String>]| Factor::from_text(texts.iter().map(Option::as_deref));
        let found = survey.association(&factor(&first), &factor(&second), &domain, test);
        let found = found.map_err(estimation_error(&of))?;
        let answer = TestAnswer {
            method: match test {
                AssociationTest::F => "F",
                AssociationTest::ChiSquared => "Chisq",
                AssociationTest::Wald => "Wald",
                AssociationTest::AdjustedWald => "adjWald",
            },
            statistic: found.statistic,
            degrees_of_freedom: [Some(found.degrees_of_freedom), found.denominator_degrees_of_freedom]
                .into_iter()
                .flatten()
                .collect(),
            p_value: found.p_value,
        };
        Ok((answer, n_missing))
    }

    fn estimate<'s>(
        &self,
        precision: &Precision<'s>,
        term: &Term,
        domain: &Domain,
    ) -> Result<Estimated<'s>, EstimationError> {
        let Some(statistic) = term.smooth() else {
            let Some(quantiles) = term.quantiles() else { return Ok(Estimated::default()) };
            return precision.quantiles(&quantiles, domain, self.level);
        };
        let mut estimated = precision.estimate(statistic.as_ref(), domain)?;
        let wants_share = self.interval != ProportionInterval::Mean;
        if wants_share && !term.is_share() {
            return Err(EstimationError::NotDefined {
                what: "an interval for shares",
                why: "the variable has values other than 0 and 1; use the interval `mean`",
            });
        }
        for row in &mut estimated.rows {
            row.interval =
                if wants_share { row.share_interval(self.interval, self.level) } else { row.t_interval(self.level) };
        }
        if let (true, Precision::Linearised(survey)) = (self.design_effect, precision) {
            let effects = survey.design_effects(statistic.as_ref(), domain, SimpleRandom::WithoutReplacement)?;
            for (row, effect) in estimated.rows.iter_mut().zip(effects) {
                row.design_effect = Some(effect).filter(|effect| effect.is_finite());
            }
        }
        Ok(estimated)
    }

    /// A function's names are those of rows: the domain's values joined by `:`, or the term where there are no
    /// domains, or both joined by `:` where a domain has several rows.
    fn function(
        &self,
        text: &str,
        function: &Expression,
        precision: &Precision<'_>,
        rows: &[AnswerRow],
        all: &[Estimated<'_>],
    ) -> Result<AnswerRow, QuestionError> {
        let n_estimates: usize = all.iter().map(|estimated| estimated.rows.len()).sum();
        let rows = &rows[..n_estimates];
        let is_alone = |row: &AnswerRow| rows.iter().filter(|other| other.domain == row.domain).count() == 1;
        let name = |row: &AnswerRow| match (row.domain.is_empty(), is_alone(row)) {
            (true, _) => row.term.clone(),
            (false, true) => row.domain.join(":"),
            (false, false) => format!("{}:{}", row.domain.join(":"), row.term),
        };
        let names: Vec<String> = rows.iter().map(name).collect();
        let mut places = Vec::new();
        for wanted in function.names() {
            let place = names.iter().position(|name| name == wanted).ok_or_else(|| {
                let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                QuestionError::Asked(format!("the formula {text} speaks of `{wanted}`, but the estimates are {names}"))
            })?;
            places.push(place);
        }
        let values: Vec<f64> = places.iter().map(|place| rows[*place].estimate).collect();
        let (value, slopes) = function.value_and_gradient(&values);
        if !value.is_finite() {
            let why = "it divides by zero, or takes the logarithm or root of a negative number";
            return Err(QuestionError::Asked(format!("the formula {text} is not defined for these estimates: {why}")));
        }
        let mut gradient = vec![0.0; n_estimates];
        for (place, slope) in places.into_iter().zip(slopes) {
            gradient[place] += slope;
        }
        let evaluated = |numbers: &[f64]| {
            let values: Vec<f64> = function
                .names()
                .iter()
                .map(|wanted| names.iter().position(|name| name == wanted).map_or(f64::NAN, |place| numbers[place]))
                .collect();
            function.value_and_gradient(&values).0
        };
        let mut row = precision.function(all, value, &gradient, evaluated).map_err(estimation_error(text))?;
        row.interval = row.t_interval(self.level);
        Ok(row.of(&vec![String::new(); self.by.len()], text))
    }
}

fn estimation_error(of: &str) -> impl Fn(EstimationError) -> QuestionError + '_ {
    move |source| match source {
        EstimationError::MissingValues { n_missing, n_units, first } => {
            QuestionError::Missing { of: of.to_owned(), n_missing, n_units, row: first }
        }
        source => QuestionError::Estimation { of: of.to_owned(), source },
    }
}
