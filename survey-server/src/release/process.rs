//! Whether a process is still the one that was begun: its number may have been given to another meanwhile.

use std::fs;

/// A process by its number and the tick at which it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProcessName(String);

impl ProcessName {
    /// The process of this number that runs now.
    pub(super) fn of(number: u32) -> Option<ProcessName> {
        Some(ProcessName(format!("{number}:{}", began(number)?)))
    }

    /// A name as it was kept.
    pub(super) fn kept(text: String) -> ProcessName {
        ProcessName(text)
    }

    /// As it is kept.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Whether it still runs.
    pub(super) fn is_alive(&self) -> bool {
        let number = self.0.split(':').next().and_then(|number| number.parse().ok());
        number.and_then(ProcessName::of).is_some_and(|now| now == *self)
    }
}

/// The tick at which a process began (proc(5), field 22 of stat); none where it is dead or only waits to be buried.
fn began(number: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The name stands in brackets and may hold spaces and brackets itself.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

/// The memory that a process has, in bytes.
pub(super) fn memory(number: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{number}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_itself_and_no_other() {
        let own = ProcessName::of(std::process::id()).unwrap();
        assert!(own.is_alive() && ProcessName::kept(own.text().to_owned()).is_alive());
        let (number, tick) = own.text().split_once(':').unwrap();
        let later = format!("{number}:{}", tick.parse::<u64>().unwrap() + 1);
        assert!(!ProcessName::kept(later).is_alive(), "another with the same number");
        assert!(!ProcessName::kept("0:0".to_owned()).is_alive());
        assert!(memory(std::process::id()).unwrap() > 1 << 20);
    }
}
