//! The Atom feed of editions (RFC 4287): this one and every earlier one, the newest first.

use std::fmt::Write;

use questionnaires::Label;

use super::{Earlier, Edition, Lineage, identifier::uuid};
use crate::text::Texts;

/// The feed in one language. `folder` is that of the language's pages from the top of the site, with its slash.
pub fn feed(edition: &Edition, lineage: &Lineage, summary: &Label, folder: &str, texts: &Texts) -> Vec<u8> {
    let publisher = escaped(texts.label(&edition.publisher));
    let title = escaped(&texts.fill("feed-title", &[("publisher", texts.label(&edition.publisher))]));
    let (top, own) = match edition.imprint.address.as_deref() {
        Some(address) => (address.to_owned(), format!("{address}{folder}feed.xml")),
        None => (if folder.is_empty() { "./" } else { "../" }.to_owned(), "feed.xml".to_owned()),
    };
    let now = Earlier {
        number: edition.number,
        date: edition.date,
        embargo: edition.imprint.embargo,
        summary: summary.clone(),
        is_correction: edition.imprint.correction.is_some(),
    };
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>urn:uuid:{}</id>\n<title>{title}</title>\n<updated>{}</updated>\n<author><name>{publisher}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        texts.language().tag(),
        uuid(edition, &format!("feed {}", texts.language().tag())),
        now.released_at().to_rfc3339(),
        escaped(&own),
        escaped(&format!("{top}{folder}")),
    );
    for one in std::iter::once(&now).chain(lineage.earlier.iter().rev()) {
        let number = one.number.to_string();
        let key = if one.is_correction { "feed-correction" } else { "feed-edition" };
        write!(
            xml,
            "<entry>\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{at}</updated>\n<published>{at}</published>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
            uuid(edition, &format!("edition {number} {}", texts.language().tag())),
            escaped(&texts.fill(key, &[("number", &number)])),
            escaped(&format!("{top}edizioni/{number}/{folder}")),
            escaped(texts.label(&one.summary)),
            at = one.released_at().to_rfc3339(),
        )
        .expect("a text takes everything");
    }
    xml.push_str("</feed>\n");
    xml.into_bytes()
}

fn escaped(text: &str) -> String {
    // Control characters do not exist in XML 1.0.
    let shown = text.chars().filter(|character| !character.is_control() || ['\n', '\t'].contains(character));
    shown.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
