//! The diary: choosing a day, telling it span by span, reviewing it, handing it in, and seeing it drawn.

pub(crate) mod store;
