//! Prints what a command did: a sentence for people, or one JSON object for programs.

use serde_json::Value;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub enum Results {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

impl Results {
    /// Prints `text`, or `json` when programs listen.
    pub fn print(self, text: &str, json: &Value) {
        match self {
            Results::Text => println!("{text}"),
            Results::Json => println!("{json}"),
        }
    }
}
