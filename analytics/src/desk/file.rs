//! A file of microdata, CSV or Parquet, as columns that are asked for by name: numbers or categories.
//!
//! CSV files are read as R and Excel write them: the delimiter is the comma, the semicolon or the tab, whichever the
//! header has most of; after semicolons and tabs a decimal comma is a decimal point. An empty field, `NA`, and in
//! Parquet a null or a NaN, are missing values.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;

use super::file_error::FileError;
use crate::output_folder::write_file;

/// What marks a missing value in a CSV file, beside the empty field.
const NOT_AVAILABLE: &str = "NA";

/// A categorical column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The categories: in the order of numbers where all are numbers, else of their text.
    pub levels: Vec<String>,
    /// Each row's place in `levels`; `None` is missing.
    pub codes: Vec<Option<u32>>,
}

/// A table of microdata.
#[derive(Debug)]
pub struct Microdata {
    path: String,
    names: Vec<String>,
    n_rows: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Csv { records: Vec<csv::StringRecord>, delimiter: u8 },
    Parquet(Box<DataFrame>),
}

impl Microdata {
    /// Reads a file: Parquet where it begins like one, else CSV.
    pub fn read(path: &Path) -> Result<Microdata, FileError> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| FileError::Unreadable { path: shown.clone(), message: error.to_string() })?;
        Microdata::parse(&shown, bytes)
    }

    /// The table in the bytes of a file, whose path errors name.
    pub(crate) fn parse(path: &str, bytes: Vec<u8>) -> Result<Microdata, FileError> {
        let shown = path.to_owned();
        let unreadable = |message: String| FileError::Unreadable { path: shown.clone(), message };
        let (names, n_rows, content) = if bytes.starts_with(b"PAR1") {
            let frame =
                ParquetReader::new(Cursor::new(bytes)).finish().map_err(|error| unreadable(error.to_string()))?;
            let names = frame.get_column_names().into_iter().map(ToString::to_string).collect();
            (names, frame.height(), Content::Parquet(Box::new(frame)))
        } else {
            let (names, records, delimiter) = read_csv(&bytes).map_err(unreadable)?;
            (names, records.len(), Content::Csv { records, delimiter })
        };
        let mut seen = BTreeMap::new();
        if let Some(twice) = names.iter().find(|name| seen.insert((*name).clone(), ()).is_some()) {
            let message = format!("two columns are named `{twice}`");
            return Err(FileError::Unreadable { path: shown, message });
        }
        Ok(Microdata { path: shown, names, n_rows, content })
    }

    /// The file's path, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How many rows it has.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The names of its columns, in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A column of numbers; `None` is missing.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, FileError> {
        let place = self.place(name)?;
        let not_a_number = |row: usize, value: &str| FileError::NotANumber {
            path: self.path.clone(),
            column: name.to_owned(),
            row: row + 1,
            value: value.to_owned(),
        };
        match &self.content {
            Content::Parquet(frame) if is_numeric(frame.columns()[place].dtype()) => {
                let column = frame.columns()[place]
                    .cast(&DataType::Float64)
                    .map_err(|error| FileError::Unreadable { path: self.path.clone(), message: error.to_string() })?;
                let values = column
                    .f64()
                    .map_err(|error| FileError::Unreadable { path: self.path.clone(), message: error.to_string() })?;
                Ok(values.iter().map(|value| value.filter(|value| !value.is_nan())).collect())
            }
            Content::Csv { delimiter, .. } => {
                let texts = self.texts_at(place).into_iter().enumerate();
                let number = |(row, text): (usize, Option<String>)| {
                    let Some(text) = text else { return Ok(None) };
                    parse(&text, has_decimal_comma(*delimiter)).map(Some).ok_or_else(|| not_a_number(row, &text))
                };
                texts.map(number).collect()
            }
            Content::Parquet(_) => {
                let texts = self.texts_at(place).into_iter().enumerate();
                let number = |(row, text): (usize, Option<String>)| {
                    let Some(text) = text else { return Ok(None) };
                    parse(&text, false).map(Some).ok_or_else(|| not_a_number(row, &text))
                };
                texts.map(number).collect()
            }
        }
    }

    /// A column of categories.
    pub fn factor(&self, name: &str) -> Result<Factor, FileError> {
        let texts = self.texts(name)?;
        let mut levels: Vec<&str> = texts.iter().flatten().map(String::as_str).collect();
        levels.sort_unstable();
        levels.dedup();
        let numbers: Option<Vec<f64>> = levels.iter().map(|level| level.parse().ok()).collect();
        if let Some(numbers) = numbers {
            let mut ordered: Vec<(f64, &str)> = numbers.into_iter().zip(levels).collect();
            ordered.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
            levels = ordered.into_iter().map(|(_, level)| level).collect();
        }
        let places: BTreeMap<&str, u32> = levels.iter().copied().zip(0..).collect();
        let codes = texts.iter().map(|text| text.as_deref().map(|text| places[text])).collect();
        Ok(Factor { levels: levels.into_iter().map(str::to_owned).collect(), codes })
    }

    /// A column as text; `None` is missing. Whole numbers have no decimals.
    pub fn texts(&self, name: &str) -> Result<Vec<Option<String>>, FileError> {
        Ok(self.texts_at(self.place(name)?))
    }

    fn texts_at(&self, place: usize) -> Vec<Option<String>> {
        match &self.content {
            Content::Csv { records, .. } => {
                let field =
                    |record: &csv::StringRecord| record.get(place).filter(|field| is_given(field)).map(str::to_owned);
                records.iter().map(field).collect()
            }
            Content::Parquet(frame) => {
                let column = &frame.columns()[place];
                if let Ok(texts) = column.str() {
                    return texts.iter().map(|text| text.map(str::to_owned)).collect();
                }
                if is_numeric(column.dtype())
                    && let Ok(column) = column.cast(&DataType::Float64)
                    && let Ok(numbers) = column.f64()
                {
                    return numbers.iter().map(|n| n.filter(|n| !n.is_nan()).map(|n| n.to_string())).collect();
                }
                match column.cast(&DataType::String) {
                    Ok(column) => column.str().map_or_else(
                        |_| vec![None; self.n_rows],
                        |texts| texts.iter().map(|text| text.map(str::to_owned)).collect(),
                    ),
                    Err(_) => vec![None; self.n_rows],
                }
            }
        }
    }

    /// Writes the table with one more column of numbers to `path`: Parquet where its name ends so, else CSV.
    /// The file is written beside its place and then put there, so that an earlier one is whole until then.
    pub fn write_with(&self, column: &str, values: &[f64], path: &Path) -> Result<(), FileError> {
        let shown = path.display().to_string();
        if self.names.iter().any(|name| name == column) {
            let message = format!("the data have a column `{column}` already; choose another name for the new one");
            return Err(FileError::Unwritable { path: shown, message });
        }
        let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
        let write = |draft: &Path| {
            let written = match is_parquet {
                true => self.write_parquet(column, values, draft),
                false => self.write_csv(column, values, draft),
            };
            written.map_err(std::io::Error::other)
        };
        write_file(path, write).map_err(|error| FileError::Unwritable { path: shown, message: error.to_string() })
    }

    fn write_csv(&self, column: &str, values: &[f64], path: &Path) -> Result<(), String> {
        // As the file came: a spreadsheet that wrote semicolons and decimal commas reads them too.
        let delimiter = match self.content {
            Content::Csv { delimiter, .. } => delimiter,
            Content::Parquet(_) => b',',
        };
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).from_path(path).map_err(|error| error.to_string())?;
        let header = self.names.iter().map(String::as_str).chain([column]);
        writer.write_record(header).map_err(|error| error.to_string())?;
        let columns: Vec<Vec<Option<String>>> = (0..self.names.len()).map(|place| self.texts_at(place)).collect();
        for (row, value) in values.iter().enumerate() {
            let fields = columns.iter().map(|column| column[row].as_deref().unwrap_or_default());
            let mut value = value.to_string();
            if has_decimal_comma(delimiter) {
                value = value.replace('.', ",");
            }
            writer.write_record(fields.chain([value.as_str()])).map_err(|error| error.to_string())?;
        }
        writer.into_inner().map_err(|error| error.to_string())?.sync_all().map_err(|error| error.to_string())
    }

    fn write_parquet(&self, column: &str, values: &[f64], path: &Path) -> Result<(), String> {
        let mut frame = match &self.content {
            Content::Parquet(frame) => (**frame).clone(),
            Content::Csv { .. } => {
                let column = |name: &String| {
                    let texts = self.texts(name).unwrap_or_default();
                    match self.numbers(name) {
                        Ok(numbers) if !texts.iter().flatten().any(|text| is_code(text)) => {
                            Series::new(name.as_str().into(), numbers).into_column()
                        }
                        _ => Series::new(name.as_str().into(), texts).into_column(),
                    }
                };
                DataFrame::new_infer_height(self.names.iter().map(column).collect())
                    .map_err(|error| error.to_string())?
            }
        };
        let added = Series::new(column.into(), values).into_column();
        frame.with_column(added).map_err(|error| error.to_string())?;
        let file = File::create(path).map_err(|error| error.to_string())?;
        let written = ParquetWriter::new(&file).finish(&mut frame).map_err(|error| error.to_string());
        written.and_then(|_| file.sync_all().map_err(|error| error.to_string()))
    }

    /// Which levels of a column are this value, compared as text, or as numbers where both are: one at least.
    pub(super) fn levels_of(&self, column: &str, factor: &Factor, value: &str) -> Result<Vec<bool>, FileError> {
        let is_wanted: Vec<bool> = factor.levels.iter().map(|level| is_same(level, value)).collect();
        if is_wanted.contains(&true) {
            return Ok(is_wanted);
        }
        Err(FileError::NoValue {
            path: self.path.clone(),
            column: column.to_owned(),
            value: value.to_owned(),
            values: factor.levels.clone(),
        })
    }

    fn place(&self, name: &str) -> Result<usize, FileError> {
        self.names.iter().position(|column| column == name).ok_or_else(|| FileError::NoColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            columns: self.names.clone(),
        })
    }
}

