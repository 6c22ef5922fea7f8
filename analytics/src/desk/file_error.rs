//! Why a file of microdata gives no data, with what was probably meant.

/// How alike a mistyped name must be to be offered (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.75;

/// Why a file gives no data. Nothing was computed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error("cannot read {path}: {message}. Nothing was computed; give a CSV file with a header or a Parquet file.")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
    /// The file cannot be written.
    #[error("cannot write {path}: {message}. What was there before is unchanged.")]
    Unwritable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
    /// No column has this name.
    #[error(
        "{path} has no column `{column}`{}. Nothing was computed; its columns are: {}.",
        offered(columns, column),
        listed(columns)
    )]
    NoColumn {
        /// The file.
        path: String,
        /// The name that was asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// No row has this value.
    #[error(
        "no row of {path} has `{value}` in the column `{column}`{}. Nothing was computed; its values are: {}.",
        offered(values, value),
        listed(values)
    )]
    NoValue {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The value that was asked for.
        value: String,
        /// The values there are.
        values: Vec<String>,
    },
    /// A value that must be a number is not one.
    #[error(
        "{path}, row {row}: `{value}` in the column `{column}` is not a number. Nothing was computed; correct the value, \
         leave it empty if it is missing, or use the column as a category."
    )]
    NotANumber {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The row of data, counted from 1.
        row: usize,
        /// What stands there.
        value: String,
    },
}

/// The name most like the wanted one, if it is alike enough.
fn offered(names: &[String], wanted: &str) -> String {
    let alike = |name: &&String| strsim::jaro_winkler(&name.to_lowercase(), &wanted.to_lowercase());
    let closest = names.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|name| alike(name) >= ALIKE);
    closest.map_or_else(String::new, |closest| format!(" (did you mean `{closest}`?)"))
}

fn listed(columns: &[String]) -> String {
    const SHOWN: usize = 40;
    let shown = columns.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if columns.len() > SHOWN { format!("{shown}, … ({} in all)", columns.len()) } else { shown }
}
