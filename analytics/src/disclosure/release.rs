//! A release as a whole: all candidates in, the rows that may be published out. Domains come first (too few persons to
//! say anything of), then what people did in them; both with everything that sums and differences lead to.

use std::collections::BTreeMap;

use super::audit::{AuditRow, Extent, audit};
use super::contributions::{largest_contributions, lone_persons};
use super::decision::{Judged, Key, closer, flags_of_slots};
use super::frame::{AVERAGE, EVERYBODY, Frame, N_DAYS, N_SEXES, place_of_group, place_of_scope, place_of_sex};
use super::further::{self, listing_of};
use super::history::{History, HistoryKey, Past};
use super::primary::Protection;
use super::release_audit::ReleaseAuditRow;
use super::reliability::reliability;
use super::rows::Released;
use super::rules::{Rests, SecrecyRules, Unlisted};
use super::secondary::{Demand, Pattern, Verdict, protect};
use super::system::{Listed, Listing, MarginCells, Response, Sums};
use crate::domain::{DayScope, SexScope};
use crate::indicator::Candidate;
use crate::measure::{Composition, Valuation};
use crate::sample::Sample;
use crate::table::{CategoryRow, Flag, Indicator, Status};
use crate::time_budget::Minutes;

/// What a release is made of.
#[derive(Clone, Copy)]
pub struct ReleaseContext<'a> {
    /// The categories that candidates speak of.
    pub categories: &'a [CategoryRow],
    /// Which of them add up to which.
    pub sums: &'a [Composition],
    /// The sample behind the candidates.
    pub sample: &'a Sample,
    /// Its domains.
    pub frame: &'a Frame,
    /// The minutes of each category, made only where a rule looks at single contributions.
    pub minutes: &'a dyn Fn() -> Vec<Minutes>,
    /// What the value of time is made of, where it is among the candidates.
    pub value: Option<&'a Valuation>,
    /// What earlier releases of the same data told.
    pub history: &'a History,
}

/// A release, and what it takes to audit it.
#[derive(Debug)]
pub struct Release {
    /// The rows, in the candidates' order.
    pub rows: Vec<Released>,
    tables: Vec<Table>,
}

/// What a table is of.
#[derive(Clone, Copy)]
enum Kind<'a> {
    /// Time spent and who spent it, with the value of time; by place of the listing the person who is alone there.
    Main { lone: &'a [Option<u32>] },
    /// An indicator that has a table of its own.
    Further(Indicator),
}

/// One response of the release as a system of cells.
#[derive(Debug)]
struct Table {
    response: Response,
    /// The indicator, where it has a table of its own.
    further: Option<Indicator>,
    cells: MarginCells,
    /// By cell, once all tables are decided on.
    verdicts: Vec<Verdict>,
    required: Vec<Option<Protection>>,
    unprotected: Vec<usize>,
}

impl Table {
    /// What is added up, as the audit names it.
    fn name(&self) -> String {
        let indicator = self.further.map(|indicator| format!("{} ", further::name(indicator))).unwrap_or_default();
        let response = match self.response {
            Response::Minutes => "minutes",
            Response::Participants | Response::Weights => "participants",
            Response::Counts | Response::Persons => "counts",
            Response::Further => "sums",
        };
        format!("{indicator}{response}")
    }
}

