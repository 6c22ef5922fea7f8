//! Answers in words.

use questionnaires::{Answer, Answers, Instrument, Language, instrument::Field};

/// What a field is called where it stands alone: the question, with the row or person that it is about.
pub(super) fn caption(field: &Field<'_>, language: Language) -> String {
    let text = field.question.text.text(language);
    match &field.group {
        Some(group) => format!("{} · {text}", group.title(language)),
        None => text.to_owned(),
    }
}

/// The answer to a field, if there is one.
pub(super) fn answer(field: &Field<'_>, answers: &Answers, language: Language) -> Option<String> {
    let label = |value: &String| match field.question.option(value) {
        Some(option) => option.label.text(language).to_owned(),
        None => value.clone(),
    };
    let given = answers.answer(&field.name)?;
    Some(values(given).iter().map(label).collect::<Vec<_>>().join(", "))
}

/// The answer as a form shows it.
pub(super) fn values(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Number(number) => vec![number.to_string()],
        Answer::Choice(value) | Answer::Text(value) => vec![value.clone()],
        Answer::Choices(values) => values.clone(),
    }
}

/// The questions that were answered, with their answers, in words.
pub(crate) fn answers_in_words(
    instrument: &Instrument,
    answers: &Answers,
    language: Language,
) -> Vec<(String, String)> {
    let asked = instrument.fields_for(answers);
    let in_words = asked.iter().map(|field| (caption(field, language), answer(field, answers, language)));
    in_words.filter_map(|(caption, answer)| Some((caption, answer?))).collect()
}
