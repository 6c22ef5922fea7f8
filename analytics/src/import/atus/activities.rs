//! The survey's activities: the major categories of BLS's tables, second-tier codes and six-digit codes,
//! with their labels (`data/atus_activities.csv`).

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::table::ClassificationRow;

/// The code of minutes that no column of a file holds.
pub(super) const UNCODED: &str = "50";

/// The classification of a file with columns for these six-digit codes: all major categories, and
/// the second-tier and six-digit codes that the file has.
pub(super) fn classification(codes: &[String]) -> Vec<ClassificationRow> {
    let present: BTreeSet<&str> = codes.iter().flat_map(|code| [&code[..4], code.as_str()]).collect();
    let known = listed();
    let named: BTreeSet<String> = known.iter().map(|row| row.code.clone()).collect();
    // Later editions of the survey add codes; they are carried without a name rather than lost.
    let unnamed = present.iter().filter(|code| !named.contains(**code)).map(|code| ClassificationRow {
        code: (*code).to_owned(),
        level: if code.len() == 4 { 2 } else { 3 },
        label_it: format!("Codice {code}"),
        label_en: format!("Code {code}"),
        members: (*code).to_owned(),
    });
    let unnamed: Vec<ClassificationRow> = unnamed.collect();
    known.into_iter().filter(|row| row.level == 1 || present.contains(row.code.as_str())).chain(unnamed).collect()
}

fn listed() -> Vec<ClassificationRow> {
    #[derive(Deserialize)]
    struct Row {
        code: String,
        level: u8,
        label_it: String,
        label_en: String,
        members: String,
    }
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_bytes!("../../../data/atus_activities.csv").as_slice())
        .deserialize::<Row>()
        .map(|row| row.expect("the embedded list of activities is well formed; a test reads it"))
        .map(|row| ClassificationRow {
            label_it: if row.label_it.is_empty() { row.label_en.clone() } else { row.label_it },
            code: row.code,
            level: row.level,
            label_en: row.label_en,
            members: row.members,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_budget::Members;

    #[test]
    fn every_six_digit_code_lies_in_one_major_category_and_one_second_tier() {
        let rows = listed();
        let six_digit: Vec<&ClassificationRow> = rows.iter().filter(|row| row.level == 3).collect();
        assert_eq!(six_digit.len(), 431);
        for code in six_digit.iter().map(|row| row.code.as_str()).chain([UNCODED]) {
            let holding = |level| {
                rows.iter().filter(|row| row.level == level && Members::parse(&row.members).contain(code)).count()
            };
            assert_eq!(holding(1), 1, "level 1 of {code}");
            assert_eq!(holding(2), usize::from(code != UNCODED), "level 2 of {code}");
        }
    }
}
