//! The form by which a release is defined, group by group.

use askama::Template;
use questionnaires::target_group;

use crate::{
    release::{
        asked::{AskedQuestionnaire, unknown_questions},
        form::{
            ANSWERS, LICENCES, LONGEST_LINE, LONGEST_MARGINS, LONGEST_QUESTIONS, LONGEST_TEXT, MEASURES, SECTIONS,
            TIMELINES, TOTALS, TypedRelease, WRONG_QUESTIONS, Wrong, YES, ZONES, field,
        },
        routes::{PATH, release_path},
        store::Release,
    },
    web::{field_error::FieldErrorView, form::Fields, layout::Page, visit::Visit},
};

/// The form, blank, as it was, or with what is wrong.
#[derive(Template)]
#[template(path = "release/definition.html")]
pub(in crate::release) struct DefinitionPage {
    page: Page,
    errors: Vec<FieldErrorView>,
    action: String,
    back: String,
    groups: Vec<GroupView>,
}

/// Questions under one heading.
struct GroupView {
    id: &'static str,
    title: String,
    text: Option<String>,
    questions: Vec<QuestionView>,
}

/// One question.
struct QuestionView {
    name: String,
    label: String,
    help: Option<String>,
    error: Option<String>,
    input: Input,
    /// What may be typed, under headings.
    names: Vec<NamesView>,
}

/// Names that may be typed, with what they mean.
struct NamesView {
    title: String,
    names: Vec<(String, String)>,
}

