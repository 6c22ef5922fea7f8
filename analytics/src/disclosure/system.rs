//! The cells of a time-use release and their sums: by category, group, sex and day, the weighted minutes, the weighted
//! participants or the persons counted, with what is derived by subtraction beside what is listed.

use std::collections::BTreeMap;

use super::cell::{Bounds, Cell, CellId, CellSystem, Crossing, Openness, Relation};
use super::frame::{AVERAGE, EVERYBODY, Frame, N_DAYS, N_SEXES, UNLISTED_SEX};
use super::rules::Rests;
use super::untold::Untold;
use crate::measure::{Composition, Valuation};

/// Minutes in a day.
const DAY: f64 = 1440.0;

/// What a table adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Response {
    /// Weighted minutes: time spent times the domain's weight.
    Minutes,
    /// Weighted participants: the participation rate times the domain's weight.
    Participants,
    /// Participants, unweighted: the column `n` of participation times.
    Counts,
    /// The weight of a domain, before anything about its time is known.
    Weights,
    /// The persons of a domain, before anything about their time is known.
    Persons,
    /// Weighted sums of another number that persons of its own stand behind.
    Further,
}

impl Response {
    /// Whether persons are counted: they add up over groups and sexes on the average day too, but not over days,
    /// since a person may have several.
    fn counts_persons(self) -> bool {
        matches!(self, Response::Counts | Response::Persons)
    }
}

/// What is listed of one category in one domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Listed {
    /// Minutes per day, mean over everybody.
    pub minutes: f64,
    /// Share of participants, 0 to 1; of those that the mean is over, where it is not over everybody.
    pub rate: f64,
    /// Participants, unweighted.
    pub n_participants: u64,
    /// What it costs to withhold.
    pub cost: f64,
    /// Whether everybody knows it from an earlier release.
    pub is_known: bool,
}

/// All that a release lists: by category, group of the frame, sex and day.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    pub n_categories: usize,
    pub listed: Vec<Option<Listed>>,
    /// What a mean can be at most: minutes of a day, percent.
    pub most: f64,
}

impl Listing {
    pub fn new(n_categories: usize, frame: &Frame) -> Listing {
        Listing { n_categories, listed: vec![None; n_categories * frame.n_persons.len()], most: DAY }
    }

    pub fn place(&self, frame: &Frame, category: usize, group: usize, sex: usize, day: usize) -> usize {
        category * frame.n_persons.len() + frame.place(group, sex, day)
    }

    /// Fills in what subtraction gives: the sex without rows, and the rests of groups.
    pub fn derive(&mut self, frame: &Frame) {
        for category in 0..self.n_categories {
            for group in 0..frame.groups.len() {
                for day in 0..N_DAYS {
                    let [all, women, men] =
                        [EVERYBODY, 1, 2].map(|sex| self.listed[self.place(frame, category, group, sex, day)]);
                    let n_others = frame.n_persons[frame.place(group, UNLISTED_SEX, day)];
                    if let (Some(all), true) = (all, n_others > 0) {
                        let total = Amount::of(all, frame, group, EVERYBODY, day);
                        let parts = [(women, 1), (men, 2)].into_iter();
                        let parts = parts.filter_map(|(part, sex)| Some(Amount::of(part?, frame, group, sex, day)));
                        let rest = parts.fold(total, Amount::less);
                        let place = self.place(frame, category, group, UNLISTED_SEX, day);
                        self.listed[place] = Some(rest.listed(frame, group, UNLISTED_SEX, day));
                    }
                }
            }
            for split in &frame.splits {
                let Some((rest, parts)) = split.parts.split_last() else { continue };
                if *rest < frame.groups.len() {
                    continue;
                }
                for sex in 0..N_SEXES {
                    for day in 0..N_DAYS {
                        let place = self.place(frame, category, *rest, sex, day);
                        let n_persons = frame.n_persons[frame.place(*rest, sex, day)];
                        let whole = self.listed[self.place(frame, category, split.whole, sex, day)];
                        let (None, Some(whole), true) = (self.listed[place], whole, n_persons > 0) else { continue };
                        let of_part = |part: &usize| {
                            let listed = self.listed[self.place(frame, category, *part, sex, day)]?;
                            Some(Amount::of(listed, frame, *part, sex, day))
                        };
                        let whole = Amount::of(whole, frame, split.whole, sex, day);
                        let amount = parts.iter().filter_map(of_part).fold(whole, Amount::less);
                        // A part that is not listed is no subtraction that anybody could do.
                        let is_complete = parts.iter().all(|part| {
                            frame.n_persons[frame.place(*part, sex, day)] == 0
                                || self.listed[self.place(frame, category, *part, sex, day)].is_some()
                        });
                        if is_complete {
                            self.listed[place] = Some(amount.listed(frame, *rest, sex, day));
                        }
                    }
                }
            }
        }
    }

    /// What everybody knows a response to be at most in a domain of known size, whatever the category.
    fn most_of(&self, frame: &Frame, response: Response, domain: usize) -> f64 {
        match response {
            Response::Minutes => DAY * frame.weights[domain],
            Response::Further => self.most * frame.weights[domain],
            Response::Participants => frame.weights[domain],
            Response::Counts => frame.n_persons[domain] as f64,
            Response::Weights | Response::Persons => f64::INFINITY,
        }
    }

