//! The text of the diary's form becomes an entry, and an entry becomes the text of a form again.

use questionnaires::{
    ActivityCode, Companion, Companions, DiaryEntry, Location, MainActivity, SecondaryActivity, Slot, Span,
    diary::{DraftFields, Enjoyment},
    quality::{Issue, IssueCode},
};

use serde::Serialize;

use crate::web::form::Fields;

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const FROM: &str = "dalle";
    pub(crate) const TO: &str = "alle";
    pub(crate) const MAIN: &str = "attivita";
    pub(crate) const SECONDARY: &str = "contemporanea";
    pub(crate) const LOCATION: &str = "luogo";
    pub(crate) const WITH_WHOM: &str = "con";
    pub(crate) const DEVICE: &str = "dispositivo";
    pub(crate) const ENJOYMENT: &str = "gradimento";
    pub(crate) const VERSION: &str = "versione";
    pub(crate) const ACTION: &str = "azione";
    pub(crate) const ISSUE: &str = "domanda";
}

/// What a person wants done with a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Write what the form states, and nothing else, over its span.
    Write(DiaryEntry),
    /// State that the span is not remembered.
    Forget(Span),
    /// Blank the span.
    Clear(Span),
}

/// A field that cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FieldError {
    pub(super) field: &'static str,
    pub(super) problem: Problem,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Problem {
    Missing,
    /// A time that does not exist, or not a multiple of ten minutes.
    ImpossibleTime,
    /// The end is not after the start, seen from 04:00.
    EndBeforeStart,
    /// A time that has not come yet.
    Future,
    /// A code that is on no list.
    UnknownCode,
    /// Alone and in company.
    AloneInCompany,
}

/// The form as it is typed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TypedEntry {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) main: String,
    pub(super) secondary: String,
    pub(super) location: String,
    pub(super) with_whom: Vec<String>,
    pub(super) device: String,
    pub(super) enjoyment: String,
}

impl TypedEntry {
    pub(super) fn of_fields(fields: &Fields) -> TypedEntry {
        let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
        TypedEntry {
            from: text(field::FROM),
            to: text(field::TO),
            main: text(field::MAIN),
            secondary: text(field::SECONDARY),
            location: text(field::LOCATION),
            with_whom: fields.all(field::WITH_WHOM).map(str::to_owned).collect(),
            device: text(field::DEVICE),
            enjoyment: text(field::ENJOYMENT),
        }
    }

    /// The form of a span that says this already.
    pub(super) fn of_span(span: Span, said: &DraftFields) -> TypedEntry {
        TypedEntry {
            from: span.start().to_string(),
            to: span.end().to_string(),
            main: said.main.map(|main| main.0.to_string()).unwrap_or_default(),
            secondary: said.secondary.map(|secondary| secondary.0.to_string()).unwrap_or_default(),
            location: said.location.map(Location::code).unwrap_or_default(),
            with_whom: said.with_whom.iter().map(|companion| companion.code().to_string()).collect(),
            device: device_text(said.device).to_owned(),
            enjoyment: said.enjoyment.map(|enjoyment| enjoyment.value().to_string()).unwrap_or_default(),
        }
    }
}

/// How the form writes the use of a device.
pub(super) fn device_text(device: Option<bool>) -> &'static str {
    match device {
        Some(true) => "si",
        Some(false) => "no",
        None => "",
    }
}

impl Act {
    /// The span that it is about.
    pub(super) fn span(&self) -> Span {
        match self {
            Act::Write(entry) => entry.span,
            Act::Forget(span) | Act::Clear(span) => *span,
        }
    }
}

/// Reads what is to be done to a day that may be told up to `until`.
pub(super) fn read_until(fields: &Fields, until: Slot) -> Result<Act, Vec<FieldError>> {
    let act = read(fields)?;
    match act.span().end() > until {
        true => Err(vec![FieldError { field: field::TO, problem: Problem::Future }]),
        false => Ok(act),
    }
}

/// Reads what is to be done.
pub(super) fn read(fields: &Fields) -> Result<Act, Vec<FieldError>> {
    let typed = TypedEntry::of_fields(fields);
    let span = read_span(&typed);
    match fields.text(field::ACTION) {
        Some("cancella") => span.map(Act::Clear),
        Some("non_ricordo") => span.map(Act::Forget),
        _ => read_entry(&typed, span).map(Act::Write),
    }
}

