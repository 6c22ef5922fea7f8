//! Random numbers that are the same on every machine: SplitMix64, and draws that use nothing but exact
//! arithmetic (no logarithms or powers, whose last bit differs between platforms).
//! Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// An independent stream for item `index`, so that adding a draw in one item leaves the others alone.
    pub fn stream(seed: u64, index: u64) -> Random {
        let mut seeder = Random::new(seed ^ index.wrapping_mul(0xD134_2543_DE82_EF95));
        Random::new(seeder.next())
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in 0..1, in steps of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A whole number below `n` (not zero), each with exactly the same probability: the draws that would favour some
    /// numbers are drawn again. Source: Lemire, "Fast random integer generation in an interval", TOMACS 2019.
    pub fn below(&mut self, n: u64) -> u64 {
        let favoured = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next()) * u128::from(n);
            if product as u64 >= favoured {
                return (product >> 64) as u64;
            }
        }
    }

    /// True with probability `probability`.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A number between -1 and 1, symmetric and bell-shaped (the mean of three uniforms, rescaled).
    pub fn around_zero(&mut self) -> f64 {
        (self.uniform() + self.uniform() + self.uniform()) * (2.0 / 3.0) - 1.0
    }

    /// A whole number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.uniform() * (high - low + 1) as f64) as i64
    }

    /// The index of one weight, drawn in proportion to it; `None` when no weight is positive.
    pub fn pick(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut left = self.uniform() * total;
        for (index, weight) in weights.iter().enumerate() {
            if *weight > 0.0 && left < *weight {
                return Some(index);
            }
            left -= weight;
        }
        weights.iter().rposition(|weight| *weight > 0.0)
    }

    /// `value` rounded to a whole number, up or down at random so that the mean stays.
    pub fn round(&mut self, value: f64) -> usize {
        (value + self.uniform()).max(0.0) as usize
    }

    /// A whole number around `value`, at most `width` away (before rounding), with mean `value`.
    pub fn around(&mut self, value: f64, width: f64) -> usize {
        let drawn = value + width * self.around_zero();
        self.round(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_stream_is_splitmix64() {
        // Reference outputs of the algorithm for seed 1234567 (Vigna's splitmix64.c, as quoted by Rosetta Code).
        let mut random = Random::new(1_234_567);
        let drawn: Vec<u64> = (0..5).map(|_| random.next()).collect();
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn picking_follows_the_weights_and_refuses_when_there_are_none() {
        let mut random = Random::new(1);
        let n_second = (0..10_000).filter(|_| random.pick(&[1.0, 3.0, 0.0]) == Some(1)).count();
        // 7,500 expected, standard deviation 43.
        assert!((7_300..7_700).contains(&n_second), "{n_second}");
        assert_eq!(random.pick(&[0.0, 0.0]), None);
    }

    #[test]
    fn rounding_keeps_the_mean() {
        let mut random = Random::new(1);
        let sum: usize = (0..10_000).map(|_| random.round(2.3)).sum();
        // 23,000 expected, standard deviation 46.
        assert!((22_800..23_200).contains(&sum), "{sum}");
    }
}
