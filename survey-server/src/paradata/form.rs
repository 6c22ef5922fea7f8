//! What a page may report about how a day is filled in.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::web::form::Fields;

/// A step of filling in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// What was done, and when.
    Telling,
    /// Where, with whom and the rest.
    Details,
    /// Looking the day over.
    Review,
}

/// Something to be added to what is kept about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trace {
    /// The class of device: `phone`, `tablet`, `desktop`, `other`.
    pub(crate) device: &'static str,
    /// Changes of the day.
    pub(crate) n_edits: u16,
    /// Time spent on a step, in seconds, rounded to tens.
    pub(crate) time: Option<(Step, u16)>,
}

/// The names of the fields.
mod field {
    pub(super) const DEVICE: &str = "dispositivo";
    pub(super) const EDITS: &str = "modifiche";
    pub(super) const STEP: &str = "passo";
    pub(super) const SECONDS: &str = "secondi";
}

/// Changes that one report may count.
const MOST_EDITS: u16 = 500;
/// Seconds that one report may count: whoever leaves the page open goes away from it.
const LONGEST: u32 = 2 * 60 * 60;
/// Reports that come along at once: one for each step.
const MOST_STEPS: usize = 3;
/// Seconds are kept in multiples of this.
const PRECISION: u32 = 10;

impl Trace {
    /// What a page reports; `device` is the class that the request itself suggests. Nothing where it is not readable.
    pub(super) fn read(fields: &Fields, device: &'static str) -> Option<Trace> {
        let device = match fields.text(field::DEVICE) {
            None => device,
            Some(named) => ["phone", "tablet", "desktop", "other"].into_iter().find(|class| *class == named)?,
        };
        let n_edits: u16 = fields.text(field::EDITS).map_or(Ok(0), str::parse).ok()?;
        let step = match fields.text(field::STEP) {
            None => None,
            Some("racconto") => Some(Step::Telling),
            Some("dettagli") => Some(Step::Details),
            Some("revisione") => Some(Step::Review),
            Some(_) => return None,
        };
        let seconds: Option<u32> = fields.text(field::SECONDS).map(str::parse).transpose().ok()?;
        Some(Trace { device, n_edits: n_edits.min(MOST_EDITS), time: step.zip(seconds.map(rounded)) })
    }
}

impl Trace {
    /// What comes along with a save of a day: a list, in JSON, of objects with the fields of a report. One that is not readable is left
    /// out, for it must not stand in the way of a day.
    pub(crate) fn read_along(text: Option<&str>, device: &'static str) -> Vec<Trace> {
        let reports: Vec<BTreeMap<String, Value>> =
            text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let field = |(name, value): (String, Value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        };
        let reports = reports.into_iter().take(MOST_STEPS).map(|report| report.into_iter().map(field).collect());
        reports.filter_map(|fields: Fields| Trace::read(&fields, device)).collect()
    }
}

fn rounded(seconds: u32) -> u16 {
    let tens = (seconds.min(LONGEST) + PRECISION / 2) / PRECISION;
    u16::try_from(tens * PRECISION).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Option<Trace> {
        Trace::read(&pairs.iter().copied().collect(), "phone")
    }

    #[test]
    fn a_report_is_read_coarsely() {
        let report = read(&[("dispositivo", "desktop"), ("modifiche", "3"), ("passo", "racconto"), ("secondi", "127")]);
        let expected = Trace { device: "desktop", n_edits: 3, time: Some((Step::Telling, 130)) };
        assert_eq!(report, Some(expected));
        assert_eq!(read(&[]), Some(Trace { device: "phone", n_edits: 0, time: None }));
        let long = read(&[("passo", "revisione"), ("secondi", "999999"), ("modifiche", "9999")]);
        assert_eq!(long, Some(Trace { device: "phone", n_edits: 500, time: Some((Step::Review, 7200)) }));
    }

    #[test]
    fn what_comes_along_with_a_day_is_read_step_by_step() {
        let along = |text| Trace::read_along(Some(text), "phone");
        let both = r#"[{"dispositivo":"tablet","modifiche":2,"passo":"racconto","secondi":30},{"modifiche":"1","passo":"dettagli"}]"#;
        let telling = Trace { device: "tablet", n_edits: 2, time: Some((Step::Telling, 30)) };
        assert_eq!(along(both), [telling, Trace { device: "phone", n_edits: 1, time: None }]);
        for unreadable in ["", "[", "7", r#"[{"passo":"altro"}]"#, r#"[{"modifiche":-1}]"#, r#"[{"modifiche":[1]}]"#] {
            assert_eq!(along(unreadable), [], "{unreadable}");
        }
        assert_eq!(Trace::read_along(None, "phone"), []);
        assert_eq!(along(&format!("[{}]", vec![r#"{"modifiche":1}"#; 50].join(","))).len(), MOST_STEPS);
    }

    #[test]
    fn what_is_not_on_the_lists_is_not_kept() {
        for (name, value) in [("dispositivo", "iPhone 15"), ("modifiche", "-1"), ("passo", "altro"), ("secondi", "1.5")]
        {
            assert_eq!(read(&[(name, value)]), None, "{name}");
        }
    }
}
