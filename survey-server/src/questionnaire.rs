//! The questionnaires: one section per page, saved at every step, reviewed, handed in once.

pub(crate) mod store;