    /// The value of a response in a place.
    pub fn value(&self, frame: &Frame, response: Response, place: usize) -> Option<f64> {
        let listed = self.listed[place]?;
        let weight = frame.weights[place % frame.n_persons.len()];
        Some(match response {
            _ if listed.n_participants == 0 => 0.0,
            Response::Minutes | Response::Further => listed.minutes * weight,
            Response::Participants => listed.rate * weight,
            Response::Weights => weight,
            Response::Counts | Response::Persons => listed.n_participants as f64,
        })
    }
}

#[derive(Clone, Copy)]
struct Amount {
    minutes: f64,
    participants: f64,
    n_participants: u64,
}

impl Amount {
    fn of(listed: Listed, frame: &Frame, group: usize, sex: usize, day: usize) -> Amount {
        let weight = frame.weights[frame.place(group, sex, day)];
        Amount {
            minutes: listed.minutes * weight,
            participants: listed.rate * weight,
            n_participants: listed.n_participants,
        }
    }

    fn less(self, other: Amount) -> Amount {
        Amount {
            minutes: self.minutes - other.minutes,
            participants: self.participants - other.participants,
            n_participants: self.n_participants.saturating_sub(other.n_participants),
        }
    }

    fn listed(self, frame: &Frame, group: usize, sex: usize, day: usize) -> Listed {
        let weight = frame.weights[frame.place(group, sex, day)];
        let mean = |amount: f64| if weight > 0.0 { amount.max(0.0) / weight } else { 0.0 };
        Listed {
            minutes: mean(self.minutes),
            rate: mean(self.participants),
            n_participants: self.n_participants,
            cost: 1.0,
            is_known: false,
        }
    }
}

/// What adds up besides people and days.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a> {
    /// Categories.
    pub compositions: &'a [Composition],
    /// The value of time, which is the line after all categories.
    pub value: Option<&'a Valuation>,
    /// Whether everybody knows the size of a domain; where not, its day has an unknown number of minutes.
    pub is_size_known: &'a dyn Fn(usize) -> bool,
    /// What everybody knows of the numbers that no cell tells.
    pub rests: Rests,
}

/// The cells of one response, and where each lies in the listing.
#[derive(Debug, Clone)]
pub(super) struct MarginCells {
    pub system: CellSystem,
    /// By cell: its place in the listing.
    pub place_of: Vec<usize>,
    /// Lines that are categories; the value of time comes after them.
    n_categories: usize,
}

impl MarginCells {
    pub fn new(listing: &Listing, frame: &Frame, sums: &Sums<'_>, response: Response) -> MarginCells {
        let n_categories = listing.n_categories - usize::from(sums.value.is_some());
        let mut cells = MarginCells { system: CellSystem::default(), place_of: Vec::new(), n_categories };
        let cell_of = cells.add_cells(listing, frame, sums, response);
        let days = if response.counts_persons() { N_DAYS } else { AVERAGE };
        for category in 0..listing.n_categories {
            let cell = |group, sex, day| cell_of[listing.place(frame, category, group, sex, day)];
            for group in 0..frame.n_groups {
                for day in 0..days {
                    let n_of = |sex: usize| frame.n_persons[frame.place(group, sex, day)];
                    let parts: Vec<usize> = (1..N_SEXES).filter(|sex| n_of(*sex) > 0).collect();
                    let parts = parts.into_iter().map(|sex| cell(group, sex, day)).collect();
                    cells.relate(cell(group, EVERYBODY, day), parts);
                }
            }
            for split in &frame.splits {
                for sex in 0..N_SEXES {
                    for day in 0..days {
                        let n_of = |group: usize| frame.n_persons[frame.place(group, sex, day)];
                        let parts: Vec<usize> = split.parts.iter().copied().filter(|part| n_of(*part) > 0).collect();
                        let parts = parts.into_iter().map(|part| cell(part, sex, day)).collect();
                        cells.relate(cell(split.whole, sex, day), parts);
                    }
                }
            }
            if !response.counts_persons() {
                cells.relate_days(frame, &cell);
            }
        }
        if matches!(response, Response::Minutes | Response::Further) {
            for sum in sums.compositions {
                for domain in (0..frame.n_persons.len()).filter(|domain| domain % N_DAYS != AVERAGE) {
                    let cell = |category: usize| cell_of[category * frame.n_persons.len() + domain];
                    let parts: Vec<Option<CellId>> = sum.parts.iter().map(|part| cell(*part)).collect();
                    match sum.total {
                        Some(total) => cells.relate(cell(total), parts),
                        None if !(sums.is_size_known)(domain) => {}
                        None => cells.relate_to_known(parts),
                    }
                }
            }
        }
        let n_domains = frame.n_persons.len();
        if let (Response::Minutes, Some(value)) = (response, sums.value) {
            for domain in (0..n_domains).filter(|domain| domain % N_DAYS != AVERAGE) {
                let cell = |line: usize| cell_of[line * n_domains + domain];
                let parts = value.parts.iter().map(|(part, euros)| Some((cell(*part)?, *euros)));
                let terms: Option<Vec<(CellId, f64)>> =
                    parts.chain([cell(n_categories).map(|cell| (cell, -1.0))]).collect();
                if let (Some(terms), false) = (terms, value.parts.is_empty()) {
                    cells.system.add_relation(Relation { terms });
                }
            }
        }
        if sums.rests == Rests::NotNegative {
            for day in 0..days {
                let cell = |line: usize, group: usize, sex: usize| cell_of[listing.place(frame, line, group, sex, day)];
                let most = |line: usize, domain: usize| match line < n_categories {
                    true if (sums.is_size_known)(domain) => listing.most_of(frame, response, domain),
                    _ => f64::INFINITY,
                };
                let adds_up = matches!(response, Response::Minutes | Response::Further) && day != AVERAGE;
                let sums = if adds_up { sums.compositions } else { &[] };
                Untold { frame, day, most: &most }.relate(&mut cells.system, listing.n_categories, &cell, sums);
            }
        }
        cells.system.tighten();
        // Where a domain is one person, all its cells tell of that person.
        let mut of_one: BTreeMap<usize, CellId> = BTreeMap::new();
        for (cell, place) in cells.place_of.iter().enumerate() {
            let domain = place % n_domains;
            if frame.n_persons[domain] == 1 {
                let first = *of_one.entry(domain).or_insert(cell);
                cells.system.tie_respondents(first, cell);
            }
        }
        let crossing = |place: &usize| Crossing { line: place / n_domains, position: place % n_domains };
        cells.system.cross(cells.place_of.iter().map(crossing).collect());
        cells
    }

