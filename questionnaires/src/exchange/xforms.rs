//! ODK XForms (<https://getodk.github.io/xforms-spec/>): the XML that ODK, KoboToolbox and their kin run. What XForms has no
//! place for stands in a secondary instance `tempi`, which other programs carry along.

mod from_xml;
mod to_xml;

pub use from_xml::from_xml;
pub use to_xml::to_xml;

/// The secondary instance for what XForms has no place for.
const EXTRAS: &str = "tempi";
