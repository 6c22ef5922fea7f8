//! What calibration leaves of the scores: residuals from post-strata, raked margins or a regression on the auxiliary
//! variables. How weights are calibrated lives in `weighting`; here is only what the variance needs to know of it.
//!
//! Sources: Särndal, Swensson and Wretman (1992), sections 6.6 and 7.6; Deville and Särndal (1992); R survey, `svyrecvar`.

/// One calibration of the weights, as the variance sees it. Scores are weighted: w u for each unit, with final weights.
#[derive(Debug, Clone, PartialEq)]
pub enum Residuals {
    /// Weights scaled to the population count of each post-stratum.
    PostStrata {
        /// The post-stratum of each unit, numbered from 0; `None` for a unit whose weight was not touched.
        groups: Vec<Option<u32>>,
        /// Each unit's weight before.
        weights_before: Vec<f64>,
        /// Each unit's weight after.
        weights_after: Vec<f64>,
    },
    /// Weights raked to several margins.
    Raking {
        /// The margins, in the order they were raked.
        margins: Vec<RakedMargin>,
    },
    /// Weights calibrated to totals of auxiliary variables (GREG and its distance functions).
    Regression(Regression),
    /// Weights calibrated inside each cluster of a stage to totals known for that cluster (R's `calibrate` with
    /// `stage`). What is drawn inside the clusters has residuals for scores; the variance between them is as before.
    WithinClusters {
        /// The stage whose clusters have totals, counted from 1.
        stage: usize,
        /// The regression inside each cluster.
        regressions: ClusterRegressions,
    },
}

/// One margin of a raking.
#[derive(Debug, Clone, PartialEq)]
pub struct RakedMargin {
    /// The category of each unit, numbered from 0.
    pub groups: Vec<u32>,
    /// Each unit's weight after the last adjustment to this margin.
    pub weights: Vec<f64>,
}

/// Sweeps over raked margins; the residual from all margins is the limit, which ten approach closely (as in R survey).
pub(super) const RAKING_SWEEPS: usize = 10;

impl Residuals {
    /// The same residuals in a sample of `n_units`, of which the calibration's units are those at `places`. The scores of
    /// all others stay as they are.
    #[must_use]
    pub fn placed(self, places: &[usize], n_units: usize) -> Residuals {
        fn spread<T: Clone>(values: Vec<T>, places: &[usize], n_units: usize, elsewhere: T) -> Vec<T> {
            let mut spread = vec![elsewhere; n_units];
            values.into_iter().zip(places).for_each(|(value, place)| spread[*place] = value);
            spread
        }
        match self {
            Residuals::PostStrata { groups, weights_before, weights_after } => Residuals::PostStrata {
                groups: spread(groups, places, n_units, None),
                weights_before: spread(weights_before, places, n_units, 1.0),
                weights_after: spread(weights_after, places, n_units, 1.0),
            },
            // A unit of weight zero is in no mean, and keeps its score.
            Residuals::Raking { margins } => {
                let placed = |margin: RakedMargin| RakedMargin {
                    groups: spread(margin.groups, places, n_units, 0),
                    weights: spread(margin.weights, places, n_units, 0.0),
                };
                Residuals::Raking { margins: margins.into_iter().map(placed).collect() }
            }
            Residuals::Regression(regression) => Residuals::Regression(Regression {
                n_units,
                basis: regression.basis.into_iter().map(|column| spread(column, places, n_units, 0.0)).collect(),
                scale: spread(regression.scale, places, n_units, 0.0),
            }),
            Residuals::WithinClusters { stage, regressions: ClusterRegressions(regressions) } => {
                let placed = |(units, regression): (Vec<usize>, Regression)| {
                    (units.into_iter().map(|unit| places[unit]).collect(), regression)
                };
                Residuals::WithinClusters {
                    stage,
                    regressions: ClusterRegressions(regressions.into_iter().map(placed).collect()),
                }
            }
        }
    }

