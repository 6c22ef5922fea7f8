//! Which categories of a timeline an episode belongs to, looked up by the small numbers of its fields' values.

use std::ops::Range;

use questionnaires::{Companions, Location};

use crate::snapshot::{Episode, Snapshot};

/// A field of an episode that categories ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EpisodeField {
    Main,
    Secondary,
    Location,
    WithWhom,
    Device,
}

impl EpisodeField {
    pub const ALL: [EpisodeField; 5] = [
        EpisodeField::Main,
        EpisodeField::Secondary,
        EpisodeField::Location,
        EpisodeField::WithWhom,
        EpisodeField::Device,
    ];

    /// The number of an episode's value: 0 where the field is empty, except for the main activity, which never is.
    fn value_of(self, episode: &Episode) -> usize {
        match self {
            EpisodeField::Main => usize::from(episode.activity),
            EpisodeField::Secondary => episode.secondary.map_or(0, |activity| 1 + usize::from(activity)),
            EpisodeField::Location => episode.location.map_or(0, |location| 1 + usize::from(location.number())),
            EpisodeField::WithWhom => usize::from(episode.with_whom.bits()),
            EpisodeField::Device => episode.device.map_or(0, |in_use| 1 + usize::from(in_use)),
        }
    }
}

/// The values that fields take in a snapshot.
#[derive(Debug)]
pub(super) struct FieldValues {
    n_activities: usize,
    /// By number, those of places that episodes have.
    pub locations: Vec<(usize, Option<Location>)>,
    /// By number, the companies that episodes have.
    pub companies: Vec<(usize, Companions)>,
}

/// A location's or a company's number is a byte, or one more.
const N_NUMBERS: usize = 1 + u8::MAX as usize + 1;

impl FieldValues {
    pub fn of(snapshot: &Snapshot) -> FieldValues {
        let (mut locations, mut companies) = ([None; N_NUMBERS], [None; N_NUMBERS]);
        for episode in &snapshot.episodes {
            locations[EpisodeField::Location.value_of(episode)] = Some(episode.location);
            companies[EpisodeField::WithWhom.value_of(episode)] = Some(episode.with_whom);
        }
        FieldValues {
            n_activities: snapshot.activity_codes.len(),
            locations: there(locations),
            companies: there(companies),
        }
    }

    /// How many numbers a field's values can have.
    fn n_numbers(&self, field: EpisodeField) -> usize {
        match field {
            EpisodeField::Main => self.n_activities,
            EpisodeField::Secondary => 1 + self.n_activities,
            EpisodeField::Location | EpisodeField::WithWhom => N_NUMBERS,
            EpisodeField::Device => 3,
        }
    }

    /// The numbers that secrecy has to look at: those of values that are there, where that is known.
    fn numbers(&self, field: EpisodeField) -> Vec<usize> {
        match field {
            EpisodeField::Location => self.locations.iter().map(|(number, _)| *number).collect(),
            EpisodeField::WithWhom => self.companies.iter().map(|(number, _)| *number).collect(),
            _ => (0..self.n_numbers(field)).collect(),
        }
    }
}

fn there<T: Copy>(values: [Option<T>; N_NUMBERS]) -> Vec<(usize, T)> {
    values.into_iter().enumerate().filter_map(|(number, value)| Some((number, value?))).collect()
}

/// Which categories of a timeline the episodes of one snapshot belong to.
#[derive(Debug)]
pub struct Membership {
    /// By field, then number of the value: the places of its categories, ascending.
    places: [Vec<Vec<usize>>; EpisodeField::ALL.len()],
    /// By field, the numbers of values that are there.
    numbers: [Vec<usize>; EpisodeField::ALL.len()],
    lookup: Lookup,
}

/// How an episode's categories are found.
#[derive(Debug)]
enum Lookup {
    /// One field tells them all.
    Field(EpisodeField),
    /// By field and number a bit for each category: several fields may tell the same.
    Bits([Vec<u128>; EpisodeField::ALL.len()]),
    /// The same where there are more categories than bits.
    Lists,
}

impl Membership {
    /// `places` tells the places of the categories that a number of a field belongs to, ascending.
    pub(super) fn new(values: &FieldValues, places: impl Fn(EpisodeField, usize) -> Vec<usize>) -> Membership {
        let of_field = |field| (0..values.n_numbers(field)).map(|number| places(field, number)).collect();
        let places = EpisodeField::ALL.map(of_field);
        let lookup = Lookup::new(&places);
        Membership { places, numbers: EpisodeField::ALL.map(|field| values.numbers(field)), lookup }
    }

