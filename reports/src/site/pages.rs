//! The pages: what each shows, and the templates that write it.

use askama::Template;
use serde::Serialize;

use crate::figure::{Table, Topic};
use crate::opendata::{Material, OpenData};
use crate::report::Report;
use crate::scene::Scene;
use crate::site::downloads::DataPage;
use crate::site::edition_page::EditionPage;
use crate::site::explanations::{self, Explanation};
use crate::site::{DrawnFigure, Layout, Page, Site, table_path};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    layout: Layout<'a>,
    facts: Vec<Explanation>,
    findings: Vec<Finding>,
    figure: Option<FigureView<'a>>,
    figure_href: String,
}

/// A message and where its figure is.
#[derive(Serialize)]
pub struct Finding {
    headline: String,
    topic: String,
    /// The page, relative to the pages of the same language.
    href: String,
}

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    layout: Layout<'a>,
    figures: Vec<FigureView<'a>>,
    note: String,
    flags: Vec<Explanation>,
    method_href: String,
}

#[derive(Template)]
#[template(path = "method.html")]
struct MethodPage<'a> {
    layout: Layout<'a>,
    sections: Vec<Explanation>,
    flags: Vec<Explanation>,
    facts: Vec<Explanation>,
}

/// A figure as a page shows it. Paths start at the site's top.
struct FigureView<'a> {
    name: &'a str,
    table_name: String,
    headline: &'a str,
    alternative: &'a str,
    wide: PictureView,
    narrow: PictureView,
    png: String,
    share: String,
    csv: String,
    table: &'a Table,
}

struct PictureView {
    href: String,
    width: u32,
    height: u32,
}

impl Site<'_> {
    pub(super) fn page(
        &self,
        page: Page,
        material: &Material,
        data: &OpenData,
        reports: &[Report],
    ) -> Result<String, askama::Error> {
        let layout = self.layout(page, reports);
        let texts = self.source.texts;
        let run = &self.source.estimates.run;
        match page {
            Page::Home => {
                let firsts = || self.topics.iter().filter_map(|(topic, figures)| Some((topic, figures.first()?)));
                // What women and men give to the city's day is the question the law asks first.
                let first = firsts().find(|(topic, _)| **topic == Topic::Gap).or_else(|| firsts().next());
                HomePage {
                    layout,
                    facts: explanations::sample(self.source),
                    findings: self.findings(),
                    figure: first.map(|(_, figure)| self.view(figure)),
                    figure_href: first.map(|(topic, _)| Page::Topic(*topic).file(self.language())).unwrap_or_default(),
                }
                .render()
            }
            Page::Topic(topic) => TopicPage {
                layout,
                figures: self
                    .topics
                    .iter()
                    .filter(|(other, _)| *other == topic)
                    .flat_map(|(_, figures)| figures.iter().map(|figure| self.view(figure)))
                    .collect(),
                note: texts.text(explanations::note(topic)),
                flags: explanations::flags(texts, run),
                method_href: Page::Method.file(self.language()),
            }
            .render(),
            Page::Method => MethodPage {
                layout,
                sections: explanations::method(texts, run),
                flags: explanations::flags(texts, run),
                facts: explanations::run(texts, run),
            }
            .render(),
            Page::Edition => EditionPage::new(layout, self.source, self.lineage).render(),
            Page::Data => DataPage::new(layout, self, material, data).render(),
        }
    }

    /// One message for each topic, two for the topics that speak of women and men apart.
    pub fn findings(&self) -> Vec<Finding> {
        self.topics
            .iter()
            .flat_map(|(topic, figures)| figures.iter().take(2).map(move |figure| (*topic, figure)))
            .map(|(topic, drawn)| Finding {
                headline: drawn.figure.caption.title.clone(),
                topic: self.source.texts.text(topic.keys().0),
                href: Page::Topic(topic).file(self.language()),
            })
            .collect()
    }

    /// The site in one sentence: its first finding, or that there is none.
    pub fn summary(&self) -> String {
        let first = self.findings().into_iter().next();
        first.map_or_else(|| self.source.texts.text("no-figures"), |finding| finding.headline)
    }

    fn view<'a>(&self, drawn: &'a DrawnFigure) -> FigureView<'a> {
        let picture = |scene: &Scene, suffix: &str| PictureView {
            href: self.picture_path(drawn, suffix, "svg"),
            width: scene.width.ceil() as u32,
            height: scene.height.ceil() as u32,
        };
        FigureView {
            name: &drawn.figure.name,
            table_name: format!("{}-tabella", drawn.figure.name),
            headline: &drawn.figure.caption.title,
            alternative: &drawn.figure.alternative,
            wide: picture(&drawn.wide, ""),
            narrow: picture(&drawn.narrow, "-stretto"),
            png: self.picture_path(drawn, "", "png"),
            share: self.picture_path(drawn, "-condividi", "png"),
            csv: table_path(&drawn.figure),
            table: &drawn.figure.table,
        }
    }
}
