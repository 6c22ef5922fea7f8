//! Lines of a file, one by one, in bounded memory, as text. A line is a record: a quoted field cannot run over its end, so that
//! a forgotten quote spoils one line and not the rest of the file.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// The longest line that is read, in bytes: forty times that of any real extract.
pub(super) const LONGEST_LINE: usize = 16 * 1024;

/// How a file writes its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Latin-1, with the letters that Windows adds to it (code page 1252).
    Latin1,
}

impl Encoding {
    /// The name of the encoding.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Latin1 => "Latin-1",
        }
    }

    /// UTF-8 if the whole file is, else Latin-1, which any bytes are. The file is read through and put back to its start.
    pub(super) fn detect(file: &mut (impl Read + Seek)) -> io::Result<Encoding> {
        let mut buffer = vec![0; 1 << 20];
        let mut kept = 0;
        let found = loop {
            let n_read = file.read(&mut buffer[kept..])?;
            let n_bytes = kept + n_read;
            match std::str::from_utf8(&buffer[..n_bytes]) {
                Ok(_) if n_read == 0 => break Encoding::Utf8,
                Ok(_) => kept = 0,
                // A character cut by the end of the buffer is looked at again with what follows.
                Err(error) if error.error_len().is_none() && n_read > 0 => {
                    buffer.copy_within(error.valid_up_to()..n_bytes, 0);
                    kept = n_bytes - error.valid_up_to();
                }
                Err(_) => break Encoding::Latin1,
            }
        };
        file.seek(SeekFrom::Start(0))?;
        Ok(found)
    }
}

/// A line as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Its text, without the line's end.
    Text(String),
    /// It is longer than [`LONGEST_LINE`]; it was passed over.
    TooLong,
}

/// The lines of a file.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    encoding: Encoding,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(file: R, encoding: Encoding) -> Lines<R> {
        Lines { reader: BufReader::with_capacity(1 << 16, file), encoding, number: 0 }
    }

    /// The next line with its number, counted from 1; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line)>> {
        let mut bytes = Vec::with_capacity(256);
        let mut limited = (&mut self.reader).take(LONGEST_LINE as u64 + 1);
        limited.read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let is_whole = bytes.last() == Some(&b'\n');
        if !is_whole && bytes.len() > LONGEST_LINE {
            self.pass_over_line()?;
            return Ok(Some((self.number, Line::TooLong)));
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        let mut text = self.decode(bytes);
        if self.number == 1 && text.starts_with('\u{feff}') {
            text.remove(0);
        }
        Ok(Some((self.number, Line::Text(text))))
    }

    fn pass_over_line(&mut self) -> io::Result<()> {
        loop {
            let available = self.reader.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            if let Some(end) = available.iter().position(|byte| *byte == b'\n') {
                self.reader.consume(end + 1);
                return Ok(());
            }
            let n_bytes = available.len();
            self.reader.consume(n_bytes);
        }
    }

    fn decode(&self, bytes: Vec<u8>) -> String {
        match self.encoding {
            Encoding::Latin1 => bytes.into_iter().map(windows_letter).collect(),
            // The whole file was found to be UTF-8, so nothing is lost here.
            Encoding::Utf8 => {
                String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
            }
        }
    }
}

/// What Windows puts where Latin-1 has control characters; a blank stands where it has nothing either.
const WINDOWS: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

fn windows_letter(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
