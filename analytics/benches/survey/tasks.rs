//! Our side of the benchmark: each task from coded columns in memory to numbers with standard errors. As for the peers,
//! making the design (from the names of strata and clusters) comes before the clock; everything else is timed.

use analytics::design::{Placement, SurveyDesign};
use analytics::estimation::{
    Blocks, Centre, Contrast, Estimator, Linearised, Observation, ReplicateColumns, ReplicateScales, ReplicateWeights,
    Shares, Span, Term,
};
use analytics::weighting::{Margin, MarginRules, Raking, RakingControl};
use rayon::prelude::*;

use crate::peers::Number;
use crate::sample::{MARGINS, MINUTES_PER_SLOT, N_ACTIVITIES, N_REPLICATES, SLOTS_PER_DAY, Survey};

/// What all tasks begin with.
pub struct Prepared {
    pub survey: Survey,
    design: SurveyDesign,
    clusters: Vec<u32>,
    /// By activity, minutes by diary.
    minutes: Vec<Vec<f64>>,
    /// By margin, the category of each diary.
    labels: [Vec<String>; 4],
    replicate_weights: ReplicateWeights,
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
        let labels = std::array::from_fn(|margin| {
            survey.diaries.iter().map(|diary| diary.categories[margin].to_string()).collect()
        });
        let replicate_weights = replicate_weights(&survey);
        Prepared { survey, design, clusters, minutes, labels, replicate_weights }
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
        let minutes = |row: usize| std::array::from_fn::<f64, N_ACTIVITIES, _>(|activity| self.minutes[activity][row]);
        let totals = blocks.totals_of(&rows, domains.len(), minutes);
        let of_domain = |domain: usize| {
            let mean = |totals| Linearised::mean(&blocks, totals, domain, &contrast);
            let means: Vec<(usize, Linearised)> =
                totals.iter().enumerate().filter_map(|(activity, totals)| Some((activity, mean(totals)?))).collect();
            let errors = estimator.standard_errors(&means.iter().map(|(_, mean)| mean).collect::<Vec<_>>());
            let number = |((activity, mean), error): (&(usize, Linearised), Option<f64>)| {
                Some(Number { key: [domain, *activity, 0], value: mean.value, error: error? })
            };
            means.iter().zip(errors).filter_map(number).collect::<Vec<_>>()
        };
        (0..domains.len()).into_par_iter().map(of_domain).collect::<Vec<_>>().concat()
    }

    /// 144 slots x 10 activities x 2 sexes: the share doing it.
    pub fn tempogram(&self) -> Vec<Number> {
        let mut spans = vec![Vec::new(); N_ACTIVITIES];
        for (row, diary) in (0..).zip(&self.survey.diaries) {
            for episode in &diary.episodes {
                let (start, end) = (episode.start_minute, episode.start_minute + episode.minutes);
                let span = Span { row, first: start / MINUTES_PER_SLOT, after: end / MINUTES_PER_SLOT };
                spans[usize::from(episode.activity)].push(span);
            }
        }
        let everybody = (0..self.survey.diaries.len() as u32).collect();
        let sex = |row: usize| self.survey.diaries[row].categories[0] as u8;
        let blocks = Blocks::new(&self.observations(sex), &[everybody]);
        let estimator = Estimator::new(&self.design, &blocks);
        let contrasts = [1, 2].map(|classes| Contrast(vec![Term { classes, factor: 1.0 }]));
        let of_activity = |activity: usize| {
            let shares = estimator.shares(0, &contrasts, SLOTS_PER_DAY, &spans[activity]);
            let of_sex = |(sex, shares): (usize, Option<Shares>)| {
                let numbers =
                    shares.into_iter().flat_map(|shares| shares.values.into_iter().zip(shares.standard_errors));
                let number = move |(slot, (value, error)): (usize, (f64, Option<f64>))| {
                    Some(Number { key: [sex, activity, slot], value, error: error? })
                };
                numbers.enumerate().filter_map(number).collect::<Vec<_>>()
            };
            shares.into_iter().enumerate().flat_map(of_sex).collect::<Vec<_>>()
        };
        (0..N_ACTIVITIES).into_par_iter().map(of_activity).collect::<Vec<_>>().concat()
    }

    /// Raking to 4 margins: the weight of every diary.
    pub fn raking(&self) -> Vec<Number> {
        let margin = |(place, (name, n_categories)): (usize, (&str, u64))| {
            let totals = self.survey.margin(place, n_categories).into_iter();
            let totals = totals.enumerate().map(|(category, total)| (category.to_string(), total));
            Margin::new(name, totals, &self.labels[place]).expect("a margin of the sample")
        };
        let margins = MARGINS.into_iter().enumerate().map(margin).collect();
        let raking =
            Raking::new(margins, MarginRules::default(), RakingControl::default()).expect("margins of one sample");
        let weights: Vec<f64> = self.survey.diaries.iter().map(|diary| diary.weight).collect();
        let raked = raking.rake(&weights).expect("margins that agree");
        let number = |(row, weight): (usize, &f64)| Number { key: [row, 0, 0], value: *weight, error: 0.0 };
        raked.weights.iter().enumerate().map(number).collect()
    }

    /// 160 replicates x 10 activities x 10 domains: mean minutes, the error from the replicates.
    pub fn replicates(&self) -> Vec<Number> {
        const N_DOMAINS: usize = 10;
        let minutes = self.minutes.iter().map(Vec::as_slice);
        let ones = vec![1.0; self.survey.diaries.len()];
        let variables: Vec<&[f64]> = minutes.chain([ones.as_slice()]).collect();
        let cells: Vec<Option<u32>> =
            self.survey.diaries.iter().map(|diary| Some((diary.domain % N_DOMAINS) as u32)).collect();
        let totals = self.replicate_weights.totals(&variables, &cells, N_DOMAINS);
        let number = |place: usize| {
            let (domain, activity) = (place / N_ACTIVITIES, place % N_ACTIVITIES);
            let mean = totals.estimate(|totals| totals.total(domain, activity) / totals.total(domain, N_ACTIVITIES));
            let error = self.replicate_weights.variance(&mean).sqrt();
            Number { key: [domain, activity, 0], value: mean.estimate, error }
        };
        (0..N_DOMAINS * N_ACTIVITIES).map(number).collect()
    }
}

fn replicate_weights(survey: &Survey) -> ReplicateWeights {
    let weights: Vec<f64> = survey.diaries.iter().map(|diary| diary.weight).collect();
    let factors =
        |replicate| survey.diaries.iter().map(|diary| survey.replicate_factors[diary.cluster][replicate]).collect();
    let columns: Vec<Vec<f64>> = (0..N_REPLICATES).map(factors).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let scales = ReplicateScales {
        scale: 1.0 / N_REPLICATES as f64,
        rscales: vec![1.0; N_REPLICATES],
        centre: Centre::Estimate,
    };
    ReplicateWeights::from_columns(&weights, &columns, ReplicateColumns::Factors, scales)
        .expect("columns of one sample")
}
