//! The few findings that the front page tells, chosen by a rule that `docs/ARCHITECTURE.md` states: from each topic at most
//! one, the first by [`Claim::comes_before`], and no activity twice.

use serde::Serialize;

use crate::figure::reading::Reliability;
use crate::figure::{Claim, Topic};
use crate::site::{Page, Site};

/// A message and where its figure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub(super) headline: String,
    pub(super) topic: String,
    /// The page of the figure, relative to the pages of the same language.
    pub(super) href: String,
    /// Whether a number in it is to be used with care.
    #[serde(skip)]
    pub(super) is_unsure: bool,
}

impl Finding {
    /// What it says.
    pub fn headline(&self) -> &str {
        &self.headline
    }
}

impl Site<'_> {
    /// What the front page tells, in the order of the topics. Nothing where no message is certain.
    pub fn findings(&self) -> Vec<Finding> {
        let finding = |(topic, figure): (Topic, usize)| {
            let told = &self.figures[figure].figure;
            Finding {
                headline: told.caption.title.clone(),
                topic: self.source.texts.text(topic.keys().0),
                href: self.file(Page::Chart(figure)),
                is_unsure: told.claim.as_ref().is_some_and(|claim| claim.reliability == Reliability::Low),
            }
        };
        self.chosen().into_iter().map(finding).collect()
    }

    /// The figures whose messages are told, each with its topic.
    fn chosen(&self) -> Vec<(Topic, usize)> {
        let candidates = self.topics.iter().map(|(topic, figures)| {
            let figures: Vec<usize> = match topic {
                Topic::Themes => self.themes.iter().flat_map(|(_, figures)| figures.iter().copied()).collect(),
                _ => figures.clone(),
            };
            let claims =
                figures.into_iter().filter_map(|place| Some((place, self.figures[place].figure.claim.as_ref()?)));
            (*topic, claims.collect())
        });
        choose(candidates.collect())
    }

    /// The figure of the front page: what women and men give to the day is the question that the law asks first, so it is
    /// that of their topic's finding; else the first that is told, else the first of all.
    pub(super) fn front_figure(&self) -> Option<usize> {
        let chosen = self.chosen();
        let of_gap = chosen.iter().find(|(topic, _)| *topic == Topic::Gap).or(chosen.first());
        of_gap.map(|(_, figure)| *figure).or_else(|| (!self.figures.is_empty()).then_some(0))
    }

    /// What a page with these figures tells in one sentence: the message that comes first, or that of its first figure.
    pub(super) fn message_of(&self, figures: &[usize]) -> String {
        let claims = figures.iter().filter_map(|place| Some((*place, self.figures[*place].figure.claim.as_ref()?)));
        let first = choose(vec![((), claims.collect())]).first().map(|(_, place)| *place);
        let told = first.or(figures.first().copied());
        told.map(|place| self.figures[place].figure.caption.title.clone()).unwrap_or_default()
    }

    /// The site in one sentence: its first finding, or the first of its messages, or that there is none.
    pub fn summary(&self) -> String {
        let first = self.findings().into_iter().next().map(|finding| finding.headline);
        let any = || self.figures.first().map(|drawn| drawn.figure.caption.title.clone());
        first.or_else(any).unwrap_or_else(|| self.source.texts.text("no-figures"))
    }
}

/// From each topic the claim that comes first, of those about an activity that no topic before it has told.
fn choose<T, P: Copy>(topics: Vec<(T, Vec<(P, &Claim)>)>) -> Vec<(T, P)> {
    let mut told: Vec<&str> = Vec::new();
    let mut chosen = Vec::new();
    for (topic, claims) in topics {
        let fresh = claims.into_iter().filter(|(_, claim)| !told.contains(&claim.activity.as_str()));
        // The first of equals, in the order of the page.
        let first = fresh.reduce(|best, next| if next.1.comes_before(best.1).is_lt() { next } else { best });
        if let Some((place, claim)) = first {
            told.push(&claim.activity);
            chosen.push((topic, place));
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::claim::{Kind, Scale};

    fn claim(activity: &str, size: f64) -> Claim {
        Claim {
            activity: activity.to_owned(),
            kind: Kind::Difference,
            scale: Scale::Minutes,
            size,
            reach: 1.0,
            reliability: Reliability::Good,
        }
    }

    fn chosen(topics: &[&[Claim]]) -> Vec<(usize, usize)> {
        let candidates = topics.iter().map(|claims| claims.iter().enumerate().collect()).enumerate();
        choose(candidates.collect())
    }

    #[test]
    fn a_topic_tells_what_weighs_most() {
        let few = Claim { reach: 0.1, ..claim("1", 200.0) };
        assert_eq!(
            chosen(&[&[claim("2", 30.0), few, claim("3", 60.0)]]),
            [(0, 2)],
            "twenty minutes a head are not sixty"
        );
    }

    #[test]
    fn a_difference_comes_before_a_level_and_care_comes_last() {
        let level = Claim { kind: Kind::Level, ..claim("0", 600.0) };
        let unsure = Claim { reliability: Reliability::Low, ..claim("1", 300.0) };
        assert_eq!(chosen(&[&[unsure.clone(), level.clone(), claim("2", 5.0)]]), [(0, 2)]);
        assert_eq!(chosen(&[&[unsure.clone(), level]]), [(0, 1)]);
        assert_eq!(chosen(&[&[unsure]]), [(0, 0)], "an unsure number is told where there is no other");
    }

    #[test]
    fn points_of_an_hour_are_not_set_against_minutes_of_a_day() {
        let hour = Claim { scale: Scale::Points, ..claim("1", 90.0) };
        assert_eq!(chosen(&[&[hour, claim("2", 4.0)]]), [(0, 1)]);
    }

    #[test]
    fn no_activity_is_told_twice_and_a_topic_may_have_nothing_to_tell() {
        let care = || claim("3", 190.0);
        assert_eq!(chosen(&[&[care()], &[care(), claim("1", 20.0)], &[care()], &[]]), [(0, 0), (1, 1)]);
    }
}
