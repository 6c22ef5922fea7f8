//! The errors of a form gathered at the top of its page, each leading to its field.

/// A line of the summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldErrorView {
    /// The id of the element at which to mend it.
    pub target: String,
    /// The field's label and what is wrong.
    pub text: String,
}

impl FieldErrorView {
    /// The line for the field called `label`.
    pub fn new(target: String, label: &str, error: &str) -> FieldErrorView {
        let stop = if label.ends_with('?') { "" } else { "." };
        FieldErrorView { target, text: format!("{label}{stop} {error}") }
    }
}
