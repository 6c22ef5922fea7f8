//! Tables by column: written as Parquet and CSV, read back from Parquet. No meaning here, only form.

use std::fs::File;
use std::path::Path;

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};
use polars_io::csv::write::CsvWriter;
use polars_io::parquet::read::ParquetReader;
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

/// Reads a Parquet file; the error says what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<DataFrame, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    ParquetReader::new(file).finish().map_err(|error| format!("it is not readable Parquet ({error})"))
}

/// A column of text.
pub(crate) fn text(frame: &DataFrame, name: &str) -> Result<Vec<Option<String>>, String> {
    let column = typed(frame, name, &DataType::String, "text")?;
    let values = column.str().map_err(|error| error.to_string())?;
    Ok(values.iter().map(|value| value.map(str::to_owned)).collect())
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
    let column = frame.column(name).map_err(|_| format!("the column `{name}` is missing"))?;
    if column.dtype() == expected {
        Ok(column)
    } else {
        Err(format!("the column `{name}` holds {} instead of {words}", column.dtype()))
    }
}
