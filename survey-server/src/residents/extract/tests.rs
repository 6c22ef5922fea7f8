//! Extracts good, bad and random.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

/// Everything that comes out of a file.
fn read(bytes: &[u8]) -> Result<(Vec<Resident>, Vec<Remark>), ExtractError> {
    let mut extract = Extract::open(Cursor::new(bytes), today())?;
    let (mut residents, mut remarks) = (Vec::new(), Vec::new());
    while let Some(entry) = extract.next_entry()? {
        if let Entry::Resident(resident) = entry {
            residents.push(resident);
        }
        remarks.extend(extract.take_remarks());
    }
    Ok((residents, remarks))
}

const HEADER: &str = "codice_fiscale;sesso;data_nascita;zona;id_famiglia";
const ROSSI: &str = "RSSMRA80A41C707O;F;1980-01-01;nord;12";

/// The remarks on a file of the header and these lines, as (line, column, reason).
fn remarks(lines: &[&str]) -> Vec<(u64, &'static str, Reason)> {
    let text = format!("{HEADER}\n{}", lines.join("\n"));
    let (_, remarks) = read(text.as_bytes()).unwrap();
    remarks.into_iter().map(|remark| (remark.line, remark.column.map_or("", Column::name), remark.reason)).collect()
}

#[test]
fn a_line_becomes_a_resident() {
    let (residents, remarks) = read(format!("{HEADER}\n{ROSSI}\n").as_bytes()).unwrap();
    assert_eq!(remarks, []);
    let [rossi] = residents.as_slice() else { panic!("{residents:?}") };
    assert_eq!(rossi.code.reveal(), "RSSMRA80A41C707O");
    assert_eq!((rossi.sex, rossi.birth_date), (RegisteredSex::Female, "1980-01-01".parse().unwrap()));
    assert_eq!((rossi.zone.as_deref(), rossi.household.as_str(), rossi.is_reference), (Some("nord"), "12", false));
    assert_eq!(Resident::from_record(&rossi.to_record()).unwrap(), *rossi);
}

#[test]
fn separators_synonyms_order_and_spelling_of_names_are_free() {
    let expected = read(format!("{HEADER};relazione\n{ROSSI};1\n").as_bytes()).unwrap().0;
    for text in [
        "CF,Genere,Data di nascita,Quartiere,Famiglia,Rapporto Parentela\nRSSMRA80A41C707O,donna,01/01/1980,nord,12,IS",
        "note\tid famiglia\tzona\tdata_nascita\tsesso\tcod_fiscale\tparentela\nx\t12\tnord\t1.1.1980\tf\trssmra80a41c707o\tIntestatario\r\n",
        "fiscal_code;\"sex\";birth_date;zone;household;relation\n\n\"RSSMRA80A41C707O\";\"F\";\"19800101\"; \"nord\" ;\"12\";1\n   \n",
        "\u{feff}codice_fiscale;sesso;data_nascita;zona;id_famiglia;relazione\r\nRSSMRA80A41C707O;F;1980-01-01 00:00:00;nord;12;1\r\n",
    ] {
        let (residents, remarks) = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((residents, remarks), (expected.clone(), vec![]), "{text}");
    }
}

#[test]
fn letters_may_be_utf8_or_latin1() {
    let line = "RSSMRA80A41C707O;F;1980-01-01;Città alta;12";
    let utf8 = format!("{HEADER}\n{line}\n");
    let latin1: Vec<u8> = utf8.chars().map(|letter| letter as u8).collect();
    assert!(String::from_utf8(latin1.clone()).is_err());
    for (bytes, encoding) in [(utf8.as_bytes(), Encoding::Utf8), (&latin1, Encoding::Latin1)] {
        let extract = Extract::open(Cursor::new(bytes), today()).unwrap();
        assert_eq!(extract.encoding, encoding);
        assert_eq!(read(bytes).unwrap().0[0].zone.as_deref(), Some("Città alta"));
    }
    // Windows puts a curly apostrophe at 0x92, which Latin-1 leaves to control characters.
    let windows = [HEADER.as_bytes(), b"\nRSSMRA80A41C707O;F;1980-01-01;Sant\x92Anna;12\n"].concat();
    assert_eq!(read(&windows).unwrap().0[0].zone.as_deref(), Some("Sant’Anna"));
}