fn is_same(value: &str, wanted: &str) -> bool {
    value == wanted
        || matches!((value.parse::<f64>(), wanted.parse::<f64>()), (Ok(value), Ok(wanted)) if value == wanted)
}

fn is_numeric(dtype: &DataType) -> bool {
    dtype.is_primitive_numeric()
}

/// Where fields are not divided by commas, a comma is a decimal point.
fn has_decimal_comma(delimiter: u8) -> bool {
    delimiter != b','
}

fn is_given(field: &str) -> bool {
    !field.is_empty() && field != NOT_AVAILABLE
}

/// Digits that a number would not keep: with a leading zero, as in a municipality's code, or too many for a double.
fn is_code(text: &str) -> bool {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits && text.len() > 1 && (text.starts_with('0') || text.len() > f64::DIGITS as usize)
}

fn parse(text: &str, has_decimal_comma: bool) -> Option<f64> {
    let number = if has_decimal_comma { text.replace(',', ".").parse() } else { text.parse() };
    number.ok().filter(|number: &f64| number.is_finite())
}

fn read_csv(bytes: &[u8]) -> Result<(Vec<String>, Vec<csv::StringRecord>, u8), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text; save it as CSV UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &char| header.matches(*delimiter).count();
    // The first of equals wins, so a single column is read with commas.
    let delimiter = [',', ';', '\t'].into_iter().rev().max_by_key(count).unwrap_or(',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter as u8).trim(csv::Trim::All).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
    if names.iter().all(String::is_empty) {
        return Err("it is empty: the first line must name the columns".to_owned());
    }
    let mut records = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(|error| format!("row {}: {error}", records.len() + 1))?;
        records.push(record);
    }
    Ok((names, records, delimiter as u8))
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        assert!(is_same("1", "1.0") && is_same("01", "1") && !is_same("a", "b") && !is_same("", "0"));
    }
}
