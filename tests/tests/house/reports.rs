//! The reports of the demonstration, as a person gets them: made by the binary, sealed with the edition, read by other programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::command::tempi;

use crate::demonstration::demonstration;

/// What a program says about a file.
fn told(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is installed by tests/packages.sh: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_demonstration_has_its_reports_in_both_languages() {
    let site = demonstration().join("site/1");
    let names = ["appendice-di-metodo", "due-pagine-per-il-consiglio", "piano-territoriale-degli-orari"];
    for (language, title) in [("it", "Piano Territoriale degli Orari"), ("en", "Territorial Timetable Plan")] {
        for name in names {
            let file = site.join(format!("rapporti/{name}-{language}.pdf"));
            told("qpdf", &["--check"], &file);
            let facts = told("pdfinfo", &[], &file);
            assert!(facts.contains("Tagged:") && facts.contains("A4"), "{name}: {facts}");
            if name.starts_with("due") {
                assert!(facts.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 2")), "{facts}");
            }
            if name.starts_with("piano") {
                assert!(facts.contains(title), "{facts}");
            }
        }
    }
    let page = fs::read_to_string(site.join("index.html")).expect("readable");
    assert!(page.contains("rapporti/piano-territoriale-degli-orari-it.pdf"), "the home leads to the plan");
    tempi([Path::new("verify-edition"), &site]).success();
}

#[test]
fn an_office_whose_text_cannot_be_set_is_told_which_and_keeps_its_edition() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let estimates = demonstration().join("estimates");
    let edition =
        "number = 1\ndate = 2026-11-22\npublisher = \"Comune di Prova\"\n[report.brief]\ntext = \"chiediamo.md\"\n";
    fs::write(path("edition.toml"), edition).expect("writable");
    let publish = || {
        let arguments: [&Path; 6] = [
            "publish".as_ref(),
            &estimates,
            "--edition-file".as_ref(),
            &path("edition.toml"),
            "--output".as_ref(),
            &path("site"),
        ];
        tempi(arguments)
    };
    publish().refused(1, &["report.brief.text", "chiediamo.md", "cannot be read", "Nothing was written"]);
    fs::write(path("chiediamo.md"), "Uno\n\n![x](y)\n").expect("writable");
    publish().refused(1, &["chiediamo.md", "line 3: a picture", "Nothing was published"]);
    assert!(!path("site").exists(), "half an edition was left");
    fs::write(path("chiediamo.md"), "Chiediamo a {{ persons }} persone.\n").expect("writable");
    let run = publish();
    run.success();
    assert!(path("site/rapporti/due-pagine-per-il-consiglio-it.pdf").exists());
}
