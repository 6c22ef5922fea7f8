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
        let mut values = match n_estimates {
            0 => Vec::new(),
            1 => self.spread(stages, leaves, scores, Variances::<1>)?,
            n => self.spread(stages, leaves, scores, Triangle(n))?,
        };
        for row in 0..n_estimates {
            for column in 0..row {
                values[row * n_estimates + column] = values[column * n_estimates + row];
            }
        }
        Some(Covariance::from_rows(n_estimates, values))
    }

    /// The variance of one estimate, see [`SurveyDesign::covariance`].
    pub fn variance(&self, leaves: &[u32], scores: &[f64]) -> Option<f64> {
        self.spread(0..self.levels.len(), leaves, scores, Variances::<1>).map(|values| values[0])
    }

    /// The variances of estimates side by side, each to the bits that it would have alone, see
    /// [`SurveyDesign::covariance`].
    pub(crate) fn variances<const LANES: usize>(&self, leaves: &[u32], scores: &[[f64; LANES]]) -> Option<Vec<f64>> {
        self.spread(0..self.levels.len(), leaves, scores.as_flattened(), Variances::<LANES>)
    }

    /// The sums that `products` asks for, over all stages.
    fn spread(
        &self,
        stages: Range<usize>,
        leaves: &[u32],
        scores: &[f64],
        products: impl Products,
    ) -> Option<Vec<f64>> {
        let width = products.width();
        let mut total = vec![0.0; products.n_sums()];
        let (mut clusters, mut sums) = (Cow::Borrowed(leaves), Cow::Borrowed(scores));
        for (number, level) in self.levels.iter().enumerate().rev() {
            if stages.contains(&number) {
                self.add_level(level, &clusters, &sums, products, &mut total)?;
            }
            if number > stages.start {
                let (parents, of_parents) = level.summed_by_parent(&clusters, &sums, width);
                (clusters, sums) = (Cow::Owned(parents), Cow::Owned(of_parents));
            }
        }
        Some(total)
    }

    fn add_level(
        &self,
        level: &Level,
        clusters: &[u32],
        sums: &[f64],
        products: impl Products,
        total: &mut [f64],
    ) -> Option<()> {
        let width = products.width();
        if level.n_clusters_of_parent.len() == 1 {
            return self.add_parent(level, clusters, sums, products, total);
        }
        let mut start = 0;
        for siblings in clusters.chunk_by(|a, b| level.parent_of(*a) == level.parent_of(*b)) {
            let end = start + siblings.len();
            self.add_parent(level, siblings, &sums[start * width..end * width], products, total)?;
            start = end;
        }
        Some(())
    }

    /// Adds the spread of the clusters inside one cluster of the stage before, over their strata.
    fn add_parent<P: Products>(
        &self,
        level: &Level,
        clusters: &[u32],
        sums: &[f64],
        products: P,
        total: &mut [f64],
    ) -> Option<()> {
        let width = products.width();
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
                grand_mean = Some(products.mean(sums, f64::from(n_clusters)));
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
        let mut start = 0;
        for (stratum, reached) in strata() {
            let listed = &sums[start * width..(start + reached) * width];
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
                    let around = grand_mean.as_ref().filter(|_| self.is_lonely(stratum, reached));
                    match around {
                        Some(centre) => products.add_stratum(listed, missing, centre, scale, total),
                        None => {
                            let centre = products.mean(listed, n_clusters);
                            products.add_stratum(listed, missing, &centre, scale, total);
                        }
                    }
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

/// Which products of the deviations of estimates side by side are summed up.
trait Products: Copy {
    /// A number for each estimate.
    type Row;
    /// How many estimates there are.
    fn width(self) -> usize;
    /// How many sums are made of them.
    fn n_sums(self) -> usize;
    /// The mean of rows and further ones of zero, `n` in all.
    fn mean(self, rows: &[f64], n: f64) -> Self::Row;
    /// Adds `scale` times the products of the deviations from `centre`, of the clusters listed and of `missing` ones of
    /// zero.
    fn add_stratum(self, listed: &[f64], missing: f64, centre: &Self::Row, scale: f64, total: &mut [f64]);
}

/// The squares alone, of as many estimates as the compiler knows of: their sums run side by side.
#[derive(Clone, Copy)]
struct Variances<const LANES: usize>;

impl<const LANES: usize> Products for Variances<LANES> {
    type Row = [f64; LANES];

    fn width(self) -> usize {
        LANES
    }

    fn n_sums(self) -> usize {
        LANES
    }

    fn mean(self, rows: &[f64], n: f64) -> [f64; LANES] {
        let mut sums = [0.0; LANES];
        for row in rows.as_chunks::<LANES>().0 {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        sums.map(|sum| sum / n)
    }

    fn add_stratum(self, listed: &[f64], missing: f64, centre: &[f64; LANES], scale: f64, total: &mut [f64]) {
        let mut squares = [0.0; LANES];
        for row in listed.as_chunks::<LANES>().0 {
            for ((sum, value), centre) in squares.iter_mut().zip(row).zip(centre) {
                *sum += (value - centre) * (value - centre);
            }
        }
        for ((total, sum), centre) in total.iter_mut().zip(squares).zip(centre) {
            *total += scale * (sum + missing * centre * centre);
        }
    }
}

/// The upper triangle of the products of this many estimates, row by row in a square.
#[derive(Clone, Copy)]
struct Triangle(usize);

impl Products for Triangle {
    type Row = Vec<f64>;

    fn width(self) -> usize {
        self.0
    }

    fn n_sums(self) -> usize {
        self.0 * self.0
    }

    fn mean(self, rows: &[f64], n: f64) -> Vec<f64> {
        let mut mean = vec![0.0; self.0];
        for row in rows.chunks_exact(self.0) {
            for (sum, value) in mean.iter_mut().zip(row) {
                *sum += value;
            }
        }
        for sum in &mut mean {
            *sum /= n;
        }
        mean
    }

    fn add_stratum(self, listed: &[f64], missing: f64, centre: &Vec<f64>, scale: f64, total: &mut [f64]) {
        let width = self.0;
        for i in 0..width {
            for j in i..width {
                let products = listed.chunks_exact(width).map(|row| (row[i] - centre[i]) * (row[j] - centre[j]));
                total[i * width + j] += scale * (products.sum::<f64>() + missing * centre[i] * centre[j]);
            }
        }
    }
}

impl Level {
    fn summed_by_parent(&self, clusters: &[u32], sums: &[f64], width: usize) -> (Vec<u32>, Vec<f64>) {
        let mut parents: Vec<u32> = Vec::new();
        let mut of_parents = Vec::new();
        for (cluster, row) in clusters.iter().zip(sums.chunks_exact(width)) {
            let parent = self.parent_of(*cluster);
            if parents.last() == Some(&parent) {
                let start = of_parents.len() - width;
                for (sum, value) in of_parents[start..].iter_mut().zip(row) {
                    *sum += value;
                }
            } else {
                parents.push(parent);
                of_parents.extend_from_slice(row);
            }
        }
        (parents, of_parents)
    }
}
