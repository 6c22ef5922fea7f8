//! How far a release is, and which step leads where.

/// How far a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It waits to be computed.
    Queued,
    /// It is being computed.
    Running,
    /// The computing failed.
    Failed,
    /// An officer stopped the computing.
    Cancelled,
    /// The computing ended with the server, or with its process.
    Interrupted,
    /// It can be reviewed.
    Ready,
    /// It waits for approval.
    Submitted,
    /// A second person returned it.
    Returned,
    /// It was approved and waits to be sealed.
    Approved,
    /// It is being sealed.
    Sealing,
    /// It is an edition, which comes out at its hour.
    Sealed,
}

impl State {
    /// Every state.
    pub const ALL: [State; 11] = [
        State::Queued,
        State::Running,
        State::Failed,
        State::Cancelled,
        State::Interrupted,
        State::Ready,
        State::Submitted,
        State::Returned,
        State::Approved,
        State::Sealing,
        State::Sealed,
    ];

    /// The name by which it is stored; its text is `release-state-<name>`.
    pub fn name(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Running => "running",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
            State::Interrupted => "interrupted",
            State::Ready => "ready",
            State::Submitted => "submitted",
            State::Returned => "returned",
            State::Approved => "approved",
            State::Sealing => "sealing",
            State::Sealed => "sealed",
        }
    }

    /// The state of this name.
    pub(super) fn stored(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a process works on it, or will by itself.
    pub(super) fn is_at_work(self) -> bool {
        matches!(self, State::Queued | State::Running | State::Approved | State::Sealing)
    }

    /// Whether whoever made it may change it and have it computed again.
    pub(super) fn may_change(self) -> bool {
        matches!(self, State::Failed | State::Cancelled | State::Interrupted | State::Ready | State::Returned)
    }

    /// Whether there are tables and a draft to look at.
    pub(super) fn has_result(self) -> bool {
        matches!(
            self,
            State::Ready | State::Submitted | State::Returned | State::Approved | State::Sealing | State::Sealed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back_and_have_words() {
        for state in State::ALL {
            assert_eq!(State::stored(state.name()), Some(state));
            for key in [format!("release-state-{}", state.name()), format!("release-state-{}-text", state.name())] {
                assert!(crate::i18n::is_translated(&key), "{key}");
            }
        }
    }
}
