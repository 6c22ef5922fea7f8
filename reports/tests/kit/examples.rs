//! Every type of chart, each from the same estimates: what the site shows, and what it shows when other numbers are there.

use analytics::table::{Estimates, Indicator};
use questionnaires::Language;
use questionnaires::slot::Span;
use reports::chart::rows::Interval;
use reports::figure::answers::{ChoiceQuestion, Hidden, ScaleQuestion, Share, choices, scale};
use reports::figure::opening::{self, OpeningHours};
use reports::figure::trend::{self, Wave};
use reports::figure::{Figure, Source, Topic, ages, portrait, rhythm, week};
use reports::text::Texts;

/// Calls `check` with every figure of `estimates`, and of answers and opening hours beside them, in every language.
pub fn each_figure(estimates: &Estimates, mut check: impl FnMut(&Figure, &Texts)) {
    for language in Language::COMPLETE {
        each_figure_in(language, estimates, &mut check);
    }
}

/// [`each_figure`] in one language.
pub fn each_figure_in(language: Language, estimates: &Estimates, check: &mut dyn FnMut(&Figure, &Texts)) {
    let (edition, texts) = (super::edition(), Texts::new(language));
    let source = Source::new(estimates, &edition, &texts);
    for figure in Topic::ALL.into_iter().flat_map(|topic| topic.figures(&source)) {
        check(&figure, &texts);
    }
    for figure in source.groups().into_iter().flat_map(|group| portrait::figures(&source, group)) {
        check(&figure, &texts);
    }
    let earlier = earlier(estimates);
    let earlier = Source::new(&earlier, &edition, &texts);
    let activities: Vec<&str> = source.top_activities().into_iter().map(|activity| activity.code.as_str()).collect();
    for activity in activities.iter().take(4) {
        let waves = [Wave { label: "2021", source: &earlier }, Wave { label: "2026", source: &source }];
        for figure in [
            trend::figure(&waves, activity),
            rhythm::figure(&source, activity),
            week::figure(&source, activity),
            ages::pyramid(&source, activity),
        ] {
            figure.iter().for_each(|figure| check(figure, &texts));
        }
    }
    opening::figure(&source, &office_hours()).iter().for_each(|figure| check(figure, &texts));
    let (answers, questions) = scale_questions(language);
    check(&scale(&source, "risposte-accordo", &answers, &questions), &texts);
    check(&choices(&source, "risposte-scelte", &choice_question(language)), &texts);
}

/// The same survey five years before: a tenth less of everything.
pub fn earlier(estimates: &Estimates) -> Estimates {
    let mut earlier = estimates.clone();
    for row in earlier.rows.iter_mut().filter(|row| row.indicator == Indicator::TimeSpent) {
        for number in [&mut row.value, &mut row.ci_low, &mut row.ci_high] {
            *number = number.map(|minutes| minutes * 0.9);
        }
    }
    earlier
}

/// A counter that opens in the mornings and on one afternoon.
pub fn office_hours() -> OpeningHours {
    let span = |from, to| Span::from_clock(from, to).unwrap();
    let morning = || vec![span("08:30", "12:30")];
    OpeningHours {
        service: "Anagrafe".to_owned(),
        days: [
            morning(),
            vec![span("08:30", "12:30"), span("14:30", "17:30")],
            morning(),
            vec![span("08:30", "12:30"), span("14:30", "17:30")],
            morning(),
            vec![span("09:00", "12:00")],
            Vec::new(),
        ],
    }
}

fn share(value: f64) -> Share {
    Ok(Interval { value, low: value - 3.1, high: value + 3.1 })
}

/// Three questions on a scale of five, one of them withheld.
pub fn scale_questions(language: Language) -> (Vec<String>, Vec<ScaleQuestion>) {
    let (answers, questions) = match language {
        Language::En => (
            ["Not at all", "Little", "Neither", "Fairly", "Very much"],
            [
                "Are the hours of city offices easy for you?",
                "Do buses run when you need them?",
                "Do shops open when you are free?",
                "Is your doctor open when you are free?",
            ],
        ),
        Language::It | Language::Ar => (
            ["Per niente", "Poco", "Né sì né no", "Abbastanza", "Molto"],
            [
                "Gli orari degli uffici comunali vanno bene per te?",
                "Gli autobus passano quando servono?",
                "I negozi aprono quando hai tempo?",
                "Il medico riceve quando hai tempo?",
            ],
        ),
    };
    let shares = [[21.0, 33.5, 12.0, 24.0, 9.5], [8.0, 15.0, 20.0, 38.0, 19.0], [2.0, 5.0, 11.0, 46.0, 36.0]];
    let mut asked: Vec<ScaleQuestion> = questions
        .iter()
        .zip(shares)
        .map(|(label, shares)| ScaleQuestion {
            label: (*label).to_owned(),
            answers: shares.map(share).into(),
            against: share(shares[0] + shares[1]),
            in_favour: share(shares[3] + shares[4]),
            n: 1480,
        })
        .collect();
    asked.push(ScaleQuestion {
        label: questions[3].to_owned(),
        answers: vec![Err(Hidden::Withheld); 5],
        against: Err(Hidden::Withheld),
        in_favour: Err(Hidden::Withheld),
        n: 1480,
    });
    (answers.map(str::to_owned).into(), asked)
}

/// What stops people from using a service, several answers to choose from; one too uncertain.
pub fn choice_question(language: Language) -> ChoiceQuestion {
    let (label, answers) = match language {
        Language::En => (
            "What stops you from using city services?",
            [
                "I work while they are open",
                "I must care for somebody",
                "They are too far",
                "I do not know the hours",
                "Other",
            ],
        ),
        Language::It | Language::Ar => (
            "Che cosa ti impedisce di usare i servizi?",
            [
                "Lavoro mentre sono aperti",
                "Devo accudire qualcuno",
                "Sono troppo lontani",
                "Non conosco gli orari",
                "Altro",
            ],
        ),
    };
    let shares = [share(48.2), share(21.5), share(17.0), share(8.4), Err(Hidden::Suppressed)];
    ChoiceQuestion {
        label: label.to_owned(),
        answers: answers.map(str::to_owned).into_iter().zip(shares).collect(),
        n: 1480,
    }
}