fn read_entry(typed: &TypedEntry, span: Result<Span, Vec<FieldError>>) -> Result<DiaryEntry, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut keep = |error: Option<FieldError>| errors.extend(error);
    let main = match activity(&typed.main, field::MAIN) {
        Ok(None) => Err(FieldError { field: field::MAIN, problem: Problem::Missing }),
        other => other,
    };
    let secondary = activity(&typed.secondary, field::SECONDARY);
    let location = location(&typed.location);
    let with_whom = companions(&typed.with_whom);
    let device = device(&typed.device);
    let enjoyment = enjoyment(&typed.enjoyment);
    keep(main.err());
    keep(secondary.err());
    keep(location.err());
    keep(with_whom.err());
    keep(device.err());
    keep(enjoyment.err());
    match (span, main, secondary, location, with_whom, device, enjoyment) {
        (Ok(span), Ok(main), Ok(secondary), Ok(location), Ok(with_whom), Ok(device), Ok(enjoyment)) => Ok(DiaryEntry {
            span,
            main: main.map(MainActivity),
            secondary: Some(secondary.map(SecondaryActivity)),
            location,
            with_whom: Some(with_whom),
            device,
            enjoyment,
        }),
        (span, ..) => Err(span.err().into_iter().flatten().chain(errors).collect()),
    }
}

fn read_span(typed: &TypedEntry) -> Result<Span, Vec<FieldError>> {
    let slot = |text: &str, field| match text {
        "" => Err(FieldError { field, problem: Problem::Missing }),
        text => Slot::from_clock(text).ok_or(FieldError { field, problem: Problem::ImpossibleTime }),
    };
    match (slot(&typed.from, field::FROM), slot(&typed.to, field::TO)) {
        (Ok(_), Ok(_)) => Span::from_clock(&typed.from, &typed.to)
            .ok_or_else(|| vec![FieldError { field: field::TO, problem: Problem::EndBeforeStart }]),
        (from, to) => Err(from.err().into_iter().chain(to.err()).collect()),
    }
}

/// An activity of `field`, or nothing where the text is blank.
pub(super) fn activity(text: &str, field: &'static str) -> Result<Option<ActivityCode>, FieldError> {
    // A person chooses an activity of the third level; the groups above it are for reporting.
    optional(text, field, |text| text.parse::<ActivityCode>().ok().filter(|code| code.level() == 3))
}

pub(super) fn location(text: &str) -> Result<Option<Location>, FieldError> {
    optional(text, field::LOCATION, |text| text.parse().ok())
}

pub(super) fn device(text: &str) -> Result<Option<bool>, FieldError> {
    optional(text, field::DEVICE, |text| match text {
        "si" => Some(true),
        "no" => Some(false),
        _ => None,
    })
}

pub(super) fn enjoyment(text: &str) -> Result<Option<Enjoyment>, FieldError> {
    optional(text, field::ENJOYMENT, |text| Enjoyment::new(text.parse().ok()?))
}

