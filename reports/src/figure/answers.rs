//! Answers to questionnaires as figures. They take numbers with their intervals as they are handed in; `needs` takes them
//! from the estimates.

use crate::chart::axis::Measure;
use crate::chart::likert::{Likert, LikertRow};
use crate::chart::rows::{Interval, Mark};
use crate::chart::{BarChart, Chart};
use crate::figure::Figure;
use crate::figure::source::Source;
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Why a share of answers is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// Too unreliable.
    Suppressed,
    /// For statistical secrecy.
    Withheld,
}

/// Percent of people who gave an answer, with its 95% interval.
pub type Share = Result<Interval, Hidden>;

/// A question with answers on a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleQuestion {
    /// What was asked.
    pub label: String,
    /// Shares of the answers from no to yes, as many as the scale has.
    pub answers: Vec<Share>,
    /// Share of those who answered below the middle of the scale.
    pub against: Share,
    /// Share of those who answered above it.
    pub in_favour: Share,
    /// Persons who answered.
    pub n: u64,
}

/// A question of which several answers may be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceQuestion {
    /// What was asked.
    pub label: String,
    /// The answers and their shares.
    pub answers: Vec<(String, Share)>,
    /// Persons who answered.
    pub n: u64,
}

fn words(source: &Source, share: &Share) -> String {
    match share {
        Ok(share) => number::percent(share.value, source.texts.language()),
        Err(Hidden::Suppressed) => source.texts.text("suppressed"),
        Err(Hidden::Withheld) => source.texts.text("withheld"),
    }
}

fn cells(source: &Source, share: &Share) -> [Cell; 2] {
    let digits = |value: f64| number::percent(value, source.texts.language());
    match share {
        Ok(share) => {
            let ends = [("low", &*digits(share.low.max(0.0))), ("high", &*digits(share.high.min(100.0)))];
            [Cell::number(digits(share.value), share.value), Cell::words(source.texts.fill("from-to", &ends))]
        }
        Err(_) => [Cell::words(words(source, share)), Cell::words("–")],
    }
}

/// Questions on one scale of two to five `answers`, from no to yes. `name` is the stem of its files.
pub fn scale<'a>(source: &Source, name: &str, answers: &[String], questions: &[ScaleQuestion]) -> Figure<'a> {
    let texts = source.texts;
    let rows = questions.iter().map(|question| LikertRow {
        label: question.label.clone(),
        shares: question.answers.iter().map(|share| share.ok().map(|share| share.value)).collect(),
        hidden: question
            .answers
            .iter()
            .find(|share| share.is_err())
            .map(|share| words(source, share))
            .unwrap_or_default(),
    });
    let headline = scale_headline(source, questions);
    let said = questions.iter().map(|question| {
        let shares = answers.iter().zip(&question.answers);
        let shares: Vec<String> = shares.map(|(answer, share)| format!("{answer} {}", words(source, share))).collect();
        format!("{}: {}", question.label, shares.join(", "))
    });
    let persons = questions.iter().map(|question| question.n).max().unwrap_or_default();
    let population = texts.label(&source.estimates.run.population);
    let interval = texts.text("column-interval");
    Figure {
        name: name.to_owned(),
        alternative: texts.fill("scale-alternative", &[("headline", &headline)]),
        description: format!("{}.", said.collect::<Vec<_>>().join("; ")),
        caption: source.caption_about(headline, texts.text("scale-subtitle"), (population, persons), None),
        chart: Chart::Likert(Likert { answers: answers.to_vec(), rows: rows.collect() }),
        table: Table {
            caption: texts.text("scale-table"),
            columns: std::iter::once(texts.text("column-question"))
                .chain(answers.iter().flat_map(|answer| [answer.clone(), interval.clone()]))
                .collect(),
            rows: questions
                .iter()
                .map(|question| TableRow {
                    header: question.label.clone(),
                    cells: question.answers.iter().flat_map(|share| cells(source, share)).collect(),
                })
                .collect(),
            ..Table::default()
        },
        rows: Vec::new(),
        claim: None,
    }
}

/// The question on which most are on one side, when that side is certainly the larger.
fn scale_headline(source: &Source, questions: &[ScaleQuestion]) -> String {
    let texts = source.texts;
    let sides = |question: &ScaleQuestion| {
        let (against, favour) = (question.against.ok()?, question.in_favour.ok()?);
        // A question of which an answer is hidden leads to no claim.
        question.answers.iter().all(Result::is_ok).then_some((against, favour))
    };
    let shown: Vec<_> =
        questions.iter().filter_map(|question| sides(question).map(|sides| (question, sides))).collect();
    let clear = shown.iter().filter_map(|(question, (against, favour))| match (against, favour) {
        (against, favour) if favour.low > against.high => Some((*question, *favour, "scale-headline-favour")),
        (against, favour) if against.low > favour.high => Some((*question, *against, "scale-headline-against")),
        _ => None,
    });
    match clear.max_by(|(_, one, _), (_, other, _)| one.value.total_cmp(&other.value)) {
        Some((question, share, key)) => texts.fill(
            key,
            &[
                ("question", &question.label),
                ("share", &texts.with_article(&number::percent(share.value, texts.language()))),
                ("margin", &number::points_margin_in_words(share.margin(), texts)),
            ],
        ),
        None if shown.is_empty() => texts.text("answers-hidden"),
        None => texts.text("scale-headline-none"),
    }
}

/// A question of which several answers may be chosen, the most frequent first. `name` is the stem of its files.
pub fn choices<'a>(source: &Source, name: &str, question: &ChoiceQuestion) -> Figure<'a> {
    let texts = source.texts;
    let mut answers: Vec<&(String, Share)> = question.answers.iter().collect();
    let size = |share: &Share| share.map_or(-1.0, |share| share.value);
    answers.sort_by(|(_, one), (_, other)| size(other).total_cmp(&size(one)));
    let marks = answers.iter().map(|(label, share)| Mark {
        label: label.clone(),
        note: String::new(),
        value: share.ok(),
        text: words(source, share),
    });
    let marks: Vec<Mark> = marks.collect();
    let headline = match answers.first() {
        Some((label, Ok(share))) => texts.fill(
            "choices-headline",
            &[
                ("question", &question.label),
                ("answer", label),
                ("share", &texts.with_article(&number::percent(share.value, texts.language()))),
                ("margin", &number::points_margin_in_words(share.margin(), texts)),
            ],
        ),
        _ => texts.text("answers-hidden"),
    };
    let population = texts.label(&source.estimates.run.population);
    Figure {
        name: name.to_owned(),
        alternative: texts.fill("choices-alternative", &[("headline", &headline)]),
        description: crate::figure::source::in_words(&marks),
        caption: source.caption_about(headline, texts.text("choices-subtitle"), (population, question.n), None),
        chart: Chart::Bars(BarChart { marks, measure: Measure::Percent }),
        table: Table {
            caption: question.label.clone(),
            columns: ["column-answer", "column-share", "column-interval"].map(|key| texts.text(key)).into(),
            rows: answers
                .iter()
                .map(|(label, share)| TableRow { header: label.clone(), cells: cells(source, share).into() })
                .collect(),
            ..Table::default()
        },
        rows: Vec::new(),
        claim: None,
    }
}
