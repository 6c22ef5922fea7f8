//! The categories of a run: the classification's activities, and those of the other timelines, whose rules are data
//! (`data/categories.toml`). Which episodes belong to which category; nothing here adds up minutes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use questionnaires::{Companion, Label, Location};
use serde::Deserialize;

use super::membership::{EpisodeField, FieldValues, Membership};
use crate::snapshot::{Episode, Snapshot};
use crate::table::{CategoryRow, ClassificationRow, Timeline};
use crate::time_budget::Members;

/// A category of `data/categories.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    timeline: Timeline,
    code: String,
    #[serde(default = "coarsest")]
    level: u8,
    label: Label,
    rule: Option<Rule>,
}

fn coarsest() -> u8 {
    1
}

/// Which moments belong to a category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// Codes of the main activity, by classification.
    Main(BTreeMap<String, String>),
    /// Codes of the secondary activity.
    Secondary(String),
    /// Codes of company, any of which is there.
    WithWhom(String),
    /// Codes of place or transport.
    Location(String),
    /// `1` or `0`.
    Device(String),
    /// The field is empty.
    NotStated(Field),
    /// Categories of the same timeline, any of which is under way.
    AnyOf(Vec<String>),
}

/// A field of a diary that may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Field {
    WithWhom,
    Location,
    Device,
}

static LIST: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        category: Vec<Listed>,
    }
    let file: File = toml::from_str(include_str!("../../data/categories.toml"))
        .expect("the embedded categories are well formed; a test reads them");
    file.category
});

/// The categories of one timeline, and what tells which of them an episode belongs to.
#[derive(Debug)]
pub struct Categories {
    /// The categories, the coarser levels first.
    pub rows: Vec<CategoryRow>,
    tests: Vec<Vec<Test>>,
}

/// A condition on an episode.
#[derive(Debug, Clone)]
enum Test {
    Main(Members),
    Secondary(Members),
    WithWhom(Members),
    Location(Members),
    Device(bool),
    NotStated(Field),
}

impl Categories {
    /// The categories of `timeline` that the snapshot can tell: none where it is nowhere filled in.
    pub fn of(timeline: Timeline, snapshot: &Snapshot) -> Categories {
        let is_filled = |is_in: fn(&Episode) -> bool| snapshot.episodes.iter().any(is_in);
        let mut categories = match timeline {
            Timeline::Main => Categories::of_classification(Timeline::Main, &snapshot.classification),
            Timeline::Any if is_filled(|episode| episode.secondary.is_some()) => {
                Categories::of_classification(Timeline::Any, &snapshot.classification)
            }
            Timeline::WithWhom if is_filled(|episode| !episode.with_whom.is_empty()) => {
                let companions = Companion::ALL.map(|one| (one.code().to_string(), one.label()));
                Categories::listed(timeline, snapshot).with(timeline, companions, Test::WithWhom)
            }
            Timeline::Location
                if is_filled(|episode| episode.location.is_some_and(|place| place != Location::UNSPECIFIED)) =>
            {
                let specified = Location::all().filter(|place| !place.is_unspecified() || place.is_transport());
                let places = specified.map(|place| (place.code(), place.label()));
                Categories::listed(timeline, snapshot).with(timeline, places, Test::Location)
            }
            Timeline::Device if is_filled(|episode| episode.device.is_some()) => Categories::listed(timeline, snapshot),
            Timeline::Derived | Timeline::Shared => Categories::listed(timeline, snapshot),
            _ => Categories { rows: Vec::new(), tests: Vec::new() },
        };
        categories.sort();
        categories
    }

    fn of_classification(timeline: Timeline, classification: &[ClassificationRow]) -> Categories {
        let row = |activity: &ClassificationRow| CategoryRow {
            timeline,
            code: activity.code.clone(),
            level: activity.level,
            label_it: activity.label_it.clone(),
            label_en: activity.label_en.clone(),
            members: activity.members.clone(),
        };
        let tests = |activity: &ClassificationRow| {
            let members = Members::parse(&activity.members);
            match timeline {
                Timeline::Any => vec![Test::Main(members.clone()), Test::Secondary(members)],
                _ => vec![Test::Main(members)],
            }
        };
        // Finer activities of the secondary field are too rare to be worth their columns.
        let is_kept = |activity: &&ClassificationRow| timeline == Timeline::Main || activity.level <= 2;
        Categories {
            rows: classification.iter().filter(is_kept).map(row).collect(),
            tests: classification.iter().filter(is_kept).map(tests).collect(),
        }
    }

