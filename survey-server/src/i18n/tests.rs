//! Both languages say the same things, and nothing is said that has no words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::FluentResource;

use super::*;
use crate::access::card::Refusal;

/// Keys of one file with the placeholders of each.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source.to_owned());
    assert!(resource.is_ok(), "{:?}", resource.err().map(|(_, errors)| errors));
    let mut keys = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines() {
        if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|first: char| first.is_alphabetic()))
        {
            current = key.to_owned();
            let repeated = keys.insert(current.clone(), BTreeSet::new());
            assert!(repeated.is_none(), "{key} is defined twice");
        }
        for part in line.split('$').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
            keys.entry(current.clone()).or_default().insert(name);
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_placeholders() {
    let mut seen = BTreeSet::new();
    for (name, [italian, english]) in CAPABILITIES {
        let (italian, english) = (keys(italian), keys(english));
        assert_eq!(italian, english, "{name}");
        for key in italian.keys() {
            assert!(seen.insert(key.clone()), "{key} is defined in two files");
        }
    }
}

#[test]
fn every_translation_file_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("translations");
    for language in ["it", "en", "ar"] {
        for entry in fs::read_dir(folder.join(language)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_embedded = CAPABILITIES.iter().any(|(capability, _)| format!("{capability}.ftl") == name);
            assert!(is_embedded, "{language}/{name}");
        }
    }
}

/// What is shown in Italian to those who read Arabic: what only officers see, by the beginnings of its keys.
const STILL_ITALIAN: &[&str] = &[
    "act-",
    "acts-",
    "outcome-",
    "record-",
    "grants-",
    "grant-",
    "office-",
    "release-",
    "releases-",
    "early-",
    // What is published is in Italian and English.
    "notice-",
    "data-verb-release-",
    "data-verb-edition-sealed",
    "data-verb-embargoed-read",
    "role-operator-help",
    "role-analyst-help",
    "role-editor-help",
    "role-council-help",
    "role-administrator-help",
    "role-auditor-help",
    // In Arabic a day is told with the form: the editor is not shown.
    "editor-",
    "register-reason-",
    "paper-",
    "assistance-title",
    "assistance-lead",
    "assistance-running",
    "assistance-counter-",
    "assistance-code-",
    "assistance-back",
    "assistance-telephone-",
    "assistance-read-",
    "assistance-field-codice-fiscale",
    "assistance-field-letto",
    "assistance-wrong-code",
    "assistance-wrong-read-out",
    "assistance-not-in-register",
    "assistance-no-register",
    "assistance-oneself",
];

#[test]
fn arabic_says_what_italian_says_to_those_who_take_part() {
    let arabic: BTreeMap<String, BTreeSet<String>> = ARABIC.iter().flat_map(|(_, source)| keys(source)).collect();
    let italian: BTreeMap<String, BTreeSet<String>> =
        CAPABILITIES.iter().flat_map(|(_, [italian, _])| keys(italian)).collect();
    for (key, placeholders) in &arabic {
        assert_eq!(italian.get(key), Some(placeholders), "{key}");
    }
    let is_left = |key: &str| STILL_ITALIAN.iter().any(|beginning| key.starts_with(beginning));
    let missing: Vec<&String> = italian.keys().filter(|key| !arabic.contains_key(*key) && !is_left(key)).collect();
    assert!(missing.is_empty(), "translate into Arabic, or name as still Italian: {missing:?}");
    let texts = Texts::new(Language::Ar);
    assert_eq!(texts.text("record-title"), format!("\u{2068}{}\u{2069}", Texts::default().text("record-title")));
    assert!(texts.text_with("diary-saved", &[("span", "08:00–09:00".into())]).contains("\u{2068}08:00–09:00\u{2069}"));
}

/// Keys written out in templates and code: `t("...")`, `text("...")` and their kin.
#[test]
fn every_key_used_is_translated() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut n_keys = 0;
    for path in files(&package.join("templates")).into_iter().chain(files(&package.join("src"))) {
        let source = fs::read_to_string(&path).unwrap();
        for call in ["t(\"", "t_with(\"", "text(\"", "text_with(\""] {
            for (place, _) in source.match_indices(call) {
                let is_whole_name = !source[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let is_method = source[..place].ends_with('.');
                let key = source[place + call.len()..].split('"').next().unwrap();
                let is_key =
                    key.contains('-') && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
                if is_whole_name && is_method && is_key {
                    n_keys += 1;
                    assert!(is_translated(key), "{}: {key}", path.display());
                }
            }
        }
    }
    assert!(n_keys > 50, "only {n_keys} keys found: the search is broken");
}

#[test]
fn a_script_gets_its_texts_with_the_names_of_their_placeholders() {
    let texts = Texts::new(Language::It).with_names("diary-detail-");
    assert_eq!(texts["diary-detail-enjoyment"], "gradimento {value} su 7");
    assert_eq!(texts["diary-detail-device"], "con telefono, tablet o computer");
    for language in Language::ALL {
        for (key, text) in Texts::new(language).with_names("editor-") {
            assert!(!text.contains("$") && !text.contains(key), "{key}: {text}");
        }
    }
}

/// Keys as the scripts write them: `t("...")`, without the prefix that all of them have.
#[test]
fn every_key_of_the_editor_is_translated() {
    let scripts = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("web/scripts/diary"));
    let mut n_keys = 0;
    for path in scripts {
        let source = fs::read_to_string(&path).unwrap();
        for (place, call) in source.match_indices("t(\"") {
            if source[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let key = source[place + call.len()..].split('"').next().unwrap();
            n_keys += 1;
            assert!(is_translated(&format!("editor-{key}")), "{}: {key}", path.display());
        }
    }
    assert!(n_keys > 30, "only {n_keys} keys found: the search is broken");
}

#[test]
fn every_refusal_says_why_and_what_to_do() {
    for refusal in Refusal::ALL {
        for part in ["title", "text", "remedy"] {
            let key = format!("refusal-{}-{part}", refusal.stem());
            assert!(is_translated(&key), "{key}");
        }
    }
}

/// The stems as the table in `error.rs` writes them: the second half of `(StatusCode::..., "stem")`.
#[test]
fn every_failure_has_a_page() {
    let source = include_str!("../error.rs");
    let stems: Vec<&str> = source
        .split("StatusCode::")
        .filter_map(|part| part.split_once(", \"").map(|(_, rest)| rest))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(stems.len() > 8, "{stems:?}");
    for stem in stems {
        for part in ["title", "text"] {
            let key = format!("error-{stem}-{part}");
            assert!(is_translated(&key), "{key}");
        }
    }
}

#[test]
fn texts_do_not_shout() {
    for (name, sources) in CAPABILITIES {
        for source in sources {
            assert!(!source.contains('!'), "an exclamation mark in {name}");
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("i18n/tests.rs") {
            found.push(path);
        }
    }
    found
}
