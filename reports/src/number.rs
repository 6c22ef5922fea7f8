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

/// Minutes in words: `2 ore e 51 minuti`, `1 ora`, `meno di 1 minuto`; below zero without the sign, which a sentence says.
pub fn duration_in_words(minutes: f64, texts: &Texts) -> String {
    let minutes = minutes.abs();
    if minutes != 0.0 && minutes.round() == 0.0 {
        return texts.text("under-one-minute-in-words");
    }
    let whole = minutes.round() as u64;
    let (hours, minutes) = (texts.count("hours", whole / 60), texts.count("minutes", whole % 60));
    match (whole / 60, whole % 60) {
        (0, _) => minutes,
        (_, 0) => hours,
        _ => texts.fill("hours-and-minutes", &[("hours", &hours), ("minutes", &minutes)]),
    }
    .replace(' ', &NO_BREAK.to_string())
}

/// The margin of error of a duration: `più o meno 12 minuti`.
pub fn margin_in_words(minutes: f64, texts: &Texts) -> String {
    match minutes.abs().round() {
        0.0 => texts.text("margin-under-one-minute"),
        _ => texts.fill("margin", &[("margin", &duration_in_words(minutes, texts))]),
    }
}

/// The margin of error of a duration, for parentheses: `±12 min`.
pub fn margin(minutes: f64, texts: &Texts) -> String {
    if minutes.abs().round() == 0.0 {
        "±<1\u{a0}min".to_owned()
    } else {
        format!("±{}", duration(minutes.abs(), texts))
    }
}

/// A difference of percentages, without its sign: `12,3 punti`, `1 punto`, `meno di 0,1 punti`.
pub fn points_in_words(points: f64, texts: &Texts) -> String {
    let tenths = (points.abs() * 10.0).round();
    if tenths == 0.0 && points != 0.0 {
        return texts.text("under-a-tenth-of-a-point");
    }
    let written = match tenths % 10.0 {
        0.0 => format!("{:.0}", tenths / 10.0),
        _ => decimal(tenths / 10.0, texts.language()),
    };
    let key = if tenths == 10.0 { "point" } else { "points" };
    texts.fill(key, &[("n", &written)]).replace(' ', &NO_BREAK.to_string())
}

/// The margin of error of a percentage: `più o meno 3,1 punti`.
pub fn points_margin_in_words(points: f64, texts: &Texts) -> String {
    match (points.abs() * 10.0).round() {
        0.0 => texts.text("margin-under-a-tenth"),
        _ => texts.fill("margin", &[("margin", &points_in_words(points, texts))]),
    }
}

/// A number with one decimal, with the sign of decimals that the language has.
pub fn decimal(value: f64, language: Language) -> String {
    // Without the sign of a zero.
    let text = format!("{:.1}", if value == 0.0 { 0.0 } else { value });
    match language {
        Language::It | Language::Ar => text.replace('.', ","),
        Language::En => text,
    }
}

/// A percentage with one decimal: `34,2%` in Italian, `34.2%` in English.
pub fn percent(value: f64, language: Language) -> String {
    format!("{}%", decimal(value, language))
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
    fn durations_in_words_are_singular_and_plural() {
        let (italian, english) = (Texts::new(Language::It), Texts::new(Language::En));
        for (minutes, it, en) in [
            (0.0, "0 minuti", "0 minutes"),
            (0.4, "meno di 1 minuto", "under 1 minute"),
            (1.0, "1 minuto", "1 minute"),
            (-1.2, "1 minuto", "1 minute"),
            (2.0, "2 minuti", "2 minutes"),
            (59.4, "59 minuti", "59 minutes"),
            (59.6, "1 ora", "1 hour"),
            (60.0, "1 ora", "1 hour"),
            (61.0, "1 ora e 1 minuto", "1 hour and 1 minute"),
            (120.0, "2 ore", "2 hours"),
            (121.0, "2 ore e 1 minuto", "2 hours and 1 minute"),
            (171.2, "2 ore e 51 minuti", "2 hours and 51 minutes"),
            (-171.2, "2 ore e 51 minuti", "2 hours and 51 minutes"),
            (1440.0, "24 ore", "24 hours"),
        ] {
            assert_eq!(plain(duration_in_words(minutes, &italian)), it, "{minutes}");
            assert_eq!(plain(duration_in_words(minutes, &english)), en, "{minutes}");
        }
    }

    #[test]
    fn margins_are_said_in_full() {
        let (italian, english) = (Texts::new(Language::It), Texts::new(Language::En));
        for (minutes, it, en) in [
            (0.2, "con un margine sotto 1 minuto", "with a margin under 1 minute"),
            (1.0, "più o meno 1 minuto", "plus or minus 1 minute"),
            (12.3, "più o meno 12 minuti", "plus or minus 12 minutes"),
            (61.0, "più o meno 1 ora e 1 minuto", "plus or minus 1 hour and 1 minute"),
        ] {
            assert_eq!(plain(margin_in_words(minutes, &italian)), it, "{minutes}");
            assert_eq!(plain(margin_in_words(minutes, &english)), en, "{minutes}");
        }
        assert_eq!(plain(margin(12.3, &italian)), "±12 min");
        assert_eq!(plain(margin(0.2, &italian)), "±<1 min");
    }

    #[test]
    fn points_are_singular_and_plural() {
        let (italian, english) = (Texts::new(Language::It), Texts::new(Language::En));
        for (points, it, en) in [
            (0.0, "0 punti", "0 points"),
            (0.03, "meno di 0,1 punti", "under 0.1 points"),
            (0.5, "0,5 punti", "0.5 points"),
            (1.0, "1 punto", "1 point"),
            (1.04, "1 punto", "1 point"),
            (1.1, "1,1 punti", "1.1 points"),
            (-12.34, "12,3 punti", "12.3 points"),
            (100.0, "100 punti", "100 points"),
        ] {
            assert_eq!(plain(points_in_words(points, &italian)), it, "{points}");
            assert_eq!(plain(points_in_words(points, &english)), en, "{points}");
        }
        assert_eq!(plain(points_margin_in_words(0.01, &italian)), "con un margine sotto 0,1 punti");
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
