//! What the server asks its child to do, and what the child says meanwhile: one line of JSON on the child's standard input,
//! lines of JSON on its standard output. The input stays open while the child works; when it ends, the server is gone, and
//! the child stops. Secrets travel by this pipe only, never as arguments or in the environment.

use std::path::PathBuf;

use chrono::NaiveDate;
use questionnaires::Label;
use serde::{Deserialize, Serialize};

use crate::{
    config::{Config, QuestionnairesConfig, Secret},
    residents::admission::Who,
    survey::SurveyConfig,
};

/// What a child is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commission {
    /// How far it gives way to the site.
    pub niceness: u8,
    /// The work.
    pub work: Work,
}

/// The work of a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Export, estimate, compare with the edition before, and draw the draft.
    Compute {
        /// The plan in TOML; its snapshot is made and removed by the child, its output and the rest lie in `folder`.
        plan: PathBuf,
        /// The edition in TOML.
        edition: PathBuf,
        /// Where everything is written; it is there, and for its owner only.
        folder: PathBuf,
        /// The file that the known totals of the register are to be counted into, when the plan wants them.
        margins: Option<PathBuf>,
        /// The folders of earlier editions, the oldest first.
        earlier: Vec<PathBuf>,
        /// How the data are reached.
        data: Box<DataAccess>,
    },
    /// Draw an approved edition.
    Seal {
        /// The estimates.
        estimates: PathBuf,
        /// The edition in TOML.
        edition: PathBuf,
        /// Where it is written.
        output: PathBuf,
        /// The folder of the edition before.
        previous: Option<PathBuf>,
    },
}

/// How the data of an installation are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataAccess {
    database_url: String,
    key_file: PathBuf,
    master_key: Option<String>,
    questionnaires: Option<PathBuf>,
    survey: SurveyAccess,
    who: String,
    minimum_age: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SurveyAccess {
    name: String,
    title: [String; 2],
    opens: Option<NaiveDate>,
    closes: Option<NaiveDate>,
}

impl DataAccess {
    /// How a server with this configuration reaches its data.
    pub fn of(config: &Config) -> DataAccess {
        let SurveyConfig { name, title, opens, closes } = &config.survey;
        DataAccess {
            database_url: config.database_url.clone(),
            key_file: config.key_file.clone(),
            master_key: config.master_key.as_ref().map(|key| key.reveal().to_owned()),
            questionnaires: config.questionnaires.folder.clone(),
            survey: SurveyAccess {
                name: name.clone(),
                title: [title.it.clone(), title.en.clone()],
                opens: *opens,
                closes: *closes,
            },
            who: match config.participation.who {
                Who::Residents => "residents",
                Who::ResidentsAndCityUsers => "residents_and_city_users",
                Who::Everybody => "everybody",
            }
            .to_owned(),
            minimum_age: config.participation.minimum_age,
        }
    }

    /// A configuration that reaches the same data and listens nowhere.
    pub fn config(&self) -> Config {
        let [it, en] = &self.survey.title;
        Config {
            key_file: self.key_file.clone(),
            master_key: self.master_key.clone().map(Secret::from),
            survey: SurveyConfig {
                name: self.survey.name.clone(),
                title: Label::new(it, en),
                opens: self.survey.opens,
                closes: self.survey.closes,
            },
            questionnaires: QuestionnairesConfig { folder: self.questionnaires.clone() },
            ..Config::of_data(self.database_url.clone())
        }
    }

    /// Whom the survey is about.
    pub fn who(&self) -> Who {
        match self.who.as_str() {
            "residents" => Who::Residents,
            "residents_and_city_users" => Who::ResidentsAndCityUsers,
            _ => Who::Everybody,
        }
    }

    /// The youngest who take part, in years.
    pub fn minimum_age(&self) -> u32 {
        self.minimum_age
    }

    /// The survey's title.
    pub fn title(&self) -> Label {
        let [it, en] = &self.survey.title;
        Label::new(it, en)
    }
}

/// What a child is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It has begun.
    Starting,
    /// It writes the pseudonymised snapshot.
    Exporting,
    /// It reads and checks it.
    Reading,
    /// It adds up minutes.
    Adding,
    /// It makes weights.
    Weighting,
    /// It estimates.
    Estimating,
    /// It keeps secret what must be.
    Protecting,
    /// It writes tables.
    Writing,
    /// It compares with the edition before.
    Comparing,
    /// It draws pages and pictures.
    Drawing,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 10] = [
        Stage::Starting,
        Stage::Exporting,
        Stage::Reading,
        Stage::Adding,
        Stage::Weighting,
        Stage::Estimating,
        Stage::Protecting,
        Stage::Writing,
        Stage::Comparing,
        Stage::Drawing,
    ];

    /// The key of its text.
    pub(super) fn key(self) -> &'static str {
        match self {
            Stage::Starting => "release-stage-starting",
            Stage::Exporting => "release-stage-exporting",
            Stage::Reading => "release-stage-reading",
            Stage::Adding => "release-stage-adding",
            Stage::Weighting => "release-stage-weighting",
            Stage::Estimating => "release-stage-estimating",
            Stage::Protecting => "release-stage-protecting",
            Stage::Writing => "release-stage-writing",
            Stage::Comparing => "release-stage-comparing",
            Stage::Drawing => "release-stage-drawing",
        }
    }
}

/// What a child says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Reported {
    /// How far it is.
    At {
        /// What it is at.
        stage: Stage,
        /// Units of it done.
        done: usize,
        /// Units it has; none when it cannot say.
        total: usize,
    },
    /// It is done.
    Done,
    /// It failed.
    Failed {
        /// Why, in words that name no secret.
        message: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_reads_back() {
        let at = Reported::At { stage: Stage::Estimating, done: 3, total: 7 };
        let line = serde_json::to_string(&at).unwrap();
        assert_eq!(line, r#"{"said":"at","stage":"estimating","done":3,"total":7}"#);
        assert_eq!(serde_json::from_str::<Reported>(&line).unwrap(), at);
    }

    #[test]
    fn every_stage_has_words() {
        for stage in Stage::ALL {
            assert!(crate::i18n::is_translated(stage.key()), "{stage:?}");
        }
    }

    #[test]
    fn data_are_reached_as_by_the_server() {
        let mut config = Config::of_data("sqlite:///a/b.sqlite".to_owned());
        config.survey.name = "s".to_owned();
        config.master_key = Some(Secret::from("k".to_owned()));
        let access = DataAccess::of(&config);
        let line = serde_json::to_string(&access).unwrap();
        let read: DataAccess = serde_json::from_str(&line).unwrap();
        assert_eq!(read.config(), config);
        assert_eq!(read.who(), config.participation.who);
    }
}
