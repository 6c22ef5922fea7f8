//! What people answered to the city's questionnaires: one figure per question, or per column of a grid. Questions about the
//! persons themselves (who they are, with whom they live) have none: their answers are in the data.

use std::collections::BTreeSet;

use analytics::table::{AnswerRow, AskedOf, Estimates, Flag, GroupKind, QuestionKind, QuestionRow, Status};
use questionnaires::Language;

use crate::chart::axis::Measure;
use crate::chart::rows::{Interval, Mark};
use crate::chart::{BarChart, Chart};
use crate::figure::Figure;
use crate::figure::answers::{ChoiceQuestion, Hidden, ScaleQuestion, Share, choices, scale};
use crate::figure::source::{Source, in_words};
use crate::figure::table::{Cell, Table, TableRow};
use crate::number;

/// Figures on the page; more would bury the message.
const MOST_FIGURES: usize = 12;
/// Rows of a grid that each get a figure of their own, where answers of several rows do not fit in one.
const ROWS_WITH_A_FIGURE: usize = 2;
/// The most answers that a divided bar can tell apart.
const MOST_OF_A_SCALE: usize = 5;
/// Questionnaires about the persons.
const ABOUT_PERSONS: [&str; 3] = ["individual", "household", "usual_week"];

/// A question whatever row it is asked about, with the rows it is asked about.
struct Asked<'a> {
    /// The stem of its figures' names.
    stem: String,
    questions: Vec<Question<'a>>,
}

/// A question with its answers.
struct Question<'a> {
    name: &'a str,
    rows: Vec<&'a QuestionRow>,
}

impl<'a> Question<'a> {
    fn first(&self) -> &'a QuestionRow {
        self.rows[0]
    }
}

/// The figures, in the order of the questionnaires.
pub fn figures<'a>(source: &Source<'a>) -> Vec<Figure<'a>> {
    let mut figures = Vec::new();
    for asked in asked(source) {
        let first = asked.questions[0].first();
        let in_grid = !first.about_it.is_empty();
        match first.kind {
            QuestionKind::Scale if asked.questions[0].rows.len() > MOST_OF_A_SCALE => {}
            QuestionKind::Scale if in_grid => figures.extend(scale_of_rows(source, &asked)),
            QuestionKind::Scale => figures.extend(scale_of_people(source, &asked)),
            QuestionKind::Number if first.question.ends_with("_minutes") => figures.extend(minutes(source, &asked)),
            QuestionKind::Number => {}
            QuestionKind::Single | QuestionKind::Multiple => figures.extend(choices_of_rows(source, &asked)),
        }
    }
    figures.truncate(MOST_FIGURES);
    figures
}

/// The estimates behind a figure of answers, of every domain; none where `name` is no such figure.
pub fn answers_behind<'a>(estimates: &'a Estimates, name: &str) -> Vec<&'a AnswerRow> {
    let is_behind = |row: &&QuestionRow| {
        let stem = stem(row);
        name == stem || name.strip_prefix(&stem).is_some_and(|rest| rest.strip_prefix('-') == Some(&row_name(row)))
    };
    let questions: BTreeSet<&str> =
        estimates.questions.iter().filter(is_behind).map(|row| row.question.as_str()).collect();
    estimates.answers.iter().filter(|row| questions.contains(row.question.as_str())).collect()
}

/// The row of a grid that a question is asked about, as names of figures have it.
fn row_name(row: &QuestionRow) -> String {
    row.question.split('.').nth(1).unwrap_or_default().replace('_', "-")
}

/// The questions of questionnaires that are not about the persons, those of one column of a grid together.
fn asked<'a>(source: &Source<'a>) -> Vec<Asked<'a>> {
    let mut asked: Vec<Asked<'a>> = Vec::new();
    let rows = &source.estimates.questions;
    let questions =
        rows.chunk_by(|one, other| (&one.questionnaire, &one.question) == (&other.questionnaire, &other.question));
    for rows in questions {
        let first = &rows[0];
        if ABOUT_PERSONS.contains(&first.questionnaire.as_str())
            || of_everybody(source, &first.question).next().is_none()
        {
            continue;
        }
        let stem = stem(first);
        let question = Question { name: &first.question, rows: rows.iter().collect() };
        match asked.iter_mut().find(|known| known.stem == stem) {
            Some(known) => known.questions.push(question),
            None => asked.push(Asked { stem, questions: vec![question] }),
        }
    }
    // What is asked of a day comes after what is asked once.
    asked.sort_by_key(|asked| !asked.questions[0].first().day.is_empty());
    asked
}

