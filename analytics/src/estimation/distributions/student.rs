//! Student's t distribution, for confidence intervals and t tests.

use super::beta::{incomplete_beta, ln_power_term};
use super::gamma::{chi_squared_upper_tail, normal_quantile};

/// The `probability` quantile of Student's t with `degrees_of_freedom` > 0, infinite for the normal distribution.
/// Newton's method on the distribution function.
pub fn t_quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    if probability < 0.5 {
        return -t_quantile(1.0 - probability, degrees_of_freedom);
    }
    if degrees_of_freedom.is_infinite() {
        return normal_quantile(probability);
    }
    if probability >= 1.0 {
        return f64::INFINITY;
    }
    let upper = 1.0 - probability;
    // Beyond the median the distribution function is concave, so Newton's method from below never overshoots.
    let mut t = 0.0_f64;
    for _ in 0..200 {
        let step = (0.5 * t_two_sided(t, degrees_of_freedom) - upper) / density(t, degrees_of_freedom);
        t += step;
        if step.abs() <= 1e-14 * t {
            break;
        }
    }
    t
}

/// P(|T| > |t|): the two-sided p-value of a t test.
pub fn t_two_sided(t: f64, degrees_of_freedom: f64) -> f64 {
    let square = t * t;
    if degrees_of_freedom.is_infinite() {
        return chi_squared_upper_tail(square, 1.0);
    }
    let total = degrees_of_freedom + square;
    incomplete_beta(degrees_of_freedom / 2.0, 0.5, degrees_of_freedom / total, square / total)
}

fn density(t: f64, degrees_of_freedom: f64) -> f64 {
    // At t = 0 the density is 1 / (√df B(df / 2, 1/2)); x^a y^b / B at x = y = 1/2 gives B.
    let half = degrees_of_freedom / 2.0;
    let ln_inverse_beta = ln_power_term(half, 0.5, 0.5, 0.5) + (half + 0.5) * std::f64::consts::LN_2;
    let kernel = -(half + 0.5) * (t * t / degrees_of_freedom).ln_1p();
    (ln_inverse_beta - 0.5 * degrees_of_freedom.ln() + kernel).exp()
}

#[cfg(test)]
mod tests {
    use super::{t_quantile, t_two_sided};

    /// R 4.2.2: `qt(p, df)`, 15 significant digits.
    #[test]
    fn t_quantiles_agree_with_r() {
        let reference = [
            (0.975, 1.0, 12.706204736174694),
            (0.975, 2.0, 4.302_652_729_749_462),
            (0.975, 5.0, 2.5705818356363137),
            (0.975, 14.0, 2.144_786_687_917_804),
            (0.975, 30.0, 2.0422724563012378),
            (0.975, 100.0, 1.9839715185235516),
            (0.975, 199.0, 1.971_956_544_251_752),
            (0.95, 10.0, 1.8124611228116756),
            (0.995, 3.0, 5.840_909_309_733_354),
            (0.025, 14.0, -2.1447866879178044),
            (0.975, 1000000.0, 1.9599663568141066),
            (0.975, f64::INFINITY, 1.95996398454005),
        ];
        for (probability, degrees_of_freedom, expected) in reference {
            let found = t_quantile(probability, degrees_of_freedom);
            assert!((found / expected - 1.0).abs() < 1e-13, "qt({probability}, {degrees_of_freedom}) = {found}");
        }
        assert_eq!(t_quantile(0.5, 7.0), 0.0);
    }

    /// R 4.2.2: `2 * pt(-abs(t), df)`.
    #[test]
    fn p_values_agree_with_r() {
        for (t, df, expected) in R_P_VALUES {
            assert!((t_two_sided(t, df) / expected - 1.0_f64).abs() < 1e-11, "pt({t}, {df})");
        }
    }

    const R_P_VALUES: [(f64, f64, f64); 4] = [
        (0.925_067_242_997_282, 13.0, 0.37178479463810354),
        (8.0, 40.0, 7.905_084_110_104_517e-10),
        (0.01, 3.0, 0.992_649_111_412_852),
        (2.5, 100000.0, 0.012420919192559039),
    ];
}
