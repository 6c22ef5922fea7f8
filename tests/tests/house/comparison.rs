//! One's own day beside the city's average: from an edition as `tempi publish` writes it to the page, number by number.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::{Datelike, NaiveDate, Weekday};
use survey_server::clock::{Clock, italian_time};
use tests::{browser::Browser, site::Site};

use crate::demonstration::demonstration;

const WOMAN: &str = "RSSMRA80A41C707O";

/// The latest weekday that is over.
fn weekday(site: &Site) -> NaiveDate {
    let running = (italian_time(site.clock.now()) - chrono::Duration::hours(4)).date();
    let days = (1..=7).map(|days| running - chrono::Duration::days(days));
    days.into_iter().find(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)).expect("a week has weekdays")
}

/// Somebody of this sex and age who hands in a weekday, eight hours of it asleep; answers the day's path.
fn hands_in(site: &Site, sex: &str, age: &str) -> (Browser, String) {
    let mut browser = site.signed_in(WOMAN);
    let at = |path: &str| format!("{}{path}", site.url);
    let notice = browser.get(&at("/consenso"));
    browser.submit(&notice, &[]).expect(303, &[]);
    let person = [("sex", sex), ("gender", "woman"), ("age", age), ("citizenship", "italian"), ("zone", "nord")];
    let page = browser.get(&at("/questionari/individuale/persona"));
    browser.submit(&page, &person).expect(303, &[]);
    let day = format!("/diario/{}", weekday(site));
    for (from, to, activity) in [("04:00", "12:00", "011"), ("12:00", "04:00", "821")] {
        let page = browser.get(&at(&day));
        browser.submit(&page, &[("dalle", from), ("alle", to), ("attivita", activity)]).expect(303, &[]);
    }
    let token = browser.token(site);
    browser.post(&at(&format!("{day}/consegna")), &[("gettone", &token), ("versione", "2")]).expect(303, &[]);
    (browser, day)
}

/// The average day of the narrowest group that is published in full, worked out from the table by other means than the
/// server's: minutes by activity.
fn expected(estimates: &Path, sex: &str, age_group: &str) -> (String, String, BTreeMap<String, f64>) {
    let mut reader = csv::Reader::from_path(estimates).expect("the edition's table");
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.expect("a row")).collect();
    for (sex, age_group) in [(sex, age_group), ("all", age_group), (sex, "all"), ("all", "all")] {
        let wanted = [
            ("indicator", "time_spent"),
            ("timeline", "main"),
            ("level", "1"),
            ("target_group", "all"),
            ("day", "weekday"),
            ("sex", sex),
            ("age_group", age_group),
        ];
        let group = rows.iter().filter(|row| wanted.iter().all(|(column, value)| row[*column] == *value));
        let told: BTreeMap<String, f64> = group
            .filter(|row| row["status"] == "published" && !row["value"].is_empty())
            .map(|row| (row["activity"].clone(), row["value"].parse().expect("a number")))
            .collect();
        if told.len() == 10 {
            return (sex.to_owned(), age_group.to_owned(), told);
        }
    }
    panic!("not even everybody's day was published");
}

fn in_words(minutes: f64) -> String {
    let minutes = minutes.round() as usize;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[test]
fn the_page_shows_the_numbers_of_the_edition_and_says_whose_they_are() {
    let edition = demonstration().join("site/1");
    let site = Site::start_with(|config| config.publication = Some(edition.clone()), false);
    let (mut browser, day) = hands_in(&site, "F", "46");
    let told = format!("{}{day}/giornata", site.url);
    let mut page = browser.get(&told).expect(200, &["Ricevuta", "8 h"]);
    for _ in 0..600 {
        if page.body.contains("quella degli altri") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        page = browser.get(&told);
    }
    let (sex, age_group, minutes) = expected(&edition.join("dati/estimates.csv"), "F", "45-64");
    let rows = page.body.split("tempi-comparison").nth(1).expect("a comparison").split("</table>").next().unwrap();
    let shown: Vec<&str> = rows
        .split("<td class=\"text-nowrap\">")
        .skip(1)
        .map(|cell| cell.split("</td>").next().unwrap_or_default())
        .collect();
    let others: Vec<&str> = shown.iter().skip(1).step_by(2).copied().collect();
    assert_eq!(others, minutes.values().map(|minutes| in_words(*minutes)).collect::<Vec<_>>());
    assert_eq!((shown[0], shown[16]), ("8 h", "16 h"), "one's own day: {shown:?}");
    let people = match sex.as_str() {
        "F" => "le donne",
        _ => "tutta la città",
    };
    let whom = page.body.split("ultimi risultati pubblicati: ").nth(1).unwrap().split('.').next().unwrap();
    assert!(whom.starts_with(people) && whom.ends_with("nei giorni feriali"), "{whom}");
    assert_eq!(whom.contains("anni"), age_group != "all", "{whom}");
}

#[test]
fn without_an_edition_there_is_ones_own_day_and_a_card_that_tells_nothing_personal() {
    let site = Site::start();
    let (mut browser, day) = hands_in(&site, "F", "46");
    let page = browser.get(&format!("{}{day}/giornata", site.url)).expect(200, &["Ricevuta", "<svg", "Ora per ora"]);
    assert!(!page.body.contains("quella degli altri"));
    let card = browser.get(&format!("{}{day}/giornata/scheda", site.url)).expect(200, &["La mia giornata", "16 h"]);
    assert_eq!(card.header("content-type"), Some("image/svg+xml"));
    assert!(card.header("content-disposition").unwrap().starts_with("attachment"));
    let date = day.trim_start_matches("/diario/");
    for told in [WOMAN, date, "04:00", "12:00", "Comune di Prova", "nord"] {
        assert!(!card.body.contains(told), "{told}: {}", card.body);
    }
    roxmltree::Document::parse(&card.body).expect("well-formed");
    site.browser().get(&format!("{}{day}/giornata/scheda", site.url)).expect(401, &[]);
}
