//! How easily the Italian texts for those who take part are read: the Gulpease index of Lucisano and Piemontese (GULPEASE: una
//! formula per la predisposizione dei testi in lingua italiana, 1988), 89 + (300 sentences - 10 letters) / words, from 0 to 100.
//! From 60 on a text is easy for who went to school until 14, from 80 on for who did until 11.

use super::*;

/// Files that only officers read.
const FOR_OFFICERS: &[&str] = &["officers", "confirmation", "record", "release", "residents"];
/// Shorter texts are labels and headings, whose index says nothing.
const FEWEST_WORDS: usize = 10;
/// The index of all running text together, at least.
const LEAST_INDEX: f64 = 65.0;
/// The index of any one text, at least.
const LEAST_OF_ONE: f64 = 45.0;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    sentences: usize,
    words: usize,
    letters: usize,
}

impl Counts {
    /// A placeholder counts as a word of one letter.
    fn of(text: &str) -> Counts {
        let mut plain = String::new();
        let mut depth = 0_usize;
        for character in text.chars() {
            match character {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    plain.push('x');
                }
                _ if depth == 0 => plain.push(character),
                _ => {}
            }
        }
        let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
        let ends = |word: &&str| word.trim_end_matches(['»', '"', ')']).ends_with(['.', '?', '!']);
        let words: Vec<&str> = plain.split_whitespace().filter(is_word).collect();
        Counts {
            sentences: words.iter().filter(|word| ends(word)).count().max(1),
            words: words.len(),
            letters: plain.chars().filter(|character| character.is_alphanumeric()).count(),
        }
    }

    fn and(self, other: Counts) -> Counts {
        Counts {
            sentences: self.sentences + other.sentences,
            words: self.words + other.words,
            letters: self.letters + other.letters,
        }
    }

    fn gulpease(self) -> f64 {
        89.0 + (300.0 * self.sentences as f64 - 10.0 * self.letters as f64) / self.words as f64
    }
}

/// The running texts of a file: key and text.
fn running_texts(source: &str) -> Vec<(&str, &str)> {
    let lines = source.lines().filter_map(|line| line.split_once(" = "));
    lines.filter(|(key, text)| !key.starts_with(' ') && Counts::of(text).words >= FEWEST_WORDS).collect()
}

#[test]
fn the_index_is_that_of_its_authors() {
    let counts = Counts::of("La casa è grande. Il cane { $n } dorme (bene).");
    assert_eq!(counts, Counts { sentences: 2, words: 9, letters: 29 });
    assert!((counts.gulpease() - (89.0 + (600.0 - 290.0) / 9.0)).abs() < 1e-9);
}

#[test]
fn the_italian_texts_for_those_who_take_part_are_easy_to_read() {
    let files = CAPABILITIES.iter().filter(|(name, _)| !FOR_OFFICERS.contains(name));
    let texts: Vec<(&str, &str)> = files.flat_map(|(_, [italian, _])| running_texts(italian)).collect();
    assert!(texts.len() > 150, "only {} texts found: the search is broken", texts.len());
    let hard: Vec<String> = texts
        .iter()
        .map(|(key, text)| (key, Counts::of(text).gulpease()))
        .filter(|(_, index)| *index < LEAST_OF_ONE)
        .map(|(key, index)| format!("{key}: {index:.0}"))
        .collect();
    assert!(hard.is_empty(), "hard to read: {hard:?}");
    let all = texts.iter().map(|(_, text)| Counts::of(text)).fold(Counts::default(), Counts::and);
    println!("Gulpease {:.1} over {} texts, {} words", all.gulpease(), texts.len(), all.words);
    assert!(all.gulpease() >= LEAST_INDEX, "{:.1}", all.gulpease());
}
