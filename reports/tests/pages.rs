//! The pages of charts, themes and groups, the findings of the front page, and the tables of the explorer.

#![allow(clippy::unwrap_used)]

mod kit;

use std::fs;

use analytics::table::{EstimateRow, Flag, Indicator, Status};
use kit::published::{CITY, Published, files, parse, table, text};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

fn elements<'a>(document: &'a Document<'a>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// The content of the `meta` element with this property or name.
fn meta(document: &Document, name: &str) -> Option<String> {
    let metas = elements(document, "meta").into_iter();
    let mut named = metas.filter(|node| [node.attribute("property"), node.attribute("name")].contains(&Some(name)));
    named.next().and_then(|node| node.attribute("content")).map(str::to_owned)
}

fn hrefs(document: &Document) -> Vec<String> {
    elements(document, "a").into_iter().filter_map(|node| node.attribute("href")).map(str::to_owned).collect()
}

/// An edition that knows where it is read.
fn edition_with_address() -> reports::Edition {
    let mut edition = kit::edition();
    edition.imprint.address = Some("https://tempi.comune.example.it/risultati/".to_owned());
    edition
}

#[test]
fn every_figure_has_a_page_with_its_chart_table_downloads_method_and_citation() {
    let pictures = files(&CITY.site().join("grafici"));
    let names: Vec<&str> = pictures.keys().filter_map(|name| name.strip_suffix("-condividi-it.png")).collect();
    assert!(names.len() > 30, "only {names:?}");
    for name in names {
        let page = CITY.page(&format!("grafico-{name}.html"));
        let document = parse(&page);
        let links = hrefs(&document);
        for ending in [format!("dati/{name}.csv"), format!("grafici/{name}-it.svg"), format!("grafici/{name}-it.png")] {
            assert!(links.contains(&ending), "{name}: no {ending}");
        }
        assert!(links.contains(&format!("grafici/{name}-condividi-it.png")), "{name}: nothing to share");
        assert!(links.contains(&"metodo.html".to_owned()), "{name}: no method");
        assert!(!table(&document, 0).is_empty(), "{name}: no table");
        let headline = text(elements(&document, "h1")[0]);
        let citation = text(elements(&document, "blockquote")[0]);
        assert!(citation.contains(&headline) && citation.contains("edizione 1 del"), "{name}: {citation}");
        let entry = text(elements(&document, "pre")[0]);
        assert!(entry.starts_with(&format!("@misc{{tempi-2026-1-{name},")) && entry.ends_with('}'), "{entry}");
        let picture = elements(&document, "img")[0].attribute("src").unwrap();
        assert_eq!(picture, format!("grafici/{name}-it.svg"));
    }
}

#[test]
fn a_chart_passed_on_shows_itself_by_absolute_addresses_or_by_none() {
    let published = Published::as_edition(&kit::small_city(), &edition_with_address());
    let top = "https://tempi.comune.example.it/risultati/edizioni/1/";
    for (path, page, picture) in [
        ("grafico-donne-e-uomini.html", "grafico-donne-e-uomini.html", "donne-e-uomini-condividi-it.png"),
        ("en/chart-donne-e-uomini.html", "en/chart-donne-e-uomini.html", "donne-e-uomini-condividi-en.png"),
        ("index.html", "", "donne-e-uomini-condividi-it.png"),
    ] {
        let html = published.page(path);
        let document = parse(&html);
        assert_eq!(meta(&document, "og:url"), Some(format!("{top}{page}")), "{path}");
        assert_eq!(meta(&document, "og:image"), Some(format!("{top}grafici/{picture}")), "{path}");
        assert!(published.site().join("grafici").join(picture).is_file());
        assert_eq!(meta(&document, "twitter:card").as_deref(), Some("summary_large_image"), "{path}");
        assert_eq!(meta(&document, "og:title"), Some(text(elements(&document, "h1")[0])), "{path}");
        assert_eq!(meta(&document, "og:description"), meta(&document, "description"), "{path}");
    }
    let page = published.page("grafico-donne-e-uomini.html");
    assert!(text(elements(&parse(&page), "blockquote")[0]).contains(&format!("{top}grafico-donne-e-uomini.html")));

    let html = CITY.page("grafico-donne-e-uomini.html");
    let document = parse(&html);
    assert_eq!((meta(&document, "og:image"), meta(&document, "og:url")), (None, None), "an edition without an address");
    assert_eq!(meta(&document, "twitter:card").as_deref(), Some("summary"));
}