    fn add_cells(
        &mut self,
        listing: &Listing,
        frame: &Frame,
        sums: &Sums<'_>,
        response: Response,
    ) -> Vec<Option<CellId>> {
        let mut cell_of = vec![None; listing.listed.len()];
        for (place, cell) in cell_of.iter_mut().enumerate() {
            let (Some(value), Some(listed)) = (listing.value(frame, response, place), listing.listed[place]) else {
                continue;
            };
            if place / frame.n_persons.len() >= self.n_categories && response != Response::Minutes {
                continue;
            }
            let domain = place % frame.n_persons.len();
            let (group, sex) = (domain / (N_SEXES * N_DAYS), domain / N_DAYS % N_SEXES);
            let is_listed = frame.is_listed(group, sex);
            // Nobody can subtract to an average day: that takes the kinds of day, which are cells themselves.
            if !is_listed && domain % N_DAYS == AVERAGE && !response.counts_persons() {
                continue;
            }
            let high = match response {
                // The value of time is in euros, and no wage is so high that it would bind.
                Response::Minutes if place / frame.n_persons.len() >= self.n_categories => f64::INFINITY,
                _ if !(sums.is_size_known)(domain) => f64::INFINITY,
                Response::Further => listing.most * listed.rate * frame.weights[domain],
                _ => listing.most_of(frame, response, domain),
            };
            self.place_of.push(place);
            *cell = Some(self.system.add_cell(Cell {
                value,
                frequency: listed.n_participants,
                largest: Vec::new(),
                bounds: Bounds { low: 0.0, high: high.max(value) },
                openness: match (is_listed, listed.is_known) {
                    (false, _) => Openness::Unlisted,
                    (true, true) => Openness::Known,
                    (true, false) => Openness::Offered,
                },
                cost: listed.cost,
            }));
        }
        cell_of
    }

    /// A total and its parts, where all of them are cells.
    fn relate(&mut self, total: Option<CellId>, parts: Vec<Option<CellId>>) {
        let parts: Option<Vec<CellId>> = parts.into_iter().collect();
        if let (Some(total), Some(parts)) = (total, parts) {
            self.system.add_relation(Relation::sum(total, parts));
        }
    }

    fn relate_to_known(&mut self, parts: Vec<Option<CellId>>) {
        let parts: Option<Vec<CellId>> = parts.into_iter().collect();
        if let Some(parts) = parts {
            let terms = parts.into_iter().map(|part| (part, 1.0)).collect();
            self.system.add_relation(Relation { terms });
        }
    }

    /// The average day as the weighted sum of the kinds.
    fn relate_days(&mut self, frame: &Frame, cell: &dyn Fn(usize, usize, usize) -> Option<CellId>) {
        for group in 0..frame.groups.len() {
            for sex in (0..N_SEXES).filter(|sex| frame.is_listed(group, *sex)) {
                let Some(average) = cell(group, sex, AVERAGE) else { continue };
                let days = (0..AVERAGE).filter(|day| frame.n_persons[frame.place(group, sex, *day)] > 0);
                let terms = days.map(|day| {
                    let factor = frame.day_factors[frame.place(group, sex, day)];
                    cell(group, sex, day).map(|kind| (kind, factor))
                });
                let terms: Option<Vec<(CellId, f64)>> = terms.collect();
                if let Some(mut terms) = terms {
                    terms.push((average, -1.0));
                    self.system.add_relation(Relation { terms });
                }
            }
        }
    }
}
