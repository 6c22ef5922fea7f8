//! Known totals of the population, counted in the register, in the forms that `tempi analyse` and `tempi weight` read.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{age_group, resident::Resident, store};
use crate::{
    audit::{Act, Verb},
    clock::italian_time,
    database::Database,
    error::AppError,
    keys::Keys,
};

/// A variable that people are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// The sex in the register.
    Sex,
    /// The age group of the published tables.
    AgeGroup,
    /// The zone of the city.
    Zone,
}

impl Variable {
    /// The variable of an Italian or English name.
    pub fn from_name(name: &str) -> Option<Variable> {
        match name.trim().to_lowercase().replace('à', "a").as_str() {
            "sesso" | "sex" => Some(Variable::Sex),
            "eta" | "age" | "age_group" => Some(Variable::AgeGroup),
            "zona" | "zone" => Some(Variable::Zone),
            _ => None,
        }
    }

    /// The column of the snapshot.
    fn column(self) -> &'static str {
        match self {
            Variable::Sex => "sex",
            Variable::AgeGroup => "age_group",
            Variable::Zone => "zone",
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarginsPlan {
    /// The margins, each a variable or several crossed. None: one table of sex by age group, `sex,age_group,population`;
    /// otherwise `margin,category,total`.
    pub margins: Vec<Vec<Variable>>,
    /// Nobody younger is counted, in years.
    pub minimum_age: u32,
    /// A category with fewer people than this is not written.
    pub threshold: u64,
    /// Counts are rounded to multiples of this, which is then the least that is written; only for a single margin, since
    /// several would no longer agree.
    pub round_to: Option<u64>,
}

/// Why nothing was counted. No file is complete then.
#[derive(Debug, Error)]
pub enum MarginsError {
    /// No register.
    #[error("nothing was counted: there is no register of residents yet (`tempi residents import`)")]
    NoRegister,
    /// Nobody is old enough.
    #[error("nothing was counted: nobody in the register is {0} or older")]
    NobodyOldEnough(u32),
    /// Some people have no zone.
    #[error(
        "nothing was counted: {n_people} people have no zone in the register, so that zones do not add up to the population; \
         complete the extract, or leave the zone out"
    )]
    NoZone {
        /// How many.
        n_people: u64,
    },
    /// A category counts too few.
    #[error(
        "nothing was written: the category `{category}` of `{margin}` has fewer than {threshold} people, who could be \
         recognised. Take wider categories, or round the counts with --round"
    )]
    FewPeople {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// The least that may be written.
        threshold: u64,
    },
    /// Rounding several margins.
    #[error("nothing was written: rounded margins would not add up to the same population; count one margin at a time")]
    RoundedMargins,
    /// Rounding to less than the threshold.
    #[error("nothing was written: counts must be rounded to {0} at least")]
    RoundTooFine(u64),
    /// The file cannot be written.
    #[error("the margins cannot be written: {0}")]
    File(#[from] csv::Error),
    /// The database cannot be used.
    #[error("nothing was counted: {0}")]
    Database(#[from] AppError),
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarginsSummary {
    /// People counted.
    pub n_people: u64,
    /// Categories written.
    pub n_categories: usize,
}

/// Counts the people of the register and writes the totals.
///
/// # Errors
/// See [`MarginsError`].
pub async fn margins(
    database: &Database,
    keys: &Keys,
    plan: &MarginsPlan,
    file: impl Write,
    now: DateTime<Utc>,
) -> Result<MarginsSummary, MarginsError> {
    let mut people = store::everybody(database, keys).await?.ok_or(MarginsError::NoRegister)?;
    let today = italian_time(now).date();
    people.retain(|person| person.age_on(today) >= plan.minimum_age);
    let usual = [vec![Variable::Sex, Variable::AgeGroup]];
    let margins = if plan.margins.is_empty() { usual.as_slice() } else { &plan.margins };
    let categories = |person: &Resident, variables: &[Variable]| -> String {
        let value = |variable: &Variable| match variable {
            Variable::Sex => person.sex.code(),
            Variable::AgeGroup => age_group(person.age_on(today)),
            Variable::Zone => person.zone.as_deref().unwrap_or_default(),
        };
        variables.iter().map(value).collect::<Vec<_>>().join(CROSS)
    };
    let counted = count(&people, margins, plan, categories)?;
    write(&counted, plan.margins.is_empty(), file)?;
    let summary = MarginsSummary {
        n_people: people.len() as u64,
        n_categories: counted.iter().map(|(_, totals)| totals.len()).sum(),
    };
    let transaction = database.begin_write().await.map_err(AppError::from)?;
    let names: Vec<&str> = counted.iter().map(|(margin, _)| margin.as_str()).collect();
    let act = Act::of_system("tempi residents", Verb::RegisterCounted, names.join(", "));
    database.audit().record(&transaction, &act, now).await?;
    transaction.commit().await.map_err(AppError::from)?;
    Ok(summary)
}

/// What joins crossed variables and their values, as the readers of margins expect.
const CROSS: &str = "*";

/// A margin's name, and its categories with their counts.
type Counted = (String, BTreeMap<String, u64>);

fn count(
    people: &[Resident],
    margins: &[Vec<Variable>],
    plan: &MarginsPlan,
    category: impl Fn(&Resident, &[Variable]) -> String,
) -> Result<Vec<Counted>, MarginsError> {
    if people.is_empty() {
        return Err(MarginsError::NobodyOldEnough(plan.minimum_age));
    }
    if let Some(base) = plan.round_to {
        if margins.len() > 1 {
            return Err(MarginsError::RoundedMargins);
        }
        if base < plan.threshold {
            return Err(MarginsError::RoundTooFine(plan.threshold));
        }
    }
    let n_people = people.iter().filter(|person| person.zone.is_none()).count() as u64;
    if n_people > 0 && margins.iter().flatten().any(|variable| *variable == Variable::Zone) {
        return Err(MarginsError::NoZone { n_people });
    }
    let mut counted = Vec::new();
    for variables in margins {
        let name = variables.iter().map(|variable| variable.column()).collect::<Vec<_>>().join(CROSS);
        let mut totals: BTreeMap<String, u64> = BTreeMap::new();
        for person in people {
            *totals.entry(category(person, variables)).or_default() += 1;
        }
        match plan.round_to {
            // To the nearest multiple, but never to nobody.
            Some(base) => totals.values_mut().for_each(|total| *total = ((*total + base / 2) / base).max(1) * base),
            None => {
                if let Some((category, _)) = totals.iter().find(|(_, total)| **total < plan.threshold) {
                    let (category, threshold) = (category.clone(), plan.threshold);
                    return Err(MarginsError::FewPeople { margin: name, category, threshold });
                }
            }
        }
        counted.push((name, totals));
    }
    Ok(counted)
}

fn write(counted: &[Counted], is_usual: bool, file: impl Write) -> Result<(), csv::Error> {
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record(if is_usual { ["sex", "age_group", "population"] } else { ["margin", "category", "total"] })?;
    for (margin, totals) in counted {
        for (category, total) in totals {
            match category.split_once(CROSS).filter(|_| is_usual) {
                Some((sex, age_group)) => csv.write_record([sex, age_group, &total.to_string()])?,
                None => csv.write_record([margin, category, &total.to_string()])?,
            }
        }
    }
    Ok(csv.flush()?)
}
