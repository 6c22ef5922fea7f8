//! Numbers as people read them: hours and minutes, percentages, counts, dates.

use chrono::{Datelike, NaiveDate};
use questionnaires::Language;

use crate::text::Texts;

/// A no-break space: a number and its unit stay on one line.
const NO_BREAK: char = '\u{a0}';
/// The minus sign, not the hyphen.
const MINUS: char = '\u{2212}';

/// Minutes as hours and minutes: `2 h 51 min`, `40 min`, `3 h`. Below half a minute, but not zero, says so.
pub fn duration(minutes: f64, texts: &Texts) -> String {
    if minutes < 0.0 && minutes.round() != 0.0 {
        return format!("{MINUS}{}", duration(-minutes, texts));
    }
    if minutes != 0.0 && minutes.round() == 0.0 {
        return texts.text("under-one-minute");
    }
    let whole = minutes.round() as u64;
    match (whole / 60, whole % 60) {
        (0, minutes) => format!("{minutes}{NO_BREAK}min"),
        (hours, 0) => format!("{hours}{NO_BREAK}h"),
        (hours, minutes) => format!("{hours}{NO_BREAK}h{NO_BREAK}{minutes}{NO_BREAK}min"),
    }
}

/// A difference in minutes with its sign: `+2 h 51 min`, `−12 min`, `0 min`.
pub fn signed_duration(minutes: f64, texts: &Texts) -> String {
    let text = duration(minutes, texts);
    if minutes.round() > 0.0 { format!("+{text}") } else { text }
}

/// A percentage with one decimal: `34,2%` in Italian, `34.2%` in English.
pub fn percent(value: f64, language: Language) -> String {
    let text = format!("{:.1}%", if value == 0.0 { 0.0 } else { value });
    match language {
        Language::It | Language::Ar => text.replace('.', ","),
        Language::En => text,
    }
}

/// A number with one decimal, with the sign of decimals that the language has.
pub fn decimal(value: f64, language: Language) -> String {
    percent(value, language).trim_end_matches('%').to_owned()
}

/// A count with its thousands set apart: `1.500` in Italian, `1,500` in English.
pub fn count(value: u64, language: Language) -> String {
    let separator = match language {
        Language::It | Language::Ar => '.',
        Language::En => ',',
    };
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A date in words: `22 novembre 2026`, `22 November 2026`.
pub fn date(date: NaiveDate, texts: &Texts) -> String {
    let months = texts.text("months");
    let month = months.split_whitespace().nth(date.month0() as usize).unwrap_or_default();
    format!("{}{NO_BREAK}{month}{NO_BREAK}{}", date.day(), date.year())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        text.replace(NO_BREAK, " ")
    }

    #[test]
    fn durations_read_as_hours_and_minutes() {
        let texts = Texts::new(Language::It);
        for (minutes, expected) in [
            (0.0, "0 min"),
            (0.3, "meno di 1 min"),
            (0.5, "1 min"),
            (59.4, "59 min"),
            (59.6, "1 h"),
            (171.2, "2 h 51 min"),
            (1440.0, "24 h"),
            (-12.4, "−12 min"),
        ] {
            assert_eq!(plain(duration(minutes, &texts)), expected, "{minutes}");
        }
    }

    #[test]
    fn differences_carry_their_sign() {
        let texts = Texts::new(Language::En);
        for (minutes, expected) in [(171.2, "+2 h 51 min"), (-12.4, "−12 min"), (0.0, "0 min"), (-0.2, "under 1 min")]
        {
            assert_eq!(plain(signed_duration(minutes, &texts)), expected, "{minutes}");
        }
    }

    #[test]
    fn percentages_and_counts_follow_the_language() {
        assert_eq!(percent(34.25, Language::It), "34,2%");
        assert_eq!(percent(34.25, Language::En), "34.2%");
        assert_eq!(percent(-0.0, Language::It), "0,0%");
        assert_eq!(count(1_234_567, Language::It), "1.234.567");
        assert_eq!(count(999, Language::It), "999");
        assert_eq!(count(10_905, Language::En), "10,905");
    }

    #[test]
    fn dates_are_in_words() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert_eq!(plain(date(day, &Texts::new(Language::It))), "22 novembre 2026");
        assert_eq!(plain(date(day, &Texts::new(Language::En))), "22 November 2026");
    }
}
