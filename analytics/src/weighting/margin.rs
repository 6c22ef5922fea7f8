//! A population margin: the totals of a variable's categories, and every unit's category. Rules for margins
//! that disagree and for categories that nobody is in.

use std::collections::BTreeMap;

use super::adjusted::check_length;
use super::error::{Note, WeightingError};

/// Margins whose totals differ by less than this, relatively, agree.
const AGREEMENT: f64 = 1e-9;

/// One margin of a population: categories with their totals, and the category of each unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    name: String,
    categories: Vec<Category>,
    category_of: Vec<Option<u32>>,
}

/// A category of a margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Its label.
    pub label: String,
    /// Its population total, not negative.
    pub total: f64,
}

impl Margin {
    /// A margin that counts every unit. `labels` holds each unit's category; a label without a total is refused,
    /// and so is a missing value that has no category of its own.
    pub fn new<S: AsRef<str>>(
        name: &str,
        totals: impl IntoIterator<Item = (String, f64)>,
        labels: &[S],
    ) -> Result<Margin, WeightingError> {
        Margin::build(name, totals, labels.iter().map(|label| Some(label.as_ref())))
    }

    /// A margin that counts some units only (`None`: the unit is outside, and the margin leaves its weight alone).
    pub fn partial<S: AsRef<str>>(
        name: &str,
        totals: impl IntoIterator<Item = (String, f64)>,
        labels: &[Option<S>],
    ) -> Result<Margin, WeightingError> {
        Margin::build(name, totals, labels.iter().map(|label| label.as_ref().map(AsRef::as_ref)))
    }

    fn build<'a>(
        name: &str,
        totals: impl IntoIterator<Item = (String, f64)>,
        labels: impl Iterator<Item = Option<&'a str>> + Clone,
    ) -> Result<Margin, WeightingError> {
        let mut numbers = BTreeMap::new();
        let mut categories = Vec::new();
        for (label, total) in totals {
            let (margin, category) = (name.to_owned(), label.clone());
            if !(total.is_finite() && total >= 0.0) {
                return Err(WeightingError::NotATotal { margin, category, total });
            }
            if numbers.insert(label.clone(), categories.len() as u32).is_some() {
                return Err(WeightingError::DuplicateCategory { margin, category });
            }
            categories.push(Category { label, total });
        }
        let mut category_of = Vec::new();
        for label in labels.clone() {
            let Some(label) = label else {
                category_of.push(None);
                continue;
            };
            let Some(number) = numbers.get(label) else {
                let n_respondents = labels.clone().filter(|other| *other == Some(label)).count();
                let (margin, category) = (name.to_owned(), label.to_owned());
                return Err(WeightingError::NotCounted { margin, category, n_respondents });
            };
            category_of.push(Some(*number));
        }
        Ok(Margin { name: name.to_owned(), categories, category_of })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its categories.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The category of each unit; `None` where the margin does not count the unit.
    pub fn category_of(&self) -> &[Option<u32>] {
        &self.category_of
    }

    /// Whether every unit has a category.
    pub fn is_complete(&self) -> bool {
        self.category_of.iter().all(Option::is_some)
    }

    /// How a category is called in messages and reports.
    pub fn title_of(&self, category: usize) -> String {
        format!("{}: {}", self.name, self.categories[category].label)
    }

    /// What the weights make of each category.
    pub fn sums(&self, weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.categories.len()];
        for (category, weight) in self.category_of.iter().zip(weights) {
            if let Some(category) = category {
                sums[*category as usize] += weight;
            }
        }
        sums
    }
}

/// What to do with margins whose totals differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Disagreement {
    /// Refuse, saying by how much.
    #[default]
    Fail,
    /// Rescale every margin to the total of the first, and say so.
    Rescale,
}

/// What to do with a category that has a total and no respondents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyCategory {
    /// Refuse, with its name.
    #[default]
    Fail,
    /// Leave it out, and say so (R's `partial = TRUE`): nobody stands for its people.
    LeaveOut,
}

/// The rules for margins that do not fit the sample or each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarginRules {
    /// Margins whose totals differ.
    pub disagreement: Disagreement,
    /// Categories without respondents.
    pub empty_category: EmptyCategory,
}