impl SecrecyRules {
    /// Decides on a whole release. The same candidates give the same rows.
    pub fn release(&self, candidates: Vec<Candidate>, context: ReleaseContext<'_>) -> Release {
        let frame = context.frame;
        let domains = self.judge_domains(frame);
        let mut listing = listing(&candidates, context);
        if self.unlisted == Unlisted::Everything {
            listing.derive(frame);
        }
        let mut verdicts = self.verdicts_of_domains(&listing, frame, &domains);
        withhold_again(&mut verdicts, &listing, context);
        let known = frame.known_sizes(&|domain| domains[domain] == Verdict::Published);
        let mut tables = Vec::new();
        if self.has_something_to_protect(&listing, frame, &verdicts, context) {
            let lone = alone_in(&listing, context);
            for response in [Response::Minutes, Response::Participants, Response::Counts] {
                let kind = Kind::Main { lone: &lone };
                tables.push(self.protect_table(response, kind, &listing, context, &known, &mut verdicts));
            }
        }
        for table in &mut tables {
            table.verdicts = table.cells.place_of.iter().map(|place| verdicts[*place]).collect();
        }
        let keys = self.keys(&candidates, &listing, frame, &verdicts);
        let mut further = BTreeMap::new();
        for (indicator, responses) in further::TABLES {
            let own = listing_of(indicator, &candidates, context);
            let by_key = keys.iter().map(|key| key.map_or(Verdict::Published, |key: Key| key.verdict));
            let mut of_indicator = self.verdicts_of_domains(&own, frame, &domains);
            for (verdict, of_key) in of_indicator.iter_mut().zip(by_key) {
                *verdict = closer(*verdict, of_key);
            }
            if self.has_something_to_protect(&own, frame, &of_indicator, context) {
                let first = tables.len();
                for response in responses {
                    let kind = Kind::Further(indicator);
                    tables.push(self.protect_table(*response, kind, &own, context, &known, &mut of_indicator));
                }
                for table in &mut tables[first..] {
                    table.verdicts = table.cells.place_of.iter().map(|place| of_indicator[*place]).collect();
                }
            }
            further.insert(indicator, of_indicator);
        }
        let slots = flags_of_slots(&candidates);
        let judged = Judged {
            listing: &listing,
            frame,
            keys: &keys,
            domains: &domains,
            slots: &slots,
            verdicts: &verdicts,
            further: &further,
            value_line: context.value.map(|_| context.categories.len()),
        };
        let decided: Vec<(Flag, Status)> = candidates.iter().map(|candidate| self.decide(candidate, &judged)).collect();
        let rows = candidates.into_iter().zip(decided);
        let rows = rows.map(|(candidate, (flag, status))| Released::new(candidate, flag, status, context.categories));
        Release { rows: rows.collect(), tables }
    }

    /// Which domains have too few persons, and which must go with them: by place of the frame.
    fn judge_domains(&self, frame: &Frame) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Published; frame.n_persons.len()];
        if !frame.n_persons.iter().any(|n| self.are_too_few(*n)) {
            return verdicts;
        }
        let mut listing = Listing::new(1, frame);
        for (place, n) in frame.n_persons.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (group, sex, day) = (place / (N_SEXES * N_DAYS), place / N_DAYS % N_SEXES, place % N_DAYS);
            if frame.is_listed(group, sex) || self.unlisted != Unlisted::Open {
                let wide = if group == 0 { 4.0 } else { 1.0 }
                    * if sex == EVERYBODY { 2.0 } else { 1.0 }
                    * if day == AVERAGE { 2.0 } else { 1.0 };
                let cost = wide * (1.0 + *n as f64).ln();
                listing.listed[place] =
                    Some(Listed { minutes: 1.0, rate: 1.0, n_participants: *n, cost, is_known: false });
            }
        }
        let sums = Sums { compositions: &[], value: None, is_size_known: &|_| true, rests: Rests::Free };
        for response in [Response::Weights, Response::Persons] {
            let cells = MarginCells::new(&listing, frame, &sums, response);
            let rules = self.of_counts();
            let required = cells.system.cells().iter().map(|cell| rules.judge(cell)).collect();
            let pattern = self.pattern(&cells, required, &verdicts);
            take_over(&mut verdicts, &cells, &pattern);
        }
        verdicts
    }

    fn verdicts_of_domains(&self, listing: &Listing, frame: &Frame, domains: &[Verdict]) -> Vec<Verdict> {
        let is_listed = |place: usize| listing.listed[place].is_some();
        let of_place = |place: usize| domains[place % frame.n_persons.len()];
        (0..listing.listed.len())
            .map(|place| if is_listed(place) { of_place(place) } else { Verdict::Published })
            .collect()
    }

    fn has_something_to_protect(
        &self,
        listing: &Listing,
        frame: &Frame,
        verdicts: &[Verdict],
        context: ReleaseContext<'_>,
    ) -> bool {
        let is_unsafe = |(place, listed): (usize, &Option<Listed>)| {
            listed.is_some_and(|listed| {
                let n_persons = frame.n_persons[place % frame.n_persons.len()];
                self.are_too_few(listed.n_participants) || self.has_too_few_without(listed.n_participants, n_persons)
            })
        };
        self.n_largest() > 0
            || !context.history.is_empty()
            || verdicts.iter().any(|verdict| *verdict != Verdict::Published)
            || listing.listed.iter().enumerate().any(is_unsafe)
    }

    fn protect_table(
        &self,
        response: Response,
        kind: Kind<'_>,
        listing: &Listing,
        context: ReleaseContext<'_>,
        known: &[bool],
        verdicts: &mut [Verdict],
    ) -> Table {
        let frame = context.frame;
        let (value, further) = match kind {
            Kind::Main { .. } => (context.value, None),
            Kind::Further(indicator) => (None, Some(indicator)),
        };
        let sums =
            Sums { compositions: context.sums, value, is_size_known: &|domain| known[domain], rests: self.rests };
        let mut cells = MarginCells::new(listing, frame, &sums, response);
        let rules = if response == Response::Minutes { self.of_minutes() } else { self.of_counts() };
        if response == Response::Minutes && self.n_largest() > 0 {
            let largest = largest_contributions(context, &(context.minutes)(), self.n_largest());
            for (cell, place) in cells.system.cells_mut().iter_mut().zip(&cells.place_of) {
                cell.largest = largest.get(*place).cloned().unwrap_or_default();
            }
        }
        if let Kind::Main { lone } = kind {
            tie_respondents(&mut cells, lone);
        }
        let withheld_before = |place: usize| past(listing, context, place) == Some(Past::Withheld);
        let required: Vec<Option<Protection>> = cells
            .system
            .cells()
            .iter()
            .zip(&cells.place_of)
            .map(|(cell, place)| {
                let n_persons = frame.n_persons[place % frame.n_persons.len()];
                let is_few = self.has_too_few_without(cell.frequency, n_persons) || withheld_before(*place);
                rules.judge(cell).or_else(|| (is_few && cell.value > 0.0).then(|| self.distance(cell.value)))
            })
            .collect();
        let pattern = self.pattern(&cells, required, verdicts);
        take_over(verdicts, &cells, &pattern);
        let verdicts = pattern.verdicts;
        Table { response, further, cells, verdicts, required: pattern.required, unprotected: pattern.unprotected }
    }

    fn distance(&self, value: f64) -> Protection {
        let distance = self.safety_range / 100.0 * value;
        Protection { up: distance, down: distance }
    }

    fn pattern(&self, cells: &MarginCells, required: Vec<Option<Protection>>, verdicts: &[Verdict]) -> Pattern {
        let withheld = cells.place_of.iter().map(|place| verdicts[*place] != Verdict::Published).collect();
        protect(&cells.system, Demand { required, withheld, insiders: self.insiders })
    }
}

