//! An instrument becomes XForms.

use super::super::form::{Choice, Form, Item, Kind, form};
use super::super::language::named;
use super::super::xml::Writer;
use super::EXTRAS;
use crate::instrument::Instrument;
use crate::text::Label;

/// Where the name of a form's own instance begins.
const ROOT: &str = "/data";

/// The XForms of an instrument.
pub fn to_xml(instrument: &Instrument) -> String {
    let form = form(instrument);
    let languages = instrument.languages();
    let mut paths = Paths { of_names: Vec::new() };
    paths.find(ROOT, &form.items);
    let mut xml = Writer::new();
    xml.open(
        "h:html",
        &[
            ("xmlns", "http://www.w3.org/2002/xforms"),
            ("xmlns:h", "http://www.w3.org/1999/xhtml"),
            ("xmlns:jr", "http://openrosa.org/javarosa"),
            ("xmlns:odk", "http://www.opendatakit.org/xforms"),
            ("xmlns:orx", "http://openrosa.org/xforms"),
        ],
    );
    xml.open("h:head", &[]);
    xml.text("h:title", &[], &form.title);
    xml.open("model", &[("odk:xforms-version", "1.0.0")]);
    xml.open("itext", &[]);
    for (number, language) in languages.iter().enumerate() {
        let lang = named(language);
        let first = [("lang", lang.as_str()), ("default", "true()")];
        xml.open("translation", if number == 0 { &first } else { &first[..1] });
        texts(&mut xml, ROOT, &form.items, language);
        xml.close();
    }
    xml.close();
    instance(&mut xml, &form);
    binds(&mut xml, ROOT, &form.items, &paths);
    xml.empty(
        "bind",
        &[
            ("nodeset", &format!("{ROOT}/meta/instanceID")),
            ("type", "string"),
            ("readonly", "true()"),
            ("jr:preload", "uid"),
        ],
    );
    xml.close();
    xml.close();
    xml.open("h:body", &[]);
    body(&mut xml, ROOT, &form.items);
    xml.finish()
}

/// Where the question of each name stands: names of plain questions outside groups of rows are unique.
struct Paths {
    of_names: Vec<(String, String)>,
}

impl Paths {
    fn find(&mut self, above: &str, items: &[Item]) {
        for item in items {
            let path = format!("{above}/{}", item.name);
            match &item.kind {
                Kind::Group(inner) => self.find(&path, inner),
                Kind::Repeat(..) | Kind::Note => {}
                _ => self.of_names.push((item.name.clone(), path)),
            }
        }
    }

    /// An expression with paths in the place of names.
    fn resolve(&self, expression: &str) -> String {
        let mut resolved = expression.to_owned();
        for (name, path) in &self.of_names {
            resolved = resolved.replace(&format!("${{{name}}}"), path);
        }
        resolved
    }
}

fn count_of(name: &str) -> String {
    format!("{name}_count")
}

/// Every label and hint in one language; what is not translated is said in Italian.
fn texts(xml: &mut Writer, above: &str, items: &[Item], language: &str) {
    let text = |xml: &mut Writer, id: String, label: &Label| {
        xml.open("text", &[("id", &id)]);
        xml.text("value", &[], label.written(language).unwrap_or(if language == "it" { &label.it } else { MISSING }));
        xml.close();
    };
    for item in items {
        let path = format!("{above}/{}", item.name);
        if let Some(label) = &item.label {
            text(xml, format!("{path}:label"), label);
        }
        if let Some(hint) = &item.hint {
            text(xml, format!("{path}:hint"), hint);
        }
        for choice in choices(item) {
            text(xml, format!("{path}/{}:label", choice.value), &choice.label);
        }
        texts(xml, &path, item.items(), language);
    }
}

/// What other programs write where a translation is missing.
pub(super) const MISSING: &str = "-";

fn choices(item: &Item) -> &[Choice] {
    match &item.kind {
        Kind::SelectOne(choices) | Kind::SelectMultiple(choices) => choices,
        _ => &[],
    }
}