    /// Those of the list that this snapshot's fields and classification can tell.
    fn listed(timeline: Timeline, snapshot: &Snapshot) -> Categories {
        let classification = &snapshot.manifest.description.classification;
        let mut categories = Categories { rows: Vec::new(), tests: Vec::new() };
        for listed in LIST.iter().filter(|listed| listed.timeline == timeline) {
            let rules = expanded(listed);
            let told: Option<Vec<(String, Test)>> = rules.iter().map(|rule| test(rule, classification)).collect();
            let Some(told) = told.filter(|told| told.iter().all(|(_, test)| is_told(test, snapshot))) else { continue };
            let (members, tests): (Vec<String>, Vec<Test>) = told.into_iter().unzip();
            categories.rows.push(CategoryRow {
                timeline,
                code: listed.code.clone(),
                level: listed.level,
                label_it: listed.label.it.clone(),
                label_en: listed.label.en.clone(),
                members: members.join(" ").trim().to_owned(),
            });
            categories.tests.push(tests);
        }
        categories
    }

    /// Adds the codes of a field themselves, as level 2.
    fn with<'a>(
        mut self,
        timeline: Timeline,
        codes: impl IntoIterator<Item = (String, &'a Label)>,
        test: fn(Members) -> Test,
    ) -> Categories {
        for (code, label) in codes {
            self.tests.push(vec![test(Members::parse(&code))]);
            self.rows.push(CategoryRow {
                timeline,
                level: 2,
                label_it: label.it.clone(),
                label_en: label.en.clone(),
                members: code.clone(),
                code,
            });
        }
        self
    }

    /// Adds the activities of one level of a classification, as level 2; no episode belongs to them by itself.
    pub fn with_activities(mut self, classification: &[ClassificationRow], level: u8) -> Categories {
        for activity in classification.iter().filter(|activity| activity.level == level) {
            self.tests.push(Vec::new());
            self.rows.push(CategoryRow {
                timeline: Timeline::Shared,
                code: activity.code.clone(),
                level: 2,
                label_it: activity.label_it.clone(),
                label_en: activity.label_en.clone(),
                members: activity.members.clone(),
            });
        }
        self
    }

    /// Makes up the listed category `code`, which has no rule of its own, of these activities; without any it is left
    /// out.
    pub fn made_up_of(mut self, code: &str, activities: &[&ClassificationRow]) -> Categories {
        let Some(place) = self.place(code) else { return self };
        if activities.is_empty() {
            self.rows.remove(place);
            self.tests.remove(place);
            return self;
        }
        let members: Vec<&str> = activities.iter().map(|activity| activity.members.as_str()).collect();
        self.rows[place].members = members.join(" ");
        self.tests[place] = members.iter().map(|members| Test::Main(Members::parse(members))).collect();
        self
    }

    fn sort(&mut self) {
        let mut both: Vec<(CategoryRow, Vec<Test>)> =
            std::mem::take(&mut self.rows).into_iter().zip(std::mem::take(&mut self.tests)).collect();
        both.sort_by_key(|(row, _)| row.level);
        (self.rows, self.tests) = both.into_iter().unzip();
    }

