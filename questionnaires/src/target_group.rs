//! Target groups: named predicates over answers, kept as data (`data/target_groups.toml`).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::answer::Answered;
use crate::instrument::Condition;
use crate::text::Label;

/// A named set of people. Groups overlap: a working mother is in two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// English name in code and files, such as `parents_of_children_under_14`.
    pub name: String,
    /// Label in every language.
    pub label: Label,
    /// Who belongs.
    pub members: Condition,
}

impl TargetGroup {
    /// Whether the person who gave these answers belongs.
    pub fn contains(&self, answers: &impl Answered) -> bool {
        self.members.holds(answers)
    }
}

/// Tempi's target groups, in their order of presentation.
pub fn all() -> &'static [TargetGroup] {
    &GROUPS
}

static GROUPS: LazyLock<Vec<TargetGroup>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        group: Vec<TargetGroup>,
    }
    let file: File = toml::from_str(include_str!("../data/target_groups.toml"))
        .expect("the embedded target groups are well formed; a test reads them");
    file.group
});
