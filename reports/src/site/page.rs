//! Which pages there are, and what their files are called.

use questionnaires::Language;

use crate::figure::{Theme, Topic};

/// A page of the site. Groups and charts go by their place among those of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The findings.
    Home,
    /// A topic with its figures.
    Topic(Topic),
    /// A theme with its figures.
    Theme(Theme),
    /// The portrait of a group of people.
    Group(usize),
    /// A figure alone, with everything about it.
    Chart(usize),
    /// The tables to be looked through.
    Explorer,
    /// How the numbers come about.
    Method,
    /// What can be downloaded.
    Data,
    /// What this edition says of itself.
    Edition,
}

impl Page {
    /// The file's name without ending, where it is always the same; groups and charts have one by their own name.
    pub(super) fn slug(self, language: Language) -> Option<&'static str> {
        Some(match (self, language) {
            (Page::Home, _) => "index",
            (Page::Topic(topic), language) => topic.slug(language),
            (Page::Theme(theme), language) => theme.slug(language),
            (Page::Explorer, Language::It | Language::Ar) => "esplora",
            (Page::Explorer, Language::En) => "explore",
            (Page::Method, Language::It | Language::Ar) => "metodo",
            (Page::Method, Language::En) => "method",
            (Page::Data, Language::It | Language::Ar) => "dati",
            (Page::Data, Language::En) => "data",
            (Page::Edition, Language::It | Language::Ar) => "edizione",
            (Page::Edition, Language::En) => "edition",
            (Page::Group(_) | Page::Chart(_), _) => return None,
        })
    }

    /// What the names of pages of this kind begin with, in front of the name of the group or figure.
    pub(super) fn prefix(self, language: Language) -> &'static str {
        match (self, language) {
            (Page::Group(_), Language::It | Language::Ar) => "gruppo-",
            (Page::Group(_), Language::En) => "group-",
            (_, Language::It | Language::Ar) => "grafico-",
            (_, Language::En) => "chart-",
        }
    }

    /// The keys of its title and its introduction, and of its name in the navigation, where they do not depend on what
    /// the page is about.
    pub(super) fn keys(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Page::Home => ("home-title", "home-lead", "home-link"),
            Page::Topic(topic) => topic.keys(),
            Page::Theme(theme) => (theme.keys().0, theme.keys().1, theme.keys().0),
            Page::Explorer => ("explorer-title", "explorer-lead", "explorer-link"),
            Page::Method => ("method-title", "method-lead", "method-title"),
            Page::Data => ("data-title", "data-lead", "data-title"),
            Page::Edition => ("edition-title", "edition-lead", "edition-link"),
            Page::Group(_) | Page::Chart(_) => return None,
        })
    }
}