    /// The place of a code among the rows.
    pub fn place(&self, code: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.code == code)
    }

    /// Prepares to tell, for every episode of the snapshot, the categories it belongs to.
    pub(super) fn membership(&self, snapshot: &Snapshot, values: &FieldValues) -> Membership {
        let location_of = |number: usize| values.locations.iter().find(|(other, _)| *other == number);
        let company_of = |number: usize| values.companies.iter().find(|(other, _)| *other == number);
        Membership::new(values, |field, number| {
            let holds = |test: &Test| match (field, test) {
                (EpisodeField::Main, Test::Main(members)) => members.contain(&snapshot.activity_codes[number]),
                (EpisodeField::Secondary, Test::Secondary(members)) => {
                    number.checked_sub(1).is_some_and(|code| members.contain(&snapshot.activity_codes[code]))
                }
                (EpisodeField::Location, test) => match (test, location_of(number)) {
                    (Test::Location(members), Some((_, Some(location)))) => members.contain(&location.code()),
                    (Test::NotStated(Field::Location), Some((_, None))) => true,
                    _ => false,
                },
                (EpisodeField::WithWhom, test) => match (test, company_of(number)) {
                    (Test::WithWhom(members), Some((_, company))) => {
                        company.iter().any(|one| members.contain(&one.code().to_string()))
                    }
                    (Test::NotStated(Field::WithWhom), Some((_, company))) => company.is_empty(),
                    _ => false,
                },
                (EpisodeField::Device, Test::Device(in_use)) => number == 1 + usize::from(*in_use),
                (EpisodeField::Device, Test::NotStated(Field::Device)) => number == 0,
                _ => false,
            };
            (0..self.tests.len()).filter(|place| self.tests[*place].iter().any(holds)).collect()
        })
    }
}

/// The simple rules of a category: a union stands for its parts'.
fn expanded(listed: &Listed) -> Vec<Rule> {
    let Some(Rule::AnyOf(parts)) = &listed.rule else { return listed.rule.iter().cloned().collect() };
    let is_part = |other: &&Listed| other.timeline == listed.timeline && parts.contains(&other.code);
    LIST.iter().filter(is_part).flat_map(expanded).collect()
}

/// What a simple rule asks of an episode, with its codes; `None` where it holds for other classifications only.
fn test(rule: &Rule, classification: &str) -> Option<(String, Test)> {
    let members = |text: &String, test: fn(Members) -> Test| Some((text.clone(), test(Members::parse(text))));
    match rule {
        Rule::Main(by_classification) => members(by_classification.get(classification)?, Test::Main),
        Rule::Secondary(text) => members(text, Test::Secondary),
        Rule::WithWhom(text) => members(text, Test::WithWhom),
        Rule::Location(text) => members(text, Test::Location),
        Rule::Device(code) => Some((code.clone(), Test::Device(code == "1"))),
        Rule::NotStated(field) => Some((String::new(), Test::NotStated(*field))),
        Rule::AnyOf(_) => None,
    }
}

/// Whether the field that a test asks for is filled in anywhere.
fn is_told(test: &Test, snapshot: &Snapshot) -> bool {
    match test {
        Test::Secondary(_) => snapshot.episodes.iter().any(|episode| episode.secondary.is_some()),
        Test::WithWhom(_) => snapshot.episodes.iter().any(|episode| !episode.with_whom.is_empty()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed_and_its_unions_have_parts() {
        for listed in LIST.iter() {
            let same = LIST.iter().filter(|other| (other.timeline, &other.code) == (listed.timeline, &listed.code));
            assert_eq!(same.count(), 1, "{listed:?}");
            assert_ne!(listed.label.it, listed.label.en, "{listed:?}");
            if let Some(Rule::AnyOf(parts)) = &listed.rule {
                let known =
                    |part: &String| LIST.iter().any(|other| other.timeline == listed.timeline && other.code == *part);
                assert!(parts.iter().all(known), "{listed:?}");
            }
        }
    }

    #[test]
    fn paid_and_unpaid_work_domestic_work_and_care_do_not_overlap_and_free_time_is_no_work() {
        let of = |code: &str, classification: &str| -> Vec<Members> {
            let listed = LIST.iter().find(|one| one.timeline == Timeline::Derived && one.code == code);
            let rules = expanded(listed.expect("a category"));
            let members = rules.iter().filter_map(|rule| test(rule, classification));
            members.map(|(text, _)| Members::parse(&text)).collect()
        };
        for activity in questionnaires::activity::at_level(3) {
            let code = activity.code.as_str();
            let holds = |category: &str| of(category, "ACL 2018").iter().any(|members| members.contain(code));
            let parts = ["paid_work", "domestic", "care", "free_time", "personal_care"];
            assert!(parts.iter().filter(|part| holds(part)).count() <= 1, "{code}");
            assert_eq!(holds("total_work"), holds("paid_work") || holds("unpaid_work"), "{code}");
            let household = code.starts_with('3') || ["936", "938", "939"].contains(&code);
            assert_eq!(holds("unpaid_work"), household, "{code}");
        }
    }
}
