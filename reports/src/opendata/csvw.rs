//! CSV on the Web (<https://www.w3.org/TR/tabular-metadata/>): every CSV of the data with its columns, their types, what makes
//! a row unique and where its codes are listed.

use questionnaires::Language;
use serde_json::{Value, json};

use super::{DataFile, Kind, Material, citation, sdmx};
use crate::dataset;
use crate::figure::needs;
use crate::text::Texts;

/// What the data of trends are called.
const TREND: &str = "andamento-";

/// The name under which programs look for it, beside the tables.
pub const NAME: &str = "csv-metadata.json";

/// What a cell may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Integer,
    Number,
}

/// A column: its name, type, and whether every row has a value.
type Column = (&'static str, Type, bool);

/// What an estimate is about.
const ESTIMATES: [Column; 10] = [
    ("indicator", Type::Text, true),
    ("unit", Type::Text, true),
    ("timeline", Type::Text, true),
    ("activity", Type::Text, true),
    ("level", Type::Integer, true),
    ("sex", Type::Text, true),
    ("age_group", Type::Text, true),
    ("target_group", Type::Text, true),
    ("day", Type::Text, true),
    ("slot", Type::Integer, false),
];

/// The number of an estimate or of answers, its errors and its marks.
const NUMBER: [Column; 8] = [
    ("value", Type::Number, false),
    ("standard_error", Type::Number, false),
    ("ci_low", Type::Number, false),
    ("ci_high", Type::Number, false),
    ("degrees_of_freedom", Type::Number, false),
    ("n", Type::Integer, true),
    ("flag", Type::Text, true),
    ("status", Type::Text, true),
];

/// What became of an estimate since the edition before.
const CHANGE: [Column; 4] = [
    ("fate", Type::Text, true),
    ("before", Type::Number, false),
    ("after", Type::Number, false),
    ("difference", Type::Number, false),
];

/// What tells estimates apart. A row without a slot has none of the key's last part: the key stays unique.
const KEY_OF_ESTIMATES: [&str; 8] =
    ["indicator", "timeline", "activity", "sex", "age_group", "target_group", "day", "slot"];

const CLASSIFICATION: [Column; 6] = [
    ("timeline", Type::Text, true),
    ("code", Type::Text, true),
    ("level", Type::Integer, true),
    ("label_it", Type::Text, true),
    ("label_en", Type::Text, true),
    ("members", Type::Text, false),
];

const GROUPS: [Column; 4] = [
    ("code", Type::Text, true),
    ("kind", Type::Text, true),
    ("label_it", Type::Text, true),
    ("label_en", Type::Text, true),
];

/// What a number of the answers is about.
const ANSWERS: [Column; 7] = [
    ("measure", Type::Text, true),
    ("questionnaire", Type::Text, true),
    ("question", Type::Text, true),
    ("answer", Type::Text, false),
    ("sex", Type::Text, true),
    ("age_group", Type::Text, true),
    ("target_group", Type::Text, true),
];

const QUESTIONS: [Column; 12] = [
    ("questionnaire", Type::Text, true),
    ("question", Type::Text, true),
    ("kind", Type::Text, true),
    ("asked", Type::Text, true),
    ("question_it", Type::Text, false),
    ("question_en", Type::Text, false),
    ("about_it", Type::Text, false),
    ("about_en", Type::Text, false),
    ("day", Type::Text, false),
    ("answer", Type::Text, false),
    ("answer_it", Type::Text, false),
    ("answer_en", Type::Text, false),
];

/// The description of every CSV in `listing`.
pub fn file(material: &Material, listing: &[DataFile]) -> Vec<u8> {
    let texts = Language::COMPLETE.map(Texts::new);
    let tables: Vec<Value> = listing
        .iter()
        .filter(|file| file.path.ends_with(".csv"))
        .map(|file| {
            json!({ "url": file.path, "dc:title": titles(file.kind, &texts), "tableSchema": schema(file, material, &texts) })
        })
        .collect();
    let spoken = |text: &dyn Fn(&Texts) -> String| -> Vec<Value> {
        texts.iter().map(|texts| json!({ "@value": text(texts), "@language": texts.language().tag() })).collect()
    };
    let group = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "it" }],
        "dc:title": spoken(&|texts| texts.fill("about-title", &[("survey", texts.label(&material.estimates.run.title))])),
        "dc:creator": spoken(&|texts| texts.label(&material.edition.publisher).to_owned()),
        "dc:bibliographicCitation": spoken(&|texts| citation(material, texts)),
        "dc:license": { "@id": material.catalogue.licence.address },
        "dc:issued": { "@value": material.edition.date.to_string(), "@type": "xsd:date" },
        "dialect": { "encoding": "utf-8", "delimiter": ",", "header": true },
        "tables": tables,
    });
    serde_json::to_vec_pretty(&group).expect("texts always make JSON")
}

