//! A day that starts from the usual working week: the hours of paid work of its weekday, as the questionnaire on the usual week has
//! them. Everything else of the day stays blank, and it is proposed only where the weeks are alike.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use questionnaires::{ActivityCode, Answer, Answers, DiaryDraft, MainActivity, Slot, Span};

/// The questionnaire, as data.
pub(in crate::diary) const QUESTIONNAIRE: &str = "usual_week";

/// The activity that hours of paid work are.
const PAID_WORK: &str = "111";

const MINUTES_PER_DAY: i64 = 24 * 60;
/// A day of the diary begins at four.
const BEGINS: i64 = 4 * 60;
const SLOT_MINUTES: i64 = 10;

/// The day of `date` as the answers have it; nothing where its person does not work then, or their weeks differ.
pub(in crate::diary) fn day(answers: &Answers, date: NaiveDate) -> Option<DiaryDraft> {
    if answers.choice("has_paid_work") != Some("yes") || answers.choice("week_repeats") != Some("same") {
        return None;
    }
    let work = MainActivity(PAID_WORK.parse::<ActivityCode>().ok()?);
    // Work of the evening before may go on after four, and that of the next date begin before it.
    let spells = [date.pred_opt()?, date, date.succ_opt()?].into_iter().zip([-1, 0, 1]).flat_map(|(day, offset)| {
        let spells = spells(answers, day.weekday());
        spells.into_iter().map(move |(start, end)| (start + offset * MINUTES_PER_DAY, end + offset * MINUTES_PER_DAY))
    });
    let mut draft = DiaryDraft::new(date);
    let mut works = false;
    for span in spells.filter_map(|(start, end)| Span::new(slot(start)?, slot(end)?)) {
        draft.main.set(span, Some(work));
        works = true;
    }
    works.then_some(draft)
}

/// The spells of paid work that begin on a weekday: minutes from its midnight, the end after the start.
fn spells(answers: &Answers, weekday: Weekday) -> Vec<(i64, i64)> {
    let time = |column: &str| minutes(answers.answer(&format!("work_hours.{}.{column}", name(weekday)))?);
    let mut spells: Vec<(i64, i64)> = Vec::new();
    for (start, end) in [("start_1", "end_1"), ("start_2", "end_2")] {
        let Some((start, end)) = time(start).zip(time(end)) else { continue };
        let before = spells.last().map_or(0, |(_, end)| *end);
        let start = if start < before { start + MINUTES_PER_DAY } else { start };
        let days = (start - end).div_euclid(MINUTES_PER_DAY) + 1;
        spells.push((start, end + days * MINUTES_PER_DAY));
    }
    spells
}

fn minutes(answer: &Answer) -> Option<i64> {
    let Answer::Text(text) = answer else { return None };
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok()?;
    Some(i64::from(time.hour() * 60 + time.minute()))
}

/// The slot nearest to a minute of the date, within its day.
fn slot(minute: i64) -> Option<Slot> {
    let slots = (minute - BEGINS + SLOT_MINUTES / 2).div_euclid(SLOT_MINUTES);
    Slot::new(usize::try_from(slots.clamp(0, MINUTES_PER_DAY / SLOT_MINUTES)).ok()?)
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

#[cfg(test)]
mod tests {
    use questionnaires::instrument;

    use super::*;

    fn week(hours: &[(&str, &str)]) -> Answers {
        let mut answers = Answers::default();
        answers.set("has_paid_work", Answer::Choice("yes".to_owned()));
        answers.set("week_repeats", Answer::Choice("same".to_owned()));
        for (place, time) in hours {
            answers.set(format!("work_hours.{place}"), Answer::Text((*time).to_owned()));
        }
        answers
    }

    /// The spans of work on a day of November 2026; the 16th is a Monday.
    fn works(answers: &Answers, day_of_month: u32) -> Vec<String> {
        let date = NaiveDate::from_ymd_opt(2026, 11, day_of_month).unwrap();
        let draft = day(answers, date).unwrap_or_else(|| DiaryDraft::new(date));
        let told = draft.main.spans().into_iter().filter(|(_, main)| main.is_some());
        told.map(|(span, _)| span.to_string()).collect()
    }

    #[test]
    fn a_weekday_has_its_own_hours_and_the_lunch_between_them_stays_blank() {
        let hours = [("start_1", "08:30"), ("end_1", "13:04"), ("start_2", "14:00"), ("end_2", "18:26")];
        let hours = hours.map(|(column, time)| (format!("monday.{column}"), time));
        let answers = week(&hours.each_ref().map(|(place, time)| (place.as_str(), *time)));
        assert_eq!(works(&answers, 16), ["08:30–13:00", "14:00–18:30"]);
        assert_eq!(works(&answers, 17), [""; 0], "nobody said that they work on Tuesdays");
    }

    #[test]
    fn work_at_night_is_of_both_days() {
        let night = week(&[("saturday.start_1", "22:00"), ("saturday.end_1", "06:00")]);
        assert_eq!(works(&night, 21), ["22:00–04:00"]);
        assert_eq!(works(&night, 22), ["04:00–06:00"]);
        let early = week(&[("friday.start_1", "02:00"), ("friday.end_1", "09:00")]);
        assert_eq!(works(&early, 19), ["02:00–04:00"]);
        assert_eq!(works(&early, 20), ["04:00–09:00"]);
        let broken = [("start_1", "20:00"), ("end_1", "23:30"), ("start_2", "00:30"), ("end_2", "03:00")];
        let broken = broken.map(|(column, time)| (format!("monday.{column}"), time));
        let answers = week(&broken.each_ref().map(|(place, time)| (place.as_str(), *time)));
        assert_eq!(works(&answers, 16), ["20:00–23:30", "00:30–03:00"]);
    }

    #[test]
    fn nothing_is_proposed_where_weeks_differ_or_nobody_works() {
        let hours = [("monday.start_1", "08:30"), ("monday.end_1", "13:00")];
        let mut answers = week(&hours);
        answers.set("week_repeats", Answer::Choice("varies".to_owned()));
        assert_eq!(works(&answers, 16), [""; 0]);
        let mut answers = week(&hours);
        answers.set("has_paid_work", Answer::Choice("no".to_owned()));
        assert_eq!(works(&answers, 16), [""; 0]);
        for time in ["8", "25:00", ""] {
            assert_eq!(works(&week(&[("monday.start_1", time), ("monday.end_1", "13:00")]), 16), [""; 0], "{time}");
        }
    }

    #[test]
    fn the_questionnaire_asks_what_is_read_here() {
        let asked = instrument::all().iter().find(|one| one.name == QUESTIONNAIRE).expect("it is asked");
        for weekday in
            [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun]
        {
            for column in ["start_1", "end_1", "start_2", "end_2"] {
                assert!(asked.field(&format!("work_hours.{}.{column}", name(weekday))).is_some(), "{weekday} {column}");
            }
        }
        assert!(PAID_WORK.parse::<ActivityCode>().is_ok());
    }
}
