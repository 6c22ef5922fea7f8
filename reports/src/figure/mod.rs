//! Figures: from rows of the estimates to a message, a chart, a table and a file, in one language.
//! Nothing here draws or writes pages.

mod activities;
pub mod ages;
pub mod answers;
mod balance;
mod bands;
pub mod claim;
mod day;
mod gap;
mod groups;
pub mod needs;
pub mod opening;
pub mod portrait;
pub mod reading;
pub mod rhythm;
mod source;
pub mod table;
pub mod theme;
pub mod trend;
pub mod week;

use analytics::table::EstimateRow;
use questionnaires::Language;

use crate::chart::{Caption, Chart};

pub use claim::Claim;
pub use source::{Sex, Source};
pub use table::Table;
pub use theme::Theme;

/// A question that the results answer; each has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// How much time activities take.
    Activities,
    /// What people do at each hour.
    Day,
    /// Women and men.
    Gap,
    /// Target groups.
    Groups,
    /// Answers to the city's questionnaires.
    Needs,
    /// Themes; each has a page of its own.
    Themes,
}

impl Topic {
    /// All topics, in the order of the site.
    pub const ALL: [Topic; 6] = [Topic::Activities, Topic::Gap, Topic::Day, Topic::Themes, Topic::Groups, Topic::Needs];

    /// The name by which an edition's configuration orders it.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Activities => "activities",
            Topic::Day => "day",
            Topic::Gap => "gap",
            Topic::Groups => "groups",
            Topic::Needs => "needs",
            Topic::Themes => "themes",
        }
    }

    /// The page's file name without ending.
    pub fn slug(self, language: Language) -> &'static str {
        match (self, language) {
            (Topic::Activities, Language::It | Language::Ar) => "attivita",
            (Topic::Activities, Language::En) => "activities",
            (Topic::Day, Language::It | Language::Ar) => "ore-del-giorno",
            (Topic::Day, Language::En) => "hours-of-the-day",
            (Topic::Gap, Language::It | Language::Ar) => "donne-e-uomini",
            (Topic::Gap, Language::En) => "women-and-men",
            (Topic::Groups, Language::It | Language::Ar) => "gruppi",
            (Topic::Groups, Language::En) => "groups",
            (Topic::Needs, Language::It | Language::Ar) => "bisogni",
            (Topic::Needs, Language::En) => "needs",
            (Topic::Themes, Language::It | Language::Ar) => "temi",
            (Topic::Themes, Language::En) => "themes",
        }
    }

    /// The keys of its title, of its introduction, and of its name in the navigation.
    pub fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Topic::Activities => ("activities-title", "activities-lead", "activities-link"),
            Topic::Day => ("day-title", "day-lead", "day-link"),
            Topic::Gap => ("gap-title", "gap-lead", "gap-link"),
            Topic::Groups => ("groups-title", "groups-lead", "groups-link"),
            Topic::Needs => ("needs-title", "needs-lead", "needs-link"),
            Topic::Themes => ("themes-title", "themes-lead", "themes-link"),
        }
    }

    /// The figures of this topic; none where the estimates hold nothing for it. Figures of one name are the same figure,
    /// in whatever topic they stand.
    pub fn figures<'a>(self, source: &Source<'a>) -> Vec<Figure<'a>> {
        match self {
            Topic::Activities => {
                together([activities::figures(source), balance::figures(source), trend::figures(source)])
            }
            Topic::Day => together([day::figures(source), rhythm::figures(source), week::figures(source)]),
            Topic::Gap => {
                let by_age = ages::panels(source).into_iter().chain(ages::pyramids(source));
                together([gap::figures(source), by_age.collect()])
            }
            Topic::Groups => groups::figures(source),
            Topic::Needs => needs::figures(source),
            Topic::Themes => Theme::ALL.into_iter().flat_map(|theme| theme.figures(source)).collect(),
        }
    }
}

fn together<'a, const N: usize>(figures: [Vec<Figure<'a>>; N]) -> Vec<Figure<'a>> {
    figures.into_iter().flatten().collect()
}

/// One figure in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure<'a> {
    /// Stem of its files' names; the same in every language.
    pub name: String,
    /// Its message, the words around it.
    pub caption: Caption,
    /// What kind of chart it is and what it says, for those who do not see it.
    pub alternative: String,
    /// The main numbers in words.
    pub description: String,
    /// What is drawn.
    pub chart: Chart,
    /// The same numbers as a table.
    pub table: Table,
    /// The estimates behind it; none where it was made of other numbers, which its table then holds.
    pub rows: Vec<&'a EstimateRow>,
    /// What its message claims; none where it only describes, or says that nothing is certain.
    pub claim: Option<Claim>,
}

impl Figure<'_> {
    /// All the words of the picture besides its message, for a reader that cannot see them drawn: whether the data are
    /// synthetic, the measure and its unit, the main numbers, the population, the persons and the source.
    pub fn spoken(&self) -> String {
        let notice = self.caption.notice.iter().map(|notice| format!("{notice}."));
        let around = [&self.caption.subtitle, &self.description].into_iter().chain(&self.caption.footer).cloned();
        notice.chain(around).collect::<Vec<_>>().join(" ")
    }
}
