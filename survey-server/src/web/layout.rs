//! The frame of every page: header, navigation, footer, and how a template becomes a response.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, ContentType},
    },
};
use askama::Template;
use fluent_bundle::FluentValue;
use questionnaires::Language;

use super::{assets, form::TOKEN_FIELD, visit::Visit};
use crate::{access::assistance, app::Site, i18n::Texts, office};

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavigationLink {
    /// Where it leads.
    pub path: &'static str,
    /// Its text.
    pub text: String,
    /// Whether it leads to the page shown or to its parent.
    pub current: bool,
}

/// What the layout template shows around the content.
#[derive(Debug, Clone)]
pub struct Page {
    /// The page's title, also its first heading where the content has no other.
    pub title: String,
    /// The texts in the page's language.
    pub texts: Texts,
    /// The path of the page.
    pub path: String,
    /// What links to the main site begin with: nothing on the main site itself.
    pub main_site: String,
    /// The municipality, as configured.
    pub municipality: String,
    /// The site's name, as configured.
    pub site_name: String,
    /// Whether somebody is signed in.
    pub signed_in: bool,
    /// Whether this is the demonstration, whose data are synthetic.
    pub demonstration: bool,
    /// The token that forms carry.
    pub csrf_token: String,
    /// The name of the field that carries it.
    pub token_field: &'static str,
    /// The main navigation.
    pub navigation: Vec<NavigationLink>,
    /// The other languages; none on the card listener, whose address a switch would lose.
    pub other_languages: Vec<Language>,
    /// What is said while an operator helps, and where that is ended.
    pub assistance: Option<(String, &'static str)>,
    /// Whether the page is shown to an operator who writes for somebody else.
    pub written_for_another: bool,
}

const NAVIGATION: &[(&str, &str)] =
    &[("/", "navigation-home"), ("/risultati", "navigation-results"), ("/area-personale", "navigation-personal-area")];

/// Shown to officers only.
const OFFICE: &[(&str, &str)] = &[(office::PATH, "navigation-office")];

impl Page {
    pub(crate) fn new(visit: &Visit, title: String) -> Page {
        let link = |&(path, key): &(&'static str, &str)| NavigationLink {
            path,
            text: visit.text(key),
            current: if path == "/" { visit.path == "/" } else { visit.path.starts_with(path) },
        };
        let is_officer = visit.signed_in.as_ref().is_some_and(|session| !session.roles.is_empty());
        let written_for_another = visit.writes_for_another();
        let office: &[(&str, &str)] = if is_officer && !written_for_another { OFFICE } else { &[] };
        Page {
            title,
            texts: visit.texts,
            path: visit.path.clone(),
            main_site: match visit.site {
                Site::Main => String::new(),
                Site::Card => visit.settings.public_url.clone(),
            },
            municipality: visit.settings.municipality.clone(),
            site_name: visit.settings.site_name.clone(),
            signed_in: visit.signed_in.is_some(),
            demonstration: visit.settings.demonstration.is_some(),
            csrf_token: visit.csrf_token.clone(),
            token_field: TOKEN_FIELD,
            navigation: NAVIGATION.iter().chain(office).map(link).collect(),
            other_languages: match visit.site {
                Site::Main => {
                    let is_office = visit.path.starts_with(office::PATH);
                    let all: &[Language] = if is_office { &Language::COMPLETE } else { &Language::ALL };
                    all.iter().copied().filter(|language| *language != visit.texts.language).collect()
                }
                Site::Card => Vec::new(),
            },
            assistance: assistance::banner(visit),
            written_for_another,
        }
    }

    /// The text of `key`, in templates.
    pub fn t(&self, key: &str) -> String {
        self.texts.text(key)
    }

    /// The text of `key` with one placeholder, in templates.
    pub fn t_with<'a>(&self, key: &str, name: &str, value: impl Into<FluentValue<'a>>) -> String {
        self.texts.text_with(key, &[(name, value.into())])
    }

    /// The address of an embedded asset.
    pub fn asset(&self, path: &str) -> String {
        assets::address(path)
    }
}

/// A page with status 200.
pub fn html(template: &impl Template) -> Result<HttpResponse, askama::Error> {
    html_with_status(StatusCode::OK, template)
}

/// A page with another status. Pages may hold a person's data, so nothing between server and browser keeps them.
pub fn html_with_status(status: StatusCode, template: &impl Template) -> Result<HttpResponse, askama::Error> {
    Ok(drawn(status, template.render()?))
}

/// A page that was drawn already.
pub(super) fn drawn(status: StatusCode, page: String) -> HttpResponse {
    HttpResponse::build(status).content_type(ContentType::html()).insert_header((CACHE_CONTROL, "no-store")).body(page)
}

/// To another page of this site, by GET.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("Location", path)).finish()
}
