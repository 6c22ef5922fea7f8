//! Means of numbers: a mean times the weight of those who answered is a sum, and sums add up over people.

use super::super::cell::Openness;
use super::super::history::Past;
use super::super::rules::{SecrecyRules, Unlisted};
use super::super::secondary::Verdict;
use super::nodes::{Node, Nodes};
use super::sheet::Sheet;
use super::{AnswerContext, closer, decide, past};
use crate::answers::AnswerCandidate;
use crate::table::QuestionKind;

/// The sums behind all means.
pub(super) struct Sums {
    pub nodes: Nodes,
    /// By candidate; `None` for a share.
    pub of_candidate: Vec<Option<usize>>,
    /// By cell: withheld because those who answered are.
    pub forced: Vec<Verdict>,
}

impl Sums {
    pub fn new(
        rules: &SecrecyRules,
        candidates: &[AnswerCandidate],
        context: AnswerContext<'_>,
        sheet: &Sheet,
        verdicts: &[Verdict],
    ) -> Sums {
        let mut sums = Sums { nodes: Nodes::default(), of_candidate: vec![None; candidates.len()], forced: Vec::new() };
        let weights = &context.sample.person_weights;
        for (question, sets) in sheet.questions.iter().enumerate() {
            if context.questions[question].kind != QuestionKind::Number {
                continue;
            }
            let (least, greatest) = context.questions[question].range;
            // Numbers below zero are counted from the least there may be: what adds up is not negative then.
            let shift = least.min(0) as f64;
            let numbers = &context.given[question].numbers;
            let first = sums.nodes.nodes.len();
            for (place, set) in sets.sets.iter().enumerate() {
                let weighted = |person: usize| weights[person] * (numbers[person] - shift);
                let weight: f64 = set.persons().map(|person| weights[person]).sum();
                let mut largest: Vec<f64> = Vec::new();
                if rules.n_largest() > 0 {
                    largest = set.persons().map(weighted).collect();
                    largest.sort_by(|one, other| other.total_cmp(one));
                    largest.truncate(rules.n_largest());
                }
                sums.nodes.add(Node {
                    sum: set.persons().map(weighted).sum(),
                    most_sum: weight * (greatest as f64 - shift),
                    largest,
                    is_sensitive: place < sets.n_told() || rules.unlisted == Unlisted::Everything,
                    ..Node::unlisted(weight, set.len())
                });
                sums.forced.push(Verdict::Published);
            }
            for split in &sets.splits {
                let cell = |place: usize| Some(first + place).filter(|_| !sets.sets[place].is_empty());
                sums.nodes.relate(cell(split.whole), split.parts.iter().map(|part| cell(*part)));
            }
            for (place, candidate) in candidates.iter().enumerate() {
                if candidate.question != question {
                    continue;
                }
                let Some(domain) = sets.place(candidate) else { continue };
                let cell = first + domain;
                sums.of_candidate[place] = Some(cell);
                let before = past(candidate, context);
                let node = &mut sums.nodes.nodes[cell];
                node.tell(place, false, decide::cost(candidate));
                node.is_few_otherwise |= before == Some(Past::Withheld);
                sums.forced[cell] = sheet.verdict_of(place, verdicts);
                match before {
                    Some(Past::Published) => node.openness = Openness::Known,
                    Some(Past::WithheldSecondary) => sums.forced[cell] = closer(sums.forced[cell], Verdict::Secondary),
                    _ => {}
                }
            }
        }
        sums
    }
}
