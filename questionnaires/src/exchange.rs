//! Instruments in the forms of other programs: lists for translators, XLSForm, XForms, and DDI codebooks. Texts become texts;
//! files are read and written elsewhere.

pub mod ddi;
mod expression;
mod form;
mod language;
pub mod translation;
pub mod xforms;
pub mod xlsform;
pub mod xml;

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
