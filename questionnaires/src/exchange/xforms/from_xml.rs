//! XForms become an instrument, or the list of everything that stands in the way.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use super::super::form::{self, Choice, Extras, Form, Item, Kind};
use super::super::language::tag_of;
use super::{EXTRAS, to_xml::MISSING};
use crate::instrument::Instrument;
use crate::text::Label;

/// The instrument that an XForms document is.
///
/// # Errors
/// Everything that an instrument cannot say, with the path of the question.
pub fn from_xml(text: &str) -> Result<Instrument, Vec<String>> {
    let document = Document::parse(text).map_err(|error| vec![format!("it is not XML: {error}")])?;
    let model =
        element(document.root(), "model").ok_or_else(|| vec!["it is no XForms: there is no `model`".to_owned()])?;
    let body =
        element(document.root(), "body").ok_or_else(|| vec!["it is no XForms: there is no `body`".to_owned()])?;
    let mut reader = Reader::of(model);
    let mut form = reader.head(document.root(), model);
    form.items = reader.items(body, &reader.root.clone());
    reader.unseen();
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    form::instrument(&form)
}

/// The first element of this name, anywhere below.
fn element<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.descendants().find(|node| node.is_element() && node.tag_name().name() == name)
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|node| node.is_element() && node.tag_name().name() == name)
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
}

struct Reader<'a, 'input> {
    problems: Vec<String>,
    model: Node<'a, 'input>,
    /// The path of the form's own instance.
    root: String,
    /// By id.
    texts: BTreeMap<String, Label>,
    /// By path.
    binds: BTreeMap<String, BTreeMap<String, String>>,
    seen: Vec<String>,
}

/// What a bind may say.
const BIND: [&str; 8] = ["nodeset", "type", "relevant", "constraint", "required", "readonly", "calculate", "preload"];

impl<'a, 'input> Reader<'a, 'input> {
    fn of(model: Node<'a, 'input>) -> Reader<'a, 'input> {
        let mut reader = Reader {
            problems: Vec::new(),
            model,
            root: String::new(),
            texts: BTreeMap::new(),
            binds: BTreeMap::new(),
            seen: Vec::new(),
        };
        reader.translations();
        for bind in model.children().filter(|node| node.is_element() && node.tag_name().name() == "bind") {
            let attributes: BTreeMap<String, String> = bind
                .attributes()
                .map(|attribute| (attribute.name().to_owned(), attribute.value().trim().to_owned()))
                .collect();
            let path = attributes.get("nodeset").cloned().unwrap_or_default();
            for name in attributes.keys().filter(|name| !BIND.contains(&name.as_str())) {
                // Messages are the program's own; everything else decides something.
                if !["requiredMsg", "constraintMsg", "preloadParams"].contains(&name.as_str()) {
                    reader.problems.push(format!("{path}: a questionnaire has nothing like `{name}`"));
                }
            }
            reader.binds.insert(path, attributes);
        }
        reader
    }

    fn translations(&mut self) {
        let Some(itext) = child(self.model, "itext") else { return };
        for translation in itext.children().filter(Node::is_element) {
            let lang = translation.attribute("lang").unwrap_or_default();
            let Some(tag) = tag_of(lang) else {
                self.problems.push(format!("the language `{lang}` has no tag: call it as in `Italiano (it)`"));
                continue;
            };
            for text in translation.children().filter(Node::is_element) {
                let id = text.attribute("id").unwrap_or_default();
                for value in text.children().filter(Node::is_element) {
                    let words = text_of(value);
                    if value.attribute("form").is_some() {
                        self.problems
                            .push(format!("{id}: a questionnaire has no pictures, sounds or further forms of a text"));
                    } else if tag == "it" || words != MISSING {
                        self.texts.entry(id.to_owned()).or_default().write(tag, words);
                    }
                }
            }
        }
    }

