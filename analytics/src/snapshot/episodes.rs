//! The episodes of a snapshot, read part by part into a few bytes each; what cannot be is refused.

use questionnaires::context::UnknownContext;
use questionnaires::quality::Grade;
use questionnaires::slot::MINUTES_PER_DAY;
use questionnaires::{Companions, Location};

use super::error::SnapshotError;
use super::ids::{Dictionary, Ids, merged};
use super::part::{Part, Table};
use super::{DiaryDay, Episode};
use crate::columns::CodedText;

const COLUMNS: [&str; 9] =
    ["diary_id", "start_minute", "minutes", "main", "secondary", "location", "with_whom", "device", "enjoyment"];

/// All episodes, diary by diary, and the activity codes they refer to, in order.
pub(super) fn read(
    table: &Table,
    diaries: &[DiaryDay],
    diary_path: &str,
    timed: bool,
) -> Result<(Vec<Episode>, Vec<String>), SnapshotError> {
    let ids = Ids::new(diaries.iter().map(|diary| diary.id.as_str()).collect());
    let ids = ids.expect("the diaries' ids were found to be unique");
    let parts = table.by_part(&COLUMNS, |part| episodes(part, &ids, diary_path, timed))?;
    let (codes, places) = merged(parts.iter().map(|(_, codes)| codes));
    if codes.len() > usize::from(u16::MAX) {
        let message = format!("{} different activity codes; there can be {} at most", codes.len(), u16::MAX);
        return Err(SnapshotError::Table { path: table.path.clone(), message });
    }
    let mut episodes = Vec::with_capacity(parts.iter().map(|(episodes, _)| episodes.len()).sum());
    for ((of_part, _), places) in parts.into_iter().zip(places) {
        let place = |number: u16| places[usize::from(number)] as u16;
        episodes.extend(of_part.into_iter().map(|episode| Episode {
            activity: place(episode.activity),
            secondary: episode.secondary.map(place),
            ..episode
        }));
    }
    let in_order = |episode: &Episode| (episode.diary, episode.start_minute);
    if !episodes.is_sorted_by_key(in_order) {
        episodes.sort_by_key(in_order);
    }
    check_days(&episodes, diaries, timed)?;
    Ok((episodes, codes))
}

/// The episodes of a part; their activities are numbers of the dictionary.
fn episodes(
    part: &Part<'_>,
    ids: &Ids<'_>,
    diary_path: &str,
    timed: bool,
) -> Result<(Vec<Episode>, Dictionary), SnapshotError> {
    let diary_ids = part.full_text("diary_id")?;
    let starts = part.integers("start_minute")?;
    let lengths = part.full_integers("minutes")?;
    let mains = part.full_coded_text("main")?;
    let secondaries = part.coded_text("secondary")?;
    let locations = part.coded_text("location")?;
    let companies = part.coded_text("with_whom")?;
    let devices = part.integers("device")?;
    let enjoyments = part.integers("enjoyment")?;

    let mut finder = ids.finder();
    let mut activities = Dictionary::default();
    let mut activity_numbers =
        |coded: &CodedText<'_>| -> Vec<u32> { coded.texts.iter().map(|text| activities.number(text)).collect() };
    let (number_of_main, number_of_secondary) = (activity_numbers(&mains), activity_numbers(&secondaries));
    let known_locations: Vec<Result<Location, UnknownContext>> =
        locations.texts.iter().map(|code| code.parse()).collect();
    let known_companies: Vec<Result<Companions, UnknownContext>> =
        companies.texts.iter().map(|code| code.parse()).collect();
    let mut episodes = Vec::with_capacity(diary_ids.len());
    for (row, id) in diary_ids.into_iter().enumerate() {
        let diary =
            finder.find(id).ok_or_else(|| part.row(row, format!("`diary_id` {id} has no row in {diary_path}")))?;
        let refused = |what: String| part.row(row, format!("an episode of diary `{id}` {what}"));
        let unknown = |error: UnknownContext| refused(format!("has an unknown code: {error}"));
        let minutes =
            minutes_of_day(lengths[row], 1).ok_or_else(|| refused(format!("lasts {} minutes", lengths[row])))?;
        let start_minute = match starts[row] {
            Some(start) => {
                Some(minutes_of_day(start, 0).ok_or_else(|| refused(format!("starts {start} minutes after 04:00")))?)
            }
            None if timed => return Err(refused("has no start, in a timed snapshot".to_owned())),
            None => None,
        };
        let location = locations.number(row).map(|code| known_locations[code].clone()).transpose().map_err(unknown)?;
        let with_whom = companies.number(row).map_or(Ok(Companions::NOT_STATED), |code| known_companies[code].clone());
        let device = match devices[row] {
            None => None,
            Some(0) => Some(false),
            Some(1) => Some(true),
            Some(other) => return Err(refused(format!("has device {other}; it is 0 or 1"))),
        };
        let enjoyment = match enjoyments[row] {
            None => None,
            Some(level @ 1..=7) => Some(level as u8),
            Some(other) => return Err(refused(format!("has enjoyment {other}; it is 1 to 7"))),
        };
        let activity = |number: u32| {
            u16::try_from(number).map_err(|_| refused(format!("has more than {number} different codes before it")))
        };
        let main = number_of_main[mains.number(row).unwrap_or_default()];
        let secondary = secondaries.number(row).map(|code| number_of_secondary[code]);
        episodes.push(Episode {
            diary,
            start_minute,
            minutes,
            activity: activity(main)?,
            secondary: secondary.map(activity).transpose()?,
            location,
            with_whom: with_whom.map_err(unknown)?,
            device,
            enjoyment,
        });
    }
    Ok((episodes, activities))
}

fn minutes_of_day(minutes: i64, least: u16) -> Option<u16> {
    u16::try_from(minutes).ok().filter(|minutes| *minutes >= least && usize::from(*minutes) <= MINUTES_PER_DAY)
}

/// Every diary in use is a whole day: 1440 minutes and, where times are known, no gap and no overlap.
fn check_days(episodes: &[Episode], diaries: &[DiaryDay], timed: bool) -> Result<(), SnapshotError> {
    let mut covered = vec![0_usize; diaries.len()];
    for episode in episodes {
        let diary = &diaries[episode.diary as usize];
        let so_far = &mut covered[episode.diary as usize];
        let is_next = episode.start_minute.is_none_or(|start| usize::from(start) == *so_far);
        if timed && !is_next && diary.grade != Grade::Rejected {
            let start = episode.start_minute.unwrap_or_default();
            let message = format!("an episode starts at minute {start} where minute {so_far} should follow");
            return Err(SnapshotError::Diary { diary: diary.id.clone(), message });
        }
        *so_far += usize::from(episode.minutes);
    }
    for (diary, minutes) in diaries.iter().zip(covered) {
        if minutes != MINUTES_PER_DAY && diary.grade != Grade::Rejected {
            let message = format!("its minutes sum to {minutes} instead of {MINUTES_PER_DAY}");
            return Err(SnapshotError::Diary { diary: diary.id.clone(), message });
        }
    }
    Ok(())
}
