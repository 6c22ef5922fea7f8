//! Instruments go to other programs' forms and come back the same; what cannot be taken over is refused, item by item.

use proptest::prelude::*;
use proptest::sample::subsequence;

use super::xlsform::{Sheet, from_sheets, to_sheets};
use super::{ddi, xforms};
use crate::instrument::{
    self, AnswerKind, AnswerOption, Asked, Condition, Grid, GridRow, Instrument, Question, Roster, Section,
};
use crate::text::Label;

fn assert_comes_back(instrument: &Instrument) {
    assert_eq!(instrument.check(), [], "{}", instrument.to_toml());
    assert_eq!(from_sheets(&to_sheets(instrument)).as_ref(), Ok(instrument), "XLSForm");
    let xml = xforms::to_xml(instrument);
    assert_eq!(xforms::from_xml(&xml).as_ref(), Ok(instrument), "XForms: {xml}");
    assert_eq!(Instrument::from_toml(&instrument.to_toml()).as_ref(), Ok(instrument), "TOML");
}

#[test]
fn the_programs_own_instruments_come_back_from_other_forms() {
    for instrument in instrument::all() {
        assert_comes_back(instrument);
    }
}

#[test]
fn a_codebook_names_every_answer_that_may_leave() {
    for instrument in instrument::all() {
        let codebook = ddi::codebook(&[instrument]);
        let document = roxmltree::Document::parse(&codebook).expect("XML");
        let names: Vec<&str> = document
            .descendants()
            .filter(|node| node.has_tag_name(("ddi:codebook:2_5", "var")))
            .filter_map(|node| node.attribute("name"))
            .collect();
        let expected: Vec<String> = instrument
            .all_fields()
            .into_iter()
            .flat_map(|field| match instrument.asked {
                Asked::Once => vec![field.name],
                Asked::AfterEachDay => ["weekday", "weekend"].map(|day| format!("{}.{day}", field.name)).into(),
            })
            .collect();
        assert_eq!(names, expected, "{}", instrument.name);
    }
}

/// A workbook of a survey sheet with these rows, and what a workbook needs besides.
fn workbook(survey: &str, choices: &str) -> Vec<Sheet> {
    let sheet = |name: &str, text: &str| Sheet {
        name: name.to_owned(),
        rows: text.lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect(),
    };
    vec![
        sheet("survey", survey),
        sheet("choices", choices),
        sheet("settings", "form_title|form_id|version\nProva|trial|3"),
    ]
}

#[test]
fn a_form_that_somebody_else_wrote_is_taken_over() {
    let survey = "type|name|label::Italiano (it)|label::English (en)|hint|required|relevant|constraint\n\
        start|start|||||| \n\
        select_one yes_no|uses|Lo usi?|Do you use it?||yes||\n\
        integer|times|Quante volte?|How often?|Da 1 a 9|yes|${uses} = 'yes'|. > 0 and . < 10\n\
        begin group|more|Altro|More||||\n\
        text|why|Perché?|Why?|||${times} > 3 and selected(${uses}, \"yes\")|\n\
        end group|||||||";
    let choices = "list_name|name|label::Italiano (it)|label::English (en)\nyes_no|yes|Sì|Yes\nyes_no|no|No|No";
    let instrument = from_sheets(&workbook(survey, choices)).expect("everything has a counterpart");
    assert_eq!(instrument.check(), []);
    assert_eq!((instrument.name.as_str(), instrument.version, instrument.sections.len()), ("trial", 3, 2));
    assert_eq!(instrument.sections[0].name, "page_1");
    let times = instrument.question("times").expect("the number");
    assert_eq!(times.answer, AnswerKind::Number { min: 1, max: 9 });
    assert_eq!(times.when, Some(one_of("uses", &["yes"])));
    let why = instrument.question("why").expect("the text");
    let often = Condition::Between { question: "times".to_owned(), min: Some(4), max: None };
    assert!(why.optional && why.when == Some(Condition::All(vec![often, one_of("uses", &["yes"])])));
}

#[test]
fn what_a_questionnaire_cannot_say_is_listed_and_nothing_is_taken_over() {
    let survey = "type|name|label|relevant|constraint|appearance|calculation|choice_filter\n\
        geopoint|where|Dove?|||||\n\
        calculate|sum||||| 1 + 1 |\n\
        integer|age|Età||. >= 0|||\n\
        select_one nothing|colour|Colore?|||||\n\
        text|name|Ciao ${age}?|||||\n\
        text|short|Parola?|regex(${age}, '[0-9]')||multiline||\n\
        begin_repeat|people|Persone|||||\n\
        end_group|||||||";
    let problems = from_sheets(&workbook(survey, "list_name|name|label")).expect_err("much has no counterpart");
    for (place, what) in [
        ("row 2", "geopoint"),
        ("row 3", "calculate"),
        ("column", "calculation"),
        ("row 5", "`nothing`"),
        ("row 6", "shows an answer"),
        ("row 7", "multiline"),
        ("row 9", "ends nothing"),
    ] {
        assert!(problems.iter().any(|one| one.contains(place) && one.contains(what)), "{place} {what}: {problems:#?}");
    }
    let survey =
        "type|name|label|relevant|constraint\ninteger|age|Età||. >= 0\ntext|a|A|string-length(${age}) > 3 + 1|";
    let problems = from_sheets(&workbook(survey, "list_name|name|label")).expect_err("two are left");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("page_1.age") && problems[0].contains(". >= 0"), "{problems:?}");
    assert!(problems[1].contains("page_1.a") && problems[1].contains("string-length"), "{problems:?}");
}

