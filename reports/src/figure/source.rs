//! What figures are made from: the estimates, the edition, the words; and the questions all of them ask.

use std::collections::BTreeMap;

use analytics::table::{CategoryRow, EstimateRow, Estimates, GroupKind, Indicator, Timeline};
use questionnaires::Language;
use questionnaires::slot::SLOTS_PER_DAY;

use crate::chart::Caption;
use crate::chart::rows::Mark;
use crate::edition::Edition;
use crate::figure::reading::{Reading, Reliability};
use crate::number;
use crate::text::{Texts, inside_sentence};

/// The material of all figures of one language.
pub struct Source<'a> {
    /// The numbers.
    pub estimates: &'a Estimates,
    /// What the edition is called.
    pub edition: &'a Edition,
    /// The words.
    pub texts: &'a Texts,
    /// The numbers of the wave before, where there was one.
    pub before: Option<&'a Estimates>,
    labels: BTreeMap<&'a str, &'a str>,
    of_average_day: BTreeMap<(Indicator, &'a str, &'a str, &'a str), &'a EstimateRow>,
}

/// Whom a row is about; its text is the estimates' code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Everybody.
    All,
    /// Women.
    Women,
    /// Men.
    Men,
}

impl Sex {
    /// The code in the estimates.
    pub fn code(self) -> &'static str {
        match self {
            Sex::All => "all",
            Sex::Women => "F",
            Sex::Men => "M",
        }
    }
}

impl<'a> Source<'a> {
    /// The material of one language.
    pub fn new(estimates: &'a Estimates, edition: &'a Edition, texts: &'a Texts) -> Source<'a> {
        let label = |row: &'a CategoryRow| {
            let (first, second) = match texts.language() {
                Language::It | Language::Ar => (&row.label_it, &row.label_en),
                Language::En => (&row.label_en, &row.label_it),
            };
            [first, second, &row.code].into_iter().find(|label| !label.is_empty()).map_or("", String::as_str)
        };
        let labels = main_activities(estimates).map(|row| (row.code.as_str(), label(row))).collect();
        let of_average_day = estimates.rows.iter().filter(|row| {
            row.timeline == Timeline::Main && row.day == "average" && row.age_group == "all" && row.slot.is_none()
        });
        let of_average_day = of_average_day
            .map(|row| ((row.indicator, row.activity.as_str(), row.sex.as_str(), row.target_group.as_str()), row));
        Source { estimates, edition, texts, before: None, labels, of_average_day: of_average_day.collect() }
    }

    /// The same material with the numbers of the wave before.
    #[must_use]
    pub fn after(self, before: Option<&'a Estimates>) -> Source<'a> {
        Source { before, ..self }
    }

    /// The coarsest activities, in the order of the classification.
    pub fn top_activities(&self) -> Vec<&'a CategoryRow> {
        let top = self.top_level();
        main_activities(self.estimates).filter(|row| Some(row.level) == top).collect()
    }

    /// What the activity `code` is called.
    pub fn activity(&self, code: &str) -> String {
        self.labels.get(code).copied().unwrap_or(code).to_owned()
    }

    /// What the target group or zone `code` is called.
    pub fn group(&self, code: &str) -> String {
        let known = self.estimates.group(code);
        known.map_or(code, |group| group.label(self.texts.language())).to_owned()
    }

    /// Whether `code` is a group of this kind; everybody is of none.
    pub fn is_of_kind(&self, code: &str, kind: GroupKind) -> bool {
        self.estimates.group(code).is_some_and(|group| group.kind == kind)
    }

