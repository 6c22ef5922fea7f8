//! All answers of a release as sets of persons: who answered a question and who gave each answer, in every domain that is told
//! and in the rests that differences between domains lead to.

use std::collections::BTreeMap;

use super::super::cell::Openness;
use super::super::frame::{Split, split};
use super::super::groups::PersonSet;
use super::super::history::Past;
use super::super::rules::{SecrecyRules, Unlisted};
use super::super::secondary::Verdict;
use super::nodes::{Nodes, Persons};
use super::{AnswerContext, closer, decide, past};
use crate::answers::{AnswerCandidate, AnswerDomain, answer_domains};
use crate::domain::{PopulationGroup, SexScope};
use crate::table::QuestionKind;

/// The cells of all answers, and where each candidate's are.
pub(super) struct Sheet {
    pub nodes: Nodes,
    /// By candidate: those who answered.
    pub base_of: Vec<Option<usize>>,
    /// By candidate: those who gave the answer; `None` for a mean, and where nobody did.
    who_of: Vec<Option<usize>>,
    /// By cell: whether it is withheld from the beginning, because its domain is.
    pub forced: Vec<Verdict>,
    /// By question: its domains and the sets in them.
    pub questions: Vec<QuestionSets>,
}

/// A question's domains among those who answered it.
#[derive(Debug, Default)]
pub(super) struct QuestionSets {
    /// By domain told, and then by rest: those who answered.
    pub sets: Vec<PersonSet>,
    pub splits: Vec<Split>,
    /// The domains told, with everybody in them.
    told: Vec<(PopulationGroup, SexScope, PersonSet)>,
}

impl QuestionSets {
    /// How many of the sets are told.
    pub fn n_told(&self) -> usize {
        self.told.len()
    }

    /// The place of a candidate's domain.
    pub fn place(&self, candidate: &AnswerCandidate) -> Option<usize> {
        self.told.iter().position(|(group, sex, _)| (*group, *sex) == (candidate.group, candidate.sex))
    }
}

/// A line that is a little longer than those who were asked further holds them: the others left it blank.
const NEARLY: u64 = 10;

impl Sheet {
    pub fn new(rules: &SecrecyRules, candidates: &[AnswerCandidate], context: AnswerContext<'_>) -> Sheet {
        let persons = Persons::new(&context.sample.person_weights);
        let domains = answer_domains(context.sample);
        let mut sheet = Sheet {
            nodes: Nodes::default(),
            base_of: vec![None; candidates.len()],
            who_of: vec![None; candidates.len()],
            forced: Vec::new(),
            questions: Vec::new(),
        };
        for question in 0..context.questions.len() {
            let of_question: Vec<usize> =
                (0..candidates.len()).filter(|place| candidates[*place].question == question).collect();
            sheet.add_question(rules, question, &of_question, candidates, context, (&domains, &persons));
        }
        sheet.link(context, &persons);
        sheet.mark(rules, candidates, context, (&domains, &persons));
        sheet
    }

