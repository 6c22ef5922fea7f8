//! What languages are called in other programs' forms: `Italiano (it)`.

use crate::text::is_language_tag;

/// The name of the language of a tag as other programs show it.
pub(super) fn named(tag: &str) -> String {
    let name = match tag {
        "it" => "Italiano",
        "en" => "English",
        "ar" => "العربية",
        "de" => "Deutsch",
        "es" => "Español",
        "fr" => "Français",
        "ro" => "Română",
        "sq" => "Shqip",
        "uk" => "Українська",
        other => other,
    };
    format!("{name} ({tag})")
}

/// The tag in a language's name: in parentheses, or the name itself.
pub(super) fn tag_of(name: &str) -> Option<&str> {
    let name = name.trim();
    let tag = match name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        Some((_, tag)) => tag.trim(),
        None => name,
    };
    is_language_tag(tag).then_some(tag)
}
