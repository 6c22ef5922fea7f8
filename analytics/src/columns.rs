//! Tables by column: written as Parquet and CSV, read back from Parquet some rows at a time. No meaning here, only form.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series, StringChunked};
use polars_io::csv::write::CsvWriter;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};
use polars_io::parquet::write::ParquetWriter;
use polars_io::{SerReader, SerWriter};

/// The values of one column; `None` is a null.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// UTF-8 text.
    Text(Vec<Option<String>>),
    /// 64-bit integers.
    Integer(Vec<Option<i64>>),
    /// 64-bit floats.
    Real(Vec<Option<f64>>),
}

/// Writes `NAME.parquet` and `NAME.csv` into `folder`, both from the same columns.
pub(crate) fn write(folder: &Path, name: &str, columns: Vec<(&str, Values)>) -> std::io::Result<()> {
    let columns: Vec<Column> = columns.into_iter().map(|(name, values)| column(name, values)).collect();
    let mut frame = DataFrame::new_infer_height(columns).map_err(std::io::Error::other)?;
    let parquet = File::create(folder.join(format!("{name}.parquet")))?;
    ParquetWriter::new(parquet).finish(&mut frame).map_err(std::io::Error::other)?;
    let csv = File::create(folder.join(format!("{name}.csv")))?;
    CsvWriter::new(csv).finish(&mut frame).map_err(std::io::Error::other)
}

fn column(name: &str, values: Values) -> Column {
    let series = match values {
        Values::Text(values) => Series::new(name.into(), values),
        Values::Integer(values) => Series::new(name.into(), values),
        Values::Real(values) => Series::new(name.into(), values),
    };
    series.into_column()
}

/// Most rows that are held in memory at once, column by column.
const ROWS_AT_A_TIME: usize = 1 << 19;

/// A Parquet file of which rows can be read. Errors say what is wrong with it.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    path: PathBuf,
    names: Vec<String>,
    rows_of_groups: Vec<usize>,
}

impl ParquetFile {
    /// Opens a file and reads its description.
    pub fn open(path: &Path) -> Result<ParquetFile, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let mut reader = ParquetReader::new(file);
        let names = reader.schema().map_err(not_parquet)?.iter_names().map(|name| name.to_string()).collect();
        let groups = &reader.get_metadata().map_err(not_parquet)?.row_groups;
        let rows_of_groups = groups.iter().map(|group| group.num_rows()).collect();
        Ok(ParquetFile { path: path.to_owned(), names, rows_of_groups })
    }

    /// How many rows it has.
    pub fn n_rows(&self) -> usize {
        self.rows_of_groups.iter().sum()
    }

    /// All rows, in parts of a row group or less.
    pub fn parts(&self) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut first = 0;
        for n_rows in &self.rows_of_groups {
            let after = first + n_rows;
            parts.extend((first..after).step_by(ROWS_AT_A_TIME).map(|start| start..after.min(start + ROWS_AT_A_TIME)));
            first = after;
        }
        parts
    }

    /// Some columns of some rows.
    pub fn read(&self, rows: Range<usize>, columns: &[&str]) -> Result<DataFrame, String> {
        if let Some(missing) = columns.iter().find(|column| !self.names.iter().any(|name| name == *column)) {
            return Err(missing_column(missing));
        }
        let file = File::open(&self.path).map_err(|error| error.to_string())?;
        let frame = ParquetReader::new(file)
            .with_columns(Some(columns.iter().map(|column| (*column).to_owned()).collect()))
            .with_slice(Some((rows.start, rows.len())))
            // Threads share parts of the file, and the columns are small within a part.
            .read_parallel(ParallelStrategy::None)
            .finish()
            .map_err(not_parquet)?;
        if frame.height() == rows.len() {
            Ok(frame)
        } else {
            Err(format!("rows {} to {} are not all there", rows.start + 1, rows.end))
        }
    }
}

fn not_parquet(error: impl std::fmt::Display) -> String {
    format!("it is not readable Parquet ({error})")
}

fn missing_column(name: &str) -> String {
    format!("the column `{name}` is missing")
}

