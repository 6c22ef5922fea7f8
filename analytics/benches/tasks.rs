//! Our side of the benchmark: each task from coded columns in memory to numbers with standard errors. As for the peers,
//! making the design (from the names of strata and clusters) comes before the clock; everything else is timed.

use analytics::design::{Placement, SurveyDesign};
use analytics::estimation::{Blocks, Column, Contrast, Estimator, Linearised, Observation, Term};
use rayon::prelude::*;

use crate::peers::Number;
use crate::sample::{N_ACTIVITIES, Survey};

/// What all tasks begin with.
pub struct Prepared {
    pub survey: Survey,
    design: SurveyDesign,
    clusters: Vec<u32>,
    /// By activity, minutes by diary.
    minutes: Vec<Vec<f64>>,
}

impl Prepared {
    pub fn new(survey: Survey) -> Prepared {
        let names: Vec<(String, String)> = (survey.diaries.iter())
            .map(|diary| (format!("s{:02}", survey.stratum(diary.cluster)), format!("c{:04}", diary.cluster)))
            .collect();
        let placements: Vec<Placement<'_>> =
            names.iter().map(|(stratum, cluster)| Placement { stratum: Some(stratum), cluster }).collect();
        let (design, clusters) = SurveyDesign::new(&placements).expect("two clusters in every stratum");
        let mut minutes = vec![vec![0.0; survey.diaries.len()]; N_ACTIVITIES];
        for (row, diary) in survey.diaries.iter().enumerate() {
            for episode in &diary.episodes {
                minutes[usize::from(episode.activity)][row] += f64::from(episode.minutes);
            }
        }
        Prepared { survey, design, clusters, minutes }
    }

    fn observations(&self, class: impl Fn(usize) -> u8) -> Vec<Observation> {
        let observation = |(row, cluster): (usize, &u32)| Observation {
            weight: self.survey.diaries[row].weight,
            leaf: *cluster,
            class: class(row),
        };
        self.clusters.iter().enumerate().map(observation).collect()
    }

    /// 200 domains x 10 activities: mean minutes.
    pub fn domains(&self) -> Vec<Number> {
        let mut domains = vec![Vec::new(); self.survey.size.n_domains];
        for (row, diary) in self.survey.diaries.iter().enumerate() {
            domains[diary.domain].push(row as u32);
        }
        let blocks = Blocks::new(&self.observations(|_| 0), &domains);
        let estimator = Estimator::new(&self.design, &blocks);
        let contrast = Contrast(vec![Term { classes: 1, factor: 1.0 }]);
        let rows: Vec<u32> = (0..self.survey.diaries.len() as u32).collect();
        let of_activity = |activity: usize| {
            let totals = blocks.totals(Column { rows: &rows, values: &self.minutes[activity] });
            let number = |domain: usize| {
                let mean = Linearised::mean(&blocks, &totals, domain, &contrast)?;
                let error = estimator.standard_error(&mean)?;
                Some(Number { key: [domain, activity, 0], value: mean.value, error })
            };
            (0..domains.len()).filter_map(number).collect::<Vec<_>>()
        };
        (0..N_ACTIVITIES).into_par_iter().map(of_activity).collect::<Vec<_>>().concat()
    }
}
