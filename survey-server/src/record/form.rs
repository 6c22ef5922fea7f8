//! What an auditor wants to see, from the address of the page.

use chrono::NaiveDate;

use crate::{audit::Verb, web::form::Fields};

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const KIND: &str = "tipo";
    pub(crate) const FROM: &str = "dal";
    pub(crate) const TO: &str = "al";
    /// Rows before this one: the next page.
    pub(crate) const BEFORE: &str = "prima";
}

/// Which rows; what cannot be read narrows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Filter {
    pub(super) verb: Option<Verb>,
    /// The first day, in Italy.
    pub(super) from: Option<NaiveDate>,
    /// The last day, in Italy.
    pub(super) to: Option<NaiveDate>,
    /// Only rows before this one.
    pub(super) before: Option<i64>,
}

impl Filter {
    pub(super) fn of(fields: &Fields) -> Filter {
        let date = |name| fields.text(name).and_then(|text| text.parse().ok());
        let kind = fields.text(field::KIND);
        Filter {
            verb: Verb::ALL.iter().copied().find(|verb| Some(verb.text()) == kind),
            from: date(field::FROM),
            to: date(field::TO),
            before: fields.text(field::BEFORE).and_then(|text| text.parse().ok()),
        }
    }

    /// The query of the page with the rows before `sequence`.
    pub(super) fn query_before(&self, sequence: i64) -> String {
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let verb = self.verb.map(Verb::text).unwrap_or_default();
        let (from, to) = (date(self.from), date(self.to));
        format!("?{}={verb}&{}={from}&{}={to}&{}={sequence}", field::KIND, field::FROM, field::TO, field::BEFORE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_reads_back_from_the_link_to_the_next_page() {
        let filter = Filter {
            verb: Some(Verb::IdentityOpened),
            from: Some("2026-11-01".parse().unwrap()),
            to: None,
            before: None,
        };
        let query = filter.query_before(17);
        let fields = Fields::parse(&query.as_bytes()[1..]).unwrap();
        assert_eq!(Filter::of(&fields), Filter { before: Some(17), ..filter });
    }

    #[test]
    fn what_cannot_be_read_narrows_nothing() {
        let fields = Fields::parse(b"tipo=x&dal=ieri&al=2026-13-01&prima=a").unwrap();
        assert_eq!(Filter::of(&fields), Filter::default());
    }
}
