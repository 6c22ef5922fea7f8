//! The diary: choosing a day, telling it span by span or as data that the page's script sends, reviewing it, handing it in, and seeing it drawn.

mod calendar;
mod comparison;
mod copy;
mod data;
mod form;
mod owner;
mod routes;
mod shell;
pub(crate) mod store;
mod view;

pub(crate) use calendar::{DayType, choosable_days, is_over, may_begin, running_day, told_until};
pub(crate) use copy::Origin;
pub(crate) use routes::routes;
pub(crate) use view::spans_in_words;
