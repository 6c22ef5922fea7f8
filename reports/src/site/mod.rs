//! The static site of one language: which files there are, and what stands in each page's frame.

mod downloads;
mod edition_page;
pub(crate) mod explanations;
mod pages;

pub use pages::Finding;

use questionnaires::Language;

use crate::chart::{self, Size};
use crate::dataset;
use crate::edition::Lineage;
use crate::figure::{Figure, Source, Topic};
use crate::folder::Files;
use crate::number;
use crate::opendata::{Material, OpenData};
use crate::paint::Picture;
use crate::scene::Scene;

/// The files of the estimates that the site offers for download, and whether there is no site without them.
pub const ESTIMATES_FILES: [(&str, bool); 8] = [
    ("estimates.csv", true),
    ("estimates.parquet", false),
    ("classification.csv", true),
    ("groups.csv", false),
    ("answers.csv", false),
    ("answers.parquet", false),
    ("questions.csv", false),
    ("run.json", true),
];
/// Where downloads lie.
pub const DATA_FOLDER: &str = "dati";
/// Where pictures lie.
pub const PICTURES_FOLDER: &str = "grafici";
/// Where the design system lies.
pub const ASSETS_FOLDER: &str = "assets";
/// The site's own style sheet.
pub const STYLE_SHEET: &str = "assets/tempi-risultati.css";

/// What has changed since the edition before.
pub const COMPARISON_FILE: &str = "dati/confronto.csv";
/// The feed of editions, in the folder of its language.
pub const FEED_FILE: &str = "feed.xml";
/// The calendar of releases, in the folder of its language.
pub const CALENDAR_FILE: &str = "calendario.ics";

/// One language's pages and figures.
pub struct Site<'a> {
    source: &'a Source<'a>,
    lineage: &'a Lineage,
    languages: &'a [Language],
    home: Option<&'a str>,
    topics: Vec<(Topic, Vec<DrawnFigure<'a>>)>,
}

/// A figure and its scenes.
struct DrawnFigure<'a> {
    figure: Figure<'a>,
    wide: Scene,
    narrow: Scene,
    share: Scene,
}

/// A page of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    Home,
    Topic(Topic),
    Method,
    Data,
    Edition,
}

impl Page {
    /// The file's name.
    fn file(self, language: Language) -> String {
        let slug = match (self, language) {
            (Page::Home, _) => "index",
            (Page::Topic(topic), language) => topic.slug(language),
            (Page::Method, Language::It | Language::Ar) => "metodo",
            (Page::Method, Language::En) => "method",
            (Page::Data, Language::It | Language::Ar) => "dati",
            (Page::Data, Language::En) => "data",
            (Page::Edition, Language::It | Language::Ar) => "edizione",
            (Page::Edition, Language::En) => "edition",
        };
        format!("{slug}.html")
    }

    /// The keys of its title and its introduction, and of its name in the navigation.
    fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Page::Home => ("home-title", "home-lead", "home-link"),
            Page::Topic(topic) => topic.keys(),
            Page::Method => ("method-title", "method-lead", "method-title"),
            Page::Data => ("data-title", "data-lead", "data-title"),
            Page::Edition => ("edition-title", "edition-lead", "edition-link"),
        }
    }
}

/// What every page shows around its content.
struct Layout<'a> {
    texts: &'a crate::text::Texts,
    language: &'static str,
    /// Leads from the page to the site's top.
    root: &'static str,
    title: String,
    description: String,
    publisher: &'a str,
    edition: String,
    source: String,
    synthetic: bool,
    home: Option<&'a str>,
    navigation: Vec<Link>,
    languages: Vec<Link>,
    /// The licence's name and address.
    licence: &'a crate::edition::Licence,
    /// The feed of editions, beside the page.
    feed: &'static str,
}

/// A link in the page's frame.
struct Link {
    href: String,
    label: String,
    /// BCP 47 tag of what it leads to.
    tag: &'static str,
    current: bool,
}

