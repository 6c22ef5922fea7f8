//! The questionnaires of an installation as a release may leave them out: whole, or question by question. A question is called
//! as `release.toml` calls it: by its name, the column of a grid `QUESTION.COLUMN`.

use std::{fs, io, path::Path};

use questionnaires::{
    Instrument, Label,
    instrument::{AnswerKind, Field, Group},
};

use super::form::field;
use crate::{questionnaire::catalogue::Catalogue, web::form::Fields};

/// A questionnaire with the questions whose answers may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskedQuestionnaire {
    pub(super) name: String,
    pub(super) title: Label,
    /// Names and wordings, in their order.
    pub(super) questions: Vec<(String, Label)>,
}

impl AskedQuestionnaire {
    fn of(instrument: &Instrument) -> AskedQuestionnaire {
        let mut questions: Vec<(String, Label)> = Vec::new();
        for field in instrument.all_fields() {
            let Some(name) = name(&field) else { continue };
            if questions.iter().all(|(known, _)| *known != name) {
                questions.push((name, field.question.text.clone()));
            }
        }
        AskedQuestionnaire { name: instrument.name.clone(), title: instrument.title.clone(), questions }
    }

    fn has(&self, name: &str) -> bool {
        self.name == name || self.questions.iter().any(|(question, _)| question == name)
    }
}

/// What the installation asks now.
pub(super) fn offered(catalogue: &Catalogue) -> Vec<AskedQuestionnaire> {
    catalogue.offered().iter().map(|instrument| AskedQuestionnaire::of(instrument)).collect()
}

/// The name of a question whose answers may be told; words, times of day and what is said of others never are.
fn name(field: &Field<'_>) -> Option<String> {
    let is_told =
        matches!(field.question.answer, AnswerKind::Single(_) | AnswerKind::Multiple(_) | AnswerKind::Number { .. });
    match field.group {
        _ if !is_told => None,
        None => Some(field.name.clone()),
        Some(Group::Row { .. }) => {
            let outer = field.name.split('.').next().unwrap_or_default();
            Some(format!("{outer}.{}", field.question.name))
        }
        Some(Group::Person { .. }) => None,
    }
}

/// The names of questions that were typed, each once.
pub(super) fn typed_questions(fields: &Fields) -> Vec<String> {
    let text = fields.text(field::LEFT_QUESTIONS).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for name in text.split(|sign: char| sign.is_whitespace() || sign == ',' || sign == ';') {
        if !name.is_empty() && names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Those of the typed names that no question has.
pub(super) fn unknown_questions(fields: &Fields, asked: &[AskedQuestionnaire]) -> Vec<String> {
    let mut names = typed_questions(fields);
    names.retain(|name| asked.iter().flat_map(|one| &one.questions).all(|(known, _)| known != name));
    names
}

/// Takes out the names of questionnaires and questions that nobody has answered yet: a snapshot knows nothing of them, and
/// leaving them out of it is already done.
///
/// # Errors
/// When the questionnaires of the snapshot cannot be read.
pub fn without_unanswered(names: &[String], snapshot: &Path) -> io::Result<Vec<String>> {
    let mut answered = Vec::new();
    for entry in fs::read_dir(snapshot)? {
        let path = entry?.path();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if file.starts_with("questionnaire-") && file.ends_with(".toml") {
            let instrument = Instrument::from_toml(&fs::read_to_string(&path)?).map_err(io::Error::other)?;
            answered.push(AskedQuestionnaire::of(&instrument));
        }
    }
    Ok(names.iter().filter(|name| answered.iter().any(|one| one.has(name))).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_called_as_releases_call_them_and_what_is_never_told_is_not_offered() {
        let asked = offered(&Catalogue::built_in());
        let known = |name: &str| asked.iter().any(|one| one.has(name));
        assert!(known("individual") && known("services_used") && known("service_hours.collides"), "{asked:?}");
        assert!(!known("service_hours") && !known("service_hours.post.collides"));
        let typed = "services_used, nothing\r\nservice_hours.collides nothing";
        let fields: Fields = [(field::LEFT_QUESTIONS, typed)].into_iter().collect();
        assert_eq!(typed_questions(&fields), ["services_used", "nothing", "service_hours.collides"]);
        assert_eq!(unknown_questions(&fields, &asked), ["nothing"]);
    }
}
