//! Charts: no text leaves the picture or covers another, pictures describe themselves, headlines are true.

#![allow(clippy::unwrap_used)]

mod kit;

use analytics::table::{AnswerRow, CategoryRow, EstimateRow, Estimates, Flag, GroupRow, Indicator, Status, Timeline};
use kit::examples::each_figure;
use questionnaires::Language;
use reports::chart::{self, Size};
use reports::figure::{Source, Topic};
use reports::legibility;
use reports::paint::{png, svg};
use reports::text::Texts;

/// The messages of a topic, the first figure's first.
fn headlines(estimates: &Estimates, topic: Topic, language: Language) -> Vec<String> {
    let (edition, texts) = (kit::edition(), Texts::new(language));
    let source = Source::new(estimates, &edition, &texts);
    let figures = topic.figures(&source);
    figures.into_iter().map(|figure| figure.caption.title.replace('\u{a0}', " ")).collect()
}

/// Draws everything that `estimates` give at every size and asks whether it can be read; returns how many figures.
fn survives(estimates: &Estimates) -> usize {
    let mut n_figures = 0;
    let mut faults = Vec::new();
    each_figure(estimates, |figure, texts| {
        for size in Size::ALL {
            let scene = chart::draw(&figure.chart, &figure.caption, size, texts);
            let name = format!("{} {size:?} {:?}", figure.name, texts.language());
            faults.extend(legibility::faults(&scene).unwrap().into_iter().map(|fault| format!("{name}: {fault}")));
            let description = svg::Description { language: "it", title: &figure.caption.title, text: &figure.spoken() };
            let picture = svg::paint(&scene, &description).unwrap();
            roxmltree::Document::parse(&picture).unwrap();
        }
        n_figures += 1;
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    n_figures
}

fn classification(labels: impl IntoIterator<Item = String>) -> Vec<CategoryRow> {
    let row = |(place, label): (usize, String)| CategoryRow {
        timeline: Timeline::Main,
        code: format!("{place:02}"),
        level: 1,
        label_it: label.clone(),
        label_en: label,
        members: format!("{place:02}"),
    };
    labels.into_iter().enumerate().map(row).collect()
}

/// Estimates with these activities, each with time spent, a gap, two groups and a tempogram.
fn with_activities(labels: impl IntoIterator<Item = String>, minutes: impl Fn(usize) -> f64) -> Estimates {
    let classification = classification(labels);
    let share = 100.0 / classification.len() as f64;
    let mut rows = Vec::new();
    for (place, activity) in classification.iter().enumerate() {
        let value = minutes(place);
        rows.push(kit::row(Indicator::TimeSpent, &activity.code, value, value / 20.0));
        rows.push(kit::row(Indicator::TimeGap, &activity.code, value - 30.0, value / 10.0));
        for group in ["employed", "a_group_nobody_named"] {
            let row = kit::row(Indicator::TimeSpent, &activity.code, value * 1.1, value / 10.0);
            rows.push(EstimateRow { target_group: group.to_owned(), ..row });
        }
        for slot in 0..144 {
            let row = kit::row(Indicator::ShareAtSlot, &activity.code, share, 1.0);
            rows.push(EstimateRow { sex: "F".to_owned(), slot: Some(slot), ..row });
        }
    }
    Estimates {
        rows,
        classification,
        groups: GroupRow::targets(),
        answers: Vec::new(),
        questions: Vec::new(),
        run: kit::run(),
    }
}

#[test]
fn texts_stay_inside_and_apart_in_a_plausible_city() {
    // In each of two languages: on the site two of activities, three of women and men, four of groups, five of the hours, five
    // of each theme, and the day of each of six groups; beside it four activities with their trend, rhythm, week and pyramid, opening hours, two of answers.
    assert_eq!(survives(&kit::city()), 2 * (14 + 25 + 6 + 16 + 3));
}

#[test]
fn texts_stay_inside_and_apart_with_very_long_labels() {
    let long = "Attività di volontariato, partecipazione civica e assistenza informale ad altre famiglie, \
                comprese precipitevolissimevolmenteinterminabili riunioni ";
    assert!(survives(&with_activities((0..12).map(|place| format!("{}{place}", long.repeat(2))), |_| 61.0)) > 0);
}

#[test]
fn a_whole_city_with_very_long_names_makes_charts() {
    let mut city = kit::city();
    for row in &mut city.classification {
        let long =
            "e assistenza informale ad altre famiglie, comprese precipitevolissimevolmenteinterminabili riunioni";
        row.label_it = format!("{} {}", row.label_it, long);
        row.label_en = format!("{} {}", row.label_en, long.repeat(2));
    }
    for row in &mut city.rows {
        if row.age_group == "65+" {
            row.age_group = "persone molto anziane o precipitevolissimevolmente longeve".to_owned();
        }
    }
    assert!(survives(&city) > 0);
}

#[test]
fn a_whole_city_of_zeros_makes_charts() {
    let mut city = kit::city();
    for number in city.rows.iter_mut().flat_map(|row| [&mut row.value, &mut row.ci_low, &mut row.ci_high]) {
        *number = number.map(|_| 0.0);
    }
    assert!(survives(&city) > 0);
}

#[test]
fn one_person_is_withheld_everywhere() {
    let mut city = kit::city();
    for row in &mut city.rows {
        *row = EstimateRow { n: 0, ..kit::hidden(row.clone(), Flag::A, Status::Withheld) };
    }
    city.run.n_persons = 1;
    city.run.n_diaries = 1;
    assert!(survives(&city) > 0);
}

#[test]
fn forty_ages_make_charts() {
    let mut city = kit::city();
    let young: Vec<EstimateRow> = city.rows.iter().filter(|row| row.age_group == "15-24").cloned().collect();
    for age in 0..35 {
        let of_age = |row: &EstimateRow| EstimateRow { age_group: format!("{}-{}", 30 + age, 31 + age), ..row.clone() };
        city.rows.extend(young.iter().map(of_age));
    }
    assert!(survives(&city) > 0);
}

#[test]
fn a_label_that_is_moved_is_found() {
    let city = kit::city();
    let (edition, texts) = (kit::edition(), Texts::new(Language::It));
    let source = Source::new(&city, &edition, &texts);
    for figure in Topic::ALL.into_iter().flat_map(|topic| topic.figures(&source)) {
        let scene = chart::draw(&figure.chart, &figure.caption, Size::Wide, &texts);
        assert!(legibility::faults(&scene).unwrap().is_empty(), "{}", figure.name);
        let mut moved = scene.clone();
        let (first, last) = (moved.texts[0].clone(), moved.texts.len() - 1);
        (moved.texts[last].x, moved.texts[last].baseline) = (first.x, first.baseline);
        assert!(legibility::faults(&moved).unwrap()[0].contains("covers"), "{}", figure.name);
    }
}

#[test]
fn one_activity_makes_a_chart() {
    assert!(survives(&with_activities(["Sonno".to_owned()], |_| 500.0)) > 0);
}

#[test]
fn forty_activities_make_a_chart() {
    assert!(
        survives(&with_activities((0..40).map(|place| format!("Attività numero {place}")), |place| place as f64)) > 0
    );
}

#[test]
fn a_day_of_zeros_makes_a_chart() {
    assert!(survives(&with_activities((0..5).map(|place| format!("Attività {place}")), |_| 0.0)) > 0);
}

#[test]
fn tiny_and_huge_values_make_a_chart() {
    let values = [0.004, 1440.0, 0.4, 700.0];
    assert!(survives(&with_activities((0..4).map(|place| format!("Attività {place}")), |place| values[place])) > 0);
}

#[test]
fn a_city_with_nothing_to_publish_says_so() {
    let mut city = kit::city();
    for row in &mut city.rows {
        let status = if row.n % 2 == 0 { Status::Withheld } else { Status::Published };
        *row = kit::hidden(row.clone(), Flag::Suppressed, status);
    }
    assert!(survives(&city) > 0);
    for topic in Topic::ALL {
        for headline in headlines(&city, topic, Language::It) {
            let says_so =
                ["nessun dato pubblicabile", "dati insufficienti"].iter().any(|words| headline.contains(words));
            assert!(
                says_so && !headline.chars().any(|letter| letter.is_ascii_digit()),
                "a claim from nothing: {headline}"
            );
        }
    }
    assert_eq!(headlines(&city, Topic::Gap, Language::It)[0], "Donne e uomini: nessun dato pubblicabile");
    assert_eq!(headlines(&city, Topic::Activities, Language::En)[0], "Time by activity: nothing can be published");
    let day = headlines(&city, Topic::Day, Language::It);
    assert_eq!(day[0], "Donne, le ore del giorno: nessun dato pubblicabile");
}

#[test]
fn a_hole_in_the_day_leaves_a_hole_in_the_tempogram() {
    let mut city = kit::city();
    for row in city.rows.iter_mut().filter(|row| row.slot.is_some_and(|slot| (40..60).contains(&slot))) {
        if row.activity == "3" {
            *row = kit::hidden(row.clone(), Flag::Suppressed, Status::Published);
        }
    }
    assert!(survives(&city) > 0);
}

/// Answers alone, without the figures of time use.
fn only_answers() -> Estimates {
    kit::with_answers(Estimates { rows: Vec::new(), ..kit::city() })
}

#[test]
fn answers_make_charts_that_can_be_read() {
    // Beside the answers that come with their own numbers: services used, collisions, travelling, waiting, wished hours of two services, things
    // done online of two, what people gave up, satisfaction with a weekday and with a day of the weekend.
    assert_eq!(survives(&only_answers()), 4 + 2 * 11);
    let mut long = only_answers();
    for row in &mut long.questions {
        for text in [&mut row.about_it, &mut row.about_en, &mut row.answer_it, &mut row.answer_en] {
            if !text.is_empty() {
                *text = format!("{text} e assistenza informale ad altre famiglie, comprese interminabili riunioni");
            }
        }
    }
    assert!(survives(&long) > 4);
}

#[test]
fn a_headline_of_answers_says_a_number_of_the_estimates() {
    let city = only_answers();
    let headlines = headlines(&city, Topic::Needs, Language::It);
    let share = |question: &str, answer: &str| {
        let is_it = |row: &&AnswerRow| {
            row.question == question && row.answer == answer && row.sex == "all" && row.target_group == "all"
        };
        let value = city.answers.iter().find(is_it).and_then(|row| row.value).unwrap();
        format!("{value:.1}%").replace('.', ",").replace(",0%", "%")
    };
    let gives_up = headlines.iter().find(|title| title.contains("rinunciato a qualcosa")).unwrap();
    assert!(gives_up.contains("Sì, più volte") && gives_up.contains(&share("gives_up", "several")), "{gives_up}");
    let minutes = headlines.iter().find(|title| title.contains("arrivarci")).unwrap();
    assert!(minutes.contains("in media") && minutes.contains("minuti"), "{minutes}");
}

#[test]
fn answers_that_may_not_be_told_make_no_claim() {
    let mut city = only_answers();
    for row in &mut city.answers {
        (row.value, row.ci_low, row.ci_high) = (None, None, None);
        if row.n % 2 == 0 { row.status = Status::Withheld } else { row.flag = Flag::Suppressed }
    }
    assert!(survives(&city) > 4);
    for headline in headlines(&city, Topic::Needs, Language::It) {
        assert_eq!(headline, "Risposte: nessun dato pubblicabile");
    }
}

#[test]
fn no_estimates_make_no_figures() {
    let empty = Estimates { rows: Vec::new(), ..kit::city() };
    let (edition, texts) = (kit::edition(), Texts::new(Language::It));
    let source = Source::new(&empty, &edition, &texts);
    assert_eq!(Topic::ALL.into_iter().flat_map(|topic| topic.figures(&source)).count(), 0);
    // Answers to questionnaires come with their own numbers.
    assert_eq!(survives(&empty), 4);
}

#[test]
fn the_headline_names_the_widest_certain_gap() {
    let city = kit::city();
    assert_eq!(
        headlines(&city, Topic::Gap, Language::It)[0],
        "Le donne dedicano 3 ore e 9 minuti in più al giorno alla cura della casa e della famiglia, più o meno 13 minuti"
    );
    assert_eq!(
        headlines(&city, Topic::Gap, Language::En)[0],
        "Women spend 3 hours and 9 minutes more a day on household and family care, plus or minus 13 minutes"
    );
}

#[test]
fn the_headline_says_when_men_spend_more() {
    let mut city = kit::city();
    city.rows.retain(|row| row.activity != "3");
    let headlines = headlines(&city, Topic::Gap, Language::It);
    assert_eq!(
        headlines[0],
        "Gli uomini dedicano 1 ora e 39 minuti in più al giorno al lavoro retribuito, più o meno 11 minuti"
    );
}

#[test]
fn the_headline_admits_that_no_gap_is_certain() {
    let mut city = kit::city();
    for row in city.rows.iter_mut().filter(|row| row.indicator == Indicator::TimeGap) {
        (row.ci_low, row.ci_high) =
            (row.value.map(|value| value.abs() - 500.0), row.value.map(|value| value.abs() + 500.0));
    }
    let headlines = headlines(&city, Topic::Gap, Language::It);
    assert_eq!(headlines[0], "Nessuna differenza certa tra il tempo delle donne e quello degli uomini");
}

#[test]
fn groups_differ_only_when_their_intervals_lie_apart() {
    let apart = headlines(&kit::city(), Topic::Groups, Language::It);
    assert!(apart[0].contains(": da ") && apart[0].contains(" a "), "{}", apart[0]);
    let mut city = kit::city();
    for row in city.rows.iter_mut().filter(|row| row.target_group != "all") {
        (row.ci_low, row.ci_high) = (row.ci_low.map(|_| 0.0), row.ci_high.map(|_| 1440.0));
    }
    for headline in headlines(&city, Topic::Groups, Language::It) {
        assert!(headline.ends_with("nessuna differenza certa tra i gruppi"), "{headline}");
    }
}

#[test]
fn the_largest_activities_open_the_first_chart() {
    assert_eq!(
        headlines(&kit::city(), Topic::Activities, Language::It)[0],
        "In un giorno medio: cura della persona 11 h 27 min (±17 min), cura della casa e della famiglia 3 h 12 min (±6 min), lavoro retribuito 2 h 27 min (±5 min)"
    );
}

#[test]
fn every_picture_says_what_it_is_and_where_it_comes_from() {
    let city = kit::city();
    each_figure(&city, |figure, texts| {
        let caption = &figure.caption;
        assert_eq!(caption.notice.as_deref(), Some(texts.text("synthetic").as_str()), "{}", figure.name);
        let words = format!("{} {}", caption.subtitle, caption.footer.join(" "));
        for needed in [texts.label(&city.run.population), texts.label(&city.run.title), "Borgo Sereno"] {
            assert!(words.contains(needed), "{} does not say {needed}", figure.name);
        }
        let scene = chart::draw(&figure.chart, caption, Size::Wide, texts);
        let description =
            svg::Description { language: texts.language().tag(), title: &caption.title, text: &figure.spoken() };
        let picture = svg::paint(&scene, &description).unwrap();
        let document = roxmltree::Document::parse(&picture).unwrap();
        let root = document.root_element();
        let child = |name: &str| {
            root.children()
                .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
                .and_then(|node| node.text())
        };
        assert_eq!(root.attribute("role"), Some("img"));
        assert_eq!(root.attribute("lang"), Some(texts.language().tag()));
        assert_eq!(child("title"), Some(caption.title.as_str()));
        assert_eq!(child("desc"), Some(figure.spoken().as_str()));
        assert!(!picture.contains("style="), "inline style is forbidden by the site's security policy");
    });
}

#[test]
fn measured_data_carry_no_notice() {
    let mut city = kit::city();
    city.run.synthetic = false;
    each_figure(&city, |figure, _| assert_eq!(figure.caption.notice, None, "{}", figure.name));
}

#[test]
fn a_png_is_a_picture_of_twice_the_size() {
    let city = kit::city();
    let (edition, texts) = (kit::edition(), Texts::new(Language::It));
    let source = Source::new(&city, &edition, &texts);
    let figure = Topic::Gap.figures(&source).remove(0);
    let scene = chart::draw(&figure.chart, &figure.caption, Size::Narrow, &texts);
    let file = png::paint(&scene).unwrap();
    let mut decoder = ::png::Decoder::new(file.as_slice());
    decoder.set_transformations(::png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.height), (720, scene.height.ceil() as u32 * 2));
    // Paper, the women's colour and ink are all there: the picture is not blank.
    let has = |color: [u8; 3]| pixels.chunks_exact(3).any(|pixel| pixel == color);
    assert!(has([255, 255, 255]) && has([0x7B, 0x3F, 0x98]) && has([0x17, 0x32, 0x4D]));
}
