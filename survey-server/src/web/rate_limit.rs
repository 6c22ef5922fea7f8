//! A bound on how often the same address or session may do what costs something or could be tried without end.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// What is counted. Each act has a count of its own, so that filling in a diary uses up nobody's sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A step of signing in, by address: nobody is known yet.
    SignIn,
    /// A form sent, by session or browser.
    Form,
    /// A copy of one's own data, by person: it is put together anew each time.
    Download,
    /// An operator's attempt to begin to help somebody, or somebody's to be helped, by person.
    Assistance,
    /// A code of a household tried, by person: codes are short.
    HouseholdCode,
}

/// How often each act is admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Steps of signing in, per address and minute. A card read and its handover count as two.
    pub sign_ins_per_minute: u32,
    /// Forms, per session or browser and minute.
    pub forms_per_minute: u32,
    /// Copies of one's own data, per person and hour.
    pub downloads_per_hour: u32,
    /// Attempts to begin an assistance, per person and hour.
    pub assistances_per_hour: u32,
    /// Codes of households tried, per person and hour.
    pub household_codes_per_hour: u32,
}

impl Default for RateLimits {
    fn default() -> RateLimits {
        RateLimits {
            sign_ins_per_minute: 30,
            forms_per_minute: 120,
            downloads_per_hour: 20,
            household_codes_per_hour: 10,
            assistances_per_hour: 30,
        }
    }
}

impl RateLimits {
    fn of(&self, act: Act) -> (u32, Duration) {
        match act {
            Act::SignIn => (self.sign_ins_per_minute, Duration::minutes(1)),
            Act::Form => (self.forms_per_minute, Duration::minutes(1)),
            Act::Download => (self.downloads_per_hour, Duration::hours(1)),
            Act::Assistance => (self.assistances_per_hour, Duration::hours(1)),
            Act::HouseholdCode => (self.household_codes_per_hour, Duration::hours(1)),
        }
    }
}

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// An address; of an IPv6 address the network of 64 bits, all of which one household has.
    Address(IpAddr),
    /// A session or browser, by what its forms are bound to.
    Bearer(String),
}

impl From<IpAddr> for Counted {
    fn from(address: IpAddr) -> Counted {
        Counted::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let mut segments = address.segments();
                segments[4..].fill(0);
                IpAddr::from(segments)
            }
            address => address,
        })
    }
}

/// Counts remembered at most. When so many are running at once, newcomers wait: better than forgetting whom to hold back.
const N_COUNTS: usize = 20_000;

type Counts = BTreeMap<(Act, Counted), (DateTime<Utc>, u32)>;

/// Counts acts in windows that begin with the first of them.
#[derive(Debug, Default)]
pub struct RateLimit {
    limits: RateLimits,
    counts: Mutex<Counts>,
}

impl RateLimit {
    /// Counts of nothing yet.
    pub fn new(limits: RateLimits) -> RateLimit {
        RateLimit { limits, counts: Mutex::default() }
    }

    /// Counts an act; false when who does it has used up their share.
    pub fn admits(&self, act: Act, counted: impl Into<Counted>, now: DateTime<Utc>) -> bool {
        let (n_admitted, window) = self.limits.of(act);
        let key = (act, counted.into());
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= N_COUNTS {
            counts.retain(|(act, _), (began, _)| now - *began < self.limits.of(*act).1);
            if counts.len() >= N_COUNTS && !counts.contains_key(&key) {
                return false;
            }
        }
        let count = counts.entry(key).or_insert((now, 0));
        if now - count.0 >= window {
            *count = (now, 0);
        }
        count.1 = count.1.saturating_add(1);
        count.1 <= n_admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_held_back_until_its_window_ends_and_others_are_not() {
        let limit = RateLimit::default();
        for _ in 0..30 {
            assert!(limit.admits(Act::SignIn, address("192.0.2.1"), now()));
        }
        assert!(!limit.admits(Act::SignIn, address("192.0.2.1"), now()));
        assert!(!limit.admits(Act::SignIn, address("::ffff:192.0.2.1"), now()), "the same address written otherwise");
        assert!(limit.admits(Act::SignIn, address("192.0.2.2"), now()));
        assert!(limit.admits(Act::SignIn, address("192.0.2.1"), now() + Duration::minutes(1)));
    }

    #[test]
    fn acts_are_counted_apart_and_a_household_of_addresses_together() {
        let limit = RateLimit::new(RateLimits {
            sign_ins_per_minute: 1,
            forms_per_minute: 1,
            downloads_per_hour: 1,
            ..RateLimits::default()
        });
        assert!(limit.admits(Act::SignIn, address("2001:db8::1"), now()));
        assert!(!limit.admits(Act::SignIn, address("2001:db8::ffff:1"), now()), "the same network of 64 bits");
        assert!(limit.admits(Act::SignIn, address("2001:db8:0:1::1"), now()));
        let bearer = || Counted::Bearer("session:1".to_owned());
        assert!(limit.admits(Act::Form, bearer(), now()) && limit.admits(Act::Download, bearer(), now()));
        assert!(!limit.admits(Act::Download, bearer(), now() + Duration::minutes(59)));
        assert!(limit.admits(Act::Download, bearer(), now() + Duration::minutes(60)));
    }

    #[test]
    fn a_crowd_of_addresses_makes_newcomers_wait_and_forgets_nobody() {
        let limit = RateLimit::new(RateLimits { sign_ins_per_minute: 1, ..RateLimits::default() });
        let numbered = |number: u32| IpAddr::from(number.to_be_bytes());
        for number in 0..20_000 {
            assert!(limit.admits(Act::SignIn, numbered(number), now()));
        }
        assert!(!limit.admits(Act::SignIn, numbered(20_000), now()));
        assert!(!limit.admits(Act::SignIn, numbered(0), now()));
        assert!(limit.admits(Act::SignIn, numbered(20_000), now() + Duration::minutes(1)));
    }
}