/// `bisogni-gives-up`; in a grid without the row, `bisogni-service-hours-collides`.
fn stem(row: &QuestionRow) -> String {
    format!("bisogni-{}", without_row(row).replace(['_', '.'], "-"))
}

/// The question's name without the row of a grid: `service_hours.collides`.
pub(crate) fn without_row(row: &QuestionRow) -> String {
    let in_grid = !row.about_it.is_empty();
    let parts = row.question.split('.').enumerate().filter(|(place, _)| !(in_grid && *place == 1));
    parts.map(|(_, part)| part).collect::<Vec<_>>().join(".")
}

/// The numbers of a question of everybody.
fn of_everybody<'a>(source: &Source<'a>, question: &'a str) -> impl Iterator<Item = &'a AnswerRow> {
    of(source, question, ["all", "all", "all"])
}

/// The numbers of a question by the codes of sex, age group and target group.
fn of<'a>(source: &Source<'a>, question: &'a str, domain: [&'a str; 3]) -> impl Iterator<Item = &'a AnswerRow> {
    source.estimates.answers.iter().filter(move |row| {
        row.question == question && [row.sex.as_str(), row.age_group.as_str(), row.target_group.as_str()] == domain
    })
}

fn share(row: Option<&AnswerRow>) -> Share {
    match row {
        Some(row) if row.status != Status::Published => Err(Hidden::Withheld),
        Some(AnswerRow { flag: Flag::Suppressed, .. }) | None => Err(Hidden::Suppressed),
        Some(row) => {
            let value = row.value.ok_or(Hidden::Suppressed)?;
            Ok(Interval { value, low: row.ci_low.unwrap_or(value), high: row.ci_high.unwrap_or(value) })
        }
    }
}

fn words<'a>(source: &Source, it: &'a str, en: &'a str) -> &'a str {
    let (first, second) = match source.texts.language() {
        Language::It | Language::Ar => (it, en),
        Language::En => (en, it),
    };
    if first.is_empty() { second } else { first }
}

/// The question in words, with the type of day it is about.
fn text_of(source: &Source, row: &QuestionRow) -> String {
    let text = words(source, &row.question_it, &row.question_en).to_owned();
    match row.day.as_str() {
        "weekday" => source.texts.fill("needs-on-weekday", &[("question", &text)]),
        "weekend" => source.texts.fill("needs-on-weekend", &[("question", &text)]),
        _ => text,
    }
}

fn about<'a>(source: &Source, row: &'a QuestionRow) -> &'a str {
    words(source, &row.about_it, &row.about_en)
}

fn answer<'a>(source: &Source, row: &'a QuestionRow) -> &'a str {
    words(source, &row.answer_it, &row.answer_en)
}

fn n_of(source: &Source, question: &str) -> u64 {
    let rows = source.estimates.answers.iter().filter(|row| row.question == question);
    rows.map(|row| row.n).max().unwrap_or_default()
}

/// A question on a scale as the figure takes it: `label` says of which thing or of which people.
fn on_scale(source: &Source, question: &Question, label: String, domain: [&str; 3]) -> ScaleQuestion {
    let rows: Vec<&AnswerRow> = of(source, question.name, domain).collect();
    let answers =
        question.rows.iter().map(|option| share(rows.iter().copied().find(|row| row.answer == option.answer)));
    ScaleQuestion {
        label,
        answers: answers.collect(),
        // Shares of several answers together are not among the estimates.
        against: Err(Hidden::Suppressed),
        in_favour: Err(Hidden::Suppressed),
        n: rows.iter().map(|row| row.n).max().unwrap_or_default(),
    }
}

/// One question of a grid about several things: a bar for each, the one with the largest last answer on top.
fn scale_of_rows<'a>(source: &Source<'a>, asked: &Asked<'a>) -> Option<Figure<'a>> {
    let of_question = |question: &Question| {
        on_scale(source, question, about(source, question.first()).to_owned(), ["all", "all", "all"])
    };
    let mut questions: Vec<ScaleQuestion> = asked.questions.iter().map(of_question).collect();
    let last = |question: &ScaleQuestion| {
        question.answers.last().copied().and_then(Result::ok).map_or(-1.0, |share| share.value)
    };
    questions.sort_by(|one, other| last(other).total_cmp(&last(one)));
    let text = text_of(source, asked.questions[0].first());
    let told = questions.iter().find_map(|question| Some((question, question.answers.last()?.ok()?)));
    let told = told.map(|(question, share)| (format!("{}: {text}", question.label), share));
    Some(scale_figure(source, asked, &questions, &text, told))
}

