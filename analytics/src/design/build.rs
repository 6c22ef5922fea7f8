//! From columns of labels to a numbered design: checks, numbering, population sizes and single clusters.

use super::{ClusterLabels, DesignError, DesignRules, Labels, Level, SingleCluster, Stage, Stratum, SurveyDesign};

/// Below this share of a stratum left out of the sample it counts as taken as a whole, as in R survey.
const TAKEN_AS_A_WHOLE: f64 = 1e-7;

impl SurveyDesign {
    /// The design of a sample drawn in `stages`, the first stage first. Clusters are told apart by stratum and, from the
    /// second stage, by the cluster they lie in, whatever their labels.
    pub fn of_stages(stages: &[Stage<'_>], rules: DesignRules) -> Result<SurveyDesign, DesignError> {
        let n_units = stages.first().map_or(0, |stage| stage.clusters.codes().len());
        if n_units == 0 {
            return Err(DesignError::Empty);
        }
        let scale = PopulationScale::of(stages, n_units)?;
        let mut builder = Builder {
            rules,
            scale,
            cluster_of_unit: vec![0; n_units],
            shares_before: vec![1.0],
            drawn_before: vec![1.0],
        };
        let mut levels: Vec<Level> = Vec::new();
        for (stage, number) in stages.iter().zip(1_usize..) {
            let within = number.checked_sub(2).map(|before| stages[before].clusters);
            let level = builder.add(&Drawn { stage, number, within })?;
            let ends = level.strata.iter().all(|stratum| stratum.population.is_infinite());
            levels.push(level);
            if ends {
                break;
            }
        }
        let mut first_stage_of_leaf: Vec<u32> = (0..levels[0].stratum_of_cluster.len() as u32).collect();
        for level in &levels[1..] {
            let parents = (0..level.stratum_of_cluster.len() as u32).map(|cluster| level.parent_of(cluster));
            first_stage_of_leaf = parents.map(|parent| first_stage_of_leaf[parent as usize]).collect();
        }
        Ok(SurveyDesign {
            rules,
            levels,
            leaf_of_unit: builder.cluster_of_unit,
            first_stage_of_leaf,
            probabilities: builder.drawn_before,
        })
    }
}

/// How population sizes are given.
#[derive(Debug, Clone, Copy)]
enum PopulationScale {
    Clusters,
    Shares,
}

impl PopulationScale {
    /// Checks the columns' lengths and values on the way.
    fn of(stages: &[Stage<'_>], n_units: usize) -> Result<PopulationScale, DesignError> {
        let (mut count, mut share) = (None, None);
        for (stage, number) in stages.iter().zip(1..) {
            let strata = stage.strata.map(|strata| ("strata", strata.codes().len()));
            let population = stage.population.map(|population| ("population sizes", population.len()));
            for (column, found) in
                [Some(("clusters", stage.clusters.codes().len())), strata, population].into_iter().flatten()
            {
                if found != n_units {
                    return Err(DesignError::Length { stage: number, column, found, expected: n_units });
                }
            }
            for (value, unit) in stage.population.into_iter().flatten().zip(1..) {
                if value.is_nan() || *value <= 0.0 {
                    return Err(DesignError::Population { stage: number, unit, value: *value });
                }
                if *value > 1.0 && value.is_finite() {
                    count.get_or_insert((*value, number));
                } else if *value < 1.0 {
                    share.get_or_insert((*value, number));
                }
            }
        }
        match (count, share) {
            (Some((count, count_stage)), Some((share, share_stage))) => {
                Err(DesignError::MixedPopulation { count, count_stage, share, share_stage })
            }
            (Some(_), None) => Ok(PopulationScale::Clusters),
            // All ones: everything was drawn, whichever way it is read.
            (None, _) => Ok(PopulationScale::Shares),
        }
    }

    fn clusters(self, value: f64, n_clusters: u32) -> f64 {
        match self {
            PopulationScale::Clusters => value,
            PopulationScale::Shares if value.is_infinite() => value,
            PopulationScale::Shares => f64::from(n_clusters) / value,
        }
    }
}

/// A stage on its way into the design.
struct Drawn<'a> {
    stage: &'a Stage<'a>,
    /// Counted from 1.
    number: usize,
    /// The clusters of the stage before.
    within: Option<&'a Labels>,
}

impl Drawn<'_> {
    /// What errors call the stratum of a unit.
    fn stratum_name(&self, unit: usize) -> String {
        let stratum = self.stage.strata.map_or("(all)".to_owned(), |strata| strata.name(strata.codes()[unit]));
        match self.within {
            Some(clusters) => format!("{stratum} in cluster {}", clusters.name(clusters.codes()[unit])),
            None => stratum,
        }
    }

