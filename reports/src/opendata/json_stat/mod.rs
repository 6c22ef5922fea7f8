//! JSON-stat 2.0 (<https://json-stat.org/full/>): datasets in each language, and the collections that list them. Cells that
//! nobody published are absent; hidden ones have a status and no value.

mod answers;
mod cube;
mod estimates;

use serde::Serialize;
use serde_json::{Value, json};

pub use answers::name as name_of_answers;
pub use estimates::name;

use super::{Kind, Material};
use crate::text::Texts;

/// The folder of the datasets.
pub const FOLDER: &str = "json-stat";

/// All datasets of one language and their collections, by name inside [`FOLDER`].
pub fn files(material: &Material, texts: &Texts) -> Vec<(String, Kind, Vec<u8>)> {
    let mut files = Vec::new();
    let mut items = Vec::new();
    for (of, rows) in &material.tables {
        let name = name(of.0, of.1, texts);
        items.push(item("dataset", &name, estimates::label(of.0, of.1, texts)));
        files.push((name, Kind::JsonStat, to_bytes(&estimates::dataset(material, *of, rows, texts))));
    }
    let asked = &material.questions.asked;
    if !asked.is_empty() {
        let (name, label) =
            (format!("answers-index-{}.json", texts.language().tag()), texts.text("sheet-answers-title"));
        items.push(item("collection", &name, label.clone()));
        let mut items = Vec::new();
        for asked in asked {
            let name = name_of_answers(asked, texts);
            items.push(item("dataset", &name, asked.label(&material.questions, texts)));
            files.push((name, Kind::JsonStat, to_bytes(&answers::dataset(material, asked, texts))));
        }
        files.push((name, Kind::JsonStatAnswers, to_bytes(&collection(material, label, &items))));
    }
    let label = texts.fill("about-title", &[("survey", texts.label(&material.estimates.run.title))]);
    let name = format!("index-{}.json", texts.language().tag());
    files.push((name, Kind::JsonStatCollection, to_bytes(&collection(material, label, &items))));
    files
}

fn item(class: &str, name: &str, label: String) -> Value {
    json!({ "class": class, "href": name, "label": label })
}

fn collection(material: &Material, label: String, items: &[Value]) -> Value {
    json!({
        "version": "2.0",
        "class": "collection",
        "label": label,
        "updated": material.edition.date.to_string(),
        "link": { "item": items },
    })
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and finite numbers always make JSON")
}
