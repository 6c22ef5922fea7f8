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
            1 => self.spread::<1>(stages, leaves, scores, 1)?,
            n => self.spread::<ANY>(stages, leaves, scores, n)?,
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
        self.spread::<1>(0..self.levels.len(), leaves, scores, 1).map(|values| values[0])
    }

    /// The upper triangle of the covariance, row by row. `WIDTH` is the number of estimates where the compiler is to
    /// know it, for speed, and [`ANY`] otherwise.
    fn spread<const WIDTH: usize>(
        &self,
        stages: Range<usize>,
        leaves: &[u32],
        scores: &[f64],
        width: usize,
    ) -> Option<Vec<f64>> {
        let mut total = vec![0.0; width * width];
        let (mut clusters, mut sums) = (Cow::Borrowed(leaves), Cow::Borrowed(scores));
        for (number, level) in self.levels.iter().enumerate().rev() {
            if stages.contains(&number) {
                self.add_level::<WIDTH>(level, &clusters, &sums, width, &mut total)?;
            }
            if number > stages.start {
                let (parents, of_parents) = level.summed_by_parent(&clusters, &sums, width);
                (clusters, sums) = (Cow::Owned(parents), Cow::Owned(of_parents));
            }
        }
        Some(total)
    }

    fn add_level<const WIDTH: usize>(
        &self,
        level: &Level,
        clusters: &[u32],
        sums: &[f64],
        width: usize,
        total: &mut [f64],
    ) -> Option<()> {
        let width = if WIDTH == ANY { width } else { WIDTH };
        if level.n_clusters_of_parent.len() == 1 {
            return self.add_parent::<WIDTH>(level, clusters, sums, width, total);
        }
        let mut start = 0;
        for siblings in clusters.chunk_by(|a, b| level.parent_of(*a) == level.parent_of(*b)) {
            let end = start + siblings.len();
            self.add_parent::<WIDTH>(level, siblings, &sums[start * width..end * width], width, total)?;
            start = end;
        }
        Some(())
    }

    /// Adds the spread of the clusters inside one cluster of the stage before, over their strata.
    fn add_parent<const WIDTH: usize>(
        &self,
        level: &Level,
        clusters: &[u32],
        sums: &[f64],
        width: usize,
        total: &mut [f64],
    ) -> Option<()> {
        let width = if WIDTH == ANY { width } else { WIDTH };
        let Some(first) = clusters.first() else { return Some(()) };
        let stratum_of = |cluster: u32| level.stratum_of_cluster[cluster as usize];
        let strata = || {
            let chunks = clusters.chunk_by(|a, b| stratum_of(*a) == stratum_of(*b));
            chunks.map(|chunk| (&level.strata[stratum_of(chunk[0]) as usize], chunk.len()))
        };
        let mut grand_mean = Vec::new();
        let mut inflation = 1.0;
        match self.rules.single_cluster {
            SingleCluster::Adjust => {
                let n_clusters = level.n_clusters_of_parent[level.parent_of(*first) as usize];
                grand_mean = mean(sums, width, f64::from(n_clusters));
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
                SingleCluster::Adjust if self.is_lonely(stratum, reached) => {
                    add_stratum::<WIDTH>(listed, missing, &grand_mean, scale, total);
                }
                SingleCluster::Average if self.is_lonely(stratum, reached) => {}
                SingleCluster::Remove | SingleCluster::Certainty if stratum.is_single() => {}
                SingleCluster::Fail | SingleCluster::Collapse if stratum.is_single() => return None,
                _ if WIDTH == 1 => {
                    let centre = [listed.iter().sum::<f64>() / n_clusters];
                    add_stratum::<1>(listed, missing, &centre, scale, total);
                }
                _ => add_stratum::<WIDTH>(listed, missing, &mean(listed, width, n_clusters), scale, total),
            }
        }
        Some(())
    }

    fn is_lonely(&self, stratum: &Stratum, reached: usize) -> bool {
        let in_domain = self.rules.lonely_in_domain == LonelyInDomain::AsSingleCluster && reached == 1;
        stratum.scale > 0.0 && (stratum.n_clusters == 1 || in_domain)
    }
}

/// Any number of estimates: the width is told at run time.
const ANY: usize = 0;

/// Adds `scale` times the squared deviations from `centre` of the clusters listed and of `missing` ones of zero.
fn add_stratum<const WIDTH: usize>(listed: &[f64], missing: f64, centre: &[f64], scale: f64, total: &mut [f64]) {
    let width = if WIDTH == ANY { centre.len() } else { WIDTH };
    for i in 0..width {
        for j in i..width {
            let products = listed.chunks_exact(width).map(|row| (row[i] - centre[i]) * (row[j] - centre[j]));
            total[i * width + j] += scale * (products.sum::<f64>() + missing * centre[i] * centre[j]);
        }
    }
}

fn mean(rows: &[f64], width: usize, n: f64) -> Vec<f64> {
    let mut mean = vec![0.0; width];
    for row in rows.chunks_exact(width) {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value;
        }
    }
    for sum in &mut mean {
        *sum /= n;
    }
    mean
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
