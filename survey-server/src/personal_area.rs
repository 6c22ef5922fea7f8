//! A citizen's own page: what there is to do and what was done, capability by capability.

mod routes;
mod view;

pub(crate) use routes::routes;
