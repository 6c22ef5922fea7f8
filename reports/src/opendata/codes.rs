//! The codes of the estimates and their names: what every format lists, in one order.

use std::collections::BTreeMap;

use analytics::table::{CategoryRow, Estimates, Flag, Status, Timeline};
use questionnaires::{Language, target_group};
use serde::Serialize;

use crate::text::Texts;

/// A column of the estimates whose codes have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// What is measured.
    Indicator,
    /// In which unit.
    Unit,
    /// What of the day it is about.
    Timeline,
    /// Everybody, women, men.
    Sex,
    /// Age groups.
    AgeGroup,
    /// Target groups.
    TargetGroup,
    /// Kinds of day.
    Day,
    /// Reliability.
    Flag,
    /// Confidentiality.
    Status,
}

impl Variable {
    /// All of them, in the order of the columns.
    pub const ALL: [Variable; 9] = [
        Variable::Indicator,
        Variable::Unit,
        Variable::Timeline,
        Variable::Sex,
        Variable::AgeGroup,
        Variable::TargetGroup,
        Variable::Day,
        Variable::Flag,
        Variable::Status,
    ];

    /// The name of the column.
    pub fn column(self) -> &'static str {
        match self {
            Variable::Indicator => "indicator",
            Variable::Unit => "unit",
            Variable::Timeline => "timeline",
            Variable::Sex => "sex",
            Variable::AgeGroup => "age_group",
            Variable::TargetGroup => "target_group",
            Variable::Day => "day",
            Variable::Flag => "flag",
            Variable::Status => "status",
        }
    }

    /// What `code` is called.
    pub fn label(self, code: &str, texts: &Texts) -> String {
        if self == Variable::TargetGroup
            && let Some(group) = target_group::all().iter().find(|group| group.name == code)
        {
            return texts.label(&group.label).to_owned();
        }
        let key = format!("code-{}-{}", self.column(), code.replace('+', "plus"));
        // A code that has no name yet, such as a target group of an older release, goes by itself.
        let label = texts.text(&key);
        if label == key { code.to_owned() } else { label }
    }

    /// The codes that the estimates use, in the order in which they come first.
    pub fn codes(self, estimates: &Estimates) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let mut add = |code: &str| {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        };
        match self {
            Variable::Flag => [Flag::A, Flag::E, Flag::Suppressed].iter().for_each(|flag| add(&code(flag))),
            Variable::Status => [Status::Published, Status::Withheld, Status::WithheldSecondary]
                .iter()
                .for_each(|status| add(&code(status))),
            Variable::Timeline => Timeline::ALL.iter().for_each(|timeline| add(&code(timeline))),
            Variable::Indicator | Variable::Unit => {
                let mut kinds: Vec<_> = Vec::new();
                for row in &estimates.rows {
                    if !kinds.contains(&(row.indicator, row.unit)) {
                        kinds.push((row.indicator, row.unit));
                    }
                }
                for (indicator, unit) in kinds {
                    add(&if self == Variable::Indicator { code(&indicator) } else { code(&unit) });
                }
            }
            Variable::Sex => estimates.rows.iter().for_each(|row| add(&row.sex)),
            Variable::AgeGroup => estimates.rows.iter().for_each(|row| add(&row.age_group)),
            Variable::TargetGroup => estimates.rows.iter().for_each(|row| add(&row.target_group)),
            Variable::Day => estimates.rows.iter().for_each(|row| add(&row.day)),
        }
        codes
    }
}

/// The name that a type of the estimates has in files.
pub fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        other => unreachable!("the codes of the estimates serialise as text, not as {other:?}"),
    }
}

/// The clock time at which a slot begins: `04:00` for slot 0.
pub fn clock(slot: u8) -> String {
    let minutes = (4 * 60 + u32::from(slot) * 10) % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The categories by timeline and code.
pub struct Categories<'a>(BTreeMap<(Timeline, &'a str), &'a CategoryRow>);

impl<'a> Categories<'a> {
    /// Those of the estimates.
    pub fn of(estimates: &'a Estimates) -> Categories<'a> {
        Categories(estimates.classification.iter().map(|row| ((row.timeline, row.code.as_str()), row)).collect())
    }

    /// What a category is called; its code where it has no name.
    pub fn label<'b>(&'b self, timeline: Timeline, code: &'b str, language: Language) -> &'b str {
        let Some(row) = self.0.get(&(timeline, code)) else { return code };
        let (first, second) = match language {
            Language::It | Language::Ar => (&row.label_it, &row.label_en),
            Language::En => (&row.label_en, &row.label_it),
        };
        [first, second].into_iter().find(|label| !label.is_empty()).map_or(code, String::as_str)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use analytics::table::{Indicator, Unit};

    use super::*;

    #[test]
    fn every_code_of_the_estimates_has_a_name_in_both_languages() {
        use Indicator::*;
        let indicators = [
            TimeSpent,
            ParticipationRate,
            ParticipationTime,
            ShareAtSlot,
            TimeGap,
            ShareOfDay,
            ShareGapAtSlot,
            RelativeGap,
            Asymmetry,
            StandardisedGap,
            StandardisedRelativeGap,
            StandardisedAsymmetry,
            EpisodesPerDay,
            EpisodeLength,
            FirstStart,
            LastEnd,
            TimePoverty,
            SharedTime,
            ValuePerDay,
            ValuePerYear,
        ];
        let ages = ["all", "10-14", "15-24", "25-44", "45-64", "65+"];
        let groups = target_group::all().iter().map(|group| group.name.as_str()).chain(["all"]);
        let mut all: Vec<(Variable, String)> = Vec::new();
        all.extend(indicators.iter().map(|indicator| (Variable::Indicator, code(indicator))));
        all.extend(indicators.iter().map(|indicator| (Variable::Unit, code(&indicator.unit()))));
        all.push((Variable::Unit, code(&Unit::Percent)));
        all.extend(Timeline::ALL.iter().map(|timeline| (Variable::Timeline, code(timeline))));
        all.extend(["all", "F", "M"].map(|sex| (Variable::Sex, sex.to_owned())));
        all.extend(ages.map(|age| (Variable::AgeGroup, age.to_owned())));
        all.extend(groups.map(|group| (Variable::TargetGroup, group.to_owned())));
        all.extend(["average", "weekday", "saturday", "sunday"].map(|day| (Variable::Day, day.to_owned())));
        all.extend(["A", "E", "suppressed"].map(|flag| (Variable::Flag, flag.to_owned())));
        all.extend(["published", "withheld", "withheld_secondary"].map(|status| (Variable::Status, status.to_owned())));
        for language in Language::COMPLETE {
            let texts = Texts::new(language);
            for (variable, code) in &all {
                assert_ne!(variable.label(code, &texts), *code, "{variable:?} in {language:?}");
            }
            for variable in Variable::ALL {
                let key = format!("code-variable-{}", variable.column());
                assert_ne!(texts.text(&key), key);
            }
        }
    }

    #[test]
    fn slots_begin_at_four() {
        assert_eq!([0, 5, 120, 143].map(clock), ["04:00", "04:50", "00:00", "03:50"]);
    }
}
