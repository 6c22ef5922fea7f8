//! The release desk: an analyst defines a release and has it computed, an editor who is somebody else approves it and sets
//! its hour, and from that hour on everybody sees it. The work is done by the program itself, run as a child
//! (`child`, `runner`), so that this package knows nothing of estimates and a heavy release cannot take the site down.

mod answers;
mod asked;
mod child;
mod commission;
mod comparison;
mod desk;
mod early;
mod folder;
mod form;
mod process;
mod routes;
mod runner;
mod state;
mod store;
mod table;
mod view;

pub use asked::without_unanswered;
pub use commission::{Commission, DataAccess, Reported, Stage, Work};
pub(crate) use desk::Desk;
pub(crate) use routes::{EARLY_PATH, PATH, routes};
pub(crate) use runner::run;
pub use state::State;
