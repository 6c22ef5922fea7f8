//! The demonstration and the stages as a person runs them: through the binary, on real files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use survey_server::access::simulated::CITIZENS;
use tests::command::{Run, binary, tempi};

/// A demonstration that was started, left by Ctrl-C, and kept for all tests of this file.
pub fn demonstration() -> &'static Path {
    static FOLDER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, folder) = FOLDER.get_or_init(|| {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().join("demonstration");
        let run = start(&folder).stop();
        assert_eq!(run.code, 0, "Ctrl-C ends it cleanly: {}", run.stderr);
        for told in ["https://localhost:", "/risultati/", "/accesso/simulato", "invented"] {
            assert!(run.stdout.contains(told), "the demonstration says {told}: {}", run.stdout);
        }
        assert!(run.stderr.contains("Estimating: done"), "progress is shown: {}", run.stderr);
        (temporary, folder)
    });
    folder
}

/// A running demonstration.
struct Running {
    child: Child,
    folder: PathBuf,
}

fn start(folder: &Path) -> Running {
    let child = Command::new(binary())
        .args(["demo", "--persons", "300", "--port", "0", "--card-port", "0", "--folder"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    Running { child, folder: folder.to_owned() }
}

impl Running {
    /// Waits until the site is published, gives the listeners a moment, and presses Ctrl-C.
    fn stop(mut self) -> Run {
        let deadline = Instant::now() + Duration::from_secs(180);
        let marker = self.folder.join("demonstration.json");
        while !fs::read_to_string(&marker).unwrap_or_default().contains("\"complete\":true") {
            assert!(Instant::now() < deadline, "the demonstration takes too long");
            let ended = self.child.try_wait().expect("the child is ours");
            assert!(ended.is_none(), "the demonstration ended by itself: {ended:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        std::thread::sleep(Duration::from_secs(2));
        let interrupted = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(interrupted.expect("kill runs").success());
        self.child.wait_with_output().expect("the child ends").into()
    }
}

/// Every file below `folder` with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).expect("readable").map(|entry| entry.expect("readable").path()) {
            if entry.is_dir() {
                open.push(entry);
            } else {
                let relative = entry.strip_prefix(folder).expect("below").to_owned();
                found.insert(relative, fs::read(&entry).expect("readable"));
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let place = to.join(path);
        fs::create_dir_all(place.parent().expect("below")).expect("writable");
        fs::write(place, bytes).expect("writable");
    }
}

fn analyse(snapshot: &Path, output: &Path, margins: &Path) -> Run {
    tempi([Path::new("analyse"), snapshot, Path::new("--output"), output, Path::new("--margins"), margins])
}

#[test]
fn a_second_start_finds_the_city_that_the_first_one_made() {
    let folder = demonstration();
    let modified = |name: &str| -> SystemTime {
        fs::metadata(folder.join(name)).and_then(|file| file.modified()).expect("the file is there")
    };
    let names = ["estimates/estimates.csv", "site/1/index.html", "snapshot/manifest.json", "master.key"];
    let before = names.map(modified);
    let run = start(folder).stop();
    assert_eq!(run.code, 0);
    assert!(!run.stderr.contains("Estimating"), "nothing is made again: {}", run.stderr);
    assert_eq!(before, names.map(modified));
}

#[test]
fn the_demonstration_empties_no_folder_of_somebody_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("letter.txt"), "dear reader").expect("writable");
    tempi([Path::new("demo"), Path::new("--folder"), folder.path()]).refused(1, &["holds something else", "--folder"]);
    assert_eq!(fs::read_to_string(folder.path().join("letter.txt")).expect("still there"), "dear reader");
}

#[test]
fn the_same_snapshot_and_edition_give_the_same_bytes() {
    let (folder, again) = (demonstration(), tempfile::tempdir().expect("a temporary folder"));
    let path = |name: &str| again.path().join(name);
    analyse(&folder.join("snapshot"), &path("estimates"), &folder.join("margins.csv")).success();
    assert_eq!(files(&path("estimates")), files(&folder.join("estimates")));
    for name in ["one", "two"] {
        let publish = ["publish", &path("estimates").display().to_string(), "--date", "2026-11-22", "--output"];
        tempi(publish.map(PathBuf::from).into_iter().chain([path(name)])).success();
    }
    assert_eq!(files(&path("one")), files(&path("two")));
}

#[test]
fn every_page_and_picture_of_the_demonstration_says_that_it_is_synthetic() {
    let mut n_checked = 0;
    for (path, bytes) in files(&demonstration().join("site/1")) {
        let words: &[&str] = match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => &["Dati sintetici", "Synthetic data"],
            Some("svg") if path.starts_with("grafici") => &["Dati sintetici", "Synthetic data"],
            _ => continue,
        };
        let text = String::from_utf8(bytes).expect("pages are UTF-8").to_lowercase();
        assert!(words.iter().any(|word| text.contains(&word.to_lowercase())), "{} is silent", path.display());
        n_checked += 1;
    }
    assert!(n_checked > 20, "only {n_checked} pages and pictures were there");
}

