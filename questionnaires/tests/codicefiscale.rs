//! Fiscal codes compared with python-codicefiscale 0.12.1 (MIT): all of its places, 12,800 homocodes, 3,000 codes and 1,200
//! names. `codicefiscale/reference.py` wrote the file and says what its lines are; where Python has the package, it is asked
//! again, about the first and last day of every place too. Where the package is wrong, the test says why.

use std::{collections::BTreeMap, io::Read, path::Path, process::Command};

use chrono::{Datelike, NaiveDate};
use questionnaires::fiscal_code::{Birthplace, FiscalCode, NameAgreement, PlaceCode, RegisteredSex, birthplace};

/// The reference's "today".
fn today() -> NaiveDate {
    date("2026-11-22")
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Lines by their first field.
struct Reference(BTreeMap<String, Vec<Vec<String>>>);

impl Reference {
    fn kept() -> Reference {
        let packed = include_bytes!("codicefiscale/reference.txt.gz");
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("a gzip file of text");
        Reference::read(&text)
    }

    /// The package asked now. `None` where no Python has it; the one that `TEMPI_PYTHON` names must.
    fn asked() -> Option<Reference> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codicefiscale");
        let script = folder.join("reference.py");
        let named = std::env::var("TEMPI_PYTHON").ok();
        let installed = folder.join("venv/bin/python");
        let installed = installed.exists().then(|| installed.display().to_string());
        let python = named.clone().or(installed).unwrap_or_else(|| "python3".to_owned());
        let has_package = Command::new(&python).args(["-c", "import codicefiscale"]).output();
        if !has_package.is_ok_and(|output| output.status.success()) {
            assert!(
                named.is_none(),
                "{python} has no codicefiscale: run questionnaires/tests/codicefiscale/install.sh"
            );
            println!("skipped: {python} has no codicefiscale (tests/codicefiscale/requirements.txt)");
            return None;
        }
        let output = Command::new(&python).arg(script).arg("--all-days").output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(Reference::read(&String::from_utf8(output.stdout).expect("text")))
    }

    fn read(text: &str) -> Reference {
        let mut lines: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for line in text.lines() {
            let mut fields = line.split('\t').map(str::to_owned);
            let kind = fields.next().expect("a line has fields");
            lines.entry(kind).or_default().push(fields.collect());
        }
        Reference(lines)
    }

    fn lines(&self, kind: &str, at_least: usize) -> &[Vec<String>] {
        let lines = &self.0[kind];
        assert!(lines.len() >= at_least, "only {} lines of {kind}", lines.len());
        lines
    }
}

#[test]
fn agrees_with_the_reference_kept_here() {
    compare(&Reference::kept(), 19_000);
}

#[test]
fn agrees_with_the_reference_asked_now() {
    if let Some(reference) = Reference::asked() {
        compare(&reference, 55_000);
    }
}

fn compare(reference: &Reference, n_place_days: usize) {
    places(reference.lines("place", n_place_days));
    homocodes(reference.lines("homocodes", 100));
    codes(reference.lines("code", 3_000));
    names(reference.lines("name", 1_200));
}

fn places(lines: &[Vec<String>]) {
    let mut codes = std::collections::BTreeSet::new();
    for line in lines {
        let [code, day, name] = line.as_slice() else { panic!("{line:?}") };
        let code: PlaceCode = code.parse().expect("a code");
        codes.insert(code);
        match code.on(date(day)) {
            Birthplace::Existing(place) if place.name == name => {}
            Birthplace::Existing(place) => {
                // The archive has days on which two places have one code; the reference takes the first of its list.
                let both = code.places().iter().filter(|place| place.existed_on(date(day))).count();
                assert!(both > 1, "{code} on {day}: {} here, {name} there", place.name);
            }
            other => panic!("{code} on {day}: {other:?} here, {name} there"),
        }
    }
    let here: std::collections::BTreeSet<PlaceCode> = birthplace::all().iter().map(|place| place.code).collect();
    assert!(codes.is_subset(&here));
    // Istat's list of states has these, people are born there, and the reference refuses their codes.
    let missing_there: Vec<&str> = here.difference(&codes).map(PlaceCode::as_str).collect();
    assert_eq!(missing_there, ["Z113", "Z122", "Z339", "Z402", "Z529", "Z531", "Z609", "Z716", "Z722"]);
}

fn homocodes(lines: &[Vec<String>]) {
    for line in lines {
        let [base, checks] = line.as_slice() else { panic!("{line:?}") };
        let code = FiscalCode::with_check_character(base).expect("a code");
        let here: String = code.homocodes().map(|code| code.reveal()[15..].to_owned()).collect();
        assert_eq!(&here, checks, "{base}");
    }
}

fn codes(lines: &[Vec<String>]) {
    let (mut n_refused_there, mut n_other_century) = (0, 0);
    for line in lines {
        let [text, sex, born, place, is_homocode] = line.as_slice() else { panic!("{line:?}") };
        let code: FiscalCode = text.parse().expect("every one is well formed");
        let ours = code.birth_date(today());
        let candidates: Vec<NaiveDate> = code.birth_dates(today()).collect();
        if born == "-" {
            // It refuses a well-formed code when it knows no place at either of two dates of birth. The code may
            // have been issued all the same, and its form is right: here that is for the caller to judge.
            let known = |date: &NaiveDate| matches!(code.birthplace(*date), Birthplace::Existing(_));
            assert!(!candidates.iter().any(known), "{text}");
            n_refused_there += 1;
            continue;
        }
        assert_eq!(code.registered_sex() == RegisteredSex::Female, sex == "F", "{text}");
        assert_eq!(code.is_homocode(), is_homocode == "1", "{text}");
        assert!(code.agrees_with_birth_date(date(born)), "{text}");
        if ours == Some(date(born)) {
            let found = ours.and_then(|date| code.birthplace(date).place()).expect("a place known there");
            if matches!(code.birthplace(date(born)), Birthplace::Existing(_)) {
                assert_eq!(found.name, place, "{text}");
            }
            continue;
        }
        // Two reasons to take another century there. It compares years, so that whoever is born later in the present year
        // counts as born: a date that has not come. And it goes back a century when it knows no place at the later date,
        // although places get codes after the births they are given for; here the rule is the stated one.
        let born = date(born);
        let has_not_come = born > today() && born.year() == today().year();
        let latest_is_doubtful = !ours.is_some_and(|date| matches!(code.birthplace(date), Birthplace::Existing(_)));
        assert!(has_not_come || latest_is_doubtful, "{text}: {ours:?} here, {born} there");
        n_other_century += 1;
    }
    assert!(n_refused_there * 20 < lines.len() && n_other_century * 10 < lines.len());
    assert!(n_other_century > 0, "the known differences are in the file");
}

fn names(lines: &[Vec<String>]) {
    for line in lines {
        let [name, surname, first_name] = line.as_slice() else { panic!("{line:?}") };
        let code = FiscalCode::with_check_character(&format!("{surname}{first_name}80A01L219")).expect("a code");
        // It turns any letter of Unicode into some Latin ones; here a letter outside Latin-1 and Latin Extended-A says nothing.
        let expected = if name == "Nguyễn" { NameAgreement::Unreadable } else { NameAgreement::Agrees };
        assert_eq!(code.agrees_with_surname(name), expected, "surname {name}");
        assert_eq!(code.agrees_with_first_name(name), expected, "first name {name}");
    }
}
