//! The tables. Instants are whole seconds since 1970 in UTC; digests are hexadecimal text.

pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod session;
pub(crate) mod ticket;
