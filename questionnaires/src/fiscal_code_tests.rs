//! Fiscal codes: published vectors, homocodes, and the promise that one mistyped character is noticed.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn code(text: &str) -> FiscalCode {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}

#[test]
fn reads_what_the_code_says_of_its_holder() {
    let rossi = code("RSSMRA80A41C707O");
    assert_eq!(rossi.registered_sex(), RegisteredSex::Female);
    assert_eq!(rossi.birth_date(date(2026, 11, 22)), Some(date(1980, 1, 1)));
    assert_eq!(rossi.birthplace_code(), "C707");

    let bianchi = code("BNCGNN92T55C707S");
    assert_eq!(bianchi.registered_sex(), RegisteredSex::Female);
    assert_eq!(bianchi.birth_date(date(2026, 11, 22)), Some(date(1992, 12, 15)));

    let third = code("CCCFBA85D03L219P");
    assert_eq!(third.registered_sex(), RegisteredSex::Male);
    assert_eq!(third.birth_date(date(2026, 11, 22)), Some(date(1985, 4, 3)));
    assert_eq!(third.birthplace_code(), "L219");
}

#[test]
fn accepts_small_letters_and_spaces() {
    assert_eq!(code(" rss mra 80a41 c707o\n"), code("RSSMRA80A41C707O"));
}

#[test]
fn a_homocode_is_another_person_with_the_same_birth() {
    let plain = code("RSSMRA80A41C707O");
    let homocode = FiscalCode::with_check_character("RSSMRAULAQMCTLT").expect("all seven digits replaced");
    assert_ne!(plain, homocode);
    // The same homocode according to python-codicefiscale 0.12, and three more of its 127.
    assert_eq!(homocode, code("RSSMRAULAQMCTLTF"));
    for other in ["RSSMRA80A41C70TL", "RSSMRA80A41C7L7Z", "RSSMRAULAQMCTL7I"] {
        assert_eq!(code(other).birth_date(date(2026, 1, 1)), Some(date(1980, 1, 1)), "{other}");
    }
    assert_eq!(homocode.birth_date(date(2026, 1, 1)), Some(date(1980, 1, 1)));
    assert_eq!(homocode.birthplace_code(), "C707");
    assert_eq!(homocode.registered_sex(), RegisteredSex::Female);
}

#[test]
fn the_two_digit_year_is_the_latest_that_has_passed() {
    let born_in_25 = FiscalCode::with_check_character("RSSMRA25T41C707").expect("1 December of a year 25");
    assert_eq!(born_in_25.birth_date(date(2026, 1, 1)), Some(date(2025, 12, 1)));
    assert_eq!(born_in_25.birth_date(date(2025, 12, 1)), Some(date(2025, 12, 1)));
    assert_eq!(born_in_25.birth_date(date(2025, 11, 30)), Some(date(1925, 12, 1)));
    let leap_day = FiscalCode::with_check_character("RSSMRA00B29C707").expect("29 February 2000");
    assert_eq!(leap_day.birth_date(date(1999, 12, 31)), None, "1900 had no 29 February");
}

#[test]
fn errors_say_which_character() {
    let error = |text: &str| text.parse::<FiscalCode>().expect_err("not a fiscal code");
    assert_eq!(error("RSSMRA80A41C707"), FiscalCodeError::Length { found: 15 });
    assert_eq!(error(""), FiscalCodeError::Length { found: 0 });
    assert_eq!(error("1SSMRA80A41C707O"), FiscalCodeError::Character { position: 1, expected: Expected::Letter });
    assert_eq!(error("RSSMRA8AA41C707O"), FiscalCodeError::Character { position: 8, expected: Expected::Digit });
    assert_eq!(error("RSSMRA80F41C707O"), FiscalCodeError::Character { position: 9, expected: Expected::Month });
    assert_eq!(error("RSSMRÀ80A41C707O"), FiscalCodeError::Character { position: 6, expected: Expected::Letter });
    assert_eq!(error("RSSMRA80A41C707A"), FiscalCodeError::CheckCharacter);
    for day in ["00", "32", "40", "72"] {
        let text = format!("RSSMRA80A{day}C707");
        assert_eq!(FiscalCode::with_check_character(&text), Err(FiscalCodeError::Day), "day {day}");
    }
    assert_eq!(FiscalCode::with_check_character("RSSMRA81B29C707"), Err(FiscalCodeError::Day), "1981 is no leap year");
}

#[test]
fn neither_debug_nor_errors_show_the_code() {
    let shown = format!("{:?}", code("RSSMRA80A41C707O"));
    assert_eq!(shown, "FiscalCode(***)");
    let error = "RSSMRA80A41C707X".parse::<FiscalCode>().expect_err("wrong check character");
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains("RSSMRA") && !text.contains("C707"), "{text}");
    }
}

/// Codes of people of any sex, date and birthplace, each digit possibly a homocode letter.
fn any_code() -> impl Strategy<Value = FiscalCode> {
    let parts = ("[A-Z]{6}", 0u32..100, 0usize..12, 1u32..=28, any::<bool>(), "[A-Z]", 0u32..1000, any::<u8>());
    parts.prop_map(|(name, year, month, day, female, place, place_number, replaced)| {
        let day = if female { day + FEMALE_DAY_OFFSET } else { day };
        let text = format!("{name}{year:02}{}{day:02}{place}{place_number:03}", char::from(MONTHS[month]));
        let mut bytes = text.into_bytes();
        for (bit, index) in [6, 7, 9, 10, 12, 13, 14].into_iter().enumerate() {
            if replaced & 1 << bit != 0 {
                bytes[index] = HOMOCODE_DIGITS[usize::from(bytes[index] - b'0')];
            }
        }
        let text = String::from_utf8(bytes).expect("letters and digits");
        FiscalCode::with_check_character(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
    })
}

proptest! {
    #[test]
    fn a_code_with_its_check_character_parses_back(original in any_code()) {
        prop_assert_eq!(original.reveal().parse::<FiscalCode>(), Ok(original.clone()));
        prop_assert!((1..=28).contains(&original.birth_day()));
        prop_assert!((1..=12).contains(&original.birth_month()));
    }

    #[test]
    fn one_changed_character_is_noticed(original in any_code(), index in 0usize..16, other in "[A-Z0-9]") {
        let mut changed = original.reveal().to_owned();
        prop_assume!(changed[index..index + 1] != other);
        changed.replace_range(index..index + 1, &other);
        prop_assert!(changed.parse::<FiscalCode>().is_err(), "character {} went unnoticed", index + 1);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _ = text.parse::<FiscalCode>();
        let _ = FiscalCode::with_check_character(&text);
    }
}
