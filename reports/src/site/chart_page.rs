//! The page of one figure: the chart, its numbers, what can be taken away, how it is read and how it is cited.

use askama::Template;
use chrono::Datelike;

use crate::chart::Chart;
use crate::figure::{Figure, Source};
use crate::number;
use crate::site::explanations::{self, Explanation};
use crate::site::layout::Layout;
use crate::site::pages::{FigureView, Way};
use crate::site::{Page, Site};

#[derive(Template)]
#[template(path = "chart.html")]
pub(super) struct ChartPage<'a> {
    layout: Layout<'a>,
    figure: FigureView<'a>,
    note: String,
    flags: Vec<Explanation>,
    method_href: String,
    citation: String,
    bibliography: String,
    /// The pages on which the figure stands.
    places: Vec<Way>,
    before: Option<Way>,
    after: Option<Way>,
}

impl<'a> ChartPage<'a> {
    pub(super) fn new(layout: Layout<'a>, site: &'a Site, place: usize) -> ChartPage<'a> {
        let Source { texts, estimates, .. } = *site.source;
        let figure = &site.figures[place].figure;
        let neighbours = site.neighbours(place);
        ChartPage {
            figure: site.view(place),
            note: texts.text(note(&figure.chart)),
            flags: explanations::flags(texts, &estimates.run),
            method_href: site.file(Page::Method),
            citation: citation(site, figure, layout.address.as_deref()),
            bibliography: bibliography(site, figure, layout.address.as_deref()),
            places: site.places(place),
            before: neighbours.0.map(|other| site.way_to_chart(other)),
            after: neighbours.1.map(|other| site.way_to_chart(other)),
            layout,
        }
    }
}

/// The key of the note on how to read a chart.
fn note(chart: &Chart) -> &'static str {
    match chart {
        Chart::Bars(_) | Chart::Day(_) | Chart::Trend(_) => "note-minutes",
        Chart::Gap(_) | Chart::Multiples(_) => "note-gap",
        Chart::Dots(_) => "note-groups",
        Chart::Tempogram(_) => "note-day",
        Chart::Lines(_) | Chart::Heat(_) | Chart::Pyramid(_) | Chart::Opening(_) | Chart::Likert(_) => "note-shares",
    }
}

/// How the figure is cited, with its address where the edition knows one.
fn citation(site: &Site, figure: &Figure, address: Option<&str>) -> String {
    let Source { texts, edition, estimates, .. } = *site.source;
    let words = texts.fill(
        "chart-citation",
        &[
            ("publisher", texts.label(&edition.publisher)),
            ("headline", &figure.caption.title),
            ("survey", texts.label(&estimates.run.title)),
            ("number", &edition.number.to_string()),
            ("date", &number::date(edition.date, texts)),
            ("name", &figure.name),
        ],
    );
    match address {
        Some(address) => format!("{words} {address}"),
        None => words,
    }
}

/// The same for programs that keep references: an entry of BibTeX.
fn bibliography(site: &Site, figure: &Figure, address: Option<&str>) -> String {
    let Source { texts, edition, estimates, .. } = *site.source;
    let number = edition.number.to_string();
    let date = edition.date;
    let mut lines = vec![
        format!("@misc{{tempi-{}-{number}-{},", date.year(), figure.name),
        format!("  author = {{{{{}}}}},", in_tex(texts.label(&edition.publisher))),
        format!("  title = {{{{{}}}}},", in_tex(&figure.caption.title)),
        format!("  year = {{{}}},", date.year()),
        format!("  month = {{{}}},", date.month()),
        format!(
            "  note = {{{}}},",
            in_tex(&texts.fill(
                "bibliography-note",
                &[("survey", texts.label(&estimates.run.title)), ("number", &number), ("name", &figure.name)],
            ))
        ),
    ];
    lines.extend(address.map(|address| format!("  url = {{{address}}},")));
    lines.push("}".to_owned());
    lines.join("\n")
}

/// Words for TeX: what it would take for a command is escaped.
fn in_tex(words: &str) -> String {
    words.chars().fold(String::new(), |mut text, letter| {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => text.extend(['\\', letter]),
            '\\' => text.push_str("\\textbackslash{}"),
            '~' => text.push_str("\\textasciitilde{}"),
            '^' => text.push_str("\\textasciicircum{}"),
            '\u{a0}' => text.push('~'),
            _ => text.push(letter),
        }
        text
    })
}

impl Site<'_> {
    /// The pages that show a figure among others, in the order of the site.
    fn pages_with(&self, figure: usize) -> Vec<Page> {
        let topics = self.topics.iter().map(|(topic, _)| Page::Topic(*topic));
        let themes = self.themes.iter().map(|(theme, _)| Page::Theme(*theme));
        let groups = (0..self.groups.len()).map(Page::Group);
        topics.chain(themes).chain(groups).filter(|page| self.figures_of(*page).contains(&figure)).collect()
    }

    fn places(&self, figure: usize) -> Vec<Way> {
        let way = |page| Way { href: self.file(page), label: self.title(page), words: String::new() };
        self.pages_with(figure).into_iter().map(way).collect()
    }

    /// The figures before and after one on the first page that shows it.
    fn neighbours(&self, figure: usize) -> (Option<usize>, Option<usize>) {
        let Some(page) = self.pages_with(figure).into_iter().next() else { return (None, None) };
        let figures = self.figures_of(page);
        let place = figures.iter().position(|other| *other == figure).unwrap_or_default();
        (place.checked_sub(1).map(|before| figures[before]), figures.get(place + 1).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::in_tex;

    #[test]
    fn words_for_tex_hold_no_command() {
        assert_eq!(in_tex("A & B: 5% {x}_1"), "A \\& B: 5\\% \\{x\\}\\_1");
        assert_eq!(in_tex("2\u{a0}h"), "2~h");
    }
}
