//! A published site in a folder, and how a test reads its pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use analytics::table::{EstimateRow, Estimates};
use questionnaires::Language;
use reports::opendata::Catalogue;
use reports::{Edition, PublishError, PublishOptions, PublishSummary, StaticFile, publish};
use roxmltree::{Document, Node, ParsingOptions};
use tempfile::TempDir;

pub fn design_system() -> Vec<StaticFile> {
    let paths = ["300", "400", "600", "700"].map(|weight| format!("fonts/titillium-web-{weight}.woff2"));
    let paths = paths
        .into_iter()
        .chain(["css/bootstrap-italia.min.css", "icon.svg", "tables.js", "explorer.js"].map(str::to_owned));
    paths.map(|path| StaticFile { path, bytes: b"design".to_vec() }).collect()
}

pub fn publish_folder(estimates: &Path, output: &Path, languages: &[Language]) -> Result<PublishSummary, PublishError> {
    publish_edition(estimates, output, languages, &super::edition())
}

/// [`publish_folder`] as an edition of its own.
pub fn publish_edition(
    estimates: &Path,
    output: &Path,
    languages: &[Language],
    edition: &Edition,
) -> Result<PublishSummary, PublishError> {
    let design_system = design_system();
    let options = PublishOptions {
        estimates,
        output,
        edition,
        previous: None,
        design_system: &design_system,
        languages,
        home: Some("/"),
        catalogue: &Catalogue::default(),
        public_use: None,
    };
    publish(&options, &mut |_| {})
}

/// A published site and where it lies.
pub struct Published {
    pub folder: TempDir,
}

/// The whole city, published once for all tests that only read it.
pub static CITY: LazyLock<Published> = LazyLock::new(|| Published::of(&super::city()));

impl Published {
    pub fn of(estimates: &Estimates) -> Published {
        Published::as_edition(estimates, &super::edition())
    }

    /// `estimates` published as an edition of its own.
    pub fn as_edition(estimates: &Estimates, edition: &Edition) -> Published {
        let folder = TempDir::new().unwrap();
        super::write(estimates, &folder.path().join("estimates"));
        let site = folder.path().join("site");
        publish_edition(&folder.path().join("estimates"), &site, &Language::COMPLETE, edition).unwrap();
        Published { folder }
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn page(&self, path: &str) -> String {
        fs::read_to_string(self.site().join(path)).unwrap()
    }

    pub fn pages(&self) -> Vec<String> {
        files(&self.site()).into_keys().filter(|path| path.ends_with(".html")).collect()
    }

    pub fn csv(&self, name: &str) -> Vec<EstimateRow> {
        let mut reader = csv::Reader::from_path(self.site().join("dati").join(name)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    }
}

/// Every file below `folder`, by its path from there.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    all
}

pub fn parse(page: &str) -> Document<'_> {
    Document::parse_with_options(page, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }).unwrap()
}

pub fn text(node: Node) -> String {
    node.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

/// Body rows of the table with this number: header and cells, each as words and value.
pub type Row = (String, Vec<(String, Option<String>)>);

pub fn table(document: &Document, index: usize) -> Vec<Row> {
    let table = document.descendants().filter(|node| node.has_tag_name("table")).nth(index).unwrap();
    let body = table.children().find(|node| node.has_tag_name("tbody")).unwrap();
    let value = |cell: Node| {
        cell.children().find(|node| node.has_tag_name("data")).map(|data| data.attribute("value").unwrap().to_owned())
    };
    body.children()
        .filter(|node| node.has_tag_name("tr"))
        .map(|row| {
            let header = row.children().find(|node| node.has_tag_name("th")).unwrap();
            let cells = row.children().filter(|node| node.has_tag_name("td"));
            (text(header), cells.map(|cell| (text(cell), value(cell))).collect())
        })
        .collect()
}
