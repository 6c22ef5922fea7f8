//! A day under construction: what fills each of the 144 slots, or nothing yet.

use std::ops::Range;

use questionnaires::slot::SLOTS_PER_DAY;

/// Where something happens, or how one gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The person's own home.
    Home,
    /// Work or school.
    WorkOrSchool,
    /// Somebody else's home.
    OtherHome,
    /// Restaurant, café or pub.
    Cafe,
    /// Shops and markets.
    Shop,
    /// Any other place.
    Elsewhere,
    /// On foot.
    Foot,
    /// By bicycle.
    Bicycle,
    /// By moped or motorcycle.
    Moped,
    /// By car.
    Car,
    /// By public transport.
    PublicTransport,
}

impl Place {
    /// The HETUS code.
    pub fn code(self) -> &'static str {
        match self {
            Place::Home => "11",
            Place::WorkOrSchool => "13",
            Place::OtherHome => "14",
            Place::Cafe => "15",
            Place::Shop => "16",
            Place::Elsewhere => "19",
            Place::Foot => "21",
            Place::Bicycle => "22",
            Place::Moped => "23",
            Place::Car => "24",
            Place::PublicTransport => "31",
        }
    }
}

/// What fills a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Code of the Activity Coding List, level 3.
    pub activity: &'static str,
    /// Where.
    pub place: Place,
}

impl Piece {
    /// `activity` at `place`.
    pub fn new(activity: &'static str, place: Place) -> Piece {
        Piece { activity, place }
    }
}

/// The slots of a day.
#[derive(Debug, Clone)]
pub struct Schedule {
    slots: [Option<Piece>; SLOTS_PER_DAY],
}

impl Schedule {
    /// A day with nothing in it.
    pub fn empty() -> Schedule {
        Schedule { slots: [None; SLOTS_PER_DAY] }
    }

    /// Fills those slots of `range` that are still free.
    pub fn fill(&mut self, range: Range<usize>, piece: Piece) {
        for slot in &mut self.slots[range.start.min(SLOTS_PER_DAY)..range.end.min(SLOTS_PER_DAY)] {
            slot.get_or_insert(piece);
        }
    }

    /// What fills `slot`.
    pub fn at(&self, slot: usize) -> Option<Piece> {
        self.slots[slot]
    }

    /// Whether nothing fills `slot`.
    pub fn is_free(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(Option::is_none)
    }

    /// Free slots in all.
    pub fn n_free(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_none()).count()
    }

    /// Free slots from `slot` on without a break.
    pub fn free_run(&self, slot: usize) -> usize {
        (slot..SLOTS_PER_DAY).take_while(|slot| self.is_free(*slot)).count()
    }

    /// The start of `length` free slots, as near to `wished` as there are any inside `bounds`.
    pub fn nearest_free(&self, wished: usize, length: usize, bounds: Range<usize>) -> Option<usize> {
        bounds.filter(|start| self.free_run(*start) >= length).min_by_key(|start| start.abs_diff(wished))
    }

    /// The longest runs of one piece, in order.
    pub fn runs(&self) -> Vec<(Range<usize>, Piece)> {
        let mut runs: Vec<(Range<usize>, Piece)> = Vec::new();
        for (slot, piece) in self.slots.iter().enumerate() {
            let Some(piece) = *piece else { continue };
            match runs.last_mut() {
                Some((range, last)) if *last == piece && range.end == slot => range.end = slot + 1,
                _ => runs.push((slot..slot + 1, piece)),
            }
        }
        runs
    }
}
