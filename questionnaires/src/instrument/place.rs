//! Where in a file a place such as `individual.work.weekly_hours` stands.

use super::InstrumentIssue;

impl InstrumentIssue {
    /// The line, from 1, of the section or question that the issue is about, in the TOML `text` that the instrument was read
    /// from; nothing where the text names it in some other way.
    pub fn line(&self, text: &str) -> Option<usize> {
        let mut line = 0;
        for name in self.place.split('.') {
            let names = |line: &str| ["name", "value"].into_iter().any(|key| says(line, key, name));
            line += text.lines().skip(line).position(names)? + 1;
        }
        Some(line)
    }
}

/// Whether a line sets `key` to the text `value`, alone or in an inline table.
fn says(line: &str, key: &str, value: &str) -> bool {
    let quoted = [format!("\"{value}\""), format!("'{value}'")];
    line.match_indices(key).any(|(place, _)| {
        let begins = line[..place].trim_end();
        let starts_key = begins.is_empty() || begins.ends_with(['{', ',']);
        let rest = line[place + key.len()..].trim_start();
        starts_key
            && rest
                .strip_prefix('=')
                .is_some_and(|rest| quoted.iter().any(|quoted| rest.trim_start().starts_with(quoted)))
    })
}
