//! The codebook of the file: DDI-Codebook 2.5 (<https://ddialliance.org/Specification/DDI-Codebook/2.5/>), with every variable of
//! every table, its codes and how many rows have them.

use questionnaires::Label;
use questionnaires::exchange::xml::Writer;

use super::report::{ColumnDescription, PublicUseReport};
use crate::snapshot::Description;

/// The document.
pub fn codebook(description: &Description, report: &PublicUseReport) -> String {
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
    study(&mut xml, description, report);
    for (file, table) in csv_tables(report) {
        xml.open("fileDscr", &[("ID", &format!("F_{}", stem(file)))]);
        xml.open("fileTxt", &[]);
        xml.text("fileName", &[], file);
        xml.open("dimensns", &[]);
        xml.text("caseQnty", &[], &table.n_rows.to_string());
        xml.text("varQnty", &[], &table.columns.len().to_string());
        xml.close();
        xml.text("fileType", &[], "text/csv");
        xml.close();
        xml.close();
    }
    xml.open("dataDscr", &[]);
    for (file, table) in csv_tables(report) {
        for column in &table.columns {
            variable(&mut xml, file, column);
        }
    }
    xml.finish()
}

fn csv_tables(report: &PublicUseReport) -> impl Iterator<Item = (&String, &super::report::TableDescription)> {
    report.tables.iter()
}

fn stem(file: &str) -> &str {
    file.split('.').next().unwrap_or(file)
}

fn study(xml: &mut Writer, description: &Description, report: &PublicUseReport) {
    let both = |label: &Label| [("it", label.it.clone()), ("en", label.en.clone())];
    xml.open("stdyDscr", &[]);
    xml.open("citation", &[]);
    xml.open("titlStmt", &[]);
    xml.text("titl", &[("xml:lang", "it")], &format!("{}: file ad uso pubblico", description.title.it));
    xml.text("parTitl", &[("xml:lang", "en")], &format!("{}: public-use file", description.title.en));
    xml.text("IDNo", &[("agency", "Tempi")], &report.input_sha256);
    xml.close();
    xml.open("prodStmt", &[]);
    xml.text("software", &[("version", &report.tempi_version)], "Tempi");
    xml.close();
    xml.close();
    xml.open("stdyInfo", &[]);
    let invented = ["Persone e giornate sono inventate. ", "Persons and days are invented. "];
    for (place, (tag, words)) in [
        (
            "it",
            "Persone, giornate e mezze ore di un’indagine sull’uso del tempo, ridotte perché nessuno sia riconosciuto.",
        ),
        ("en", "Persons, days and half hours of a time use survey, reduced so that nobody is recognised."),
    ]
    .into_iter()
    .enumerate()
    {
        let notice = if report.synthetic { invented[place] } else { "" };
        xml.text("abstract", &[("xml:lang", tag)], &format!("{notice}{words}"));
    }
    xml.open("sumDscr", &[]);
    for (tag, words) in both(&description.population) {
        xml.text("universe", &[("xml:lang", tag), ("clusion", "I")], &words);
    }
    xml.close();
    xml.close();
    xml.open("method", &[]);
    xml.open("dataColl", &[]);
    xml.text(
        "weight",
        &[("xml:lang", "en")],
        &format!(
            "weight: days weigh as the population, weekdays, Saturdays and Sundays 5 : 1 : 1. replicate_*: {} replicates of a \
             delete-a-group jackknife (Kott 2001), scale {}, squares around the replicates' mean. Strata and clusters are not told.",
            report.weights.n_replicates,
            (report.weights.n_replicates as f64 - 1.0) / report.weights.n_replicates as f64,
        ),
    );
    xml.close();
    xml.close();
    xml.open("dataAccs", &[]);
    xml.open("useStmt", &[]);
    xml.text("conditions", &[("xml:lang", "it")], "È vietato cercare di riconoscere le persone.");
    xml.text("conditions", &[("xml:lang", "en")], "Trying to recognise persons is forbidden.");
    xml.close();
    xml.close();
    xml.close();
}

fn variable(xml: &mut Writer, file: &str, column: &ColumnDescription) {
    let id = format!("V_{}_{}", stem(file), column.name);
    let interval = if column.kind == "text" { "discrete" } else { "contin" };
    let mut attributes = vec![
        ("ID", id),
        ("name", column.name.clone()),
        ("files", format!("F_{}", stem(file))),
        ("intrvl", interval.to_owned()),
    ];
    if column.name == "weight" || column.name.starts_with("replicate_") {
        attributes.push(("wgt", "wgt".to_owned()));
    }
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    xml.open("var", &attributes);
    for (tag, words) in column.label.texts() {
        xml.text("labl", &[("xml:lang", tag)], words);
    }
    for category in &column.categories {
        xml.open("catgry", &[]);
        xml.text("catValu", &[], &category.code);
        for (tag, words) in category.label.texts() {
            xml.text("labl", &[("xml:lang", tag)], words);
        }
        xml.text("catStat", &[("type", "freq")], &category.n_rows.to_string());
        xml.close();
    }
    let kind = if column.kind == "text" { "character" } else { "numeric" };
    xml.empty("varFormat", &[("type", kind)]);
    xml.close();
}