/// One question of everybody, of women, of men, of each group and zone: a bar for each.
fn scale_of_people<'a>(source: &Source<'a>, asked: &Asked<'a>) -> Option<Figure<'a>> {
    let question = &asked.questions[0];
    let by_sex = [("everybody", "all"), ("women", "F"), ("men", "M")];
    let mut rows: Vec<ScaleQuestion> =
        by_sex.map(|(key, sex)| on_scale(source, question, source.texts.text(key), [sex, "all", "all"])).into();
    let groups = [GroupKind::Target, GroupKind::Zone].into_iter();
    for group in groups.flat_map(|kind| source.estimates.groups.iter().filter(move |group| group.kind == kind)) {
        let row = on_scale(source, question, source.group(&group.code), ["all", "all", &group.code]);
        // A group in which few answered has no rows.
        if row.n > 0 {
            rows.push(row);
        }
    }
    let text = text_of(source, question.first());
    let told = rows[0].answers.last().copied().and_then(Result::ok).map(|share| (text.clone(), share));
    Some(scale_figure(source, asked, &rows, &text, told))
}

/// `told` is what the title says: the question, and the share of its last answer.
fn scale_figure<'a>(
    source: &Source<'a>,
    asked: &Asked<'a>,
    questions: &[ScaleQuestion],
    text: &str,
    told: Option<(String, Interval)>,
) -> Figure<'a> {
    let texts = source.texts;
    let answers: Vec<String> = asked.questions[0].rows.iter().map(|option| answer(source, option).to_owned()).collect();
    let mut figure = scale(source, &asked.stem, &answers, questions);
    let title = match (told, answers.last()) {
        (Some((question, share)), Some(last)) => headline(source, &question, last, share),
        _ => texts.text("answers-hidden"),
    };
    figure.alternative = texts.fill("scale-alternative", &[("headline", &title)]);
    figure.caption = caption(source, asked, title, texts.fill("needs-scale-subtitle", &[("question", text)]));
    figure.table.caption = text.to_owned();
    figure
}

fn headline(source: &Source, question: &str, answer: &str, share: Interval) -> String {
    let texts = source.texts;
    let digits = number::percent(share.value, texts.language());
    texts.fill(
        "needs-headline",
        &[
            ("question", question),
            ("answer", answer),
            ("share", &texts.with_article(&digits)),
            ("margin", &number::points_margin_in_words(share.margin(), texts)),
        ],
    )
}

/// The words around a figure; of a question that some are asked only, those.
fn caption(source: &Source, asked: &Asked, title: String, subtitle: String) -> crate::chart::Caption {
    let texts = source.texts;
    let population = texts.label(&source.estimates.run.population);
    let of_some = texts.fill("needs-asked-of", &[("population", population)]);
    let first = asked.questions[0].first();
    let population = if first.asked == AskedOf::Some { of_some.as_str() } else { population };
    let n = asked.questions.iter().map(|question| n_of(source, question.name)).max().unwrap_or_default();
    let names: Vec<&str> = asked.questions.iter().map(|question| question.name).collect();
    let is_low = |row: &AnswerRow| {
        let is_shown = row.value.is_some() && row.age_group == "all" && row.target_group == "all";
        row.flag == Flag::E && is_shown && names.contains(&row.question.as_str())
    };
    let low = source.estimates.answers.iter().any(is_low).then_some("needs-flag-e");
    source.caption_about(title, subtitle, (population, n), low)
}

/// The answers to one question, the most frequent first; in a grid, of the rows that most people answered about.
fn choices_of_rows<'a>(source: &Source<'a>, asked: &Asked<'a>) -> Vec<Figure<'a>> {
    let mut questions: Vec<&Question> = asked.questions.iter().collect();
    questions.sort_by_key(|question| std::cmp::Reverse(n_of(source, question.name)));
    let in_grid = asked.questions.len() > 1;
    let figures = questions.into_iter().take(ROWS_WITH_A_FIGURE).map(|question| {
        let first = question.first();
        let text = match about(source, first) {
            "" => text_of(source, first),
            about => format!("{about}: {}", text_of(source, first)),
        };
        let rows: Vec<&AnswerRow> = of_everybody(source, question.name).collect();
        let of_option = |option: &&QuestionRow| {
            let row = rows.iter().copied().find(|row| row.answer == option.answer);
            (answer(source, option).to_owned(), share(row))
        };
        let asked_one = ChoiceQuestion {
            label: text.clone(),
            answers: question.rows.iter().map(of_option).collect(),
            n: n_of(source, question.name),
        };
        let name = if in_grid { format!("{}-{}", asked.stem, row_name(first)) } else { asked.stem.clone() };
        let mut figure = choices(source, &name, &asked_one);
        let most = asked_one.answers.iter().filter_map(|(answer, share)| Some((answer, share.ok()?)));
        let most = most.max_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
        let title = most.map(|(answer, share)| headline(source, &text, answer, share));
        let title = title.unwrap_or_else(|| source.texts.text("answers-hidden"));
        let subtitle = if first.kind == QuestionKind::Multiple { "choices-subtitle" } else { "needs-single-subtitle" };
        let one = Asked { stem: name, questions: vec![Question { name: question.name, rows: question.rows.clone() }] };
        figure.alternative = source.texts.fill("choices-alternative", &[("headline", &title)]);
        figure.caption = caption(source, &one, title, source.texts.text(subtitle));
        add_sexes(source, question, &mut figure.table);
        figure
    });
    figures.collect()
}