    /// Replaces scores, `n_estimates` numbers per unit, by their residuals.
    ///
    /// # Panics
    /// When the scores are not those of the units that the calibration is about.
    pub fn project(&self, scores: &mut [f64], n_estimates: usize) {
        if n_estimates == 0 {
            return;
        }
        match self {
            Residuals::PostStrata { groups, weights_before, weights_after } => {
                let parts = groups.iter().zip(weights_before.iter().zip(weights_after));
                let rows = parts.map(|(group, (before, after))| (*group, *before, *after));
                subtract_group_means(scores, n_estimates, rows);
            }
            Residuals::Raking { margins } => {
                for _ in 0..RAKING_SWEEPS {
                    for margin in margins {
                        // The plain mean of score / weight over the units of a category that have a weight.
                        let rows = margin.groups.iter().zip(&margin.weights);
                        let rows =
                            rows.map(|(group, weight)| (Some(*group), f64::from(u8::from(*weight != 0.0)), *weight));
                        subtract_group_means(scores, n_estimates, rows);
                    }
                }
            }
            Residuals::Regression(regression) => regression.project(scores, n_estimates),
            // Only later stages see these residuals.
            Residuals::WithinClusters { .. } => {}
        }
    }

    /// The regressions inside the clusters of a `stage`, counted from 1.
    pub(super) fn within(&self, stage: usize) -> Option<&ClusterRegressions> {
        match self {
            Residuals::WithinClusters { stage: of, regressions } if *of == stage => Some(regressions),
            _ => None,
        }
    }
}

/// For each unit its group, the weight its score / `scale` has in the group's mean, and `scale`; takes the group's mean
/// times `scale` from each score. A unit of scale zero has a score of zero and keeps it.
fn subtract_group_means(
    scores: &mut [f64],
    n_estimates: usize,
    rows: impl Iterator<Item = (Option<u32>, f64, f64)> + Clone,
) {
    assert_eq!(scores.len(), rows.clone().count() * n_estimates, "scores of the units of the calibration");
    let n_groups = rows.clone().filter_map(|(group, _, _)| group).max().map_or(0, |last| last as usize + 1);
    let mut weights = vec![0.0; n_groups];
    let mut means = vec![0.0; n_groups * n_estimates];
    for ((group, weight, scale), row) in rows.clone().zip(scores.chunks_exact(n_estimates)) {
        let Some(group) = group else { continue };
        weights[group as usize] += weight;
        if scale != 0.0 {
            let means = &mut means[group as usize * n_estimates..][..n_estimates];
            for (mean, score) in means.iter_mut().zip(row) {
                *mean += weight * score / scale;
            }
        }
    }
    for (means, weight) in means.chunks_exact_mut(n_estimates).zip(&weights) {
        for mean in means {
            *mean = if *weight == 0.0 { 0.0 } else { *mean / weight };
        }
    }
    for ((group, _, scale), row) in rows.zip(scores.chunks_exact_mut(n_estimates)) {
        let Some(group) = group else { continue };
        let means = &means[group as usize * n_estimates..][..n_estimates];
        for (score, mean) in row.iter_mut().zip(means) {
            *score -= mean * scale;
        }
    }
}

/// A regression on auxiliary variables, kept as an orthonormal basis of the weighted variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    n_units: usize,
    /// Orthonormal columns, one after the other.
    pub(super) basis: Vec<Vec<f64>>,
    pub(super) scale: Vec<f64>,
}

/// A variable whose part not explained by those before is below this share of it counts as explained, as in R's `qr`.
const COLLINEAR: f64 = 1e-7;