impl<'a> Site<'a> {
    /// The site of `source`'s language, with the figures of each topic.
    pub fn new(
        source: &'a Source<'a>,
        lineage: &'a Lineage,
        languages: &'a [Language],
        topics: Vec<(Topic, Vec<Figure<'a>>)>,
        home: Option<&'a str>,
    ) -> Site<'a> {
        let drawn = |figure: Figure<'a>| {
            let [wide, narrow, share] =
                Size::ALL.map(|size| chart::draw(&figure.chart, &figure.caption, size, source.texts));
            DrawnFigure { figure, wide, narrow, share }
        };
        let topics = topics.into_iter().map(|(topic, figures)| (topic, figures.into_iter().map(drawn).collect()));
        Site { source, lineage, languages, home, topics: topics.collect() }
    }

    /// Figures on this site.
    pub fn n_figures(&self) -> usize {
        self.figures().count()
    }

    fn figures(&self) -> impl Iterator<Item = &DrawnFigure<'a>> {
        self.topics.iter().flat_map(|(_, figures)| figures)
    }

    /// The message of the figure whose rows are in this file.
    fn headline_of_table(&self, name: &str) -> Option<&str> {
        let mut figures = self.figures();
        figures.find(|drawn| table_name(&drawn.figure) == name).map(|drawn| drawn.figure.caption.title.as_str())
    }

    pub fn language(&self) -> Language {
        self.source.texts.language()
    }

    /// The pictures to paint: wide as SVG and PNG, narrow as SVG, the one that travels alone as PNG.
    pub fn pictures(&self) -> Vec<Picture> {
        self.figures()
            .flat_map(|drawn| {
                let picture = |scene: &Scene, svg: Option<String>, png: Option<String>| Picture {
                    svg,
                    scene: scene.clone(),
                    language: self.language().tag(),
                    title: drawn.figure.caption.title.clone(),
                    description: drawn.figure.spoken(),
                    png,
                };
                [
                    picture(
                        &drawn.wide,
                        Some(self.picture_path(drawn, "", "svg")),
                        Some(self.picture_path(drawn, "", "png")),
                    ),
                    picture(&drawn.narrow, Some(self.picture_path(drawn, "-stretto", "svg")), None),
                    picture(&drawn.share, None, Some(self.picture_path(drawn, "-condividi", "png"))),
                ]
            })
            .collect()
    }

    fn picture_path(&self, drawn: &DrawnFigure, suffix: &str, ending: &str) -> String {
        format!("{PICTURES_FOLDER}/{}{suffix}-{}.{ending}", drawn.figure.name, self.language().tag())
    }

    /// The numbers behind each figure, the same in every language, by path inside the folder of the data.
    ///
    /// # Errors
    /// When a row cannot be written as CSV.
    pub fn tables(&self) -> Result<Files, csv::Error> {
        self.figures()
            .map(|drawn| Ok((table_name(&drawn.figure), dataset::of_figure(&drawn.figure, self.source.estimates)?)))
            .collect()
    }

    /// The HTML pages.
    ///
    /// # Errors
    /// When a template cannot be filled.
    pub fn pages(&self, material: &Material, data: &OpenData) -> Result<Files, askama::Error> {
        let folder = self.folder(self.language());
        let pages = self.all_pages().into_iter();
        pages
            .map(|page| {
                Ok((format!("{folder}{}", page.file(self.language())), self.page(page, material, data)?.into_bytes()))
            })
            .collect()
    }

    fn all_pages(&self) -> Vec<Page> {
        let topics = self.topics.iter().map(|(topic, _)| Page::Topic(*topic));
        std::iter::once(Page::Home).chain(topics).chain([Page::Method, Page::Data, Page::Edition]).collect()
    }

    /// The folder of `language`, with its closing slash; the first language lies at the top.
    pub fn folder(&self, language: Language) -> String {
        if self.languages.first() == Some(&language) { String::new() } else { format!("{}/", language.tag()) }
    }

    fn layout(&self, page: Page) -> Layout<'_> {
        let Source { texts, edition, estimates, .. } = *self.source;
        let language = self.language();
        let root = if self.folder(language).is_empty() { "" } else { "../" };
        let (title, description, _) = page.keys();
        let navigation = self.all_pages().into_iter().map(|other| Link {
            href: other.file(language),
            label: texts.text(other.keys().2),
            tag: language.tag(),
            current: other == page,
        });
        let languages = self.languages.iter().map(|other| Link {
            href: format!("{root}{}{}", self.folder(*other), page.file(*other)),
            label: crate::text::Texts::new(*other).text("language-name"),
            tag: other.tag(),
            current: *other == language,
        });
        let (number, date) = (edition.number.to_string(), number::date(edition.date, texts));
        Layout {
            texts,
            language: language.tag(),
            root,
            title: match page {
                // Another survey need not be a city's: it goes by its own name.
                Page::Home if estimates.run.source != "tempi" => texts.label(&estimates.run.title).to_owned(),
                _ => texts.text(title),
            },
            description: texts.text(description),
            publisher: texts.label(&edition.publisher),
            edition: texts.fill("edition", &[("number", &number), ("date", &date)]),
            source: self.source.line(),
            synthetic: estimates.run.synthetic,
            home: self.home,
            navigation: navigation.collect(),
            languages: languages.collect(),
            licence: &edition.imprint.licence,
            feed: FEED_FILE,
        }
    }
}

fn table_name(figure: &Figure) -> String {
    format!("{}.csv", figure.name)
}

fn table_path(figure: &Figure) -> String {
    format!("{DATA_FOLDER}/{}", table_name(figure))
}