    /// The activities of the second level that belong to those of the coarsest level named by `codes`.
    pub fn parts_of(&self, codes: &[&str]) -> Vec<&'a CategoryRow> {
        let below = self.top_level().map(|top| top + 1);
        let is_part = |row: &&CategoryRow| codes.iter().any(|code| row.code.starts_with(code));
        main_activities(self.estimates).filter(|row| Some(row.level) == below).filter(is_part).collect()
    }

    /// The numbers of an activity of any level on the average day, at all ages: of everybody or of a group.
    pub fn number(&self, indicator: Indicator, activity: &str, sex: Sex, group: &str) -> Option<&'a EstimateRow> {
        self.of_average_day.get(&(indicator, activity, sex.code(), group)).copied()
    }

    /// The codes of the groups that estimates of the average day are about, in the order of the estimates.
    pub fn groups(&self) -> Vec<&'a str> {
        let mut groups: Vec<&str> = Vec::new();
        let rows = self.average_day(Indicator::TimeSpent).filter(|row| row.target_group != "all");
        for row in rows {
            if !groups.contains(&row.target_group.as_str()) {
                groups.push(&row.target_group);
            }
        }
        groups
    }

    /// Rows of the coarsest activities on the average day, at all ages.
    pub fn average_day(&self, indicator: Indicator) -> impl Iterator<Item = &'a EstimateRow> {
        let top = self.top_level();
        self.estimates.rows.iter().filter(move |row| {
            row.timeline == Timeline::Main
                && row.indicator == indicator
                && Some(row.level) == top
                && row.day == "average"
                && row.age_group == "all"
        })
    }

    /// Rows of the coarsest activities on the average day, by age.
    pub fn by_age(&self, indicator: Indicator) -> impl Iterator<Item = &'a EstimateRow> {
        let top = self.top_level();
        self.estimates.rows.iter().filter(move |row| {
            row.timeline == Timeline::Main
                && row.indicator == indicator
                && Some(row.level) == top
                && row.day == "average"
                && row.target_group == "all"
                && row.age_group != "all"
        })
    }

    /// The curve of an activity over the slots of a day: `all`, `F` or `M`; `average`, `weekday`, `saturday` or `sunday`.
    pub fn curve(&self, indicator: Indicator, activity: &str, sex: Sex, day: &str) -> Vec<Option<&'a EstimateRow>> {
        let mut slots = vec![None; SLOTS_PER_DAY];
        let of_curve = self.estimates.rows.iter().filter(|row| {
            row.timeline == Timeline::Main
                && row.indicator == indicator
                && row.activity == activity
                && row.sex == sex.code()
                && row.day == day
                && row.age_group == "all"
                && row.target_group == "all"
        });
        for row in of_curve {
            if let Some(place) = row.slot.and_then(|slot| slots.get_mut(usize::from(slot))) {
                *place = Some(row);
            }
        }
        slots
    }

    /// An age group as a label: `25–44 anni`, `65 anni e più`.
    pub fn age(&self, code: &str) -> String {
        self.age_in(code, "age-between", "age-from")
    }

    /// An age group in a sentence: `fra 25 e 44 anni`, `da 65 anni in su`.
    pub fn at_age(&self, code: &str) -> String {
        self.age_in(code, "at-age-between", "at-age-from")
    }

    fn age_in(&self, code: &str, between: &str, from: &str) -> String {
        match (code.split_once('-'), code.strip_suffix('+')) {
            (Some((low, high)), _) => self.texts.fill(between, &[("low", low), ("high", high)]),
            (None, Some(low)) => self.texts.fill(from, &[("low", low)]),
            (None, None) => code.to_owned(),
        }
    }

    fn top_level(&self) -> Option<u8> {
        main_activities(self.estimates).map(|row| row.level).min()
    }

    /// Time spent on the coarsest activities by everybody, by women or by men.
    pub fn time_spent(&self, sex: Sex) -> impl Iterator<Item = &'a EstimateRow> {
        self.average_day(Indicator::TimeSpent).filter(move |row| row.sex == sex.code() && row.target_group == "all")
    }

    /// The part of the persons asked that is behind `row`, 0..1.
    pub fn part(&self, row: &EstimateRow) -> f64 {
        row.n as f64 / self.estimates.run.n_persons.max(1) as f64
    }

    /// A row of a chart; `format` writes its value.
    pub fn mark(&self, label: String, row: &EstimateRow, format: impl Fn(f64) -> String) -> Mark {
        let reading = Reading::of(row);
        Mark { label, note: String::new(), value: reading.interval(), text: reading.words(self, format) }
    }

    /// The words around a figure with message `title`; `rows` say how many persons are behind it, and
    /// `low_reliability` is the key of what is said when some of them are to be used with care.
    pub fn caption(&self, title: String, subtitle: String, rows: &[&EstimateRow], low_reliability: &str) -> Caption {
        let (texts, run) = (self.texts, &self.estimates.run);
        let persons = rows.iter().map(|row| row.n).max().unwrap_or_default();
        let population = texts.label(&run.population);
        let described = match rows.first().map(|row| row.sex.as_str()) {
            Some("F") if rows.iter().all(|row| row.sex == "F") => texts.fill("women-of", &[("population", population)]),
            Some("M") if rows.iter().all(|row| row.sex == "M") => texts.fill("men-of", &[("population", population)]),
            _ => population.to_owned(),
        };
        let low = rows.iter().any(|row| matches!(Reading::of(row), Reading::Value(_, Reliability::Low)));
        self.caption_about(title, subtitle, (&described, persons), low.then_some(low_reliability))
    }

    /// A sentence about the group `whom`: `Pendolari: le donne …`; about everybody, the sentence itself.
    pub fn about(&self, whom: Option<&str>, sentence: String) -> String {
        match whom {
            Some(whom) => self.texts.fill("about-group", &[("group", whom), ("sentence", &inside_sentence(&sentence))]),
            None => sentence,
        }
    }

    /// [`Source::caption`] of a figure about the group `whom`, or about everybody.
    pub fn caption_of_group(
        &self,
        title: String,
        subtitle: String,
        rows: &[&EstimateRow],
        whom: Option<&str>,
    ) -> Caption {
        let Some(whom) = whom else { return self.caption(title, subtitle, rows, "flag-e-note") };
        let population = self.texts.label(&self.estimates.run.population);
        let population = self.texts.fill("group-of", &[("population", population), ("group", &inside_sentence(whom))]);
        let persons = rows.iter().map(|row| row.n).max().unwrap_or_default();
        let low = rows.iter().any(|row| matches!(Reading::of(row), Reading::Value(_, Reliability::Low)));
        self.caption_about(title, subtitle, (&population, persons), low.then_some("flag-e-note"))
    }

    /// [`Source::caption`] of a figure whose rows divide all the persons of the survey among them.
    pub fn caption_of_all(
        &self,
        title: String,
        subtitle: String,
        rows: &[&EstimateRow],
        low_reliability: &str,
    ) -> Caption {
        let run = &self.estimates.run;
        let low = rows.iter().any(|row| matches!(Reading::of(row), Reading::Value(_, Reliability::Low)));
        let population = (self.texts.label(&run.population), run.n_persons);
        self.caption_about(title, subtitle, population, low.then_some(low_reliability))
    }

    /// [`Source::caption`] where it is known who was asked and how many.
    pub fn caption_about(
        &self,
        title: String,
        subtitle: String,
        (population, persons): (&str, u64),
        low_reliability: Option<&str>,
    ) -> Caption {
        let texts = self.texts;
        let persons = number::count(persons, texts.language());
        let mut footer =
            vec![texts.fill("population-and-persons", &[("population", population), ("persons", &persons)])];
        footer.extend(low_reliability.map(|key| texts.text(key)));
        footer.push(self.line());
        Caption { notice: self.estimates.run.synthetic.then(|| texts.text("synthetic")), title, subtitle, footer }
    }
}

impl Source<'_> {
    /// Where the numbers come from, in one line.
    pub fn line(&self) -> String {
        let texts = self.texts;
        texts.fill(
            "source",
            &[
                ("survey", texts.label(&self.estimates.run.title)),
                ("publisher", texts.label(&self.edition.publisher)),
                ("number", &self.edition.number.to_string()),
                ("date", &number::date(self.edition.date, texts)),
            ],
        )
    }
}

/// The activities as the main ones of a day: the only categories that figures show.
fn main_activities(estimates: &Estimates) -> impl Iterator<Item = &CategoryRow> {
    estimates.classification.iter().filter(|row| row.timeline == Timeline::Main)
}

/// The main numbers in one sentence, for those who do not see the picture.
pub fn in_words(marks: &[Mark]) -> String {
    let rows: Vec<String> = marks.iter().map(|mark| format!("{}: {}", mark.label, mark.text)).collect();
    format!("{}.", rows.join("; "))
}
