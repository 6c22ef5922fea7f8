//! Estimates as an analyst and an editor read them before anybody else: counted, narrowed, compared.

use std::collections::BTreeMap;

use askama::Template;
use questionnaires::{Label, Language, instrument, target_group};

use crate::{
    release::{
        comparison::{Change, Comparison},
        routes::release_path,
        store::Release,
        table::{Filter, Group, Named, PAGE, Review, Row, Standing, field},
    },
    web::{form::encoded_pairs, layout::Page, visit::Visit},
};

type Activities = BTreeMap<(String, String), [String; 2]>;

/// Which numbers of a release are reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::release) enum Reviewed {
    /// Time use.
    Estimates,
    /// Answers to questionnaires.
    Answers,
}

impl Reviewed {
    /// The last part of the page's address.
    fn address(self) -> &'static str {
        match self {
            Reviewed::Estimates => "tabelle",
            Reviewed::Answers => "risposte",
        }
    }

    /// The keys of the page's title, of its counts, of what tells rows apart, and of what it says when it has none.
    fn keys(self) -> [&'static str; 4] {
        match self {
            Reviewed::Estimates => ["release-review-title", "release-counts", "release-measure", "release-no-numbers"],
            Reviewed::Answers => {
                ["release-answers-title", "release-answers-counts", "release-question", "release-no-answers"]
            }
        }
    }
}

/// The numbers of a release.
#[derive(Template)]
#[template(path = "release/review.html")]
pub(in crate::release) struct ReviewPage {
    page: Page,
    release: String,
    back: String,
    path: String,
    counts_title: String,
    measure: String,
    nothing: String,
    standings: Vec<String>,
    counts: Vec<CountView>,
    measures: Vec<ChoiceView>,
    groups: Vec<ChoiceView>,
    standing_choices: Vec<ChoiceView>,
    found: String,
    rows: Vec<RowView>,
    earlier: Option<String>,
    later: Option<String>,
    names: FieldNames,
}

struct FieldNames {
    measure: &'static str,
    group: &'static str,
    standing: &'static str,
}

struct CountView {
    measure: String,
    counts: Vec<String>,
}

struct ChoiceView {
    value: String,
    text: String,
    is_chosen: bool,
}

struct RowView {
    about: String,
    value: String,
    interval: String,
    n: String,
    standing: String,
    is_hidden: bool,
}

impl ReviewPage {
    pub(in crate::release) fn new(
        visit: &Visit,
        release: &Release,
        reviewed: Reviewed,
        filter: &Filter,
        review: &Review,
    ) -> ReviewPage {
        let path = format!("{}/{}", release_path(&release.release_id), reviewed.address());
        let [title, counts_title, measure, nothing] = reviewed.keys().map(|key| visit.text(key));
        let words = Words { visit, activities: &review.activities, questions: &review.questions };
        let count = |(measure, counts): &(String, BTreeMap<Standing, usize>)| CountView {
            measure: words.measure(measure),
            counts: Standing::ALL
                .iter()
                .map(|standing| whole(visit, counts.get(standing).copied().unwrap_or(0)))
                .collect(),
        };
        let n_pages = review.n_found.div_ceil(PAGE).max(1);
        let page_link = |page: usize| format!("{path}?{}", query(filter, page));
        let found = [
            ("found", whole(visit, review.n_found).into()),
            ("page", (filter.page + 1).to_string().into()),
            ("pages", n_pages.to_string().into()),
        ];
        ReviewPage {
            page: visit.page(title),
            counts_title,
            measure,
            nothing,
            release: release.title.clone(),
            back: release_path(&release.release_id),
            standings: Standing::ALL.iter().map(|standing| words.standing(*standing)).collect(),
            counts: review.counts.iter().map(count).collect(),
            measures: review
                .counts
                .iter()
                .map(|(measure, _)| ChoiceView {
                    value: measure.clone(),
                    text: words.measure(measure),
                    is_chosen: filter.measure.as_ref() == Some(measure),
                })
                .collect(),
            groups: review
                .groups
                .iter()
                .map(|group| ChoiceView {
                    value: group.value(),
                    text: words.group(group),
                    is_chosen: filter.group.as_ref() == Some(group),
                })
                .collect(),
            standing_choices: Standing::ALL
                .iter()
                .map(|standing| ChoiceView {
                    value: standing.name().to_owned(),
                    text: words.standing(*standing),
                    is_chosen: filter.standing == Some(*standing),
                })
                .collect(),
            found: visit.texts.text_with("release-review-found", &found),
            rows: review.rows.iter().map(|row| words.row(row)).collect(),
            earlier: (filter.page > 0).then(|| page_link(filter.page)),
            later: (filter.page + 1 < n_pages).then(|| page_link(filter.page + 2)),
            names: FieldNames { measure: field::MEASURE, group: field::GROUP, standing: field::STANDING },
            path,
        }
    }
}

