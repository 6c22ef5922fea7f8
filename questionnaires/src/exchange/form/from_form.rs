//! A form becomes an instrument, or the list of everything in it that an instrument cannot say.

use super::super::expression::{self, Expression, Literal};
use super::{Choice, Form, INTRODUCTION, Item, Kind};
use crate::instrument::{
    AnswerKind, AnswerOption, Asked, Condition, Grid, GridRow, Instrument, Question, Roster, Section,
};
use crate::text::Label;

/// Characters that a text may have where a form does not say.
const USUAL_LENGTH: u32 = 500;

/// The instrument that a form is.
///
/// # Errors
/// Everything that cannot be taken over, with where it stands.
pub(in super::super) fn instrument(form: &Form) -> Result<Instrument, Vec<String>> {
    let mut reader = Reader { problems: Vec::new(), form };
    let instrument = reader.instrument();
    if reader.problems.is_empty() { Ok(instrument) } else { Err(reader.problems) }
}

struct Reader<'a> {
    problems: Vec<String>,
    form: &'a Form,
}

impl Reader<'_> {
    fn problem(&mut self, place: &str, problem: impl AsRef<str>) {
        self.problems.push(format!("{place}: {}", problem.as_ref()));
    }

    fn instrument(&mut self) -> Instrument {
        let form = self.form;
        let mut title = Label::new(&form.title, "");
        for (key, text) in &form.extras {
            if let Some(tag) = key.strip_prefix("title.") {
                title.write(tag, text);
            }
        }
        let version = form.version.trim().parse().unwrap_or_else(|_| {
            let what = format!("the version `{}` is no whole number: write 1 for the first", form.version);
            self.problem("settings", what);
            1
        });
        let introduction =
            form.items.iter().find(|item| item.is_note(INTRODUCTION)).and_then(|item| item.label.clone());
        let mut sections: Vec<Section> = Vec::new();
        let mut loose: Vec<Item> = Vec::new();
        let others = form.items.iter().filter(|item| !item.is_note(INTRODUCTION));
        for item in others {
            match &item.kind {
                // A group of rows is a grid wherever it stands; any other group at the top is a page.
                Kind::Group(_) if !is_grid(item) => {
                    self.loose_section(&mut loose, &mut sections, &title);
                    let section = self.section(item);
                    sections.push(section);
                }
                _ => loose.push(item.clone()),
            }
        }
        self.loose_section(&mut loose, &mut sections, &title);
        Instrument {
            name: form.name.clone(),
            path: form.extras.get("path").cloned().unwrap_or_else(|| path_of(&form.name)),
            version,
            asked: match form.extras.get("asked").map(String::as_str) {
                None => Asked::Once,
                Some("after_each_day") => Asked::AfterEachDay,
                Some(other) => {
                    self.problem("asked", format!("`{other}` is not how often a questionnaire is asked"));
                    Asked::Once
                }
            },
            introduction: introduction.unwrap_or_else(|| title.clone()),
            title,
            sections,
        }
    }

    /// Questions that stand in no group make a page of their own.
    fn loose_section(&mut self, loose: &mut Vec<Item>, sections: &mut Vec<Section>, title: &Label) {
        if loose.is_empty() {
            return;
        }
        let number = sections.len() + 1;
        let page = Item::new(&format!("page_{number}"), Kind::Group(std::mem::take(loose)), Some(title.clone()));
        let section = self.section(&page);
        sections.push(Section { path: format!("pagina-{number}"), ..section });
    }

    fn section(&mut self, item: &Item) -> Section {
        let place = item.name.clone();
        let introduction = format!("{}_introduction", item.name);
        let mut section = Section {
            name: item.name.clone(),
            path: self
                .form
                .extras
                .get(&format!("section.{}.path", item.name))
                .cloned()
                .unwrap_or_else(|| path_of(&item.name)),
            title: self.label(&place, item),
            introduction: None,
            when: self.condition(&place, item.relevant.as_deref()),
            questions: Vec::new(),
        };
        let items = item.items();
        for (number, inner) in items.iter().enumerate() {
            let place = format!("{place}.{}", inner.name);
            let repeat_follows = |suffix: &str| {
                let mut after = items[number + 1..].iter().filter(|after| after.kind != Kind::Note);
                after.next().is_some_and(|after| {
                    matches!(after.kind, Kind::Repeat(..))
                        && after.relevant == inner.relevant
                        && inner.name == format!("{}_{suffix}", after.name)
                })
            };
            match &inner.kind {
                Kind::Note if inner.name == introduction => section.introduction = inner.label.clone(),
                Kind::Note if repeat_follows("text") || repeat_follows("help") => {}
                Kind::Note => {
                    self.problem(&place, "a note among questions: put its words into a help or an introduction")
                }
                Kind::Group(rows) => {
                    if let Some(question) = self.grid(&place, inner, rows) {
                        section.questions.push(question);
                    }
                }
                Kind::Repeat(count, inner_items) => {
                    let question = self.roster(&place, inner, count, inner_items, items);
                    section.questions.push(question);
                }
                _ => {
                    let question = self.plain(&place, inner);
                    section.questions.push(question);
                }
            }
        }
        section
    }

    fn label(&mut self, place: &str, item: &Item) -> Label {
        match &item.label {
            Some(label) => label.clone(),
            None => {
                self.problem(place, "it has no label");
                Label::default()
            }
        }
    }

    fn condition(&mut self, place: &str, text: Option<&str>) -> Option<Condition> {
        match expression::condition(text?) {
            Ok(condition) => Some(condition),
            Err(problem) => {
                self.problem(place, problem);
                None
            }
        }
    }

    fn plain(&mut self, place: &str, item: &Item) -> Question {
        let (when, from) = match &item.kind {
            Kind::Time => self.spell(place, item.relevant.as_deref()),
            _ => (self.condition(place, item.relevant.as_deref()), None),
        };
        let constraint = item.constraint.as_deref();
        let answer = match &item.kind {
            Kind::SelectOne(choices) => {
                self.no_constraint(place, constraint);
                AnswerKind::Single(options(choices, &[]))
            }
            Kind::SelectMultiple(choices) => AnswerKind::Multiple(options(choices, &self.exclusive(place, constraint))),
            Kind::Integer => self.number(place, constraint),
            Kind::Text => AnswerKind::Text { max: self.length(place, constraint) },
            _ => {
                let of_spell = from.as_ref().map(|from| format!(". != ../{from}"));
                if constraint.map(str::trim) != of_spell.as_deref() && constraint.is_some() {
                    self.no_constraint(place, constraint);
                }
                AnswerKind::Time { from }
            }
        };
        Question {
            name: item.name.clone(),
            text: self.label(place, item),
            help: item.hint.clone(),
            answer,
            optional: !item.required,
            when,
        }
    }

    /// The condition of a time, and the beginning whose end it is.
    fn spell(&mut self, place: &str, relevant: Option<&str>) -> (Option<Condition>, Option<String>) {
        let Some(text) = relevant else { return (None, None) };
        let beginning = |part: &Expression| match part {
            Expression::Compare(reference, "!=", Literal::Text(blank)) if blank.is_empty() => {
                reference.strip_prefix("../").map(str::to_owned)
            }
            _ => None,
        };
        match expression::parse(text) {
            Ok(parsed) if beginning(&parsed).is_some() => (None, beginning(&parsed)),
            Ok(Expression::And(parts)) if parts.len() == 2 && beginning(&parts[1]).is_some() => {
                let when = expression::to_condition(&parts[0]);
                if when.is_none() {
                    self.problem(place, format!("the expression `{text}` is no condition on earlier answers"));
                }
                (when, beginning(&parts[1]))
            }
            _ => (self.condition(place, Some(text)), None),
        }
    }

    fn no_constraint(&mut self, place: &str, constraint: Option<&str>) {
        if let Some(constraint) = constraint {
            self.problem(place, format!("the constraint `{constraint}` is more than a questionnaire can say here"));
        }
    }

    fn number(&mut self, place: &str, constraint: Option<&str>) -> AnswerKind {
        let parsed = constraint.map(expression::parse);
        let mut bounds = (None, None);
        if let Some(Ok(parsed)) = &parsed {
            let mut bound = |expression: &Expression| match expression {
                Expression::Compare(this, ">=", Literal::Number(min)) if this == "." => bounds.0 = Some(*min),
                Expression::Compare(this, ">", Literal::Number(min)) if this == "." => bounds.0 = min.checked_add(1),
                Expression::Compare(this, "<=", Literal::Number(max)) if this == "." => bounds.1 = Some(*max),
                Expression::Compare(this, "<", Literal::Number(max)) if this == "." => bounds.1 = max.checked_sub(1),
                _ => {}
            };
            match parsed {
                Expression::And(parts) if parts.len() == 2 => parts.iter().for_each(&mut bound),
                other => bound(other),
            }
        }
        match bounds {
            (Some(min), Some(max)) => AnswerKind::Number { min, max },
            _ => {
                let told = constraint.map(|constraint| format!(" (it says `{constraint}`)")).unwrap_or_default();
                let wanted =
                    format!("a number needs a lowest and a highest: the constraint `. >= 0 and . <= 100`{told}");
                self.problem(place, wanted);
                AnswerKind::Number { min: 0, max: 0 }
            }
        }
    }

    fn length(&mut self, place: &str, constraint: Option<&str>) -> u32 {
        match constraint.map(expression::parse) {
            None => USUAL_LENGTH,
            Some(Ok(Expression::Call("string-length", this, "<=", max))) if this == "." => {
                u32::try_from(max).unwrap_or(u32::MAX)
            }
            Some(_) => {
                self.no_constraint(place, constraint);
                USUAL_LENGTH
            }
        }
    }

    /// The options that exclude the others.
    fn exclusive(&mut self, place: &str, constraint: Option<&str>) -> Vec<String> {
        let Some(text) = constraint else { return Vec::new() };
        let alone = |expression: &Expression| match expression {
            Expression::Not(inner) => match inner.as_ref() {
                Expression::And(parts) => match parts.as_slice() {
                    [Expression::Selected(this, value), Expression::Call("count-selected", that, ">", 1)]
                        if this == "." && that == "." =>
                    {
                        Some(value.clone())
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let found = match expression::parse(text) {
            Ok(Expression::And(parts)) => parts.iter().map(alone).collect::<Option<Vec<String>>>(),
            Ok(one) => alone(&one).map(|value| vec![value]),
            Err(_) => None,
        };
        found.unwrap_or_else(|| {
            self.no_constraint(place, constraint);
            Vec::new()
        })
    }

    fn grid(&mut self, place: &str, item: &Item, rows: &[Item]) -> Option<Question> {
        let help = rows.iter().find(|row| row.is_note(&format!("{}_help", item.name)));
        let rows: Vec<&Item> = rows.iter().filter(|row| help != Some(*row)).collect();
        let Some(first) = rows.first().filter(|_| is_grid(item)) else {
            self.problem(place, "a group within a group whose parts are not rows with the same questions");
            return None;
        };
        let columns =
            first.items().iter().map(|column| self.plain(&format!("{place}.{}", column.name), column)).collect();
        let chosen: Option<Vec<(String, String)>> = rows
            .iter()
            .map(|row| match expression::parse(row.relevant.as_deref()?) {
                Ok(Expression::Selected(reference, value)) => Some((expression::name(&reference)?, value)),
                _ => None,
            })
            .collect();
        let is_of_options = |chosen: &Vec<(String, String)>| {
            chosen.iter().zip(&rows).all(|((question, value), row)| *question == chosen[0].0 && *value == row.name)
        };
        let rows_of = chosen.filter(is_of_options).map(|chosen| chosen[0].0.clone());
        if let Some(row) = rows.iter().find(|row| rows_of.is_none() && row.relevant.is_some()) {
            self.problem(&format!("{place}.{}", row.name), "a row with a condition of its own");
        }
        if let Some(question) = &rows_of {
            self.options_are_rows(place, question, &rows);
        }
        let given_rows = match &rows_of {
            Some(_) => Vec::new(),
            None => rows
                .iter()
                .map(|row| GridRow {
                    value: row.name.clone(),
                    label: self.label(&format!("{place}.{}", row.name), row),
                })
                .collect(),
        };
        Some(Question {
            name: item.name.clone(),
            text: self.label(place, item),
            help: help.and_then(|help| help.label.clone()),
            answer: AnswerKind::Grid(Grid { rows: given_rows, rows_of, columns }),
            optional: false,
            when: self.condition(place, item.relevant.as_deref()),
        })
    }

    /// Holds that the rows are the options of a question, called alike.
    fn options_are_rows(&mut self, place: &str, question: &str, rows: &[&Item]) {
        let found =
            self.form.items.iter().flat_map(Item::items).chain(&self.form.items).find(|item| item.name == question);
        let Some(Kind::SelectMultiple(choices)) = found.map(|item| &item.kind) else {
            self.problem(place, format!("its rows hang on `{question}`, which is no question with several options"));
            return;
        };
        let exclusive = self.exclusive_of(found.and_then(|item| item.constraint.as_deref()));
        let options = choices.iter().filter(|choice| !exclusive.contains(&choice.value));
        let same =
            |(row, choice): (&&Item, &Choice)| row.name == choice.value && row.label.as_ref() == Some(&choice.label);
        let options: Vec<&Choice> = options.collect();
        if options.len() != rows.len() || !rows.iter().zip(options).all(same) {
            self.problem(place, format!("its rows are not the options of `{question}`, in order and called alike"));
        }
    }

    fn exclusive_of(&mut self, constraint: Option<&str>) -> Vec<String> {
        // A constraint that cannot be read is told of where its own question is read.
        let n_problems = self.problems.len();
        let found = self.exclusive("", constraint);
        self.problems.truncate(n_problems);
        found
    }

    fn roster(&mut self, place: &str, item: &Item, count: &str, inner: &[Item], beside: &[Item]) -> Question {
        let (size, less) = match count.split_once(" - ") {
            Some((size, less)) => (size.trim(), less.trim().parse().ok()),
            None => (count.trim(), Some(0)),
        };
        let (size, less) = match (expression::name(size), less) {
            (Some(size), Some(less)) => (size, less),
            _ => {
                let wanted = "a repeat needs a repeat_count such as `${household_size}` or `${household_size} - 1`";
                self.problem(place, format!("{wanted}, not `{count}`"));
                (String::new(), 0)
            }
        };
        let mut questions = Vec::new();
        for one in inner {
            let place = format!("{place}.{}", one.name);
            match one.kind {
                Kind::Group(_) | Kind::Repeat(..) | Kind::Note => {
                    self.problem(&place, "a repeat holds plain questions only")
                }
                _ => {
                    let question = self.plain(&place, one);
                    questions.push(question);
                }
            }
        }
        let note = |what: &str| beside.iter().find(|note| note.is_note(&format!("{}_{what}", item.name)));
        let item_label = self.label(place, item);
        Question {
            name: item.name.clone(),
            text: note("text").and_then(|note| note.label.clone()).unwrap_or_else(|| item_label.clone()),
            help: note("help").and_then(|note| note.label.clone()),
            answer: AnswerKind::Roster(Roster { size, less, item: item_label, questions }),
            optional: false,
            when: self.condition(place, item.relevant.as_deref()),
        }
    }
}

fn options(choices: &[Choice], exclusive: &[String]) -> Vec<AnswerOption> {
    let option = |choice: &Choice| AnswerOption {
        value: choice.value.clone(),
        label: choice.label.clone(),
        exclusive: exclusive.contains(&choice.value),
    };
    choices.iter().map(option).collect()
}

/// Whether a group is one of groups with the same plain questions, but for a note.
fn is_grid(item: &Item) -> bool {
    let rows: Vec<&Item> = item.items().iter().filter(|row| row.kind != Kind::Note).collect();
    let is_plain = |item: &Item| !matches!(item.kind, Kind::Group(_) | Kind::Repeat(..) | Kind::Note);
    let Some(first) = rows.first() else { return false };
    rows.iter().all(|row| {
        matches!(row.kind, Kind::Group(_))
            && !row.items().is_empty()
            && row.items().iter().all(is_plain)
            && row.items() == first.items()
    })
}

fn path_of(name: &str) -> String {
    name.replace('_', "-").to_lowercase()
}
