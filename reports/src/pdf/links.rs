//! What ties the plan of timetables to the city's other plans, with the number of this edition that each can start from.
//! The instruments are those that law 53/2000 and the practice of the plans name; codes are those of the Activity Coding List.

use super::binder::table;
use super::document::Block;
use super::evidence::{peak, time};
use crate::figure::Sex;
use crate::figure::Source;
use crate::figure::table::{Cell, Table, TableRow};

const EMPLOYMENT: &str = "1";
const STUDY: &str = "2";
const HOUSEHOLD: &str = "3";
const VOLUNTARY: &str = "4";
const TRAVEL: &str = "9";

/// The table of links. Another survey than ours has other codes, hence no evidence here.
pub fn block(source: &Source) -> Block {
    let texts = source.texts;
    let is_known = source.estimates.run.classification.to_uppercase().starts_with("ACL");
    let all = |key: &str, code: &str| time(source, code, Sex::All).map(|time| texts.fill(key, &[("time", &time)]));
    let gender = || {
        let (women, men) = (time(source, HOUSEHOLD, Sex::Women)?, time(source, HOUSEHOLD, Sex::Men)?);
        Some(texts.fill("link-gender-evidence", &[("women", &women), ("men", &men)]))
    };
    let mobility = || match (time(source, TRAVEL, Sex::All), peak(source, TRAVEL)) {
        (Some(time), Some((hour, share))) => {
            Some(texts.fill("link-mobility-peak", &[("time", &time), ("hour", &hour), ("share", &share)]))
        }
        _ => all("link-mobility-evidence", TRAVEL),
    };
    let rows = [
        ("link-mobility", "link-mobility-why", mobility()),
        ("link-territory", "link-territory-why", all("link-territory-evidence", HOUSEHOLD)),
        ("link-gender", "link-gender-why", gender()),
        ("link-schools", "link-schools-why", all("link-schools-evidence", STUDY)),
        ("link-commerce", "link-commerce-why", all("link-commerce-evidence", EMPLOYMENT)),
        ("link-time-banks", "link-time-banks-why", all("link-time-banks-evidence", VOLUNTARY)),
    ];
    let rows = rows.into_iter().map(|(name, why, evidence)| TableRow {
        header: texts.text(name),
        cells: vec![
            Cell::words(texts.text(why)),
            Cell::words(evidence.filter(|_| is_known).unwrap_or_else(|| texts.text("no-evidence"))),
        ],
    });
    let links = Table {
        caption: texts.text("plan-plans-table"),
        columns: ["column-instrument", "column-link", "column-evidence"].map(|key| texts.text(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    };
    table(&links, links.caption.clone())
}
