//! The published editions: folders of static files that another stage wrote, served as they are once their hour has come.

pub(crate) mod averages;
pub(crate) mod file;
pub(crate) mod notice;
pub mod shelf;

use std::{collections::BTreeMap, path::Path};

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use questionnaires::Language;
use serde::Deserialize;

use self::file::EditionFile;
use crate::{
    error::AppError,
    web::{
        layout::{Page, html, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/risultati", front), Route::public("/risultati/{path:.*}", published)]
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

/// What the path of a published file asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked<'a> {
    /// A file of the newest edition.
    Newest(&'a str),
    /// A file of the edition of this number.
    Numbered(u32, &'a str),
    /// The same page at its right address.
    Elsewhere(String),
}

/// Where each edition stays, below the newest one.
const EDITIONS: &str = "edizioni/";

/// Earlier editions are linked from the top of a site; a site that is itself one of them leads on to the right place.
fn asked(path: &str) -> Asked<'_> {
    let Some(rest) = path.strip_prefix(EDITIONS) else { return Asked::Newest(path) };
    let (number, rest) = match rest.split_once('/') {
        Some((number, rest)) => (number, Some(rest)),
        None => (rest, None),
    };
    match (number.parse(), rest) {
        (Ok(_), Some(rest)) if rest.starts_with(EDITIONS) => Asked::Elsewhere(format!("/risultati/{rest}")),
        (Ok(number), Some(rest)) => Asked::Numbered(number, rest),
        (Ok(number), None) => Asked::Elsewhere(format!("/risultati/{EDITIONS}{number}/")),
        (Err(_), _) => Asked::Newest(path),
    }
}

async fn published(visit: Visit, request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse, AppError> {
    let wanted = path.into_inner();
    let (number, wanted) = match asked(&wanted) {
        Asked::Elsewhere(place) => return Ok(see_other(&place)),
        Asked::Newest(wanted) => (None, wanted.to_owned()),
        Asked::Numbered(number, wanted) => (Some(number), wanted.to_owned()),
    };
    let (folder, now) = (visit.settings.publication.clone(), visit.now);
    let read = web::block(move || {
        let mut public = folder.map(|folder| shelf::public(&folder, now)).unwrap_or_default();
        let newest = public.last().map(|edition| edition.number);
        let edition = match number {
            None => public.pop(),
            Some(number) => public.into_iter().find(|edition| edition.number == number),
        };
        let file = edition.as_ref().and_then(|edition| EditionFile::read(&edition.folder, &wanted));
        (newest, edition, file, language_of(&wanted))
    });
    let (newest, edition, file, language) = read.await.map_err(|_| AppError::NotFound)?;
    let Some(newest) = newest else {
        let nothing_yet = NoPublicationPage { page: visit.page(visit.text("publication-none-title")) };
        return Ok(html(&nothing_yet)?);
    };
    let (edition, file) = edition.zip(file).ok_or(AppError::NotFound)?;
    if edition.number == newest {
        return Ok(file.for_everybody(request.headers()));
    }
    Ok(file.under(&notice::superseded(language, edition.number, newest)?).for_everybody(request.headers()))
}

/// The language of the pages in the folder of `path`: the first one lies at the top.
pub(crate) fn language_of(path: &str) -> Language {
    let folder = path.split('/').next().unwrap_or_default();
    Language::COMPLETE.into_iter().find(|language| language.tag() == folder).unwrap_or(Language::It)
}

#[cfg(test)]
mod tests {
    use std::fs;

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
    fn editions_keep_their_addresses_wherever_the_link_stands() {
        assert_eq!(asked("en/index.html"), Asked::Newest("en/index.html"));
        assert_eq!(asked("edizioni/2/en/index.html"), Asked::Numbered(2, "en/index.html"));
        assert_eq!(asked("edizioni/2"), Asked::Elsewhere("/risultati/edizioni/2/".to_owned()));
        let nested = Asked::Elsewhere("/risultati/edizioni/1/en/".to_owned());
        assert_eq!(asked("edizioni/2/edizioni/1/en/"), nested);
        assert_eq!(asked("edizioni/x/"), Asked::Newest("edizioni/x/"));
        assert_eq!(language_of("en/index.html"), Language::En);
        assert_eq!(language_of("index.html"), Language::It);
    }
}
