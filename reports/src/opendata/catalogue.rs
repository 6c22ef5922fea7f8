//! What a catalogue wants to know that estimates cannot tell: whose the data are, under which licence, how to reach the office.
//! Read from a file beside the edition; what the file leaves out is said to be unknown, never made up.

use std::path::Path;

use questionnaires::Label;
use serde::Deserialize;

/// Facts about the data as a publication.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Catalogue {
    /// Where the site will be found, such as `https://tempi.comune.example.it/risultati/`. Without it the catalogue's links
    /// are relative to its own file.
    pub address: Option<String>,
    /// Who holds the rights; the edition's publisher where absent.
    pub rights_holder: Option<Organisation>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// The licence; Creative Commons Attribution 4.0 where absent.
    pub licence: Licence,
    /// Codes of the European list of data themes, such as `SOCI`.
    pub themes: Themes,
    /// Code of the European list of frequencies, such as `ANNUAL`; `UNKNOWN` where absent.
    pub frequency: Option<String>,
    /// First day that diaries are about, `2026-10-01`.
    pub first_day: Option<chrono::NaiveDate>,
    /// Last day that diaries are about.
    pub last_day: Option<chrono::NaiveDate>,
    /// The area described.
    pub area: Option<Area>,
}

/// An organisation in the Index of Public Administrations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    pub name: Label,
    /// Its code in the Index of Public Administrations (codice IPA), such as `c_h501`.
    pub code: String,
}

/// An office that answers questions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The office's name.
    pub name: String,
    /// Its address for mail, without `mailto:`.
    pub email: String,
    /// Its page.
    pub page: Option<String>,
}

/// A licence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Its name.
    pub name: String,
    /// Where its text is.
    pub address: String,
    /// Its kind in the list of ADMS, such as `Attribution`.
    pub kind: String,
}

impl Default for Licence {
    /// The licence that the Italian guidelines on open data recommend (AgID 2023, requirement 31) and that public bodies use
    /// unless they say otherwise.
    fn default() -> Licence {
        Licence {
            name: "Creative Commons Attribution 4.0 (CC BY 4.0)".to_owned(),
            address: "https://creativecommons.org/licenses/by/4.0/".to_owned(),
            kind: "Attribution".to_owned(),
        }
    }
}

/// Data themes; population and society unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Themes(pub Vec<String>);

impl Default for Themes {
    fn default() -> Themes {
        Themes(vec!["SOCI".to_owned()])
    }
}

/// An area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its name.
    pub name: String,
    /// Its address in a list of places, such as the municipality's in ISTAT's or GeoNames'.
    pub address: String,
    /// Its code in a list of areas, such as the one of ISTAT; used as the reference area of SDMX.
    pub code: Option<String>,
}

/// Why a file is no description of a publication.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// It cannot be read.
    #[error("cannot read {path}: {message}. Nothing was published.")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        message: String,
    },
    /// It says something else.
    #[error(
        "{path} does not describe a publication: {message}. Nothing was published; correct the line and run again."
    )]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong, with the line.
        message: String,
    },
}

impl Catalogue {
    /// Reads a description in TOML.
    ///
    /// # Errors
    /// See [`CatalogueError`].
    pub fn read(path: &Path) -> Result<Catalogue, CatalogueError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| CatalogueError::Unreadable { path: shown.clone(), message: error.to_string() })?;
        let catalogue: Catalogue = toml::from_str(&text).map_err(|error| CatalogueError::Malformed {
            path: shown.clone(),
            message: error.to_string().trim_end().to_owned(),
        })?;
        catalogue.check().map_err(|message| CatalogueError::Malformed { path: shown, message })?;
        Ok(catalogue)
    }

    fn check(&self) -> Result<(), String> {
        let addresses = [
            ("address", self.address.as_deref()),
            ("licence.address", Some(self.licence.address.as_str())),
            ("area.address", self.area.as_ref().map(|area| area.address.as_str())),
            ("contact.page", self.contact.as_ref().and_then(|contact| contact.page.as_deref())),
        ];
        for (key, address) in addresses {
            let is_address = |address: &str| {
                (address.starts_with("https://") || address.starts_with("http://"))
                    && !address.contains(|letter: char| letter.is_whitespace() || "<>\"{}|\\^`".contains(letter))
            };
            if address.is_some_and(|address| !is_address(address)) {
                return Err(format!("`{key}` is not a web address"));
            }
        }
        let is_code = |code: &String| {
            !code.is_empty() && code.chars().all(|letter| letter.is_ascii_uppercase() || "_1234567890".contains(letter))
        };
        if self.themes.0.is_empty() || !self.themes.0.iter().all(is_code) {
            return Err("`themes` are codes in capitals, such as [\"SOCI\"]".to_owned());
        }
        if self.frequency.as_ref().is_some_and(|code| !is_code(code)) {
            return Err("`frequency` is a code in capitals, such as \"ANNUAL\"".to_owned());
        }
        if self.first_day.zip(self.last_day).is_some_and(|(first, last)| first > last) {
            return Err("`first_day` is after `last_day`".to_owned());
        }
        Ok(())
    }

    /// The address of the site with a slash at its end.
    pub fn root(&self) -> Option<String> {
        self.address.as_ref().map(|address| format!("{}/", address.trim_end_matches('/')))
    }
}
