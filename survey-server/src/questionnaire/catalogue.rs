//! The questionnaires of an installation: those of the program, those of its folder, and every version that was ever published,
//! so that answers are read with the version that they were given to.

pub mod folder;
pub(crate) mod follow;
pub(crate) mod store;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use questionnaires::{Instrument, instrument};
use ring::digest;
use thiserror::Error;

use super::Asking;
use crate::{database::Database, error::AppError, keys};

/// Why the questionnaires of an installation cannot be used, or one cannot be published. Nothing was changed.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The database cannot be asked.
    #[error("the questionnaires in the database cannot be read: {0}")]
    Database(#[from] AppError),
    /// The folder or a file in it cannot be read.
    #[error("{path} cannot be read: {error}. Check questionnaires.folder and its permissions")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file has faults; each line says where and what.
    #[error(
        "{path} cannot be put to people:\n{faults}\nMend it, and look at it with `tempi questionnaire check {path}`"
    )]
    Faults {
        /// Which.
        path: String,
        /// One fault per line, with file and line.
        faults: String,
    },
    /// A published version is no longer the same.
    #[error(
        "{origin} changed although version {version} of `{name}` was published: answers were given to that version as it was. Set \
         `version = {next}` for the changed one, or put the published text back",
        next = version + 1
    )]
    Changed {
        /// Where it was read.
        origin: String,
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
    },
    /// An older version than the newest.
    #[error("{origin} is version {version} of `{name}`, but version {newest} was published already: set `version = {next}`", next = newest + 1)]
    Outdated {
        /// Where it was read.
        origin: String,
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
        /// The newest that was published.
        newest: u32,
    },
    /// A name that another questionnaire has already.
    #[error(
        "{origin}: {what} `{name}` is also in the questionnaire `{other}`: give it another name, since answers leave side by side"
    )]
    Taken {
        /// Where it was read.
        origin: String,
        /// The kind of name.
        what: &'static str,
        /// The name.
        name: String,
        /// The other questionnaire.
        other: String,
    },
    /// A questionnaire of the program in a form that the program cannot work with.
    #[error(
        "{origin} stands in for the program's `{name}`, and must keep its question `{question}` as it is, with all its options"
    )]
    Needed {
        /// Where it was read.
        origin: String,
        /// The questionnaire.
        name: String,
        /// The question.
        question: &'static str,
    },
}

/// The questionnaires of an installation.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// In the order in which people answer them.
    offered: Vec<Arc<Instrument>>,
    /// Every version known, by name and version.
    versions: BTreeMap<(String, u32), Arc<Instrument>>,
    /// Versions in the folder that were not published yet, which nobody is asked.
    drafts: Vec<String>,
}

/// What of the program's questionnaires the rest of the program looks at.
const NEEDED: [(&str, &str); 2] = [("individual", "sex"), ("individual", "age")];

impl Catalogue {
    /// The program's own questionnaires.
    pub fn built_in() -> Catalogue {
        Catalogue::of(instrument::all().iter().cloned().map(Arc::new).collect())
    }

    /// The questionnaires offered, each with the versions that are known.
    pub(crate) fn of(offered: Vec<Arc<Instrument>>) -> Catalogue {
        let mut catalogue = Catalogue { offered: Vec::new(), versions: BTreeMap::new(), drafts: Vec::new() };
        for instrument in offered {
            catalogue.remember(Arc::clone(&instrument));
            catalogue.offered.push(instrument);
        }
        catalogue
    }

    fn remember(&mut self, instrument: Arc<Instrument>) {
        self.versions.insert((instrument.name.clone(), instrument.version), instrument);
    }

    /// The questionnaires that people are asked, in order.
    pub fn offered(&self) -> &[Arc<Instrument>] {
        &self.offered
    }

    /// Names and versions in the folder that were not published yet.
    pub fn drafts(&self) -> &[String] {
        &self.drafts
    }

    /// Says in the log which those are.
    pub(crate) fn warn_of_drafts(&self) {
        for draft in &self.drafts {
            tracing::warn!(%draft, "a questionnaire was not published: nobody is asked it (`tempi questionnaire publish`)");
        }
    }

    /// A version, whether or not it is still asked.
    pub fn version(&self, name: &str, version: u32) -> Option<&Arc<Instrument>> {
        self.versions.get(&(name.to_owned(), version))
    }

    /// The version of a questionnaire that is asked now.
    pub fn current(&self, name: &str) -> Option<&Arc<Instrument>> {
        self.offered.iter().find(|instrument| instrument.name == name)
    }

    /// Everything that people are asked, in order.
    pub(crate) fn askings(&self) -> Vec<Asking> {
        self.offered.iter().flat_map(Asking::all_of).collect()
    }

    /// What the last part of an address names.
    pub(crate) fn at(&self, path: &str) -> Option<Asking> {
        self.askings().into_iter().find(|asking| asking.path() == path)
    }