fn titles(kind: Kind, texts: &[Texts]) -> Vec<Value> {
    let key = match kind {
        Kind::Sdmx => "kind-sdmx",
        Kind::AnswersSdmx => "kind-answers-sdmx",
        Kind::Comparison => "kind-comparison",
        Kind::Classification => "kind-classification",
        Kind::Groups => "kind-groups",
        Kind::AnswersCsv => "kind-answers-csv",
        Kind::Questions => "kind-questions",
        Kind::Figure => "figure-files",
        Kind::PublicPersons => "kind-puf-persons",
        Kind::PublicDays => "kind-puf-days",
        Kind::PublicEpisodes => "kind-puf-episodes",
        Kind::PublicClassification => "kind-puf-classification",
        _ => "kind-estimates-csv",
    };
    texts.iter().map(|texts| json!({ "@value": texts.text(key), "@language": texts.language().tag() })).collect()
}

fn schema(file: &DataFile, material: &Material, texts: &[Texts]) -> Value {
    match file.kind {
        Kind::Classification => json!({
            "columns": columns(&[&CLASSIFICATION], texts),
            "primaryKey": ["timeline", "code"],
        }),
        Kind::Groups => json!({
            "columns": columns(&[&GROUPS], texts),
            "primaryKey": ["code"],
        }),
        Kind::AnswersCsv => json!({
            "columns": columns(&[&ANSWERS, &NUMBER], texts),
            "primaryKey": ["questionnaire", "question", "answer", "sex", "age_group", "target_group"],
            "foreignKeys": [to_questions()],
        }),
        Kind::Questions => json!({
            "columns": columns(&[&QUESTIONS], texts),
            "primaryKey": ["questionnaire", "question", "answer"],
        }),
        Kind::Sdmx => json!({ "columns": sdmx_columns(&sdmx::COLUMNS) }),
        Kind::AnswersSdmx => json!({ "columns": sdmx_columns(&sdmx::ANSWER_COLUMNS) }),
        // Its categories and groups may be those of the edition before: it refers to no list.
        Kind::Comparison => {
            json!({ "columns": columns(&[&ESTIMATES, &CHANGE], texts), "primaryKey": KEY_OF_ESTIMATES })
        }
        kind if kind.is_public_use() => public_use(file, material),
        // The table of a trend, in the words of its headings.
        Kind::Figure if file.path.starts_with(TREND) => json!({}),
        Kind::Figure if is_of_answers(file, material) => {
            let names = dataset::ANSWER_NAMES.map(|name| (name, Type::Text, false));
            json!({
                "columns": columns(&[&ANSWERS, &NUMBER, &names], texts),
                "foreignKeys": [to_questions()],
            })
        }
        kind => {
            let names = [("activity_it", Type::Text, false), ("activity_en", Type::Text, false)];
            let names: &[Column] = if kind == Kind::Figure { &names } else { &[] };
            let mut schema = json!({
                "columns": columns(&[&ESTIMATES, &NUMBER, names], texts),
                "foreignKeys": [{
                    "columnReference": ["timeline", "activity"],
                    "reference": { "resource": "classification.csv", "columnReference": ["timeline", "code"] },
                }],
            });
            if kind != Kind::Figure {
                schema["primaryKey"] = json!(KEY_OF_ESTIMATES);
            }
            schema
        }
    }
}