#[test]
fn xforms_that_are_none_or_say_more_are_refused() {
    let refused = |xml: &str| xforms::from_xml(xml).expect_err("refused").join("\n");
    assert!(refused("nothing").contains("not XML"));
    assert!(refused("<html/>").contains("no `model`"));
    let good = xforms::to_xml(instrument::household());
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        refused(&good.replacen(from, to, 1))
    };
    assert!(with("type=\"int\"", "type=\"decimal\"").contains("`decimal`"));
    assert!(with("<household_size/>", "<household_size>2</household_size>").contains("beforehand"));
    assert!(with("type=\"int\"", "type=\"int\" calculate=\"1\"").contains("calculates"));
    assert!(with("required=\"true()\"", "required=\"${x}\"").contains("neither"));
    assert!(with("<select1 ", "<rank ").contains("not XML"));
}

fn one_of(question: &str, values: &[&str]) -> Condition {
    Condition::OneOf { question: question.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

/// Words with everything that is markup somewhere.
fn label() -> impl Strategy<Value = Label> {
    // A hyphen alone is what XForms write where a translation is missing.
    let words = "[A-Za-zàèìòù&<>\"'=;:?!.()][A-Za-zàèìòù&<>\"'=;:?!.()-]{0,7}( [a-zé&<>'{}]{1,6}){0,2}";
    (words, proptest::option::of(words), proptest::option::of("[ا-ي]{1,8}")).prop_map(|(it, en, ar)| {
        let mut label = Label::new(it, en.unwrap_or_default());
        if let Some(ar) = ar {
            label.write("ar", ar);
        }
        label
    })
}

fn options() -> impl Strategy<Value = Vec<AnswerOption>> {
    (subsequence(vec!["a", "b_1", "c", "none", "x-2"], 2..=5), label(), any::<bool>()).prop_map(
        |(values, label, alone)| {
            let exclusive = |value: &str| alone && value == "none";
            let option = |value: &str| AnswerOption {
                value: value.to_owned(),
                label: label.clone(),
                exclusive: exclusive(value),
            };
            values.into_iter().map(option).collect()
        },
    )
}

fn single_options() -> impl Strategy<Value = Vec<AnswerOption>> {
    options()
        .prop_map(|options| options.into_iter().map(|option| AnswerOption { exclusive: false, ..option }).collect())
}

fn plain_kind() -> impl Strategy<Value = AnswerKind> {
    prop_oneof![
        single_options().prop_map(AnswerKind::Single),
        options().prop_map(AnswerKind::Multiple),
        (-50_i64..50, 0_i64..100).prop_map(|(min, span)| AnswerKind::Number { min, max: min + span }),
        (1_u32..2_000).prop_map(|max| AnswerKind::Text { max }),
        Just(AnswerKind::Time { from: None }),
    ]
}

fn plain(name: String) -> impl Strategy<Value = Question> {
    (label(), proptest::option::of(label()), plain_kind(), any::<bool>()).prop_map(
        move |(text, help, answer, optional)| Question { name: name.clone(), text, help, answer, optional, when: None },
    )
}

/// The questions that others stand on: a choice, a number with room for a roster, several options that name rows.
fn base() -> impl Strategy<Value = Vec<Question>> {
    let question = |name: &str, answer: AnswerKind, text: Label| Question {
        name: name.to_owned(),
        text,
        help: None,
        answer,
        optional: false,
        when: None,
    };
    let rows = |label: &Label| {
        let option = |value: &str, exclusive| AnswerOption { value: value.to_owned(), label: label.clone(), exclusive };
        vec![option("post", false), option("bank", false), option("nothing", true)]
    };
    (label(), single_options(), 2_i64..12).prop_map(move |(text, options, max)| {
        vec![
            question("choice", AnswerKind::Single(options), text.clone()),
            question("size", AnswerKind::Number { min: 0, max }, text.clone()),
            question("used", AnswerKind::Multiple(rows(&text)), text),
        ]
    })
}

/// Conditions in the form in which they come back: several parts in `all` and `any`.
fn condition(inner: Option<&'static str>) -> impl Strategy<Value = Condition> {
    let number = move |question: &str| inner.unwrap_or(question).to_owned();
    let leaf = prop_oneof![
        Just(one_of("used", &["post"])),
        Just(one_of("used", &["post", "bank"])),
        Just(one_of("choice", &["a"])),
        (proptest::option::of(-3_i64..9), proptest::option::of(3_i64..9))
            .prop_map(move |(min, max)| Condition::Between { question: number("size"), min, max }),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

/// Questions within a group: a number, a spell and one more, the last with a condition on the number.
fn inner(prefix: &'static str) -> impl Strategy<Value = Vec<Question>> {
    let number: &'static str = if prefix == "g" { "g_number" } else { "r_number" };
    let names = move |name: &str| format!("{prefix}_{name}");
    (plain(names("other")), label(), proptest::option::of(condition(Some(number))), any::<bool>()).prop_map(
        move |(other, text, when, optional)| {
            let question = |name: &str, answer, optional| Question {
                name: names(name),
                text: text.clone(),
                help: None,
                answer,
                optional,
                when: None,
            };
            let spell = AnswerKind::Time { from: Some(names("from")) };
            vec![
                question("number", AnswerKind::Number { min: -9, max: 9 }, optional),
                question("from", AnswerKind::Time { from: None }, true),
                Question { when: when.clone(), ..question("to", spell, false) },
                Question { when, ..other },
            ]
        },
    )
}

fn grid() -> impl Strategy<Value = Question> {
    (label(), proptest::option::of(label()), inner("g"), any::<bool>(), proptest::option::of(condition(None))).prop_map(
        |(text, help, columns, chosen, when)| {
            let row = |value: &str| GridRow { value: value.to_owned(), label: text.clone() };
            let grid = Grid {
                rows: if chosen { Vec::new() } else { vec![row("monday"), row("sunday")] },
                rows_of: chosen.then(|| "used".to_owned()),
                columns,
            };
            Question { name: "grid".to_owned(), text, help, answer: AnswerKind::Grid(grid), optional: false, when }
        },
    )
}

fn roster() -> impl Strategy<Value = Question> {
    (label(), proptest::option::of(label()), label(), inner("r"), 0_u32..2, proptest::option::of(condition(None)))
        .prop_map(|(text, help, item, questions, less, when)| {
            let roster = Roster { size: "size".to_owned(), less, item, questions };
            Question {
                name: "people".to_owned(),
                text,
                help,
                answer: AnswerKind::Roster(roster),
                optional: false,
                when,
            }
        })
}

fn instruments() -> impl Strategy<Value = Instrument> {
    let sections = (base(), label(), proptest::option::of(label()), proptest::option::of(condition(None)));
    let later = (plain("last".to_owned()), grid(), roster(), proptest::option::of(condition(None)));
    (label(), label(), any::<bool>(), 1_u32..9, sections, later).prop_map(
        |(title, introduction, after_each_day, version, (base, section_title, section_introduction, when), later)| {
            // Options that conditions look for must exist: the choice always offers `a`.
            let mut base = base;
            if let AnswerKind::Single(options) = &mut base[0].answer {
                options[0].value = "a".to_owned();
            }
            let (last, grid, roster, last_when) = later;
            let section = |name: &str, when, questions| Section {
                name: name.to_owned(),
                path: format!("pagina-{name}"),
                title: section_title.clone(),
                introduction: section_introduction.clone(),
                when,
                questions,
            };
            Instrument {
                name: "generated".to_owned(),
                path: "generato".to_owned(),
                version,
                asked: if after_each_day { Asked::AfterEachDay } else { Asked::Once },
                title,
                introduction,
                sections: vec![
                    section("first", None, base),
                    section("second", when, vec![grid, roster, Question { when: last_when, ..last }]),
                ],
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What an instrument can say, other forms keep.
    #[test]
    fn any_instrument_comes_back_from_other_forms(instrument in instruments()) {
        assert_comes_back(&instrument);
    }

    /// Nobody's file makes the reader fall over.
    #[test]
    fn any_sheet_is_read_or_refused(rows in proptest::collection::vec(proptest::collection::vec("[a-z_]{0,8}|\\$\\{[a-z]{1,4}\\}|select_one [a-z]|begin_group|end_group|begin_repeat|integer|selected\\(\\$\\{a\\}, 'b'\\)|\\. >= 1 and \\. <= 2", 0..6), 0..12)) {
        let mut survey = vec![["type", "name", "label", "relevant", "constraint", "repeat_count"].map(str::to_owned).to_vec()];
        survey.extend(rows);
        let mut sheets = workbook("", "list_name|name|label\na|b|C");
        sheets[0].rows = survey;
        if let Ok(instrument) = from_sheets(&sheets) {
            let _ = instrument.check();
            let _ = instrument.to_toml();
        }
    }
}
