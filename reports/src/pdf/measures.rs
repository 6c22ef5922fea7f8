//! The measures that the office proposes, with the numbers by which they will be judged.

use super::Desk;
use super::binder::table;
use super::document::Block;
use crate::figure::table::{Cell, Table, TableRow};

/// The table of measures; none where the office proposes nothing.
pub fn block(desk: &Desk) -> Option<Block> {
    let texts = desk.source.texts;
    let measures = &desk.plan.measures;
    if measures.is_empty() {
        return None;
    }
    let rows = measures.iter().map(|measure| {
        let words =
            |label: &Option<questionnaires::Label>| Cell::words(label.as_ref().map_or("–", |label| texts.label(label)));
        let today = match measure.number.as_deref().map(|name| (name, desk.numbers.named(name))) {
            None => texts.text("measure-no-number"),
            Some((_, Err(_))) => texts.text("measure-number-hidden"),
            Some((name, Ok(value))) => match desk.numbers.named(&format!("{name}.margin")) {
                Ok(margin) => format!("{value} ({margin})"),
                Err(_) => value.to_owned(),
            },
        };
        let name = texts.label(&measure.name);
        let header = match &measure.what {
            Some(what) => format!("{name}. {}", texts.label(what)),
            None => name.to_owned(),
        };
        TableRow { header, cells: vec![words(&measure.who), words(&measure.when), Cell::words(today)] }
    });
    let measures = Table {
        caption: texts.text("plan-measures-table"),
        columns: ["column-measure", "column-who", "column-when", "column-today"].map(|key| texts.text(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    };
    Some(table(&measures, measures.caption.clone()))
}