    fn head(&mut self, root: Node<'a, 'input>, model: Node<'a, 'input>) -> Form {
        let own = child(model, "instance").and_then(|instance| instance.first_element_child());
        let name = own.and_then(|own| own.attribute("id")).unwrap_or_default().to_owned();
        let version = own.and_then(|own| own.attribute("version")).unwrap_or("1").to_owned();
        self.root = format!("/{}", own.map_or("data", |own| own.tag_name().name()));
        if let Some(filled) = own.and_then(|own| {
            own.descendants().find(|node| node.is_text() && !node.text().unwrap_or_default().trim().is_empty())
        }) {
            let problem = format!(
                "`{}`: a questionnaire has no answers given beforehand",
                filled.text().unwrap_or_default().trim()
            );
            self.problems.push(problem);
        }
        let mut extras = Extras::new();
        for item in self.secondary(EXTRAS) {
            let part = |name| child(item, name).map(text_of).unwrap_or_default();
            extras.insert(part("name"), part("label"));
        }
        let title = element(root, "title").map(text_of).unwrap_or_default();
        if name.is_empty() || title.trim().is_empty() {
            self.problems.push("the form has no id or no title".to_owned());
        }
        Form { name, version, title, items: Vec::new(), extras }
    }

    /// The items of a secondary instance.
    fn secondary(&self, id: &str) -> Vec<Node<'a, 'input>> {
        let instances = self.model.children().filter(|node| node.tag_name().name() == "instance");
        let found = instances.into_iter().find(|instance| instance.attribute("id") == Some(id));
        let root = found.and_then(|instance| instance.first_element_child());
        root.into_iter().flat_map(|root| root.children().filter(Node::is_element)).collect()
    }

    /// The parts of a group, repeat or the body whose children have paths below `above`.
    fn items(&mut self, node: Node<'a, 'input>, above: &str) -> Vec<Item> {
        let mut items = Vec::new();
        for node in node.children().filter(Node::is_element) {
            let path = node.attribute("ref").or(node.attribute("nodeset")).unwrap_or_default().to_owned();
            let kind = match node.tag_name().name() {
                "label" | "hint" | "value" | "item" | "itemset" => continue,
                "group" => match child(node, "repeat") {
                    Some(repeat) => {
                        let path = repeat.attribute("nodeset").unwrap_or(&path).to_owned();
                        let count = self.count(repeat, &path);
                        let inner = self.items(repeat, &path);
                        items.push(self.item(node, &path, above, Kind::Repeat(count, inner)));
                        continue;
                    }
                    None => Kind::Group(self.items(node, &path)),
                },
                "select1" => Kind::SelectOne(self.choices(node, &path)),
                "select" => Kind::SelectMultiple(self.choices(node, &path)),
                "input" => match self.input(&path) {
                    Some(kind) => kind,
                    None => continue,
                },
                other => {
                    self.problems.push(format!("{path}: a questionnaire has nothing like `{other}`"));
                    continue;
                }
            };
            items.push(self.item(node, &path, above, kind));
        }
        items
    }

    fn input(&mut self, path: &str) -> Option<Kind> {
        let bind = |name: &str| self.binds.get(path).and_then(|bind| bind.get(name)).map(String::as_str);
        let (kind, is_note) = (bind("type").unwrap_or("string"), bind("readonly") == Some("true()"));
        match kind {
            "string" if is_note => Some(Kind::Note),
            "string" => Some(Kind::Text),
            "int" => Some(Kind::Integer),
            "time" => Some(Kind::Time),
            other => {
                let problem = format!("{path}: a questionnaire has nothing like the type `{other}`");
                self.problems.push(problem);
                None
            }
        }
    }

    fn item(&mut self, node: Node<'a, 'input>, path: &str, above: &str, kind: Kind) -> Item {
        self.seen.push(path.to_owned());
        let name = path.strip_prefix(above).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        if name.is_empty() || name.contains('/') {
            self.problems.push(format!("{path}: it does not stand under {above}"));
        }
        if let Some(appearance) = node.attribute("appearance").filter(|appearance| *appearance != "field-list") {
            self.problems.push(format!("{path}: a questionnaire has nothing like the appearance `{appearance}`"));
        }
        let label = self.label(node, path, "label");
        let hint = self.label(node, path, "hint");
        let is_group = matches!(kind, Kind::Group(_) | Kind::Repeat(..));
        if is_group && hint.is_some() {
            self.problems.push(format!("{path}: a group has no hint: put it into a note"));
        }
        let bind = self.binds.get(path).cloned().unwrap_or_default();
        let expression = |name: &str| bind.get(name).map(|expression| self.named(expression));
        let required = match bind.get("required").map(String::as_str) {
            None | Some("false()") => Ok(false),
            Some("true()") => Ok(true),
            Some(other) => Err(format!("{path}: `{other}` in `required` is neither true() nor false()")),
        };
        let (relevant, constraint) = (expression("relevant"), expression("constraint"));
        if bind.contains_key("calculate") {
            self.problems.push(format!("{path}: a questionnaire calculates nothing"));
        }
        let required = required.unwrap_or_else(|problem| {
            self.problems.push(problem);
            false
        });
        Item { name: name.to_owned(), kind, label, hint, relevant, constraint, required }
    }

