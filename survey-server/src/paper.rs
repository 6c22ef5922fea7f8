//! The diary on paper: a form to be printed, which carries a number instead of a name, and the page on which an operator keys in
//! what somebody wrote on it.

mod keying;
mod number;
mod pdf;
mod routes;
mod store;
mod view;

pub use pdf::diary_form;
pub(crate) use routes::{PATH, routes};
pub use store::{Refusal, make};

/// How many days after a day ended its paper may still be keyed in.
const LATEST_DAYS: i64 = 60;