    /// The population size, in clusters, of the stratum of these units.
    fn population(&self, scale: PopulationScale, units: &[usize], n_clusters: u32) -> Result<f64, DesignError> {
        let Some(values) = self.stage.population else { return Ok(f64::INFINITY) };
        let (stage, stratum) = (self.number, || self.stratum_name(units[0]));
        let first = values[units[0]];
        if let Some(other) = units.iter().find(|unit| values[**unit] != first) {
            return Err(DesignError::PopulationVaries { stage, stratum: stratum(), first, second: values[*other] });
        }
        let population = scale.clusters(first, n_clusters);
        if population < f64::from(n_clusters) {
            return Err(DesignError::PopulationBelowSample { stage, stratum: stratum(), n_clusters, population });
        }
        Ok(population)
    }
}

struct Builder {
    rules: DesignRules,
    scale: PopulationScale,
    /// Each unit's cluster at the stage before.
    cluster_of_unit: Vec<u32>,
    /// For each cluster of the stage before, the product of the shares n / N drawn down to it.
    shares_before: Vec<f64>,
    /// The same by the strata as they were drawn, before any was joined with another.
    drawn_before: Vec<f64>,
}

impl Builder {
    fn add(&mut self, drawn_stage: &Drawn<'_>) -> Result<Level, DesignError> {
        let Drawn { stage, number, .. } = *drawn_stage;
        let stratum_code = |unit: usize| stage.strata.map_or(0, |strata| strata.codes()[unit]);
        let key = |unit: usize| (self.cluster_of_unit[unit], stratum_code(unit), stage.clusters.codes()[unit]);
        let mut units: Vec<usize> = (0..self.cluster_of_unit.len()).collect();
        units.sort_by_key(|unit| key(*unit));
        if let (ClusterLabels::Unique, Some(_)) = (self.rules.labels, stage.strata) {
            check_nesting(stage, number, &units, key)?;
        }

        let mut level = Level { n_clusters_of_parent: vec![0; self.shares_before.len()], ..Level::default() };
        let mut cluster_of_unit = vec![0; units.len()];
        for of_stratum in units.chunk_by(|a, b| (key(*a).0, key(*a).1) == (key(*b).0, key(*b).1)) {
            let (parent, _, _) = key(of_stratum[0]);
            let before = level.stratum_of_cluster.len();
            for of_cluster in of_stratum.chunk_by(|a, b| key(*a).2 == key(*b).2) {
                for unit in of_cluster {
                    cluster_of_unit[*unit] = level.stratum_of_cluster.len() as u32;
                }
                level.stratum_of_cluster.push(level.strata.len() as u32);
            }
            let n_clusters = (level.stratum_of_cluster.len() - before) as u32;
            level.n_clusters_of_parent[parent as usize] += n_clusters;
            let population = drawn_stage.population(self.scale, of_stratum, n_clusters)?;
            level.strata.push(Stratum { parent, n_clusters, population, scale: 0.0 });
        }

        let mut drawn = level.products(&self.drawn_before);
        if self.rules.single_cluster == SingleCluster::Collapse {
            let new_numbers = level.collapse();
            let as_numbered = drawn.clone();
            for (probability, number) in as_numbered.into_iter().zip(&new_numbers) {
                drawn[*number as usize] = probability;
            }
            for cluster in &mut cluster_of_unit {
                *cluster = new_numbers[*cluster as usize];
            }
        }
        self.weigh(&mut level);
        if matches!(self.rules.single_cluster, SingleCluster::Fail | SingleCluster::Collapse) {
            // A sample without strata at its first stage is let through: it has numbers, if no variance.
            let is_declared = |stratum: &Stratum| stratum.is_single() && (number > 1 || stage.strata.is_some());
            if let Some(place) = level.strata.iter().position(is_declared) {
                let in_stratum = |cluster: &u32| level.stratum_of_cluster[*cluster as usize] as usize == place;
                let unit = cluster_of_unit.iter().position(in_stratum).unwrap_or_default();
                return Err(DesignError::SingleCluster {
                    stage: number,
                    stratum: drawn_stage.stratum_name(unit),
                    cluster: stage.clusters.name(stage.clusters.codes()[unit]),
                });
            }
        }
        self.shares_before = level.products(&self.shares_before);
        self.drawn_before = drawn;
        self.cluster_of_unit = cluster_of_unit;
        Ok(level)
    }

    /// Sets what each stratum's squared deviations count for.
    fn weigh(&self, level: &mut Level) {
        for stratum in &mut level.strata {
            let n = f64::from(stratum.n_clusters);
            let spread = if stratum.n_clusters > 1 { n / (n - 1.0) } else { 1.0 };
            let left_out = if stratum.is_taken_as_a_whole() { 0.0 } else { stratum.share_left_out() };
            stratum.scale = self.shares_before[stratum.parent as usize] * left_out * spread;
        }
    }
}

