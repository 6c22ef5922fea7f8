//! The invariants of `docs/ARCHITECTURE.md` that can be read off the sources and the dependency graph.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use tests::sources::{self, Source};

/// The packages each workspace package reaches through normal dependencies, itself left out.
fn reach() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(tests::root())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    let names: BTreeMap<String, String> =
        metadata["packages"].as_array().expect("packages").iter().map(|p| (text(&p["id"]), text(&p["name"]))).collect();
    let edges: BTreeMap<String, Vec<String>> = metadata["resolve"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .map(|node| {
            let normal =
                node["deps"].as_array().expect("deps").iter().filter(|dep| {
                    dep["dep_kinds"].as_array().expect("kinds").iter().any(|kind| kind["kind"].is_null())
                });
            (text(&node["id"]), normal.map(|dep| text(&dep["pkg"])).collect())
        })
        .collect();
    let members = metadata["workspace_members"].as_array().expect("members");
    members
        .iter()
        .map(|member| {
            let (mut reached, mut open) = (BTreeSet::new(), vec![text(member)]);
            while let Some(id) = open.pop() {
                for next in &edges[&id] {
                    if reached.insert(names[next].clone()) {
                        open.push(next.clone());
                    }
                }
            }
            (names[&text(member)].clone(), reached)
        })
        .collect()
}

#[test]
fn packages_reach_only_what_the_architecture_allows() {
    let reach = reach();
    let rules: [(&str, &[&str]); 4] = [
        (
            "questionnaires",
            &["polars", "sea-orm", "actix-web", "tokio", "plotters", "survey-server", "analytics", "reports"],
        ),
        ("survey-server", &["polars", "polars-io", "plotters", "analytics", "reports"]),
        ("analytics", &["actix-web", "sea-orm", "sqlx", "plotters", "survey-server", "reports"]),
        ("reports", &["actix-web", "sea-orm", "sqlx", "survey-server"]),
    ];
    for (package, forbidden) in rules {
        for name in forbidden {
            assert!(!reach[package].contains(*name), "{package} must not reach {name}");
        }
    }
    let tempi = &reach["tempi"];
    for package in ["questionnaires", "survey-server", "analytics", "reports"] {
        assert!(tempi.contains(package), "the binary carries {package}");
    }
}

#[test]
fn the_domain_does_no_input_or_output() {
    let forbidden =
        ["std::fs", "std::io", "std::net", "std::env", "std::process", "Utc::now", "Local::now", "SystemTime"];
    for source in sources::below("questionnaires/src", "rs") {
        refuse(&source, &forbidden, "does input or output");
    }
}

#[test]
fn only_database_and_store_rooms_know_the_database() {
    for source in sources::below("survey-server/src", "rs") {
        let is_store = source.path.ends_with("/store.rs") || source.path.contains("/store/");
        let allowed = source.path.starts_with("survey-server/src/database") || is_store;
        if !allowed {
            refuse(&source, &["sea_orm::", "sqlx::"], "speaks to the database");
        }
    }
    for folder in ["survey-server/cli/src", "analytics/src", "reports/src"] {
        for source in sources::below(folder, "rs") {
            refuse(&source, &["sea_orm::", "sqlx::"], "speaks to the database");
        }
    }
}

#[test]
fn only_the_clock_reads_the_time() {
    let now = ["Utc::now", "Local::now", "SystemTime::now"];
    for folder in ["survey-server/src", "analytics/src", "reports/src"] {
        for source in sources::below(folder, "rs") {
            if source.path != "survey-server/src/clock.rs" {
                refuse(&source, &now, "reads the time by itself");
            }
        }
    }
}

#[test]
fn the_server_starts_no_program_but_itself() {
    let child = "survey-server/src/release/child.rs";
    for source in sources::below("survey-server/src", "rs") {
        if source.path == child {
            // The program is this one, and nothing that anybody typed is among its arguments.
            let text = source.text;
            assert_eq!(text.matches("Command::new(").count(), 1, "{child}");
            assert_eq!(text.matches(".arg(").count() + text.matches(".args(").count(), 1, "{child}");
            assert!(text.contains("const OWN_PROGRAM: &str = \"/proc/self/exe\";") && text.contains(".env_clear()"));
        } else if !source.path.ends_with("tests.rs") {
            refuse(&source, &["process::Command", "process::{Command", "tokio::process"], "starts a program");
        }
    }
}

#[test]
fn reports_keep_polars_out() {
    for source in sources::below("reports/src", "rs") {
        refuse(&source, &["polars"], "knows polars");
    }
}

#[test]
fn every_source_file_says_what_lives_in_it() {
    let folders =
        ["questionnaires/src", "survey-server/src", "survey-server/cli/src", "analytics/src", "reports/src", "tests"];
    for folder in folders {
        for source in sources::below(folder, "rs") {
            assert!(source.text.starts_with("//! "), "{} does not open with a sentence", source.path);
        }
    }
}

#[test]
fn templates_hold_no_words_of_their_own() {
    for folder in ["survey-server/templates", "reports/templates"] {
        for template in sources::below(folder, "html") {
            let words = literal_words(&template.text);
            assert!(words.is_empty(), "{} has untranslated text: {words:?}", template.path);
        }
    }
}

/// The words of a template that stand outside tags, attributes, expressions, comments and entities. Proper names that
/// every language shares do not count.
fn literal_words(template: &str) -> Vec<String> {
    const NAMES: [&str; 12] =
        ["Tempi", "CSV", "PNG", "SVG", "HTML", "PDF", "EUPL", "JSON", "Italiano", "English", "ITA", "ENG"];
    let mut rest = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<!--", "-->"), ("<", ">"), ("&", ";")] {
        let mut kept = String::new();
        let mut text = rest.as_str();
        while let Some(start) = text.find(open) {
            kept.push_str(&text[..start]);
            kept.push_str(if open == "{{" { "" } else { " " });
            let after = &text[start..];
            text = after.find(close).map_or("", |end| &after[end + close.len()..]);
        }
        kept.push_str(text);
        rest = kept;
    }
    // An attribute may stand outside a tag where a macro writes it.
    let texts = rest.split_whitespace().filter(|token| !token.contains("=\""));
    texts
        .flat_map(|token| token.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.chars().count() > 1 && !NAMES.contains(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn literal_words_are_found() {
    assert_eq!(literal_words("<p title=\"{{ a }}\">{{ t.b }} Ciao</p> <!-- no --> {% if x %}&nbsp;1"), ["Ciao"]);
}

#[track_caller]
fn refuse(source: &Source, words: &[&str], what: &str) {
    for (line, text) in source.code() {
        assert!(!words.iter().any(|word| text.contains(word)), "{}:{line} {what}: {text}", source.path);
    }
}
