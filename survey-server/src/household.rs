//! Households: people who live together say so by a code that one of them passes on. They then tell the same days, and their
//! answers leave for analysis as those of one household. None sees what another tells.

mod code;
mod routes;
pub(crate) mod store;
mod view;

pub(crate) use routes::routes;

/// Where a household is seen, joined and left.
pub(crate) const PATH: &str = "/famiglia";

/// Where a code is made.
const CODE_PATH: &str = "/famiglia/codice";

/// Where a code is used.
const JOIN_PATH: &str = "/famiglia/unisciti";

/// Where a household is left.
const LEAVE_PATH: &str = "/famiglia/lascia";

/// The field of the code.
const CODE_FIELD: &str = "codice";
