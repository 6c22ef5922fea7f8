//! Activities that a picture of the whole day takes together, since ten bands could not be told apart.

use analytics::table::CategoryRow;
use questionnaires::activity;

use crate::figure::source::Source;
use crate::palette::BANDS;

/// Main groups of the Activity Coding List that are shown as one band, from the bottom upwards:
/// paid work, study, home and family, free time, travel, personal care.
const CODING_LIST_BANDS: [(&[&str], Option<&str>); 6] = [
    (&["1"], None),
    (&["2"], None),
    (&["3"], None),
    (&["4", "5", "6", "7", "8"], Some("band-free-time")),
    (&["9"], None),
    (&["0"], None),
];

/// Activities drawn as one band.
pub struct Group {
    /// What it is called.
    pub label: String,
    /// Places among the activities.
    pub members: Vec<usize>,
}

/// Whether these are the main groups of the Activity Coding List.
pub fn is_coding_list(activities: &[&CategoryRow]) -> bool {
    activities.iter().all(|activity| {
        let listed = activity.code.parse::<activity::ActivityCode>();
        listed.is_ok_and(|code| code.level() == 1 && code.label().en == activity.label_en)
    })
}

/// The bands: the coding list's where that is the classification, else the largest activities and the rest; `size` says how
/// large the activity at a place is.
pub fn group(source: &Source, activities: &[&CategoryRow], size: impl Fn(usize) -> f64) -> Vec<Group> {
    let single = |member: usize| Group { label: source.activity(&activities[member].code), members: vec![member] };
    if is_coding_list(activities) {
        let with_codes = |codes: &[&str]| -> Vec<usize> {
            (0..activities.len()).filter(|member| codes.contains(&activities[*member].code.as_str())).collect()
        };
        return CODING_LIST_BANDS
            .into_iter()
            .map(|(codes, key)| (with_codes(codes), key))
            .filter(|(members, _)| !members.is_empty())
            .map(|(members, key)| match key {
                Some(key) => Group { label: source.texts.text(key), members },
                None => single(members[0]),
            })
            .collect();
    }
    if activities.len() <= BANDS.len() {
        return (0..activities.len()).map(single).collect();
    }
    let mut by_size: Vec<usize> = (0..activities.len()).collect();
    by_size.sort_by(|one, other| size(*other).total_cmp(&size(*one)));
    let mut rest = by_size.split_off(BANDS.len() - 1);
    by_size.sort_unstable();
    rest.sort_unstable();
    let mut groups: Vec<Group> = by_size.into_iter().map(single).collect();
    groups.push(Group { label: source.texts.text("band-other"), members: rest });
    groups
}
