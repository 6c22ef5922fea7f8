//! DDI-Codebook 2.5 (<https://ddialliance.org/Specification/DDI-Codebook/2.5/>): what archives need to know of answers. Each
//! answer that may leave is a variable, with the words of its question, its categories, and whom it is asked of.

use super::expression;
use super::xml::Writer;
use crate::instrument::{AnswerKind, Asked, Condition, Field, Group, Instrument, Question};
use crate::text::Label;

/// The codebook of the answers to these instruments, in one order.
pub fn codebook(instruments: &[&Instrument]) -> String {
    let mut xml = Writer::new();
    xml.open(
        "codeBook",
        &[
            ("xmlns", "ddi:codebook:2_5"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            (
                "xsi:schemaLocation",
                "ddi:codebook:2_5 http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
            ),
            ("version", "2.5"),
            ("xml:lang", "it"),
        ],
    );
    xml.open("stdyDscr", &[]);
    xml.open("citation", &[]);
    xml.open("titlStmt", &[]);
    let titles: Vec<&Label> = instruments.iter().map(|instrument| &instrument.title).collect();
    title(&mut xml, &titles);
    for instrument in instruments {
        xml.text("IDNo", &[("agency", "Tempi")], &format!("{} version {}", instrument.name, instrument.version));
    }
    xml.close();
    xml.close();
    xml.open("stdyInfo", &[]);
    for instrument in instruments {
        for (tag, text) in instrument.introduction.texts() {
            xml.text("abstract", &[("xml:lang", tag), ("ID", &id(&["A", &instrument.name, tag]))], text);
        }
    }
    xml.close();
    xml.close();
    xml.open("dataDscr", &[]);
    for instrument in instruments {
        groups(&mut xml, instrument);
    }
    for instrument in instruments {
        for field in instrument.all_fields() {
            for name in names(instrument, &field) {
                variable(&mut xml, instrument, &field, &name);
            }
        }
    }
    xml.finish()
}

/// The names under which an answer leaves: one, or one for each type of day that it is about.
fn names(instrument: &Instrument, field: &Field<'_>) -> Vec<String> {
    match instrument.asked {
        Asked::Once => vec![field.name.clone()],
        Asked::AfterEachDay => ["weekday", "weekend"].map(|day_type| format!("{}.{day_type}", field.name)).into(),
    }
}

/// A name of the document's own: letters, digits, `_`, `-` and `.`, beginning with a letter.
fn id(parts: &[&str]) -> String {
    parts.join("_")
}

fn title(xml: &mut Writer, titles: &[&Label]) {
    let joined = |tag: &str| {
        let parts: Vec<&str> = titles.iter().map(|title| title.written(tag).unwrap_or(&title.it)).collect();
        parts.join("; ")
    };
    xml.text("titl", &[("xml:lang", "it")], &joined("it"));
    let mut tags: Vec<&str> = titles.iter().flat_map(|title| title.texts().map(|(tag, _)| tag)).collect();
    tags.sort_unstable();
    tags.dedup();
    for tag in tags.into_iter().filter(|tag| *tag != "it") {
        xml.text("parTitl", &[("xml:lang", tag)], &joined(tag));
    }
}

/// The pages of an instrument, each with its variables.
fn groups(xml: &mut Writer, instrument: &Instrument) {
    let fields = instrument.all_fields();
    for section in &instrument.sections {
        let is_here = |field: &&Field<'_>| {
            let outer = field.name.split('.').next().unwrap_or_default();
            section.questions.iter().any(|question| question.name == outer)
        };
        let variables: Vec<String> = fields
            .iter()
            .filter(is_here)
            .flat_map(|field| names(instrument, field))
            .map(|name| id(&["V", &name]))
            .collect();
        let attributes = [
            ("ID", id(&["G", &instrument.name, &section.name])),
            ("type", "section".to_owned()),
            ("var", variables.join(" ")),
            ("name", section.name.clone()),
        ];
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        xml.open("varGrp", &attributes);
        for (tag, text) in section.title.texts() {
            xml.text("labl", &[("xml:lang", tag)], text);
        }
        if let Some(condition) = &section.when {
            universe(xml, &[condition]);
        }
        xml.close();
    }
}

