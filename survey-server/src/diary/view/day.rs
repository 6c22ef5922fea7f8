//! The page on which a day is told: the whole day so far, and a form for one span of it.

use askama::Template;
use questionnaires::{
    Companion, DiaryDraft, Language, Location, Slot, Span, activity,
    diary::DraftFields,
    slot::{MINUTES_PER_DAY, SLOTS_PER_DAY},
};

use super::{SpanView, bar::Bar, editor::EditorView};
use crate::{
    diary::{
        form::{FieldError, Problem, TypedEntry, field},
        owner::Owner,
        store::StoredDiary,
    },
    privacy::Participant,
    web::{date, field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// Activities that most days have, offered first.
const FREQUENT: [&str; 16] =
    ["011", "021", "031", "111", "910", "211", "311", "312", "321", "361", "381", "511", "516", "611", "821", "999"];

/// The day being told.
#[derive(Template)]
#[template(path = "diary/day.html")]
pub(in crate::diary) struct DayPage {
    page: Page,
    /// Whose days a device may keep: nobody's on the computer of an operator who writes for somebody else.
    owner: Option<Owner>,
    /// Whether the day is empty and another one could be copied into it.
    may_copy: bool,
    /// What reminds of it that the day was copied.
    copied: Option<String>,
    path: String,
    version: i32,
    bar: Bar,
    told: String,
    is_complete: bool,
    spans: Vec<SpanView>,
    /// What was just saved.
    saved: Option<String>,
    changed_elsewhere: bool,
    form_heading: String,
    is_edit: bool,
    errors: Vec<FieldErrorView>,
    from: FieldView,
    to: FieldView,
    main: FieldView,
    secondary: FieldView,
    location: FieldView,
    with_whom: FieldView,
    device: FieldView,
    enjoyment: FieldView,
    editor: EditorView,
}

/// A field of the form.
struct FieldView {
    name: &'static str,
    error: Option<String>,
    /// Choices under headings; a heading is blank where there is no need for one.
    groups: Vec<ChoiceGroup>,
}

struct ChoiceGroup {
    heading: String,
    choices: Vec<Choice>,
}

struct Choice {
    id: String,
    value: String,
    label: String,
    chosen: bool,
}

/// What the form shows.
pub(in crate::diary) struct Entry {
    typed: TypedEntry,
    errors: Vec<FieldError>,
    /// Whether it changes something already told, which can then also be cleared.
    is_edit: bool,
}

/// What the page has to say about the last act.
#[derive(Debug, Clone, Copy)]
pub(in crate::diary) enum Note {
    /// This span was saved.
    Saved(Span),
    /// Another window changed the day; the form holds what was typed.
    ChangedElsewhere,
}

impl Entry {
    /// The form for the span asked for, else for the first gap.
    pub(in crate::diary) fn of_day(draft: &DiaryDraft, wanted: Option<Span>) -> Entry {
        let said = |span: Span| DraftFields {
            main: draft.main.at(span.start()),
            secondary: draft.secondary.at(span.start()),
            location: draft.location.at(span.start()),
            with_whom: draft.with_whom.at(span.start()),
            device: draft.device.at(span.start()),
            enjoyment: draft.enjoyment.at(span.start()),
        };
        let typed = match wanted {
            Some(span) => TypedEntry::of_span(span, &said(span)),
            None => {
                let gap = draft.main.spans().into_iter().find(|(_, main)| main.is_none());
                let from = gap.map(|(span, _)| span.start().to_string()).unwrap_or_default();
                TypedEntry { from, ..TypedEntry::default() }
            }
        };
        let is_edit = wanted.is_some_and(|span| said(span).main.is_some());
        Entry { typed, errors: Vec::new(), is_edit }
    }

    /// The form as it was typed, with what is wrong with it.
    pub(in crate::diary) fn as_typed(typed: TypedEntry, errors: Vec<FieldError>) -> Entry {
        Entry { typed, errors, is_edit: false }
    }
}

impl DayPage {
    pub(in crate::diary) fn new(
        visit: &Visit,
        participant: &Participant,
        diary: &StoredDiary,
        entry: Entry,
        note: Option<Note>,
    ) -> DayPage {
        let draft = &diary.draft;
        let path = format!("/diario/{}", draft.date);
        let uncovered: usize =
            draft.main.spans().iter().filter(|(_, main)| main.is_none()).map(|(span, _)| span.minutes()).sum();
        let told = date::duration(MINUTES_PER_DAY - uncovered);
        let field = |name, groups| FieldView { name, error: error_text(visit, &entry, name), groups };
        let typed = &entry.typed;
        // The editor speaks the complete languages; in others the form is there, in words.
        let speaks_all = Language::COMPLETE.contains(&visit.texts.language);
        let mut page = DayPage {
            page: visit.page(date::long_date(&visit.texts, draft.date)),
            owner: (!participant.mode().is_blind() && speaks_all).then(|| Owner::of(participant)),
            may_copy: *draft == DiaryDraft::new(draft.date) && !participant.mode().is_blind(),
            copied: diary.copied_from.map(|origin| origin.reminder(visit)),
            version: diary.version,
            bar: Bar::new(draft),
            told: visit.texts.text_with("diary-told", &[("told", told.into())]),
            is_complete: uncovered == 0,
            spans: draft.episodes().iter().map(|episode| SpanView::new(visit, &path, episode)).collect(),
            saved: match note {
                Some(Note::Saved(span)) => {
                    Some(visit.texts.text_with("diary-saved", &[("span", span.to_string().into())]))
                }
                _ => None,
            },
            changed_elsewhere: matches!(note, Some(Note::ChangedElsewhere)),
            form_heading: visit.text(if entry.is_edit { "diary-form-edit" } else { "diary-form-add" }),
            is_edit: entry.is_edit,
            errors: Vec::new(),
            from: field(field::FROM, times(0..SLOTS_PER_DAY, &typed.from)),
            to: field(field::TO, times(1..SLOTS_PER_DAY + 1, &typed.to)),
            main: field(field::MAIN, activities(visit, &typed.main)),
            secondary: field(field::SECONDARY, activities(visit, &typed.secondary)),
            location: field(field::LOCATION, locations(visit, &typed.location)),
            with_whom: field(field::WITH_WHOM, companions(visit, &typed.with_whom)),
            device: field(field::DEVICE, devices(visit, &typed.device)),
            enjoyment: field(field::ENJOYMENT, enjoyments(visit, &typed.enjoyment)),
            editor: EditorView::new(visit),
            path,
        };
        page.errors = page.error_summary(visit);
        page
    }

    fn error_summary(&self, visit: &Visit) -> Vec<FieldErrorView> {
        let fields = [
            &self.from,
            &self.to,
            &self.main,
            &self.secondary,
            &self.location,
            &self.with_whom,
            &self.device,
            &self.enjoyment,
        ];
        let error = |field: &&FieldView| {
            let label = visit.text(&format!("diary-field-{}", field.name));
            Some(FieldErrorView::new(field.first_id(), &label, field.error.as_ref()?))
        };
        fields.iter().filter_map(error).collect()
    }
}

impl FieldView {
    /// The element that the error summary leads to: the select, or the first of several boxes.
    fn first_id(&self) -> String {
        match self.name {
            field::WITH_WHOM | field::DEVICE | field::ENJOYMENT => format!("{}-0", self.name),
            name => name.to_owned(),
        }
    }

    fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.groups.iter().flat_map(|group| &group.choices)
    }
}

fn error_text(visit: &Visit, entry: &Entry, name: &str) -> Option<String> {
    let error = entry.errors.iter().find(|error| error.field == name)?;
    let key = match error.problem {
        Problem::Missing => "diary-error-missing",
        Problem::ImpossibleTime => "diary-error-time",
        Problem::EndBeforeStart => "diary-error-end",
        Problem::Future => "diary-error-future",
        Problem::UnknownCode => "diary-error-code",
        Problem::AloneInCompany => "diary-error-alone",
    };
    Some(visit.text(key))
}

fn group(heading: String, choices: Vec<Choice>) -> ChoiceGroup {
    ChoiceGroup { heading, choices }
}

/// Choices under no heading: values with labels, in order.
fn plain(
    name: &str,
    choices: impl Iterator<Item = (String, String)>,
    is_chosen: impl Fn(&str) -> bool,
) -> Vec<ChoiceGroup> {
    let choice = |(number, (value, label)): (usize, (String, String))| Choice {
        id: format!("{name}-{number}"),
        chosen: is_chosen(&value),
        value,
        label,
    };
    vec![group(String::new(), choices.enumerate().map(choice).collect())]
}

fn times(slots: std::ops::Range<usize>, typed: &str) -> Vec<ChoiceGroup> {
    let clock = |slot: Slot| (slot.to_string(), slot.to_string());
    plain("", slots.filter_map(Slot::new).map(clock), |value| value == typed)
}

/// The frequent activities, then all of them under their groups. A code that stands there twice is chosen once.
fn activities(visit: &Visit, typed: &str) -> Vec<ChoiceGroup> {
    let language = visit.texts.language;
    let choice = |code: activity::ActivityCode, may_be_chosen: bool| Choice {
        id: String::new(),
        value: code.to_string(),
        label: code.label().text(language).to_owned(),
        chosen: may_be_chosen && code.as_str() == typed,
    };
    let frequent: Vec<Choice> =
        FREQUENT.iter().filter_map(|code| code.parse().ok()).map(|code| choice(code, true)).collect();
    let is_frequent = frequent.iter().any(|choice| choice.chosen);
    let mut groups = vec![group(visit.text("diary-frequent"), frequent)];
    let mut heading = None;
    for activity in activity::at_level(3) {
        let above = activity.code.at_level(2);
        if heading != Some(above) {
            heading = Some(above);
            groups.push(group(above.label().text(language).to_owned(), Vec::new()));
        }
        if let Some(last) = groups.last_mut() {
            last.choices.push(choice(activity.code, !is_frequent));
        }
    }
    groups
}

fn locations(visit: &Visit, typed: &str) -> Vec<ChoiceGroup> {
    let of_kind = |is_transport: bool| {
        let choices =
            Location::all().filter(|location| location.is_transport() == is_transport).map(|location| Choice {
                id: String::new(),
                value: location.code(),
                label: location.label().text(visit.texts.language).to_owned(),
                chosen: location.code() == typed,
            });
        choices.collect()
    };
    vec![group(visit.text("diary-places"), of_kind(false)), group(visit.text("diary-transport"), of_kind(true))]
}

fn companions(visit: &Visit, typed: &[String]) -> Vec<ChoiceGroup> {
    let named = Companion::ALL
        .into_iter()
        .map(|companion| (companion.code().to_string(), companion.label().text(visit.texts.language).to_owned()));
    plain(field::WITH_WHOM, named, |value| typed.iter().any(|one| one == value))
}

fn devices(visit: &Visit, typed: &str) -> Vec<ChoiceGroup> {
    let answers = [("si", "diary-yes"), ("no", "diary-no")];
    let named = answers.into_iter().map(|(value, key)| (value.to_owned(), visit.text(key)));
    plain(field::DEVICE, named, |value| value == typed)
}

fn enjoyments(visit: &Visit, typed: &str) -> Vec<ChoiceGroup> {
    let label = |value: usize| match value {
        1 => visit.text("diary-enjoyment-lowest"),
        7 => visit.text("diary-enjoyment-highest"),
        value => value.to_string(),
    };
    plain(field::ENJOYMENT, (1..=7).map(|value| (value.to_string(), label(value))), |value| value == typed)
}
