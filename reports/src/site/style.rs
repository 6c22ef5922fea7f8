//! The design system's style sheet, of which a site carries the rules that its pages can use: nine tenths of it are for
//! pages that results do not have.

use std::collections::BTreeSet;

use crate::folder::Files;

/// Names of elements and classes that stand in pages or in scripts.
pub struct Used(BTreeSet<String>);

impl Used {
    /// Every name in the pages and scripts among `files`. A script may name anything: all its words count.
    pub fn by(files: &Files) -> Used {
        let mut names: BTreeSet<String> = ["html", "body", "root"].map(str::to_owned).into();
        for (path, bytes) in files {
            let is_page = path.ends_with(".html");
            if !is_page && !path.ends_with(".js") {
                continue;
            }
            let text = String::from_utf8_lossy(bytes);
            let marks: Box<dyn Iterator<Item = &str>> = match is_page {
                true => Box::new(text.split('<').skip(1).filter_map(|mark| mark.split('>').next())),
                false => Box::new(std::iter::once(&*text)),
            };
            for mark in marks {
                let of_mark = mark.split(|letter: char| !is_name(letter)).filter(|name| !name.is_empty());
                for name in of_mark {
                    if !names.contains(name) {
                        names.insert(name.to_owned());
                    }
                }
            }
        }
        Used(names)
    }

    /// Whether what `selector` names all stands somewhere. What stands in brackets may or may not be so.
    fn allows(&self, selector: &str) -> bool {
        let mut depth = 0_usize;
        let mut name = String::new();
        // What the name is that is being read: of an element or class, or of a state such as `hover`.
        let mut is_state = false;
        for letter in selector.chars().chain([' ']) {
            if depth == 0 && (is_name(letter) || letter == '\\') {
                name.push(letter);
                continue;
            }
            if !name.is_empty() && !is_state && !self.0.contains(&name) {
                return false;
            }
            if depth == 0 {
                name.clear();
                is_state = letter == ':';
            }
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        true
    }
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// The rules of `sheet` that `used` allows, after its own first comment, which says whose it is. Typefaces are left out: the
/// site declares its own.
pub fn narrowed(sheet: &str, used: &Used) -> String {
    let sheet = sheet.trim_start_matches('\u{feff}');
    let licence = sheet.find("*/").filter(|_| sheet.starts_with("/*")).map_or("", |end| &sheet[..end + 2]);
    let mut text = String::with_capacity(sheet.len());
    let mut rest = &sheet[licence.len()..];
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let kept = rules(&text, used);
    format!("{licence}\n{}\n", without_idle_motion(&kept))
}

/// The rules in a block.
fn rules(block: &str, used: &Used) -> String {
    let mut kept = String::new();
    let mut rest = block;
    while let Some(open) = rest.find(['{', ';']) {
        let head = rest[..open].trim();
        if rest[open..].starts_with(';') {
            // A statement, such as `@charset`.
            rest = &rest[open + 1..];
            continue;
        }
        let close = open + closing(&rest[open..]);
        let body = &rest[open + 1..close];
        rest = rest.get(close + 1..).unwrap_or_default();
        match head {
            _ if head.starts_with("@font-face") => {}
            _ if head.starts_with("@keyframes") => kept.push_str(&format!("{head}{{{body}}}")),
            _ if head.starts_with('@') => {
                let inside = rules(body, used);
                if !inside.is_empty() {
                    kept.push_str(&format!("{head}{{{inside}}}"));
                }
            }
            _ => {
                let selectors: Vec<&str> =
                    selectors(head).into_iter().filter(|selector| used.allows(selector)).collect();
                if !selectors.is_empty() && !body.trim().is_empty() {
                    kept.push_str(&format!("{}{{{}}}", selectors.join(","), body.trim()));
                }
            }
        }
    }
    kept
}

/// Where the block closes that `text` opens with.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return place;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The selectors of a rule, by the commas that stand in no brackets.
fn selectors(head: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (place, letter) in head.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(head[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    found.push(head[start..].trim());
    found
}

/// The rules without the motions that none of them asks for.
fn without_idle_motion(kept: &str) -> String {
    let mut text = String::new();
    let mut rest = kept;
    while let Some(start) = rest.find("@keyframes") {
        let (before, motion) = rest.split_at(start);
        text.push_str(before);
        let open = motion.find('{').unwrap_or(motion.len());
        let close = (open + closing(&motion[open..]) + 1).min(motion.len());
        let name = motion[..open].trim_start_matches("@keyframes").trim();
        let is_asked =
            kept.split(name).skip(1).zip(kept.split(name)).any(|(_, before)| !before.ends_with("@keyframes "));
        if is_asked {
            text.push_str(&motion[..close]);
        }
        rest = &motion[close..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used() -> Used {
        let page =
            br#"<body><main class="container lead"><table class="table"><th scope="col">x</th></table></main></body>"#;
        let script = br#"let e=document.createElement("select");e.className="form-select""#;
        Used::by(&[("index.html".to_owned(), page.to_vec()), ("assets/a.js".to_owned(), script.to_vec())].into())
    }

    #[test]
    fn rules_of_what_stands_in_no_page_are_left_out() {
        let sheet =
            "/*! licence */\u{20}/* more */body{margin:0}.lead,.carousel{color:red}.carousel .lead{a:b}nav{a:b}";
        assert_eq!(narrowed(sheet, &used()), "/*! licence */\nbody{margin:0}.lead{color:red}\n");
    }

    #[test]
    fn states_attributes_and_what_scripts_name_stay() {
        let sheet =
            ".form-select:focus-visible{a:b}th[data-other=\"x,y\"]{c:d}.lead:not(.carousel,.nav)::after{content:\"}\"}";
        assert_eq!(narrowed(sheet, &used()), format!("\n{sheet}\n"));
    }

    #[test]
    fn conditions_stay_while_something_is_in_them_and_motions_while_something_moves() {
        let sheet = concat!(
            "@charset \"utf-8\";@media print{.carousel{a:b}}@media print{.lead{a:b}}@font-face{src:url(x)}",
            "@keyframes turn{from{a:b}to{a:c}}@keyframes fade{from{a:b}}.table{animation:fade 1s}"
        );
        assert_eq!(
            narrowed(sheet, &used()),
            "\n@media print{.lead{a:b}}@keyframes fade{from{a:b}}.table{animation:fade 1s}\n"
        );
    }

    #[test]
    fn what_is_no_style_sheet_leaves_nothing() {
        assert_eq!(narrowed("design", &used()), "\n\n");
        assert_eq!(narrowed("a{b", &used()), "\n\n");
    }
}
