//! What R does with a profile likelihood after it has one: a spline through some of its points, read off linearly. Its
//! limits are off by some 1e-6 for that, so ours cannot be compared with them directly.

use analytics::estimation::{Interval, Proportion, chi_squared_upper_tail, t_quantile};

/// The limits that R's steps (`confint.svyglm`, method "likelihood") give over our profile. When they are R's numbers,
/// the profile is R's, and the exact limits are the better ones; that these lie close is checked too.
pub fn interpolated_as_r_does(proportion: &Proportion, exact: Interval) -> [f64; 2] {
    let Proportion { estimate: p, variance, degrees_of_freedom, .. } = *proportion;
    let n = proportion.n_units as f64;
    let expit = |logit: f64| 1.0 / (1.0 + (-logit).exp());
    let centre = (p / (1.0 - p)).ln();
    // The signed root of the deviance over the dispersion n / (n - 1).
    let tau = |logit: f64| {
        let q = expit(logit);
        let deviance = 2.0 * n * (p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln());
        (logit - centre).signum() * (deviance.max(0.0) * (n - 1.0) / n).sqrt()
    };
    let cutoff = t_quantile(0.975, degrees_of_freedom) * (n * variance / (p * (1.0 - p))).sqrt();
    for (limit, sign) in [(exact.low, -1.0), (exact.high, 1.0)] {
        let at_limit = tau((limit / (1.0 - limit)).ln());
        assert!((at_limit / (sign * cutoff) - 1.0).abs() < 1e-10, "the exact limit lies on the profile");
    }

    let alpha = chi_squared_upper_tail(cutoff * cutoff, 1.0) / 4.0;
    let farthest = t_quantile(1.0 - alpha / 2.0, n - 1.0);
    let step = farthest / 5.0 * variance.sqrt() / (p * (1.0 - p));
    let mut points = vec![(centre, 0.0)];
    for sign in [-1.0, 1.0] {
        for number in 1..10 {
            let logit = centre + sign * f64::from(number) * step;
            points.push((logit, tau(logit)));
            if tau(logit).abs() >= farthest {
                break;
            }
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    let spline = Spline::new(x, y);
    let n_samples = 3 * spline.x.len();
    let (first, last) = (spline.x[0], spline.x[spline.x.len() - 1]);
    let samples: Vec<f64> =
        (0..n_samples).map(|i| first + (last - first) * i as f64 / (n_samples - 1) as f64).collect();
    let heights: Vec<f64> = samples.iter().map(|x| spline.at(*x)).collect();
    [-cutoff, cutoff].map(|target| {
        let after = heights.partition_point(|height| *height < target);
        let share = (target - heights[after - 1]) / (heights[after] - heights[after - 1]);
        expit(samples[after - 1] + share * (samples[after] - samples[after - 1]))
    })
}

/// A cubic spline whose ends follow the cubics through the four outer points (Forsythe, Malcolm and Moler 1977).
struct Spline {
    x: Vec<f64>,
    y: Vec<f64>,
    b: Vec<f64>,
    c: Vec<f64>,
    d: Vec<f64>,
}

impl Spline {
    fn new(x: Vec<f64>, y: Vec<f64>) -> Spline {
        let n = x.len();
        let (mut b, mut c, mut d) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        d[0] = x[1] - x[0];
        c[1] = (y[1] - y[0]) / d[0];
        for i in 1..n - 1 {
            d[i] = x[i + 1] - x[i];
            b[i] = 2.0 * (d[i - 1] + d[i]);
            c[i + 1] = (y[i + 1] - y[i]) / d[i];
            c[i] = c[i + 1] - c[i];
        }
        b[0] = -d[0];
        b[n - 1] = -d[n - 2];
        c[0] = c[2] / (x[3] - x[1]) - c[1] / (x[2] - x[0]);
        c[n - 1] = c[n - 2] / (x[n - 1] - x[n - 3]) - c[n - 3] / (x[n - 2] - x[n - 4]);
        c[0] *= d[0] * d[0] / (x[3] - x[0]);
        c[n - 1] *= -d[n - 2] * d[n - 2] / (x[n - 1] - x[n - 4]);
        for i in 1..n {
            let t = d[i - 1] / b[i - 1];
            b[i] -= t * d[i - 1];
            c[i] -= t * c[i - 1];
        }
        c[n - 1] /= b[n - 1];
        for i in (0..n - 1).rev() {
            c[i] = (c[i] - d[i] * c[i + 1]) / b[i];
        }
        for i in 0..n - 1 {
            b[i] = (y[i + 1] - y[i]) / d[i] - d[i] * (c[i + 1] + 2.0 * c[i]);
            d[i] = (c[i + 1] - c[i]) / d[i];
            c[i] *= 3.0;
        }
        Spline { x, y, b, c, d }
    }

    fn at(&self, x: f64) -> f64 {
        let i = self.x.partition_point(|known| *known <= x).clamp(1, self.x.len() - 1) - 1;
        let dx = x - self.x[i];
        self.y[i] + dx * (self.b[i] + dx * (self.c[i] + dx * self.d[i]))
    }
}
