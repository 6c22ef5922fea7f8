//! The canonical form of XML, over which signatures are made: Canonical XML 1.0 and Exclusive XML Canonicalization 1.0, both
//! without comments (W3C recommendations of 2001-03-15 and 2002-07-18).
//!
//! For documents without a document type definition only, which is what the reader accepts. Of other subsets than a whole
//! document or one element with everything in it nothing is known here.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Attribute, Node, NodeId, NodeType};

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Which of the two forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Every namespace in scope is written.
    Inclusive,
    /// Only those that are used, except for these prefixes (empty: the default namespace), which count as in the other
    /// form.
    Exclusive(BTreeSet<String>),
}

/// The canonical form of `node`, a document's root or an element, as if the element `without` were not there.
pub(super) fn canonical(node: Node<'_, '_>, form: &Form, without: Option<NodeId>) -> Vec<u8> {
    let mut writer = Writer { form, without, text: String::new() };
    match node.node_type() {
        NodeType::Root => writer.document(node),
        _ => writer.element(node, &BTreeMap::new(), true),
    }
    writer.text.into_bytes()
}

/// Prefixes with their namespaces, as written by the elements around.
type Written<'a> = BTreeMap<&'a str, &'a str>;

struct Writer<'f> {
    form: &'f Form,
    without: Option<NodeId>,
    text: String,
}

impl Writer<'_> {
    fn document(&mut self, root: Node<'_, '_>) {
        let mut is_after = false;
        for child in root.children() {
            match child.node_type() {
                NodeType::Element => {
                    self.element(child, &BTreeMap::new(), true);
                    is_after = true;
                }
                NodeType::PI if is_after => {
                    self.text.push('\n');
                    self.instruction(child);
                }
                NodeType::PI => {
                    self.instruction(child);
                    self.text.push('\n');
                }
                _ => {}
            }
        }
    }

    fn element<'a>(&mut self, element: Node<'a, '_>, around: &Written<'a>, is_apex: bool) {
        if self.without == Some(element.id()) {
            return;
        }
        let name = qualified_name(element);
        let mut written = around.clone();
        let mut attributes: Vec<Attribute<'a, '_>> = element.attributes().collect();
        if is_apex && *self.form == Form::Inclusive {
            attributes.extend(inherited(element));
        }
        attributes.sort_by_key(|attribute| (attribute.namespace().unwrap_or_default(), attribute.name()));

        self.text.push('<');
        self.text.push_str(name);
        for (prefix, namespace) in self.namespaces(element, name, &attributes) {
            // Without a declaration around, there is nothing to take back.
            if written.get(prefix).copied().unwrap_or_default() != namespace {
                written.insert(prefix, namespace);
                self.declaration(prefix, namespace);
            }
        }
        for attribute in attributes {
            self.text.push(' ');
            self.text.push_str(attribute_name(element, &attribute));
            self.text.push_str("=\"");
            self.escaped(attribute.value(), true);
            self.text.push('"');
        }
        self.text.push('>');
        for child in element.children() {
            match child.node_type() {
                NodeType::Element => self.element(child, &written, false),
                NodeType::Text => self.escaped(child.text().unwrap_or_default(), false),
                NodeType::PI => self.instruction(child),
                _ => {}
            }
        }
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// The namespaces that an element must have declared, by prefix.
    fn namespaces<'a>(
        &self,
        element: Node<'a, '_>,
        name: &'a str,
        attributes: &[Attribute<'a, '_>],
    ) -> BTreeMap<&'a str, &'a str> {
        let mut in_scope: BTreeMap<&str, &str> = BTreeMap::from([("", "")]);
        let declared = element.namespaces().filter(|namespace| namespace.name() != Some("xml"));
        in_scope.extend(declared.map(|namespace| (namespace.name().unwrap_or_default(), namespace.uri())));
        match self.form {
            Form::Inclusive => in_scope,
            Form::Exclusive(inclusive) => {
                let of_attributes = attributes.iter().filter(|attribute| attribute.namespace().is_some());
                let used = of_attributes.map(|attribute| prefix(attribute_name(element, attribute)));
                let used: BTreeSet<&str> = used.chain([prefix(name)]).collect();
                in_scope.retain(|prefix, _| used.contains(prefix) || inclusive.contains(*prefix));
                in_scope
            }
        }
    }

    fn declaration(&mut self, prefix: &str, namespace: &str) {
        self.text.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
        self.text.push_str(prefix);
        self.text.push_str("=\"");
        self.escaped(namespace, true);
        self.text.push('"');
    }

    fn instruction(&mut self, node: Node<'_, '_>) {
        let Some(instruction) = node.pi() else { return };
        self.text.push_str("<?");
        self.text.push_str(instruction.target);
        if let Some(value) = instruction.value {
            self.text.push(' ');
            self.text.push_str(value);
        }
        self.text.push_str("?>");
    }

    fn escaped(&mut self, text: &str, in_attribute: bool) {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' if !in_attribute => self.text.push_str("&gt;"),
                '"' if in_attribute => self.text.push_str("&quot;"),
                '\t' if in_attribute => self.text.push_str("&#x9;"),
                '\n' if in_attribute => self.text.push_str("&#xA;"),
                '\r' => self.text.push_str("&#xD;"),
                other => self.text.push(other),
            }
        }
    }
}

/// The attributes `xml:...` of the elements around an element that it does not have itself.
fn inherited<'a, 'input>(element: Node<'a, 'input>) -> Vec<Attribute<'a, 'input>> {
    let mut found: Vec<Attribute<'a, 'input>> = Vec::new();
    for ancestor in element.ancestors().skip(1) {
        for attribute in ancestor.attributes().filter(|attribute| attribute.namespace() == Some(XML)) {
            let is_known = element.has_attribute((XML, attribute.name()))
                || found.iter().any(|known| known.name() == attribute.name());
            if !is_known {
                found.push(attribute);
            }
        }
    }
    found
}

/// An element's name as it is written: the tree knows namespaces, not prefixes.
fn qualified_name<'a>(element: Node<'a, '_>) -> &'a str {
    let from = element.range().start + 1;
    let rest = element.document().input_text().get(from..).unwrap_or_default();
    let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
    &rest[..end]
}

fn attribute_name<'a>(element: Node<'a, '_>, attribute: &Attribute<'a, '_>) -> &'a str {
    element.document().input_text().get(attribute.range_qname()).unwrap_or_default()
}

fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}
