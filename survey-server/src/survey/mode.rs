//! How a day reached us. Analyses compare modes, because people tell another person other things than a form.

/// The mode of collection of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The person alone.
    #[default]
    Alone,
    /// The person, with an operator at the counter.
    Assisted,
    /// An operator, who asked by telephone.
    Telephone,
    /// An operator, from a diary filled in on paper.
    Paper,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 4] = [Mode::Alone, Mode::Assisted, Mode::Telephone, Mode::Paper];

    /// The name in the database and in files: `self`, `assisted`, `telephone`, `paper`.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Alone => "self",
            Mode::Assisted => "assisted",
            Mode::Telephone => "telephone",
            Mode::Paper => "paper",
        }
    }

    /// The mode with this name.
    pub fn from_name(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Whether an operator types while the person has not signed in: then nothing that was told before may be seen.
    pub fn is_blind(self) -> bool {
        matches!(self, Mode::Telephone | Mode::Paper)
    }

    /// The mode of a day of this mode after it was saved in another: once somebody helped, it stays so.
    pub(crate) fn after(self, saving: Mode) -> Mode {
        if saving == Mode::Alone { self } else { saving }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_help_is_not_forgotten() {
        for mode in Mode::ALL {
            assert_eq!(Mode::from_name(mode.name()), Some(mode));
            assert_eq!(mode.after(Mode::Alone), mode);
            assert_eq!(Mode::Alone.after(mode), mode);
        }
        assert_eq!(Mode::from_name("alone"), None);
    }
}