enum Input {
    /// One line, of this type.
    Line { kind: &'static str, value: String, longest: usize },
    /// Several lines.
    Text { value: String, longest: usize, rows: usize },
    /// Boxes or circles.
    Choice { kind: &'static str, options: Vec<OptionView> },
}

struct OptionView {
    id: String,
    value: String,
    text: String,
    is_chosen: bool,
}

/// What the questions are made from.
struct Maker<'a> {
    visit: &'a Visit,
    fields: Fields,
    asked: &'a [AskedQuestionnaire],
    wrong: &'a [Wrong],
}

impl DefinitionPage {
    pub(in crate::release) fn new(
        visit: &Visit,
        release: Option<&Release>,
        minimum: u64,
        asked: &[AskedQuestionnaire],
        typed: &TypedRelease,
        wrong: &[Wrong],
    ) -> DefinitionPage {
        let maker = Maker { visit, fields: typed.fields(), asked, wrong };
        let (action, back) = match release {
            None => (PATH.to_owned(), PATH.to_owned()),
            Some(release) => {
                let path = release_path(&release.release_id);
                (format!("{path}/modifica"), path)
            }
        };
        let title = if release.is_some() { "release-change-title" } else { "release-new-title" };
        DefinitionPage {
            page: visit.page(visit.text(title)),
            errors: wrong.iter().map(|wrong| maker.summary(wrong)).collect(),
            action,
            back,
            groups: maker.groups(minimum),
        }
    }
}

impl Maker<'_> {
    fn groups(&self, minimum: u64) -> Vec<GroupView> {
        let least = self.visit.texts.text_with("release-help-soglia", &[("minimum", minimum.to_string().into())]);
        let group = |id: &'static str, questions: Vec<QuestionView>| {
            let text = format!("release-group-{id}-text");
            GroupView {
                id,
                title: self.visit.text(&format!("release-group-{id}")),
                text: crate::i18n::is_translated(&text).then(|| self.visit.text(&text)),
                questions,
            }
        };
        let sections = SECTIONS.iter().map(|section| self.section(section));
        vec![
            group(
                "che-cosa",
                vec![
                    self.line(field::TITLE, "text", LONGEST_LINE),
                    self.boxes(field::TIMELINES, "release-timeline", &TIMELINES),
                    self.boxes(field::MEASURES, "release-family", &MEASURES),
                ],
            ),
            group(
                "chi",
                vec![self.tick(field::AGES), self.target_groups(), self.circles(field::ZONES, "release-zones", &ZONES)],
            ),
            group(
                "questionari",
                vec![
                    self.circles(field::ANSWERS, "release-answers", &ANSWERS),
                    self.questionnaires(),
                    QuestionView { names: self.questions(), ..self.text(field::LEFT_QUESTIONS, LONGEST_QUESTIONS, 3) },
                ],
            ),
            group(
                "pesi",
                vec![
                    self.circles(field::TOTALS, "release-totals", &TOTALS),
                    self.text(field::MARGINS, LONGEST_MARGINS, 6),
                ],
            ),
            group(
                "segreto",
                vec![
                    QuestionView { help: Some(least), ..self.line(field::MINIMUM, "number", 4) },
                    self.line(field::LARGEST, "number", 2),
                    self.line(field::SHARE, "number", 3),
                ],
            ),
            group(
                "edizione",
                vec![
                    self.line(field::AUTHOR, "text", LONGEST_LINE),
                    self.line(field::CONTACT, "text", LONGEST_LINE),
                    self.licences(),
                    self.text(field::POLICY, LONGEST_TEXT, 3),
                ],
            ),
            group("sezioni", sections.collect()),
            group(
                "correzione",
                vec![
                    self.tick(field::CORRECTS),
                    self.text(field::WHAT, LONGEST_TEXT, 3),
                    self.text(field::WHAT_EN, LONGEST_TEXT, 3),
                    self.text(field::WHY, LONGEST_TEXT, 3),
                    self.text(field::WHY_EN, LONGEST_TEXT, 3),
                ],
            ),
            group(
                "annuncio",
                vec![
                    self.line(field::NEXT_DATE, "date", 10),
                    self.line(field::NEXT_TIME, "time", 5),
                    self.line(field::NEXT_WHAT, "text", LONGEST_LINE),
                    self.line(field::NEXT_WHAT_EN, "text", LONGEST_LINE),
                ],
            ),
        ]
    }

    fn summary(&self, (name, key): &Wrong) -> FieldErrorView {
        let is_choice = [
            field::GROUPS,
            field::TIMELINES,
            field::MEASURES,
            field::TOTALS,
            field::LICENCE,
            field::AGES,
            field::ZONES,
            field::ANSWERS,
            field::LEFT_QUESTIONNAIRES,
        ];
        let target = match *name {
            field::SECTION => format!("{}{}", field::SECTION, SECTIONS[0]),
            field::CORRECTS => format!("{}-0", field::CORRECTS),
            name if is_choice.contains(&name) => format!("{name}-0"),
            name => name.to_owned(),
        };
        FieldErrorView::new(target, &self.label(name), &self.fault(key))
    }

    fn label(&self, name: &str) -> String {
        self.visit.text(&format!("release-field-{}", name.trim_end_matches('-')))
    }

    fn question(&self, name: &str, input: Input) -> QuestionView {
        let help = format!("release-help-{name}");
        let error = self.wrong.iter().find(|(wrong, _)| *wrong == name);
        QuestionView {
            name: name.to_owned(),
            label: self.label(name),
            help: crate::i18n::is_translated(&help).then(|| self.visit.text(&help)),
            error: error.map(|(_, key)| self.fault(key)),
            input,
            names: Vec::new(),
        }
    }

    /// What is wrong, with the names where names are.
    fn fault(&self, key: &str) -> String {
        if key != WRONG_QUESTIONS {
            return self.visit.text(key);
        }
        let names = unknown_questions(&self.fields, self.asked).join(", ");
        self.visit.texts.text_with(key, &[("names", names.into())])
    }

    fn value(&self, name: &str) -> String {
        self.fields.text(name).unwrap_or_default().to_owned()
    }

    fn line(&self, name: &str, kind: &'static str, longest: usize) -> QuestionView {
        self.question(name, Input::Line { kind, value: self.value(name), longest })
    }

    fn text(&self, name: &str, longest: usize, rows: usize) -> QuestionView {
        self.question(name, Input::Text { value: self.value(name), longest, rows })
    }

    fn tick(&self, name: &str) -> QuestionView {
        let text = self.visit.text(&format!("release-tick-{name}"));
        self.choice(name, "checkbox", [(YES.to_owned(), text)])
    }

    fn boxes(&self, name: &str, stem: &str, values: &[&str]) -> QuestionView {
        self.choice(name, "checkbox", self.worded(stem, values))
    }

    fn circles(&self, name: &str, stem: &str, values: &[&str]) -> QuestionView {
        self.choice(name, "radio", self.worded(stem, values))
    }

    fn worded(&self, stem: &str, values: &[&str]) -> Vec<(String, String)> {
        values.iter().map(|value| ((*value).to_owned(), self.visit.text(&format!("{stem}-{value}")))).collect()
    }

    fn licences(&self) -> QuestionView {
        self.choice(field::LICENCE, "radio", LICENCES.map(|name| (name.to_owned(), name.to_owned())))
    }

    fn target_groups(&self) -> QuestionView {
        let language = self.visit.texts.language;
        let groups =
            target_group::all().iter().map(|group| (group.name.clone(), group.label.text(language).to_owned()));
        self.choice(field::GROUPS, "checkbox", groups)
    }

    fn questionnaires(&self) -> QuestionView {
        let language = self.visit.texts.language;
        let options = self.asked.iter().map(|one| (one.name.clone(), one.title.text(language).to_owned()));
        self.choice(field::LEFT_QUESTIONNAIRES, "checkbox", options)
    }

    /// The questions that may be left out.
    fn questions(&self) -> Vec<NamesView> {
        let language = self.visit.texts.language;
        let view = |one: &AskedQuestionnaire| NamesView {
            title: one.title.text(language).to_owned(),
            names: one.questions.iter().map(|(name, text)| (name.clone(), text.text(language).to_owned())).collect(),
        };
        self.asked.iter().filter(|one| !one.questions.is_empty()).map(view).collect()
    }

    fn choice(
        &self,
        name: &str,
        kind: &'static str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> QuestionView {
        let option = |(index, (value, text)): (usize, (String, String))| OptionView {
            id: format!("{name}-{index}"),
            is_chosen: self.fields.has(name, &value),
            value,
            text,
        };
        self.question(name, Input::Choice { kind, options: options.into_iter().enumerate().map(option).collect() })
    }

    /// The place of a section among the others; the first one shows what is wrong with any.
    fn section(&self, section: &str) -> QuestionView {
        let name = format!("{}{section}", field::SECTION);
        let value = self.value(&name);
        let wrong = self.wrong.iter().find(|(wrong, _)| *wrong == field::SECTION && section == SECTIONS[0]);
        QuestionView {
            label: self.visit.text(&format!("release-section-{section}")),
            help: None,
            error: wrong.map(|(_, key)| self.visit.text(key)),
            input: Input::Line { kind: "number", value, longest: 1 },
            names: Vec::new(),
            name,
        }
    }
}
