//! The estimates of a release as somebody reviews them: counted by measure, narrowed by measure, group and state. Nothing
//! is computed but counts; hidden numbers are not in the file at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use serde::Deserialize;

use crate::web::form::Fields;

/// Names of the fields of the filter, also the ids of their elements.
pub(super) mod field {
    pub(crate) const MEASURE: &str = "misura";
    pub(crate) const GROUP: &str = "gruppo";
    pub(crate) const STANDING: &str = "stato";
    pub(crate) const PAGE: &str = "pagina";
}

/// Rows on a page.
pub(super) const PAGE: usize = 50;

/// A row of the estimates.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Row {
    pub(super) indicator: String,
    pub(super) unit: String,
    pub(super) timeline: String,
    pub(super) activity: String,
    pub(super) sex: String,
    pub(super) age_group: String,
    pub(super) target_group: String,
    pub(super) day: String,
    pub(super) slot: Option<u32>,
    pub(super) value: Option<f64>,
    pub(super) ci_low: Option<f64>,
    pub(super) ci_high: Option<f64>,
    pub(super) n: u64,
    pub(super) flag: String,
    pub(super) status: String,
}

/// What a number is worth, or why it is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Shown, and reliable.
    Good,
    /// Shown, to be used with care.
    Care,
    /// Hidden: too unreliable.
    Suppressed,
    /// Hidden: it would tell too much of few persons.
    Withheld,
    /// Hidden: a withheld number would follow from it.
    WithheldSecondary,
}

impl Standing {
    pub(super) const ALL: [Standing; 5] =
        [Standing::Good, Standing::Care, Standing::Suppressed, Standing::Withheld, Standing::WithheldSecondary];

    /// Its name in addresses; its text is `release-standing-<name>`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Standing::Good => "good",
            Standing::Care => "care",
            Standing::Suppressed => "suppressed",
            Standing::Withheld => "withheld",
            Standing::WithheldSecondary => "secondary",
        }
    }
}

impl Row {
    pub(super) fn standing(&self) -> Standing {
        match (self.status.as_str(), self.flag.as_str()) {
            ("withheld", _) => Standing::Withheld,
            ("withheld_secondary", _) => Standing::WithheldSecondary,
            (_, "suppressed") => Standing::Suppressed,
            (_, "A") => Standing::Good,
            _ => Standing::Care,
        }
    }

    fn is_of(&self, group: &Group) -> bool {
        match group {
            Group::Sex(sex) => self.sex == *sex,
            Group::Age(age) => self.age_group == *age,
            Group::Target(name) => self.target_group == *name,
        }
    }
}

/// Whom rows are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Sex(String),
    Age(String),
    Target(String),
}

impl Group {
    /// As it stands in addresses.
    pub(super) fn value(&self) -> String {
        match self {
            Group::Sex(sex) => format!("sesso-{sex}"),
            Group::Age(age) => format!("eta-{age}"),
            Group::Target(name) => format!("gruppo-{name}"),
        }
    }

    fn of(value: &str) -> Option<Group> {
        let (kind, name) = value.split_once('-')?;
        match kind {
            "sesso" => Some(Group::Sex(name.to_owned())),
            "eta" => Some(Group::Age(name.to_owned())),
            "gruppo" => Some(Group::Target(name.to_owned())),
            _ => None,
        }
    }
}

/// Which rows; what cannot be read narrows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    pub(super) measure: Option<String>,
    pub(super) group: Option<Group>,
    pub(super) standing: Option<Standing>,
    /// From 0.
    pub(super) page: usize,
}

impl Filter {
    pub(super) fn of(fields: &Fields) -> Filter {
        let standing = fields.text(field::STANDING);
        let page: usize = fields.text(field::PAGE).and_then(|text| text.parse().ok()).unwrap_or(1);
        Filter {
            measure: fields.text(field::MEASURE).map(str::to_owned),
            group: fields.text(field::GROUP).and_then(Group::of),
            standing: Standing::ALL.into_iter().find(|known| Some(known.name()) == standing),
            page: page.saturating_sub(1),
        }
    }

    fn admits(&self, row: &Row) -> bool {
        self.measure.as_ref().is_none_or(|measure| row.indicator == *measure)
            && self.group.as_ref().is_none_or(|group| row.is_of(group))
            && self.standing.is_none_or(|standing| row.standing() == standing)
    }
}

/// Counts of a measure's rows by what they are worth.
pub(super) type Counts = BTreeMap<Standing, usize>;

/// A question in Italian and English, and the kind of day that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    pub(super) texts: [String; 2],
    /// `weekday` or `weekend`; blank where it is about no day.
    pub(super) day: String,
}

/// The numbers as they are reviewed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Review {
    /// By measure, in the order of the file.
    pub(super) counts: Vec<(String, Counts)>,
    /// Every group that has rows.
    pub(super) groups: BTreeSet<Group>,
    /// The rows of the page.
    pub(super) rows: Vec<Row>,
    /// How many rows the filter lets through.
    pub(super) n_found: usize,
    /// The questions by name, where the numbers are answers.
    pub(super) questions: BTreeMap<String, Named>,
    /// The names of activities, Italian and English, by timeline and code.
    pub(super) activities: BTreeMap<(String, String), [String; 2]>,
}