fn optional<T>(text: &str, field: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, FieldError> {
    match text {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(FieldError { field, problem: Problem::UnknownCode }),
    }
}

pub(super) fn companions(codes: &[String]) -> Result<Companions, FieldError> {
    let error = |problem| FieldError { field: field::WITH_WHOM, problem };
    let one = |code: &String| Companion::ALL.into_iter().find(|companion| companion.code().to_string() == *code);
    let companions: Option<Vec<Companion>> = codes.iter().map(one).collect();
    let companions = companions.ok_or(error(Problem::UnknownCode))?;
    Companions::new(companions).ok_or(error(Problem::AloneInCompany))
}

/// The issue that a "yes, it was so" is about: `code 07:00 08:00`.
pub(super) fn read_issue(fields: &Fields) -> Option<Issue> {
    let mut words = fields.text(field::ISSUE)?.split(' ');
    let code = IssueCode::from_code(words.next()?)?;
    let span = Span::from_clock(words.next()?, words.next()?)?;
    Some(Issue { code, span })
}

/// How a page names an issue to [`read_issue`].
pub(super) fn issue_text(issue: &Issue) -> String {
    format!("{} {} {}", issue.code.code(), issue.span.start(), issue.span.end())
}

/// The version of the day that the page was made from; a page without one counts as the first.
pub(super) fn read_version(fields: &Fields) -> i32 {
    fields.text(field::VERSION).and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().copied().collect()
    }

    /// A whole form with some fields replaced; a blank one is as good as absent.
    fn read_with(changes: &[(&str, &str)]) -> Result<Act, Vec<FieldError>> {
        let good =
            [("dalle", "07:00"), ("alle", "08:30"), ("attivita", "021"), ("luogo", "11"), ("con", "2"), ("con", "4")];
        let kept = good.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        read(&kept.chain(changes.iter().copied()).collect())
    }

    #[test]
    fn a_whole_form_becomes_an_entry_and_back() {
        let act = read_with(&[("contemporanea", "821"), ("dispositivo", "no"), ("gradimento", "6")]);
        let Ok(Act::Write(entry)) = act else { panic!("{act:?}") };
        assert_eq!(entry.span.to_string(), "07:00–08:30");
        let mut draft = questionnaires::DiaryDraft::new(chrono::NaiveDate::from_ymd_opt(2026, 11, 18).unwrap());
        draft.apply(&entry);
        let episode = draft.episodes()[1];
        let typed = TypedEntry::of_span(episode.span, &episode.fields);
        assert_eq!((typed.from.as_str(), typed.to.as_str(), typed.main.as_str()), ("07:00", "08:30", "021"));
        assert_eq!(
            (typed.with_whom.join("").as_str(), typed.device.as_str(), typed.enjoyment.as_str()),
            ("24", "no", "6")
        );
    }

    #[test]
    fn each_fault_names_its_field() {
        let fault = |changes: &[(&str, &str)]| {
            let errors = read_with(changes).expect_err("a fault");
            assert_eq!(errors.len(), 1, "{errors:?}");
            (errors[0].field, errors[0].problem)
        };
        assert_eq!(fault(&[("dalle", "")]), ("dalle", Problem::Missing));
        assert_eq!(fault(&[("dalle", "25:00")]), ("dalle", Problem::ImpossibleTime));
        assert_eq!(fault(&[("alle", "08:35")]), ("alle", Problem::ImpossibleTime));
        assert_eq!(fault(&[("alle", "06:00")]), ("alle", Problem::EndBeforeStart));
        assert_eq!(fault(&[("attivita", "")]), ("attivita", Problem::Missing));
        assert_eq!(fault(&[("attivita", "000")]), ("attivita", Problem::UnknownCode));
        assert_eq!(fault(&[("attivita", "02")]), ("attivita", Problem::UnknownCode), "a group is no activity");
        assert_eq!(fault(&[("contemporanea", "x")]), ("contemporanea", Problem::UnknownCode));
        assert_eq!(fault(&[("luogo", "99")]), ("luogo", Problem::UnknownCode));
        assert_eq!(fault(&[("con", "1"), ("con", "2")]), ("con", Problem::AloneInCompany));
        assert_eq!(fault(&[("con", "24")]), ("con", Problem::UnknownCode));
        assert_eq!(fault(&[("dispositivo", "forse")]), ("dispositivo", Problem::UnknownCode));
        assert_eq!(fault(&[("gradimento", "8")]), ("gradimento", Problem::UnknownCode));
        assert_eq!(read(&fields(&[])).expect_err("nothing").len(), 3, "start, end and activity");
    }

    #[test]
    fn clearing_and_forgetting_need_only_the_times() {
        let times = [("dalle", "23:00"), ("alle", "04:00")];
        let act = |action: &str| read(&times.into_iter().chain([("azione", action)]).collect());
        let night = Span::from_clock("23:00", "04:00").unwrap();
        assert_eq!(act("cancella"), Ok(Act::Clear(night)));
        assert_eq!(act("non_ricordo"), Ok(Act::Forget(night)));
        assert!(act("salva").is_err());
    }

    #[test]
    fn what_has_not_happened_yet_is_not_told() {
        let times: Fields = fields(&[("dalle", "11:00"), ("alle", "12:00"), ("attivita", "021")]);
        let until = |clock: &str| read_until(&times, Slot::from_clock(clock).unwrap());
        assert!(until("12:00").is_ok());
        assert_eq!(until("11:50"), Err(vec![FieldError { field: "alle", problem: Problem::Future }]));
    }

    #[test]
    fn issues_read_back() {
        let issue = Issue { code: IssueCode::NoMeal, span: Span::DAY };
        assert_eq!(read_issue(&fields(&[("domanda", &issue_text(&issue))])), Some(issue));
        for text in ["", "no_meal", "nothing 04:00 05:00", "no_meal 05:00 04:30"] {
            assert_eq!(read_issue(&fields(&[("domanda", text)])), None, "{text}");
        }
    }

    proptest! {
        /// Nearly right or wholly wrong, a form is read or told what is wrong, and what was typed is kept.
        #[test]
        fn any_form_is_read_or_told_what_is_wrong(
            pairs in proptest::collection::vec(
                (
                    prop_oneof![
                        Just("dalle"), Just("alle"), Just("attivita"), Just("contemporanea"), Just("luogo"), Just("con"),
                        Just("dispositivo"), Just("gradimento"), Just("azione"), Just("domanda"), Just("versione"),
                    ],
                    prop_oneof!["[0-9]{1,2}:[0-9]{1,2}", "[0-9]{1,4}", "no_meal [0-9:]{5} [0-9:]{5}", ".{0,12}"],
                ),
                0..14,
            )
        ) {
            let fields: Fields = pairs.into_iter().collect();
            match read(&fields) {
                Ok(Act::Write(entry)) => prop_assert!(entry.main.is_some()),
                Ok(Act::Clear(_) | Act::Forget(_)) => prop_assert!(fields.text("azione").is_some()),
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
            if let Some(issue) = read_issue(&fields) {
                let told = issue_text(&issue);
                prop_assert_eq!(read_issue(&[("domanda", told.as_str())].into_iter().collect()), Some(issue));
            }
            prop_assert_eq!(TypedEntry::of_fields(&fields).from, fields.text("dalle").unwrap_or_default());
            read_version(&fields);
        }
    }
}
