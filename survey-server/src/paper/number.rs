//! The number of a form: it ties the paper to a person without naming them, and notices a slip of the pen.

use crate::keys;

/// Letters and digits that are not taken for one another when they are written by hand.
const SYMBOLS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Symbols of a number, the last of which checks the others.
const LENGTH: usize = 8;

/// A new number: 35 random bits and the check symbol.
pub(super) fn random() -> String {
    let bytes: [u8; LENGTH - 1] = keys::random_bytes();
    let mut number: Vec<usize> = bytes.iter().map(|byte| usize::from(*byte) % SYMBOLS.len()).collect();
    number.push(check(&number));
    number.into_iter().map(|place| char::from(SYMBOLS[place])).collect()
}

/// Odd weights, which are invertible modulo 32: every single wrong symbol is noticed.
fn check(places: &[usize]) -> usize {
    let sum: usize = places.iter().enumerate().map(|(index, place)| (2 * index + 3) * place).sum();
    sum % SYMBOLS.len()
}

/// The number that was typed, however it was spaced, if it is one.
pub(super) fn read(typed: &str) -> Option<String> {
    let number: String = typed.to_ascii_uppercase().chars().filter(|symbol| !matches!(symbol, ' ' | '-')).collect();
    let places: Option<Vec<usize>> =
        number.bytes().map(|symbol| SYMBOLS.iter().position(|known| *known == symbol)).collect();
    let places = places.filter(|places| places.len() == LENGTH)?;
    (check(&places[..LENGTH - 1]) == places[LENGTH - 1]).then_some(number)
}

/// The number in two groups, to be read more easily.
pub(super) fn shown(number: &str) -> String {
    let (first, second) = number.split_at(number.len() / 2);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_slips_are_noticed() {
        for _ in 0..200 {
            let number = random();
            assert_eq!(read(&shown(&number).to_ascii_lowercase()), Some(number.clone()));
            for place in 0..LENGTH {
                for symbol in SYMBOLS.iter().map(|symbol| char::from(*symbol)) {
                    let mut wrong: Vec<char> = number.chars().collect();
                    if wrong[place] != symbol {
                        wrong[place] = symbol;
                        assert_eq!(read(&wrong.iter().collect::<String>()), None, "{number} at {place}");
                    }
                }
            }
        }
        for typed in ["", "ABCD", "ABCD-EFGI", "0000-0000", "ABCDEFGHJ"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