impl Stratum {
    fn share_drawn(&self) -> f64 {
        f64::from(self.n_clusters) / self.population
    }

    /// The finite population correction, 1 - n / N.
    fn share_left_out(&self) -> f64 {
        if self.population.is_infinite() {
            1.0
        } else {
            (self.population - f64::from(self.n_clusters)) / self.population
        }
    }

    fn is_taken_as_a_whole(&self) -> bool {
        self.share_left_out() < TAKEN_AS_A_WHOLE
    }

    /// One cluster, and a variance that would be needed.
    pub(super) fn is_single(&self) -> bool {
        self.n_clusters == 1 && self.scale > 0.0
    }
}

impl Level {
    /// The cluster of the stage before that a cluster lies in.
    pub(super) fn parent_of(&self, cluster: u32) -> u32 {
        self.strata[self.stratum_of_cluster[cluster as usize] as usize].parent
    }

    /// For each cluster, what the cluster it lies in has times the share of its stratum that was drawn.
    fn products(&self, of_parents: &[f64]) -> Vec<f64> {
        let of_stratum = |stratum: &u32| {
            let stratum = &self.strata[*stratum as usize];
            of_parents[stratum.parent as usize] * stratum.share_drawn()
        };
        self.stratum_of_cluster.iter().map(of_stratum).collect()
    }

    /// Joins each stratum of a single cluster with the next one inside the same cluster of the stage before, and the last
    /// with the one before it. Strata taken as a whole are passed over. Returns the clusters' new numbers.
    fn collapse(&mut self) -> Vec<u32> {
        // The stratum that each is counted in: itself, or an earlier one.
        let mut counted_in: Vec<usize> = (0..self.strata.len()).collect();
        for of_parent in self.strata_by_parent() {
            let sampled: Vec<usize> =
                of_parent.filter(|stratum| !self.strata[*stratum].is_taken_as_a_whole()).collect();
            let Some((mut open, others)) = sampled.split_first().map(|(first, others)| (*first, others)) else {
                continue;
            };
            for stratum in others.iter().copied() {
                let is_last = others.last() == Some(&stratum);
                let Stratum { n_clusters, population, .. } = self.strata[stratum];
                if self.strata[open].n_clusters == 1 || (is_last && n_clusters == 1) {
                    counted_in[stratum] = open;
                    self.strata[open].n_clusters += n_clusters;
                    self.strata[open].population += population;
                } else {
                    open = stratum;
                }
            }
        }
        self.renumber(&counted_in)
    }

    fn strata_by_parent(&self) -> Vec<std::ops::Range<usize>> {
        let mut end = 0;
        let groups = self.strata.chunk_by(|a, b| a.parent == b.parent);
        groups
            .map(|group| {
                end += group.len();
                end - group.len()..end
            })
            .collect()
    }

    /// Numbers strata and clusters anew, so that those of a joined stratum lie together even where a stratum taken as a
    /// whole lay between them.
    fn renumber(&mut self, counted_in: &[usize]) -> Vec<u32> {
        let mut numbers = vec![0; counted_in.len()];
        let mut strata = Vec::new();
        for (stratum, into) in counted_in.iter().enumerate() {
            if stratum == *into {
                numbers[stratum] = strata.len() as u32;
                strata.push(self.strata[stratum]);
            } else {
                numbers[stratum] = numbers[*into];
            }
        }
        self.strata = strata;
        let stratum_of = |cluster: usize| numbers[self.stratum_of_cluster[cluster] as usize];
        let mut order: Vec<usize> = (0..self.stratum_of_cluster.len()).collect();
        order.sort_by_key(|cluster| stratum_of(*cluster));
        let mut new_numbers = vec![0; order.len()];
        for (cluster, number) in order.iter().zip(0..) {
            new_numbers[*cluster] = number;
        }
        self.stratum_of_cluster = order.into_iter().map(stratum_of).collect();
        new_numbers
    }
}

fn check_nesting(
    stage: &Stage<'_>,
    number: usize,
    units: &[usize],
    key: impl Fn(usize) -> (u32, u32, u32),
) -> Result<(), DesignError> {
    let mut by_cluster = units.to_vec();
    by_cluster.sort_by_key(|unit| (key(*unit).0, key(*unit).2, key(*unit).1));
    for pair in by_cluster.windows(2) {
        let ((parent, first, cluster), (next_parent, second, next_cluster)) = (key(pair[0]), key(pair[1]));
        if (parent, cluster) == (next_parent, next_cluster) && first != second {
            let name = |stratum: u32| stage.strata.map_or_else(String::new, |strata| strata.name(stratum));
            let cluster = stage.clusters.name(cluster);
            return Err(DesignError::NotNested { stage: number, cluster, first: name(first), second: name(second) });
        }
    }
    Ok(())
}
