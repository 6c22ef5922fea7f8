//! A number with its errors and its marks, whatever it is about: what every format writes alike of an estimate and of an answer.

use analytics::table::{AnswerRow, EstimateRow, Flag, Status};

/// A published number, or the reason why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The number.
    pub value: Option<f64>,
    /// Its standard error, in the value's unit.
    pub standard_error: Option<f64>,
    /// Lower end of the 95% interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95% interval.
    pub ci_high: Option<f64>,
    /// Degrees of freedom.
    pub degrees_of_freedom: Option<f64>,
    /// Unweighted persons; absent where the number is withheld, since the count itself would tell.
    pub n: Option<u64>,
    /// Reliability.
    pub flag: Flag,
    /// Confidentiality.
    pub status: Status,
}

macro_rules! cell_of {
    ($row:ty) => {
        impl From<&$row> for Cell {
            fn from(row: &$row) -> Cell {
                Cell {
                    value: row.value,
                    standard_error: row.standard_error,
                    ci_low: row.ci_low,
                    ci_high: row.ci_high,
                    degrees_of_freedom: row.degrees_of_freedom,
                    n: (!row.status.is_withheld()).then_some(row.n),
                    flag: row.flag,
                    status: row.status,
                }
            }
        }
    };
}

cell_of!(EstimateRow);
cell_of!(AnswerRow);
