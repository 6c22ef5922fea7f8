//! Tables by column: written as Parquet and CSV, read back from Parquet some rows at a time. No meaning here, only form.

use std::fs::File;
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
