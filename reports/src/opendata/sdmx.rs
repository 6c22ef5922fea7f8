//! SDMX-CSV 2.0 (<https://github.com/sdmx-twg/sdmx-csv>): the estimates and the answers, a dataflow each, with observation and
//! confidentiality status by the cross-domain code lists CL_OBS_STATUS 2.2 and CL_CONF_STATUS 1.3 (<https://sdmx.org/?page_id=3215>).

use analytics::table::{Flag, Status};

use super::cell::Cell;
use super::codes::{clock, code};
use super::{Material, questions};

/// The columns of the estimates, dimensions first.
pub const COLUMNS: [&str; 23] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "INDICATOR",
    "TIMELINE",
    "ACTIVITY",
    "SEX",
    "AGE",
    "TARGET_GROUP",
    "DAY_TYPE",
    "TIME_OF_DAY",
    "TIME_PERIOD",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "STANDARD_ERROR",
    "CI_LOW",
    "CI_HIGH",
    "DEGREES_OF_FREEDOM",
    "N_PERSONS",
    "ACTIVITY_LEVEL",
    "OBS_STATUS",
    "CONF_STATUS",
];

/// The columns of the answers, dimensions first.
pub const ANSWER_COLUMNS: [&str; 21] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "INDICATOR",
    "QUESTIONNAIRE",
    "QUESTION",
    "ANSWER",
    "SEX",
    "AGE",
    "TARGET_GROUP",
    "TIME_PERIOD",
    "OBS_VALUE",
    "UNIT_MEASURE",
    "STANDARD_ERROR",
    "CI_LOW",
    "CI_HIGH",
    "DEGREES_OF_FREEDOM",
    "N_PERSONS",
    "OBS_STATUS",
    "CONF_STATUS",
];

/// The identifiers of the dataflows.
const ESTIMATES_ID: &str = "TEMPI:TIME_USE(1.0)";
const ANSWERS_ID: &str = "TEMPI:ANSWERS(1.0)";
/// Everybody, every age: the total of SDMX code lists.
const TOTAL: &str = "_T";
/// Not applicable.
const NOT_APPLICABLE: &str = "_Z";
/// Unknown.
const UNKNOWN: &str = "_U";

/// The file of the estimates.
///
/// # Errors
/// When a row cannot be written as CSV.
pub fn estimates(material: &Material) -> Result<Vec<u8>, csv::Error> {
    let mut flow = Flow::new(material, ESTIMATES_ID, &COLUMNS, material.estimates.rows.len())?;
    for (_, rows) in &material.tables {
        let Some(first) = rows.first() else { continue };
        let (indicator, timeline, unit) = (code(&first.indicator), code(&first.timeline), code(&first.unit));
        for row in rows {
            let time = row.slot.map_or(NOT_APPLICABLE.to_owned(), |slot| format!("T{}", clock(slot).replace(':', "")));
            let [sex, age, group] = people(&row.sex, &row.age_group, &row.target_group);
            let about = [&indicator, &timeline, &row.activity, sex, age, group, &row.day, &time];
            flow.write(&about, &unit, &(*row).into(), &[&row.level.to_string()])?;
        }
    }
    flow.end()
}

/// The file of the answers.
///
/// # Errors
/// When a row cannot be written as CSV.
pub fn answers(material: &Material) -> Result<Vec<u8>, csv::Error> {
    let mut flow = Flow::new(material, ANSWERS_ID, &ANSWER_COLUMNS, material.estimates.answers.len())?;
    for row in &material.estimates.answers {
        let answer = if row.answer.is_empty() { NOT_APPLICABLE } else { &row.answer };
        let [sex, age, group] = people(&row.sex, &row.age_group, &row.target_group);
        let about = [&code(&row.measure), &row.questionnaire, &row.question, answer, sex, age, group];
        flow.write(&about, questions::unit(row.measure), &row.into(), &[])?;
    }
    flow.end()
}

/// A dataflow as it is written: what all its rows have alike.
struct Flow {
    id: &'static str,
    area: String,
    period: String,
    only_small_counts: bool,
    writer: csv::Writer<Vec<u8>>,
}

impl Flow {
    fn new(material: &Material, id: &'static str, columns: &[&str], n_rows: usize) -> Result<Flow, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::with_capacity(n_rows * 200));
        writer.write_record(columns)?;
        let area = material.catalogue.area.as_ref().and_then(|area| area.code.clone()).unwrap_or(UNKNOWN.to_owned());
        Ok(Flow { id, area, period: period(material), only_small_counts: material.only_small_counts, writer })
    }

    /// A row: the dimensions after the area and before the period, the number with its unit, and the attributes that only this
    /// flow has.
    fn write(&mut self, about: &[&str], unit: &str, cell: &Cell, attributes: &[&str]) -> Result<(), csv::Error> {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let structure = ["dataflow", self.id, "I", &self.area];
        let observation = [
            &self.period,
            &number(cell.value),
            unit,
            &number(cell.standard_error),
            &number(cell.ci_low),
            &number(cell.ci_high),
            &number(cell.degrees_of_freedom),
            &cell.n.map(|n| n.to_string()).unwrap_or_default(),
        ];
        let statuses = [observation_status(cell), confidentiality_status(cell, self.only_small_counts)];
        self.writer.write_record(structure.iter().chain(about).chain(&observation).chain(attributes).chain(&statuses))
    }

    fn end(self) -> Result<Vec<u8>, csv::Error> {
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// The codes of SDMX for the people that a number is about.
fn people<'a>(sex: &'a str, age_group: &'a str, target_group: &'a str) -> [&'a str; 3] {
    [total(sex), age(age_group), total(target_group)]
}

/// The years that the diaries are about, as a time period of SDMX: a range of days where it is known, else the year of the
/// snapshot.
fn period(material: &Material) -> String {
    match (material.catalogue.first_day, material.catalogue.last_day) {
        (Some(first), Some(last)) => format!("{first}/P{}D", (last - first).num_days() + 1),
        _ => material.estimates.run.as_of.chars().take(4).collect(),
    }
}

fn total(code: &str) -> &str {
    if code == "all" { TOTAL } else { code }
}

/// The codes of CL_AGE.
fn age(group: &str) -> &str {
    match group {
        "10-14" => "Y10T14",
        "15-24" => "Y15T24",
        "25-44" => "Y25T44",
        "45-64" => "Y45T64",
        "65+" => "Y_GE65",
        other => total(other),
    }
}

/// CL_OBS_STATUS: `A` normal value, `U` low reliability, `Q` missing value, suppressed.
fn observation_status(cell: &Cell) -> &'static str {
    match (cell.status, cell.flag) {
        (Status::Withheld | Status::WithheldSecondary, _) | (_, Flag::Suppressed) => "Q",
        (_, Flag::E) => "U",
        (_, Flag::A) => "A",
    }
}

/// CL_CONF_STATUS: `F` free, `A` primary confidentiality due to small counts, `C` confidential statistical information (where
/// other rules than the count may have been the reason), `D` secondary confidentiality set by the sender.
fn confidentiality_status(cell: &Cell, only_small_counts: bool) -> &'static str {
    match cell.status {
        Status::Published => "F",
        Status::Withheld if only_small_counts => "A",
        Status::Withheld => "C",
        Status::WithheldSecondary => "D",
    }
}
