//! Whose days a browser may keep: the name and the key that the page of a day gives to its scripts.

use crate::privacy::Participant;

/// What the page of a day tells the device. It is worth nothing elsewhere: the name is that of the person on their devices only, and the
/// key opens only what their devices sealed.
pub(super) struct Owner {
    /// The name.
    pub(super) name: String,
    /// 32 bytes in base64.
    pub(super) key: String,
}

impl Owner {
    /// What the devices of a participant are told.
    pub(super) fn of(participant: &Participant) -> Owner {
        let (link, respondent_id) = (participant.link(), participant.respondent_id());
        Owner { name: link.device_owner(respondent_id), key: link.device_key(respondent_id) }
    }
}