fn universe(xml: &mut Writer, conditions: &[&Condition]) {
    let parts: Vec<String> = conditions.iter().map(|condition| expression::print(condition, &[])).collect();
    xml.text("universe", &[("clusion", "I")], &parts.join(" and "));
}

fn variable(xml: &mut Writer, instrument: &Instrument, field: &Field<'_>, name: &str) {
    let question = field.question;
    let outer_name = field.name.split('.').next().unwrap_or_default();
    let section = instrument.sections.iter().find(|section| section.questions.iter().any(|one| one.name == outer_name));
    let outer = instrument.question(outer_name).filter(|_| field.group.is_some());
    let is_multiple = matches!(question.answer, AnswerKind::Multiple(_));
    let interval = match question.answer {
        AnswerKind::Number { .. } => "contin",
        _ => "discrete",
    };
    xml.open("var", &[("ID", &id(&["V", name])), ("name", name), ("intrvl", interval)]);
    label(xml, field);
    xml.open("qstn", &[("ID", &id(&["Q", name]))]);
    if let Some(outer) = outer {
        for (tag, text) in outer.text.texts() {
            xml.text("preQTxt", &[("xml:lang", tag)], text);
        }
    }
    for (tag, text) in question.text.texts() {
        xml.text("qstnLit", &[("xml:lang", tag)], text);
    }
    for (tag, text) in question.help.iter().flat_map(Label::texts) {
        xml.text("ivuInstr", &[("xml:lang", tag)], text);
    }
    xml.close();
    if let AnswerKind::Number { min, max } = &question.answer {
        xml.open("valrng", &[]);
        xml.empty("range", &[("UNITS", "INT"), ("min", &min.to_string()), ("max", &max.to_string())]);
        xml.close();
    }
    let conditions: Vec<&Condition> = section
        .and_then(|section| section.when.as_ref())
        .into_iter()
        .chain(outer.and_then(|outer| outer.when.as_ref()))
        .chain(&question.when)
        .collect();
    if !conditions.is_empty() {
        universe(xml, &conditions);
    }
    for option in question.options() {
        xml.open("catgry", &[]);
        xml.text("catValu", &[], &option.value);
        for (tag, text) in option.label.texts() {
            xml.text("labl", &[("xml:lang", tag)], text);
        }
        xml.close();
    }
    match &question.answer {
        AnswerKind::Number { .. } => xml.empty("varFormat", &[("type", "numeric")]),
        AnswerKind::Time { .. } => xml.text("varFormat", &[("type", "character"), ("category", "time")], "HH:MM"),
        _ => xml.empty("varFormat", &[("type", "character")]),
    }
    for note in notes(question, is_multiple) {
        xml.text("notes", &[("xml:lang", "en")], note);
    }
    xml.close();
}

fn notes(question: &Question, is_multiple: bool) -> Vec<&'static str> {
    let multiple =
        is_multiple.then_some("Several categories may be chosen: one row per category in the table of answers.");
    let optional = question.optional.then_some("The question may be left blank.");
    let text = matches!(question.answer, AnswerKind::Text { .. })
        .then_some("Words of one's own; they leave only where an export asks for them.");
    [multiple, optional, text].into_iter().flatten().collect()
}

fn label(xml: &mut Writer, field: &Field<'_>) {
    let text = &field.question.text;
    for (tag, words) in text.texts() {
        let about = match field.group {
            None => String::new(),
            Some(Group::Row { label, .. }) => format!("{} · ", label.written(tag).unwrap_or(&label.it)),
            Some(Group::Person { item, number }) => format!("{} {number} · ", item.written(tag).unwrap_or(&item.it)),
        };
        xml.text("labl", &[("xml:lang", tag)], &format!("{about}{words}"));
    }
}

#[cfg(test)]
#[path = "ddi_tests.rs"]
mod tests;
