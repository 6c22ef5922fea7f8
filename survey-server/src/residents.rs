//! The residents: the extract of the population register, who may take part, the samples drawn from it and the known totals.
//! Part of the identity plane: everything about a person is sealed, and found by the keyed digest of the fiscal code.

pub mod extract;
pub mod import;
mod resident;
pub(crate) mod store;

pub use import::{ImportError, ImportOptions, ImportSummary, import};
pub use resident::Resident;
pub use store::Changes;
