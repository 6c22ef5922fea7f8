//! Which language a request wants: `?lingua=`, else the cookie of an earlier choice, else the browser's preference.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::ACCEPT_LANGUAGE,
};
use questionnaires::Language;

use crate::office;

const PARAMETER: &str = "lingua";

/// The language chosen in the address, if any.
pub(crate) fn chosen(request: &HttpRequest) -> Option<Language> {
    let pairs = request.query_string().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == PARAMETER).find_map(|(_, tag)| Language::from_tag(tag))
}

/// The language to answer in.
pub(crate) fn wanted(request: &HttpRequest) -> Language {
    let remembered = || request.cookie(PARAMETER).and_then(|cookie| Language::from_tag(cookie.value()));
    let preferred = || {
        let header = request.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        preferred(header)
    };
    chosen(request).or_else(remembered).or_else(preferred).unwrap_or_default()
}

/// The language to answer in at a path: pages of officers are in the complete languages only.
pub(crate) fn wanted_at(request: &HttpRequest, path: &str) -> Language {
    let wanted = wanted(request);
    let is_there = Language::COMPLETE.contains(&wanted) || !path.starts_with(office::PATH);
    if is_there { wanted } else { Language::default() }
}

/// The cookie that remembers a choice for a year.
pub(crate) fn cookie(language: Language) -> Cookie<'static> {
    Cookie::build(PARAMETER, language.tag())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish()
}

/// The best language of an Accept-Language header (RFC 9110, section 12.5.4); at equal weight the first one named.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for entry in header.split(',') {
        let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
        let Some(language) = Language::from_tag(tag.trim()) else { continue };
        if weight > best.map_or(0.0, |(heaviest, _)| heaviest) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(preferred("de, en-GB;q=0.8, it;q=0.9"), Some(Language::It));
        assert_eq!(preferred("en-US,en;q=0.9,it;q=0.8"), Some(Language::En));
        assert_eq!(preferred("it;q=0, en;q=0.1"), Some(Language::En));
        assert_eq!(preferred("fr"), None);
    }
}
