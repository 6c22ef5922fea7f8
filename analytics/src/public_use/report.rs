//! What the check of a public-use file found, and what is in its tables: `report.json`.

use std::collections::BTreeMap;

use questionnaires::Label;
use serde::{Deserialize, Serialize};

/// The result of the check, published with the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicUseReport {
    /// Version of the programs that made it.
    pub tempi_version: String,
    /// SHA-256 of the snapshot's manifest, hexadecimal.
    pub input_sha256: String,
    /// Whether the data are invented.
    pub synthetic: bool,
    /// What was asked.
    pub rules: PublicUseRules,
    /// Whether the file may be published; a file that may not be is not written.
    pub accepted: bool,
    /// Why not.
    pub refusals: Vec<String>,
    /// Persons in the file.
    pub n_persons: u64,
    /// Persons left out, since too few share what is known of them.
    pub n_left_out: u64,
    /// Days in the file.
    pub n_days: u64,
    /// The characteristics by which somebody could be looked for.
    pub characteristics: Vec<String>,
    /// Cells emptied, by characteristic.
    pub emptied: BTreeMap<String, u64>,
    /// Level-2 activities told as their level 1, since fewer persons than the smallest class did them.
    pub joined_activities: Vec<String>,
    /// Level-1 activities told as the rest, for the same reason; they have no column of minutes.
    #[serde(default)]
    pub rest_activities: Vec<String>,
    /// The risk that somebody is found by their characteristics, before the reduction.
    pub before: Risk,
    /// The same of the file.
    pub after: Risk,
    /// What a class tells of all its members.
    pub diversity: Diversity,
    /// How far a day tells whose it is.
    pub fingerprints: Fingerprints,
    /// What was done to weights.
    pub weights: WeightProtection,
    /// Means of the file itself, for whoever wants to see that they loaded it well.
    pub means: Vec<Mean>,
    /// The tables, by file.
    pub tables: BTreeMap<String, TableDescription>,
}

/// What a file must hold to be published.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicUseRules {
    /// Fewest persons who share all characteristics (k-anonymity).
    pub smallest_class: u64,
    /// Largest risk of a person (Benedetti and Franconi).
    pub largest_risk: f64,
    /// Most identifications expected, as a share of the persons.
    pub largest_expected_share: f64,
}

impl Default for PublicUseRules {
    fn default() -> PublicUseRules {
        PublicUseRules { smallest_class: 5, largest_risk: 0.05, largest_expected_share: 0.01 }
    }
}

/// The risk of identification by characteristics.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Risk {
    /// Combinations of characteristics that occur.
    pub n_classes: u64,
    /// Persons of the smallest.
    pub smallest_class: u64,
    /// Persons alone in theirs.
    pub n_sample_uniques: u64,
    /// Of them, how many are expected to be alone in the population too.
    pub expected_population_uniques: f64,
    /// The largest risk of a person.
    pub largest_risk: f64,
    /// The sum of everybody's risks.
    pub expected_identifications: f64,
}

/// Whether belonging to a class tells more than the class (l-diversity).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Diversity {
    /// Fewest different activities, as the longest of the day beside sleep, among the days of a class.
    pub fewest_longest_activities: u64,
    /// The activities that are looked at one by one.
    pub sensitive: Vec<String>,
    /// Classes in which everybody did one of them.
    pub n_told: u64,
}

/// How unique days are. A whole day is nearly always a fingerprint; this says how much of it somebody must know.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Fingerprints {
    /// Share of days in the snapshot that are unique by main activity in ten minutes.
    pub unique_days_before: f64,
    /// Share of days in the file that are unique by activity in half hours.
    pub unique_days: f64,
    /// Share of days in the file that are unique by level 1 in half hours.
    pub unique_days_at_level_1: f64,
    /// The same for somebody who knows only some half hours, besides all characteristics and the kind of day.
    pub known: Vec<KnownHalfHours>,
}

/// Days that are unique to somebody who knows some half hours of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KnownHalfHours {
    /// Half hours known, drawn anew for each day.
    pub n_half_hours: u64,
    /// Share of days that no other day of the same characteristics and kind agrees with.
    pub unique_days: f64,
}

/// How weights were kept from telling the stratum.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct WeightProtection {
    /// Fewest days that share a weight within a sex, an age group and a kind of day.
    pub smallest_group: u64,
    /// The largest change of a weight, as a share of it.
    pub largest_change: f64,
    /// Replicate weights.
    pub n_replicates: u64,
    /// Fewest clusters that share their replicate weights.
    pub fewest_clusters: u64,
}

/// The mean of a column of `days.csv` and its standard error by the replicates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// The column.
    pub column: String,
    /// The weighted mean.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// A table of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDescription {
    /// Rows, the header left out.
    pub n_rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnDescription>,
    /// The columns that make a row unique.
    pub primary_key: Vec<String>,
    /// Columns that lead to another table: these, the file, and its columns.
    pub foreign_key: Option<(Vec<String>, String, Vec<String>)>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// `text`, `integer` or `number`.
    pub kind: String,
    /// Whether every row has a value.
    pub required: bool,
    /// What it is.
    pub label: Label,
    /// Its codes, where it has some.
    pub categories: Vec<CategoryDescription>,
}

/// A code of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CategoryDescription {
    /// The code.
    pub code: String,
    /// What it means.
    pub label: Label,
    /// Rows that have it.
    pub n_rows: u64,
}