#[test]
fn the_site_has_pages_of_themes_groups_and_charts_and_carries_nothing_else() {
    let site = files(&demonstration().join("site/1"));
    let names: Vec<&str> = site.keys().filter_map(|path| path.to_str()).collect();
    for page in ["cura.html", "en/care.html", "gruppo-employed.html", "en/group-employed.html", "esplora.html"] {
        assert!(names.contains(&page), "{page} is missing");
    }
    let pictures: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix("-condividi-it.png")).collect();
    assert!(pictures.len() > 20, "only {} figures", pictures.len());
    for picture in pictures {
        let page = format!("grafico-{}.html", picture.trim_start_matches("grafici/"));
        assert!(names.contains(&page.as_str()), "{page} is missing");
    }
    let mut assets: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("assets/")).collect();
    assets.retain(|name| !name.starts_with("fonts/"));
    let needed = ["css/bootstrap-italia.min.css", "explorer.js", "icon.svg", "tables.js", "tempi-risultati.css"];
    assert_eq!(assets, needed, "what no page asks for");
    let bytes = |path: &str| site[Path::new(path)].len();
    assert!(bytes("assets/css/bootstrap-italia.min.css") < 60_000, "the design system comes whole");
    assert!(bytes("ore-del-giorno.html") < 20_000);
    for (path, content) in &site {
        if path.extension().is_some_and(|extension| extension == "html") {
            assert!(content.len() < 130_000, "{} has {} bytes", path.display(), content.len());
        }
        if path.starts_with("esplora") {
            assert!(content.len() < 150_000, "{} has {} bytes", path.display(), content.len());
        }
    }
}

#[test]
fn fiscal_codes_leave_in_no_file() {
    let folder = demonstration();
    let codes: Vec<String> =
        CITIZENS.iter().map(|citizen| citizen.fiscal_code().reveal().to_ascii_uppercase()).collect();
    for part in ["snapshot", "estimates", "site"] {
        for (path, bytes) in files(&folder.join(part)) {
            let text = String::from_utf8_lossy(&bytes).to_ascii_uppercase();
            for code in &codes {
                assert!(!text.contains(code.as_str()), "{} holds a fiscal code", path.display());
            }
        }
    }
}

#[test]
fn a_damaged_snapshot_is_refused_by_file_and_remedy() {
    let (folder, damaged) = (demonstration(), tempfile::tempdir().expect("a temporary folder"));
    let (snapshot, output) = (damaged.path().join("snapshot"), damaged.path().join("estimates"));
    let margins = folder.join("margins.csv");
    copy(&folder.join("snapshot"), &snapshot);

    let episodes = snapshot.join("episodes.parquet");
    let whole = fs::read(&episodes).expect("readable");
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(&episodes, changed).expect("writable");
    analyse(&snapshot, &output, &margins).refused(1, &["episodes.parquet", "SHA-256", "tempi export"]);

    fs::remove_file(&episodes).expect("removable");
    analyse(&snapshot, &output, &margins).refused(1, &["episodes.parquet"]);
    fs::write(&episodes, whole).expect("writable");

    let uncovered = damaged.path().join("margins.csv");
    let text = fs::read_to_string(&margins).expect("readable");
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("F,25-44")).collect();
    fs::write(&uncovered, kept.join("\n")).expect("writable");
    analyse(&snapshot, &output, &uncovered).refused(1, &["sex F", "25-44", "margins"]);

    assert!(!output.exists(), "a refused run leaves nothing behind");
    analyse(&snapshot, &output, &margins).success();
}

#[test]
fn wrong_calls_and_missing_inputs_end_differently() {
    let nowhere = Path::new("/nowhere/at/all");
    tempi([Path::new("analyse"), nowhere]).refused(1, &["/nowhere/at/all"]);
    tempi([Path::new("publish"), nowhere]).refused(1, &["/nowhere/at/all", "tempi analyse"]);
    tempi([Path::new("import"), Path::new("atus"), nowhere]).refused(1, &["/nowhere/at/all"]);
    tempi([Path::new("serve"), Path::new("--config"), nowhere]).refused(1, &["/nowhere/at/all", "--config"]);
    tempi(["analyse"]).refused(2, &["SNAPSHOT"]);
    tempi(["analyse", "snapshot", "--threshold", "2"]).refused(2, &["--threshold"]);
    tempi(["fly"]).refused(2, &["fly"]);
}

#[test]
fn every_command_shows_an_example() {
    let commands: [&[&str]; 10] = [
        &["serve"],
        &["demo"],
        &["migrate"],
        &["check"],
        &["export"],
        &["import", "atus"],
        &["analyse"],
        &["puf"],
        &["publish"],
        &["questionnaire", "check"],
    ];
    for command in commands {
        let help = tempi(command.iter().chain(&["--help"])).success();
        assert!(help.stdout.contains("Example: tempi "), "{command:?} shows no example: {}", help.stdout);
    }
}

#[test]
fn results_can_be_read_by_programs() {
    let folder = demonstration();
    let output = tempfile::tempdir().expect("a temporary folder");
    let site = output.path().join("site").display().to_string();
    let run =
        tempi(["--json", "publish", &folder.join("estimates").display().to_string(), "--output", &site]).success();
    let result: serde_json::Value = serde_json::from_str(&run.stdout).expect("one JSON object");
    assert_eq!(result["output"], site);
    assert!(result["n_figures"].as_u64().is_some_and(|figures| figures >= 4), "{result}");
}
