//! The alphabet of the code: what may stand where, what it is worth, and the check character.

use std::fmt;

/// Characters of a code.
pub(super) const LENGTH: usize = 16;
/// The letter of each month, January first.
pub(super) const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
/// What stands for each digit in a homocode, the letter for 0 first.
const HOMOCODE_DIGITS: &[u8; 10] = b"LMNPQRSTUV";
/// The value of `0` to `9`, which `A` to `J` share, and on to `Z`, at the odd positions (counted from 1).
const ODD_VALUES: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/// What may stand at a position of a fiscal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A letter from A to Z.
    Letter,
    /// A digit, or one of the letters LMNPQRSTUV in its place.
    Digit,
    /// One of the letters of the months, ABCDEHLMPRST.
    Month,
}

impl Expected {
    /// What may stand at this index, counted from 0.
    pub(super) fn at(index: usize) -> Expected {
        match index {
            6 | 7 | 9 | 10 | 12..=14 => Expected::Digit,
            8 => Expected::Month,
            _ => Expected::Letter,
        }
    }

    pub(super) fn accepts(self, character: char) -> bool {
        let Ok(byte) = u8::try_from(character) else { return false };
        match self {
            Expected::Letter => byte.is_ascii_uppercase(),
            Expected::Digit => digit(byte).is_some(),
            Expected::Month => MONTHS.contains(&byte),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Letter => "a letter",
            Expected::Digit => "a digit (or one of LMNPQRSTUV in a homocode)",
            Expected::Month => "the letter of a month (one of ABCDEHLMPRST)",
        })
    }
}

/// Capital letters, no spaces.
pub(super) fn normalise(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// The digit that `byte` is or, in a homocode, stands for.
pub(super) fn digit(byte: u8) -> Option<u32> {
    let homocode = || HOMOCODE_DIGITS.iter().position(|letter| *letter == byte).map(|index| index as u32);
    char::from(byte).to_digit(10).or_else(homocode)
}

/// `byte` as the digit itself; what stands for no digit is left as it is.
pub(super) fn as_digit(byte: u8) -> u8 {
    digit(byte).map_or(byte, |value| b'0' + value as u8)
}

/// `byte` as the letter that stands for its digit in a homocode; what is no digit is left as it is.
pub(super) fn as_homocode_letter(byte: u8) -> u8 {
    char::from(byte).to_digit(10).map_or(byte, |value| HOMOCODE_DIGITS[value as usize])
}

/// The number that these bytes write, homocode letters read as digits.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number * 10 + digit(*byte).unwrap_or_default())
}

/// The month of a letter, 1 to 12.
pub(super) fn month(letter: u8) -> Option<u32> {
    MONTHS.iter().position(|month| *month == letter).map(|index| index as u32 + 1)
}

/// The check character of the first fifteen: the sum of their values modulo 26.
pub(super) fn check_character(first_fifteen: impl Iterator<Item = u8>) -> u8 {
    let sum: u32 = first_fifteen
        .enumerate()
        .map(|(index, byte)| {
            let value = char::from(byte).to_digit(10).unwrap_or_else(|| u32::from(byte.saturating_sub(b'A')));
            // The index counts from 0: the odd positions of the decree are the even indices.
            if index % 2 == 0 { ODD_VALUES.get(value as usize).copied().unwrap_or_default() } else { value }
        })
        .sum();
    b'A' + (sum % 26) as u8
}
