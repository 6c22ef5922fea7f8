//! One field of a diary over the day: a value in each of the 144 slots, so always a partition of the day.

use crate::slot::{SLOTS_PER_DAY, Slot, Span};

/// A value per slot, from 04:00 to 04:00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline<T> {
    slots: Vec<T>,
}

impl<T: Copy + PartialEq> Timeline<T> {
    /// The same value all day.
    pub fn filled(value: T) -> Timeline<T> {
        Timeline { slots: vec![value; SLOTS_PER_DAY] }
    }

    /// The 144 values, the slot at 04:00 first.
    pub fn slots(&self) -> &[T] {
        &self.slots
    }

    /// The value in the slot that begins at `slot`; the end of the day answers its last slot.
    pub fn at(&self, slot: Slot) -> T {
        self.slots[slot.index().min(SLOTS_PER_DAY - 1)]
    }

    /// Puts `value` in every slot of `span`, whatever stood there.
    pub fn set(&mut self, span: Span, value: T) {
        self.slots[span.range()].fill(value);
    }

    /// The longest runs of one value, in order. They partition the day.
    pub fn spans(&self) -> Vec<(Span, T)> {
        let mut spans = Vec::new();
        let mut start = 0;
        for end in 1..=SLOTS_PER_DAY {
            if end == SLOTS_PER_DAY || self.slots[end] != self.slots[start] {
                let boundary = |index| Slot::new(index).expect("inside the day");
                let span = Span::new(boundary(start), boundary(end)).expect("end is after start");
                spans.push((span, self.slots[start]));
                start = end;
            }
        }
        spans
    }

    /// Another timeline by a function of each value.
    pub fn map<U: Copy + PartialEq>(&self, f: impl FnMut(T) -> U) -> Timeline<U> {
        Timeline { slots: self.slots.iter().copied().map(f).collect() }
    }
}
