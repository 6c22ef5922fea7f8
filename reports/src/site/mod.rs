//! The static site of one language: which files there are, and what stands in each page's frame.

mod chart_page;
mod downloads;
mod edition_page;
pub(crate) mod explanations;
pub(crate) mod explorer;
mod findings;
mod layout;
mod page;
mod pages;
pub(crate) mod style;

pub use findings::Finding;

use std::collections::BTreeMap;

use questionnaires::Language;

use crate::chart::{self, Size};
use crate::dataset;
use crate::edition::Lineage;
use crate::figure::{Figure, Source, Theme, Topic, portrait};
use crate::folder::Files;
use crate::opendata::{Material, OpenData};
use crate::paint::Picture;
use crate::report::Report;
use crate::scene::Scene;
use page::Page;

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
/// What pages ask for of the design system: Bootstrap Italia, its typeface with its licence, and the scripts of tables and
/// of the explorer.
pub const ASSETS: [&str; 8] = [
    DESIGN_SYSTEM_SHEET,
    "fonts/OFL.txt",
    "fonts/titillium-web-300.woff2",
    "fonts/titillium-web-400.woff2",
    "fonts/titillium-web-600.woff2",
    "fonts/titillium-web-700.woff2",
    "tables.js",
    "explorer.js",
];
/// The design system's style sheet, of which a site carries what its pages can use.
pub const DESIGN_SYSTEM_SHEET: &str = "css/bootstrap-italia.min.css";
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
    /// Every figure once, by whichever page it was asked for first.
    figures: Vec<DrawnFigure<'a>>,
    /// The figures of each topic, by their place.
    topics: Vec<(Topic, Vec<usize>)>,
    themes: Vec<(Theme, Vec<usize>)>,
    groups: Vec<Group<'a>>,
}

/// A figure and its scenes.
struct DrawnFigure<'a> {
    figure: Figure<'a>,
    wide: Scene,
    narrow: Scene,
    share: Scene,
}

/// A group of people that has a page.
struct Group<'a> {
    code: &'a str,
    label: String,
    figures: Vec<usize>,
}

/// Figures by name as they are asked for; those that are asked for again are not made twice.
#[derive(Default)]
struct Gathered<'a> {
    figures: Vec<Figure<'a>>,
    places: BTreeMap<String, usize>,
}

impl<'a> Gathered<'a> {
    fn places(&mut self, figures: Vec<Figure<'a>>) -> Vec<usize> {
        figures.into_iter().map(|figure| self.place(figure)).collect()
    }

    fn place(&mut self, figure: Figure<'a>) -> usize {
        if let Some(place) = self.places.get(&figure.name) {
            return *place;
        }
        self.places.insert(figure.name.clone(), self.figures.len());
        self.figures.push(figure);
        self.figures.len() - 1
    }
}

impl<'a> Site<'a> {
    /// The site of `source`'s language, with the edition's topics.
    pub fn new(
        source: &'a Source<'a>,
        lineage: &'a Lineage,
        languages: &'a [Language],
        home: Option<&'a str>,
    ) -> Site<'a> {
        let mut gathered = Gathered::default();
        let (mut topics, mut themes, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for topic in source.edition.sections() {
            if topic == Topic::Themes {
                let of_theme = |theme: Theme| (theme, gathered.places(theme.figures(source)));
                themes = Theme::ALL.map(of_theme).into_iter().filter(|(_, figures)| !figures.is_empty()).collect();
                if !themes.is_empty() {
                    topics.push((topic, Vec::new()));
                }
                continue;
            }
            let figures = gathered.places(topic.figures(source));
            if !figures.is_empty() {
                topics.push((topic, figures));
            }
            if topic == Topic::Groups {
                let of_group = |code| Group {
                    code,
                    label: source.group(code),
                    figures: gathered.places(portrait::figures(source, code)),
                };
                groups = source.groups().into_iter().map(of_group).filter(|group| !group.figures.is_empty()).collect();
            }
        }
        let drawn = |figure: Figure<'a>| {
            let [wide, narrow, share] =
                Size::ALL.map(|size| chart::draw(&figure.chart, &figure.caption, size, source.texts));
            DrawnFigure { figure, wide, narrow, share }
        };
        let figures = gathered.figures.into_iter().map(drawn).collect();
        Site { source, lineage, languages, home, figures, topics, themes, groups }
    }

    /// Figures on this site.
    pub fn n_figures(&self) -> usize {
        self.figures.len()
    }

    /// The message of the figure whose rows are in this file.
    fn headline_of_table(&self, name: &str) -> Option<&str> {
        let mut figures = self.figures.iter();
        figures.find(|drawn| table_name(&drawn.figure) == name).map(|drawn| drawn.figure.caption.title.as_str())
    }

    pub fn language(&self) -> Language {
        self.source.texts.language()
    }

    /// The pictures to paint: wide as SVG and PNG, narrow as SVG, the one that travels alone as PNG.
    pub fn pictures(&self) -> Vec<Picture> {
        self.figures
            .iter()
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
        self.figures
            .iter()
            .map(|drawn| Ok((table_name(&drawn.figure), dataset::of_figure(&drawn.figure, self.source.estimates)?)))
            .collect()
    }

    /// The HTML pages.
    ///
    /// # Errors
    /// When a template cannot be filled.
    pub fn pages(&self, material: &Material, data: &OpenData, reports: &[Report]) -> Result<Files, askama::Error> {
        let folder = self.folder(self.language());
        let pages = self.all_pages().into_iter();
        pages
            .map(|page| {
                let html = self.page(page, material, data, reports)?;
                Ok((format!("{folder}{}", self.file(page)), html.into_bytes()))
            })
            .collect()
    }

    fn all_pages(&self) -> Vec<Page> {
        let themes = self.themes.iter().map(|(theme, _)| Page::Theme(*theme));
        let groups = (0..self.groups.len()).map(Page::Group);
        let charts = (0..self.figures.len()).map(Page::Chart);
        self.main_pages().into_iter().chain(themes).chain(groups).chain(charts).collect()
    }

    /// The pages that every page leads to.
    fn main_pages(&self) -> Vec<Page> {
        let topics = self.topics.iter().map(|(topic, _)| Page::Topic(*topic));
        let others = [Page::Explorer, Page::Method, Page::Data, Page::Edition];
        std::iter::once(Page::Home).chain(topics).chain(others).collect()
    }

    /// The file of a page in this language.
    fn file(&self, page: Page) -> String {
        self.file_in(page, self.language())
    }

    /// The file of a page in another language: the same group or figure, by the same name.
    fn file_in(&self, page: Page, language: Language) -> String {
        let name = match page {
            Page::Group(group) => self.groups[group].code,
            Page::Chart(figure) => &self.figures[figure].figure.name,
            _ => return format!("{}.html", page.slug(language).unwrap_or_default()),
        };
        let name = name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        format!("{}{name}.html", page.prefix(language))
    }

    /// The folder of `language`, with its closing slash; the first language lies at the top.
    pub fn folder(&self, language: Language) -> String {
        if self.languages.first() == Some(&language) { String::new() } else { format!("{}/", language.tag()) }
    }
}

fn table_name(figure: &Figure) -> String {
    format!("{}.csv", figure.name)
}

fn table_path(figure: &Figure) -> String {
    format!("{DATA_FOLDER}/{}", table_name(figure))
}
