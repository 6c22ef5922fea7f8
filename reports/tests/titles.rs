//! Messages are true: they follow the numbers and their margins, admit when nothing is certain, and claim nothing from what is
//! suppressed or withheld; in Italian and in English as people write them.

#![allow(clippy::unwrap_used)]

mod kit;

use analytics::table::{EstimateRow, Estimates, Flag, Indicator, Status};
use kit::examples;
use questionnaires::Language;
use reports::chart::rows::Interval;
use reports::figure::answers::{Hidden, choices, scale};
use reports::figure::trend::{self, Wave};
use reports::figure::{Source, Topic, ages, opening, rhythm, week};
use reports::text::Texts;

/// Calls `ask` with the source of `estimates` in a language and returns its answer with plain spaces.
fn title(estimates: &Estimates, language: Language, ask: impl FnOnce(&Source) -> String) -> String {
    let (edition, texts) = (kit::edition(), Texts::new(language));
    ask(&Source::new(estimates, &edition, &texts)).replace('\u{a0}', " ")
}

/// The city with its numbers of `indicator` changed.
fn changed(indicator: Indicator, change: impl Fn(&mut EstimateRow)) -> Estimates {
    let mut city = kit::city();
    city.rows.iter_mut().filter(|row| row.indicator == indicator).for_each(change);
    city
}

/// Widens the interval of a row until it says nothing.
fn blur(row: &mut EstimateRow) {
    row.standard_error = Some(500.0);
    (row.ci_low, row.ci_high) = (row.value.map(|value| value - 900.0), row.value.map(|value| value + 900.0));
}

/// Both ways of hiding a number, with the number left in the row as a faulty pipeline might.
const WAYS: [(Flag, Status); 3] =
    [(Flag::Suppressed, Status::Published), (Flag::A, Status::Withheld), (Flag::A, Status::WithheldSecondary)];

fn rhythm_of(source: &Source, activity: &str) -> String {
    rhythm::figure(source, activity).unwrap().caption.title
}

#[test]
fn a_rhythm_tells_the_widest_certain_difference() {
    let city = kit::city();
    assert_eq!(
        title(&city, Language::It, |source| rhythm_of(source, "3")),
        "Cura della casa e della famiglia: alle 11:50 le donne superano gli uomini di 25,8 punti, più o meno 6,1 punti"
    );
    assert_eq!(
        title(&city, Language::En, |source| rhythm_of(source, "1")),
        "Employment: at 10:30 men exceed women by 15.3 points, plus or minus 6.1 points"
    );
}

#[test]
fn a_rhythm_is_certain_only_by_the_band_of_the_whole_curve() {
    // An interval of one slot leaves zero out, the band of 144 slots does not.
    let close = changed(Indicator::ShareGapAtSlot, |row| {
        (row.value, row.standard_error) = (Some(3.0), Some(1.0));
        (row.ci_low, row.ci_high) = (Some(1.0), Some(5.0));
    });
    assert_eq!(
        title(&close, Language::It, |source| rhythm_of(source, "3")),
        "Cura della casa e della famiglia: a nessuna ora una differenza certa tra donne e uomini"
    );
}

#[test]
fn a_week_tells_its_highest_share() {
    let city = kit::city();
    let of = |source: &Source| week::figure(source, "1").unwrap().caption.title;
    assert_eq!(
        title(&city, Language::It, of),
        "Lavoro retribuito: alle 10:30 nei giorni feriali il 37,5% delle persone, più o meno 2,4 punti, il valore più alto della settimana"
    );
    assert_eq!(
        title(&city, Language::En, of),
        "Employment: at 10:30 on weekdays 37.5% of people, plus or minus 2.4 points, the highest value of the week"
    );
}

#[test]
fn ages_tell_the_widest_certain_gap() {
    let of = |source: &Source| ages::panels(source).unwrap().caption.title;
    assert_eq!(
        title(&kit::city(), Language::It, of),
        "Da 65 anni in su, cura della casa e della famiglia: le donne 4 ore e 44 minuti al giorno più degli uomini, più o meno 16 minuti"
    );
    let turned = changed(Indicator::TimeGap, |row| {
        row.value = row.value.map(|value| -value);
        (row.ci_low, row.ci_high) = (row.ci_high.map(|high| -high), row.ci_low.map(|low| -low));
    });
    assert_eq!(
        title(&turned, Language::En, of),
        "Aged 65 and over, household and family care: men 4 hours and 44 minutes a day more than women, plus or minus 16 minutes"
    );
    let blurred = changed(Indicator::TimeGap, blur);
    assert_eq!(title(&blurred, Language::It, of), "Donne e uomini: a nessuna età una differenza certa");
}

#[test]
fn a_pyramid_tells_two_shares_only_when_their_intervals_lie_apart() {
    let of = |source: &Source| ages::pyramid(source, "3").unwrap().caption.title;
    assert_eq!(
        title(&kit::city(), Language::It, of),
        "Cura della casa e della famiglia, fra 15 e 24 anni: in un giorno partecipano il 90,8% (±4,2) delle donne e il 55,4% (±4,2) degli uomini"
    );
    let eight = changed(Indicator::ParticipationRate, |row| {
        let share = if row.sex == "F" { 80.4 } else { 8.0 };
        (row.value, row.ci_low, row.ci_high) = (Some(share), Some(share - 1.0), Some(share + 1.0));
    });
    assert!(
        title(&eight, Language::It, of)
            .ends_with("partecipano l’80,4% (±1,0) delle donne e l’8,0% (±1,0) degli uomini")
    );
    let blurred = changed(Indicator::ParticipationRate, blur);
    assert_eq!(
        title(&blurred, Language::En, of),
        "Household and family care: no certain difference in participation between women and men at any age"
    );
}

