//! The city's average days, as the served edition published them: the time that groups of people spend on each main group of
//! activities. Nothing is computed here but sums that the edition has printed; a group of which anything was withheld or
//! suppressed is not there at all, because what is missing could be read off the rest of its 24 hours.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use questionnaires::{ActivityCode, DayKind, activity};
use serde::Deserialize;

use super::shelf;
use crate::clock::SharedClock;

/// A group of people on a kind of day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    /// `F`, `M`, or `all`.
    pub(crate) sex: String,
    /// `25-44` and the like, or `all`.
    pub(crate) age_group: String,
    /// `weekday`, `saturday`, `sunday`.
    pub(crate) day: String,
}

/// The average day of a group: minutes by main group of activities.
pub(crate) type Day = BTreeMap<ActivityCode, f64>;

/// Every average day that the edition tells in full.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Averages(BTreeMap<Group, Day>);

/// For anybody.
const ALL: &str = "all";

/// The columns of the estimates that are looked at.
#[derive(Debug, Deserialize)]
struct Row {
    indicator: String,
    unit: String,
    timeline: String,
    activity: String,
    level: u8,
    sex: String,
    age_group: String,
    target_group: String,
    day: String,
    value: Option<f64>,
    flag: String,
    status: String,
}

impl Row {
    fn is_average_day(&self) -> bool {
        self.indicator == "time_spent"
            && self.unit == "minutes_per_day"
            && self.timeline == "main"
            && self.level == 1
            && self.target_group == ALL
    }

    /// The value, where it was published and is reliable enough to be.
    fn published(&self) -> Option<f64> {
        self.value.filter(|value| self.status == "published" && self.flag != "suppressed" && value.is_finite())
    }
}

impl Averages {
    /// The average days in the estimates of an edition.
    ///
    /// # Errors
    /// When the text is no table of estimates.
    pub(crate) fn read(estimates: impl io::Read) -> Result<Averages, csv::Error> {
        let groups: BTreeSet<ActivityCode> = activity::at_level(1).map(|group| group.code).collect();
        let mut days: BTreeMap<Group, Day> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(estimates);
        let headers = reader.headers()?.clone();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            // Most rows are about something else: looked at before they are read in full.
            if record.get(0) != Some("time_spent") {
                continue;
            }
            let row: Row = record.deserialize(Some(&headers))?;
            let known = row.activity.parse::<ActivityCode>().ok().filter(|code| groups.contains(code));
            let (true, Some(code), Some(minutes)) = (row.is_average_day(), known, row.published()) else { continue };
            let group = Group { sex: row.sex, age_group: row.age_group, day: row.day };
            days.entry(group).or_default().insert(code, minutes);
        }
        days.retain(|_, day| day.len() == groups.len());
        Ok(Averages(days))
    }

    /// The average day of the people most like somebody, and who they are: of the same sex and age, else of the same age, else
    /// of the same sex, else everybody, on the same kind of day.
    pub(crate) fn of_people_like(&self, sex: Option<&str>, age: Option<i64>, day: DayKind) -> Option<(&Group, &Day)> {
        let sex = sex.filter(|sex| ["F", "M"].contains(sex)).unwrap_or(ALL);
        let age_group = age.and_then(age_group).unwrap_or(ALL);
        [(sex, age_group), (ALL, age_group), (sex, ALL), (ALL, ALL)].into_iter().find_map(|(sex, age_group)| {
            let group = Group { sex: sex.to_owned(), age_group: age_group.to_owned(), day: day.code().to_owned() };
            self.0.get_key_value(&group)
        })
    }
}

/// The age group of the published tables.
fn age_group(age: i64) -> Option<&'static str> {
    match age {
        10..=14 => Some("10-14"),
        15..=24 => Some("15-24"),
        25..=44 => Some("25-44"),
        45..=64 => Some("45-64"),
        65.. => Some("65+"),
        _ => None,
    }
}

/// The averages of the edition that is served now, read again when another takes its place.
#[derive(Debug, Default)]
pub(crate) struct Published(RwLock<Arc<Averages>>);

/// How often it is looked whether the edition has changed.
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);

/// What changes with the edition: its folder, and its files, of when, how long.
type Stamp = Option<(PathBuf, [(SystemTime, u64); 2])>;

impl Published {
    /// The averages; none where there is no edition.
    pub(crate) fn now(&self) -> Arc<Averages> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, averages: Averages) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(averages);
    }
}

