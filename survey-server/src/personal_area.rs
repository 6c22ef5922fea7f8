//! A citizen's own page: what there is to do and what was done, step by step.

mod routes;
mod store;
mod view;

pub(crate) use routes::routes;
