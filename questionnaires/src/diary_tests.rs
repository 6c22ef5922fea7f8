//! Whatever is typed in, a day either finishes into timelines that partition it, or says where it does not.

use proptest::prelude::*;

use super::*;
use crate::activity::{self, ActivityCode};
use crate::context::Companion;
use crate::quality::IssueCode;
use crate::slot::{MINUTES_PER_DAY, SLOTS_PER_DAY, Slot};

/// An act of somebody who fills in a day.
#[derive(Debug, Clone)]
enum Act {
    Write(DiaryEntry),
    Clear(Span),
}

fn any_span() -> impl Strategy<Value = Span> {
    (0..SLOTS_PER_DAY, 1..=SLOTS_PER_DAY).prop_map(|(start, length)| {
        let slot = |index: usize| Slot::new(index.min(SLOTS_PER_DAY)).expect("inside the day");
        Span::new(slot(start), slot(start + length)).expect("not empty")
    })
}

fn any_activity() -> impl Strategy<Value = ActivityCode> {
    (0..activity::all().len()).prop_map(|index| activity::all()[index].code)
}

fn any_companions() -> impl Strategy<Value = Companions> {
    proptest::sample::subsequence(Companion::ALL.to_vec(), 0..=6)
        .prop_map(|companions| Companions::new(companions).unwrap_or_default())
}

fn any_location() -> impl Strategy<Value = Location> {
    proptest::sample::select(Location::all().collect::<Vec<_>>())
}

fn any_entry() -> impl Strategy<Value = DiaryEntry> {
    use proptest::option::of;
    let enjoyment = (1u8..=7).prop_map(|value| Enjoyment::new(value).expect("1 to 7"));
    let secondary = of(any_activity().prop_map(SecondaryActivity));
    let fields = (of(any_activity().prop_map(MainActivity)), of(secondary), of(any_location()));
    (any_span(), fields, of(any_companions()), of(any::<bool>()), of(enjoyment)).prop_map(
        |(span, (main, secondary, location), with_whom, device, enjoyment)| DiaryEntry {
            span,
            main,
            secondary,
            location,
            with_whom,
            device,
            enjoyment,
        },
    )
}

fn any_acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![4 => any_entry().prop_map(Act::Write), 1 => any_span().prop_map(Act::Clear)];
    proptest::collection::vec(act, 0..40)
}

