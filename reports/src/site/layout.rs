//! What every page shows around its content, and what it says to those who pass it on.

use crate::figure::Source;
use crate::number;
use crate::report::Report;
use crate::site::{FEED_FILE, Page, Site, downloads};

/// The frame of a page.
pub(super) struct Layout<'a> {
    pub texts: &'a crate::text::Texts,
    pub language: &'static str,
    /// Leads from the page to the site's top.
    pub root: &'static str,
    pub title: String,
    pub description: String,
    pub publisher: &'a str,
    pub edition: String,
    pub source: String,
    pub synthetic: bool,
    pub home: Option<&'a str>,
    pub navigation: Vec<Link>,
    pub languages: Vec<Link>,
    /// The licence's name and address.
    pub licence: &'a crate::edition::Licence,
    /// The feed of editions, beside the page.
    pub feed: &'static str,
    /// Where the page stays, when the edition knows its address.
    pub address: Option<String>,
    /// The picture that travels with a link to the page.
    pub picture: Option<SharedPicture>,
    /// The scripts that the page is better with.
    pub scripts: &'static [&'static str],
    /// The reports in the language of the page.
    pub reports: Vec<ReportLink>,
}

/// A link to a report: its place from the site's top, and what it says.
pub(super) struct ReportLink {
    pub href: String,
    pub label: String,
    pub words: String,
    pub tag: &'static str,
}

/// A picture that others show beside a link.
pub(super) struct SharedPicture {
    /// Its absolute address.
    pub address: String,
    /// What it shows, in words.
    pub alternative: String,
}

/// A link in the page's frame.
pub(super) struct Link {
    pub href: String,
    pub label: String,
    /// BCP 47 tag of what it leads to.
    pub tag: &'static str,
    pub current: bool,
}

impl Layout<'_> {
    /// Pixels of the picture that travels alone.
    pub(super) fn picture_size(&self) -> (u32, u32) {
        (1200, 630)
    }
}

impl Site<'_> {
    pub(super) fn layout(&self, page: Page, reports: &[Report]) -> Layout<'_> {
        let Source { texts, edition, estimates, .. } = *self.source;
        let language = self.language();
        let root = if self.folder(language).is_empty() { "" } else { "../" };
        let parent = self.parent(page);
        let navigation = self.main_pages().into_iter().map(|other| Link {
            href: self.file(other),
            label: texts.text(other.keys().map_or("", |keys| keys.2)),
            tag: language.tag(),
            current: other == page || Some(other) == parent,
        });
        let languages = self.languages.iter().map(|other| Link {
            href: format!("{root}{}{}", self.folder(*other), self.file_in(page, *other)),
            label: crate::text::Texts::new(*other).text("language-name"),
            tag: other.tag(),
            current: *other == language,
        });
        let (number, date) = (edition.number.to_string(), number::date(edition.date, texts));
        let link = |report: &Report| ReportLink {
            href: report.path(),
            label: report.link(&downloads::size(report.bytes.len(), texts), texts),
            words: texts.text(report.kind.words()),
            tag: report.language.tag(),
        };
        Layout {
            texts,
            language: language.tag(),
            root,
            title: self.title(page),
            description: self.description(page),
            publisher: texts.label(&edition.publisher),
            edition: texts.fill("edition", &[("number", &number), ("date", &date)]),
            source: self.source.line(),
            synthetic: estimates.run.synthetic,
            home: self.home,
            navigation: navigation.collect(),
            languages: languages.collect(),
            licence: &edition.imprint.licence,
            feed: FEED_FILE,
            address: self.address(&format!("{}{}", self.folder(language), self.file(page))),
            picture: self.shared_picture(page),
            scripts: match page {
                Page::Chart(_) | Page::Group(_) | Page::Theme(_) | Page::Topic(_) => &["tables.js"],
                Page::Explorer => &["explorer.js"],
                _ => &[],
            },
            reports: reports.iter().filter(|report| report.language == language).map(link).collect(),
        }
    }

    /// What a page is called.
    pub(super) fn title(&self, page: Page) -> String {
        let Source { texts, estimates, .. } = *self.source;
        match page {
            // Another survey need not be a city's: it goes by its own name.
            Page::Home if estimates.run.source != "tempi" => texts.label(&estimates.run.title).to_owned(),
            Page::Group(group) => self.groups[group].label.clone(),
            Page::Chart(figure) => self.figures[figure].figure.caption.title.clone(),
            _ => texts.text(page.keys().map_or("", |keys| keys.0)),
        }
    }

    fn description(&self, page: Page) -> String {
        let texts = self.source.texts;
        match page {
            Page::Group(group) => texts.fill("group-lead", &[("group", &self.groups[group].label)]),
            Page::Chart(figure) => self.figures[figure].figure.caption.subtitle.clone(),
            _ => texts.text(page.keys().map_or("", |keys| keys.1)),
        }
    }

    /// Where a file of this edition stays, seen from anywhere: under the edition's number, where later editions leave it.
    /// `None` where the edition does not know its address.
    pub(super) fn address(&self, path: &str) -> Option<String> {
        let edition = self.source.edition;
        let path = path.strip_suffix("index.html").unwrap_or(path);
        edition.imprint.address.as_ref().map(|address| format!("{address}edizioni/{}/{path}", edition.number))
    }

    /// The picture of a page: its chart's, or the first of its charts'.
    fn shared_picture(&self, page: Page) -> Option<SharedPicture> {
        let figures = self.figures_of(page);
        let drawn = &self.figures[*figures.first()?];
        Some(SharedPicture {
            address: self.address(&self.picture_path(drawn, "-condividi", "png"))?,
            alternative: drawn.figure.alternative.clone(),
        })
    }

    /// The page of the navigation that a page belongs to.
    fn parent(&self, page: Page) -> Option<Page> {
        let holds = |figures: &[usize], figure| figures.contains(&figure);
        match page {
            Page::Theme(_) => Some(Page::Topic(crate::figure::Topic::Themes)),
            Page::Group(_) => Some(Page::Topic(crate::figure::Topic::Groups)),
            Page::Chart(figure) => {
                let topic = self.topics.iter().find(|(_, figures)| holds(figures, figure));
                let theme = || self.themes.iter().any(|(_, figures)| holds(figures, figure));
                match topic {
                    Some((topic, _)) => Some(Page::Topic(*topic)),
                    None if theme() => Some(Page::Topic(crate::figure::Topic::Themes)),
                    None => Some(Page::Topic(crate::figure::Topic::Groups)),
                }
            }
            _ => None,
        }
    }

    /// The figures that a page shows, by their place.
    pub(super) fn figures_of(&self, page: Page) -> Vec<usize> {
        let of = |found: Option<&Vec<usize>>| found.cloned().unwrap_or_default();
        match page {
            Page::Home => self.front_figure().into_iter().collect(),
            Page::Topic(topic) => of(self.topics.iter().find(|(one, _)| *one == topic).map(|(_, figures)| figures)),
            Page::Theme(theme) => of(self.themes.iter().find(|(one, _)| *one == theme).map(|(_, figures)| figures)),
            Page::Group(group) => self.groups[group].figures.clone(),
            Page::Chart(figure) => vec![figure],
            Page::Explorer | Page::Method | Page::Data | Page::Edition => Vec::new(),
        }
    }
}
