//! A line cut into fields, by the rules of RFC 4180 within one line.

use std::borrow::Cow;

/// The line has a quote that does not close, or something after a closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BrokenQuote;

/// The fields of a line, spaces around them left out. A field may be quoted; a quote within is then doubled.
pub(super) fn split(line: &str, separator: char) -> Result<Vec<Cow<'_, str>>, BrokenQuote> {
    let mut fields = Vec::with_capacity(8);
    let mut rest = line;
    loop {
        let begin = rest.trim_start_matches(' ');
        let (field, after) = match begin.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(separator).unwrap_or(rest.len());
                (Cow::Borrowed(&rest[..end]), &rest[end..])
            }
        };
        fields.push(trimmed(field));
        let after = after.trim_start_matches(' ');
        match after.strip_prefix(separator) {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err(BrokenQuote),
        }
    }
}

/// The text up to the closing quote, and what follows it.
fn unquote(quoted: &str) -> Result<(Cow<'_, str>, &str), BrokenQuote> {
    let mut search = 0;
    let mut has_doubled = false;
    loop {
        let quote = search + quoted[search..].find('"').ok_or(BrokenQuote)?;
        if quoted[quote + 1..].starts_with('"') {
            has_doubled = true;
            search = quote + 2;
            continue;
        }
        let text = &quoted[..quote];
        let text = if has_doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) };
        return Ok((text, &quoted[quote + 1..]));
    }
}

fn trimmed(field: Cow<'_, str>) -> Cow<'_, str> {
    match field {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
