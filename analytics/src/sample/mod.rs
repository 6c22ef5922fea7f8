//! The sample as the kernel takes it: one observation per diary in use, with weight, leaf and class, and the
//! groups its person belongs to.

mod variable;
mod weights;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::design::{DesignError, Placement, SurveyDesign};
use crate::desk::{FileError, Microdata, TotalsError};
use crate::disclosure::N_TO_SHOW;
use crate::domain::{PopulationGroup, Zone, class};
use crate::editing::UsableDiaries;
use crate::estimation::{Blocks, Calibration, Observation, Residuals, Survey};
use crate::plan::{Clusters, DesignPlan, DomainPlan, ReleasePlan};
use crate::snapshot::{Person, Sex, Snapshot};
use crate::weighting::{MarginsError, WeightingError};
use weights::DayWeights;

pub use weights::Weighting;

/// Why a sample cannot be weighted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// No diary is left to use.
    #[error(
        "the snapshot has no diary to use ({n_rejected} rejected for their quality). Nothing was written; \
         export again once diaries have been handed in."
    )]
    NoDiaries {
        /// Diaries left out.
        n_rejected: u64,
    },
    /// The design gives no variance.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// The register's counts cannot be used.
    #[error(transparent)]
    Margins(#[from] MarginsError),
    /// Known totals cannot be used.
    #[error(transparent)]
    Totals(TotalsError),
    /// The weights cannot be adjusted.
    #[error("{0} Nothing was written.")]
    Weighting(#[from] WeightingError),
    /// A margin or class of something that persons do not have.
    #[error(
        "persons have no variable `{name}`. Nothing was written; the variables are sex, age_group, zone, stratum, the \
         target groups, and the names of questions that somebody answered."
    )]
    Variable {
        /// The name.
        name: String,
    },
    /// A margin of numbers.
    #[error("the margin `{name}` has no categories; a release is calibrated to categories. Nothing was written.")]
    NumericMargin {
        /// The margin.
        name: String,
    },
    /// The file of stratum populations cannot be read.
    #[error(transparent)]
    Populations(#[from] FileError),
    /// A stratum has no population.
    #[error(
        "{path} has no number of clusters for the stratum `{stratum}`. Nothing was written; add the line \
         `{stratum},CLUSTERS` and run again."
    )]
    NoPopulation {
        /// The file.
        path: String,
        /// The stratum.
        stratum: String,
    },
    /// A stratum has two lines.
    #[error(
        "{path} gives the number of clusters of the stratum `{stratum}` twice. Nothing was written; keep one line."
    )]
    TwoPopulations {
        /// The file.
        path: String,
        /// The stratum.
        stratum: String,
    },
}

/// A respondent with the diaries in use, as places in the snapshot.
type RespondentDays<'a> = (&'a Person, &'a [u32]);

/// Respondents, their days, and the design they come from.
#[derive(Debug)]
pub struct Sample {
    /// The design.
    pub design: SurveyDesign,
    /// What calibration leaves of the respondents' scores, where weights were adjusted to margins.
    pub calibration: Option<Arc<Calibration>>,
    /// The blocks of the groups' domains.
    pub blocks: Blocks,
    /// The groups that somebody belongs to, everybody first: the domains of the blocks.
    pub groups: Vec<PopulationGroup>,
    /// By respondent: as many people as it stands for, the mean of its days' weights.
    pub person_weights: Vec<f64>,
    /// By respondent.
    pub sexes: Vec<Sex>,
    /// What the adjustment of the weights leaves of the respondents' scores.
    residuals: Option<Residuals>,
    /// The observations: a day each.
    pub observations: Vec<Observation>,
    /// For each observation, its respondent; respondents ascend.
    pub respondent_of: Vec<u32>,
    /// For each observation, its class.
    pub class_of: Vec<u8>,
    /// For each respondent, the groups it belongs to.
    pub groups_of: Vec<Vec<usize>>,
    /// What was made of the weights.
    pub weighting: Weighting,
    /// SHA-256 of the margins' bytes, hexadecimal.
    pub margins_sha256: Option<String>,
}

