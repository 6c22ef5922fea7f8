//! A table of a snapshot, and its two forms: Parquet (uncompressed) and CSV.

use std::sync::Arc;

use parquet::{
    basic::{LogicalType, Repetition, Type as PhysicalType},
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::{Type, TypePtr},
};

use super::ExportError;

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) name: &'static str,
    columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    name: &'static str,
    optional: bool,
    values: Values,
}

/// The values of a column, one per row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
}

impl Values {
    pub(super) fn text(values: impl Iterator<Item = Option<String>>) -> Values {
        Values::Text(values.collect())
    }

    pub(super) fn integer(values: impl Iterator<Item = Option<i64>>) -> Values {
        Values::Integer(values.collect())
    }

    fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Integer(values) => values.len(),
            Values::Real(values) => values.len(),
        }
    }

    /// The value at `row` as CSV writes it; blank when there is none.
    fn shown(&self, row: usize) -> String {
        match self {
            Values::Text(values) => values[row].clone(),
            Values::Integer(values) => values[row].map(|value| value.to_string()),
            Values::Real(values) => values[row].map(|value| value.to_string()),
        }
        .unwrap_or_default()
    }
}

impl Column {
    /// A column with a value in every row.
    pub(super) fn required(name: &'static str, values: Values) -> Column {
        Column { name, optional: false, values }
    }

    /// A column that may be blank.
    pub(super) fn optional(name: &'static str, values: Values) -> Column {
        Column { name, optional: true, values }
    }

    fn parquet_type(&self) -> Result<TypePtr, ParquetError> {
        let (physical, logical) = match self.values {
            Values::Text(_) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Integer(_) => (PhysicalType::INT64, None),
            Values::Real(_) => (PhysicalType::DOUBLE, None),
        };
        let repetition = if self.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let built = Type::primitive_type_builder(self.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()?;
        Ok(Arc::new(built))
    }

    fn write(&self, row_group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>) -> Result<(), ParquetError> {
        match &self.values {
            Values::Text(values) => {
                let bytes: Vec<Option<ByteArray>> =
                    values.iter().map(|value| value.as_deref().map(ByteArray::from)).collect();
                self.write_typed::<ByteArrayType>(row_group, &bytes)
            }
            Values::Integer(values) => self.write_typed::<Int64Type>(row_group, values),
            Values::Real(values) => self.write_typed::<DoubleType>(row_group, values),
        }
    }

    fn write_typed<T: DataType>(
        &self,
        row_group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
        values: &[Option<T::T>],
    ) -> Result<(), ParquetError> {
        let present: Vec<T::T> = values.iter().flatten().cloned().collect();
        if !self.optional && present.len() != values.len() {
            return Err(ParquetError::General(format!("a row has no `{}`", self.name)));
        }
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let Some(mut writer) = row_group.next_column()? else {
            return Err(ParquetError::General("more columns than the schema has".to_owned()));
        };
        writer.typed::<T>().write_batch(&present, self.optional.then_some(levels.as_slice()), None)?;
        writer.close()
    }
}

impl Table {
    /// A table of columns of the same length.
    pub(super) fn new(name: &'static str, columns: Vec<Column>) -> Table {
        debug_assert!(columns.windows(2).all(|pair| pair[0].values.len() == pair[1].values.len()));
        Table { name, columns }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The names of the columns.
    #[cfg(test)]
    pub(super) fn column_names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }

    /// The table as CSV with a header; a missing value is blank.
    pub(super) fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let rows = (0..self.n_rows()).map(|row| self.columns.iter().map(|column| column.values.shown(row)).collect());
        let lines = std::iter::once(header.into_iter().map(str::to_owned).collect::<Vec<String>>()).chain(rows);
        for line in lines {
            writer.write_record(line).expect("writing to memory, with as many values as the header");
        }
        writer.into_inner().expect("writing to memory")
    }

    /// The table as a Parquet file of one row group.
    pub(super) fn to_parquet(&self) -> Result<Vec<u8>, ExportError> {
        self.write_parquet().map_err(|error| ExportError::Parquet { table: self.name, message: error.to_string() })
    }

    fn write_parquet(&self) -> Result<Vec<u8>, ParquetError> {
        let fields = self.columns.iter().map(Column::parquet_type).collect::<Result<Vec<_>, _>>()?;
        let schema = Arc::new(Type::group_type_builder(self.name).with_fields(fields).build()?);
        let mut bytes = Vec::new();
        let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::default()))?;
        let mut row_group = file.next_row_group()?;
        for column in &self.columns {
            column.write(&mut row_group)?;
        }
        row_group.close()?;
        file.close()?;
        Ok(bytes)
    }
}