/// The address of a page of the filtered rows, counted from 1.
fn query(filter: &Filter, page: usize) -> String {
    let group = filter.group.as_ref().map(Group::value).unwrap_or_default();
    let standing = filter.standing.map(Standing::name).unwrap_or_default();
    let page = page.to_string();
    encoded_pairs(&[
        (field::MEASURE, filter.measure.as_deref().unwrap_or_default()),
        (field::GROUP, &group),
        (field::STANDING, standing),
        (field::PAGE, &page),
    ])
}

/// What has changed since the newest edition.
#[derive(Template)]
#[template(path = "release/comparison.html")]
pub(in crate::release) struct ComparisonPage {
    page: Page,
    release: String,
    back: String,
    is_first: bool,
    counts: Vec<(String, String)>,
    changes: Vec<ChangeView>,
    largest: String,
}

struct ChangeView {
    about: String,
    fate: String,
    before: String,
    after: String,
}

impl ComparisonPage {
    pub(in crate::release) fn new(
        visit: &Visit,
        release: &Release,
        comparison: Option<&Comparison>,
        activities: &Activities,
    ) -> ComparisonPage {
        let words = Words { visit, activities, questions: &BTreeMap::new() };
        let counts = |comparison: &Comparison| {
            [
                ("same", comparison.n_same),
                ("changed", comparison.n_changed),
                ("new", comparison.n_new),
                ("gone", comparison.n_gone),
                ("shown", comparison.n_shown),
                ("hidden", comparison.n_hidden),
            ]
            .map(|(fate, n)| (visit.text(&format!("release-fate-{fate}")), whole(visit, n)))
            .into()
        };
        let change = |change: &Change| ChangeView {
            about: words.about(&change.row),
            fate: visit.text(&format!("release-fate-{}", change.fate)),
            before: words.number(change.before, &change.row.unit),
            after: words.number(change.after, &change.row.unit),
        };
        let changes: Vec<ChangeView> =
            comparison.map(|comparison| comparison.changes.iter().map(change).collect()).unwrap_or_default();
        ComparisonPage {
            page: visit.page(visit.text("release-comparison-title")),
            release: release.title.clone(),
            back: release_path(&release.release_id),
            is_first: comparison.is_none(),
            counts: comparison.map(counts).unwrap_or_default(),
            largest: visit.texts.text_with("release-comparison-largest", &[("n", changes.len().to_string().into())]),
            changes,
        }
    }
}

/// The label of a zone that the questionnaire offers, by its code in the estimates; others go by their code.
fn zone(code: &str) -> Option<&'static Label> {
    let option = instrument::individual().question("zone")?.option(code.strip_prefix("zone_")?)?;
    Some(&option.label)
}

/// Rows in the words of the page's language.
struct Words<'a> {
    visit: &'a Visit,
    activities: &'a Activities,
    questions: &'a BTreeMap<String, Named>,
}

