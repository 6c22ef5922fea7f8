//! Each issue is found where it is and nowhere else, and grades fall where the rules say.

use chrono::NaiveDate;

use super::*;
use crate::activity::MainActivity;
use crate::context::{Companion, Companions};
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
fn a_journey_that_ends_where_it_began() {
    let found = found_after(|day| write(day, "20:30-22:40", "910", "21"));
    assert_eq!(found, ["travel_without_change_of_place 20:30–22:40"]);
    let by_two_means = found_after(|day| {
        write(day, "20:30-21:00", "910", "21");
        write(day, "21:00-22:40", "910", "31");
    });
    assert_eq!(by_two_means, ["travel_without_change_of_place 20:30–22:40"], "one journey by two means");
    assert_eq!(found_after(|day| write(day, "20:30-22:40", "611", "21")), Vec::<String>::new(), "a walk is no journey");
    for may_lead_back in ["900", "938", "939", "960"] {
        assert_eq!(found_after(|day| write(day, "20:30-22:40", may_lead_back, "24")), Vec::<String>::new());
    }
    let to_another_shop = found_after(|day| {
        write(day, "18:10-18:30", "361", "16");
        write(day, "18:30-18:40", "910", "21");
        write(day, "18:40-18:50", "361", "16");
        write(day, "18:50-19:30", "910", "21");
    });
    assert_eq!(to_another_shop, Vec::<String>::new(), "there are many shops");
    assert_eq!(
        found_after(|day| {
            write(day, "20:30-21:00", "910", "24");
            day.clear(Span::from_clock("21:00", "22:40").expect("a gap"));
        }),
        ["uncovered_time 21:00–22:40"],
        "nobody knows yet where it led"
    );
}

#[test]
fn a_holiday_home_is_not_ten_minutes_away() {
    let away = |way: &'static str, place: &'static str| {
        found_after(move |day| {
            write(day, "18:10-20:30", "821", place);
            write(day, way, "910", "24");
        })
    };
    assert_eq!(away("20:30-20:40", "12"), ["hasty_travel 20:30–20:40"]);
    assert_eq!(away("20:30-20:40", "17"), ["hasty_travel 20:30–20:40"]);
    assert_eq!(away("20:30-20:50", "12"), Vec::<String>::new());
    assert_eq!(away("20:30-20:40", "14"), Vec::<String>::new(), "friends may live next door");
}

/// Writes a secondary activity over a span.
fn meanwhile(draft: &mut DiaryDraft, span: &str, activity: &str) {
    let (start, end) = span.split_once('-').expect("from-to");
    let span = Span::from_clock(start, end).expect("a span of the day");
    let secondary = crate::activity::SecondaryActivity(activity.parse().expect("a code"));
    draft.apply(&DiaryEntry { secondary: Some(Some(secondary)), ..DiaryEntry::new(span) });
}

#[test]
fn asleep_on_the_move() {
    for place in ["21", "22", "23"] {
        assert_eq!(found_after(|day| write(day, "08:00-08:10", "011", place)), ["asleep_on_the_move 08:00–08:10"]);
        let dozing = found_after(|day| {
            write(day, "08:00-08:10", "910", place);
            meanwhile(day, "08:00-08:10", "011");
        });
        assert_eq!(dozing, ["asleep_on_the_move 08:00–08:10"]);
    }
    assert_eq!(found_after(|day| meanwhile(day, "08:00-08:10", "011")), Vec::<String>::new(), "carried in a car");
    assert_eq!(found_after(|day| write(day, "08:00-08:10", "011", "24")), ["transport_without_travel 08:00–08:10"]);
}

#[test]
fn asleep_and_active() {
    assert_eq!(found_after(|day| meanwhile(day, "21:00-21:30", "011")), ["asleep_and_active 21:00–21:30"]);
    assert_eq!(found_after(|day| meanwhile(day, "23:00-23:30", "831")), ["asleep_and_active 23:00–23:30"]);
    assert_eq!(found_after(|day| meanwhile(day, "23:00-23:30", "999")), Vec::<String>::new());
    let ill = found_after(|day| {
        write(day, "23:00-04:00", "012", "11");
        meanwhile(day, "23:00-23:30", "831");
    });
    assert_eq!(ill, Vec::<String>::new(), "who lies ill may listen to the radio");
}

#[test]
fn work_at_an_unlikely_place() {
    for place in ["12", "14", "15", "16", "17"] {
        let found = found_after(|day| write(day, "14:00-15:00", "111", place));
        assert!(found.contains(&"work_at_unlikely_place 14:00–15:00".to_owned()), "{place}: {found:?}");
    }
    let at_home = found_after(|day| write(day, "20:30-22:40", "111", "11"));
    assert_eq!(at_home, Vec::<String>::new(), "many work at home");
}

#[test]
fn care_alone() {
    let caring = |activity: &'static str, company: Companion| {
        found_after(move |day| {
            write(day, "20:30-22:40", activity, "11");
            let span = Span::from_clock("20:30", "22:40").expect("an evening");
            day.apply(&DiaryEntry { with_whom: Companions::new([company]), ..DiaryEntry::new(span) });
        })
    };
    for activity in ["381", "382", "383", "384"] {
        assert_eq!(caring(activity, Companion::Alone), ["care_alone 20:30–22:40"]);
    }
    assert_eq!(caring("383", Companion::Child), Vec::<String>::new());
    assert_eq!(caring("389", Companion::Alone), Vec::<String>::new(), "talking to a teacher is childcare too");
}

#[test]
fn an_answer_lasts_while_nothing_changes_where_it_was_given() {
    let mut before = day(&ORDINARY);
    write(&mut before, "20:30-22:40", "512", "14");
    let issues = check(&before);
    assert_eq!(issues.len(), 2, "{issues:?}");
    let answered =
        |after: &DiaryDraft| issues.iter().map(|issue| still_answered(issue, &before, after)).collect::<Vec<_>>();
    assert_eq!(answered(&before), [true, true]);

    let mut after = before.clone();
    write(&mut after, "07:20-07:50", "021", "15");
    assert_eq!(answered(&after), [true, true], "breakfast is another matter");
    let mut after = before.clone();
    write(&mut after, "20:20-20:30", "831", "11");
    assert_eq!(answered(&after), [false, true], "what was before the first arrival changed");
    let mut after = before.clone();
    write(&mut after, "21:00-21:10", "513", "14");
    assert_eq!(answered(&after), [true, true], "the middle of the visit is not the arrival");
    let mut after = before.clone();
    write(&mut after, "22:30-22:40", "910", "24");
    assert_eq!(answered(&after), [true, false], "the question is not there any more");
}

#[test]
fn an_answer_about_the_whole_day_lasts_while_it_would_be_asked() {
    let mut before = day(&ORDINARY);
    write(&mut before, "04:00-07:00", "819", "11");
    write(&mut before, "23:00-04:00", "819", "11");
    let no_sleep = Issue { code: IssueCode::NoSleep, span: Span::DAY };
    assert_eq!(check(&before), [no_sleep]);
    let mut after = before.clone();
    write(&mut after, "07:20-07:50", "021", "15");
    assert!(still_answered(&no_sleep, &before, &after));
    write(&mut after, "02:00-04:00", "011", "11");
    assert!(!still_answered(&no_sleep, &before, &after));
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