impl Release {
    /// What an outsider can tell of each withheld cell, table by table.
    pub fn audit(&self, context: ReleaseContext<'_>) -> Vec<ReleaseAuditRow> {
        let mut rows = Vec::new();
        for table in &self.tables {
            let pattern = Pattern {
                verdicts: table.verdicts.clone(),
                required: table.required.clone(),
                unprotected: table.unprotected.clone(),
            };
            for row in audit(&table.cells.system, &pattern) {
                let place = table.cells.place_of[row.cell];
                rows.push(ReleaseAuditRow::new(table.name(), place, row, context));
            }
        }
        rows
    }

    /// Unsafe numbers that earlier releases give away: whatever is withheld now, what these told leads to them. Nothing else
    /// is ever left without a proof.
    pub fn unprotected(&self, context: ReleaseContext<'_>) -> Vec<ReleaseAuditRow> {
        let mut rows = Vec::new();
        for table in &self.tables {
            for cell in &table.unprotected {
                let value = table.cells.system.cells()[*cell].value;
                let row = AuditRow {
                    cell: *cell,
                    verdict: Verdict::Primary,
                    value,
                    low: value,
                    high: value,
                    extent: Extent::AtLeast,
                    required: table.required[*cell],
                };
                rows.push(ReleaseAuditRow::new(table.name(), table.cells.place_of[*cell], row, context));
            }
        }
        rows
    }
}

/// The numbers of the candidates, laid out by category and domain.
fn listing(candidates: &[Candidate], context: ReleaseContext<'_>) -> Listing {
    let frame = context.frame;
    let n_categories = context.categories.len();
    let mut listing = Listing::new(n_categories + usize::from(context.value.is_some()), frame);
    for candidate in candidates.iter().filter(|candidate| candidate.slot.is_none()) {
        let (Some(group), Some(estimate)) = (place_of_group(frame, candidate.group), candidate.estimate) else {
            continue;
        };
        let (sex, day) = (place_of_sex(candidate.sex), place_of_scope(candidate.day));
        let is_value = candidate.indicator == Indicator::ValuePerDay && context.value.is_some();
        let line = if is_value { n_categories } else { candidate.category };
        let place = listing.place(frame, line, group, sex, day);
        let empty = Listed {
            minutes: 0.0,
            rate: 0.0,
            n_participants: candidate.n_participants,
            cost: cost(candidate, group, sex, day, context),
            is_known: past(&listing, context, place) == Some(Past::Published),
        };
        match candidate.indicator {
            Indicator::ValuePerDay if is_value => listing.listed[place].get_or_insert(empty).minutes = estimate.value,
            Indicator::TimeSpent => listing.listed[place].get_or_insert(empty).minutes = estimate.value,
            Indicator::ParticipationRate => listing.listed[place].get_or_insert(empty).rate = estimate.value / 100.0,
            _ => {}
        }
    }
    listing
}