#[test]
fn a_picture_to_share_is_of_the_size_that_its_page_says() {
    let png = fs::read(CITY.site().join("grafici/donne-e-uomini-condividi-it.png")).unwrap();
    let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((size(16), size(20)), (1200, 630));
    let published = Published::as_edition(&kit::small_city(), &edition_with_address());
    let page = published.page("grafico-attivita.html");
    let document = parse(&page);
    assert_eq!(meta(&document, "og:image:width").as_deref(), Some("1200"));
    assert_eq!(meta(&document, "og:image:height").as_deref(), Some("630"));
}

#[test]
fn the_page_of_the_hours_leaves_its_long_tables_to_the_charts_pages() {
    let page = CITY.page("ore-del-giorno.html");
    assert!(elements(&parse(&page), "table").is_empty());
    assert!(page.len() < 20_000, "{} bytes", page.len());
    assert!(hrefs(&parse(&page)).contains(&"grafico-ore-del-giorno-donne.html".to_owned()));
}

#[test]
fn a_theme_shows_only_figures_that_tell_something_and_leads_to_the_others() {
    for (path, n_figures) in [("cura.html", 5), ("lavoro-retribuito.html", 5), ("en/free-time.html", 5)] {
        let page = CITY.page(path);
        let document = parse(&page);
        assert_eq!(elements(&document, "figure").len(), n_figures, "{path}");
        assert!(!page.contains("nessun dato pubblicabile"), "{path}");
    }
    let page = CITY.page("cura.html");
    let document = parse(&page);
    let links = hrefs(&document);
    for other in ["lavoro-retribuito", "tempo-libero", "spostamenti", "tempo-per-se"] {
        assert!(links.contains(&format!("{other}.html")), "no way to {other}");
    }
    let rows = table(&document, 0);
    assert_eq!(rows[0].0, "Cura della casa e della famiglia");
    assert_eq!(rows[0].1[0].1.as_deref(), Some("286"), "women's time");
}

#[test]
fn a_group_has_a_page_by_its_code_alone_and_only_where_something_is_told() {
    let mut city = kit::city();
    // A group that nobody has named yet, such as a zone of another release.
    for row in city.rows.iter_mut().filter(|row| row.target_group == "commuters") {
        row.target_group = "zone_7".to_owned();
    }
    let published = Published::of(&city);
    let page = published.page("gruppo-zone-7.html");
    let document = parse(&page);
    assert_eq!(text(elements(&document, "h1")[0]), "zone_7");
    assert!(hrefs(&document).contains(&"gruppo-employed.html".to_owned()));
    assert!(published.site().join("en/group-zone-7.html").is_file());
    for hidden in ["homemakers", "city-users"] {
        assert!(!published.site().join(format!("gruppo-{hidden}.html")).exists(), "nothing is told of {hidden}");
    }
    assert!(hrefs(&parse(&published.page("gruppi.html"))).contains(&"gruppo-zone-7.html".to_owned()));
}

#[test]
fn a_groups_numbers_are_those_that_lie_apart_from_everybodys() {
    let city = kit::city();
    let page = CITY.page("gruppo-employed.html");
    let rows = table(&parse(&page), 0);
    assert!(!rows.is_empty());
    let find = |label: &str, group: &str| {
        let code = &city.classification.iter().find(|row| row.label_it == label).unwrap().code;
        let mut rows = city.rows.iter().filter(|row| row.indicator == Indicator::TimeSpent && row.activity == *code);
        rows.find(|row| row.target_group == group && row.sex == "all" && row.age_group == "all").unwrap()
    };
    for (label, cells) in rows {
        let (group, all) = (find(&label, "employed"), find(&label, "all"));
        assert_eq!(cells[0].1.as_ref().unwrap().parse::<f64>().ok(), group.value, "{label}");
        assert_eq!(cells[2].1.as_ref().unwrap().parse::<f64>().ok(), all.value, "{label}");
        let apart = group.ci_low > all.ci_high || all.ci_low > group.ci_high;
        assert!(apart, "{label}: the intervals touch");
    }
}