fn any_draft() -> impl Strategy<Value = DiaryDraft> {
    // Half of the days begin with something over the whole day, so that finished ones are not rare.
    (any_acts(), proptest::option::of(any_activity())).prop_map(|(acts, whole_day)| {
        let mut draft = DiaryDraft::new(NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"));
        if let Some(activity) = whole_day {
            draft.apply(&DiaryEntry { main: Some(MainActivity(activity)), ..DiaryEntry::new(Span::DAY) });
        }
        for act in acts {
            match act {
                Act::Write(entry) => draft.apply(&entry),
                Act::Clear(span) => draft.clear(span),
            }
        }
        draft
    })
}

/// Whether these spans follow each other from 04:00 to 04:00.
fn partitions_the_day(spans: &[Span]) -> bool {
    spans.first().is_some_and(|span| span.start() == Slot::START)
        && spans.last().is_some_and(|span| span.end() == Slot::END)
        && spans.windows(2).all(|pair| pair[0].end() == pair[1].start())
}

proptest! {
    #[test]
    fn a_draft_finishes_or_says_where_it_does_not(draft in any_draft()) {
        let is_gap = |slot: &usize| draft.main.slots()[*slot].is_none();
        let gaps: Vec<usize> = (0..SLOTS_PER_DAY).filter(is_gap).collect();
        match draft.finish() {
            Ok(diary) => {
                prop_assert!(gaps.is_empty());
                prop_assert_eq!(diary.main().map(Some), draft.main.clone());
                prop_assert_eq!(&diary.as_draft().secondary, &draft.secondary);
                prop_assert_eq!(&diary.as_draft().with_whom, &draft.with_whom);
                prop_assert_eq!(diary.as_draft().finish(), Ok(diary.clone()), "finishing is done once");
            }
            Err(issues) => {
                prop_assert!(issues.iter().all(|issue| issue.code == IssueCode::UncoveredTime && issue.is_blocking()));
                let named: Vec<usize> = issues.iter().flat_map(|issue| issue.span.range()).collect();
                prop_assert_eq!(named, gaps, "the issues name every uncovered slot once, in order");
            }
        }
    }

    #[test]
    fn timelines_and_episodes_partition_the_day(draft in any_draft()) {
        let spans: Vec<Span> = draft.episodes().iter().map(|episode| episode.span).collect();
        prop_assert!(partitions_the_day(&spans));
        let main: Vec<Span> = draft.main.spans().iter().map(|(span, _)| *span).collect();
        prop_assert!(partitions_the_day(&main));
        let location: Vec<Span> = draft.location.spans().iter().map(|(span, _)| *span).collect();
        prop_assert!(partitions_the_day(&location));
        prop_assert_eq!(DiaryDraft::from_episodes(draft.date, draft.episodes()), draft, "episodes rebuild the day");
    }

    #[test]
    fn a_diary_is_rebuilt_from_its_episodes(draft in any_draft(), filling in any_activity()) {
        let mut draft = draft;
        for (span, main) in draft.main.spans() {
            if main.is_none() {
                draft.apply(&DiaryEntry { main: Some(MainActivity(filling)), ..DiaryEntry::new(span) });
            }
        }
        let diary = draft.finish().expect("no gap is left");
        let episodes = diary.episodes();
        let mut minute = 0;
        let mut rebuilt = DiaryDraft::new(diary.date());
        for episode in &episodes {
            prop_assert_eq!(usize::from(episode.start_minute), minute);
            prop_assert!(episode.minutes > 0);
            minute += usize::from(episode.minutes);
            rebuilt.apply(&entry_of(episode));
        }
        prop_assert_eq!(minute, MINUTES_PER_DAY);
        let rebuilt = rebuilt.finish().expect("the episodes cover the day");
        prop_assert_eq!(rebuilt.main(), diary.main());
        prop_assert_eq!(rebuilt.location(), diary.location());
        prop_assert_eq!(rebuilt.episodes(), episodes);
    }
}

fn entry_of(episode: &Episode) -> DiaryEntry {
    let slot = |minute: u16| Slot::new(usize::from(minute) / 10).expect("inside the day");
    let span = Span::new(slot(episode.start_minute), slot(episode.start_minute + episode.minutes));
    DiaryEntry {
        span: span.expect("an episode is not empty"),
        main: Some(episode.main),
        secondary: Some(episode.secondary),
        location: Some(episode.location),
        with_whom: Some(episode.with_whom),
        device: episode.device,
        enjoyment: episode.enjoyment,
    }
}

#[test]
fn an_entry_keeps_what_it_does_not_state() {
    let mut draft = DiaryDraft::new(NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"));
    let morning = Span::from_clock("07:00", "09:00").expect("two hours");
    let breakfast = Span::from_clock("07:30", "08:00").expect("half an hour");
    draft.apply(&DiaryEntry { location: Some(Location::HOME), ..DiaryEntry::new(morning) });
    draft.apply(&DiaryEntry { main: Some(MainActivity("021".parse().expect("eating"))), ..DiaryEntry::new(breakfast) });
    let spans: Vec<String> = draft.episodes().iter().map(|episode| episode.span.to_string()).collect();
    assert_eq!(spans, ["04:00–07:00", "07:00–07:30", "07:30–08:00", "08:00–09:00", "09:00–04:00"]);
    assert_eq!(draft.episodes()[2].fields.location, Some(Location::HOME));
}