/// What withholding a number costs the public: hardly anything where it is too uncertain to be shown, more the more
/// people and days it speaks of.
pub(super) fn cost(candidate: &Candidate, group: usize, sex: usize, day: usize, context: ReleaseContext<'_>) -> f64 {
    let of_flag = match reliability(candidate) {
        Flag::Suppressed => 0.02,
        Flag::E => 1.0,
        Flag::A => 5.0,
    };
    let of_level = match context.categories[candidate.category].level {
        1 => 3.0,
        2 => 1.5,
        _ => 1.0,
    };
    let dearer = |is_wide: bool| if is_wide { 4.0 } else { 1.0 };
    let is_of_all = sex == EVERYBODY && day == AVERAGE;
    let is_headline = group == 0 && (context.categories[candidate.category].level == 1 || is_of_all);
    let of_level = match (is_headline, is_of_all) {
        (true, _) => of_level * 50.0,
        (false, true) => of_level * 2.0,
        (false, false) => of_level,
    };
    of_flag * of_level * dearer(group == 0) * dearer(sex == EVERYBODY) * dearer(day == AVERAGE)
}

fn past(listing: &Listing, context: ReleaseContext<'_>, place: usize) -> Option<Past> {
    if context.history.is_empty() {
        return None;
    }
    let n_domains = listing.listed.len() / listing.n_categories;
    context.history.of(&key_of_place(context, place, n_domains)?)
}

/// Withholds what every release so far withheld for the sake of others: nobody misses it, and it hides again what it hid.
fn withhold_again(verdicts: &mut [Verdict], listing: &Listing, context: ReleaseContext<'_>) {
    for place in (0..verdicts.len()).filter(|place| listing.listed[*place].is_some()) {
        if past(listing, context, place) == Some(Past::WithheldSecondary) {
            verdicts[place] = closer(verdicts[place], Verdict::Secondary);
        }
    }
}

/// What a place of the listing is called in files; `None` where it has no rows.
pub(super) fn key_of_place(context: ReleaseContext<'_>, place: usize, n_domains: usize) -> Option<HistoryKey> {
    let domain = place % n_domains;
    let (group, sex, day) = (domain / (N_SEXES * N_DAYS), domain / N_DAYS % N_SEXES, domain % N_DAYS);
    let group = *context.frame.groups.get(group)?;
    let category = context.categories.get(place / n_domains)?;
    Some(HistoryKey {
        timeline: category.timeline,
        activity: category.code.clone(),
        sex: SexScope::ALL.into_iter().find(|scope| place_of_sex(*scope) == sex)?.code().to_owned(),
        age_group: group.age_code().to_owned(),
        target_group: group.target_code().to_owned(),
        day: DayScope::ALL.into_iter().find(|scope| place_of_scope(*scope) == day)?.code().to_owned(),
    })
}

/// By place of the listing the person who is alone there.
fn alone_in(listing: &Listing, context: ReleaseContext<'_>) -> Vec<Option<u32>> {
    let is_alone = |place: usize| listing.listed[place].is_some_and(|listed| listed.n_participants == 1);
    if !(0..listing.listed.len()).any(is_alone) {
        return Vec::new();
    }
    lone_persons(context, &(context.minutes)(), &is_alone)
}

/// Says which cells hold the same person alone.
fn tie_respondents(cells: &mut MarginCells, lone: &[Option<u32>]) {
    let mut first_of: BTreeMap<u32, usize> = BTreeMap::new();
    for (cell, place) in cells.place_of.iter().enumerate() {
        if let Some(person) = lone.get(*place).copied().flatten() {
            let first = *first_of.entry(person).or_insert(cell);
            cells.system.tie_respondents(first, cell);
        }
    }
}

fn take_over(verdicts: &mut [Verdict], cells: &MarginCells, pattern: &Pattern) {
    for (place, verdict) in cells.place_of.iter().zip(&pattern.verdicts) {
        verdicts[*place] = closer(verdicts[*place], *verdict);
    }
}