    fn add_question(
        &mut self,
        rules: &SecrecyRules,
        question: usize,
        of_question: &[usize],
        candidates: &[AnswerCandidate],
        context: AnswerContext<'_>,
        (domains, persons): (&[AnswerDomain], &Persons<'_>),
    ) {
        let given = &context.given[question];
        let is_told = |domain: &&AnswerDomain| of_question.iter().any(|place| is_of(&candidates[*place], domain));
        let told: Vec<&AnswerDomain> = domains.iter().filter(is_told).collect();
        let mut sets: Vec<PersonSet> = told.iter().map(|domain| given.base.and(&domain.persons)).collect();
        if sets.is_empty() {
            self.questions.push(QuestionSets::default());
            return;
        }
        let groups: Vec<PopulationGroup> = told.iter().map(|domain| domain.group).collect();
        let n_told = sets.len();
        let splits = split(&mut sets, &groups, persons.weights.len());
        let bases: Vec<Option<usize>> = sets.iter().map(|set| self.nodes.of(set, persons)).collect();
        for (place, base) in bases.iter().enumerate() {
            let Some(base) = base else { continue };
            // A rest of few persons would be told by the groups around it.
            self.nodes.nodes[*base].is_sensitive |= place < n_told || rules.unlisted != Unlisted::Open;
        }
        self.relate(&bases, &splits);
        let mut parts_of: Vec<Vec<Option<usize>>> = vec![Vec::new(); n_told];
        for (option, chosen) in given.options.iter().enumerate() {
            let who: Vec<PersonSet> = sets.iter().map(|set| set.and(chosen)).collect();
            let cells: Vec<Option<usize>> = who.iter().map(|set| self.nodes.of(set, persons)).collect();
            for (place, cell) in cells.iter().enumerate() {
                let Some(cell) = cell else { continue };
                let node = &mut self.nodes.nodes[*cell];
                node.at_most(persons.weight(&sets[place]), sets[place].len());
                node.is_sensitive |= place < n_told || rules.unlisted == Unlisted::Everything;
            }
            self.relate(&cells, &splits);
            for (place, domain) in told.iter().enumerate() {
                parts_of[place].push(cells[place]);
                let is_it =
                    |one: &&usize| candidates[**one].option == Some(option) && is_of(&candidates[**one], domain);
                if let Some(one) = of_question.iter().find(is_it) {
                    self.who_of[*one] = cells[place];
                }
            }
        }
        let is_single = matches!(context.questions[question].kind, QuestionKind::Single | QuestionKind::Scale);
        for (place, domain) in told.iter().enumerate() {
            if is_single {
                self.nodes.relate(bases[place], parts_of[place].iter().copied());
            }
            for one in of_question.iter().filter(|one| is_of(&candidates[**one], domain)) {
                self.base_of[*one] = bases[place];
            }
        }
        let told = told.iter().map(|domain| (domain.group, domain.sex, domain.persons.clone())).collect();
        self.questions.push(QuestionSets { sets, splits, told });
    }

    fn relate(&mut self, cells: &[Option<usize>], splits: &[Split]) {
        for split in splits {
            self.nodes.relate(cells[split.whole], split.parts.iter().map(|part| cells[*part]));
        }
    }

    /// Ties those who were asked further to the answer that made it a question. Where all of them answered they are the same
    /// cell already; else a few left it blank.
    fn link(&mut self, context: AnswerContext<'_>, persons: &Persons<'_>) {
        let given = context.given;
        let lines: Vec<&PersonSet> =
            given.iter().flat_map(|given| std::iter::once(&given.base).chain(&given.options)).collect();
        let sizes: Vec<u64> = lines.iter().map(|line| line.len()).collect();
        for (question, sets) in self.questions.iter().enumerate() {
            let base = &given[question].base;
            let n = base.len();
            let is_around = |place: &usize| {
                let (line, size) = (lines[*place], sizes[*place]);
                size > n && (size - n) * NEARLY <= size && base.is_within(line)
            };
            let Some(line) = (0..lines.len()).filter(is_around).min_by_key(|place| sizes[*place]) else { continue };
            for (set, (_, _, domain)) in sets.sets.iter().zip(&sets.told) {
                // Those in the domain who were asked: those who answered, and those who did not.
                let around = lines[line].and(domain);
                let cells = [&around, set, &around.without(set)].map(|set| self.nodes.of(set, persons));
                self.nodes.relate(cells[0], cells[1..].iter().copied());
            }
        }
    }

    /// Says what each cell is told by, what that costs, and what everybody knows or must not know for another reason.
    fn mark(
        &mut self,
        rules: &SecrecyRules,
        candidates: &[AnswerCandidate],
        context: AnswerContext<'_>,
        (domains, persons): (&[AnswerDomain], &Persons<'_>),
    ) {
        self.forced = vec![Verdict::Published; self.nodes.nodes.len()];
        for (place, candidate) in candidates.iter().enumerate() {
            let cost = decide::cost(candidate);
            let is_withheld = context.withheld.contains(candidate.group, candidate.sex);
            let before = past(candidate, context);
            for (cell, as_base) in [(self.base_of[place], true), (self.who_of[place], false)] {
                let Some(cell) = cell else { continue };
                let node = &mut self.nodes.nodes[cell];
                node.tell(place, as_base, cost);
                if is_withheld {
                    self.forced[cell] = Verdict::Primary;
                }
                if as_base {
                    continue;
                }
                node.is_few_otherwise |=
                    before == Some(Past::Withheld) || rules.has_too_few_without(candidate.n_who, candidate.n_persons);
                match before {
                    Some(Past::Published) => node.openness = Openness::Known,
                    Some(Past::WithheldSecondary) if candidate.option.is_some() => {
                        self.forced[cell] = closer(self.forced[cell], Verdict::Secondary);
                    }
                    _ => {}
                }
            }
        }
        // How many are in a domain is published with its time use.
        for domain in domains.iter().filter(|domain| !context.withheld.contains(domain.group, domain.sex)) {
            if let Some(cell) = self.nodes.known(&domain.persons, persons) {
                self.nodes.nodes[cell].openness = Openness::Known;
                self.forced[cell] = Verdict::Published;
            }
        }
    }

    /// Hides every answer of those who answered a question where these are hidden themselves, until nothing more follows.
    pub fn hide_with_bases(&self, verdicts: &mut [Verdict]) {
        let mut answers_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (base, who) in self.base_of.iter().zip(&self.who_of) {
            if let (Some(base), Some(who)) = (base, who) {
                answers_of.entry(*base).or_default().push(*who);
            }
        }
        loop {
            let hidden = answers_of.iter().filter(|(base, _)| verdicts[**base] != Verdict::Published);
            let next: Vec<usize> = hidden.flat_map(|(_, answers)| answers).copied().collect();
            let mut is_changed = false;
            for cell in next {
                let is_open = verdicts[cell] == Verdict::Published;
                if is_open && self.nodes.nodes[cell].openness != Openness::Known {
                    verdicts[cell] = Verdict::Secondary;
                    is_changed = true;
                }
            }
            if !is_changed {
                return;
            }
        }
    }

    /// What becomes of a candidate by the persons it tells of.
    pub fn verdict_of(&self, place: usize, verdicts: &[Verdict]) -> Verdict {
        let of = |cell: Option<usize>| cell.map_or(Verdict::Published, |cell| verdicts[cell]);
        closer(of(self.base_of[place]), of(self.who_of[place]))
    }
}

fn is_of(candidate: &AnswerCandidate, domain: &AnswerDomain) -> bool {
    candidate.group == domain.group && candidate.sex == domain.sex
}
