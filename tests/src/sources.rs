//! The project's own sources, for the tests that hold its rules.

use std::path::{Path, PathBuf};

/// A source file, with its path relative to the root.
#[derive(Debug)]
pub struct Source {
    /// Relative path with forward slashes.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// The lines that are code of the product: no comments, nothing from the first `#[cfg(test)]` on, and nothing of a
    /// file of tests.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = if self.path.ends_with("tests.rs") { "" } else { self.text.as_str() };
        text.lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(index, line)| (index + 1, line))
    }
}

/// All files below `folder` (relative to the root) whose name ends in `.extension`, in path order.
pub fn below(folder: &str, extension: &str) -> Vec<Source> {
    let root = crate::root();
    let mut paths = Vec::new();
    collect(&root.join(folder), extension, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| Source {
            text: std::fs::read_to_string(&path).expect("sources are readable text"),
            path: path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/"),
        })
        .collect()
}

fn collect(folder: &Path, extension: &str, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            // What was built or installed is not ours.
            if !["node_modules", "target", "venv"].iter().any(|name| path.ends_with(name)) {
                collect(&path, extension, paths);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
}