impl Review {
    /// Reads the estimates in `folder`.
    pub(super) fn read(folder: &Path, filter: &Filter) -> io::Result<Review> {
        let rows = csv::Reader::from_path(folder.join("estimates.csv")).map_err(io::Error::other)?.into_deserialize();
        let mut review = Review::of(rows.map(|row| row.map_err(io::Error::other)), filter)?;
        review.activities = activities(&folder.join("classification.csv"))?;
        Ok(review)
    }

    /// Counts rows and keeps those of the page.
    pub(super) fn of(rows: impl Iterator<Item = io::Result<Row>>, filter: &Filter) -> io::Result<Review> {
        let mut review = Review::default();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            let row = row?;
            let place = *places.entry(row.indicator.clone()).or_insert_with(|| {
                review.counts.push((row.indicator.clone(), Counts::new()));
                review.counts.len() - 1
            });
            *review.counts[place].1.entry(row.standing()).or_default() += 1;
            for (value, group) in [
                (&row.sex, Group::Sex(row.sex.clone())),
                (&row.age_group, Group::Age(row.age_group.clone())),
                (&row.target_group, Group::Target(row.target_group.clone())),
            ] {
                if value != "all" && !review.groups.contains(&group) {
                    review.groups.insert(group);
                }
            }
            if filter.admits(&row) {
                if (filter.page * PAGE..(filter.page + 1) * PAGE).contains(&review.n_found) {
                    review.rows.push(row);
                }
                review.n_found += 1;
            }
        }
        Ok(review)
    }
}

/// The names of activities in a classification.
pub(super) fn activities(path: &Path) -> io::Result<BTreeMap<(String, String), [String; 2]>> {
    #[derive(Deserialize)]
    struct Category {
        timeline: String,
        code: String,
        label_it: String,
        label_en: String,
    }
    let rows = csv::Reader::from_path(path).map_err(io::Error::other)?.into_deserialize();
    rows.map(|row| {
        let row: Category = row.map_err(io::Error::other)?;
        Ok(((row.timeline, row.code), [row.label_it, row.label_en]))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ESTIMATES: &str = "indicator,unit,timeline,activity,level,sex,age_group,target_group,day,slot,value,standard_error,\
        ci_low,ci_high,degrees_of_freedom,n,flag,status\n\
        time_spent,minutes_per_day,main,1,1,all,all,all,average,,10,1,8,12,90,200,A,published\n\
        time_spent,minutes_per_day,main,1,1,F,all,all,average,,,,,,,0,suppressed,withheld\n\
        time_spent,minutes_per_day,main,1,1,all,15-24,all,average,,,,,,,0,suppressed,withheld_secondary\n\
        time_gap,minutes_per_day,main,1,1,all,all,employed,average,,,,,,90,50,suppressed,published\n\
        share_at_slot,percent,main,1,1,M,all,all,average,7,3,1,1,5,90,100,E,published\n";

    #[test]
    fn rows_are_counted_by_measure_and_narrowed_by_what_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("estimates.csv"), ESTIMATES).unwrap();
        let classification = "timeline,code,level,label_it,label_en,members\nmain,1,1,Lavoro,Work,1\n";
        fs::write(folder.path().join("classification.csv"), classification).unwrap();
        let read = |query: &str| {
            let filter = Filter::of(&Fields::parse(query.as_bytes()).unwrap());
            Review::read(folder.path(), &filter).unwrap()
        };
        let all = read("");
        assert_eq!((all.n_found, all.rows.len(), all.counts.len(), all.groups.len()), (5, 5, 3, 4));
        let (measure, counts) = &all.counts[0];
        let of = |standing| counts.get(&standing).copied().unwrap_or(0);
        assert_eq!((measure.as_str(), of(Standing::Good), of(Standing::Withheld)), ("time_spent", 1, 1));
        assert_eq!(of(Standing::WithheldSecondary), 1);
        assert_eq!(all.activities[&("main".to_owned(), "1".to_owned())][1], "Work");
        let found = |query: &str| read(query).rows.into_iter().map(|row| row.indicator).collect::<Vec<_>>();
        assert_eq!(found("stato=suppressed"), ["time_gap"]);
        assert_eq!(found("gruppo=sesso-M"), ["share_at_slot"]);
        assert_eq!(found("gruppo=gruppo-employed&misura=time_gap"), ["time_gap"]);
        assert_eq!(found("gruppo=eta-15-24&stato=secondary"), ["time_spent"]);
        assert_eq!(found("misura=nothing"), Vec::<String>::new());
        assert_eq!(found("stato=x&gruppo=y&pagina=z").len(), 5, "what cannot be read narrows nothing");
        assert_eq!(found("pagina=2"), Vec::<String>::new());
        for standing in Standing::ALL {
            assert!(crate::i18n::is_translated(&format!("release-standing-{}", standing.name())));
        }
    }
}
