//! By which means somebody signed in.

/// The means of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A services card, with its PIN.
    Card,
    /// A provider of identities that was asked over the network.
    Federated {
        /// The provider's name in the configuration.
        provider: String,
        /// The level it vouched for: 1 (password), 2 (second factor), 3 (hardware), as SPID and CIE count.
        level: u8,
    },
    /// The simulated reader of the demonstration.
    Simulated,
}

impl Means {
    /// The name by which it is stored; its text is `session-means-<name>`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Means::Card => "card",
            Means::Federated { .. } => "federated",
            Means::Simulated => "simulated",
        }
    }

    /// The means that columns hold.
    pub(super) fn stored(name: &str, provider: Option<String>, level: Option<i16>) -> Option<Means> {
        match name {
            "card" => Some(Means::Card),
            "federated" => Some(Means::Federated { provider: provider?, level: u8::try_from(level?).ok()? }),
            "simulated" => Some(Means::Simulated),
            _ => None,
        }
    }

    /// The provider and level of a federated sign-in, as columns.
    pub(super) fn details(&self) -> (Option<String>, Option<i16>) {
        match self {
            Means::Federated { provider, level } => (Some(provider.clone()), Some(i16::from(*level))),
            Means::Card | Means::Simulated => (None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_read_back_from_their_columns() {
        let federated = Means::Federated { provider: "spid".to_owned(), level: 2 };
        for means in [Means::Card, federated, Means::Simulated] {
            let (provider, level) = means.details();
            assert_eq!(Means::stored(means.name(), provider, level), Some(means));
        }
        assert_eq!(Means::stored("federated", Some("spid".to_owned()), None), None);
    }
}
