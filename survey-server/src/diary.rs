//! The diary: choosing a day, telling it span by span, reviewing it, handing it in, and seeing it drawn.

mod calendar;
mod copy;
mod form;
mod owner;
mod routes;
mod shell;
pub(crate) mod store;
mod view;

pub(crate) use calendar::{DayType, choosable_days};
pub(crate) use routes::routes;
pub(crate) use view::spans_in_words;
