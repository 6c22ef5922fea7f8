//! Labels of strata and clusters: codes over the units, and the names that errors show.

use std::collections::BTreeMap;

/// A column of labels: a code per unit, in the order the labels are taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    codes: Vec<u32>,
    names: Vec<String>,
}

impl Labels {
    /// Labels given as numbers, which are their names too.
    pub fn from_codes(codes: Vec<u32>) -> Labels {
        Labels { codes, names: Vec::new() }
    }

    /// Labels given as codes into their names.
    pub fn from_names(codes: Vec<u32>, names: Vec<String>) -> Labels {
        Labels { codes, names }
    }

    /// Labels given as text, ordered as text.
    pub fn from_text<'a>(texts: impl IntoIterator<Item = &'a str>) -> Labels {
        let texts: Vec<&str> = texts.into_iter().collect();
        // Equal labels mostly lie together, and are then looked up once.
        let runs = || texts.chunk_by(|a, b| a == b);
        let mut numbers: BTreeMap<&str, u32> = runs().map(|run| (run[0], 0)).collect();
        for (number, place) in numbers.values_mut().zip(0..) {
            *number = place;
        }
        Labels {
            codes: runs().flat_map(|run| std::iter::repeat_n(numbers[run[0]], run.len())).collect(),
            names: numbers.into_keys().map(str::to_owned).collect(),
        }
    }

    /// Labels given as text, of which some are missing: those without one share a label of their own, the first in order.
    pub(crate) fn from_optional_text<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Labels {
        let texts: Vec<Option<&str>> = texts.into_iter().collect();
        let named = Labels::from_text(texts.iter().copied().flatten());
        let mut codes = named.codes.iter();
        let codes = texts.iter().map(|text| text.and_then(|_| codes.next()).map_or(0, |code| code + 1)).collect();
        Labels { codes, names: std::iter::once("(none)".to_owned()).chain(named.names).collect() }
    }

    /// A label of its own for each of `n` units: units drawn one by one (R's `ids = ~1`).
    pub fn of_each_unit(n: usize) -> Labels {
        Labels::from_codes((0..n as u32).collect())
    }

    /// The code of each unit.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The name of a code.
    pub fn name(&self, code: u32) -> String {
        self.names.get(code as usize).cloned().unwrap_or_else(|| code.to_string())
    }
}
