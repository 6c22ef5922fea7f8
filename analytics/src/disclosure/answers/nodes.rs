//! Sets of persons as cells, and how they add up. Two numbers about the same persons are one cell, whatever question they belong
//! to: that "used the post office" and "was asked about the post office" are the same people gives neither away by the other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cell::{Bounds, Cell, CellSystem, Openness, Relation};
use super::super::groups::PersonSet;
use super::Response;

/// A set of persons that numbers tell of.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The sum of their weights.
    pub weight: f64,
    /// The weighted sum of their numbers, in a table of sums.
    pub sum: f64,
    /// How many they are.
    pub n: u64,
    /// What everybody knows them to weigh at most.
    pub most_weight: f64,
    /// How many everybody knows them to be at most.
    pub most_persons: u64,
    /// What their sum can be at most.
    pub most_sum: f64,
    /// The largest weighted numbers, where a rule looks at them.
    pub largest: Vec<f64>,
    pub openness: Openness,
    pub cost: f64,
    /// Whether a few persons here are protected. That one did not answer what others did says nothing of anybody.
    pub is_sensitive: bool,
    /// Whether they are to be protected for another reason than their number.
    pub is_few_otherwise: bool,
    /// The candidate that it is told by first, and whether as those who answered.
    pub name: Option<(usize, bool)>,
}

/// The sets and their sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    pub nodes: Vec<Node>,
    relations: BTreeSet<Vec<(usize, i8)>>,
    places: BTreeMap<(u128, u64), usize>,
}

/// What tells sets of persons apart.
#[derive(Debug)]
pub(super) struct Persons<'a> {
    pub weights: &'a [f64],
    /// By person, numbers that look drawn: the sums of two sets are the same only where these are.
    marks: Vec<u128>,
}

impl<'a> Persons<'a> {
    pub fn new(weights: &'a [f64]) -> Persons<'a> {
        let marks = (0..weights.len() as u64)
            .map(|person| (u128::from(scattered(2 * person)) << 64) | u128::from(scattered(2 * person + 1)));
        Persons { weights, marks: marks.collect() }
    }

    /// The mark of a set, and how many it holds.
    fn key(&self, set: &PersonSet) -> (u128, u64) {
        set.persons().fold((0, 0), |(mark, n), person| (self.marks[person].wrapping_add(mark), n + 1))
    }

    pub fn weight(&self, set: &PersonSet) -> f64 {
        set.persons().map(|person| self.weights[person]).sum()
    }
}

/// SplitMix64 of a number.
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Nodes {
    /// The cell of a set; none where nobody is in it: that is known. A new one is told by no table until somebody says so.
    pub fn of(&mut self, set: &PersonSet, persons: &Persons<'_>) -> Option<usize> {
        let key = persons.key(set);
        if key.1 == 0 {
            return None;
        }
        Some(*self.places.entry(key).or_insert_with(|| {
            self.nodes.push(Node::unlisted(persons.weight(set), key.1));
            self.nodes.len() - 1
        }))
    }

    /// The cell of a set, if it has one.
    pub fn known(&self, set: &PersonSet, persons: &Persons<'_>) -> Option<usize> {
        self.places.get(&persons.key(set)).copied()
    }

    /// Adds a cell of its own, whoever is in it.
    pub fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Says that parts make up a whole. Parts with nobody in them are left out.
    pub fn relate(&mut self, whole: Option<usize>, parts: impl IntoIterator<Item = Option<usize>>) {
        let Some(whole) = whole else { return };
        let mut factors: BTreeMap<usize, i8> = BTreeMap::from([(whole, -1)]);
        for part in parts.into_iter().flatten() {
            *factors.entry(part).or_default() += 1;
        }
        factors.retain(|_, factor| *factor != 0);
        if !factors.is_empty() {
            self.relations.insert(factors.into_iter().collect());
        }
    }

    /// The cells of a response with their sums.
    pub fn system(&self, response: Response) -> CellSystem {
        let mut system = CellSystem::default();
        for node in &self.nodes {
            let (value, most) = match response {
                Response::Weights => (node.weight, node.most_weight),
                Response::Persons => (node.n as f64, node.most_persons as f64),
                Response::Sums => (node.sum, node.most_sum),
            };
            system.add_cell(Cell {
                value,
                frequency: node.n,
                largest: node.largest.clone(),
                bounds: Bounds { low: 0.0, high: most.max(value) },
                openness: node.openness,
                cost: node.cost,
            });
        }
        for relation in &self.relations {
            let terms = relation.iter().map(|(cell, factor)| (*cell, f64::from(*factor))).collect();
            system.add_relation(Relation { terms });
        }
        system.tighten();
        system
    }
}

impl Node {
    pub fn unlisted(weight: f64, n: u64) -> Node {
        Node {
            weight,
            sum: 0.0,
            n,
            most_weight: f64::INFINITY,
            most_persons: u64::MAX,
            most_sum: f64::INFINITY,
            largest: Vec::new(),
            openness: Openness::Unlisted,
            cost: 0.0,
            is_sensitive: false,
            is_few_otherwise: false,
            name: None,
        }
    }

    /// Lowers what everybody knows of it beforehand.
    pub fn at_most(&mut self, weight: f64, n: u64) {
        self.most_weight = self.most_weight.min(weight);
        self.most_persons = self.most_persons.min(n);
    }

    /// Says that a table tells it, by this candidate.
    pub fn tell(&mut self, candidate: usize, as_base: bool, cost: f64) {
        if self.openness == Openness::Unlisted {
            self.openness = Openness::Offered;
        }
        self.cost += cost;
        self.is_sensitive = true;
        self.name.get_or_insert((candidate, as_base));
    }
}