/// Two more columns: what women and what men answered.
fn add_sexes(source: &Source, question: &Question, table: &mut Table) {
    table.columns.extend(["column-women", "column-men"].map(|key| source.texts.text(key)));
    for row in &mut table.rows {
        let option = question.rows.iter().find(|option| answer(source, option) == row.header);
        for sex in ["F", "M"] {
            let mut of_sex = of(source, question.name, [sex, "all", "all"]);
            let found = of_sex.find(|found| option.is_some_and(|option| option.answer == found.answer));
            row.cells.push(match share(found) {
                Ok(share) => Cell::number(number::percent(share.value, source.texts.language()), share.value),
                Err(Hidden::Suppressed) => Cell::words(source.texts.text("suppressed")),
                Err(Hidden::Withheld) => Cell::words(source.texts.text("withheld")),
            });
        }
    }
}

/// Mean minutes by row of a grid, the longest first.
fn minutes<'a>(source: &Source<'a>, asked: &Asked<'a>) -> Option<Figure<'a>> {
    let texts = source.texts;
    let label = |question: &Question| match about(source, question.first()) {
        "" => text_of(source, question.first()),
        about => about.to_owned(),
    };
    let duration = |minutes: f64| number::duration(minutes, texts);
    let mut means: Vec<(String, Share)> = asked
        .questions
        .iter()
        .map(|question| (label(question), share(of_everybody(source, question.name).next())))
        .collect();
    let size = |share: &Share| share.map_or(-1.0, |share| share.value);
    means.sort_by(|(_, one), (_, other)| size(other).total_cmp(&size(one)));
    let told = |share: &Share| match share {
        Ok(share) => duration(share.value),
        Err(Hidden::Suppressed) => texts.text("suppressed"),
        Err(Hidden::Withheld) => texts.text("withheld"),
    };
    let marks: Vec<Mark> = means
        .iter()
        .map(|(label, mean)| Mark { label: label.clone(), note: String::new(), value: mean.ok(), text: told(mean) })
        .collect();
    let text = text_of(source, asked.questions[0].first());
    let title = match means.first() {
        Some((label, Ok(mean))) => texts.fill(
            "needs-minutes-headline",
            &[
                ("question", &text),
                ("about", label),
                ("minutes", &number::duration_in_words(mean.value, texts)),
                ("margin", &number::margin_in_words(mean.margin(), texts)),
            ],
        ),
        _ => texts.text("answers-hidden"),
    };
    let cells = |mean: &Share| match mean {
        Ok(mean) => {
            let ends = [("low", &*duration(mean.low.max(0.0))), ("high", &*duration(mean.high))];
            vec![Cell::number(duration(mean.value), mean.value), Cell::words(texts.fill("from-to", &ends))]
        }
        Err(_) => vec![Cell::words(told(mean)), Cell::words("–")],
    };
    Some(Figure {
        name: asked.stem.clone(),
        alternative: texts.fill("choices-alternative", &[("headline", &title)]),
        description: in_words(&marks),
        caption: caption(source, asked, title, texts.text("needs-minutes-subtitle")),
        table: Table {
            caption: text,
            columns: ["column-about", "column-time", "column-interval"].map(|key| texts.text(key)).into(),
            rows: means.iter().map(|(label, mean)| TableRow { header: label.clone(), cells: cells(mean) }).collect(),
            ..Table::default()
        },
        chart: Chart::Bars(BarChart { marks, measure: Measure::Minutes }),
        rows: Vec::new(),
        claim: None,
    })
}
