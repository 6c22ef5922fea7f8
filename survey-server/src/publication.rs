//! The published edition: a folder of static files that another stage wrote, served as it is.

pub(crate) mod averages;

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web,
};
use askama::Template;
use questionnaires::Language;
use serde::Deserialize;

use crate::{
    error::AppError,
    web::{
        layout::{Page, html, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/risultati", front), Route::public("/risultati/{path:.*}", file)]
}

/// A message of the edition and the address of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The message, as the edition words it.
    pub headline: String,
    /// The page, from the top of this site.
    pub href: String,
}

/// What the edition in `folder` found, in `language`: nothing when its `edition.json` does not say.
pub(crate) fn findings(folder: &Path, language: Language) -> Vec<Finding> {
    #[derive(Deserialize)]
    struct Mark {
        #[serde(default)]
        findings: BTreeMap<String, Told>,
    }
    #[derive(Deserialize)]
    struct Told {
        folder: String,
        findings: Vec<Line>,
    }
    #[derive(Deserialize)]
    struct Line {
        headline: String,
        href: String,
    }
    let text = std::fs::read_to_string(folder.join("edition.json")).unwrap_or_default();
    let mark = serde_json::from_str::<Mark>(&text).ok();
    let told = mark.and_then(|mut mark| mark.findings.remove(language.tag()));
    told.map_or_else(Vec::new, |told| {
        let finding =
            |line: Line| Finding { href: format!("/risultati/{}{}", told.folder, line.href), headline: line.headline };
        told.findings.into_iter().map(finding).collect()
    })
}

/// Said while there is nothing to show.
#[derive(Template)]
#[template(path = "no_publication.html")]
struct NoPublicationPage {
    page: Page,
}

/// With the slash, so that the edition's relative links hold.
async fn front() -> HttpResponse {
    see_other("/risultati/")
}

async fn file(visit: Visit, path: web::Path<String>) -> Result<HttpResponse, AppError> {
    let wanted = path.into_inner();
    let Some(edition) = visit.settings.edition().map(Path::to_owned) else {
        let nothing_yet = NoPublicationPage { page: visit.page(visit.text("publication-none-title")) };
        return Ok(html(&nothing_yet)?);
    };
    let read = web::block(move || read(&edition, &wanted)).await;
    let (path, content) = read.map_err(|_| AppError::NotFound)?.ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(&path)))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        // Published charts may be shown by other sites.
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .body(content))
}

/// A file of the edition; a folder stands for its `index.html`. Nothing outside the folder is ever read: neither by
/// `..` nor by a symbolic link.
fn read(edition: &Path, wanted: &str) -> Option<(PathBuf, Vec<u8>)> {
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
    Some((path, content))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("jsonld") => "application/ld+json",
        Some("xml") => "application/xml",
        Some("parquet") => "application/vnd.apache.parquet",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("pdf") => "application/pdf",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn findings_are_told_in_the_language_asked_for_and_an_edition_without_them_tells_none() {
        let folder = tempfile::tempdir().unwrap();
        let mark = r#"{"number": 1, "findings": {"en": {"folder": "en/", "findings": [
            {"headline": "Women care more", "topic": "Women and men", "href": "women-and-men.html"}]}}}"#;
        fs::write(folder.path().join("edition.json"), mark).unwrap();
        let expected =
            Finding { headline: "Women care more".to_owned(), href: "/risultati/en/women-and-men.html".to_owned() };
        assert_eq!(findings(folder.path(), Language::En), [expected]);
        assert_eq!(findings(folder.path(), Language::It), []);
        fs::write(folder.path().join("edition.json"), "not JSON").unwrap();
        assert_eq!(findings(folder.path(), Language::En), []);
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

        let content = |wanted| read(&edition, wanted).map(|(_, content)| String::from_utf8(content).unwrap());
        assert_eq!(content("").as_deref(), Some("front"));
        assert_eq!(content("temi/").as_deref(), Some("themes"));
        for outside in ["../secret", "temi/../../secret", "/etc/passwd", "link", "missing"] {
            assert_eq!(content(outside), None, "{outside}");
        }
    }
}
