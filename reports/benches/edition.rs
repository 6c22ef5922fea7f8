//! A whole edition of the results, and its parts, beside what the machine takes just to write the same bytes.
//!
//!     cargo bench --workspace --bench edition -- ESTIMATES          (optimised)
//!     cargo bench --workspace --profile dev --bench edition -- ESTIMATES    (as `make demo` builds it)
//!
//! ESTIMATES is a folder of estimates, such as the demonstration's. Medians of five rounds.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analytics::table::Estimates;
use chrono::NaiveDate;
use questionnaires::{Label, Language};
use reports::chart::{self, Size};
use reports::figure::{Source, Topic};
use reports::opendata::Catalogue;
use reports::paint::{png, svg};
use reports::scene::Scene;
use reports::text::Texts;
use reports::{Edition, PublishOptions, legibility, publish};

const N_ROUNDS: usize = 5;

fn main() {
    let Some(estimates) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        eprintln!("say the folder of the estimates; see the head of benches/edition.rs");
        return;
    };
    let estimates = PathBuf::from(estimates);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let date = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a date");
    let edition = Edition::new(1, date, Label::new("Comune", "Municipality"));
    let site = folder.path().join("site");
    let options = PublishOptions {
        estimates: &estimates,
        output: &site,
        edition: &edition,
        design_system: &[],
        languages: &Language::COMPLETE,
        home: None,
        catalogue: &Catalogue::default(),
        public_use: None,
        previous: None,
    };
    let whole = median(|| {
        publish(&options, &mut |_| {}).expect("the edition is published");
    });
    let files = files(&site);
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    let again = folder.path().join("again");
    let written = median(|| write(&again, &files));
    println!("edition: {} files, {bytes} bytes", files.len());
    print("publish", whole, None);
    print("write the same files", written, Some(whole.as_secs_f64() / written.as_secs_f64()));

    let read = median(|| {
        Estimates::read(&estimates).expect("estimates");
    });
    print("  read the estimates", read, None);
    let estimates = Estimates::read(&estimates).expect("estimates");
    let texts = Texts::new(Language::It);
    let source = Source::new(&estimates, &edition, &texts);
    let figures = || Topic::ALL.into_iter().flat_map(|topic| topic.figures(&source)).collect::<Vec<_>>();
    print("  make the figures of a language", median(|| drop(figures())), None);
    let figures = figures();
    let scenes = || -> Vec<Scene> {
        let sizes = figures.iter().flat_map(|figure| Size::ALL.map(|size| (figure, size)));
        sizes.map(|(figure, size)| chart::draw(&figure.chart, &figure.caption, size, &texts)).collect()
    };
    println!("  {} figures in three sizes of one language, on one processor:", figures.len());
    print("  lay out", median(|| drop(scenes())), None);
    let scenes = scenes();
    let description = svg::Description { language: "it", title: "", text: "" };
    let paint_svg = || scenes.iter().for_each(|scene| drop(svg::paint(scene, &description).expect("painted")));
    print("  paint as SVG", median(paint_svg), None);
    print("  paint as PNG", median(|| scenes.iter().for_each(|scene| drop(png::paint(scene).expect("painted")))), None);
    let ask = || scenes.iter().for_each(|scene| assert!(legibility::faults(scene).expect("painted").is_empty()));
    print("  ask whether they can be read", median(ask), None);
}

fn median(mut work: impl FnMut()) -> Duration {
    let mut rounds: Vec<Duration> = (0..N_ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            work();
            begin.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    rounds[N_ROUNDS / 2]
}

fn print(what: &str, time: Duration, ratio: Option<f64>) {
    let ratio = ratio.map(|ratio| format!(", publish takes {ratio:.0} times as long")).unwrap_or_default();
    println!("{what}: {:.3} s{ratio}", time.as_secs_f64());
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let content = fs::read(&entry).expect("a file");
                files.push((entry.strip_prefix(folder).expect("below the folder").to_owned(), content));
            }
        }
    }
    files
}

fn write(folder: &Path, files: &[(PathBuf, Vec<u8>)]) {
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, content).expect("written");
    }
}
