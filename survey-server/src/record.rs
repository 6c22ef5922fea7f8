//! The record of what was done, as auditors read it: by kind and day, with the verdict on its chain. It is written
//! elsewhere (`audit`), and nothing here changes it.

mod form;
mod routes;
mod store;
mod view;

pub(crate) use routes::{PATH, routes};
