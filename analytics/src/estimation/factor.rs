//! Variables by unit: numbers that may be missing, and factors, whose levels are named.

use std::collections::BTreeMap;

use super::EstimationError;

/// A variable as estimators read it. Missing numbers are NaN, missing codes `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variable<'a> {
    /// A number for each unit.
    Number(&'a [f64]),
    /// 1 for the units at `level` of a factor, 0 for those at another.
    Level(&'a Factor, u32),
}

impl Variable<'_> {
    /// The value of a unit; NaN where it is missing.
    pub fn at(&self, unit: usize) -> f64 {
        match self {
            Variable::Number(values) => values[unit],
            Variable::Level(factor, level) => {
                factor.codes[unit].map_or(f64::NAN, |code| f64::from(u8::from(code == *level)))
            }
        }
    }

    /// Units it is about.
    pub fn len(&self) -> usize {
        match self {
            Variable::Number(values) => values.len(),
            Variable::Level(factor, _) => factor.codes.len(),
        }
    }

    /// Whether it is about nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A classification of the units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    codes: Vec<Option<u32>>,
    levels: Vec<String>,
}

impl Factor {
    /// A factor from text, its levels those that occur, in the order of text; `None` is missing.
    pub fn from_text<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Factor {
        let values: Vec<Option<&str>> = values.into_iter().collect();
        let mut numbers: BTreeMap<&str, u32> = values.iter().flatten().map(|value| (*value, 0)).collect();
        for (number, place) in numbers.values_mut().zip(0..) {
            *number = place;
        }
        Factor {
            codes: values.iter().map(|value| value.map(|value| numbers[value])).collect(),
            levels: numbers.into_keys().map(str::to_owned).collect(),
        }
    }

    /// A factor with given levels. A value that is none of them is an error: it is neither missing nor a level.
    pub fn with_levels<'a>(
        values: impl IntoIterator<Item = Option<&'a str>>,
        levels: &[&str],
    ) -> Result<Factor, EstimationError> {
        let numbers: BTreeMap<&str, u32> = levels.iter().copied().zip(0..).collect();
        let code =
            |(value, unit): (Option<&str>, usize)| match value {
                None => Ok(None),
                Some(value) => numbers.get(value).map(|code| Some(*code)).ok_or_else(|| {
                    EstimationError::UnknownLevel { unit, value: value.to_owned(), levels: levels.join(", ") }
                }),
            };
        let codes = values.into_iter().zip(1..).map(code).collect::<Result<_, _>>()?;
        Ok(Factor { codes, levels: levels.iter().map(|level| (*level).to_owned()).collect() })
    }

    /// The factor whose levels are the combinations of levels of several, the first varying fastest (R's `interaction`);
    /// names are joined by `.`. Missing where one is missing.
    ///
    /// # Panics
    /// When the factors are about different units, or none is given.
    pub fn crossed(factors: &[&Factor]) -> Factor {
        let mut factors = factors.iter();
        let mut crossed: Factor = (*factors.next().expect("at least one factor")).clone();
        for factor in factors {
            assert_eq!(crossed.codes.len(), factor.codes.len(), "factors of the same units");
            let n_before = crossed.levels.len() as u32;
            let pairs = crossed.codes.iter().zip(&factor.codes);
            let codes = pairs.map(|(before, code)| Some((*before)? + n_before * (*code)?)).collect();
            let of_level = |level: &String| {
                crossed.levels.iter().map(|before| format!("{before}.{level}")).collect::<Vec<String>>()
            };
            crossed = Factor { codes, levels: factor.levels.iter().flat_map(of_level).collect() };
        }
        crossed
    }

    /// The factor without levels that none of the `counted` units has.
    pub(super) fn occurring(&self, counted: impl Fn(usize) -> bool) -> Factor {
        let mut occurs = vec![false; self.levels.len()];
        for (unit, code) in self.codes.iter().enumerate() {
            if let Some(code) = code.filter(|_| counted(unit)) {
                occurs[code as usize] = true;
            }
        }
        let mut numbers = vec![None; occurs.len()];
        for (number, (place, _)) in (0..).zip(occurs.iter().enumerate().filter(|(_, occurs)| **occurs)) {
            numbers[place] = Some(number);
        }
        let levels = self.levels.iter().zip(&occurs).filter(|(_, occurs)| **occurs).map(|(level, _)| level.clone());
        Factor {
            codes: self.codes.iter().map(|code| code.and_then(|code| numbers[code as usize])).collect(),
            levels: levels.collect(),
        }
    }

    /// The code of each unit: the place of its level.
    pub fn codes(&self) -> &[Option<u32>] {
        &self.codes
    }

    /// The names of the levels.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// One 0-1 variable per level: their means are the proportions, their totals the counts.
    pub fn indicators(&self) -> Vec<Variable<'_>> {
        (0..self.levels.len() as u32).map(|level| Variable::Level(self, level)).collect()
    }
}
