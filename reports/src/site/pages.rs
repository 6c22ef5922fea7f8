//! The pages: what each shows, and the templates that write it.

use askama::Template;

use crate::figure::{Source, Table, Topic, portrait};
use crate::opendata::{Material, OpenData};
use crate::report::Report;
use crate::scene::Scene;
use crate::site::chart_page::ChartPage;
use crate::site::downloads::DataPage;
use crate::site::edition_page::EditionPage;
use crate::site::explanations::{self, Explanation};
use crate::site::explorer::ExplorerPage;
use crate::site::findings::Finding;
use crate::site::layout::Layout;
use crate::site::{DrawnFigure, Page, Site, table_path};

/// A table of more rows stands on the page of its figure only.
const MOST_ROWS: usize = 40;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    layout: Layout<'a>,
    facts: Vec<Explanation>,
    findings: Vec<Finding>,
    has_figures: bool,
    figure: Option<FigureView<'a>>,
    themes: Vec<Way>,
    groups: Vec<Way>,
}

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    layout: Layout<'a>,
    figures: Vec<FigureView<'a>>,
    ways_title: String,
    ways: Vec<Way>,
    note: String,
    flags: Vec<Explanation>,
    method_href: String,
}

/// A theme or a group: its numbers, its figures, and the ways to the others.
#[derive(Template)]
#[template(path = "portrait.html")]
struct PortraitPage<'a> {
    layout: Layout<'a>,
    numbers: Option<Table>,
    figures: Vec<FigureView<'a>>,
    /// Figures of other pages that speak of the same.
    beside_title: String,
    beside: Vec<Way>,
    others_title: String,
    others: Vec<Way>,
    note: String,
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

/// A link with what is found there.
pub(super) struct Way {
    pub href: String,
    pub label: String,
    pub words: String,
}

/// A figure as a page shows it. Paths start at the site's top.
pub(super) struct FigureView<'a> {
    pub name: &'a str,
    /// The page of the figure alone, beside the other pages.
    pub href: String,
    pub table_name: String,
    pub headline: &'a str,
    pub alternative: &'a str,
    pub wide: PictureView,
    pub narrow: PictureView,
    pub png: String,
    pub share: String,
    pub csv: String,
    pub table: &'a Table,
}

impl FigureView<'_> {
    /// Whether its table is short enough to stand beside others.
    fn has_short_table(&self) -> bool {
        self.table.rows.len() <= MOST_ROWS
    }
}

pub(super) struct PictureView {
    pub href: String,
    pub width: u32,
    pub height: u32,
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
        let Source { texts, estimates, .. } = *self.source;
        let run = &estimates.run;
        match page {
            Page::Home => HomePage {
                layout,
                facts: explanations::sample(self.source),
                findings: self.findings(),
                has_figures: !self.figures.is_empty(),
                figure: self.front_figure().map(|figure| self.view(figure)),
                themes: self.themes(None),
                groups: self.groups(None),
            }
            .render(),
            Page::Topic(topic) => TopicPage {
                layout,
                figures: self.views(page),
                ways_title: texts.text(match topic {
                    Topic::Groups => "groups-pages",
                    _ => "themes-pages",
                }),
                ways: match topic {
                    Topic::Themes => self.themes(None),
                    Topic::Groups => self.groups(None),
                    _ => Vec::new(),
                },
                note: texts.text(explanations::note(topic)),
                flags: explanations::flags(texts, run),
                method_href: self.file(Page::Method),
            }
            .render(),
            Page::Theme(theme) => PortraitPage {
                layout,
                numbers: Some(theme.numbers(self.source)),
                figures: self.views(page),
                beside_title: String::new(),
                beside: Vec::new(),
                others_title: texts.text("other-themes"),
                others: self.themes(Some(page)),
                note: texts.text("note-minutes"),
                method_href: self.file(Page::Method),
            }
            .render(),
            Page::Group(group) => PortraitPage {
                layout,
                numbers: portrait::numbers(self.source, self.groups[group].code),
                figures: self.views(page),
                beside_title: texts.text("groups-compared"),
                beside: self.comparisons(self.groups[group].code),
                others_title: texts.text("other-groups"),
                others: self.groups(Some(page)),
                note: texts.text("note-portrait"),
                method_href: self.file(Page::Method),
            }
            .render(),
            Page::Chart(figure) => ChartPage::new(layout, self, figure).render(),
            Page::Method => MethodPage {
                layout,
                sections: explanations::method(texts, run),
                flags: explanations::flags(texts, run),
                facts: explanations::run(texts, run),
            }
            .render(),
            Page::Edition => EditionPage::new(layout, self.source, self.lineage).render(),
            Page::Data => DataPage::new(layout, self, material, data).render(),
            Page::Explorer => ExplorerPage::new(layout, self, material).render(),
        }
    }

    /// The pages of themes but `this`, each with the message of its first figure.
    fn themes(&self, this: Option<Page>) -> Vec<Way> {
        let pages = self.themes.iter().map(|(theme, figures)| (Page::Theme(*theme), figures.as_slice()));
        self.ways(pages, this)
    }

    /// The pages of groups but `this`, each with the message of its first figure.
    fn groups(&self, this: Option<Page>) -> Vec<Way> {
        let pages = self.groups.iter().enumerate().map(|(place, group)| (Page::Group(place), group.figures.as_slice()));
        self.ways(pages, this)
    }

    fn ways<'s>(&'s self, pages: impl Iterator<Item = (Page, &'s [usize])>, this: Option<Page>) -> Vec<Way> {
        let others = pages.filter(|(page, _)| Some(*page) != this);
        let way = |(page, figures): (Page, &[usize])| Way {
            href: self.file(page),
            label: self.title(page),
            words: self.message_of(figures),
        };
        others.map(way).collect()
    }

    /// The figures that compare the group with others and are sure that some of them differ.
    fn comparisons(&self, group: &str) -> Vec<Way> {
        let compares = |drawn: &DrawnFigure| {
            let groups = || drawn.figure.rows.iter().map(|row| row.target_group.as_str()).filter(|code| *code != "all");
            groups().any(|code| code == group) && groups().any(|code| code != group)
        };
        let figures =
            self.figures.iter().enumerate().filter(|(_, drawn)| compares(drawn) && drawn.figure.claim.is_some());
        figures.map(|(place, _)| self.way_to_chart(place)).collect()
    }

    pub(super) fn way_to_chart(&self, figure: usize) -> Way {
        let page = Page::Chart(figure);
        Way { href: self.file(page), label: self.title(page), words: String::new() }
    }

    fn views(&self, page: Page) -> Vec<FigureView<'_>> {
        self.figures_of(page).into_iter().map(|figure| self.view(figure)).collect()
    }

    pub(super) fn view(&self, figure: usize) -> FigureView<'_> {
        let drawn = &self.figures[figure];
        let picture = |scene: &Scene, suffix: &str| PictureView {
            href: self.picture_path(drawn, suffix, "svg"),
            width: scene.width.ceil() as u32,
            height: scene.height.ceil() as u32,
        };
        FigureView {
            name: &drawn.figure.name,
            href: self.file(Page::Chart(figure)),
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
