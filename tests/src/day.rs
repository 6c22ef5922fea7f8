//! A whole ordinary day as the script of the diary page sends it, each with a number that can be read back from it.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};
use survey_server::clock::italian_time;

use crate::site::Site;

/// From slot, to slot, activity, place: 24 episodes that fill the day.
const EPISODES: [(usize, usize, &str, &str); 24] = [
    (0, 18, "011", "11"),
    (18, 20, "031", "11"),
    (20, 22, "021", "11"),
    (22, 23, "381", "11"),
    (23, 25, "938", "24"),
    (25, 27, "910", "24"),
    (27, 40, "111", "13"),
    (40, 41, "531", "13"),
    (41, 54, "111", "13"),
    (54, 57, "021", "15"),
    (57, 74, "111", "13"),
    (74, 76, "910", "24"),
    (76, 78, "936", "21"),
    (78, 81, "361", "16"),
    (81, 82, "936", "21"),
    (82, 86, "382", "11"),
    (86, 90, "311", "11"),
    (90, 94, "021", "11"),
    (94, 96, "312", "11"),
    (96, 99, "383", "11"),
    (99, 102, "331", "11"),
    (102, 114, "821", "11"),
    (114, 116, "031", "11"),
    (116, 144, "011", "11"),
];

/// Steps of enjoyment, the digits in which a day's number is written.
const N_STEPS: u64 = 7;

/// Digits of a day's number: 7^12 numbers are more than any load makes.
const N_DIGITS: usize = 12;

/// The latest day that is over.
pub fn latest(site: &Site) -> NaiveDate {
    use survey_server::clock::Clock;
    (italian_time(site.clock.now()) - Duration::hours(4)).date() - Duration::days(1)
}

/// The day with this number, complete in all six fields.
pub fn whole(number: u64) -> Value {
    let mut rest = number;
    let mut enjoyment = Vec::new();
    for (place, (from, to, ..)) in EPISODES.into_iter().enumerate() {
        let digit = if place < N_DIGITS { rest % N_STEPS } else { 5 };
        rest /= if place < N_DIGITS { N_STEPS } else { 1 };
        enjoyment.push(json!([from, to, (digit + 1).to_string()]));
    }
    let field = |code: &dyn Fn(usize) -> &'static str| -> Vec<Value> {
        EPISODES.iter().enumerate().map(|(place, (from, to, ..))| json!([from, to, code(place)])).collect()
    };
    json!({
        "main": field(&|place| EPISODES[place].2),
        "secondary": [[20, 22, "831"], [86, 90, "831"], [102, 108, "515"]],
        "location": field(&|place| EPISODES[place].3),
        "with_whom": field(&|place| if place % 3 == 0 { "1" } else { "24" }),
        "device": field(&|place| if place % 4 == 0 { "si" } else { "no" }),
        "enjoyment": enjoyment,
    })
}

/// The number of a day that came back, whatever runs of equal steps were put together.
pub fn number(day: &Value) -> Option<u64> {
    let mut step_at = [None; 144];
    for run in day["enjoyment"].as_array()? {
        let (from, to) = (run[0].as_u64()? as usize, run[1].as_u64()? as usize);
        let step: u64 = run[2].as_str()?.parse().ok()?;
        step_at.get_mut(from..to)?.fill(Some(step - 1));
    }
    let digits = EPISODES.iter().take(N_DIGITS).rev();
    digits.into_iter().try_fold(0, |number, (from, ..)| Some(number * N_STEPS + step_at[*from]?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_tells_its_number() {
        for wanted in [0, 1, 6, 7, 48, 49, 123_456_789] {
            assert_eq!(number(&whole(wanted)), Some(wanted));
        }
        assert_eq!(number(&json!({ "enjoyment": [] })), None);
    }
}