impl Regression {
    /// The regression of a calibration from weights d to w = g d, whose distance has the variance factor v (1 for
    /// most calibrations): `x` holds for each unit the auxiliary variables times √(d / v), row by row, and `scale`
    /// is g √(d v) (R's `qr` and `w` of a calibrated design). Variables that follow from those before are left out.
    ///
    /// # Panics
    /// When `x` does not hold the same number of variables for each unit of `scale`.
    pub fn new(x: &[f64], scale: Vec<f64>) -> Regression {
        let n_units = scale.len();
        let n_variables = x.len().checked_div(n_units).unwrap_or(0);
        assert_eq!(x.len(), n_units * n_variables, "the same variables for each unit");
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for variable in 0..n_variables {
            let mut column: Vec<f64> = x.iter().skip(variable).step_by(n_variables).copied().collect();
            let before = norm(&column);
            // Twice, because once leaves rounding errors where variables are nearly collinear.
            for _ in 0..2 {
                for unit in &basis {
                    subtract_projection(&mut column, unit);
                }
            }
            let left = norm(&column);
            if left > COLLINEAR * before {
                column.iter_mut().for_each(|value| *value /= left);
                basis.push(column);
            }
        }
        Regression { n_units, basis, scale }
    }

    fn project(&self, scores: &mut [f64], n_estimates: usize) {
        assert_eq!(scores.len(), self.n_units * n_estimates, "scores of the units of the calibration");
        for estimate in 0..n_estimates {
            let of_estimate = scores.iter().skip(estimate).step_by(n_estimates).zip(&self.scale);
            let mut column: Vec<f64> =
                of_estimate.map(|(score, scale)| if *scale == 0.0 { 0.0 } else { score / scale }).collect();
            for unit in &self.basis {
                subtract_projection(&mut column, unit);
            }
            let of_estimate = scores.iter_mut().skip(estimate).step_by(n_estimates);
            for ((score, residual), scale) in of_estimate.zip(column).zip(&self.scale) {
                *score = residual * scale;
            }
        }
    }
}

/// A regression inside each cluster of a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterRegressions(Vec<(Vec<usize>, Regression)>);

impl ClusterRegressions {
    /// The regressions inside `clusters`, given by a number for each unit, with `x` and `scale` as for [`Regression::new`].
    ///
    /// # Panics
    /// When the columns are about different units.
    pub fn new(clusters: &[u32], x: &[f64], scale: &[f64]) -> ClusterRegressions {
        assert_eq!(clusters.len(), scale.len(), "a cluster for each unit");
        let n_variables = x.len() / scale.len().max(1);
        let mut units: Vec<usize> = (0..clusters.len()).collect();
        units.sort_by_key(|unit| clusters[*unit]);
        let of_cluster = |units: &[usize]| {
            let rows = units.iter().flat_map(|unit| &x[unit * n_variables..][..n_variables]);
            let x: Vec<f64> = rows.copied().collect();
            (units.to_vec(), Regression::new(&x, units.iter().map(|unit| scale[*unit]).collect()))
        };
        ClusterRegressions(units.chunk_by(|a, b| clusters[*a] == clusters[*b]).map(of_cluster).collect())
    }

    /// Replaces scores, `n_estimates` numbers per unit, by their residuals inside each cluster.
    pub(super) fn project(&self, scores: &mut [f64], n_estimates: usize) {
        for (units, regression) in &self.0 {
            let rows = units.iter().flat_map(|unit| &scores[unit * n_estimates..][..n_estimates]);
            let mut of_cluster: Vec<f64> = rows.copied().collect();
            regression.project(&mut of_cluster, n_estimates);
            for (unit, row) in units.iter().zip(of_cluster.chunks_exact(n_estimates)) {
                scores[unit * n_estimates..][..n_estimates].copy_from_slice(row);
            }
        }
    }
}

fn subtract_projection(column: &mut [f64], unit: &[f64]) {
    let along: f64 = column.iter().zip(unit).map(|(a, b)| a * b).sum();
    for (value, unit) in column.iter_mut().zip(unit) {
        *value -= along * unit;
    }
}

fn norm(column: &[f64]) -> f64 {
    column.iter().map(|value| value * value).sum::<f64>().sqrt()
}
