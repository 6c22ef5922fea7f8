//! The questionnaires: one section per page, saved at every step, reviewed, handed in once.

mod asking;
pub mod catalogue;
mod form;
pub mod preview;
mod route;
mod routes;
pub(crate) mod store;
mod view;
pub mod workbook;

pub use asking::Asking;
pub(crate) use asking::name_in as asking_name;
pub(crate) use routes::routes;
pub(crate) use view::answers_in_words;
