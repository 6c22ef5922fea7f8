//! The brief for the council: two pages, one chart, the few findings, what is asked.

use super::binder::Binder;
use super::document::{Block, Document, Look};
use super::{Desk, PdfError, evidence, links, measures, office};
use crate::figure::{Figure, Topic};
use crate::number;
use crate::report::Kind;

/// The pages of a brief.
pub const N_PAGES: usize = 2;

/// Drafts from the fullest to the shortest: the first that takes two pages is the brief.
///
/// # Errors
/// When a text of the office or the chart cannot be set.
pub fn documents(desk: &Desk) -> Result<Vec<Document>, PdfError> {
    [(5, 330.0, true), (5, 300.0, false), (4, 280.0, false), (3, 250.0, false), (2, 210.0, false)]
        .into_iter()
        .map(|(n_findings, height, has_links)| document(desk, n_findings, height, has_links))
        .collect()
}

fn document(desk: &Desk, n_findings: usize, height: f64, has_links: bool) -> Result<Document, PdfError> {
    let (source, texts) = (desk.source, desk.source.texts);
    let run = &source.estimates.run;
    let mut binder = Binder::new(source);
    let count = |value: u64| number::count(value, texts.language());
    let question =
        texts.fill("brief-question-text", &[("persons", &count(run.n_persons)), ("diaries", &count(run.n_diaries))]);
    let mut blocks = vec![Block::heading(1, texts.text("brief-question")), Block::paragraph(question)];
    let chart = chart(desk)?;
    // The chart says its own message.
    let is_new = |finding: &&String| chart.as_ref().is_none_or(|chart| **finding != chart.caption.title);
    let findings: Vec<String> = desk.findings.iter().filter(is_new).take(n_findings).cloned().collect();
    if let Some(chart) = &chart {
        blocks.push(binder.chart(chart, height)?);
    }
    if !findings.is_empty() {
        blocks.push(Block::heading(1, texts.text("brief-found")));
        blocks.push(evidence::finding_block(&findings));
    }
    blocks.push(Block::PageBreak);
    blocks.push(Block::heading(1, texts.text("brief-ask")));
    let own = office::blocks(desk, desk.plan.brief.as_ref(), 2)?;
    if own.is_empty() {
        blocks.push(Block::paragraph(texts.text("brief-ask-usual")));
        let questions = ["brief-ask-1", "brief-ask-2", "brief-ask-3"];
        blocks.push(Block::List {
            start: Some(1),
            items: questions.map(|key| vec![Block::paragraph(texts.text(key))]).into(),
        });
    } else {
        blocks.extend(own);
    }
    blocks.extend(measures::block(desk));
    if has_links {
        blocks.push(links::block(source));
    }
    blocks.push(Block::heading(1, texts.text("brief-trust")));
    blocks.push(Block::paragraph(texts.text("note-gap")));
    blocks.push(evidence::signs(source));
    blocks.push(Block::heading(1, texts.text("brief-more")));
    blocks.push(Block::paragraph(texts.text("plan-method-annex")));
    blocks.push(evidence::more(source));
    Ok(desk.document(Kind::Brief, Look::Brief, blocks, binder))
}

/// The chart that matters: the office's choice, or women and men, or the first there is.
fn chart<'a>(desk: &Desk<'a>) -> Result<Option<Figure<'a>>, PdfError> {
    let source = desk.source;
    if let Some(name) = &desk.plan.chart {
        let found = evidence::named(source, name);
        return found.map(Some).ok_or_else(|| PdfError::UnknownChart {
            name: name.clone(),
            known: evidence::all(source).map(|figure| figure.name).collect::<Vec<_>>().join(", "),
        });
    }
    Ok(Topic::Gap.figures(source).into_iter().next().or_else(|| evidence::all(source).next()))
}
