//! The domains of a question: one for each combination of the values of some columns that somebody has.

use std::collections::BTreeMap;

use super::file::Microdata;
use super::file_error::FileError;
use crate::estimation::{Domain, Survey};

/// A domain and the values that make it, in the order of the columns.
#[derive(Debug, Clone)]
pub(super) struct NamedDomain {
    pub values: Vec<String>,
    pub domain: Domain,
}

/// The domains `within` another, in the order of the columns' levels, the first column's changing last. A row without
/// a value in one of the columns is in none. Without columns there is one domain, `within` itself.
pub(super) fn crossed(
    data: &Microdata,
    columns: &[String],
    within: &Domain,
    survey: &Survey,
) -> Result<Vec<NamedDomain>, FileError> {
    if columns.is_empty() {
        return Ok(vec![NamedDomain { values: Vec::new(), domain: within.clone() }]);
    }
    let factors = columns.iter().map(|column| data.factor(column)).collect::<Result<Vec<_>, _>>()?;
    let mut rows_of: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for row in (0..data.n_rows()).filter(|row| within.contains(*row) && survey.weights()[*row] != 0.0) {
        let codes: Option<Vec<u32>> = factors.iter().map(|factor| factor.codes[row]).collect();
        if let Some(codes) = codes {
            rows_of.entry(codes).or_default().push(row);
        }
    }
    let named = |(codes, rows): (Vec<u32>, Vec<usize>)| {
        let mut mask = vec![false; data.n_rows()];
        rows.into_iter().for_each(|row| mask[row] = true);
        let values = codes.iter().zip(&factors).map(|(code, factor)| factor.levels[*code as usize].clone());
        NamedDomain { values: values.collect(), domain: Domain::from_mask(mask) }
    };
    Ok(rows_of.into_iter().map(named).collect())
}
