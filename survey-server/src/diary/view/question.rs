//! What a day is asked about, in words: for the review, and for pages that ask while the day is being told.

use questionnaires::{
    Span,
    quality::{self, Issue},
};
use serde::Serialize;

use super::{activity_label, location_label};
use crate::{
    diary::{form, store::StoredDiary},
    web::{date, visit::Visit},
};

/// A question about a day, or what still keeps it from being handed in; scripts get it with its slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Question {
    /// How the answer "yes, it was so" names it, in the field `domanda`.
    pub(crate) name: String,
    /// The question, in the language of the visit.
    pub(crate) text: String,
    /// Whether the day cannot be handed in before this is mended; "yes, it was so" is then no answer.
    pub(crate) blocking: bool,
    /// Its first slot.
    from: usize,
    /// The slot after its last.
    to: usize,
    /// The same as a span.
    #[serde(skip)]
    pub(crate) span: Span,
    /// Whether it was answered "yes, it was so".
    #[serde(skip)]
    pub(crate) confirmed: bool,
}

impl Question {
    /// The question that an issue puts.
    pub(in crate::diary) fn of(visit: &Visit, diary: &StoredDiary, issue: &Issue) -> Question {
        Question {
            name: form::issue_text(issue),
            text: issue_in_words(visit, diary, issue),
            blocking: issue.is_blocking(),
            from: issue.span.start().index(),
            to: issue.span.end().index(),
            span: issue.span,
            confirmed: diary.confirmed.contains(issue),
        }
    }
}

/// Everything that a day is asked about, answered or not, in the order of the list and then of the clock.
pub(crate) fn questions(visit: &Visit, diary: &StoredDiary) -> Vec<Question> {
    quality::check(&diary.draft).iter().map(|issue| Question::of(visit, diary, issue)).collect()
}

fn issue_in_words(visit: &Visit, diary: &StoredDiary, issue: &Issue) -> String {
    let (draft, start) = (&diary.draft, issue.span.start());
    let language = visit.texts.language;
    let activity = draft.main.at(start).map(|main| activity_label(main.0, language)).unwrap_or_default();
    let other = draft.secondary.at(start).map(|secondary| activity_label(secondary.0, language)).unwrap_or_default();
    let place = draft.location.at(start).map(|location| location_label(location, language)).unwrap_or_default();
    let values = [
        ("span", issue.span.to_string().into()),
        ("start", start.to_string().into()),
        ("duration", date::duration(issue.span.minutes()).into()),
        ("activity", activity.into()),
        ("other", other.into()),
        ("place", place.into()),
    ];
    visit.texts.text_with(&format!("diary-issue-{}", issue.code.code().replace('_', "-")), &values)
}

#[cfg(test)]
mod tests {
    use questionnaires::quality::IssueCode;

    use crate::i18n::is_translated;

    #[test]
    fn every_issue_has_a_question() {
        for code in IssueCode::ALL {
            assert!(is_translated(&format!("diary-issue-{}", code.code().replace('_', "-"))), "{code:?}");
        }
    }
}
