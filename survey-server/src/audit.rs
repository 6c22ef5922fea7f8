//! The audit log: who did what about whom, and when. Append-only, each row chained to the one before it by its hash,
//! the head of the chain authenticated with a key. It never holds a fiscal code, a name, an answer or a token.
//!
//! A store records inside the transaction of the act itself:
//!
//! ```text
//! let transaction = self.database.begin_write().await?;
//! ... the act ...
//! self.database.audit().record(&transaction, &Act::of_citizen(id, Verb::ConsentGiven, ""), now).await?;
//! transaction.commit().await?;
//! ```

mod act;
mod chain;
pub(crate) mod store;
mod verify;

pub use act::{Act, Actor, Verb};
pub use chain::{Head, ParseHeadError};
pub use store::{Log, Record};
pub use verify::{AuditError, Flaw, Verified};

#[cfg(test)]
mod tests;
