//! The one variance routine: from sums of scores by leaf to a covariance matrix, stage by stage.

use std::borrow::Cow;
use std::ops::Range;

use super::{Covariance, Level, LonelyInDomain, SingleCluster, Stratum, SurveyDesign};

impl SurveyDesign {
    /// The covariance of estimates whose scores, summed by leaf, are given: `scores` holds `n_estimates` numbers for
    /// each of `leaves`, which ascend. A leaf that is not listed counts as zero, and as out of the domain's reach; list
    /// a leaf that the domain reaches even where its score is zero.
    ///
    /// V = Σ over strata of (1 - n / N) n / (n - 1) Σ (z - z̄)(z - z̄)' over all n clusters drawn, plus, for each cluster,
    /// n / N times the same within it at the next stage (Särndal et al. 1992, result 4.3.1, as R's `svyrecvar`).
    ///
    /// `None` where there is no variance: the sample is a single cluster in no declared stratum, or the stratum's average
    /// is asked for where no stratum has one.
    pub fn covariance(&self, leaves: &[u32], scores: &[f64], n_estimates: usize) -> Option<Covariance> {
        self.covariance_of_stages(0..self.levels.len(), leaves, scores, n_estimates)
    }

    /// What some stages, counted from 0, contribute to the covariance: calibration within clusters gives the later stages
    /// other scores than the first.
    pub(crate) fn covariance_of_stages(
        &self,
        stages: Range<usize>,
        leaves: &[u32],
        scores: &[f64],
        n_estimates: usize,
    ) -> Option<Covariance> {
        debug_assert_eq!(scores.len(), leaves.len() * n_estimates, "a score for each leaf and estimate");
        if n_estimates == 0 {
            return Some(Covariance::from_rows(0, Vec::new()));
        }
        let reach = vec![n_estimates; n_estimates];
        let mut given = Given { scores: scores.as_chunks::<1>().0, width: n_estimates };
        let mut values = self.spread(stages, leaves, &mut given, &reach)?.into_flattened();
        for row in 0..n_estimates {
            for column in 0..row {
                values[row * n_estimates + column] = values[column * n_estimates + row];
            }
        }
        Some(Covariance::from_rows(n_estimates, values))
    }

    /// The variance of one estimate, see [`SurveyDesign::covariance`].
    pub fn variance(&self, leaves: &[u32], scores: &[f64]) -> Option<f64> {
        self.products(leaves, &mut Given { scores: scores.as_chunks::<1>().0, width: 1 }, &[1])
            .map(|values| values[0][0])
    }

    /// Variances and covariances of estimates, row by row in a square, see [`SurveyDesign::covariance`]; of each row only
    /// the covariances from the estimate itself up to `reach`. Each has the bits that it would have alone.
    pub(crate) fn products<const LANES: usize>(
        &self,
        leaves: &[u32],
        scores: &mut impl Scores<LANES>,
        reach: &[usize],
    ) -> Option<Vec<[f64; LANES]>> {
        self.spread(0..self.levels.len(), leaves, scores, reach)
    }

    fn spread<const LANES: usize>(
        &self,
        stages: Range<usize>,
        leaves: &[u32],
        scores: &mut impl Scores<LANES>,
        reach: &[usize],
    ) -> Option<Vec<[f64; LANES]>> {
        let mut products = Products::new(reach);
        if let ([level], Range { start: 0, end: 1 }) = (&self.levels[..], &stages) {
            self.add_level(level, leaves, scores, &mut products)?;
            return Some(products.total);
        }
        let width = reach.len();
        let (mut clusters, mut sums) = (Cow::Borrowed(leaves), scores.rows(0..leaves.len()).to_vec());
        for (number, level) in self.levels.iter().enumerate().rev() {
            if stages.contains(&number) {
                self.add_level(level, &clusters, &mut Given { scores: &sums, width }, &mut products)?;
            }
            if number > stages.start {
                let (parents, of_parents) = level.summed_by_parent(&clusters, &sums, width);
                (clusters, sums) = (Cow::Owned(parents), of_parents);
            }
        }
        Some(products.total)
    }

