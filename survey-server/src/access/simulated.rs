//! A simulated card reader, for the demonstration only.

use std::net::SocketAddr;

/// Permission to simulate cards. No configuration can make one: only the demonstration does, and only for a site
/// that listens on this machine alone.
#[derive(Debug, Clone)]
pub struct Demonstration(());

impl Demonstration {
    /// The permission, if `public_address` is a loopback address.
    pub fn on_loopback(public_address: SocketAddr) -> Option<Demonstration> {
        public_address.ip().is_loopback().then_some(Demonstration(()))
    }
}
