//! Ids and codes: where the row with an id lies, and small numbers for texts that come again and again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The places of unique ids.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    ids: Vec<&'a str>,
    /// Places in the order of their ids; `None` where the ids ascend as they stand.
    order: Option<Vec<u32>>,
}

impl<'a> Ids<'a> {
    /// The places of these ids, or the first place at which one comes again.
    pub fn new(ids: Vec<&'a str>) -> Result<Ids<'a>, usize> {
        if ids.is_sorted_by(|a, b| a < b) {
            return Ok(Ids { ids, order: None });
        }
        let mut order: Vec<u32> = (0..ids.len() as u32).collect();
        order.sort_by_key(|place| ids[*place as usize]);
        let same = order.chunk_by(|a, b| ids[*a as usize] == ids[*b as usize]);
        match same.filter_map(|places| places.get(1)).min() {
            Some(again) => Err(*again as usize),
            None => Ok(Ids { ids, order: Some(order) }),
        }
    }

    /// Looks ids up; quickest where they come in the order of their places, each as often as it likes.
    pub fn finder(&self) -> Finder<'_> {
        Finder { ids: self, last: 0 }
    }
}

/// Looks ids up, beginning where it found the last.
#[derive(Debug)]
pub(super) struct Finder<'a> {
    ids: &'a Ids<'a>,
    last: u32,
}

impl Finder<'_> {
    /// The place of an id.
    pub fn find(&mut self, id: &str) -> Option<u32> {
        let ids = &self.ids.ids;
        for place in [self.last, self.last + 1] {
            if ids.get(place as usize).is_some_and(|here| *here == id) {
                self.last = place;
                return Some(place);
            }
        }
        self.last = match &self.ids.order {
            None => ids.binary_search(&id).ok()? as u32,
            Some(order) => order[order.binary_search_by_key(&id, |place| ids[*place as usize]).ok()?],
        };
        Some(self.last)
    }
}

/// What each distinct text means, worked out once.
#[derive(Debug)]
pub(super) struct Meanings<T>(HashMap<String, T, BuildHasherDefault<ShortTexts>>);

impl<T> Default for Meanings<T> {
    fn default() -> Meanings<T> {
        Meanings(HashMap::default())
    }
}

impl<T: Copy> Meanings<T> {
    /// The meaning of `text`; `work_out` is called the first time only.
    pub fn of<E>(&mut self, text: &str, work_out: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if let Some(known) = self.0.get(text) {
            return Ok(*known);
        }
        let meaning = work_out()?;
        self.0.insert(text.to_owned(), meaning);
        Ok(meaning)
    }
}

/// A hash for short codes that are looked up millions of times (the multiplication of Fibonacci hashing, eight bytes at
/// a time). Nobody gains by making codes collide: it would only slow their own snapshot down.
#[derive(Debug, Default)]
struct ShortTexts(u64);

impl Hasher for ShortTexts {
    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let word = eight.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Numbers for the distinct texts of a column, in the order in which they are first seen.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    numbers: Meanings<u32>,
    pub texts: Vec<String>,
}

impl Dictionary {
    /// The number of `text`.
    pub fn number(&mut self, text: &str) -> u32 {
        let Dictionary { numbers, texts } = self;
        let add = || {
            texts.push(text.to_owned());
            Ok::<u32, std::convert::Infallible>(texts.len() as u32 - 1)
        };
        let Ok(number) = numbers.of(text, add);
        number
    }
}

/// All texts of several dictionaries, sorted, and for each dictionary the places of its numbers among them.
pub(super) fn merged<'a>(dictionaries: impl Iterator<Item = &'a Dictionary>) -> (Vec<String>, Vec<Vec<u32>>) {
    let dictionaries: Vec<&Dictionary> = dictionaries.collect();
    let mut all: Vec<String> = dictionaries.iter().flat_map(|one| one.texts.iter().cloned()).collect();
    all.sort_unstable();
    all.dedup();
    let place = |text: &String| all.partition_point(|other| other < text) as u32;
    let places = dictionaries.iter().map(|one| one.texts.iter().map(place).collect()).collect();
    (all, places)
}

#[cfg(test)]
mod tests {
    use super::{Dictionary, Ids, merged};

    #[test]
    fn ids_are_found_in_any_order_of_the_table_and_of_the_questions() {
        for ids in [vec!["a", "b", "d"], vec!["d", "a", "b"]] {
            let places = Ids::new(ids.clone()).expect("unique ids");
            let mut finder = places.finder();
            for asked in ["a", "a", "b", "d", "a", "d", "d", "b"] {
                let place = finder.find(asked).expect("a known id");
                assert_eq!(ids[place as usize], asked);
            }
            for unknown in ["", "c", "e"] {
                assert_eq!(finder.find(unknown), None);
            }
            assert!(finder.find("a").is_some(), "an unknown id leads nowhere, and the next is found");
        }
        assert_eq!(Ids::new(Vec::new()).expect("no ids").finder().find("a"), None);
    }

    #[test]
    fn an_id_that_comes_again_is_told_by_its_second_place() {
        assert_eq!(Ids::new(vec!["a", "b", "b", "c"]).expect_err("twice"), 2);
        assert_eq!(Ids::new(vec!["c", "b", "a", "c", "b"]).expect_err("twice"), 3);
    }

    #[test]
    fn dictionaries_of_parts_agree_on_sorted_texts() {
        let numbered = |texts: &[&str]| {
            let mut dictionary = Dictionary::default();
            let numbers: Vec<u32> = texts.iter().map(|text| dictionary.number(text)).collect();
            (dictionary, numbers)
        };
        let (first, numbers) = numbered(&["02", "01", "02"]);
        assert_eq!(numbers, [0, 1, 0]);
        let (second, _) = numbered(&["03", "02"]);
        let (texts, places) = merged([&first, &second].into_iter());
        assert_eq!(texts, ["01", "02", "03"]);
        assert_eq!(places, [[1, 0], [2, 1]]);
    }
}
