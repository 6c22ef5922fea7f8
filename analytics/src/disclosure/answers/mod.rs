//! Answers to questionnaires through the rules of secrecy: candidates in, the rows that may be published out. A number tells of
//! two sets of persons, those who answered the question and those of them who gave the answer; what is protected is the
//! sizes of such sets, in the sums that everybody knows.

mod audit;
mod decide;
mod nodes;
mod sheet;
mod sums;

use std::collections::BTreeSet;

use super::decision::closer;
use super::history::{History, Past};
use super::primary::Protection;
use super::rows::Released;
use super::rules::SecrecyRules;
use super::secondary::{Demand, Pattern, Verdict, protect};
use crate::answers::{AnswerCandidate, AskedQuestion, Given};
use crate::domain::{PopulationGroup, SexScope};
use crate::sample::Sample;
use crate::table::{Indicator, Status};
use nodes::Nodes;
use sheet::Sheet;

pub use audit::AnswerAuditRow;
pub use decide::ReleasedAnswer;

/// What answers are released with.
#[derive(Clone, Copy)]
pub struct AnswerContext<'a> {
    /// The questions that candidates speak of.
    pub questions: &'a [AskedQuestion],
    /// What was said to each.
    pub given: &'a [Given],
    /// The sample behind the candidates.
    pub sample: &'a Sample,
    /// The domains of which the release of time use says nothing: nothing is said of their answers either.
    pub withheld: &'a WithheldDomains,
    /// What earlier releases of the same data told.
    pub history: &'a History,
}

/// Domains of which no number of time use was published, by the codes of sex, age group and target group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WithheldDomains(BTreeSet<[String; 3]>);

impl WithheldDomains {
    /// Those among these rows.
    pub fn of(rows: &[Released]) -> WithheldDomains {
        let mut withheld = BTreeSet::new();
        let mut told = BTreeSet::new();
        let average = rows.iter().map(Released::row);
        for row in average.filter(|row| row.indicator == Indicator::TimeSpent && row.day == "average") {
            let domain = [row.sex.clone(), row.age_group.clone(), row.target_group.clone()];
            let domains = if row.status == Status::Published { &mut told } else { &mut withheld };
            domains.insert(domain);
        }
        WithheldDomains(withheld.difference(&told).cloned().collect())
    }

    pub(super) fn contains(&self, group: PopulationGroup, sex: SexScope) -> bool {
        self.0.contains(&[sex.code(), group.age_code(), group.target_code()].map(str::to_owned))
    }
}

/// The released answers, and what it takes to audit them.
#[derive(Debug)]
pub struct AnswerRelease {
    /// The rows, in the candidates' order.
    pub rows: Vec<ReleasedAnswer>,
    tables: Vec<Table>,
}

/// One response as a system of cells.
#[derive(Debug)]
struct Table {
    name: &'static str,
    nodes: Nodes,
    response: Response,
    pattern: Pattern,
}

/// What of its persons a cell adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Response {
    /// Their weights: a share times the weight of those who answered.
    Weights,
    /// The persons themselves.
    Persons,
    /// Their weighted numbers: a mean times the weight.
    Sums,
}

impl SecrecyRules {
    /// Decides on all answers of a release. The same candidates give the same rows.
    pub fn release_answers(&self, candidates: Vec<AnswerCandidate>, context: AnswerContext<'_>) -> AnswerRelease {
        let sheet = Sheet::new(self, &candidates, context);
        let mut verdicts = sheet.forced.clone();
        let mut tables = Vec::new();
        for (name, response) in [("weights", Response::Weights), ("persons", Response::Persons)] {
            let pattern = self.protect_answers(&sheet.nodes, response, &verdicts);
            take_over(&mut verdicts, &pattern);
            tables.push(Table { name, nodes: sheet.nodes.clone(), response, pattern });
        }
        sheet.hide_with_bases(&mut verdicts);
        let sums = sums::Sums::new(self, &candidates, context, &sheet, &verdicts);
        let pattern = self.protect_answers(&sums.nodes, Response::Sums, &sums.forced);
        let mut of_sums = sums.forced.clone();
        take_over(&mut of_sums, &pattern);
        for table in &mut tables {
            // More is hidden than the table itself asked for; what was proved holds all the more.
            table.pattern.verdicts.clone_from(&verdicts);
        }
        tables.push(Table { name: "sums", nodes: sums.nodes.clone(), response: Response::Sums, pattern });
        let rows = decide::rows(self, candidates, context, &|place: usize| {
            let of_persons = sheet.verdict_of(place, &verdicts);
            sums.of_candidate[place].map_or(of_persons, |node| closer(of_persons, of_sums[node]))
        });
        AnswerRelease { rows, tables }
    }

    fn protect_answers(&self, nodes: &Nodes, response: Response, verdicts: &[Verdict]) -> Pattern {
        let system = nodes.system(response);
        let rules = if response == Response::Sums { self.of_minutes() } else { self.of_counts() };
        let required: Vec<Option<Protection>> = system
            .cells()
            .iter()
            .zip(&nodes.nodes)
            .map(|(cell, node)| {
                let judged = rules.judge(cell).filter(|_| node.is_sensitive);
                let distance = self.safety_range / 100.0 * cell.value;
                judged.or_else(|| node.is_few_otherwise.then_some(Protection { up: distance, down: distance }))
            })
            .collect();
        let withheld: Vec<bool> = verdicts.iter().map(|verdict| *verdict != Verdict::Published).collect();
        let has_something = withheld.iter().any(|is| *is) || required.iter().any(Option::is_some);
        if !has_something {
            let verdicts = vec![Verdict::Published; required.len()];
            return Pattern { verdicts, required, unprotected: Vec::new() };
        }
        protect(&system, Demand { required, withheld, insiders: self.insiders })
    }
}

impl AnswerRelease {
    /// Numbers that earlier releases give away, whatever is withheld now.
    pub fn n_unprotected(&self) -> usize {
        self.tables.iter().map(|table| table.pattern.unprotected.len()).sum()
    }
}

fn take_over(verdicts: &mut [Verdict], pattern: &Pattern) {
    for (verdict, found) in verdicts.iter_mut().zip(&pattern.verdicts) {
        *verdict = closer(*verdict, *found);
    }
}

fn past(candidate: &AnswerCandidate, context: AnswerContext<'_>) -> Option<Past> {
    context.history.of_answer(&decide::key(candidate, context))
}
