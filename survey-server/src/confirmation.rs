//! Acts that one person alone must not do: asked by one administrator with a reason, confirmed by another within a day,
//! carried out once by the first within the hour after. Every step is recorded.

mod act;
mod form;
mod routes;
mod store;
mod view;

use chrono::Duration;

pub use act::{DangerousAct, Request, State};
pub(crate) use routes::{PATH, routes};
pub(crate) use store::{Acts, second_person};

pub(crate) use form::{REASON_LENGTH, names_somebody};

/// How long a request waits for a second administrator.
pub(crate) const CONFIRM_WITHIN: Duration = Duration::hours(24);

/// How long a confirmed act may still be carried out.
pub(crate) const EXECUTE_WITHIN: Duration = Duration::hours(1);