#[test]
fn a_day_tells_both_sides_and_the_margin_of_their_difference() {
    let of = |source: &Source| Topic::Activities.figures(source).remove(1).caption.title;
    assert_eq!(
        title(&kit::city(), Language::It, of),
        "Cura della casa e della famiglia: 4 ore e 46 minuti le donne, 1 ora e 37 minuti gli uomini; la differenza è 3 ore e 9 minuti, più o meno 13 minuti"
    );
    assert_eq!(
        title(&changed(Indicator::TimeGap, blur), Language::It, of),
        "La giornata di donne e uomini: nessuna differenza certa in nessuna attività"
    );
}

#[test]
fn a_trend_tells_a_change_only_when_intervals_lie_apart() {
    let (edition, texts) = (kit::edition(), Texts::new(Language::It));
    let now = kit::city();
    let title_with = |before: &Estimates| {
        let (before, now) = (Source::new(before, &edition, &texts), Source::new(&now, &edition, &texts));
        let waves = [Wave { label: "2021", source: &before }, Wave { label: "2026", source: &now }];
        assert!(trend::figure(&waves[..1], "3").is_none(), "one wave is no trend");
        trend::figure(&waves, "3").unwrap().caption.title.replace('\u{a0}', " ")
    };
    assert_eq!(
        title_with(&examples::earlier(&now)),
        "Cura della casa e della famiglia, donne: 4 ore e 17 minuti (±8 min) nel 2021, 4 ore e 46 minuti (±9 min) nel 2026"
    );
    assert_eq!(title_with(&now), "Cura della casa e della famiglia: nessun cambiamento certo tra 2021 e 2026");
}

#[test]
fn answers_prevail_only_when_they_certainly_do() {
    let city = kit::city();
    let (answers, mut questions) = examples::scale_questions(Language::It);
    let of =
        |questions: &[_]| title(&city, Language::It, |source| scale(source, "r", &answers, questions).caption.title);
    assert_eq!(
        of(&questions),
        "«I negozi aprono quando hai tempo?» Risponde di sì l’82,0% delle persone, più o meno 3,1 punti"
    );
    for question in &mut questions {
        let half = Interval { value: 48.0, low: 40.0, high: 56.0 };
        (question.in_favour, question.against) = (Ok(half), Ok(half));
    }
    assert_eq!(of(&questions), "Su nessuna domanda prevale con certezza una parte");
    questions.iter_mut().for_each(|question| question.answers[0] = Err(Hidden::Withheld));
    assert_eq!(of(&questions), "Risposte: nessun dato pubblicabile");

    let mut question = examples::choice_question(Language::It);
    let of = |question: &_| title(&city, Language::It, |source| choices(source, "r", question).caption.title);
    assert_eq!(
        of(&question),
        "«Che cosa ti impedisce di usare i servizi?» Lavoro mentre sono aperti: il 48,2% delle persone, più o meno 3,1 punti"
    );
    question.answers.iter_mut().for_each(|(_, share)| *share = Err(Hidden::Suppressed));
    assert_eq!(of(&question), "Risposte: nessun dato pubblicabile");
}

#[test]
fn opening_hours_tell_whether_the_doors_are_open_when_most_are_free() {
    let city = kit::city();
    let mut hours = examples::office_hours();
    let of = |hours: &_| title(&city, Language::It, |source| opening::figure(source, hours).unwrap().caption.title);
    assert!(of(&hours).starts_with("Anagrafe, 29 ore alla settimana: chiuso "), "{}", of(&hours));
    let evening = questionnaires::slot::Span::from_clock("20:00", "23:00").unwrap();
    hours.days = std::array::from_fn(|_| vec![evening]);
    assert!(of(&hours).starts_with("Anagrafe, 21 ore alla settimana: aperto "), "{}", of(&hours));
    hours.days = std::array::from_fn(|_| Vec::new());
    assert!(of(&hours).starts_with("Anagrafe, 0 minuti alla settimana: chiuso "), "{}", of(&hours));
}

#[test]
fn what_is_hidden_is_never_claimed() {
    for (flag, status) in WAYS {
        let mut city = kit::city();
        for row in &mut city.rows {
            (row.flag, row.status) = (flag, status);
        }
        for language in Language::COMPLETE {
            examples::each_figure_in(language, &city, &mut |figure, _| {
                // Answers come with numbers of their own.
                if figure.rows.is_empty() {
                    return;
                }
                let title = figure.caption.title.replace("2021", "").replace("2026", "");
                let claims = title.chars().any(|letter| letter.is_ascii_digit());
                assert!(!claims, "{flag:?} {status:?}: {title}");
                assert!(figure.table.rows.iter().flat_map(|row| &row.cells).all(|cell| {
                    let is_count = cell.value.as_ref().is_some_and(|value| value.parse::<u64>().is_ok());
                    cell.value.is_none() || is_count
                }));
            });
        }
    }
}