impl Sample {
    /// Weighs the diaries in use, as the plan says.
    pub fn new(snapshot: &Snapshot, usable: &UsableDiaries, plan: &ReleasePlan) -> Result<Sample, SampleError> {
        if usable.diaries.is_empty() {
            return Err(SampleError::NoDiaries { n_rejected: usable.n_rejected });
        }
        let days = respondent_days(snapshot, usable);
        let persons: Vec<&Person> = days.iter().map(|(person, _)| *person).collect();
        let (design, leaves) = design(&persons, &plan.design)?;
        let weights = DayWeights::new(snapshot, &days, &plan.weights)?;

        let mut observations = Vec::with_capacity(usable.diaries.len());
        let mut respondent_of = Vec::with_capacity(usable.diaries.len());
        for (respondent, (person, diaries)) in days.iter().enumerate() {
            for diary in *diaries {
                let day_kind = snapshot.diaries[*diary as usize].day_kind;
                observations.push(Observation {
                    weight: weights.of_days[observations.len()],
                    leaf: leaves[respondent],
                    class: class(person.sex, day_kind),
                });
                respondent_of.push(respondent as u32);
            }
        }
        let (groups, groups_of) = memberships(&persons, &plan.domains);
        let mut domains = vec![Vec::new(); groups.len()];
        for (observation, respondent) in respondent_of.iter().enumerate() {
            for group in &groups_of[*respondent as usize] {
                domains[*group].push(observation as u32);
            }
        }
        let residuals = weights.residuals.as_ref();
        let calibration = residuals.and_then(|residuals| Calibration::of(residuals, &leaves)).map(Arc::new);
        let blocks = match &calibration {
            None => Blocks::new(&observations, &domains),
            Some(calibration) => Blocks::calibrated(&observations, &domains, calibration.clone(), &respondent_of),
        };
        Ok(Sample {
            design,
            calibration,
            blocks,
            groups,
            person_weights: person_weights(&observations, &respondent_of),
            sexes: persons.iter().map(|person| person.sex).collect(),
            residuals: weights.residuals,
            class_of: observations.iter().map(|observation| observation.class).collect(),
            observations,
            respondent_of,
            groups_of,
            weighting: weights.method,
            margins_sha256: weights.margins_sha256,
        })
    }

    /// The respondents as a survey of persons, each once however many days it told.
    pub fn survey(&self) -> Survey {
        let survey = Survey::new(self.design.clone(), self.person_weights.clone());
        let survey = survey.expect("a weight for each respondent, none below zero: the blocks were made of them");
        match &self.residuals {
            None => survey,
            Some(residuals) => survey
                .calibrated(self.person_weights.clone(), residuals.clone())
                .expect("the same weights, which are finite"),
        }
    }

    /// How many persons have a diary in use.
    pub fn n_respondents(&self) -> usize {
        self.groups_of.len()
    }
}

/// The persons with a diary in use, in the order of the sample.
pub fn respondents<'a>(snapshot: &'a Snapshot, usable: &'a UsableDiaries) -> Vec<&'a Person> {
    respondent_days(snapshot, usable).into_iter().map(|(person, _)| person).collect()
}

/// The mean weight of each respondent's days; one person's days lie together.
fn person_weights(observations: &[Observation], respondent_of: &[u32]) -> Vec<f64> {
    let mut ends = 0;
    let by_person = respondent_of.chunk_by(|one, other| one == other);
    let weights = by_person.map(|days| {
        let of_person = &observations[ends..ends + days.len()];
        ends += days.len();
        of_person.iter().map(|day| day.weight).sum::<f64>() / days.len() as f64
    });
    weights.collect()
}

