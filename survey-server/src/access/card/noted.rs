//! Refused cards in the audit log: that there was one, why, and whether the same place tried before on that day. Whose card it
//! was is not known to the log: a refused certificate proves nothing about anybody.
//!
//! A place is named by a keyed pseudonym of its address that changes every day. Whoever tries without end fills no log: each
//! place has one row for each reason and day, and a day holds a bounded number of them.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};

use super::Refusal;
use crate::{
    app::Services,
    audit::{Act, Actor, Verb},
    clock::italian_time,
    web::rate_limit::Counted,
};

/// Rows of one day at most, the last of which says that there are more.
const ROWS_PER_DAY: usize = 200;

/// What was written today.
#[derive(Debug, Default)]
pub(crate) struct NotedRefusals(Mutex<Option<Day>>);

#[derive(Debug)]
struct Day {
    date: NaiveDate,
    written: BTreeSet<(&'static str, Counted)>,
}

/// What a refusal becomes in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    /// A row of its own.
    Row,
    /// The row that says that further refusals of the day are not listed.
    More,
    /// Nothing: it is there already, or there is no room today.
    Nothing,
}

impl NotedRefusals {
    fn note(&self, refusal: Refusal, place: &Counted, date: NaiveDate) -> Note {
        let mut today = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if today.as_ref().is_none_or(|day| day.date != date) {
            *today = Some(Day { date, written: BTreeSet::new() });
        }
        let Some(day) = today.as_mut() else { return Note::Nothing };
        let is_full = day.written.len() >= ROWS_PER_DAY;
        if is_full || !day.written.insert((refusal.stem(), place.clone())) {
            return Note::Nothing;
        }
        if day.written.len() == ROWS_PER_DAY { Note::More } else { Note::Row }
    }
}

/// Writes a refusal down. When that fails the person reads the refusal all the same, and the program's log says so.
pub(crate) async fn note(services: &Services, refusal: Refusal, place: Option<Counted>, now: DateTime<Utc>) {
    let (Some(place), true) = (place, refusal != Refusal::NoCertificate) else { return };
    let date = italian_time(now).date();
    let detail = match services.refusals.note(refusal, &place, date) {
        Note::Nothing => return,
        Note::Row => format!("card: {}", refusal.stem()),
        Note::More => "card: further refusals of today are not listed".to_owned(),
    };
    let Counted::Address(address) = place else { return };
    // The log turns this into a keyed pseudonym, like the name of a person; it is no person's name.
    let subject = Some(format!("place {date} {address}"));
    let act = Act { actor: Actor::System("card listener"), verb: Verb::SignInRefused, subject, detail };
    if let Err(error) = services.database.audit().write(&act, now).await {
        tracing::warn!(%error, "a refused card is not on record");
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn a_place_has_one_row_for_each_reason_and_day_and_a_day_is_bounded() {
        let noted = NotedRefusals::default();
        let place = |number: u16| {
            let [high, low] = number.to_be_bytes();
            Counted::from(IpAddr::from(Ipv4Addr::new(192, 0, high, low)))
        };
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        let tuesday = monday.succ_opt().unwrap();
        assert_eq!(noted.note(Refusal::Expired, &place(0), monday), Note::Row);
        assert_eq!(noted.note(Refusal::Expired, &place(0), monday), Note::Nothing);
        assert_eq!(noted.note(Refusal::Revoked, &place(0), monday), Note::Row);
        assert_eq!(noted.note(Refusal::Expired, &place(0), tuesday), Note::Row);
        let flood: Vec<Note> = (1..1_000).map(|number| noted.note(Refusal::Expired, &place(number), tuesday)).collect();
        assert_eq!(flood.iter().filter(|note| **note == Note::Row).count(), ROWS_PER_DAY - 2);
        assert_eq!(flood.iter().filter(|note| **note == Note::More).count(), 1);
    }
}
