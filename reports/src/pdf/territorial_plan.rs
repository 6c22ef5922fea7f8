//! The report for the Piano Territoriale degli Orari: its sections, in the order that the office wants.

use super::binder::Binder;
use super::document::{Block, Document, Look, words};
use super::{Desk, PdfError, evidence, links, measures, office};
use crate::edition::ReportPlan;
use crate::edition::report::SectionPlan;
use crate::figure::Topic;
use crate::number;
use crate::report::Kind;

/// Charts of a topic; the site has the others.
const MOST_CHARTS: usize = 4;
/// Charts of answers.
const MOST_ANSWERS: usize = 6;

/// The report.
///
/// # Errors
/// When a text of the office or a chart cannot be set.
pub fn document(desk: &Desk) -> Result<Document, PdfError> {
    let usual: Vec<SectionPlan>;
    let sections = match &desk.plan.sections {
        Some(sections) => sections,
        None => {
            let plain = |id: &&str| SectionPlan { id: (*id).to_owned(), title: None, text: None };
            usual = ReportPlan::SECTIONS.iter().map(plain).collect();
            &usual
        }
    };
    let mut binder = Binder::new(desk.source);
    let mut blocks = Vec::new();
    for section in sections {
        let own = office::blocks(desk, section.text.as_ref(), 2)?;
        let made = match section.id.as_str() {
            "summary" => summary(desk, sections),
            id => content(desk, id, &mut binder)?,
        };
        if own.is_empty() && made.is_empty() {
            continue;
        }
        blocks.push(Block::Heading { level: 1, words: words(title(desk, section)) });
        blocks.extend(lead(desk, section, &made));
        blocks.extend(own);
        blocks.extend(made);
    }
    Ok(desk.document(Kind::Plan, Look::Report, blocks, binder))
}

fn title(desk: &Desk, section: &SectionPlan) -> String {
    match &section.title {
        Some(title) => desk.source.texts.label(title).to_owned(),
        None => desk.source.texts.text(keys(&section.id).0),
    }
}

/// What leads into a section of the program's, where the program has something to show in it.
fn lead(desk: &Desk, section: &SectionPlan, made: &[Block]) -> Option<Block> {
    let key = keys(&section.id).1.filter(|_| !made.is_empty())?;
    let (texts, run) = (desk.source.texts, &desk.source.estimates.run);
    let count = |value: u64| number::count(value, texts.language());
    let values = [("persons", count(run.n_persons)), ("diaries", count(run.n_diaries))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(Block::Lead { words: words(texts.fill(key, &values)) })
}

/// The keys of the title of a section, and of what leads into it.
fn keys(id: &str) -> (&'static str, Option<&'static str>) {
    match id {
        "summary" => ("plan-summary", Some("plan-summary-lead")),
        "demand" => ("plan-demand", Some("plan-demand-lead")),
        "gaps" => ("plan-gaps", Some("plan-gaps-lead")),
        "hours" => ("plan-hours", Some("plan-hours-lead")),
        "groups" => ("plan-groups", Some("plan-groups-lead")),
        "supply" => ("plan-supply", Some("plan-supply-lead")),
        "reach" => ("plan-reach", Some("plan-reach-lead")),
        "consultation" => ("plan-consultation", Some("plan-consultation-lead")),
        "measures" => ("plan-measures", Some("plan-measures-lead")),
        "plans" => ("plan-plans", Some("plan-plans-lead")),
        "method" => ("plan-method", None),
        _ => ("", None),
    }
}

/// What the program shows in a section; nothing where the estimates have nothing for it.
fn content(desk: &Desk, id: &str, binder: &mut Binder) -> Result<Vec<Block>, PdfError> {
    let source = desk.source;
    match id {
        "demand" => evidence::charts(source, Topic::Activities, MOST_CHARTS, binder),
        "gaps" => evidence::charts(source, Topic::Gap, MOST_CHARTS, binder),
        "hours" => evidence::charts(source, Topic::Day, MOST_CHARTS, binder),
        "groups" => evidence::charts(source, Topic::Groups, MOST_CHARTS, binder),
        "consultation" => evidence::charts(source, Topic::Needs, MOST_ANSWERS, binder),
        "measures" => Ok(measures::block(desk).into_iter().collect()),
        "plans" => Ok(vec![links::block(source)]),
        "method" => Ok(vec![
            evidence::signs(source),
            Block::paragraph(source.texts.text("plan-method-annex")),
            evidence::more(source),
        ]),
        // Opening hours and reach: nothing in the estimates speaks of them yet.
        _ => Ok(Vec::new()),
    }
}

fn summary(desk: &Desk, sections: &[SectionPlan]) -> Vec<Block> {
    let texts = desk.source.texts;
    let mut blocks = vec![evidence::sample(desk.source)];
    if !desk.findings.is_empty() {
        blocks.push(Block::heading(2, texts.text("plan-summary-found")));
        blocks.push(evidence::finding_block(desk.findings));
    }
    blocks.push(Block::paragraph(texts.text("plan-summary-law")));
    let is_empty = |id: &str| match id {
        "measures" => desk.plan.measures.is_empty(),
        "consultation" => Topic::Needs.figures(desk.source).is_empty(),
        _ => true,
    };
    let to_come: Vec<String> = [
        ("supply", "not-yet-supply"),
        ("reach", "not-yet-reach"),
        ("consultation", "not-yet-consultation"),
        ("measures", "not-yet-measures"),
    ]
    .into_iter()
    .filter(|(id, _)| sections.iter().any(|section| section.id == *id && section.text.is_none()) && is_empty(id))
    .map(|(_, key)| texts.text(key))
    .collect();
    if !to_come.is_empty() {
        blocks.push(Block::paragraph(texts.fill("plan-not-yet", &[("sections", &to_come.join("; "))])));
    }
    blocks
}
