//! Italian grammar that a sentence needs around a name or a number: articles, prepositions, elision.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Gender and number of the nouns that names of activities begin with.
static NOUNS: LazyLock<BTreeMap<&str, Form>> = LazyLock::new(|| {
    let lines = include_str!("../../translations/italian_nouns.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).filter_map(|(noun, form)| Some((noun, Form::of(form)?))).collect()
});

/// Gender and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    MasculineSingular,
    MasculinePlural,
    FeminineSingular,
    FemininePlural,
}

impl Form {
    fn of(code: &str) -> Option<Form> {
        Some(match code {
            "ms" => Form::MasculineSingular,
            "mp" => Form::MasculinePlural,
            "fs" => Form::FeminineSingular,
            "fp" => Form::FemininePlural,
            _ => return None,
        })
    }
}

/// `name` after the preposition *a*, with its article: `alla cura della casa`, `allo studio e alla lettura`. `None` when its
/// noun is not known: a sentence must then do without.
pub fn to(name: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let mut next_has_article = true;
    for (index, word) in name.split(' ').enumerate() {
        let bare = word.trim_end_matches([',', ';']).to_lowercase();
        let acronym = word.chars().count() > 1 && word.chars().all(|letter| !letter.is_lowercase());
        match NOUNS.get(bare.as_str()) {
            Some(form) if next_has_article => {
                let word = if acronym { word.to_owned() } else { word.to_lowercase() };
                words.push(join(preposition(*form, &bare), &word));
            }
            _ if index == 0 => return None,
            _ => words.push(word.to_owned()),
        }
        // The second noun of a pair has its own article.
        next_has_article = word == "e";
    }
    Some(words.join(" "))
}

/// *a* with the article of a word: `al`, `allo`, `all’`, `alla`, `ai`, `agli`, `alle`.
fn preposition(form: Form, word: &str) -> &'static str {
    let vowel = starts_with_vowel(word);
    match form {
        Form::MasculineSingular | Form::FeminineSingular if vowel => "all’",
        Form::MasculineSingular if is_impure(word) => "allo",
        Form::MasculineSingular => "al",
        Form::MasculinePlural if vowel || is_impure(word) => "agli",
        Form::MasculinePlural => "ai",
        Form::FeminineSingular => "alla",
        Form::FemininePlural => "alle",
    }
}

/// An article or preposition before a word: an elided one touches it.
fn join(article: &str, word: &str) -> String {
    if article.ends_with('’') { format!("{article}{word}") } else { format!("{article} {word}") }
}

/// An `h` is not heard.
fn starts_with_vowel(word: &str) -> bool {
    word.trim_start_matches('h').starts_with(['a', 'e', 'i', 'o', 'u', 'à', 'è', 'é', 'ì', 'ò', 'ù'])
}

/// Sounds before which the article is *lo*, *gli*: s before a consonant, z, x, y, gn, pn, ps.
fn is_impure(word: &str) -> bool {
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('s'), Some(second)) => !"aeiouàèéìòù".contains(second),
        (Some('g' | 'p'), Some('n')) | (Some('p'), Some('s')) | (Some('z' | 'x' | 'y'), _) => true,
        _ => false,
    }
}

/// The masculine article before a number written in digits: `il`, but `l’` before otto, ottanta, undici and uno, `lo` before
/// zero. `digits` is the number as it is written, such as `8,4%`.
pub fn with_article(digits: &str) -> String {
    let whole: String = digits.chars().take_while(|sign| sign.is_ascii_digit() || *sign == '.').collect();
    let whole = whole.replace('.', "");
    let read_from_the_left = match whole.len() % 3 {
        // 1 and 8 thousand: mille has no article of its own, ottomila elides.
        1 => whole.starts_with('8') || whole == "1",
        // 80, 11; the same before thousands.
        2 => whole.starts_with('8') || whole.starts_with("11"),
        _ => whole.starts_with('8'),
    };
    match whole.as_str() {
        "0" => join("lo", digits),
        _ if read_from_the_left => join("l’", digits),
        _ => join("il", digits),
    }
}

/// A clock time after *a*: `alle 10:30`, `all’1:00`; hours without a leading zero.
pub fn at_time(clock: &str) -> String {
    let clock = clock.strip_prefix('0').unwrap_or(clock);
    if clock.starts_with("1:") { join("all’", clock) } else { join("alle", clock) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_their_article() {
        for (name, expected) in [
            ("Cura della casa e della famiglia", "alla cura della casa e della famiglia"),
            ("Lavoro retribuito", "al lavoro retribuito"),
            ("Studio", "allo studio"),
            ("Spostamenti e tempo non specificato", "agli spostamenti e al tempo non specificato"),
            ("Sport e attività all'aperto", "allo sport e alle attività all'aperto"),
            ("Hobby e computer", "agli hobby e al computer"),
            ("Vita sociale e svago", "alla vita sociale e allo svago"),
            ("Mezzi di comunicazione", "ai mezzi di comunicazione"),
            ("Alimentazione", "all’alimentazione"),
            ("Altra cura della persona", "all’altra cura della persona"),
            ("Aiuto ad adulti della famiglia", "all’aiuto ad adulti della famiglia"),
            ("TV", "alla TV"),
            ("Volontariato e partecipazione", "al volontariato e alla partecipazione"),
            ("Acquisti e servizi", "agli acquisti e ai servizi"),
            ("Sonno", "al sonno"),
        ] {
            assert_eq!(to(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(to("Precipitevolissimevolmente"), None);
        assert_eq!(to(""), None);
    }

    #[test]
    fn numbers_take_their_article() {
        for (digits, expected) in [
            ("0,4%", "lo 0,4%"),
            ("1,2%", "l’1,2%"),
            ("8%", "l’8%"),
            ("8,4%", "l’8,4%"),
            ("11%", "l’11%"),
            ("11,9%", "l’11,9%"),
            ("18%", "il 18%"),
            ("34,2%", "il 34,2%"),
            ("80%", "l’80%"),
            ("88,8%", "l’88,8%"),
            ("100%", "il 100%"),
            ("110", "il 110"),
            ("800", "l’800"),
            ("8.000", "l’8.000"),
            ("1.100", "il 1.100"),
        ] {
            assert_eq!(with_article(digits), expected);
        }
    }

    #[test]
    fn times_take_their_article() {
        for (clock, expected) in [
            ("04:00", "alle 4:00"),
            ("10:30", "alle 10:30"),
            ("01:10", "all’1:10"),
            ("00:50", "alle 0:50"),
            ("11:00", "alle 11:00"),
        ] {
            assert_eq!(at_time(clock), expected);
        }
    }
}