    fn add_level<const LANES: usize>(
        &self,
        level: &Level,
        clusters: &[u32],
        scores: &mut impl Scores<LANES>,
        products: &mut Products<'_, LANES>,
    ) -> Option<()> {
        if level.n_clusters_of_parent.len() == 1 {
            return self.add_parent(level, clusters, 0, scores, products);
        }
        let mut start = 0;
        for siblings in clusters.chunk_by(|a, b| level.parent_of(*a) == level.parent_of(*b)) {
            self.add_parent(level, siblings, start, scores, products)?;
            start += siblings.len();
        }
        Some(())
    }

    /// Adds the spread of the clusters inside one cluster of the stage before, over their strata. Their scores begin at
    /// the place `start`.
    fn add_parent<const LANES: usize>(
        &self,
        level: &Level,
        clusters: &[u32],
        mut start: usize,
        scores: &mut impl Scores<LANES>,
        products: &mut Products<'_, LANES>,
    ) -> Option<()> {
        let Some(first) = clusters.first() else { return Some(()) };
        let stratum_of = |cluster: u32| level.stratum_of_cluster[cluster as usize];
        let strata = || {
            let chunks = clusters.chunk_by(|a, b| stratum_of(*a) == stratum_of(*b));
            chunks.map(|chunk| (&level.strata[stratum_of(chunk[0]) as usize], chunk.len()))
        };
        let mut grand_mean = None;
        let mut inflation = 1.0;
        match self.rules.single_cluster {
            SingleCluster::Adjust => {
                let n_clusters = level.n_clusters_of_parent[level.parent_of(*first) as usize];
                let rows = scores.rows(start..start + clusters.len());
                products.centre_at_mean(rows, f64::from(n_clusters));
                grand_mean = Some(products.centre.clone());
            }
            SingleCluster::Average => {
                let n_strata = strata().count();
                let n_with = strata().filter(|(stratum, reached)| !self.is_lonely(stratum, *reached)).count();
                if n_with == 0 {
                    return None;
                }
                inflation = n_strata as f64 / n_with as f64;
            }
            SingleCluster::Fail | SingleCluster::Remove | SingleCluster::Certainty | SingleCluster::Collapse => {}
        }
        for (stratum, reached) in strata() {
            let places = start..start + reached;
            start += reached;
            if stratum.scale == 0.0 {
                continue;
            }
            let n_clusters = f64::from(stratum.n_clusters);
            let missing = n_clusters - reached as f64;
            let scale = stratum.scale * inflation;
            match self.rules.single_cluster {
                SingleCluster::Average if self.is_lonely(stratum, reached) => {}
                SingleCluster::Remove | SingleCluster::Certainty if stratum.is_single() => {}
                SingleCluster::Fail | SingleCluster::Collapse if stratum.is_single() => return None,
                _ => {
                    let listed = scores.rows(places);
                    let around = grand_mean.as_ref().filter(|_| self.is_lonely(stratum, reached));
                    match around {
                        Some(centre) => products.centre.clone_from(centre),
                        None => products.centre_at_mean(listed, n_clusters),
                    }
                    products.add_stratum(listed, missing, scale);
                }
            }
        }
        Some(())
    }

    fn is_lonely(&self, stratum: &Stratum, reached: usize) -> bool {
        let in_domain = self.rules.lonely_in_domain == LonelyInDomain::AsSingleCluster && reached == 1;
        stratum.scale > 0.0 && (stratum.n_clusters == 1 || in_domain)
    }
}

/// Scores of several estimates by cluster, some clusters at a time: made as they are asked for, or there already. Each
/// estimate is `LANES` numbers side by side.
pub(crate) trait Scores<const LANES: usize> {
    /// The scores of the clusters at these places, cluster by cluster.
    fn rows(&mut self, places: Range<usize>) -> &[[f64; LANES]];
}

/// Scores that are there already, `width` for each cluster.
struct Given<'a, const LANES: usize> {
    scores: &'a [[f64; LANES]],
    width: usize,
}

impl<const LANES: usize> Scores<LANES> for Given<'_, LANES> {
    fn rows(&mut self, places: Range<usize>) -> &[[f64; LANES]] {
        &self.scores[places.start * self.width..places.end * self.width]
    }
}

