//! SDMX-CSV 2.0 (<https://github.com/sdmx-twg/sdmx-csv>): the estimates as a dataflow, with observation and confidentiality
//! status by the cross-domain code lists CL_OBS_STATUS 2.2 and CL_CONF_STATUS 1.3 (<https://sdmx.org/?page_id=3215>).

use analytics::table::{EstimateRow, Flag, Status};

use super::Material;
use super::codes::{clock, code};

/// The columns, dimensions first.
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

/// The identifier of the dataflow.
const STRUCTURE_ID: &str = "TEMPI:TIME_USE(1.0)";
/// Everybody, every age: the total of SDMX code lists.
const TOTAL: &str = "_T";
/// Not applicable.
const NOT_APPLICABLE: &str = "_Z";
/// Unknown.
const UNKNOWN: &str = "_U";

/// The file.
///
/// # Errors
/// When a row cannot be written as CSV.
pub fn file(material: &Material) -> Result<Vec<u8>, csv::Error> {
    let area = material.catalogue.area.as_ref().and_then(|area| area.code.clone()).unwrap_or(UNKNOWN.to_owned());
    let period = period(material);
    let mut writer = csv::Writer::from_writer(Vec::with_capacity(material.estimates.rows.len() * 200));
    writer.write_record(COLUMNS)?;
    for (_, rows) in &material.tables {
        let Some(first) = rows.first() else { continue };
        let (indicator, timeline, unit) = (code(&first.indicator), code(&first.timeline), code(&first.unit));
        for row in rows {
            let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
            let time = row.slot.map_or(NOT_APPLICABLE.to_owned(), |slot| format!("T{}", clock(slot).replace(':', "")));
            writer.write_record([
                "dataflow",
                STRUCTURE_ID,
                "I",
                &area,
                &indicator,
                &timeline,
                &row.activity,
                total(&row.sex),
                age(&row.age_group),
                total(&row.target_group),
                &row.day,
                &time,
                &period,
                &number(row.value),
                &unit,
                &number(row.standard_error),
                &number(row.ci_low),
                &number(row.ci_high),
                &number(row.degrees_of_freedom),
                &if row.status.is_withheld() { String::new() } else { row.n.to_string() },
                &row.level.to_string(),
                observation_status(row),
                confidentiality_status(row, material.only_small_counts),
            ])?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
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
fn observation_status(row: &EstimateRow) -> &'static str {
    match (row.status, row.flag) {
        (Status::Withheld | Status::WithheldSecondary, _) | (_, Flag::Suppressed) => "Q",
        (_, Flag::E) => "U",
        (_, Flag::A) => "A",
    }
}

/// CL_CONF_STATUS: `F` free, `A` primary confidentiality due to small counts, `C` confidential statistical information (where
/// other rules than the count may have been the reason), `D` secondary confidentiality set by the sender.
fn confidentiality_status(row: &EstimateRow, only_small_counts: bool) -> &'static str {
    match row.status {
        Status::Published => "F",
        Status::Withheld if only_small_counts => "A",
        Status::Withheld => "C",
        Status::WithheldSecondary => "D",
    }
}
