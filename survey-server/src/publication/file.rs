//! The files of an edition as answers: read from its folder and nowhere else, with what an officer or the reader of an
//! older edition must know set above its pages.

use std::{
    io::Write,
    path::{Component, Path, PathBuf},
};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, VARY},
};
use flate2::{Compression, write::GzEncoder};

/// Bytes from which on a text is compressed, and above which it is sent as it is: compressing on the way would take longer
/// than a tenth of a second.
const MIN_COMPRESSED: usize = 1_000;
const MAX_COMPRESSED: usize = 2_000_000;

/// A file of an edition.
pub(crate) struct EditionFile {
    path: PathBuf,
    content: Vec<u8>,
}

impl EditionFile {
    /// The file at `wanted` in the folder `edition`; a folder stands for its `index.html`. Nothing outside the folder is
    /// ever read: neither by `..` nor by a symbolic link.
    pub(crate) fn read(edition: &Path, wanted: &str) -> Option<EditionFile> {
        let relative = Path::new(wanted);
        if !relative.components().all(|component| matches!(component, Component::Normal(_))) {
            return None;
        }
        let edition = edition.canonicalize().ok()?;
        let mut path = edition.join(relative).canonicalize().ok()?;
        if path.is_dir() {
            path = path.join("index.html").canonicalize().ok()?;
        }
        if !path.starts_with(&edition) {
            return None;
        }
        let content = std::fs::read(&path).ok()?;
        Some(EditionFile { path, content })
    }

    /// Whether it is a page.
    pub(crate) fn is_page(&self) -> bool {
        self.extension() == Some("html")
    }

    /// Whether somebody who opened it has read results: a page, a table, a picture, a document, and no part of the design.
    pub(crate) fn tells_results(&self) -> bool {
        !matches!(self.extension(), Some("css" | "js" | "woff2"))
    }

    /// The page with `notice`, which is HTML, before everything else; other files as they are.
    #[must_use]
    pub(crate) fn under(mut self, notice: &str) -> EditionFile {
        if self.is_page() {
            const BODY: &[u8] = b"<body>";
            let place = self.content.windows(BODY.len()).position(|window| window == BODY);
            let at = place.map_or(0, |place| place + BODY.len());
            self.content.splice(at..at, notice.bytes());
        }
        self
    }

    /// An answer that anybody may keep for a minute; compressed for a browser that takes that.
    pub(crate) fn for_everybody(self, asked: &HeaderMap) -> HttpResponse {
        // Published charts may be shown by other sites.
        let mut response = self.typed();
        response.insert_header((CACHE_CONTROL, "public, max-age=60"));
        response.insert_header(("cross-origin-resource-policy", "cross-origin"));
        if !self.is_worth_compressing() {
            return response.body(self.content);
        }
        response.insert_header((VARY, "Accept-Encoding"));
        match takes_gzip(asked).then(|| gzip(&self.content)).flatten() {
            Some(compressed) => response.insert_header((CONTENT_ENCODING, "gzip")).body(compressed),
            None => response.body(self.content),
        }
    }

    /// Whether it is text that compresses well, and short enough that nobody waits for it.
    fn is_worth_compressing(&self) -> bool {
        let is_text = matches!(
            self.extension(),
            Some("html" | "css" | "js" | "json" | "jsonld" | "xml" | "ics" | "csv" | "svg" | "txt")
        );
        is_text && (MIN_COMPRESSED..=MAX_COMPRESSED).contains(&self.content.len())
    }

    /// An answer that nothing keeps.
    pub(crate) fn for_one(self) -> HttpResponse {
        let mut response = self.typed();
        response.insert_header((CACHE_CONTROL, "private, no-store"));
        response.body(self.content)
    }

    fn typed(&self) -> HttpResponseBuilder {
        let mut response = HttpResponse::Ok();
        response.insert_header((CONTENT_TYPE, self.content_type()));
        response
    }

    fn extension(&self) -> Option<&str> {
        self.path.extension().and_then(|extension| extension.to_str())
    }

    fn content_type(&self) -> &'static str {
        match self.extension() {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("json") => "application/json",
            Some("jsonld") => "application/ld+json",
            Some("xml") if self.path.file_name().is_some_and(|name| name == "feed.xml") => {
                "application/atom+xml; charset=utf-8"
            }
            Some("xml") => "application/xml",
            Some("ics") => "text/calendar; charset=utf-8",
            Some("parquet") => "application/vnd.apache.parquet",
            Some("csv") => "text/csv; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("pdf") => "application/pdf",
            Some("woff2") => "font/woff2",
            Some("txt") => "text/plain; charset=utf-8",
            Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ => "application/octet-stream",
        }
    }
}

/// Whether the browser said that it takes gzip.
pub(crate) fn takes_gzip(asked: &HeaderMap) -> bool {
    let said = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    said.is_some_and(|value| value.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip")))
}

fn gzip(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(5));
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    fn content(edition: &Path, wanted: &str) -> Option<String> {
        EditionFile::read(edition, wanted).map(|file| String::from_utf8(file.content).unwrap())
    }

    #[test]
    fn only_files_of_the_edition_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let edition = folder.path().join("edition");
        fs::create_dir_all(edition.join("temi")).unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        fs::write(edition.join("index.html"), "front").unwrap();
        fs::write(edition.join("temi/index.html"), "themes").unwrap();
        symlink(folder.path().join("secret"), edition.join("link")).unwrap();

        assert_eq!(content(&edition, "").as_deref(), Some("front"));
        assert_eq!(content(&edition, "temi/").as_deref(), Some("themes"));
        for outside in ["../secret", "temi/../../secret", "/etc/passwd", "link", "missing"] {
            assert_eq!(content(&edition, outside), None, "{outside}");
        }
    }

    #[test]
    fn a_notice_stands_above_pages_and_nothing_else_changes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<html><body>\n<p>a").unwrap();
        fs::write(folder.path().join("odd.html"), "<p>a").unwrap();
        fs::write(folder.path().join("a.csv"), "<body>").unwrap();
        let under = |name| EditionFile::read(folder.path(), name).unwrap().under("<aside>b</aside>").content;
        assert_eq!(under("index.html"), b"<html><body><aside>b</aside>\n<p>a");
        assert_eq!(under("odd.html"), b"<aside>b</aside><p>a");
        assert_eq!(under("a.csv"), b"<body>");
    }

    #[test]
    fn a_page_is_compressed_for_who_takes_that_and_a_picture_never() {
        let file = |name: &str| EditionFile { path: PathBuf::from(name), content: b"<p>cura</p>".repeat(500) };
        let asking = |coding: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, actix_web::http::header::HeaderValue::from_static(coding));
            headers
        };
        let coding = |answer: HttpResponse| answer.headers().get(CONTENT_ENCODING).cloned();
        assert_eq!(coding(file("a.html").for_everybody(&asking("br, gzip;q=1"))).unwrap(), "gzip");
        assert_eq!(coding(file("a.html").for_everybody(&asking("br"))), None);
        assert_eq!(coding(file("a.html").for_everybody(&HeaderMap::new())), None);
        assert_eq!(coding(file("a.png").for_everybody(&asking("gzip"))), None);
        assert_eq!(file("a.html").for_everybody(&HeaderMap::new()).headers().get(VARY).unwrap(), "Accept-Encoding");
        assert!(gzip(&b"<p>cura</p>".repeat(500)).unwrap().len() < 200);
    }
}