/// Sums of the products of the deviations of estimates, lane by lane. A sum runs over the clusters in order, so it has the
/// same bits whichever other products are summed beside it.
struct Products<'r, const LANES: usize> {
    /// For each estimate, the one after the last that it is multiplied with, counted from itself on.
    reach: &'r [usize],
    /// Row by row in a square.
    total: Vec<[f64; LANES]>,
    in_stratum: Vec<[f64; LANES]>,
    centre: Vec<[f64; LANES]>,
    deviations: Vec<[f64; LANES]>,
}

impl<'r, const LANES: usize> Products<'r, LANES> {
    fn new(reach: &'r [usize]) -> Products<'r, LANES> {
        let width = reach.len();
        Products {
            reach,
            total: vec![[0.0; LANES]; width * width],
            in_stratum: vec![[0.0; LANES]; width * width],
            centre: vec![[0.0; LANES]; width],
            deviations: vec![[0.0; LANES]; width],
        }
    }

    /// Makes the mean of rows and further ones of zero, `n` in all, the centre of what follows.
    fn centre_at_mean(&mut self, rows: &[[f64; LANES]], n: f64) {
        self.centre.fill([0.0; LANES]);
        for row in rows.chunks_exact(self.reach.len()) {
            for (sums, values) in self.centre.iter_mut().zip(row) {
                add(sums, values);
            }
        }
        for sums in &mut self.centre {
            *sums = sums.map(|sum| sum / n);
        }
    }

    /// Adds `scale` times the products of the deviations from the centre, of the clusters listed and of `missing` ones of
    /// zero.
    fn add_stratum(&mut self, listed: &[[f64; LANES]], missing: f64, scale: f64) {
        let width = self.reach.len();
        self.in_stratum.fill([0.0; LANES]);
        if let ([centre], [sums]) = (&self.centre[..], &mut self.in_stratum[..]) {
            // A single estimate, as most callers have it: the same sum without the way around.
            for row in listed {
                for lane in 0..LANES {
                    let deviation = row[lane] - centre[lane];
                    sums[lane] += deviation * deviation;
                }
            }
            for lane in 0..LANES {
                self.total[0][lane] += scale * (sums[lane] + missing * centre[lane] * centre[lane]);
            }
            return;
        }
        for row in listed.chunks_exact(width) {
            for ((deviation, value), centre) in self.deviations.iter_mut().zip(row).zip(&self.centre) {
                for lane in 0..LANES {
                    deviation[lane] = value[lane] - centre[lane];
                }
            }
            for (number, reach) in self.reach.iter().enumerate() {
                let deviation = self.deviations[number];
                let sums = &mut self.in_stratum[number * width + number..number * width + reach];
                for (sum, other) in sums.iter_mut().zip(&self.deviations[number..*reach]) {
                    for lane in 0..LANES {
                        sum[lane] += deviation[lane] * other[lane];
                    }
                }
            }
        }
        for (row, reach) in self.reach.iter().enumerate() {
            for column in row..*reach {
                let (total, sum) = (&mut self.total[row * width + column], &self.in_stratum[row * width + column]);
                for lane in 0..LANES {
                    total[lane] += scale * (sum[lane] + missing * self.centre[row][lane] * self.centre[column][lane]);
                }
            }
        }
    }
}

fn add<const LANES: usize>(sums: &mut [f64; LANES], values: &[f64; LANES]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

impl Level {
    fn summed_by_parent<const LANES: usize>(
        &self,
        clusters: &[u32],
        sums: &[[f64; LANES]],
        width: usize,
    ) -> (Vec<u32>, Vec<[f64; LANES]>) {
        let mut parents: Vec<u32> = Vec::new();
        let mut of_parents: Vec<[f64; LANES]> = Vec::new();
        for (cluster, row) in clusters.iter().zip(sums.chunks_exact(width)) {
            let parent = self.parent_of(*cluster);
            if parents.last() == Some(&parent) {
                let start = of_parents.len() - width;
                for (sums, values) in of_parents[start..].iter_mut().zip(row) {
                    add(sums, values);
                }
            } else {
                parents.push(parent);
                of_parents.extend_from_slice(row);
            }
        }
        (parents, of_parents)
    }
}