/// Keeps `published` up to the newest public edition in `folder`, until it is dropped. Reads on a thread of its own: no
/// request waits.
pub(crate) async fn follow(published: Arc<Published>, folder: PathBuf, clock: SharedClock, interval: Duration) {
    let mut last: Option<Stamp> = None;
    loop {
        let (folder, known, now) = (folder.clone(), last.clone(), clock.now());
        let found = tokio::task::spawn_blocking(move || {
            let reading = shelf::newest(&folder, now).map(|edition| edition.folder).unwrap_or_default();
            let stamp = stamp(&reading);
            (known.as_ref() != Some(&stamp)).then(|| (stamp.clone(), stamp.map(|_| read(&reading))))
        });
        match found.await {
            Ok(Some((stamp, read))) => {
                last = Some(stamp);
                match read.transpose() {
                    Ok(averages) => published.put(averages.unwrap_or_default()),
                    Err(error) => {
                        tracing::warn!(%error, "the averages of the edition cannot be read: no day is compared");
                        published.put(Averages::default());
                    }
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the edition was not looked at"),
        }
        tokio::time::sleep(interval).await;
    }
}

fn estimates(folder: &Path) -> PathBuf {
    folder.join("dati/estimates.csv")
}

fn stamp(folder: &Path) -> Stamp {
    let of_file = |path: PathBuf| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    Some((folder.to_owned(), [of_file(folder.join(shelf::MARK))?, of_file(estimates(folder))?]))
}

fn read(folder: &Path) -> Result<Averages, csv::Error> {
    Averages::read(io::BufReader::new(fs::File::open(estimates(folder))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "indicator,unit,timeline,activity,level,sex,age_group,target_group,day,slot,value,standard_error,\
                          ci_low,ci_high,degrees_of_freedom,n,flag,status\n";

    /// The rows of a group, of which `spoil` may change one: activity, value, flag, status.
    fn rows(sex: &str, age: &str, day: &str, minutes: f64, spoil: impl Fn(usize) -> Option<&'static str>) -> String {
        let row = |number: usize| {
            let rest = spoil(number).map_or_else(|| format!("{minutes},,,,,200,A,published"), str::to_owned);
            format!("time_spent,minutes_per_day,main,{number},1,{sex},{age},all,{day},,{rest}\n")
        };
        (0..activity::at_level(1).count()).map(row).collect()
    }

    fn averages(rows: &[String]) -> Averages {
        Averages::read(format!("{HEADER}{}", rows.concat()).as_bytes()).unwrap()
    }

    fn whom(averages: &Averages, sex: &str, age: i64, day: DayKind) -> Option<(String, f64)> {
        let (group, minutes) = averages.of_people_like(Some(sex), Some(age), day)?;
        Some((format!("{} {} {}", group.sex, group.age_group, group.day), *minutes.values().next()?))
    }

    #[test]
    fn people_are_compared_with_the_narrowest_group_that_was_told_in_full() {
        let whole = |_| None;
        let all = [
            rows("F", "25-44", "weekday", 1.0, whole),
            rows("all", "25-44", "weekday", 2.0, whole),
            rows("F", "all", "weekday", 3.0, whole),
            rows("all", "all", "weekday", 4.0, whole),
            rows("all", "all", "sunday", 5.0, whole),
        ];
        let found = averages(&all);
        let at = |sex, age, day| whom(&found, sex, age, day);
        assert_eq!(at("F", 30, DayKind::Weekday), Some(("F 25-44 weekday".to_owned(), 1.0)));
        assert_eq!(at("M", 30, DayKind::Weekday), Some(("all 25-44 weekday".to_owned(), 2.0)));
        assert_eq!(at("X", 30, DayKind::Weekday), Some(("all 25-44 weekday".to_owned(), 2.0)));
        assert_eq!(at("F", 70, DayKind::Weekday), Some(("F all weekday".to_owned(), 3.0)));
        assert_eq!(at("M", 70, DayKind::Weekday), Some(("all all weekday".to_owned(), 4.0)));
        assert_eq!(at("F", 30, DayKind::Sunday), Some(("all all sunday".to_owned(), 5.0)));
        assert_eq!(at("F", 30, DayKind::Saturday), None);
        assert_eq!(Averages::default().of_people_like(None, None, DayKind::Weekday), None);
    }

    #[test]
    fn a_group_with_a_number_that_is_not_told_is_not_there() {
        for hidden in [
            ",,,,,0,suppressed,withheld",
            ",,,,,0,E,withheld_secondary",
            ",,,,,50,suppressed,published",
            // Numbers that should not be there are not believed either.
            "12.5,,,,,2,E,withheld",
            "12.5,,,,,80,suppressed,published",
        ] {
            let spoilt = move |number| (number == 4).then_some(hidden);
            let found =
                averages(&[rows("F", "all", "weekday", 1.0, spoilt), rows("all", "all", "weekday", 2.0, |_| None)]);
            assert_eq!(whom(&found, "F", 30, DayKind::Weekday), Some(("all all weekday".to_owned(), 2.0)), "{hidden}");
        }
    }

    #[test]
    fn other_tables_are_not_taken_for_average_days() {
        let row = |change: (&str, &str)| rows("all", "all", "weekday", 1.0, |_| None).replace(change.0, change.1);
        for change in [
            ("time_spent", "participation_time"),
            (",main,", ",any,"),
            (",1,all", ",2,all"),
            (",all,weekday", ",employed,weekday"),
        ] {
            assert_eq!(averages(&[row(change)]), Averages::default(), "{change:?}");
        }
        assert!(Averages::read("no,table\n1,2\n".as_bytes()).is_ok_and(|found| found == Averages::default()));
    }

    #[actix_web::test]
    async fn another_edition_is_read_when_it_takes_the_place_of_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let published = Arc::new(Published::default());
        let following = tokio::spawn(follow(
            Arc::clone(&published),
            folder.path().to_owned(),
            Arc::new(crate::clock::SystemClock),
            Duration::from_millis(5),
        ));
        let wait_for = async |minutes: Option<f64>| {
            for _ in 0..2_000 {
                let found = whom(&published.now(), "F", 30, DayKind::Weekday).map(|(_, minutes)| minutes);
                if found == minutes {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("{minutes:?} never came");
        };
        wait_for(None).await;
        fs::create_dir(folder.path().join("dati")).unwrap();
        fs::write(folder.path().join("index.html"), "front").unwrap();
        for (minutes, mark) in [(Some(1.0), "{}"), (Some(2.0), "{ }")] {
            let rows = rows("all", "all", "weekday", minutes.unwrap(), |_| None);
            fs::write(estimates(folder.path()), format!("{HEADER}{rows}")).unwrap();
            fs::write(folder.path().join("edition.json"), mark).unwrap();
            wait_for(minutes).await;
        }
        fs::remove_file(folder.path().join("edition.json")).unwrap();
        wait_for(None).await;
        following.abort();
    }
}