    /// Holds that names are nobody else's, and that a questionnaire of the program keeps what the program needs.
    fn admit(&self, origin: &str, new: &Instrument) -> Result<(), CatalogueError> {
        let taken = |what, name: &str, other: &Instrument| CatalogueError::Taken {
            origin: origin.to_owned(),
            what,
            name: name.to_owned(),
            other: other.name.clone(),
        };
        for other in self.offered.iter().filter(|other| other.name != new.name) {
            if other.path == new.path {
                return Err(taken("the path", &new.path, other));
            }
            if let Some(question) = new.questions().find(|question| other.question(&question.name).is_some()) {
                return Err(taken("the question", &question.name, other));
            }
        }
        for (name, question) in NEEDED.into_iter().filter(|(name, _)| *name == new.name) {
            let own = instrument::all().iter().find(|own| own.name == name);
            let wanted = own.and_then(|own| own.question(question)).map(|question| &question.answer);
            if new.question(question).map(|question| values(&question.answer)) != wanted.map(values) {
                return Err(CatalogueError::Needed { origin: origin.to_owned(), name: name.to_owned(), question });
            }
        }
        Ok(())
    }

    /// Puts a questionnaire in the place of the one with its name, or after the others.
    fn offer(&mut self, instrument: Arc<Instrument>) {
        self.remember(Arc::clone(&instrument));
        match self.offered.iter_mut().find(|offered| offered.name == instrument.name) {
            Some(place) => *place = instrument,
            None => self.offered.push(instrument),
        }
    }
}

/// What answers to a question may be, leaving its texts aside.
fn values(kind: &instrument::AnswerKind) -> (BTreeSet<&str>, Option<(i64, i64)>) {
    match kind {
        instrument::AnswerKind::Single(options) => (options.iter().map(|option| option.value.as_str()).collect(), None),
        instrument::AnswerKind::Number { min, max } => (BTreeSet::new(), Some((*min, *max))),
        _ => (BTreeSet::new(), None),
    }
}

/// The SHA-256 of a questionnaire, comments and order of fields left aside.
pub fn fingerprint(instrument: &Instrument) -> String {
    keys::hex(digest::digest(&digest::SHA256, instrument.to_toml().as_bytes()).as_ref())
}

/// The questionnaires of an installation. Those of the program are remembered in the database on the way, so that a later
/// program still reads the answers given to them.
///
/// # Errors
/// When the folder holds something that cannot be put to people, or a published version has changed.
pub async fn open(database: &Database, folder: Option<&Path>) -> Result<Catalogue, CatalogueError> {
    let mut catalogue = Catalogue::built_in();
    store::remember(database, catalogue.offered()).await?;
    let published = store::published(database).await?;
    for version in &published {
        catalogue
            .versions
            .entry((version.instrument.name.clone(), version.instrument.version))
            .or_insert_with(|| Arc::new(version.instrument.clone()));
    }
    let Some(folder) = folder else { return Ok(catalogue) };
    for (path, draft) in folder::read(folder)? {
        let origin = path.display().to_string();
        let of_name = || published.iter().filter(|known| known.instrument.name == draft.name);
        let same = of_name().find(|known| known.instrument.version == draft.version);
        if same.is_some_and(|known| known.sha256 != fingerprint(&draft)) {
            return Err(CatalogueError::Changed { origin, name: draft.name, version: draft.version });
        }
        if same.is_none() {
            catalogue.drafts.push(format!("{} version {}", draft.name, draft.version));
        }
        // Until a draft is published, people are asked the version before it.
        let asked = of_name().filter(|known| known.instrument.version <= draft.version);
        if let Some(asked) = asked.max_by_key(|known| known.instrument.version) {
            let newest = of_name().map(|known| known.instrument.version).max().unwrap_or_default();
            if newest > draft.version {
                let (name, version) = (draft.name, draft.version);
                return Err(CatalogueError::Outdated { origin, name, version, newest });
            }
            catalogue.admit(&origin, &asked.instrument)?;
            catalogue.offer(Arc::new(asked.instrument.clone()));
        }
    }
    Ok(catalogue)
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// The version is published from now on.
    Now,
    /// It was published before, and is the same.
    Before,
}

/// Publishes a version of a questionnaire: from now on it never changes, and people may be asked it.
///
/// # Errors
/// When it changed since it was published, is older than the newest, or takes another questionnaire's names.
pub async fn publish(
    database: &Database,
    origin: &str,
    instrument: &Instrument,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Published, CatalogueError> {
    let published = store::published(database).await?;
    let of_name: Vec<_> = published.iter().filter(|known| known.instrument.name == instrument.name).collect();
    let named = || (origin.to_owned(), instrument.name.clone(), instrument.version);
    if let Some(same) = of_name.iter().find(|known| known.instrument.version == instrument.version) {
        let (origin, name, version) = named();
        return match same.sha256 == fingerprint(instrument) {
            true => Ok(Published::Before),
            false => Err(CatalogueError::Changed { origin, name, version }),
        };
    }
    if let Some(newest) = of_name.iter().map(|known| known.instrument.version).max().filter(|v| *v > instrument.version)
    {
        let (origin, name, version) = named();
        return Err(CatalogueError::Outdated { origin, name, version, newest });
    }
    database.questionnaires().admit(origin, instrument)?;
    store::publish(database, instrument, now).await?;
    Ok(Published::Now)
}