    /// The same for a range of categories alone, counted from the first of them.
    pub fn within(&self, wanted: Range<usize>) -> Membership {
        let inside = |places: &Vec<usize>| {
            places.iter().filter(|place| wanted.contains(place)).map(|place| place - wanted.start).collect()
        };
        let places = EpisodeField::ALL.map(|field| self.places[field as usize].iter().map(inside).collect());
        let lookup = Lookup::new(&places);
        Membership { places, numbers: self.numbers.clone(), lookup }
    }

    /// The places of the categories that each value of a field belongs to. The values are the snapshot's, so they are the
    /// same for all timelines.
    pub(super) fn by_value(&self, field: EpisodeField) -> Vec<&[usize]> {
        self.numbers[field as usize].iter().map(|number| self.places[field as usize][*number].as_slice()).collect()
    }

    /// Tells the places of the episode's categories, each once.
    pub fn for_each(&self, episode: &Episode, mut tell: impl FnMut(usize)) {
        match &self.lookup {
            Lookup::Field(field) => {
                self.places[*field as usize][field.value_of(episode)].iter().for_each(|place| tell(*place));
            }
            Lookup::Bits(bits) => {
                let of_field = |field: EpisodeField| bits[field as usize].get(field.value_of(episode)).copied();
                let mut left =
                    EpisodeField::ALL.into_iter().fold(0, |left, field| left | of_field(field).unwrap_or_default());
                while left != 0 {
                    tell(left.trailing_zeros() as usize);
                    left &= left - 1;
                }
            }
            Lookup::Lists => {
                let of_field = |field: EpisodeField| &self.places[field as usize][field.value_of(episode)];
                let mut places: Vec<usize> = EpisodeField::ALL.into_iter().flat_map(of_field).copied().collect();
                places.sort_unstable();
                places.dedup();
                places.into_iter().for_each(tell);
            }
        }
    }
}

impl Lookup {
    fn new(places: &[Vec<Vec<usize>>; EpisodeField::ALL.len()]) -> Lookup {
        let tells = |field: &EpisodeField| places[*field as usize].iter().any(|places| !places.is_empty());
        let telling: Vec<EpisodeField> = EpisodeField::ALL.into_iter().filter(tells).collect();
        if let [field] = telling[..] {
            return Lookup::Field(field);
        }
        if places.iter().flatten().flatten().any(|place| *place >= u128::BITS as usize) {
            return Lookup::Lists;
        }
        let bits = |places: &Vec<usize>| places.iter().fold(0, |bits, place| bits | 1_u128 << place);
        Lookup::Bits(EpisodeField::ALL.map(|field| {
            if telling.contains(&field) { places[field as usize].iter().map(bits).collect() } else { Vec::new() }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> FieldValues {
        FieldValues {
            n_activities: 3,
            locations: vec![(0, None), (12, Some(Location::HOME))],
            companies: vec![(0, Companions::NOT_STATED)],
        }
    }

    fn episode(activity: u16, secondary: Option<u16>, location: Option<Location>) -> Episode {
        Episode {
            diary: 0,
            start_minute: Some(0),
            minutes: 10,
            activity,
            secondary,
            location,
            with_whom: Companions::NOT_STATED,
            device: Some(true),
            enjoyment: None,
        }
    }

    /// Elsewhere a category that two fields tell counted twice, or the last of many was forgotten.
    #[test]
    fn however_categories_are_looked_up_they_are_told_once_each_and_in_order() {
        // Few categories or many; by the main activity alone or by several fields.
        for n_categories in [5, 128, 129, 300] {
            for fields in
                [vec![EpisodeField::Main], vec![EpisodeField::Main, EpisodeField::Secondary, EpisodeField::Location]]
            {
                let holds = |field: EpisodeField, number: usize, place: usize| {
                    fields.contains(&field) && (place + number + field as usize).is_multiple_of(2)
                };
                let places = |field, number| (0..n_categories).filter(|place| holds(field, number, *place)).collect();
                let whole = Membership::new(&values(), places);
                for episode in
                    [episode(0, None, None), episode(1, Some(2), Some(Location::HOME)), episode(2, Some(0), None)]
                {
                    let belongs = |place: &usize| {
                        EpisodeField::ALL.into_iter().any(|field| holds(field, field.value_of(&episode), *place))
                    };
                    let expected: Vec<usize> = (0..n_categories).filter(belongs).collect();
                    let told = |membership: &Membership| {
                        let mut places = Vec::new();
                        membership.for_each(&episode, |place| places.push(place));
                        places
                    };
                    assert_eq!(told(&whole), expected, "{n_categories} categories of {fields:?}");
                    let last = n_categories - 2..n_categories;
                    let inside: Vec<usize> =
                        told(&whole.within(last.clone())).iter().map(|place| place + last.start).collect();
                    let expected: Vec<usize> = expected.into_iter().filter(|place| last.contains(place)).collect();
                    assert_eq!(inside, expected, "a range of {n_categories} categories of {fields:?}");
                }
            }
        }
    }
}
