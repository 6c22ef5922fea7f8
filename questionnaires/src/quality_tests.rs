//! Each issue is found where it is and nowhere else, and grades fall where the rules say.

use chrono::NaiveDate;

use super::*;
use crate::activity::MainActivity;
use crate::diary::DiaryEntry;

/// An ordinary working day: from, activity, place.
const ORDINARY: [(&str, &str, &str); 13] = [
    ("04:00", "011", "11"),
    ("07:00", "031", "11"),
    ("07:20", "021", "11"),
    ("07:50", "910", "24"),
    ("08:30", "111", "13"),
    ("12:30", "121", "13"),
    ("13:00", "111", "13"),
    ("17:30", "910", "24"),
    ("18:10", "311", "11"),
    ("19:30", "021", "11"),
    ("20:30", "821", "11"),
    ("22:40", "031", "11"),
    ("23:00", "011", "11"),
];

fn day(rows: &[(&str, &str, &str)]) -> DiaryDraft {
    let mut draft = DiaryDraft::new(NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"));
    for (from, activity, place) in rows {
        write(&mut draft, &format!("{from}-04:00"), activity, place);
    }
    draft
}

/// Writes an activity and a place (`""` for none) over a span such as `07:00-08:00`.
fn write(draft: &mut DiaryDraft, span: &str, activity: &str, place: &str) {
    let (start, end) = span.split_once('-').expect("from-to");
    let span = Span::from_clock(start, end).expect("a span of the day");
    draft.clear(span);
    draft.apply(&DiaryEntry {
        main: Some(MainActivity(activity.parse().expect("a code"))),
        location: (!place.is_empty()).then(|| place.parse().expect("a place")),
        ..DiaryEntry::new(span)
    });
}

/// What is found in an ordinary day after this change, as `code at span`.
fn found_after(change: impl FnOnce(&mut DiaryDraft)) -> Vec<String> {
    let mut draft = day(&ORDINARY);
    change(&mut draft);
    check(&draft).iter().map(|issue| format!("{} {}", issue.code.code(), issue.span)).collect()
}

#[test]
fn an_ordinary_day_raises_no_question() {
    assert_eq!(found_after(|_| ()), Vec::<String>::new());
}

#[test]
fn uncovered_time_blocks_and_says_where() {
    let found = found_after(|day| {
        day.clear(Span::from_clock("09:00", "10:00").expect("an hour"));
        day.clear(Span::from_clock("23:00", "04:00").expect("the night"));
    });
    assert_eq!(found, ["uncovered_time 09:00–10:00", "uncovered_time 23:00–04:00"]);
}

#[test]
fn long_episode() {
    assert_eq!(found_after(|day| write(day, "11:30-17:30", "821", "13")), Vec::<String>::new());
    let found = found_after(|day| write(day, "11:20-17:30", "821", "13"));
    assert_eq!(found, ["long_episode 11:20–17:30"]);
    assert_eq!(found_after(|day| write(day, "08:30-18:30", "111", "13")), ["missing_travel 18:30–18:40"]);
    assert_eq!(
        found_after(|day| write(day, "20:00-04:00", "999", "")),
        Vec::<String>::new(),
        "forgotten time is known to be"
    );
}

#[test]
fn travel_without_transport() {
    let found = found_after(|day| write(day, "07:50-08:30", "910", "13"));
    assert_eq!(found, ["travel_without_transport 07:50–08:30"]);
    assert_eq!(found_after(|day| write(day, "07:50-08:30", "910", "20")), Vec::<String>::new(), "some transport");
}

#[test]
fn transport_without_travel() {
    assert_eq!(found_after(|day| write(day, "20:30-22:40", "821", "24")), ["transport_without_travel 20:30–22:40"]);
    assert_eq!(found_after(|day| write(day, "20:30-22:40", "611", "21")), Vec::<String>::new(), "a walk is on foot");
}

#[test]
fn missing_travel() {
    assert_eq!(
        found_after(|day| write(day, "20:30-22:40", "512", "14")),
        ["missing_travel 20:30–20:40", "missing_travel 22:40–22:50"]
    );
}

#[test]
fn place_not_stated() {
    assert_eq!(found_after(|day| write(day, "19:30-20:30", "021", "")), ["place_not_stated 19:30–20:30"]);
    assert_eq!(found_after(|day| write(day, "19:30-20:30", "021", "00")), ["place_not_stated 19:30–20:30"]);
}

#[test]
fn no_sleep_and_no_meal_are_asked_of_complete_days() {
    let awake = |day: &mut DiaryDraft| {
        write(day, "04:00-07:00", "819", "11");
        write(day, "23:00-04:00", "819", "11");
    };
    assert_eq!(found_after(awake), ["no_sleep 04:00–04:00"]);
    let fasting = |day: &mut DiaryDraft| {
        write(day, "07:20-07:50", "031", "11");
        write(day, "12:30-13:00", "111", "13");
        write(day, "19:30-20:30", "311", "11");
    };
    assert_eq!(found_after(fasting), ["no_meal 04:00–04:00"]);
    let unfinished = found_after(|day| {
        awake(day);
        day.clear(Span::from_clock("14:00", "15:00").expect("an hour"));
    });
    assert_eq!(unfinished, ["uncovered_time 14:00–15:00"]);
}

#[test]
fn few_episodes() {
    let rows = [("04:00", "011", "11"), ("09:00", "021", "11"), ("10:00", "821", "11"), ("15:00", "021", "11")];
    let rows = [rows.as_slice(), &[("16:00", "831", "11"), ("21:00", "011", "11")]].concat();
    let codes: Vec<&str> = check(&day(&rows)).iter().map(|issue| issue.code.code()).collect();
    assert_eq!(codes, ["few_episodes"]);
}

#[test]
fn codes_have_names_that_read_back() {
    for code in IssueCode::ALL {
        assert_eq!(IssueCode::from_code(code.code()), Some(code));
    }
    for grade in Grade::ALL {
        assert_eq!(Grade::from_code(grade.code()), Some(grade));
    }
}

fn grade_after(change: impl FnOnce(&mut DiaryDraft)) -> (Grade, usize, usize, usize) {
    let mut draft = day(&ORDINARY);
    change(&mut draft);
    let quality = assess(&draft);
    (quality.grade, quality.n_episodes, quality.missing_minutes, quality.basic_domains)
}

#[test]
fn an_ordinary_day_is_good() {
    assert_eq!(grade_after(|_| ()), (Grade::Good, 13, 0, 4));
}

#[test]
fn missing_minutes_bound_the_grades() {
    assert_eq!(grade_after(|day| write(day, "13:00-14:30", "999", "")).0, Grade::Good, "90 minutes missing");
    assert_eq!(grade_after(|day| write(day, "13:00-14:40", "999", "")).0, Grade::Acceptable, "100 minutes missing");
    assert_eq!(grade_after(|day| write(day, "13:00-16:00", "998", "")).0, Grade::Acceptable, "21 hours covered");
    assert_eq!(grade_after(|day| write(day, "13:00-16:10", "998", "")).0, Grade::Rejected, "190 minutes missing");
    let gap = |day: &mut DiaryDraft| day.clear(Span::from_clock("13:00", "16:10").expect("a gap"));
    assert_eq!(grade_after(gap).0, Grade::Rejected, "a gap is missing too");
}

#[test]
fn episodes_bound_the_grades() {
    let rows = |n: usize| -> Vec<(&str, &str, &str)> {
        let all = [
            ("04:00", "011", "11"),
            ("07:00", "021", "11"),
            ("08:00", "031", "11"),
            ("09:00", "611", "21"),
            ("10:00", "531", "11"),
            ("11:00", "811", "11"),
            ("12:00", "831", "11"),
        ];
        all[..n].to_vec()
    };
    let grade = |n: usize| assess(&day(&rows(n))).grade;
    assert_eq!([4, 5, 6, 7].map(grade), [Grade::Rejected, Grade::Acceptable, Grade::Acceptable, Grade::Good]);
}

#[test]
fn basic_domains_bound_the_grades() {
    let rows = [
        ("04:00", "011", "11"),
        ("08:00", "111", "11"),
        ("10:00", "021", "11"),
        ("11:00", "111", "11"),
        ("13:00", "021", "11"),
        ("14:00", "111", "11"),
        ("18:00", "821", "11"),
    ];
    let quality = assess(&day(&rows));
    assert_eq!((quality.grade, quality.n_episodes, quality.basic_domains), (Grade::Acceptable, 7, 2));
}
