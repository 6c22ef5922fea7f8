//! Who somebody is: cards, tickets, sessions, and the guard that hands data only to those who may see it.
//! The only capability that ever sees a fiscal code.

pub mod guard;
pub mod session;
pub mod simulated;
mod store;

pub use store::Identities;
