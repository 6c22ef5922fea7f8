//! The letters that surnames and first names give, to check a register against its codes.
//!
//! Decree of 23 December 1976, articles 2 and 3: consonants in their order, then vowels in theirs, then `X`; of a first name with
//! four consonants or more the first, third and fourth. Letters with marks are written out or lose the mark: the Agenzia
//! has done both (ö as OE or as O), so either agrees.

use super::FiscalCode;

/// Whether a name and a code go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameAgreement {
    /// The name gives the code's letters.
    Agrees,
    /// It gives others.
    Differs,
    /// The name holds letters that are not Latin, or none at all: it says nothing.
    Unreadable,
}

impl FiscalCode {
    /// Whether this can be the code of somebody with this surname (for a woman the one she was born with).
    pub fn agrees_with_surname(&self, surname: &str) -> NameAgreement {
        agreement(surname, &self.reveal().as_bytes()[..3], surname_letters)
    }

    /// Whether this can be the code of somebody with this first name, all of its parts.
    pub fn agrees_with_first_name(&self, first_name: &str) -> NameAgreement {
        agreement(first_name, &self.reveal().as_bytes()[3..6], first_name_letters)
    }
}

fn agreement(name: &str, letters: &[u8], encode: fn(&str) -> [u8; 3]) -> NameAgreement {
    let Some(written) = latin(name, Marks::WrittenOut) else { return NameAgreement::Unreadable };
    let Some(dropped) = latin(name, Marks::Dropped) else { return NameAgreement::Unreadable };
    if encode(&written) == letters || encode(&dropped) == letters {
        NameAgreement::Agrees
    } else {
        NameAgreement::Differs
    }
}

/// What becomes of the mark of a letter that has two transliterations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// Ö becomes O.
    Dropped,
    /// Ö becomes OE.
    WrittenOut,
}

/// The letters of a surname.
pub(super) fn surname_letters(latin: &str) -> [u8; 3] {
    let (consonants, vowels) = consonants_and_vowels(latin);
    first_three([consonants, vowels].concat())
}

/// The letters of a first name.
pub(super) fn first_name_letters(latin: &str) -> [u8; 3] {
    let (mut consonants, vowels) = consonants_and_vowels(latin);
    if consonants.len() > 3 {
        consonants.remove(1);
    }
    first_three([consonants, vowels].concat())
}

fn consonants_and_vowels(latin: &str) -> (Vec<u8>, Vec<u8>) {
    latin.bytes().partition(|letter| !b"AEIOU".contains(letter))
}

fn first_three(letters: Vec<u8>) -> [u8; 3] {
    let mut first = [b'X'; 3];
    for (slot, letter) in first.iter_mut().zip(letters) {
        *slot = letter;
    }
    first
}

/// The capital letters A to Z of a name; spaces, apostrophes, hyphens and the like fall away. `None` where a letter is of
/// another alphabet or nothing is left.
pub(super) fn latin(name: &str, marks: Marks) -> Option<String> {
    let mut letters = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_uppercase) {
        match character {
            'A'..='Z' => letters.push(character),
            _ if is_mark(character) || !character.is_alphabetic() => {}
            _ => letters.push_str(transliterated(character, marks)?),
        }
    }
    (!letters.is_empty()).then_some(letters)
}

/// Accents that stand apart from their letter (U+0300 to U+036F).
fn is_mark(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// A marked capital letter, the letters it becomes and, where there is another custom, the letters it is written out as.
const TRANSLITERATIONS: &[(&str, &str, &str)] = &[
    ("ÀÁÂÃĀĂĄǍ", "A", "A"),
    ("ÄÆ", "A", "AE"),
    ("Å", "A", "AA"),
    ("ÇĆĈĊČ", "C", "C"),
    ("ÐĎĐ", "D", "D"),
    ("ÈÉÊËĒĔĖĘĚ", "E", "E"),
    ("ĜĞĠĢ", "G", "G"),
    ("ĤĦ", "H", "H"),
    ("ÌÍÎÏĨĪĬĮİ", "I", "I"),
    ("Ĵ", "J", "J"),
    ("Ķ", "K", "K"),
    ("ĹĻĽĿŁ", "L", "L"),
    ("ÑŃŅŇ", "N", "N"),
    ("ÒÓÔÕŌŎŐ", "O", "O"),
    ("ÖØŒ", "O", "OE"),
    ("ŔŖŘ", "R", "R"),
    ("ŚŜŞŠȘ", "S", "S"),
    ("ẞ", "SS", "SS"),
    ("Þ", "TH", "TH"),
    ("ŢŤŦȚ", "T", "T"),
    ("ÙÚÛŨŪŬŮŰŲ", "U", "U"),
    ("Ü", "U", "UE"),
    ("Ŵ", "W", "W"),
    ("ÝŶŸ", "Y", "Y"),
    ("ŹŻŽ", "Z", "Z"),
];

fn transliterated(character: char, marks: Marks) -> Option<&'static str> {
    let (_, dropped, written_out) = TRANSLITERATIONS.iter().find(|(letters, ..)| letters.contains(character))?;
    Some(match marks {
        Marks::Dropped => dropped,
        Marks::WrittenOut => written_out,
    })
}
