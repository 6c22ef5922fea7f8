//! The questionnaires: one section per page, saved at every step, reviewed, handed in once.

mod form;
mod routes;
pub(crate) mod store;
mod view;

pub(crate) use routes::routes;
pub(crate) use view::answers_in_words;