#[test]
fn the_front_page_tells_one_certain_message_a_topic_and_no_activity_twice() {
    let page = CITY.page("index.html");
    let document = parse(&page);
    let list =
        elements(&document, "ul").into_iter().find(|node| node.attribute("class") == Some("tempi-findings")).unwrap();
    let links = list.descendants().filter(|node| node.has_tag_name("a"));
    let told: Vec<String> = links.map(|link| text(link).replace('\u{a0}', " ")).collect();
    assert!((3..=5).contains(&told.len()), "{told:?}");
    assert!(told.iter().any(|message| message.contains("Le donne dedicano 3 ore e 9 minuti in più")), "{told:?}");
    // What is told of care is told once, though most topics could tell it.
    assert_eq!(told.iter().filter(|message| message.to_lowercase().contains("cura della casa")).count(), 2, "{told:?}");
    for link in list.descendants().filter(|node| node.has_tag_name("a")) {
        assert!(link.attribute("href").unwrap().starts_with("grafico-"));
    }
}

#[test]
fn a_front_page_without_certain_messages_says_so() {
    let mut city = kit::small_city();
    for row in &mut city.rows {
        (row.flag, row.value) = (Flag::Suppressed, None);
    }
    let page = Published::of(&city).page("index.html");
    assert!(page.contains("abbastanza certo"), "{page}");
}

fn explored(published: &Published, name: &str) -> Value {
    serde_json::from_slice(&fs::read(published.site().join("esplora").join(name)).unwrap()).unwrap()
}

#[test]
fn the_explorer_holds_every_published_number_and_no_hidden_one() {
    let mut city = kit::city();
    for row in city.rows.iter_mut().filter(|row| row.activity == "5" && row.slot.is_none()) {
        // Values that a faulty pipeline left in rows that must not show them.
        (row.status, row.value) = (Status::WithheldSecondary, Some(777.0));
    }
    let published = Published::of(&city);
    let cell = |row: &EstimateRow| {
        let indicator = serde_json::to_value(row.indicator).unwrap();
        let (name, place) = match row.slot {
            Some(slot) => (format!("{}-main-{}.json", indicator.as_str().unwrap(), row.activity), usize::from(slot)),
            None => (format!("{}-main.json", indicator.as_str().unwrap()), row.activity.parse().unwrap()),
        };
        (name, place)
    };
    let mut read = std::collections::BTreeMap::new();
    for row in &city.rows {
        let (name, place) = cell(row);
        let file = read.entry(name.clone()).or_insert_with(|| explored(&published, &name));
        let group = if row.age_group == "all" { &row.target_group } else { &row.age_group };
        let entry = &file["cells"][format!("{group}|{}|{}", row.day, row.sex)][place];
        let expected = match (row.status, row.flag) {
            (Status::Withheld, _) => json!(2),
            (Status::WithheldSecondary, _) => json!(3),
            (_, Flag::Suppressed) => json!(1),
            _ => {
                let shown = entry[0].as_f64().unwrap();
                assert!((shown - row.value.unwrap()).abs() <= 0.5, "{name} {entry}");
                assert_eq!(entry.as_array().unwrap().len() == 5, row.flag == Flag::E, "{name} {entry}");
                continue;
            }
        };
        assert_eq!(*entry, expected, "{name} {row:?}");
    }
    for (path, bytes) in files(&published.site().join("esplora")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("777"), "{path} shows a number that was to be hidden");
        assert!(bytes.len() < 150_000, "{path} is heavy: {} bytes", bytes.len());
    }
}

#[test]
fn every_file_that_the_explorer_may_ask_for_is_there_and_has_names() {
    for language in ["it", "en"] {
        let index = explored(&CITY, &format!("indice-{language}.json"));
        let measures = index["measures"].as_array().unwrap();
        assert!(measures.len() >= 4);
        for measure in measures {
            let code = measure["code"].as_str().unwrap();
            let activities: Vec<&str> =
                measure["activities"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
            let names = match activities.is_empty() {
                true => vec![format!("{code}.json")],
                false => activities.iter().map(|activity| format!("{code}-{activity}.json")).collect(),
            };
            for name in names {
                let file = explored(&CITY, &name);
                for (codes, labels) in [("groups", "groups"), ("days", "days"), ("sexes", "sexes")] {
                    for code in file[codes].as_array().unwrap() {
                        let named = index[labels].as_array().unwrap().iter().any(|label| label[0] == *code);
                        assert!(named, "{name}: {code} has no name");
                    }
                }
            }
        }
    }
    let page = CITY.page("esplora.html");
    let document = parse(&page);
    let place = document.descendants().find(|node| node.attribute("id") == Some("esplora")).unwrap();
    assert_eq!(place.attribute("data-index"), Some("esplora/indice-it.json"));
    assert!(text(place).contains("scaricano"), "without scripts the page says what there is");
    assert!(hrefs(&document).contains(&"dati/json-stat/time_spent-main-it.json".to_owned()));
}