/// A column of text.
pub(crate) fn text<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a StringChunked, String> {
    typed(frame, name, &DataType::String, "text")?.str().map_err(|error| error.to_string())
}

/// A column of text as numbers: its distinct texts in the order in which they are first seen, and each row's among them.
#[derive(Debug)]
pub(crate) struct CodedText<'a> {
    /// The texts.
    pub texts: Vec<&'a str>,
    numbers: Vec<u32>,
}

impl CodedText<'_> {
    const NULL: u32 = u32::MAX;

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.numbers.len()
    }

    /// The place of a row's text; `None` where it is null.
    pub fn number(&self, row: usize) -> Option<usize> {
        Some(self.numbers[row]).filter(|number| *number != Self::NULL).map(|number| number as usize)
    }
}

/// A column of text that comes again and again.
pub(crate) fn coded_text<'a>(frame: &'a DataFrame, name: &str) -> Result<CodedText<'a>, String> {
    let column = text(frame, name)?;
    let mut coded = CodedText { texts: Vec::new(), numbers: Vec::with_capacity(column.len()) };
    // A text of up to twelve bytes lies in its view, which is then as good as the text.
    let mut short: HashMap<u128, u32, BuildHasherDefault<Views>> = HashMap::default();
    let mut long: HashMap<&str, u32> = HashMap::new();
    for array in column.downcast_iter() {
        for (view, text) in array.views().iter().zip(array.iter()) {
            let Some(text) = text else {
                coded.numbers.push(CodedText::NULL);
                continue;
            };
            let CodedText { texts, numbers } = &mut coded;
            let add = || {
                texts.push(text);
                texts.len() as u32 - 1
            };
            let number = if view.is_inline() {
                short.entry(view.as_u128()).or_insert_with(add)
            } else {
                long.entry(text).or_insert_with(add)
            };
            numbers.push(*number);
        }
    }
    Ok(coded)
}

/// A hash of views (the multiplication of Fibonacci hashing). Nobody gains by making codes collide: it would only slow
/// their own snapshot down.
#[derive(Debug, Default)]
struct Views(u64);

impl Hasher for Views {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u128(u128::from(*byte)));
    }

    fn write_u128(&mut self, view: u128) {
        let both = (view as u64).rotate_left(23) ^ (view >> 64) as u64 ^ self.0;
        let product = both.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A column of 64-bit integers.
pub(crate) fn integers(frame: &DataFrame, name: &str) -> Result<Vec<Option<i64>>, String> {
    let column = typed(frame, name, &DataType::Int64, "64-bit integers")?;
    Ok(column.i64().map_err(|error| error.to_string())?.iter().collect())
}

/// A column of 64-bit floats.
pub(crate) fn reals(frame: &DataFrame, name: &str) -> Result<Vec<Option<f64>>, String> {
    let column = typed(frame, name, &DataType::Float64, "64-bit floats")?;
    Ok(column.f64().map_err(|error| error.to_string())?.iter().collect())
}

fn typed<'a>(frame: &'a DataFrame, name: &str, expected: &DataType, words: &str) -> Result<&'a Column, String> {
    let column = frame.column(name).map_err(|_| missing_column(name))?;
    if column.dtype() == expected {
        Ok(column)
    } else {
        Err(format!("the column `{name}` holds {} instead of {words}", column.dtype()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_get_numbers_whether_they_fit_their_view_or_not() {
        let long = "a code of more than twelve bytes";
        let rows = [Some("02"), None, Some(long), Some(""), Some("02"), Some("exactly 12 b"), Some(long), Some("03")];
        let frame = DataFrame::new_infer_height(vec![column(
            "code",
            Values::Text(rows.map(|text| text.map(str::to_owned)).into()),
        )])
        .expect("a table");
        let coded = coded_text(&frame, "code").expect("a column of text");
        assert_eq!(coded.texts, ["02", long, "", "exactly 12 b", "03"]);
        let read: Vec<Option<&str>> = (0..coded.n_rows()).map(|row| Some(coded.texts[coded.number(row)?])).collect();
        assert_eq!(read, rows);
    }
}
