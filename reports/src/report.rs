//! The reports of an edition as files: which there are, where they lie, what pages say of them. `pdf` makes them.

use questionnaires::Language;

use crate::text::Texts;

/// Where reports lie.
pub const FOLDER: &str = "rapporti";

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The evidence for the Piano Territoriale degli Orari.
    Plan,
    /// Two pages for the council.
    Brief,
    /// How the numbers are made.
    Annex,
}

impl Kind {
    /// The key of its title.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Plan => "report-plan-title",
            Kind::Brief => "report-brief-title",
            Kind::Annex => "report-annex-title",
        }
    }

    /// The key of what it is.
    pub fn subtitle(self) -> &'static str {
        match self {
            Kind::Plan => "report-plan-subtitle",
            Kind::Brief => "report-brief-subtitle",
            Kind::Annex => "report-annex-subtitle",
        }
    }

    /// The key of what a page says of it.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Plan => "report-plan-words",
            Kind::Brief => "report-brief-words",
            Kind::Annex => "report-annex-words",
        }
    }

    /// The stem of its file's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Plan => "piano-territoriale-degli-orari",
            Kind::Brief => "due-pagine-per-il-consiglio",
            Kind::Annex => "appendice-di-metodo",
        }
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it is.
    pub kind: Kind,
    /// In which language.
    pub language: Language,
    /// What it is called.
    pub title: String,
    /// How many pages it has.
    pub n_pages: usize,
    /// The PDF.
    pub bytes: Vec<u8>,
}

impl Report {
    /// Its path in the site.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}-{}.pdf", self.kind.name(), self.language.tag())
    }

    /// What a link to it says: title, format, length, pages, language.
    pub fn link(&self, size: &str, texts: &Texts) -> String {
        let language = Texts::new(self.language).text("language-name");
        texts.fill(
            "report-file",
            &[("title", &self.title), ("size", size), ("pages", &self.n_pages.to_string()), ("language", &language)],
        )
    }
}
