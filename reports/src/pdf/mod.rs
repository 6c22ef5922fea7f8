//! The reports of an edition as PDF: what each says, and how it is set. Accessible (PDF/UA-1), fit for keeping
//! (PDF/A-3a), with the data attached. The same edition gives the same bytes.

mod annex;
mod binder;
mod brief;
mod document;
mod evidence;
mod links;
mod markdown;
mod measures;
mod numbers;
mod office;
mod press;
mod territorial_plan;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use questionnaires::Language;

use crate::edition::ReportPlan;
use crate::figure::Source;
use crate::number;
use crate::paint::PaintError;
use crate::report::{Kind, Report};
use document::{Attachment, Block, Document, Look, Words};
use numbers::Numbers;

/// A report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// Typst refused the document.
    #[error("cannot set the report `{title}`: {message}")]
    Press {
        /// Which.
        title: String,
        /// Why.
        message: String,
    },
    /// A text of the office cannot be read.
    #[error("the text {file} cannot stand in the reports: {message}")]
    Text {
        /// Its file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The brief does not fit on its two pages.
    #[error("the brief takes {n_pages} pages instead of two: shorten {what}")]
    TooLong {
        /// How many it takes.
        n_pages: usize,
        /// What is too long.
        what: String,
    },
    /// The brief asks for a chart that is not there.
    #[error("`report.brief.chart` is `{name}`; the charts of this edition are {known}")]
    UnknownChart {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A chart cannot be painted.
    #[error(transparent)]
    Paint(#[from] PaintError),
    /// The data of a chart cannot be written.
    #[error("cannot write a table: {0}")]
    Table(#[from] csv::Error),
}

impl PdfError {
    fn of(document: &Document, message: &str) -> PdfError {
        PdfError::Press { title: document.title.clone(), message: message.to_owned() }
    }
}

/// Makes every report of an edition in every language of `sources`, on all processors; `made` hears how many are done and how
/// many there are. `findings` are the messages that the site of each
/// language tells first; `run` and `classification` the files of the estimates that go with them.
///
/// # Errors
/// See [`PdfError`].
pub fn make(
    sources: &[Source],
    findings: &[Vec<String>],
    run: &[u8],
    classification: &[u8],
    made: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Report>, PdfError> {
    let usual = ReportPlan::default();
    let mut jobs = Vec::new();
    for (source, findings) in sources.iter().zip(findings) {
        let plan = source.edition.imprint.report.as_ref().unwrap_or(&usual);
        let desk = Desk { source, plan, findings, numbers: Numbers::of(source, &plan.numbers), run, classification };
        let language = source.texts.language();
        jobs.push(Job { kind: Kind::Plan, language, drafts: vec![territorial_plan::document(&desk)?] });
        jobs.push(Job { kind: Kind::Brief, language, drafts: brief::documents(&desk)? });
        jobs.push(Job { kind: Kind::Annex, language, drafts: vec![annex::document(&desk)?] });
    }
    made(0, jobs.len());
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            let (sender, next, jobs) = (sender.clone(), &next, &jobs);
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(place) else { break };
                    // Nobody listens any more once a report has failed.
                    if sender.send((place, job.print())).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut reports = Vec::new();
        for (place, report) in results {
            reports.push((place, report?));
            made(reports.len(), jobs.len());
        }
        reports.sort_by_key(|(place, _)| *place);
        Ok(reports.into_iter().map(|(_, report)| report).collect())
    })
}

/// What documents of one language are written from.
struct Desk<'a> {
    source: &'a Source<'a>,
    /// The messages that the site tells first.
    findings: &'a [String],
    plan: &'a ReportPlan,
    numbers: Numbers,
    run: &'a [u8],
    classification: &'a [u8],
}

/// A report to print: drafts from the fullest to the shortest, of which the first that fits is taken.
struct Job {
    kind: Kind,
    language: Language,
    drafts: Vec<Document>,
}

impl Job {
    fn print(&self) -> Result<Report, PdfError> {
        let mut n_pages = 0;
        for draft in &self.drafts {
            let printed = press::print(draft)?;
            n_pages = printed.n_pages;
            if self.kind != Kind::Brief || n_pages == brief::N_PAGES {
                let (kind, language) = (self.kind, self.language);
                return Ok(Report { kind, language, title: draft.title.clone(), n_pages, bytes: printed.bytes });
            }
        }
        Err(PdfError::TooLong { n_pages, what: "the text of `report.brief` and the measures".to_owned() })
    }
}

impl<'a> Desk<'a> {
    /// A document of this edition in this language.
    fn document(&self, kind: Kind, look: Look, blocks: Vec<Block>, binder: binder::Binder<'a>) -> Document {
        let Source { texts, edition, estimates, .. } = *self.source;
        let publisher = texts.label(&edition.publisher).to_owned();
        let title = texts.text(kind.title());
        let (number, date) = (edition.number.to_string(), number::date(edition.date, texts));
        let in_words = texts.fill("edition", &[("number", &number), ("date", &date)]);
        let author = edition.imprint.author.as_ref().map(|author| texts.label(author).to_owned());
        let mut attachments = binder.attachments;
        attachments.extend(self.supplements());
        Document {
            look,
            language: texts.language().tag(),
            subtitle: texts.text(kind.subtitle()),
            description: texts
                .fill("report-description", &[("title", &title), ("publisher", &publisher), ("edition", &in_words)]),
            authors: vec![author.unwrap_or_else(|| publisher.clone())],
            keywords: texts.text("report-keywords").split("; ").map(str::to_owned).collect(),
            date: press::date(edition.date),
            edition: in_words,
            notice: estimates.run.synthetic.then(|| texts.text("synthetic")),
            words: Words {
                contents: texts.text("report-contents"),
                page_of: ["report-page", "report-page-of"].map(|key| texts.text(key)),
            },
            title,
            publisher,
            blocks,
            attachments,
            pictures: binder.pictures,
        }
    }

    /// What goes with the data of every document: how they were made, and what their columns and codes mean.
    fn supplements(&self) -> [Attachment; 3] {
        let texts = self.source.texts;
        let attachment = |name: &str, media_type, key: &str, bytes: Vec<u8>| Attachment {
            name: name.to_owned(),
            media_type,
            relationship: "supplement",
            description: texts.text(key),
            bytes,
        };
        [
            attachment("run.json", "application/json", "attachment-run", self.run.to_vec()),
            attachment("classification.csv", "text/csv", "attachment-classification", self.classification.to_vec()),
            attachment("columns.csv", "text/csv", "attachment-columns", evidence::columns(texts)),
        ]
    }
}
