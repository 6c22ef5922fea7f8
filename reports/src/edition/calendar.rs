//! The calendar of releases (iCalendar, RFC 5545): this edition, every earlier one, and those that the office announces.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::{Edition, Lineage, identifier::uuid};
use crate::text::Texts;

/// The longest line, in bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// When something comes out.
enum When {
    /// At an hour.
    Hour(DateTime<FixedOffset>),
    /// On a day.
    Day(NaiveDate),
}

/// The calendar in one language.
pub fn calendar(edition: &Edition, lineage: &Lineage, texts: &Texts) -> Vec<u8> {
    let stamp = utc(edition.released_at());
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Tempi//Editions//IT".to_owned(),
        format!(
            "X-WR-CALNAME:{}",
            escaped(&texts.fill("feed-title", &[("publisher", texts.label(&edition.publisher))]))
        ),
    ];
    let mut event = |id: &str, when: When, title: &str, address: Option<String>| {
        lines.push("BEGIN:VEVENT".to_owned());
        lines.push(format!("UID:{}", uuid(edition, id)));
        lines.push(format!("DTSTAMP:{stamp}"));
        lines.push(match when {
            When::Hour(at) => format!("DTSTART:{}", utc(at)),
            When::Day(day) => format!("DTSTART;VALUE=DATE:{}", day.format("%Y%m%d")),
        });
        lines.push(format!("SUMMARY:{}", escaped(title)));
        lines.extend(address.map(|address| format!("URL:{address}")));
        lines.push("END:VEVENT".to_owned());
    };
    let editions = lineage.earlier.iter().map(|one| (one.number, one.date, one.embargo, one.is_correction));
    let imprint = &edition.imprint;
    let this = (edition.number, edition.date, imprint.embargo, imprint.correction.is_some());
    for (number, date, embargo, is_correction) in editions.chain([this]) {
        let shown = number.to_string();
        let key = if is_correction { "feed-correction" } else { "feed-edition" };
        let title = format!("{}: {}", texts.label(&edition.publisher), texts.fill(key, &[("number", &shown)]));
        let address = imprint.address.as_ref().map(|address| format!("{address}edizioni/{number}/"));
        let when = embargo.map_or(When::Day(date), When::Hour);
        event(&format!("calendar {number}"), when, &title, address);
    }
    for planned in &imprint.planned {
        let title = format!("{}: {}", texts.label(&edition.publisher), texts.label(&planned.what));
        event(&format!("calendar {} {}", utc(planned.at), planned.what.it), When::Hour(planned.at), &title, None);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().flat_map(|line| folded(line)).collect::<String>().into_bytes()
}

fn utc(at: DateTime<FixedOffset>) -> String {
    at.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
    text.chars().filter(|character| !character.is_control()).collect()
}

/// A line cut into pieces that are short enough, each but the first after a space, all with their ends.
fn folded(line: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for character in line.chars() {
        if piece.len() + character.len_utf8() > LINE {
            pieces.push(std::mem::replace(&mut piece, " ".to_owned()) + "\r\n");
        }
        piece.push(character);
    }
    pieces.push(piece + "\r\n");
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters() {
        let line = format!("SUMMARY:{}", "è".repeat(90));
        let pieces = folded(&line);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.len() <= LINE + 2));
        let whole: String =
            pieces.iter().enumerate().map(|(at, piece)| piece[usize::from(at > 0)..].trim_end()).collect();
        assert_eq!(whole, line);
    }

    #[test]
    fn what_separates_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne\u{7}"), "a\\, b\\; c\\\\d\\ne");
    }
}
