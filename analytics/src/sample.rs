//! The sample as the kernel takes it: one observation per diary in use, with weight, cluster, class and
//! post-stratum, and the groups its person belongs to.

use crate::design::{DesignError, Placement, SurveyDesign};
use crate::domain::{AgeGroup, PopulationGroup, class};
use crate::editing::UsableDiaries;
use crate::estimation::{Blocks, Observation, PostStrata, PostStratumUnit};
use crate::pipeline::BaseWeights;
use crate::snapshot::{Person, Snapshot};
use crate::weighting::{Margins, MarginsError, Respondent, post_stratify};

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
    /// The weights cannot be adjusted.
    #[error(transparent)]
    Margins(#[from] MarginsError),
}

/// Respondents, their days, and the design they come from.
#[derive(Debug)]
pub struct Sample {
    /// The design.
    pub design: SurveyDesign,
    /// The blocks of the groups' domains.
    pub blocks: Blocks,
    /// Post-strata; empty unless weights were adjusted to margins.
    pub post_strata: PostStrata,
    /// The groups that somebody belongs to, everybody first: the domains of the blocks.
    pub groups: Vec<PopulationGroup>,
    /// The observations: a day each.
    pub observations: Vec<Observation>,
    /// For each observation, its respondent; respondents ascend.
    pub respondent_of: Vec<u32>,
    /// For each observation, its class.
    pub class_of: Vec<u8>,
    /// For each respondent, the groups it belongs to.
    pub groups_of: Vec<Vec<usize>>,
}

impl Sample {
    /// Weighs the diaries in use. Without `margins` the base weights stay as they are.
    pub fn new(
        snapshot: &Snapshot,
        usable: &UsableDiaries,
        base_weights: BaseWeights,
        margins: Option<&Margins>,
    ) -> Result<Sample, SampleError> {
        if usable.diaries.is_empty() {
            return Err(SampleError::NoDiaries { n_rejected: usable.n_rejected });
        }
        let days = respondent_days(snapshot, usable);
        let persons: Vec<&Person> = days.iter().map(|(person, _)| *person).collect();
        let placements: Vec<Placement<'_>> = persons.iter().map(|person| placement(person)).collect();
        let (design, clusters) = SurveyDesign::new(&placements)?;
        let weights = DayWeights::new(snapshot, &days, base_weights, margins)?;

        let mut observations = Vec::with_capacity(usable.diaries.len());
        let mut respondent_of = Vec::with_capacity(usable.diaries.len());
        for (respondent, (person, diaries)) in days.iter().enumerate() {
            for diary in *diaries {
                let day_kind = snapshot.diaries[*diary as usize].day_kind;
                observations.push(Observation {
                    weight: weights.of_days[observations.len()],
                    cluster: clusters[respondent],
                    class: class(person.sex, day_kind),
                    post_stratum: weights.post_strata[respondent],
                });
                respondent_of.push(respondent as u32);
            }
        }
        let (groups, groups_of) = memberships(&persons);
        let mut domains = vec![Vec::new(); groups.len()];
        for (observation, respondent) in respondent_of.iter().enumerate() {
            for group in &groups_of[*respondent as usize] {
                domains[*group].push(observation as u32);
            }
        }
        let units = clusters.iter().zip(&weights.post_strata).zip(&weights.of_respondents);
        let units = units.filter_map(|((cluster, post_stratum), weight)| {
            Some(PostStratumUnit { cluster: *cluster, post_stratum: (*post_stratum)?, weight: *weight })
        });
        Ok(Sample {
            design,
            blocks: Blocks::new(&observations, &domains),
            post_strata: PostStrata::new(units.collect()),
            groups,
            class_of: observations.iter().map(|observation| observation.class).collect(),
            observations,
            respondent_of,
            groups_of,
        })
    }

    /// How many persons have a diary in use.
    pub fn n_respondents(&self) -> usize {
        self.groups_of.len()
    }
}

/// Each respondent with the diaries in use, as places in the snapshot.
fn respondent_days<'a>(snapshot: &'a Snapshot, usable: &'a UsableDiaries) -> Vec<(&'a Person, &'a [u32])> {
    let person_of = |diary: u32| snapshot.diaries[diary as usize].person;
    let by_person = usable.diaries.chunk_by(|a, b| person_of(*a) == person_of(*b));
    by_person.map(|diaries| (&snapshot.persons[person_of(diaries[0]) as usize], diaries)).collect()
}

/// The cluster is the file's; without one the household, and without that the person.
fn placement(person: &Person) -> Placement<'_> {
    let cluster = person.cluster.as_deref().or(person.household.as_deref()).unwrap_or(&person.id);
    Placement { stratum: person.stratum.as_deref(), cluster }
}

fn memberships(persons: &[&Person]) -> (Vec<PopulationGroup>, Vec<Vec<usize>>) {
    let is_peopled = |group: &PopulationGroup| persons.iter().any(|person| group.contains(person));
    let groups: Vec<PopulationGroup> = PopulationGroup::all().into_iter().filter(is_peopled).collect();
    let of_person = |person: &&Person| (0..groups.len()).filter(|group| groups[*group].contains(person)).collect();
    let groups_of = persons.iter().map(of_person).collect();
    (groups, groups_of)
}

struct DayWeights {
    of_days: Vec<f64>,
    of_respondents: Vec<f64>,
    post_strata: Vec<Option<u16>>,
}

impl DayWeights {
    fn new(
        snapshot: &Snapshot,
        days: &[(&Person, &[u32])],
        base_weights: BaseWeights,
        margins: Option<&Margins>,
    ) -> Result<DayWeights, MarginsError> {
        let day_weight = |person: &Person, diary: u32| match base_weights {
            BaseWeights::FromFile => snapshot.diaries[diary as usize].weight.or(person.weight).unwrap_or(1.0),
            BaseWeights::AllOne => 1.0,
        };
        let mut of_days = Vec::new();
        let mut respondents = Vec::with_capacity(days.len());
        for (person, diaries) in days {
            let weights: Vec<f64> = diaries.iter().map(|diary| day_weight(person, *diary)).collect();
            // A respondent stands for as many people as the mean of the days' weights says.
            let weight = weights.iter().sum::<f64>() / weights.len() as f64;
            respondents.push(Respondent { sex: person.sex, age_group: person.age.and_then(AgeGroup::of), weight });
            of_days.push(weights);
        }
        let Some(margins) = margins else {
            return Ok(DayWeights {
                of_days: of_days.concat(),
                of_respondents: respondents.iter().map(|respondent| respondent.weight).collect(),
                post_strata: vec![None; respondents.len()],
            });
        };
        let adjusted = post_stratify(&respondents, margins)?;
        let scaled = of_days.into_iter().zip(&adjusted.factors);
        Ok(DayWeights {
            of_days: scaled
                .flat_map(|(weights, factor)| weights.into_iter().map(move |weight| weight * factor))
                .collect(),
            of_respondents: respondents.iter().zip(&adjusted.factors).map(|(r, factor)| r.weight * factor).collect(),
            post_strata: adjusted.post_strata,
        })
    }
}
