//! Themes: what a council speaks of, laid over the activities: paid work, care, free time, mobility, time for oneself.
//! A theme exists where the activities are the main groups of the Activity Coding List.

use analytics::table::{EstimateRow, Indicator};
use questionnaires::Language;

use crate::chart::Chart;
use crate::figure::bands::is_coding_list;
use crate::figure::gap::{self, Gaps};
use crate::figure::reading::Reading;
use crate::figure::source::{Sex, Source};
use crate::figure::table::{Cell, Table, TableRow};
use crate::figure::{Figure, ages, groups, rhythm, week};
use crate::number;

/// A theme; each has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Theme {
    /// Employment.
    PaidWork,
    /// Home and family.
    Care,
    /// Volunteering, social life, sport, hobbies, media: the same that pictures of a day show as free time.
    FreeTime,
    /// Travel.
    Mobility,
    /// Sleep, meals, personal care.
    Oneself,
}

/// Whether anything can be read off a figure: of groups compared, at least two.
fn shows_something(figure: &Figure) -> bool {
    let mut shown = figure.rows.iter().filter(|row| Reading::of(row).interval().is_some());
    match figure.chart {
        Chart::Dots(_) => shown.filter(|row| row.target_group != "all").count() > 1,
        Chart::Gap(_) => shown.any(|row| row.indicator == Indicator::TimeGap),
        _ => shown.next().is_some(),
    }
}

impl Theme {
    /// All themes, in the order of the site.
    pub const ALL: [Theme; 5] = [Theme::PaidWork, Theme::Care, Theme::FreeTime, Theme::Mobility, Theme::Oneself];

    /// Main groups of the Activity Coding List that belong to it.
    fn codes(self) -> &'static [&'static str] {
        match self {
            Theme::PaidWork => &["1"],
            Theme::Care => &["3"],
            Theme::FreeTime => &["4", "5", "6", "7", "8"],
            Theme::Mobility => &["9"],
            Theme::Oneself => &["0"],
        }
    }

    /// The page's file name without ending.
    pub fn slug(self, language: Language) -> &'static str {
        match (self, language) {
            (Theme::PaidWork, Language::It | Language::Ar) => "lavoro-retribuito",
            (Theme::PaidWork, Language::En) => "paid-work",
            (Theme::Care, Language::It | Language::Ar) => "cura",
            (Theme::Care, Language::En) => "care",
            (Theme::FreeTime, Language::It | Language::Ar) => "tempo-libero",
            (Theme::FreeTime, Language::En) => "free-time",
            (Theme::Mobility, Language::It | Language::Ar) => "spostamenti",
            (Theme::Mobility, Language::En) => "mobility",
            (Theme::Oneself, Language::It | Language::Ar) => "tempo-per-se",
            (Theme::Oneself, Language::En) => "time-for-oneself",
        }
    }

    /// The keys of its title and of its introduction.
    pub fn keys(self) -> (&'static str, &'static str) {
        match self {
            Theme::PaidWork => ("theme-paid-work-title", "theme-paid-work-lead"),
            Theme::Care => ("theme-care-title", "theme-care-lead"),
            Theme::FreeTime => ("theme-free-time-title", "theme-free-time-lead"),
            Theme::Mobility => ("theme-mobility-title", "theme-mobility-lead"),
            Theme::Oneself => ("theme-oneself-title", "theme-oneself-lead"),
        }
    }

    /// Its figures: what it is made of, the groups, the hours, the week and the ages of its largest activity.
    pub fn figures<'a>(self, source: &Source<'a>) -> Vec<Figure<'a>> {
        if source.top_activities().is_empty() || !is_coding_list(&source.top_activities()) {
            return Vec::new();
        }
        let largest = self.largest(source);
        let of_largest = largest.map(|activity| {
            [
                groups::of_activity(source, activity),
                rhythm::figure(source, activity),
                week::figure(source, activity),
                ages::pyramid(source, activity),
            ]
        });
        let figures = self.parts(source).into_iter().chain(of_largest.into_iter().flatten().flatten());
        figures.filter(shows_something).collect()
    }

    /// Women's and men's time on its activities: the finer ones, or its main groups where the estimates have no finer ones.
    fn parts<'a>(self, source: &Source<'a>) -> Option<Figure<'a>> {
        let rows = |indicator: Indicator, sex: Sex| -> Vec<&'a EstimateRow> {
            let of = |code: &str| source.number(indicator, code, sex, "all");
            let finer: Vec<_> = source.parts_of(self.codes()).iter().filter_map(|part| of(&part.code)).collect();
            if finer.is_empty() { self.codes().iter().filter_map(|code| of(code)).collect() } else { finer }
        };
        let gaps = Gaps {
            name: format!("tema-{}", self.slug(Language::It)),
            gaps: rows(Indicator::TimeGap, Sex::All),
            women: rows(Indicator::TimeSpent, Sex::Women),
            men: rows(Indicator::TimeSpent, Sex::Men),
            whom: None,
        };
        gap::figure(source, gaps)
    }

    /// The activity of the theme on which people spend most time.
    fn largest<'a>(self, source: &Source<'a>) -> Option<&'a str> {
        let minutes = |code: &str| {
            let row = source.number(Indicator::TimeSpent, code, Sex::All, "all");
            row.and_then(|row| Reading::of(row).interval()).map_or(-1.0, |interval| interval.value)
        };
        let activities = source.top_activities().into_iter().filter(|row| self.codes().contains(&row.code.as_str()));
        activities.map(|row| row.code.as_str()).min_by(|one, other| minutes(other).total_cmp(&minutes(one)))
    }

    /// How long and how many: its main groups, everybody, women and men.
    pub fn numbers(self, source: &Source) -> Table {
        let texts = source.texts;
        let cell = |indicator: Indicator, code: &str, sex: Sex| {
            let Some(row) = source.number(indicator, code, sex, "all") else { return Cell::words("–") };
            let reading = Reading::of(row);
            let words = reading.words(source, |value| match indicator {
                Indicator::ParticipationRate => number::percent(value, texts.language()),
                _ => number::duration(value, texts),
            });
            Cell { words, value: reading.interval().map(|interval| interval.value.to_string()) }
        };
        let row = |code: &&str| TableRow {
            header: source.activity(code),
            cells: [Indicator::TimeSpent, Indicator::ParticipationRate, Indicator::ParticipationTime]
                .into_iter()
                .flat_map(|indicator| [Sex::Women, Sex::Men].map(|sex| cell(indicator, code, sex)))
                .collect(),
        };
        let measures = ["measure-time-spent", "measure-participation-rate", "measure-participation-time"];
        Table {
            caption: texts.text("theme-numbers"),
            groups: std::iter::empty()
                .chain(measures.map(|key| crate::figure::table::ColumnGroup { label: texts.text(key), span: 2 }))
                .collect(),
            columns: std::iter::once("column-activity")
                .chain(measures.iter().flat_map(|_| ["column-women", "column-men"]))
                .map(|key| texts.text(key))
                .collect(),
            rows: self
                .codes()
                .iter()
                .filter(|code| source.top_activities().iter().any(|row| row.code == **code))
                .map(row)
                .collect(),
        }
    }
}
