//! What the page's script needs to begin: its words, and the lists of codes with their labels, in the language of the page.

use questionnaires::{Companion, Language, Location, activity};
use serde::Serialize;

use super::bar;
use crate::web::visit::Visit;

/// What the names of the script's texts begin with.
const TEXTS: &str = "editor-";

/// The lists of codes, in the order in which they are shown.
#[derive(Serialize)]
struct Lists<'a> {
    language: &'static str,
    /// Codes of all three levels with their labels; a group stands before its members.
    activities: Vec<(&'static str, &'a str)>,
    /// The colour of each main group.
    colors: Vec<(&'static str, &'static str)>,
    locations: Vec<(String, &'a str)>,
    companions: Vec<(String, &'a str)>,
}

/// The script's words and lists, as it finds them in the page.
pub(in crate::diary) struct EditorView {
    pub(in crate::diary) texts: String,
    pub(in crate::diary) lists: String,
    /// The script with the words that the search knows in this language, where there is one.
    pub(in crate::diary) words: Option<String>,
}

impl EditorView {
    pub(in crate::diary) fn new(visit: &Visit) -> EditorView {
        let language: Language = visit.texts.language;
        let lists = Lists {
            language: language.tag(),
            activities: activity::all().iter().map(|one| (one.code.as_str(), one.label.text(language))).collect(),
            colors: activity::at_level(1).map(|group| (group.code.as_str(), bar::color(group.code))).collect(),
            locations: Location::all().map(|one| (one.code(), one.label().text(language))).collect(),
            companions: Companion::ALL
                .into_iter()
                .map(|one| (one.code().to_string(), one.label().text(language)))
                .collect(),
        };
        let text = |value: serde_json::Result<String>| value.expect("lists of texts become JSON");
        EditorView {
            texts: text(serde_json::to_string(&visit.texts.with_names(TEXTS))),
            lists: text(serde_json::to_string(&lists)),
            words: Language::COMPLETE.contains(&language).then(|| format!("words-{}.js", language.tag())),
        }
    }
}
