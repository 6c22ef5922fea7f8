//! What is recorded: an actor, a verb, perhaps a subject, and a detail in plain words.

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// By whom.
    pub actor: Actor,
    /// What.
    pub verb: Verb,
    /// About whom: a participant id. The log keeps a keyed pseudonym of it.
    pub subject: Option<String>,
    /// What else should be known, such as a reason. Never a fiscal code, a name, an answer or a token.
    pub detail: String,
}

impl Act {
    /// A citizen's act about themselves.
    pub fn of_citizen(participant_id: &str, verb: Verb, detail: impl Into<String>) -> Act {
        Act {
            actor: Actor::Citizen(participant_id.to_owned()),
            verb,
            subject: Some(participant_id.to_owned()),
            detail: detail.into(),
        }
    }

    /// An act of the program itself, about nobody in particular.
    pub fn of_system(name: &'static str, verb: Verb, detail: impl Into<String>) -> Act {
        Act { actor: Actor::System(name), verb, subject: None, detail: detail.into() }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A citizen, by participant id.
    Citizen(String),
    /// An officer in one of their roles.
    Officer {
        /// Who.
        participant_id: String,
        /// The role's stable name.
        role: &'static str,
    },
    /// The program, by the name of the part that acted.
    System(&'static str),
}

impl Actor {
    /// The kind's stable name, the participant id or system name, and the role.
    pub(super) fn parts(&self) -> (&'static str, &str, Option<&'static str>) {
        match self {
            Actor::Citizen(participant_id) => ("citizen", participant_id, None),
            Actor::Officer { participant_id, role } => ("officer", participant_id, Some(role)),
            Actor::System(name) => ("system", name, None),
        }
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What was done. The texts are part of the hash chain: a text that has been released never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Verb {
            $($(#[$doc])* $name,)*
        }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Verb::$name,)*];

            /// The text under which it is stored.
            pub fn text(self) -> &'static str {
                match self {
                    $(Verb::$name => $text,)*
                }
            }
        }
    };
}

verbs! {
    /// Somebody signed in.
    SignedIn = "signed-in",
    /// Somebody signed out.
    SignedOut = "signed-out",
    /// A session was ended by somebody else than by signing out of it.
    SessionEnded = "session-ended",
    /// A card was refused; about no person, but a place of one day.
    SignInRefused = "sign-in-refused",
    /// Somebody agreed to a notice.
    ConsentGiven = "consent-given",
    /// Somebody took their consent back.
    ConsentWithdrawn = "consent-withdrawn",
    /// Somebody agreed that it be kept how they fill in their days.
    ParadataAgreed = "paradata-agreed",
    /// Somebody took that back, or said no.
    ParadataDeclined = "paradata-declined",
    /// An operator began to help somebody.
    AssistanceBegan = "assistance-began",
    /// An operator stopped helping somebody.
    AssistanceEnded = "assistance-ended",
    /// A diary on paper was made for somebody.
    PaperFormMade = "paper-form-made",
    /// Personal data were looked at.
    DataRead = "data-read",
    /// Personal data were downloaded.
    DataDownloaded = "data-downloaded",
    /// Personal data were told to another site, which the person had agreed to.
    DataDisclosed = "data-disclosed",
    /// Personal data were corrected.
    DataCorrected = "data-corrected",
    /// Personal data were erased.
    DataErased = "data-erased",
    /// A role was given.
    RoleGranted = "role-granted",
    /// A role was taken away.
    RoleRevoked = "role-revoked",
    /// An act that needs a second officer was asked for.
    ActRequested = "act-requested",
    /// A second officer agreed to an act.
    ActConfirmed = "act-confirmed",
    /// A second officer declined an act.
    ActDeclined = "act-declined",
    /// An act that a second officer had agreed to was done.
    ActExecuted = "act-executed",
    /// An identity was opened.
    IdentityOpened = "identity-opened",
    /// A survey was deleted.
    SurveyDeleted = "survey-deleted",
    /// A pseudonymised snapshot left.
    Exported = "exported",
    /// A release was defined or changed.
    ReleaseDefined = "release-defined",
    /// A release was begun to be computed, or an approved one to be sealed.
    ReleaseStarted = "release-started",
    /// The computing of a release ended: done, failed, stopped or broken off.
    ReleaseEnded = "release-ended",
    /// Somebody asked for the approval of a release.
    ReleaseSubmitted = "release-submitted",
    /// A second person approved a release and set its hour.
    ReleaseApproved = "release-approved",
    /// A second person returned a release.
    ReleaseReturned = "release-returned",
    /// An approved edition was withdrawn before its hour.
    ReleaseWithdrawn = "release-withdrawn",
    /// An edition was sealed: it comes out by itself at its hour.
    EditionSealed = "edition-sealed",
    /// Somebody read an edition under embargo.
    EmbargoedRead = "embargoed-read",
    /// A register of residents was imported.
    RegisterImported = "register-imported",
    /// The register of residents was removed.
    RegisterRemoved = "register-removed",
    /// A sample was drawn from the register of residents, and its list of invitations written.
    SampleDrawn = "sample-drawn",
    /// A sample was removed.
    SampleRemoved = "sample-removed",
    /// Somebody declared what brings them to the city.
    CityUserDeclared = "city-user-declared",
    /// Somebody took that back.
    CityUserRemoved = "city-user-removed",
    /// Known totals were counted from the register of residents.
    RegisterCounted = "register-counted",
    /// A version of a questionnaire was published.
    QuestionnairePublished = "questionnaire-published",
    /// The keys were rotated.
    KeysRotated = "keys-rotated",
    /// Retention limits were applied.
    RetentionApplied = "retention-applied",
    /// A backup was made.
    BackupMade = "backup-made",
    /// A backup was restored.
    BackupRestored = "backup-restored",
    /// The oldest part of this log was archived.
    LogArchived = "log-archived",
    /// A token was issued to another service.
    TokenIssued = "token-issued",
    /// Settings that decide about access were changed.
    SettingsChanged = "settings-changed",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_verb_has_a_text_of_its_own() {
        let texts: BTreeSet<&str> = Verb::ALL.iter().map(|verb| verb.text()).collect();
        assert_eq!(texts.len(), Verb::ALL.len());
    }
}
