//! Distinct persons behind observations, by group and by the classes of their days. Persons of the same groups are counted
//! together first, so that a person costs one addition.

use std::collections::BTreeMap;

use crate::estimation::Span;
use crate::sample::Sample;

/// What counting persons takes.
pub(super) struct PersonCounts<'a> {
    sample: &'a Sample,
    /// By observation, its class as a bit; nothing where it has no weight: such days are in no number.
    class_bits: Vec<u16>,
    /// How many sets of the sample's classes there are.
    n_class_sets: usize,
    /// The different sets of groups that persons belong to.
    group_sets: Vec<&'a [usize]>,
    /// By respondent, the place of its groups there.
    group_set_of: Vec<u32>,
}

impl<'a> PersonCounts<'a> {
    pub fn new(sample: &'a Sample) -> PersonCounts<'a> {
        let bit = |weight: f64, class: u8| if weight > 0.0 { 1 << class } else { 0 };
        let mut places: BTreeMap<&[usize], u32> = BTreeMap::new();
        let mut group_sets = Vec::new();
        let group_set_of = (sample.groups_of.iter())
            .map(|groups| {
                *places.entry(groups.as_slice()).or_insert_with(|| {
                    group_sets.push(groups.as_slice());
                    group_sets.len() as u32 - 1
                })
            })
            .collect();
        PersonCounts {
            sample,
            class_bits: sample.observations.iter().map(|one| bit(one.weight, one.class)).collect(),
            n_class_sets: 1 << sample.class_of.iter().max().map_or(0, |class| class + 1),
            group_sets,
            group_set_of,
        }
    }

    /// Persons behind `rows` (observations, ascending), by group and set of classes.
    pub fn by_class_set(&self, rows: &[u32]) -> Vec<Vec<u64>> {
        let mut n_of_both = vec![0_u32; self.group_sets.len() * self.n_class_sets];
        let mut count = |respondent: u32, classes: u16| {
            n_of_both[self.group_set_of[respondent as usize] as usize * self.n_class_sets + usize::from(classes)] += 1;
        };
        let mut last: Option<(u32, u16)> = None;
        for row in rows {
            let (respondent, bit) = (self.sample.respondent_of[*row as usize], self.class_bits[*row as usize]);
            match &mut last {
                Some((same, classes)) if *same == respondent => *classes |= bit,
                _ => {
                    if let Some((before, classes)) = last.replace((respondent, bit)) {
                        count(before, classes);
                    }
                }
            }
        }
        last.into_iter().for_each(|(respondent, classes)| count(respondent, classes));
        let mut n = vec![vec![0; self.n_class_sets]; self.sample.groups.len()];
        for (groups, of_set) in self.group_sets.iter().zip(n_of_both.chunks_exact(self.n_class_sets)) {
            for group in *groups {
                for (n, more) in n[*group].iter_mut().zip(of_set) {
                    *n += u64::from(*more);
                }
            }
        }
        n
    }

    /// Persons, whatever their groups, by variable and set of classes; `spans` are by observation, ascending.
    pub fn of_spans(&self, spans: &[Span], n_variables: usize) -> Vec<Vec<u64>> {
        let mut n = vec![vec![0; self.n_class_sets]; n_variables];
        let mut sets = vec![0_u16; n_variables];
        let respondent_of = |span: &Span| self.sample.respondent_of[span.row as usize];
        let range = |span: &Span| usize::from(span.first)..usize::from(span.after);
        for of_one in spans.chunk_by(|a, b| respondent_of(a) == respondent_of(b)) {
            for span in of_one {
                let bit = self.class_bits[span.row as usize];
                sets[range(span)].iter_mut().for_each(|set| *set |= bit);
            }
            for span in of_one {
                for (n, set) in n[range(span)].iter_mut().zip(&mut sets[range(span)]) {
                    n[usize::from(std::mem::take(set))] += 1;
                }
            }
        }
        n
    }
}
