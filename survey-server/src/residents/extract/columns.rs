//! The columns of an extract: their names, the names they may have instead, and where they stand in a file.

use std::fmt;

use thiserror::Error;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The fiscal code.
    FiscalCode,
    /// The sex.
    Sex,
    /// The date of birth.
    BirthDate,
    /// The zone of the city.
    Zone,
    /// The household.
    Household,
    /// The relation to the household's reference person.
    Relation,
    /// The surname, only compared with the code.
    Surname,
    /// The first name, only compared with the code.
    FirstName,
}

/// Column, whether it must be there, its name, the names accepted instead.
type Accepted = (Column, bool, &'static str, &'static [&'static str]);

const COLUMNS: &[Accepted] = &[
    (Column::FiscalCode, true, "codice_fiscale", &["cf", "cod_fiscale", "codicefiscale", "fiscal_code", "tax_code"]),
    (Column::Sex, true, "sesso", &["sex", "genere", "gender"]),
    (
        Column::BirthDate,
        true,
        "data_nascita",
        &["data_di_nascita", "nascita", "datanascita", "dt_nascita", "birth_date", "date_of_birth"],
    ),
    (Column::Zone, true, "zona", &["quartiere", "circoscrizione", "municipio", "frazione", "zone", "district"]),
    (
        Column::Household,
        true,
        "id_famiglia",
        &["famiglia", "codice_famiglia", "cod_famiglia", "numero_famiglia", "household", "household_id", "family_id"],
    ),
    (
        Column::Relation,
        false,
        "relazione",
        &["relazione_parentela", "rapporto_parentela", "parentela", "relationship", "relation"],
    ),
    (Column::Surname, false, "cognome", &["surname", "last_name", "family_name"]),
    (Column::FirstName, false, "nome", &["name", "first_name", "given_name"]),
];

impl Column {
    /// The column's name, as reports write it.
    pub fn name(self) -> &'static str {
        COLUMNS.iter().find(|(column, ..)| *column == self).map_or("", |(_, _, name, _)| name)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why the first line does not tell what the columns are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderError {
    /// There is none.
    #[error("line 1: the file is empty; it must begin with the names of the columns")]
    Empty,
    /// It cannot be cut into names.
    #[error("line 1: the names of the columns cannot be read: the line is too long, or a quote does not close")]
    Unreadable,
    /// The file is UTF-16, as Excel's "Unicode text".
    #[error("line 1: the file is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// A column is missing.
    #[error("line 1: the column `{0}` is missing (docs/OPERATIONS.md lists the columns and the names accepted)")]
    Missing(Column),
    /// A column is there twice.
    #[error("line 1: two columns are `{0}`")]
    Twice(Column),
}

/// Where the columns stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) separator: char,
    /// How many fields a line has.
    pub(super) n_fields: usize,
    /// The names that are not read.
    pub(super) ignored: Vec<String>,
    positions: Vec<(Column, usize)>,
}

impl Header {
    /// Reads the first line. The separator is `;`, `,` or a tab: whichever divides it into more names.
    pub(super) fn read(line: &str) -> Result<Header, HeaderError> {
        if line.contains('\0') || line.starts_with("ÿþ") || line.starts_with("þÿ") {
            return Err(HeaderError::Utf16);
        }
        if line.trim().is_empty() {
            return Err(HeaderError::Empty);
        }
        let separators = [',', '\t', ';'];
        let separator = separators.into_iter().max_by_key(|separator| line.matches(*separator).count()).unwrap_or(';');
        let names = super::fields::split(line, separator).map_err(|_| HeaderError::Unreadable)?;
        let mut header = Header { separator, n_fields: names.len(), ignored: Vec::new(), positions: Vec::new() };
        for (position, name) in names.iter().enumerate() {
            match column_named(name) {
                Some(column) if header.position(column).is_some() => return Err(HeaderError::Twice(column)),
                Some(column) => header.positions.push((column, position)),
                None => header.ignored.push(name.chars().filter(|letter| !letter.is_control()).take(40).collect()),
            }
        }
        let missing =
            COLUMNS.iter().find(|(column, is_required, ..)| *is_required && header.position(*column).is_none());
        missing.map_or(Ok(header.clone()), |(column, ..)| Err(HeaderError::Missing(*column)))
    }

    /// Where a column stands.
    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.positions.iter().find(|(one, _)| *one == column).map(|(_, position)| *position)
    }
}

fn column_named(name: &str) -> Option<Column> {
    let plain: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() { letter } else { '_' })
        .collect();
    let plain = plain.trim_matches('_');
    let found = COLUMNS.iter().find(|(_, _, name, others)| plain == *name || others.contains(&plain));
    found.map(|(column, ..)| *column)
}
