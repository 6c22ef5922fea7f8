//! Drawing a sample from the register: persons or households, in strata, without replacement and with equal probabilities
//! within a stratum, so that the inclusion probability is exactly n_h / N_h and the design weight N_h / n_h.

mod allocation;
mod frame;
mod random;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::io::Write;

use chrono::{DateTime, Utc};
use thiserror::Error;

pub use allocation::Allocation;
use frame::Frame;
pub use frame::{Stratifier, Unit};
use random::Random;

use super::{resident::Resident, store as register};
use crate::{clock::italian_time, database::Database, error::AppError, keys::Keys};

/// What sample is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePlan {
    /// Persons or households.
    pub unit: Unit,
    /// How many of them; not used where the numbers are given.
    pub size: u64,
    /// The variables whose values make the strata; none for a simple random sample.
    pub strata: Vec<Stratifier>,
    /// How the size is shared out among strata.
    pub allocation: Allocation,
    /// Nobody younger is in the frame, in years.
    pub minimum_age: u32,
    /// What the draws are made from: the same seed and register give the same sample.
    pub seed: String,
    /// Whether an earlier sample is given up, with the weights of the people in it.
    pub replace: bool,
}

/// Why no sample was drawn. Nothing was stored.
#[derive(Debug, Error)]
pub enum SampleError {
    /// No register.
    #[error("no sample was drawn: there is no register of residents yet (`tempi residents import`)")]
    NoRegister,
    /// Everybody is too young.
    #[error("no sample was drawn: nobody in the register is {0} or older")]
    NobodyOldEnough(u32),
    /// The size does not fit the frame.
    #[error(
        "no sample was drawn: a sample of {size} does not fit {n_units} units in {n_strata} strata; it must be from {least} (two \
         of each stratum, so that variances can be estimated) to {n_units}"
    )]
    Size {
        /// Wanted.
        size: u64,
        /// The least that gives every stratum two.
        least: u64,
        /// Units in the frame.
        n_units: u64,
        /// Strata.
        n_strata: usize,
    },
    /// A stratum for which no number is given.
    #[error("no sample was drawn: the allocation gives no number for the stratum `{0}`")]
    NoNumber(String),
    /// A number for a stratum that the frame does not have.
    #[error("no sample was drawn: the frame has no stratum `{0}`")]
    UnknownStratum(String),
    /// A number that the stratum cannot give.
    #[error("no sample was drawn: {number} of the stratum `{stratum}` are asked, which holds {population}")]
    Number {
        /// The stratum.
        stratum: String,
        /// Asked.
        number: u64,
        /// Held.
        population: u64,
    },
    /// There is a sample.
    #[error(
        "no sample was drawn: there is one already, and the weights of the people invited for it would be lost. To give it \
         up, say --replace"
    )]
    Exists,
    /// The list of invitations cannot be written.
    #[error("no sample was drawn: the list of invitations cannot be written: {0}")]
    List(#[from] csv::Error),
    /// The database cannot be used.
    #[error("no sample was drawn: {0}")]
    Database(#[from] AppError),
}

/// Somebody drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledPerson {
    /// Who.
    pub resident: Resident,
    /// The stratum's name, empty where there are no strata.
    pub stratum: String,
    /// Units of the stratum in the frame, N_h.
    pub n_frame: u64,
    /// Units drawn of them, n_h.
    pub n_drawn: u64,
}

impl SampledPerson {
    /// The probability with which this person was drawn, n_h / N_h.
    pub fn probability(&self) -> f64 {
        self.n_drawn as f64 / self.n_frame as f64
    }

    /// The design weight, N_h / n_h.
    pub fn weight(&self) -> f64 {
        self.n_frame as f64 / self.n_drawn as f64
    }
}

/// A stratum of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stratum {
    /// Its name, empty where there are no strata.
    pub name: String,
    /// Units in the frame.
    pub n_frame: u64,
    /// Units drawn.
    pub n_drawn: u64,
    /// Persons to be invited.
    pub n_persons: u64,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// In the order of their names.
    pub strata: Vec<Stratum>,
    /// By stratum, then by household, then by code.
    pub people: Vec<SampledPerson>,
}

impl Sample {
    /// Persons or households drawn.
    pub fn n_units(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.n_drawn).sum()
    }
}

/// Draws a sample, writes the list of invitations, and stores each person's place in the design for the export.
///
/// The list holds fiscal codes and households: it is for the office that invites, and for nobody else.
///
/// # Errors
/// See [`SampleError`]; nothing is then stored, and what was written of the list is worth nothing.
pub async fn draw(
    database: &Database,
    keys: &Keys,
    plan: &SamplePlan,
    invitations: impl Write,
    now: DateTime<Utc>,
) -> Result<Sample, SampleError> {
    if !plan.replace && store::exists(database).await? {
        return Err(SampleError::Exists);
    }
    let everybody = register::everybody(database, keys).await?.ok_or(SampleError::NoRegister)?;
    let today = italian_time(now).date();
    let sample = draw_from(Frame::new(everybody, plan.unit, &plan.strata, plan.minimum_age, today)?, plan)?;
    write_invitations(&sample, invitations)?;
    store::keep(database, keys, plan, &sample, now).await?;
    Ok(sample)
}

fn draw_from(frame: Frame, plan: &SamplePlan) -> Result<Sample, SampleError> {
    let sizes: Vec<(String, u64)> =
        frame.strata.iter().map(|(name, units)| (name.clone(), units.len() as u64)).collect();
    let numbers = plan.allocation.of(&sizes, plan.size)?;
    let (mut strata, mut people) = (Vec::new(), Vec::new());
    for ((name, units), n_drawn) in frame.strata.into_iter().zip(numbers) {
        let n_frame = units.len() as u64;
        let drawn = Random::stream(&plan.seed, &name).subset(units.len(), n_drawn as usize);
        let members = drawn.into_iter().flat_map(|unit| units[unit].iter().copied());
        let before = people.len();
        people.extend(members.map(|place| SampledPerson {
            resident: frame.people[place].clone(),
            stratum: name.clone(),
            n_frame,
            n_drawn,
        }));
        strata.push(Stratum { name, n_frame, n_drawn, n_persons: (people.len() - before) as u64 });
    }
    people.sort_by(|a, b| {
        let key = |person: &SampledPerson| (person.stratum.clone(), person.resident.household.clone());
        key(a).cmp(&key(b)).then_with(|| a.resident.code.cmp(&b.resident.code))
    });
    Ok(Sample { strata, people })
}

fn write_invitations(sample: &Sample, file: impl Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record(["codice_fiscale", "id_famiglia", "zona", "strato", "probabilita", "peso"])?;
    for person in &sample.people {
        let resident = &person.resident;
        csv.write_record([
            resident.code.reveal(),
            &resident.household,
            resident.zone.as_deref().unwrap_or_default(),
            &person.stratum,
            &person.probability().to_string(),
            &person.weight().to_string(),
        ])?;
    }
    Ok(csv.flush()?)
}