impl MarginRules {
    /// The margins with the totals that these rules give them for a sample with these weights: a category that is left
    /// out has a total of zero. For a calibration, whose model takes margins as they are.
    pub fn settle(self, margins: Vec<Margin>, weights: &[f64]) -> Result<(Vec<Margin>, Vec<Note>), WeightingError> {
        check_margins(&margins, weights.len())?;
        let mut notes = Vec::new();
        let sums: Vec<Vec<f64>> = margins.iter().map(|margin| margin.sums(weights)).collect();
        let targets = self.targets(&margins, &sums, &mut notes)?;
        let settled = margins.into_iter().zip(targets).map(|(mut margin, targets)| {
            for (category, target) in margin.categories.iter_mut().zip(targets) {
                category.total = target.unwrap_or(0.0);
            }
            margin
        });
        Ok((settled.collect(), notes))
    }
}

/// The totals of each margin after the rules; `None` for a category that was left out.
pub(super) type Targets = Vec<Vec<Option<f64>>>;

impl MarginRules {
    /// The totals to meet. `sums[m][c]` is what the weights make of category c of margin m.
    pub(super) fn targets(
        self,
        margins: &[Margin],
        sums: &[Vec<f64>],
        notes: &mut Vec<Note>,
    ) -> Result<Targets, WeightingError> {
        let mut targets = Targets::with_capacity(margins.len());
        for (margin, sums) in margins.iter().zip(sums) {
            let with_sums = margin.categories.iter().zip(sums).enumerate();
            let of_margin =
                with_sums.map(|(number, (category, sum))| self.target(margin, number, category, *sum, notes));
            targets.push(of_margin.collect::<Result<_, _>>()?);
        }
        self.reconcile(margins, &mut targets, notes)?;
        Ok(targets)
    }

    fn target(
        self,
        margin: &Margin,
        number: usize,
        category: &Category,
        sum: f64,
        notes: &mut Vec<Note>,
    ) -> Result<Option<f64>, WeightingError> {
        let (name, label, total) = (margin.name.clone(), category.label.clone(), category.total);
        match (total > 0.0, sum > 0.0) {
            (true, true) => Ok(Some(total)),
            (false, false) => Ok(None),
            (false, true) => {
                let n_respondents = margin.category_of.iter().filter(|of| **of == Some(number as u32)).count();
                Err(WeightingError::NotCounted { margin: name, category: label, n_respondents })
            }
            (true, false) => match self.empty_category {
                EmptyCategory::Fail => Err(WeightingError::EmptyCategory { margin: name, category: label, total }),
                EmptyCategory::LeaveOut => {
                    notes.push(Note::LeftOut { margin: name, category: label, total });
                    Ok(None)
                }
            },
        }
    }

    /// Compares the totals of the margins that count every unit.
    fn reconcile(self, margins: &[Margin], targets: &mut Targets, notes: &mut Vec<Note>) -> Result<(), WeightingError> {
        let mut first: Option<(&str, f64)> = None;
        for (margin, targets) in margins.iter().zip(targets).filter(|(margin, _)| margin.is_complete()) {
            let total: f64 = targets.iter().flatten().sum();
            let Some((first, first_total)) = first else {
                first = Some((&margin.name, total));
                continue;
            };
            let difference = total - first_total;
            if difference.abs() <= AGREEMENT * first_total {
                continue;
            }
            if self.disagreement == Disagreement::Fail {
                let (first, margin) = (first.to_owned(), margin.name.clone());
                return Err(WeightingError::TotalsDisagree { first, first_total, margin, total, difference });
            }
            for target in targets.iter_mut().flatten() {
                *target *= first_total / total;
            }
            notes.push(Note::Rescaled { margin: margin.name.clone(), from: total, to: first_total });
        }
        Ok(())
    }
}

/// Refuses margins whose units are not those of the weights.
pub(super) fn check_margins(margins: &[Margin], n_units: usize) -> Result<(), WeightingError> {
    if margins.is_empty() {
        return Err(WeightingError::Nothing { what: "no margin is given" });
    }
    margins
        .iter()
        .try_for_each(|margin| check_length(&format!("margin `{}`", margin.name), margin.category_of.len(), n_units))
}