/// A letter of two bytes at every place around the end of the buffer in which the encoding is looked for.
#[test]
fn a_letter_across_the_buffer_is_no_latin1() {
    for place in (1 << 20) - 3..(1 << 20) + 1 {
        let text = format!("{}à", "x".repeat(place));
        let mut file = Cursor::new(text.as_bytes());
        assert_eq!(Encoding::detect(&mut file).unwrap(), Encoding::Utf8, "{place}");
        let cut = &text.as_bytes()[..text.len() - 1];
        assert_eq!(Encoding::detect(&mut Cursor::new(cut)).unwrap(), Encoding::Latin1, "cut at {place}");
    }
}

#[test]
fn a_first_line_that_names_no_columns_is_refused() {
    let error = |text: &[u8]| match read(text) {
        Err(ExtractError::Header(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(error(b""), HeaderError::Empty);
    assert_eq!(error(b"\n"), HeaderError::Empty);
    assert_eq!(error(b"codice_fiscale;sesso;data_nascita;zona\n"), HeaderError::Missing(Column::Household));
    assert_eq!(error(ROSSI.as_bytes()), HeaderError::Missing(Column::FiscalCode));
    assert_eq!(error(b"cf;codice_fiscale;sesso;data_nascita;zona;famiglia"), HeaderError::Twice(Column::FiscalCode));
    assert_eq!(error(b"\"cf;sesso"), HeaderError::Unreadable);
    assert_eq!(error(&vec![b';'; lines::LONGEST_LINE + 1]), HeaderError::Unreadable);
    let utf16: Vec<u8> = "\u{feff}cf;sesso".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(error(&utf16), HeaderError::Utf16);
}

#[test]
fn a_bad_line_is_named_and_the_next_one_read() {
    let long = format!("{};F;1980-01-01;nord;12", "X".repeat(lines::LONGEST_LINE));
    let wide = format!("RSSMRA80A41C707O;F;1980-01-01;{};12", "z".repeat(65));
    let code = |first_fifteen: &str| FiscalCode::with_check_character(first_fifteen).unwrap().reveal().to_owned();
    let future = format!("{};F;2026-11-23;nord;1", code("RSSMRA26S63C707"));
    let cases: &[(&str, &str, Reason)] = &[
        (&long, "", Reason::LineTooLong),
        ("\"RSSMRA80A41C707O;F;1980-01-01;nord;12", "", Reason::BrokenQuote),
        ("\"RSSMRA80A41C707O\"x;F;1980-01-01;nord;12", "", Reason::BrokenQuote),
        ("RSSMRA80A41C707O;F;1980-01-01;nord", "", Reason::FieldCount),
        ("RSSMRA80A41C707O;F;1980-01-01;nord;12;", "", Reason::FieldCount),
        ("RSSMRA80A41C707O;F;1980-01-01;no\0rd;12", "zona", Reason::ControlCharacter),
        ("RSSMRA80A41C707O;F;1980-01-01;no\u{1f}rd;12", "zona", Reason::ControlCharacter),
        (&wide, "zona", Reason::ValueTooLong),
        (";F;1980-01-01;nord;12", "codice_fiscale", Reason::Missing),
        ("RSSMRA80A41C707O;;1980-01-01;nord;12", "sesso", Reason::Missing),
        ("RSSMRA80A41C707;F;1980-01-01;nord;12", "codice_fiscale", Reason::CodeLength),
        ("RSSMRA80Z41C707O;F;1980-01-01;nord;12", "codice_fiscale", Reason::CodeForm),
        ("RSSMRA80A41C707X;F;1980-01-01;nord;12", "codice_fiscale", Reason::CodeCheck),
        ("80078750588;F;1980-01-01;nord;12", "codice_fiscale", Reason::CodeCheck),
        ("RSSMRA80A41C707O;X;1980-01-01;nord;12", "sesso", Reason::Sex),
        ("RSSMRA80A41C707O;F;1980-02-30;nord;12", "data_nascita", Reason::BirthDateForm),
        ("RSSMRA80A41C707O;F;80-01-01;nord;12", "data_nascita", Reason::BirthDateForm),
        ("RSSMRA80A41C707O;F;+980-01-01;nord;12", "data_nascita", Reason::BirthDateForm),
        ("RSSMRA80A41C707O;F;1880-01-01;nord;12", "data_nascita", Reason::BirthDateImpossible),
        (&future, "data_nascita", Reason::BirthDateImpossible),
    ];
    for (line, column, reason) in cases {
        assert_eq!(remarks(&[line, ROSSI]), [(2, *column, *reason)], "{line:.60}");
        assert!(reason.rejects());
    }
    assert_eq!(remarks(&[ROSSI, "", ROSSI]), [(4, "codice_fiscale", Reason::Repeated)]);
}

#[test]
fn what_disagrees_with_the_code_is_remarked_on_and_counts() {
    let header = "codice_fiscale;sesso;data_nascita;zona;id_famiglia;cognome;nome";
    let told = |line: &str| {
        let (residents, remarks) = read(format!("{header}\n{line}").as_bytes()).unwrap();
        assert_eq!(residents.len(), 1, "{line}");
        assert!(remarks.iter().all(|remark| !remark.reason.rejects()));
        remarks.into_iter().map(|remark| remark.reason).collect::<Vec<_>>()
    };
    assert_eq!(told("RSSMRA80A41C707O;F;1980-01-01;nord;12;Rossi;Maria"), []);
    assert_eq!(told("RSSMRA80A41C707O;M;1980-01-01;nord;12;Rossi;Maria"), [Reason::SexDisagrees]);
    assert_eq!(told("RSSMRA80A41C707O;F;1980-01-02;nord;12;Rossi;Maria"), [Reason::BirthDateDisagrees]);
    assert_eq!(told("RSSMRA80A41C707O;F;1980-01-01;nord;12;Maria;Rossi").len(), 2);
    assert_eq!(told("RSSMRA80A41C707O;F;1980-01-01;nord;12;;"), []);
    let unknown = FiscalCode::with_check_character("RSSMRA80A41A000").unwrap();
    let line = format!("{};F;1980-01-01;nord;12;Rossi;Maria", unknown.reveal());
    assert_eq!(told(&line), [Reason::BirthplaceUnknown]);
}

#[test]
fn who_has_no_zone_or_household_is_read_and_lives_alone() {
    let (residents, _) = read(format!("{HEADER}\n80078750587;M;1980-01-01;;\n").as_bytes()).unwrap();
    assert_eq!((residents[0].zone.clone(), residents[0].household.as_str()), (None, "80078750587"));
    assert_eq!(residents[0].code.identifying(), None, "a provisional code is no sign-in");
}

/// A line of some kind, right or wrong.
fn any_line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[A-Z0-9;\",\t àß\0]{0,80}".prop_map(String::into_bytes),
        Just(ROSSI.as_bytes().to_vec()),
        "[A-Z]{6}[0-9]{2}[A-T][0-9]{2}[A-Z][0-9]{3}[A-Z];[FM];[0-9/-]{8,10};\"?[a-z]{0,70}\"?;[0-9]{0,5}"
            .prop_map(String::into_bytes),
        (1usize..40_000).prop_map(|n_bytes| vec![b'"'; n_bytes]),
    ]
}

proptest! {
    #[test]
    fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes);
    }

    #[test]
    fn every_line_is_a_resident_or_named_with_its_number(lines in prop::collection::vec(any_line(), 0..20)) {
        let mut bytes = HEADER.as_bytes().to_vec();
        for line in &lines {
            bytes.push(b'\n');
            bytes.extend(line);
        }
        let (residents, remarks) = read(&bytes).unwrap();
        let is_blank = |line: &[u8]| {
            let is_utf8 = std::str::from_utf8(&bytes).is_ok();
            let text: String = match is_utf8 {
                true => String::from_utf8_lossy(line).into_owned(),
                false => line.iter().map(|byte| if (0x80..0xa0).contains(byte) { 'x' } else { char::from(*byte) }).collect(),
            };
            text.trim().is_empty()
        };
        let physical: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').skip(1).collect();
        let n_told = physical.iter().filter(|line| !is_blank(line)).count();
        let rejected: Vec<u64> =
            remarks.iter().filter(|remark| remark.reason.rejects()).map(|remark| remark.line).collect();
        prop_assert!(rejected.windows(2).all(|pair| pair[0] < pair[1]), "{rejected:?}");
        prop_assert!(rejected.iter().all(|line| (2..=physical.len() as u64 + 1).contains(line)));
        // 0x81 and its like are blanks in Latin-1, so that a line of nothing else counts as blank there.
        prop_assert!(residents.len() + rejected.len() <= n_told);
        if std::str::from_utf8(&bytes).is_ok() {
            prop_assert_eq!(residents.len() + rejected.len(), n_told);
        }
    }

    #[test]
    fn fields_are_those_of_the_csv_library(
        fields in prop::collection::vec("[a-zà;\", ]{0,12}", 1..8), separator in prop_oneof![Just(';'), Just(',')],
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator as u8).from_writer(Vec::new());
        writer.write_record(&fields).unwrap();
        let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let found = fields::split(line.trim_end_matches('\n'), separator).unwrap();
        let expected: Vec<&str> = fields.iter().map(|field| field.trim()).collect();
        prop_assert_eq!(found, expected);
    }
}
