//! What the office says of the reports of an edition, in TOML: their sections in order, its own texts in Markdown, the numbers
//! that these quote, and the measures it proposes. Nothing here sets a document.

use std::collections::BTreeMap;
use std::path::Path;

use analytics::table::{Indicator, Timeline};
use questionnaires::{Label, Language};
use serde::Deserialize;

/// The reports as the office wants them; what it does not say is as usual.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportPlan {
    /// The sections of the report in their order; the usual ones where the office says nothing.
    pub sections: Option<Vec<SectionPlan>>,
    /// What the brief asks of the council.
    pub brief: Option<OfficeText>,
    /// The chart of the brief by its figure's name; that of women and men where the office says nothing.
    pub chart: Option<String>,
    /// Numbers that texts and measures name.
    pub numbers: BTreeMap<String, NumberPlan>,
    /// What the office proposes.
    pub measures: Vec<MeasurePlan>,
}

/// A section of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionPlan {
    /// A section of the program's, or a name of the office's own.
    pub id: String,
    /// Its title; that of the program where the office says nothing.
    pub title: Option<Label>,
    /// What the office writes in it, before everything else.
    pub text: Option<OfficeText>,
}

/// A text of the office in Markdown, in each language, and the names of its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficeText {
    texts: BTreeMap<&'static str, (String, String)>,
}

impl OfficeText {
    /// A text that says the same in every language.
    pub fn same(file: &str, text: &str) -> OfficeText {
        let one = |language: Language| (language.tag(), (file.to_owned(), text.to_owned()));
        OfficeText { texts: Language::COMPLETE.into_iter().map(one).collect() }
    }

    /// The name of its file in `language`, and what it says.
    pub fn of(&self, language: Language) -> Option<(&str, &str)> {
        self.texts.get(language.tag()).map(|(file, text)| (file.as_str(), text.as_str()))
    }
}

/// Which number of the estimates a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberPlan {
    /// The measure.
    pub indicator: Indicator,
    /// Its timeline.
    #[serde(default = "main")]
    pub timeline: Timeline,
    /// The code of the activity in its timeline.
    pub activity: String,
    /// `all`, `F` or `M`.
    #[serde(default = "all")]
    pub sex: String,
    /// `all` or an age group.
    #[serde(default = "all")]
    pub age_group: String,
    /// `all` or a target group.
    #[serde(default = "all")]
    pub target_group: String,
    /// `average`, `weekday`, `saturday` or `sunday`.
    #[serde(default = "average")]
    pub day: String,
}

fn main() -> Timeline {
    Timeline::Main
}

fn all() -> String {
    "all".to_owned()
}

fn average() -> String {
    "average".to_owned()
}

/// What the office proposes, and the number by which it will be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasurePlan {
    /// What it is called.
    pub name: Label,
    /// What is done.
    pub what: Option<Label>,
    /// Who does it.
    pub who: Option<Label>,
    /// By when.
    pub when: Option<Label>,
    /// The name of its number.
    pub number: Option<String>,
}

/// The keys of `[report]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportConfig {
    sections: Option<Vec<SectionConfig>>,
    brief: Option<BriefConfig>,
    #[serde(default)]
    numbers: BTreeMap<String, NumberPlan>,
    #[serde(default)]
    measures: Vec<MeasureConfig>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionConfig {
    id: String,
    title: Option<super::config::Text>,
    text: Option<super::config::Text>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct BriefConfig {
    text: Option<super::config::Text>,
    chart: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureConfig {
    name: super::config::Text,
    what: Option<super::config::Text>,
    who: Option<super::config::Text>,
    when: Option<super::config::Text>,
    number: Option<String>,
}

impl ReportPlan {
    /// The sections that the program writes itself.
    pub const SECTIONS: [&'static str; 11] = [
        "summary",
        "demand",
        "gaps",
        "hours",
        "groups",
        "supply",
        "reach",
        "consultation",
        "measures",
        "plans",
        "method",
    ];

    /// Reads the keys of `[report]` from a file of their own.
    ///
    /// # Errors
    /// When the file or a text that it names cannot be read, or has a key that nobody knows.
    pub fn read(path: &Path) -> Result<ReportPlan, super::ConfigError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| super::ConfigError::Unreadable { path: shown.clone(), source })?;
        let config: Result<ReportConfig, String> =
            toml::from_str(&text).map_err(|error| error.to_string().trim_end().to_owned());
        config
            .and_then(|config| config.plan(path.parent().unwrap_or(Path::new("."))))
            .map_err(|message| super::ConfigError::Malformed { path: shown, message })
    }
}

impl ReportConfig {
    /// The plan, its texts read from `folder`.
    pub(super) fn plan(self, folder: &Path) -> Result<ReportPlan, String> {
        let sections = self.sections.map(|sections| sections.into_iter().map(|one| one.plan(folder)).collect());
        let sections: Option<Vec<SectionPlan>> = sections.transpose()?;
        for (place, section) in sections.iter().flatten().enumerate() {
            if sections.iter().flatten().take(place).any(|earlier| earlier.id == section.id) {
                return Err(format!("`report.sections` names `{}` twice", section.id));
            }
        }
        let (text, chart) = self.brief.map_or((None, None), |brief| (brief.text, brief.chart));
        let measures: Vec<MeasurePlan> = self.measures.into_iter().map(MeasureConfig::plan).collect();
        for measure in &measures {
            if let Some(name) = measure.number.as_ref().filter(|name| !self.numbers.contains_key(*name)) {
                let measure = measure.name.text(Language::It);
                return Err(format!("the measure `{measure}` names the number `{name}`, which `report.numbers` lacks"));
            }
        }
        Ok(ReportPlan {
            sections,
            brief: text.map(|text| office_text("report.brief.text", text, folder)).transpose()?,
            chart,
            numbers: self.numbers,
            measures,
        })
    }
}

impl SectionConfig {
    fn plan(self, folder: &Path) -> Result<SectionPlan, String> {
        let is_known = ReportPlan::SECTIONS.contains(&self.id.as_str());
        if !is_known && (self.title.is_none() || self.text.is_none()) {
            return Err(format!(
                "`report.sections` names `{}`, which is none of {}; a section of your own needs a `title` and a `text`",
                self.id,
                ReportPlan::SECTIONS.join(", ")
            ));
        }
        let key = format!("report.sections.{}.text", self.id);
        let text = self.text.map(|text| office_text(&key, text, folder)).transpose()?;
        Ok(SectionPlan { id: self.id, title: self.title.map(Label::from), text })
    }
}

impl MeasureConfig {
    fn plan(self) -> MeasurePlan {
        let label = |text: Option<super::config::Text>| text.map(Label::from);
        MeasurePlan {
            name: self.name.into(),
            what: label(self.what),
            who: label(self.who),
            when: label(self.when),
            number: self.number,
        }
    }
}

/// The texts in the files that `names` names, which lie in `folder` or below it.
fn office_text(key: &str, names: super::config::Text, folder: &Path) -> Result<OfficeText, String> {
    let names = Label::from(names);
    let mut texts = BTreeMap::new();
    for language in Language::COMPLETE {
        let name = names.text(language);
        if name.is_empty() {
            continue;
        }
        let is_inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !is_inside {
            return Err(format!("`{key}` is `{name}`; name a file beside this one, without `..`"));
        }
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("`{key}` names {}, which cannot be read: {error}", path.display()))?;
        texts.insert(language.tag(), (name.to_owned(), text));
    }
    Ok(OfficeText { texts })
}
