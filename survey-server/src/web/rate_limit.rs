//! A bound on how often one address may try to sign in.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// Attempts granted to one address in one window.
const N_ATTEMPTS: u32 = 30;

/// The window's length in seconds.
const WINDOW: i64 = 60;

/// Addresses remembered at most. When so many are active at once, newcomers wait: better than forgetting who to hold back.
const N_ADDRESSES: usize = 10_000;

/// Counts attempts per address in windows of a minute.
#[derive(Debug, Default)]
pub struct RateLimit {
    windows: Mutex<BTreeMap<IpAddr, (DateTime<Utc>, u32)>>,
}

impl RateLimit {
    /// Counts an attempt; false when the address has used up its share.
    pub fn admits(&self, address: IpAddr, now: DateTime<Utc>) -> bool {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= N_ADDRESSES {
            windows.retain(|_, (began, _)| now - *began < Duration::seconds(WINDOW));
            if windows.len() >= N_ADDRESSES && !windows.contains_key(&address) {
                return false;
            }
        }
        let window = windows.entry(address).or_insert((now, 0));
        if now - window.0 >= Duration::seconds(WINDOW) {
            *window = (now, 0);
        }
        window.1 += 1;
        window.1 <= N_ATTEMPTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_back_until_its_window_ends_and_others_are_not() {
        let limit = RateLimit::default();
        let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let [one, other]: [IpAddr; 2] = ["192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap()];
        for _ in 0..N_ATTEMPTS {
            assert!(limit.admits(one, now));
        }
        assert!(!limit.admits(one, now));
        assert!(limit.admits(other, now));
        assert!(limit.admits(one, now + Duration::seconds(WINDOW)));
    }
}
