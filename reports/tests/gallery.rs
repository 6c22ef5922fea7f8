//! The gallery of charts, `docs/charts.md`: every type is in it, and its pictures are what the program draws today.
//! `TEMPI_GOLDEN=1 cargo test --workspace --test gallery` draws them anew.

#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};

use kit::examples::each_figure_in;
use questionnaires::Language;
use reports::chart::{self, Chart, Size};
use reports::figure::Figure;
use reports::paint::svg;

/// The pictures of the gallery: file name, figure, size.
const PICTURES: [(&str, &str, Size); 17] = [
    ("bars", "attivita", Size::Wide),
    ("day", "giornata", Size::Wide),
    ("gap", "donne-e-uomini", Size::Wide),
    ("groups", "gruppi-3", Size::Wide),
    ("tempogram", "ore-del-giorno-donne", Size::Wide),
    ("tempogram-narrow", "ore-del-giorno-donne", Size::Narrow),
    ("lines", "ritmo-3", Size::Wide),
    ("lines-narrow", "ritmo-3", Size::Narrow),
    ("lines-share", "ritmo-3", Size::Share),
    ("heat", "settimana-1", Size::Wide),
    ("multiples", "eta", Size::Wide),
    ("pyramid", "partecipazione-3", Size::Wide),
    ("trend", "andamento-3", Size::Wide),
    ("scale", "risposte-accordo", Size::Wide),
    ("choices", "risposte-scelte", Size::Wide),
    ("opening", "orari-anagrafe", Size::Wide),
    ("opening-narrow", "orari-anagrafe", Size::Narrow),
];

/// All of the gallery's pictures together must be no heavier, bytes.
const HEAVIEST: usize = 1_000_000;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// The pictures by file name with their messages, and the types of chart among them.
struct Gallery {
    pictures: BTreeMap<String, (Vec<u8>, String)>,
    types: BTreeSet<String>,
}

fn gallery() -> Gallery {
    let mut pictures = BTreeMap::new();
    let mut shown: Vec<Discriminant<Chart>> = Vec::new();
    let mut drawn: Vec<(Discriminant<Chart>, String)> = Vec::new();
    let mut keep = |figure: &Figure, texts: &reports::text::Texts| {
        drawn.push((discriminant(&figure.chart), figure.name.clone()));
        for (file, _, size) in PICTURES.into_iter().filter(|(_, name, _)| *name == figure.name) {
            let scene = chart::draw(&figure.chart, &figure.caption, size, texts);
            let description = svg::Description { language: "en", title: &figure.caption.title, text: &figure.spoken() };
            let picture = svg::paint(&scene, &description).unwrap().into_bytes();
            pictures.insert(format!("{file}.svg"), (picture, figure.caption.title.clone()));
            shown.push(discriminant(&figure.chart));
        }
    };
    each_figure_in(Language::En, &kit::city(), &mut keep);
    let types = drawn.into_iter().filter(|(kind, _)| !shown.contains(kind)).map(|(_, name)| name).collect();
    Gallery { pictures, types }
}

#[test]
fn the_gallery_shows_every_type_of_chart_as_it_is_drawn_today() {
    let gallery = gallery();
    assert_eq!(gallery.types, BTreeSet::new(), "figures of a type that the gallery does not show");
    assert_eq!(gallery.pictures.len(), PICTURES.len(), "a picture of the gallery has no figure");
    let weight: usize = gallery.pictures.values().map(|(picture, _)| picture.len()).sum();
    assert!(weight < HEAVIEST, "the gallery weighs {weight} bytes");

    let folder = docs().join("pictures/charts");
    if std::env::var_os("TEMPI_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, (picture, _)) in &gallery.pictures {
            fs::write(folder.join(name), picture).unwrap();
        }
        let text = fs::read_to_string(docs().join("charts.md")).unwrap();
        fs::write(docs().join("charts.md"), with_messages(&text, &gallery)).unwrap();
    }
    let stored: BTreeSet<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(stored, gallery.pictures.keys().cloned().collect(), "{}", folder.display());
    for (name, (picture, _)) in &gallery.pictures {
        // Not by `assert_eq`: a picture is too long to be printed.
        assert!(
            fs::read(folder.join(name)).unwrap() == *picture,
            "{name} is drawn otherwise now: look at it, and draw the gallery anew with TEMPI_GOLDEN=1"
        );
    }
    let text = fs::read_to_string(docs().join("charts.md")).unwrap();
    for name in gallery.pictures.keys() {
        assert!(text.contains(&format!("](pictures/charts/{name})")), "docs/charts.md does not show {name}");
    }
    assert!(
        text == with_messages(&text, &gallery),
        "the messages in docs/charts.md are old: TEMPI_GOLDEN=1 writes them"
    );
}

/// The page with every picture's message as its text for those who do not see it.
fn with_messages(page: &str, gallery: &Gallery) -> String {
    let lines = page.lines().map(|line| {
        let name = line.split_once("](pictures/charts/").and_then(|(_, rest)| rest.strip_suffix(')'));
        match name.and_then(|name| gallery.pictures.get_key_value(name)) {
            Some((name, (_, message))) => format!("![{}](pictures/charts/{name})", message.replace('\u{a0}', " ")),
            None => line.to_owned(),
        }
    });
    lines.map(|line| line + "\n").collect()
}
