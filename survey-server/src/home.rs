//! The front page and the pages that every Italian public site owes.

mod routes;
mod view;

pub(crate) use routes::routes;