/// Whether the data of a figure are answers.
fn is_of_answers(file: &DataFile, material: &Material) -> bool {
    let name = file.path.strip_suffix(".csv").unwrap_or(&file.path);
    !needs::answers_behind(material.estimates, name).is_empty()
}

fn to_questions() -> Value {
    json!({
        "columnReference": ["questionnaire", "question", "answer"],
        "reference": { "resource": "questions.csv", "columnReference": ["questionnaire", "question", "answer"] },
    })
}

fn columns(parts: &[&[Column]], texts: &[Texts]) -> Vec<Value> {
    parts.iter().copied().flatten().map(|column| described(column, texts)).collect()
}

fn described((name, kind, required): &Column, texts: &[Texts]) -> Value {
    let mut column = column(name, *kind, *required);
    if *name == "answer" {
        // A number that was asked for has no options: its empty cell is a value that rows refer to.
        column["null"] = json!([]);
    }
    let of_change = CHANGE.iter().any(|(own, ..)| own == name);
    let explained = of_change || dataset::COLUMNS.contains(name) && !dataset::NAMES.contains(name);
    if explained {
        let key = format!("data-{}", name.replace('_', "-"));
        let words =
            texts.iter().map(|texts| json!({ "@value": texts.text(&key), "@language": texts.language().tag() }));
        column["dc:description"] = words.collect();
    }
    let spoken = ["label_", "activity_", "question_", "about_", "answer_"];
    if let Some(language) = spoken.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        column["lang"] = json!(language);
    }
    column
}

fn column(name: &str, kind: Type, required: bool) -> Value {
    let datatype = match kind {
        Type::Text => "string",
        Type::Integer => "integer",
        Type::Number => "number",
    };
    json!({ "name": name, "titles": name, "datatype": datatype, "required": required })
}

fn sdmx_columns(columns: &[&str]) -> Vec<Value> {
    let numbers = ["OBS_VALUE", "STANDARD_ERROR", "CI_LOW", "CI_HIGH", "DEGREES_OF_FREEDOM"];
    columns
        .iter()
        .map(|name| match *name {
            "N_PERSONS" => column(name, Type::Integer, false),
            "ACTIVITY_LEVEL" => column(name, Type::Integer, true),
            name if numbers.contains(&name) => column(name, Type::Number, false),
            name => column(name, Type::Text, true),
        })
        .collect()
}

/// The columns of a table of the public-use file, as its report says.
fn public_use(file: &DataFile, material: &Material) -> Value {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let Some(table) = material.public_use.and_then(|public_use| public_use.report.tables.get(name)) else {
        return json!({});
    };
    let columns = table.columns.iter().map(|variable| {
        let kind = match variable.kind.as_str() {
            "integer" => Type::Integer,
            "number" => Type::Number,
            _ => Type::Text,
        };
        let mut column = column(&variable.name, kind, variable.required);
        column["dc:description"] = json!([
            { "@value": variable.label.it, "@language": "it" },
            { "@value": variable.label.en, "@language": "en" },
        ]);
        column
    });
    let mut schema = json!({ "columns": columns.collect::<Vec<_>>(), "primaryKey": table.primary_key });
    if let Some((columns, resource, referenced)) = &table.foreign_key {
        let resource = format!("{}/{resource}", super::PUBLIC_USE_FOLDER);
        schema["foreignKeys"] = json!([{
            "columnReference": columns,
            "reference": { "resource": resource, "columnReference": referenced },
        }]);
    }
    schema
}
