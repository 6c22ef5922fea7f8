//! The form and the data of the script agree: they say the same days, and are refused for the same faults.

use proptest::prelude::*;

use super::*;
use crate::{diary::form::Act, web::form::Fields};

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 18).unwrap()
}

fn slot(index: usize) -> Slot {
    Slot::new(index).unwrap()
}

/// A code of a list, or something that is on none.
fn any_code(right: Vec<String>) -> impl Strategy<Value = String> {
    prop_oneof![8 => proptest::sample::select(right), 1 => "[0-9x]{1,4}", 1 => Just(String::new())]
}

fn any_activity() -> impl Strategy<Value = String> {
    any_code(questionnaires::activity::all().iter().map(|activity| activity.code.to_string()).collect())
}

fn any_location() -> impl Strategy<Value = String> {
    any_code(Location::all().map(Location::code).collect())
}

fn any_companions() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[23]?4?5?6?", 1 => Just("1".to_owned()), 1 => "[0-7x]{0,3}"]
}

fn any_device() -> impl Strategy<Value = String> {
    prop_oneof![Just("si".to_owned()), Just("no".to_owned()), Just(String::new()), Just("yes".to_owned())]
}

fn any_enjoyment() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[1-7]", 1 => "[0-9]{1,2}", 1 => Just(String::new())]
}

/// One filling in of the form: times, then main, secondary, place, company, device and enjoyment.
type Filled = ((usize, usize), [String; 6]);

fn any_filled() -> impl Strategy<Value = Filled> {
    let fields = (any_activity(), any_activity(), any_location(), any_companions(), any_device(), any_enjoyment());
    ((0..144usize, 1..=144usize), fields).prop_map(
        |((from, length), (main, secondary, place, company, device, joy))| {
            ((from, (from + length).min(144)), [main, secondary, place, company, device, joy])
        },
    )
}

fn as_form(((from, to), [main, secondary, place, company, device, joy]): &Filled) -> Fields {
    let single = [
        ("dalle", slot(*from).to_string()),
        ("alle", slot(*to).to_string()),
        ("attivita", main.clone()),
        ("contemporanea", secondary.clone()),
        ("luogo", place.clone()),
        ("dispositivo", device.clone()),
        ("gradimento", joy.clone()),
    ];
    single.into_iter().chain(company.chars().map(|one| ("con", one.to_string()))).collect()
}

fn as_data(((from, to), codes): &Filled) -> DayData {
    let run = |code: &String| if code.is_empty() { Vec::new() } else { vec![Run(*from, *to, code.clone())] };
    let [main, secondary, location, with_whom, device, enjoyment] = codes.each_ref().map(run);
    DayData { main, secondary, location, with_whom, device, enjoyment }
}

proptest! {
    /// What one filling in of the form does to a blank day, the same codes as data say; and where the form names a field, so do the data.
    #[test]
    fn form_and_data_say_and_refuse_the_same(filled in any_filled()) {
        let by_form = form::read(&as_form(&filled));
        let by_data = as_data(&filled).draft(date(), Slot::END);
        match by_form {
            Ok(Act::Write(entry)) => {
                let mut draft = DiaryDraft::new(date());
                draft.apply(&entry);
                prop_assert_eq!(by_data, Ok(draft));
            }
            Ok(other) => prop_assert!(false, "{:?}", other),
            Err(errors) => {
                // A day with gaps is no fault of the data; a form without an activity is.
                let faults = errors.iter().filter(|error| error.problem != Problem::Missing);
                let faults: BTreeSet<&str> = faults.map(|error| error.field).collect();
                let problems = by_data.err().unwrap_or_default();
                prop_assert_eq!(problems.iter().map(|problem| problem.field).collect::<BTreeSet<&str>>(), faults);
            }
        }
    }

    /// Whatever was told with the form comes back from its data, and from the text of them.
    #[test]
    fn a_day_told_with_the_form_is_the_same_as_data(filled in proptest::collection::vec(any_filled(), 0..30)) {
        let mut draft = DiaryDraft::new(date());
        for entry in &filled {
            if let Ok(Act::Write(entry)) = form::read(&as_form(entry)) {
                draft.clear(entry.span);
                draft.apply(&entry);
            }
        }
        let text = serde_json::to_string(&DayData::of(&draft)).unwrap();
        prop_assert!(text.len() < crate::web::form::BODY_LIMIT / 3, "percent-encoding may triple it: {}", text.len());
        let read: DayData = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.draft(date(), Slot::END), Ok(draft));
    }

    /// Anything at all is read as a day or refused.
    #[test]
    fn any_text_is_a_day_or_refused(
        text in prop_oneof![".{0,60}", r#"\{"(main|device|x)":\[\[[0-9]{1,4},[0-9]{1,3},"[0-9a-z]{0,3}"\]\]\}"#]
    ) {
        if let Ok(data) = serde_json::from_str::<DayData>(&text) {
            match data.draft(date(), slot(70)) {
                Ok(draft) => prop_assert!(draft.main.slots()[70..].iter().all(Option::is_none)),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }
    }
}

#[test]
fn each_fault_names_its_field_and_place() {
    let problems = |data: DayData| data.draft(date(), slot(100)).expect_err("a fault");
    let of = |field, from, to, problem| vec![DataProblem { field, from, to, problem }];
    let run = |from, to, code: &str| vec![Run(from, to, code.to_owned())];
    let main = |run| DayData { main: run, ..DayData::default() };
    assert_eq!(problems(main(run(0, 10, "02"))), of("attivita", 0, 10, Problem::UnknownCode), "a group is no activity");
    assert_eq!(problems(main(run(10, 10, "021"))), of("attivita", 10, 10, Problem::ImpossibleTime));
    assert_eq!(problems(main(run(90, 145, "021"))), of("attivita", 90, 145, Problem::ImpossibleTime));
    assert_eq!(problems(main(run(90, 101, "021"))), of("attivita", 90, 101, Problem::Future));
    let company = DayData { with_whom: run(0, 1, "12"), ..DayData::default() };
    assert_eq!(problems(company), of("con", 0, 1, Problem::AloneInCompany));
}
