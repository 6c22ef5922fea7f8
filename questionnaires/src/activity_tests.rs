//! The coding list: its size, its tree, and labels that tell the codes apart.

use std::collections::BTreeSet;

use super::*;
use crate::text::Language;

fn code(text: &str) -> ActivityCode {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_list_has_158_codes_in_three_levels() {
    assert_eq!(all().len(), 158);
    assert_eq!([1, 2, 3].map(|level| at_level(level).count()), [10, 32, 116]);
    assert_eq!(LIST.by_code.len(), 158, "no code stands there twice");
}

#[test]
fn every_code_hangs_under_the_code_it_begins_with() {
    for activity in all() {
        match activity.parent {
            None => assert_eq!(activity.level, 1, "{}", activity.code),
            Some(parent) => {
                assert!(parent.level() < activity.level, "{}", activity.code);
                assert!(activity.code.as_str().starts_with(parent.as_str()), "{}", activity.code);
            }
        }
        assert_eq!(usize::from(activity.level), activity.code.as_str().len(), "{}", activity.code);
    }
    assert_eq!(code("384").at_level(2), code("38"));
    assert_eq!(code("384").at_level(1), code("3"));
    assert_eq!(code("910").at_level(2), code("9"), "main group 9 has no second level");
}

#[test]
fn every_code_has_a_label_of_its_own_in_every_language() {
    for language in Language::ALL {
        for level in 1..=3 {
            let labels: BTreeSet<&str> = at_level(level).map(|activity| activity.label.text(language).trim()).collect();
            assert!(!labels.contains(""), "level {level}, {}", language.tag());
            assert_eq!(labels.len(), at_level(level).count(), "level {level}, {}", language.tag());
        }
    }
}

#[test]
fn what_is_not_a_code_is_refused_by_name() {
    for text in ["", "40", "400", "3841", " 384", "38a", "३८४"] {
        assert_eq!(text.parse::<ActivityCode>(), Err(UnknownActivity(text.to_owned())));
    }
}

#[test]
fn journeys_and_unspecified_time_are_told_apart() {
    let journeys: Vec<&str> = all().iter().map(|a| a.code.as_str()).filter(|text| code(text).is_travel()).collect();
    assert_eq!(journeys, ["900", "910", "920", "936", "938", "939", "940", "950", "960", "980"]);
    assert!(ActivityCode::UNSPECIFIED.is_unspecified_time());
    assert_eq!(ActivityCode::UNSPECIFIED, code("999"));
    assert!(!code("995").is_unspecified_time(), "filling in the diary is known time");
}
