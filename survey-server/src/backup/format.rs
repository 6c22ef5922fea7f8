//! The lines of a backup: a header, then for each table a line that names it and one line for each row, then an end that
//! vouches for all of it with a SHA-256.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keys;

/// The version of the form.
const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) tempi_backup: u32,
    /// To the hour.
    pub(super) made_at: String,
    /// Names the master key without telling it.
    pub(super) key_fingerprint: String,
    /// The steps of the schema, in order.
    pub(super) migrations: Vec<String>,
    pub(super) audit_head: String,
}

impl Header {
    pub(super) fn new(made_at: String, key_fingerprint: String, migrations: Vec<String>, audit_head: String) -> Header {
        Header { tempi_backup: VERSION, made_at, key_fingerprint, migrations, audit_head }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    end: String,
    rows: BTreeMap<String, u64>,
}

/// What comes next in a backup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The rows of this table follow, with these columns.
    Table(String, Vec<String>),
    /// A row: a text for each column, or nothing.
    Row(Vec<Option<String>>),
}

/// Writes the lines.
pub(super) struct Writer {
    sink: Box<dyn Write + Send>,
    hash: Context,
    table: String,
    n_rows: BTreeMap<String, u64>,
}

impl Writer {
    pub(super) fn new(sink: Box<dyn Write + Send>) -> Writer {
        Writer { sink, hash: Context::new(&SHA256), table: String::new(), n_rows: BTreeMap::new() }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.sink.write_all(&bytes)
    }

    pub(super) fn header(&mut self, header: &Header) -> io::Result<()> {
        self.line(header)
    }

    pub(super) fn table(&mut self, name: &str, columns: Vec<String>) -> io::Result<()> {
        self.table = name.to_owned();
        self.n_rows.insert(name.to_owned(), 0);
        self.line(&TableLine { table: name.to_owned(), columns })
    }

    pub(super) fn row(&mut self, row: &[Option<String>]) -> io::Result<()> {
        *self.n_rows.entry(self.table.clone()).or_default() += 1;
        self.line(&row)
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        let end = keys::hex(self.hash.clone().finish().as_ref());
        let rows = std::mem::take(&mut self.n_rows);
        self.line(&End { end, rows })?;
        self.sink.flush()
    }
}

/// Reads the lines.
pub(super) struct Reader {
    source: Box<dyn BufRead + Send>,
    hash: Context,
    header: Header,
    table: String,
    n_rows: BTreeMap<String, u64>,
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.to_owned())
}

impl Reader {
    pub(super) fn new(mut source: Box<dyn BufRead + Send>) -> io::Result<Reader> {
        let mut hash = Context::new(&SHA256);
        let mut line = Vec::new();
        source.read_until(b'\n', &mut line)?;
        let header: Header =
            serde_json::from_slice(&line).map_err(|_| broken("its first line is not that of a backup"))?;
        if header.tempi_backup != VERSION {
            return Err(broken("a version of tempi made it that writes backups in another form"));
        }
        hash.update(&line);
        Ok(Reader { source, hash, header, table: String::new(), n_rows: BTreeMap::new() })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// How many rows were read so far; all of them once [`Reader::next_entry`] has given nothing.
    pub(super) fn n_rows(&self) -> &BTreeMap<String, u64> {
        &self.n_rows
    }

    /// What comes next; nothing at the end, which has been compared with everything before it.
    pub(super) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        let mut line = Vec::new();
        self.source.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Err(broken("it ends before its end"));
        }
        let value: Value = serde_json::from_slice(&line).map_err(|_| broken("a line does not read"))?;
        if value.get("end").is_some() {
            return self.finish(value);
        }
        self.hash.update(&line);
        if value.is_array() {
            *self.n_rows.entry(self.table.clone()).or_default() += 1;
            return serde_json::from_value(value).map(Entry::Row).map(Some).map_err(|_| broken("a row does not read"));
        }
        let table: TableLine = serde_json::from_value(value).map_err(|_| broken("a line does not read"))?;
        self.table.clone_from(&table.table);
        self.n_rows.insert(table.table.clone(), 0);
        Ok(Some(Entry::Table(table.table, table.columns)))
    }

    fn finish(&mut self, value: Value) -> io::Result<Option<Entry>> {
        let end: End = serde_json::from_value(value).map_err(|_| broken("its last line does not read"))?;
        let expected = keys::hex(self.hash.clone().finish().as_ref());
        if end.end != expected || end.rows != self.n_rows {
            return Err(broken("its content is not what its last line vouches for"));
        }
        let mut rest = Vec::new();
        self.source.read_until(b'\n', &mut rest)?;
        if rest.is_empty() { Ok(None) } else { Err(broken("something follows its last line")) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written() -> Vec<u8> {
        let shared = Shared::default();
        let mut writer = Writer::new(Box::new(shared.clone()));
        writer.header(&Header::new("x".into(), "y".into(), vec!["m1".into()], "0:0".into())).unwrap();
        writer.table("t", vec!["a".into(), "b".into()]).unwrap();
        writer.row(&[Some("1".into()), None]).unwrap();
        writer.end().unwrap();
        std::mem::take(&mut *shared.0.lock().unwrap())
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<Entry>> {
        let mut reader = Reader::new(Box::new(io::Cursor::new(bytes)))?;
        let mut entries = Vec::new();
        while let Some(entry) = reader.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }

    #[test]
    fn what_was_written_reads_back_and_every_change_is_noticed() {
        let bytes = written();
        let expected =
            [Entry::Table("t".into(), vec!["a".into(), "b".into()]), Entry::Row(vec![Some("1".into()), None])];
        assert_eq!(read(bytes.clone()).unwrap(), expected);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(read(changed).is_err(), "a change at byte {place} passed");
            assert!(read(bytes[..place].to_vec()).is_err(), "an end at byte {place} passed");
        }
        assert!(read([bytes, b"[]\n".to_vec()].concat()).is_err());
    }
}
