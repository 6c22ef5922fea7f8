//! The day as a bar of 24 hours, for a drawing without inline styles.

use questionnaires::{
    ActivityCode, DiaryDraft,
    slot::{FIRST_HOUR, MINUTES_PER_DAY, MINUTES_PER_SLOT, Span},
};

/// The bar: one unit is a minute, and the drawing is `WIDTH` units wide.
pub(super) struct Bar {
    pub(super) segments: Vec<Segment>,
    pub(super) hours: Vec<Hour>,
    pub(super) width: usize,
}

/// A run of time in one activity group, or in none.
pub(super) struct Segment {
    pub(super) x: usize,
    pub(super) width: usize,
    pub(super) color: &'static str,
}

/// A mark under the bar.
pub(super) struct Hour {
    pub(super) x: usize,
    pub(super) label: String,
    /// How the label lies to the mark: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
}

/// Where nothing was told yet.
const BLANK: &str = "#ffffff";
/// Hours between marks.
const HOURS_PER_MARK: usize = 4;

impl Bar {
    pub(super) fn new(draft: &DiaryDraft) -> Bar {
        let groups = draft.main.map(|main| main.map(|main| main.0.at_level(1)));
        let segment = |(span, group): (Span, Option<ActivityCode>)| Segment {
            x: span.start().index() * MINUTES_PER_SLOT,
            width: span.minutes(),
            color: group.map_or(BLANK, color),
        };
        let hour = |hours: usize| Hour {
            x: hours * 60,
            label: format!("{:02}", (FIRST_HOUR + hours) % 24),
            anchor: match hours {
                0 => "start",
                24 => "end",
                _ => "middle",
            },
        };
        Bar {
            segments: groups.spans().into_iter().map(segment).collect(),
            hours: (0..=24).step_by(HOURS_PER_MARK).map(hour).collect(),
            width: MINUTES_PER_DAY,
        }
    }
}

/// The colour of a main group. Every drawing has its list of groups beside it: colour is never alone.
pub(super) fn color(group: ActivityCode) -> &'static str {
    match group.as_str() {
        "0" => "#3b6fb6",
        "1" => "#b23a48",
        "2" => "#e8a33d",
        "3" => "#2a9d8f",
        "4" => "#7b4fa3",
        "5" => "#e76f51",
        "6" => "#6a994e",
        "7" => "#c879b2",
        "8" => "#5c677d",
        _ => "#a98467",
    }
}