impl Words<'_> {
    fn measure(&self, indicator: &str) -> String {
        let Some(question) = self.questions.get(indicator) else {
            return self.visit.text(&format!("release-measure-{indicator}"));
        };
        let [it, en] = &question.texts;
        let text = if self.visit.texts.language == Language::En { en } else { it };
        match question.day.as_str() {
            "" => text.clone(),
            day => format!("{text} · {}", self.visit.text(&format!("release-day-{day}"))),
        }
    }

    fn standing(&self, standing: Standing) -> String {
        self.visit.text(&format!("release-standing-{}", standing.name()))
    }

    fn group(&self, group: &Group) -> String {
        match group {
            Group::Sex(sex) => self.visit.text(if sex == "F" { "release-women" } else { "release-men" }),
            Group::Age(age) => self.visit.texts.text_with("release-age", &[("age", age.as_str().into())]),
            Group::Target(name) => {
                let group = target_group::all().iter().find(|group| group.name == *name).map(|group| &group.label);
                let label = group.or_else(|| zone(name));
                label.map_or_else(|| name.clone(), |label| label.text(self.visit.texts.language).to_owned())
            }
        }
    }

    /// What a row is about: the measure, the activity, whom, when.
    fn about(&self, row: &Row) -> String {
        let names = self.activities.get(&(row.timeline.clone(), row.activity.clone()));
        let activity = names.map(|[it, en]| if self.visit.texts.language == Language::En { en } else { it });
        let everybody = |value: &&String| *value != "all";
        let whom = [
            Some(&row.sex).filter(everybody).map(|sex| Group::Sex(sex.clone())),
            Some(&row.age_group).filter(everybody).map(|age| Group::Age(age.clone())),
            Some(&row.target_group).filter(everybody).map(|name| Group::Target(name.clone())),
        ];
        let slot = row.slot.map(|slot| {
            let minutes = (slot * 10 + 4 * 60) % (24 * 60);
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        });
        let day = Some(&row.day).filter(|day| *day != "average");
        let timeline = Some(&row.timeline).filter(|timeline| *timeline != "main");
        let parts = std::iter::once(self.measure(&row.indicator))
            .chain(timeline.map(|timeline| self.visit.text(&format!("release-timeline-{timeline}"))))
            .chain(activity.filter(|name| !name.is_empty()).cloned())
            .chain(whom.iter().flatten().map(|group| self.group(group)))
            .chain(day.map(|day| self.visit.text(&format!("release-day-{day}"))))
            .chain(slot);
        parts.collect::<Vec<_>>().join(" · ")
    }

    fn row(&self, row: &Row) -> RowView {
        let standing = row.standing();
        let interval =
            row.ci_low.zip(row.ci_high).map(|(low, high)| format!("{} – {}", self.plain(low), self.plain(high)));
        let is_hidden = !matches!(standing, Standing::Good | Standing::Care);
        RowView {
            about: self.about(row),
            value: self.number(row.value, &row.unit),
            interval: interval.unwrap_or_else(|| "–".to_owned()),
            // The count of a withheld row would tell what is withheld.
            n: if row.n == 0 {
                "–".to_owned()
            } else {
                whole(self.visit, usize::try_from(row.n).unwrap_or(usize::MAX))
            },
            standing: self.standing(standing),
            is_hidden,
        }
    }

    fn number(&self, value: Option<f64>, unit: &str) -> String {
        match value {
            Some(value) => format!("{} {}", self.plain(value), self.visit.text(&format!("release-unit-{unit}"))),
            None => "–".to_owned(),
        }
    }

    /// A number with two decimals and the language's sign between them.
    fn plain(&self, value: f64) -> String {
        let text = format!("{value:.2}").replace('-', "−");
        if self.visit.texts.language == Language::En { text } else { text.replace('.', ",") }
    }
}

/// A whole number with the language's sign between thousands.
fn whole(visit: &Visit, number: usize) -> String {
    let separator = if visit.texts.language == Language::En { "," } else { "." };
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(separator)
}
