//! The model of a calibration: the auxiliary variables of each unit, and their population totals.

use super::adjusted::{check_length, check_numbers};
use super::error::WeightingError;
use super::margin::{Margin, check_margins};

/// A model matrix (n units by p columns, row-major) with the names and population totals of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    n_units: usize,
    columns: Vec<Total>,
    values: Vec<f64>,
}

/// A column of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// What the column is called in messages.
    pub name: String,
    /// Its population total.
    pub total: f64,
}

impl Model {
    /// A model from its matrix; every value and total must be finite.
    pub fn new(n_units: usize, columns: Vec<Total>, values: Vec<f64>) -> Result<Model, WeightingError> {
        let model = Model { n_units, columns, values };
        check_length("the model matrix", model.values.len(), n_units * model.columns.len())?;
        for (place, column) in model.columns.iter().enumerate() {
            check_total(column)?;
            check_numbers(&column.name, &model.column(place))?;
        }
        Ok(model)
    }

    /// One column of ones and zeros per category that has units or a total. Margins that disagree are for
    /// [`MarginRules::settle`](super::MarginRules::settle) to settle before.
    pub fn of_margins(margins: &[Margin]) -> Result<Model, WeightingError> {
        let n_units = margins.first().map_or(0, |margin| margin.category_of().len());
        check_margins(margins, n_units)?;
        let mut columns = Vec::new();
        let mut columns_of = Vec::new();
        for margin in margins {
            let mut has_units = vec![false; margin.categories().len()];
            margin.category_of().iter().flatten().for_each(|category| has_units[*category as usize] = true);
            let mut of_categories = Vec::new();
            for (place, category) in margin.categories().iter().enumerate() {
                of_categories.push(columns.len());
                if has_units[place] || category.total != 0.0 {
                    columns.push(Total { name: margin.title_of(place), total: category.total });
                }
            }
            columns_of.push(of_categories);
        }
        let mut values = vec![0.0; n_units * columns.len()];
        for (margin, of_categories) in margins.iter().zip(columns_of) {
            for (row, category) in values.chunks_exact_mut(columns.len()).zip(margin.category_of()) {
                if let Some(category) = category {
                    row[of_categories[*category as usize]] = 1.0;
                }
            }
        }
        Ok(Model { n_units, columns, values })
    }

    /// The model with one more column, put last.
    pub fn with(self, name: &str, total: f64, column: &[f64]) -> Result<Model, WeightingError> {
        check_length(name, column.len(), self.n_units)?;
        check_numbers(name, column)?;
        let added = Total { name: name.to_owned(), total };
        check_total(&added)?;
        let p = self.columns.len();
        let mut values = Vec::with_capacity(self.n_units * (p + 1));
        for (unit, value) in column.iter().enumerate() {
            values.extend_from_slice(&self.values[unit * p..(unit + 1) * p]);
            values.push(*value);
        }
        let mut columns = self.columns;
        columns.push(added);
        Ok(Model { n_units: self.n_units, columns, values })
    }

    /// Units.
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// The columns.
    pub fn columns(&self) -> &[Total] {
        &self.columns
    }

    /// The matrix, row-major.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    fn column(&self, place: usize) -> Vec<f64> {
        self.values.iter().skip(place).step_by(self.columns.len()).copied().collect()
    }
}

fn check_total(column: &Total) -> Result<(), WeightingError> {
    if column.total.is_finite() {
        return Ok(());
    }
    Err(WeightingError::NotATotal { margin: "model".to_owned(), category: column.name.clone(), total: column.total })
}
