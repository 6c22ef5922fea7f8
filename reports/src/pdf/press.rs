//! From a document to the bytes of its PDF, with Typst in this process: no file of the machine, no network, no clock.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::PdfError;
use super::document::Document;
use crate::font::Weight;

/// The template, which walks the document and sets it.
const TEMPLATE: &str = include_str!("../../typst/report.typ");
/// What every document conforms to: accessible, and fit for keeping with its data attached.
const STANDARDS: [PdfStandard; 2] = [PdfStandard::Ua_1, PdfStandard::A_3a];

/// A document that was set.
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub n_pages: usize,
}

/// Sets `document`. The same document gives the same bytes.
///
/// # Errors
/// When Typst cannot set it, or what it sets would not conform to the standards.
pub fn print(document: &Document) -> Result<Printed, PdfError> {
    let desk = Desk::new(document)?;
    let paged: PagedDocument =
        typst::compile(&desk).output.map_err(|errors| PdfError::of(document, &in_words(&errors)))?;
    let [year, month, day] = document.date;
    let date = Datetime::from_ymd(year, month as u8, day as u8);
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}\n{}\n{}", document.publisher, document.title, document.edition)),
        creator: Smart::Custom(Some("Tempi".to_owned())),
        timestamp: date.map(Timestamp::new_utc),
        standards: PdfStandards::new(&STANDARDS).map_err(|error| PdfError::of(document, error.message()))?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&paged, &options).map_err(|errors| PdfError::of(document, &in_words(&errors)))?;
    Ok(Printed { bytes, n_pages: paged.pages().len() })
}

/// Errors with their hints, in one line.
fn in_words(errors: &[SourceDiagnostic]) -> String {
    let one = |error: &SourceDiagnostic| {
        let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v));
        format!("{}{}", error.message, hints.collect::<String>())
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Everything that Typst may ask for.
struct Desk {
    /// Only looked up, never walked.
    files: HashMap<FileId, Bytes>,
    main: Source,
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Header cells of rows still are behind this switch.
    let features: Features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

static FONTS: LazyLock<(LazyHash<FontBook>, Vec<Font>)> = LazyLock::new(|| {
    let fonts: Vec<Font> =
        Weight::ALL.into_iter().filter_map(|weight| Font::new(Bytes::new(weight.file()), 0)).collect();
    (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
});

impl Desk {
    fn new(document: &Document) -> Result<Desk, PdfError> {
        let json = serde_json::to_vec(document).map_err(|error| PdfError::of(document, &error.to_string()))?;
        let mut files = HashMap::new();
        let mut put = |name: &str, bytes: Vec<u8>| {
            let id = file(name).ok_or_else(|| PdfError::of(document, &format!("`{name}` is no file name")))?;
            files.insert(id, Bytes::new(bytes));
            Ok::<FileId, PdfError>(id)
        };
        put("document.json", json)?;
        for (number, picture) in document.pictures.iter().enumerate() {
            put(&picture_name(number), picture.clone().into_bytes())?;
        }
        for attachment in &document.attachments {
            put(&attachment.name, attachment.bytes.clone())?;
        }
        let main = put("report.typ", Vec::new())?;
        Ok(Desk { files, main: Source::new(main, TEMPLATE.to_owned()) })
    }
}

/// The name of the picture of this number.
pub fn picture_name(number: usize) -> String {
    format!("figure-{number}.svg")
}

fn file(name: &str) -> Option<FileId> {
    VirtualPath::new(name).ok().map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.0
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.1.get(index).cloned()
    }

    /// There is no today: dates come from the edition.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}

/// A date as the template takes it.
pub fn date(date: NaiveDate) -> [i32; 3] {
    [date.year(), date.month() as i32, date.day() as i32]
}