    /// An expression with names in the place of paths.
    fn named(&self, expression: &str) -> String {
        let mut named = String::new();
        let mut rest = expression;
        while let Some(start) = rest.find(&format!("{}/", self.root)) {
            let (before, path) = rest.split_at(start);
            let is_part = |character: char| character.is_alphanumeric() || "_-./".contains(character);
            let length = path.find(|character| !is_part(character)).unwrap_or(path.len());
            let name = path[..length].rsplit('/').next().unwrap_or_default();
            named.push_str(&format!("{before}${{{name}}}"));
            rest = &path[length..];
        }
        named.push_str(rest);
        named.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")").replace(" ,", ",")
    }

    fn label(&mut self, node: Node<'a, 'input>, path: &str, name: &str) -> Option<Label> {
        let found = child(node, name)?;
        let label = match found.attribute("ref") {
            None => Label::new(text_of(found), ""),
            Some(reference) => {
                let id =
                    reference.strip_prefix("jr:itext('").and_then(|rest| rest.strip_suffix("')")).unwrap_or_default();
                self.texts.get(id).cloned().unwrap_or_default()
            }
        };
        if found.descendants().any(|node| node.tag_name().name() == "output") {
            self.problems.push(format!("{path}: the {name} shows an answer"));
        }
        if label.it.trim().is_empty() {
            self.problems.push(format!("{path}: the {name} has no Italian"));
        }
        Some(label)
    }

    fn choices(&mut self, node: Node<'a, 'input>, path: &str) -> Vec<Choice> {
        let mut choices = Vec::new();
        for item in node.children().filter(|node| node.is_element()) {
            match item.tag_name().name() {
                "item" => {
                    let label = self.label(item, path, "label").unwrap_or_default();
                    choices.push(Choice { value: child(item, "value").map(text_of).unwrap_or_default(), label });
                }
                "itemset" => {
                    let nodeset = item.attribute("nodeset").unwrap_or_default();
                    let id = nodeset.strip_prefix("instance('").and_then(|rest| rest.strip_suffix("')/root/item"));
                    let Some(id) = id else {
                        self.problems.push(format!("{path}: its options are chosen by `{nodeset}`"));
                        continue;
                    };
                    for item in self.secondary(id) {
                        let part = |name| child(item, name).map(text_of);
                        let label = match part("itextId") {
                            Some(id) => self.texts.get(&id).cloned().unwrap_or_default(),
                            None => Label::new(part("label").unwrap_or_default(), ""),
                        };
                        choices.push(Choice { value: part("name").unwrap_or_default(), label });
                    }
                }
                _ => {}
            }
        }
        choices
    }

    /// How often a repeat is asked: the path of a count, or what calculates it.
    fn count(&mut self, repeat: Node<'a, 'input>, path: &str) -> String {
        let count = repeat.attributes().find(|attribute| attribute.name() == "count");
        let Some(count) = count.map(|count| count.value().trim().to_owned()) else {
            self.problems.push(format!("{path}: a repeat needs a count"));
            return String::new();
        };
        let calculate = self.binds.get(&count).and_then(|bind| bind.get("calculate")).cloned();
        self.seen.push(count.clone());
        self.named(&calculate.unwrap_or(count))
    }

    /// What is bound but never asked would be lost.
    fn unseen(&mut self) {
        for (path, bind) in &self.binds {
            let is_own = path.ends_with("/instanceID") || bind.contains_key("preload");
            if !self.seen.contains(path) && !is_own {
                self.problems.push(format!("{path}: it is asked nowhere, and a questionnaire calculates nothing"));
            }
        }
    }
}
