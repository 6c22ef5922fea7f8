//! What every page shares: layout, forms and their tokens, routes, assets, headers, failures, request log.

pub mod assets;
pub mod date;
pub mod failure;
pub mod field_error;
pub mod form;
pub mod headers;
pub mod install;
pub mod language;
pub mod layout;
pub mod observe;
pub(crate) mod origin;
pub mod proxy;
pub mod rate_limit;
pub mod route;
pub mod visit;