/// Each respondent with the diaries in use, as places in the snapshot.
fn respondent_days<'a>(snapshot: &'a Snapshot, usable: &'a UsableDiaries) -> Vec<RespondentDays<'a>> {
    let person_of = |diary: u32| snapshot.diaries[diary as usize].person;
    let by_person = usable.diaries.chunk_by(|a, b| person_of(*a) == person_of(*b));
    by_person.map(|diaries| (&snapshot.persons[person_of(diaries[0]) as usize], diaries)).collect()
}

/// The design, and each person's leaf in it.
fn design(persons: &[&Person], plan: &DesignPlan) -> Result<(SurveyDesign, Vec<u32>), SampleError> {
    let placements: Vec<Placement<'_>> = persons.iter().map(|person| placement(person, plan.clusters)).collect();
    let populations = plan.populations.as_deref().map(|path| populations(persons, path)).transpose()?;
    Ok(SurveyDesign::of_clusters(&placements, populations.as_deref(), plan.single_cluster)?)
}

pub(crate) fn placement(person: &Person, clusters: Clusters) -> Placement<'_> {
    let of_file = person.cluster.as_deref().filter(|_| clusters == Clusters::FromFile);
    let household = person.household.as_deref().filter(|_| clusters != Clusters::Person);
    Placement { stratum: person.stratum.as_deref(), cluster: of_file.or(household).unwrap_or(&person.id) }
}

/// How many clusters each person's stratum has in the population.
fn populations(persons: &[&Person], path: &Path) -> Result<Vec<f64>, SampleError> {
    let file = Microdata::read(path)?;
    let mut of_stratum: BTreeMap<Option<String>, Option<f64>> = BTreeMap::new();
    for (stratum, clusters) in file.texts("stratum")?.into_iter().zip(file.numbers("clusters")?) {
        if of_stratum.insert(stratum.clone(), clusters).is_some() {
            let path = path.display().to_string();
            return Err(SampleError::TwoPopulations { path, stratum: stratum.unwrap_or_default() });
        }
    }
    let population = |person: &&Person| {
        let no_population = || SampleError::NoPopulation {
            path: path.display().to_string(),
            stratum: person.stratum.as_deref().unwrap_or_default().to_owned(),
        };
        of_stratum.get(&person.stratum.as_deref().map(str::to_owned)).copied().flatten().ok_or_else(no_population)
    };
    persons.iter().map(population).collect()
}

/// The groups asked for that somebody belongs to, and each person's among them.
fn memberships(persons: &[&Person], plan: &DomainPlan) -> (Vec<PopulationGroup>, Vec<Vec<usize>>) {
    let is_asked = |group: &PopulationGroup| match group {
        PopulationGroup::All | PopulationGroup::Zone(_) => true,
        PopulationGroup::Age(_) => plan.age_groups,
        PopulationGroup::Target(group) => plan.target_groups.as_ref().is_none_or(|names| names.contains(&group.name)),
    };
    let is_peopled = |group: &PopulationGroup| persons.par_iter().any(|person| group.contains(person));
    let groups = PopulationGroup::all(zones(persons, plan)).into_iter();
    let groups: Vec<PopulationGroup> = groups.filter(is_asked).filter(is_peopled).collect();
    let of_person = |person: &&Person| (0..groups.len()).filter(|group| groups[*group].contains(person)).collect();
    let groups_of = persons.par_iter().map(of_person).collect();
    (groups, groups_of)
}

/// The zones that get numbers: all of them or none. Unless the plan says which, it takes two with enough respondents for
/// a number that may be shown.
fn zones(persons: &[&Person], plan: &DomainPlan) -> Vec<&'static Zone> {
    if plan.zones == Some(false) {
        return Vec::new();
    }
    let zones = Zone::of(persons);
    let n_persons = |zone: &&&Zone| persons.iter().filter(|person| person.zone.as_deref() == Some(&zone.name)).count();
    let n_large = zones.iter().filter(|zone| n_persons(zone) as u64 >= N_TO_SHOW).count();
    if plan.zones == Some(true) || n_large >= 2 { zones } else { Vec::new() }
}