fn instance(xml: &mut Writer, form: &Form) {
    xml.open("instance", &[]);
    xml.open("data", &[("id", &form.name), ("version", &form.version)]);
    nodes(xml, &form.items);
    xml.open("meta", &[]);
    xml.empty("instanceID", &[]);
    xml.close();
    xml.close();
    xml.close();
    xml.open("instance", &[("id", EXTRAS)]);
    xml.open("root", &[]);
    for (key, value) in &form.extras {
        xml.open("item", &[]);
        xml.text("name", &[], key);
        xml.text("label", &[], value);
        xml.close();
    }
    xml.close();
    xml.close();
}

fn nodes(xml: &mut Writer, items: &[Item]) {
    for item in items {
        match &item.kind {
            Kind::Group(inner) => {
                xml.open(&item.name, &[]);
                nodes(xml, inner);
                xml.close();
            }
            Kind::Repeat(_, inner) => {
                xml.empty(&count_of(&item.name), &[]);
                xml.open(&item.name, &[("jr:template", "")]);
                nodes(xml, inner);
                xml.close();
            }
            _ => xml.empty(&item.name, &[]),
        }
    }
}

fn binds(xml: &mut Writer, above: &str, items: &[Item], paths: &Paths) {
    for item in items {
        let path = format!("{above}/{}", item.name);
        let kind = match &item.kind {
            Kind::Group(_) | Kind::Repeat(..) => None,
            Kind::Integer => Some("int"),
            Kind::Time => Some("time"),
            Kind::Note | Kind::Text | Kind::SelectOne(_) | Kind::SelectMultiple(_) => Some("string"),
        };
        if let Kind::Repeat(count, _) = &item.kind {
            let (nodeset, calculate) = (format!("{above}/{}", count_of(&item.name)), paths.resolve(count));
            xml.empty(
                "bind",
                &[("nodeset", &nodeset), ("type", "string"), ("readonly", "true()"), ("calculate", &calculate)],
            );
        }
        let relevant = item.relevant.as_deref().map(|expression| paths.resolve(expression));
        let constraint = item.constraint.as_deref().map(|expression| paths.resolve(expression));
        let mut attributes: Vec<(&str, &str)> = vec![("nodeset", &path)];
        attributes.extend(kind.map(|kind| ("type", kind)));
        attributes.extend((item.kind == Kind::Note).then_some(("readonly", "true()")));
        attributes.extend(item.required.then_some(("required", "true()")));
        attributes.extend(relevant.as_deref().map(|relevant| ("relevant", relevant)));
        attributes.extend(constraint.as_deref().map(|constraint| ("constraint", constraint)));
        // A group without a condition needs no bind.
        if attributes.len() > 1 {
            xml.empty("bind", &attributes);
        }
        binds(xml, &path, item.items(), paths);
    }
}

fn body(xml: &mut Writer, above: &str, items: &[Item]) {
    for item in items {
        let path = format!("{above}/{}", item.name);
        let element = match &item.kind {
            Kind::Group(_) | Kind::Repeat(..) => "group",
            Kind::SelectOne(_) => "select1",
            Kind::SelectMultiple(_) => "select",
            Kind::Note | Kind::Integer | Kind::Text | Kind::Time => "input",
        };
        xml.open(element, &[("ref", &path)]);
        let label =
            |xml: &mut Writer, name: &str, id: String| xml.empty(name, &[("ref", &format!("jr:itext('{id}')"))]);
        if item.label.is_some() {
            label(xml, "label", format!("{path}:label"));
        }
        if item.hint.is_some() {
            label(xml, "hint", format!("{path}:hint"));
        }
        for choice in choices(item) {
            xml.open("item", &[]);
            label(xml, "label", format!("{path}/{}:label", choice.value));
            xml.text("value", &[], &choice.value);
            xml.close();
        }
        match &item.kind {
            Kind::Repeat(_, inner) => {
                let count = format!("{above}/{}", count_of(&item.name));
                xml.open("repeat", &[("nodeset", &path), ("jr:count", &count)]);
                body(xml, &path, inner);
                xml.close();
            }
            _ => body(xml, &path, item.items()),
        }
        xml.close();
    }
}
