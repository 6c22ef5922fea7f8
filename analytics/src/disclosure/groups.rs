//! Overlapping groups as sets of persons: which differences between two published groups are themselves groups, and
//! how few they may hold. No table is looked at here.

/// A set of persons, a bit each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonSet {
    bits: Vec<u64>,
}

impl PersonSet {
    /// Nobody, of `n_persons`.
    pub fn nobody(n_persons: usize) -> PersonSet {
        PersonSet { bits: vec![0; n_persons.div_ceil(64)] }
    }

    /// These persons, of `n_persons`, each below it.
    pub fn of(n_persons: usize, persons: impl IntoIterator<Item = usize>) -> PersonSet {
        let mut set = PersonSet::nobody(n_persons);
        for person in persons {
            set.insert(person);
        }
        set
    }

    /// Takes a person in.
    pub fn insert(&mut self, person: usize) {
        self.bits[person / 64] |= 1 << (person % 64);
    }

    /// Whether a person is in.
    pub fn contains(&self, person: usize) -> bool {
        self.bits[person / 64] & 1 << (person % 64) != 0
    }

    /// Those who are in, in their order.
    pub fn persons(&self) -> impl Iterator<Item = usize> + '_ {
        let of_word = |(word, bits): (usize, &u64)| {
            let next = |left: &u64| Some(left & left.wrapping_sub(1)).filter(|left| *left != 0);
            let first = Some(*bits).filter(|bits| *bits != 0);
            std::iter::successors(first, next).map(move |left| word * 64 + left.trailing_zeros() as usize)
        };
        self.bits.iter().enumerate().flat_map(of_word)
    }

    /// How many are in.
    pub fn len(&self) -> u64 {
        self.bits.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.bits.iter().all(|bits| *bits == 0)
    }

    /// Whether everybody here is in `other` too.
    pub fn is_within(&self, other: &PersonSet) -> bool {
        self.bits.iter().zip(&other.bits).all(|(one, other)| one & !other == 0)
    }

    /// Those who are in `other` too.
    pub fn and(&self, other: &PersonSet) -> PersonSet {
        self.combined(other, |one, other| one & other)
    }

    /// Those who are not in `other`.
    pub fn without(&self, other: &PersonSet) -> PersonSet {
        self.combined(other, |one, other| one & !other)
    }

    /// Those of both.
    pub fn or(&self, other: &PersonSet) -> PersonSet {
        self.combined(other, |one, other| one | other)
    }

    /// Whether this is what `part`, which lies in `whole`, leaves of it.
    pub(super) fn is_rest_of(&self, whole: &PersonSet, part: &PersonSet) -> bool {
        part.is_within(whole) && whole.without(part) == *self
    }

    fn combined(&self, other: &PersonSet, combine: impl Fn(u64, u64) -> u64) -> PersonSet {
        let bits = self.bits.iter().zip(&other.bits).map(|(one, other)| combine(*one, *other));
        PersonSet { bits: bits.collect() }
    }
}

/// A group inside another: subtracting the two tells about those in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The smaller group, a place in the list of groups.
    pub inside: usize,
    /// The larger one.
    pub around: usize,
    /// Who is in the larger one only.
    pub n_between: u64,
}

/// Every pair of groups of which one lies in the other. Groups of the same persons are a pair with nobody between, the
/// earlier one around.
pub fn differences(groups: &[PersonSet]) -> Vec<Difference> {
    let mut pairs = Vec::new();
    for (around, larger) in groups.iter().enumerate() {
        for (inside, smaller) in groups.iter().enumerate() {
            let is_pair = inside != around && smaller.is_within(larger) && (inside > around || smaller != larger);
            if is_pair {
                pairs.push(Difference { inside, around, n_between: larger.without(smaller).len() });
            }
        }
    }
    pairs
}

/// The pairs that give away fewer than `minimum` persons, but somebody: of these one group must not be published.
pub fn disclosing_differences(groups: &[PersonSet], minimum: u64) -> Vec<Difference> {
    let mut pairs = differences(groups);
    pairs.retain(|pair| (1..minimum).contains(&pair.n_between));
    pairs
}
