//! The forms of a page, read from its HTML as a browser or an attacker would.

use crate::browser::{Answer, attribute};

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent, as written.
    pub action: String,
    /// `GET` or `POST`.
    pub method: String,
    /// Its fields in order; buttons with a name are fields too.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// `text`, `hidden`, `radio`, `checkbox`, `select`, `textarea`, `submit` ...
    pub kind: String,
    /// The value it is sent with when nobody touches it; of a select, its first that is not blank.
    pub value: String,
    /// Whether it is sent when nobody touches it: a box or circle only when it is ticked.
    pub is_sent: bool,
}

impl Form {
    /// The forms of a page.
    pub fn all(page: &Answer) -> Vec<Form> {
        page.body.split("<form").skip(1).map(|rest| Form::parse(rest.split("</form>").next().unwrap_or(rest))).collect()
    }

    fn parse(text: &str) -> Form {
        let head = text.split('>').next().unwrap_or_default();
        let mut fields: Vec<Field> = Vec::new();
        for tag in text.split('<').skip(1) {
            let element = tag.split([' ', '>', '\n']).next().unwrap_or_default();
            let tag = tag.split('>').next().unwrap_or_default();
            let name = attribute(tag, "name");
            let kind = match element {
                "input" => attribute(tag, "type").unwrap_or_else(|| "text".to_owned()),
                "select" | "textarea" => element.to_owned(),
                "button" => "submit".to_owned(),
                "option" => {
                    let value = attribute(tag, "value").unwrap_or_default();
                    if let Some(select) =
                        fields.last_mut().filter(|field| field.kind == "select" && field.value.is_empty())
                    {
                        select.value = value;
                    }
                    continue;
                }
                _ => continue,
            };
            let Some(name) = name else { continue };
            let is_sent = !["checkbox", "radio"].contains(&kind.as_str()) || tag.ends_with(" checked");
            fields.push(Field { name, kind, value: attribute(tag, "value").unwrap_or_default(), is_sent });
        }
        Form {
            action: attribute(head, "action").unwrap_or_default(),
            method: attribute(head, "method").unwrap_or_else(|| "get".to_owned()).to_ascii_uppercase(),
            fields,
        }
    }
}
