//! Draws that anybody can repeat: HMAC-SHA-256 of a counter, keyed with the seed, one stream for each stratum. A seed can be any
//! text, such as the numbers of a public lottery on a day named beforehand.

use ring::hmac;

/// A stream of random numbers.
pub(super) struct Random {
    key: hmac::Key,
    n_blocks: u64,
    waiting: Vec<u64>,
}

impl Random {
    /// The stream of a seed and a name. Streams of different names are independent of each other.
    pub(super) fn stream(seed: &str, name: &str) -> Random {
        let of_seed = hmac::Key::new(hmac::HMAC_SHA256, seed.as_bytes());
        let of_name = hmac::sign(&of_seed, name.as_bytes());
        Random { key: hmac::Key::new(hmac::HMAC_SHA256, of_name.as_ref()), n_blocks: 0, waiting: Vec::new() }
    }

    fn next(&mut self) -> u64 {
        if let Some(number) = self.waiting.pop() {
            return number;
        }
        let block = hmac::sign(&self.key, &self.n_blocks.to_be_bytes());
        self.n_blocks += 1;
        self.waiting = block.as_ref().as_chunks().0.iter().map(|eight| u64::from_be_bytes(*eight)).rev().collect();
        self.waiting.pop().unwrap_or_default()
    }

    /// A whole number below `n` (not zero), each with exactly the same probability: the draws that would favour some
    /// numbers are drawn again. Source: Lemire, "Fast random integer generation in an interval", TOMACS 2019.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        let favoured = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next()) * u128::from(n);
            if product as u64 >= favoured {
                return (product >> 64) as u64;
            }
        }
    }

    /// `n_drawn` of the numbers below `n`, without repetition and in order: every set of that size is equally likely
    /// (Fisher and Yates, stopped after `n_drawn` steps; Knuth, The Art of Computer Programming 2, 3.4.2 P).
    pub(super) fn subset(&mut self, n: usize, n_drawn: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..n).collect();
        for step in 0..n_drawn.min(n) {
            let chosen = step + self.below((n - step) as u64) as usize;
            numbers.swap(step, chosen);
        }
        numbers.truncate(n_drawn);
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python: `k = hmac.digest(b"seed", b"name", "sha256")`, then the first block
    /// `hmac.digest(k, bytes(8), "sha256")` cut into four numbers.
    #[test]
    fn a_stream_can_be_made_again_elsewhere() {
        let mut random = Random::stream("seed", "name");
        let drawn: Vec<u64> = (0..4).map(|_| random.next()).collect();
        assert_eq!(
            drawn,
            [4_391_746_669_720_577_193, 656_925_338_225_865_672, 573_202_737_639_899_601, 16_840_741_625_118_839_330]
        );
    }

    #[test]
    fn every_subset_is_as_likely_as_any_other() {
        // Ten subsets of two of five numbers, 50,000 draws: chi-square with 9 degrees of freedom exceeds 33.7 with
        // probability 1e-4; the seeds are fixed, so this passes or fails for good.
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..50_000 {
            let drawn = Random::stream(&seed.to_string(), "stratum").subset(5, 2);
            *counts.entry(drawn).or_insert(0.0) += 1.0;
        }
        assert_eq!(counts.len(), 10);
        let expected = 5_000.0;
        let chi_square: f64 = counts.values().map(|count: &f64| (count - expected).powi(2) / expected).sum();
        assert!(chi_square < 33.7, "{chi_square}");
    }

    #[test]
    fn a_subset_may_be_everything_or_nothing() {
        let mut random = Random::stream("s", "");
        assert_eq!(random.subset(4, 4), [0, 1, 2, 3]);
        assert_eq!(random.subset(4, 0), Vec::<usize>::new());
        assert_eq!(random.subset(0, 0), Vec::<usize>::new());
    }
}
