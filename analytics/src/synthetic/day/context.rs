//! The context of a day's pieces: with whom, what else at the same time, whether a device was in use, how
//! pleasant it was. Plausible, not measured: the official tables do not say.

use chrono::NaiveDate;
use questionnaires::diary::Enjoyment;
use questionnaires::slot::{DayKind, Slot, Span};
use questionnaires::{
    ActivityCode, Companion, Companions, Diary, DiaryDraft, DiaryEntry, MainActivity, SecondaryActivity,
};

use super::clock;
use super::schedule::{Piece, Place, Schedule};
use crate::synthetic::person::Person;
use crate::synthetic::random::Random;

/// The diary of a schedule that fills the day.
pub fn describe(person: &Person, date: NaiveDate, schedule: &Schedule, random: &mut Random) -> Diary {
    let mut draft = DiaryDraft::new(date);
    let mood = random.around_zero();
    for (range, piece) in schedule.runs() {
        let boundary = |slot: usize| Slot::new(slot).expect("runs lie inside the day");
        let span = Span::new(boundary(range.start), boundary(range.end)).expect("runs are not empty");
        let asleep = piece.activity == "011";
        draft.apply(&DiaryEntry {
            span,
            main: Some(MainActivity(known(piece.activity))),
            secondary: Some(secondary(person, piece, random).map(|code| SecondaryActivity(known(code)))),
            location: Some(piece.place.code().parse().expect("places have codes of the list")),
            with_whom: if asleep { None } else { Some(company(person, piece, range.start, DayKind::of(date), random)) },
            device: Some(uses_device(piece, random)),
            enjoyment: if asleep { None } else { Some(enjoyment(piece, mood, random)) },
        });
    }
    draft.finish().expect("the layout fills every slot")
}

fn known(code: &str) -> ActivityCode {
    code.parse().expect("the synthetic activities are codes of the list; a test makes a city of them")
}

fn company(person: &Person, piece: Piece, start: usize, day: DayKind, random: &mut Random) -> Companions {
    let at_leisure = !piece.activity.starts_with('9') && !piece.activity.starts_with('1');
    let evening = start >= clock(18, 30);
    let together = match (day, start) {
        (DayKind::Weekday, slot) if (clock(8, 0)..clock(18, 30)).contains(&slot) => 0.3,
        (_, slot) if slot < clock(8, 0) => 0.55,
        _ if evening => 0.85,
        _ => 0.65,
    };
    let together = if piece.activity == "021" { (together + 0.2_f64).min(0.95) } else { together };
    let mut companions = Vec::new();
    let mut present = |companion: Companion, probability: f64, random: &mut Random| {
        if random.happens(probability) {
            companions.push(companion);
        }
    };
    let family = match piece.place {
        Place::Home => together,
        Place::WorkOrSchool => 0.0,
        _ if at_leisure => 0.35,
        _ => 0.2,
    };
    let cares_for_child = piece.activity.starts_with("38") || piece.activity == "938";
    if person.has_partner {
        present(Companion::Partner, family, random);
    }
    if person.has_parent {
        present(Companion::Parent, family * if person.member.age < 15 { 0.9 } else { 0.6 }, random);
    }
    if person.has_minor_child() {
        present(Companion::Child, if cares_for_child { 1.0 } else { family * 0.9 }, random);
    }
    if person.has_others {
        present(Companion::OtherHousehold, family * 0.6, random);
    }
    let others = match (piece.activity, piece.place) {
        ("211", _) => 0.95,
        (_, Place::WorkOrSchool) => 0.75,
        (_, Place::OtherHome | Place::Cafe) | ("512" | "513", _) => 1.0,
        (_, Place::Elsewhere) => 0.5,
        (_, Place::Home) => 0.03,
        _ => 0.12,
    };
    present(Companion::OtherKnown, others, random);
    if companions.is_empty() {
        companions.push(Companion::Alone);
    }
    Companions::new(companions).expect("who is alone has no company")
}

fn secondary(person: &Person, piece: Piece, random: &mut Random) -> Option<&'static str> {
    let draw = random.uniform();
    let second = match piece.activity {
        "021" if piece.place == Place::Home && draw < 0.3 => "821",
        "021" if draw < 0.55 => "511",
        "311" | "312" | "321" | "332" if draw < 0.15 => "831",
        "311" | "321" | "331" | "332" if person.has_young_child() && draw < 0.45 => "381",
        "821" if draw < 0.1 => "515",
        "821" if draw < 0.16 => "332",
        "821" if person.has_young_child() && draw < 0.3 => "381",
        "910" | "920" | "936" | "950" | "960" if piece.place == Place::Car && draw < 0.3 => "831",
        "910" | "920" if piece.place == Place::PublicTransport && draw < 0.4 => "516",
        "531" if draw < 0.2 => "831",
        "512" | "519" if draw < 0.2 => "021",
        _ => return None,
    };
    Some(second)
}

fn uses_device(piece: Piece, random: &mut Random) -> bool {
    let rate = match piece.activity {
        "514" | "515" | "516" | "721" | "722" | "733" | "735" => 1.0,
        "011" | "031" => 0.0,
        "111" => 0.45,
        "212" | "211" => 0.3,
        "821" | "531" => 0.15,
        "910" | "920" | "950" | "960" => 0.2,
        _ => 0.05,
    };
    random.happens(rate)
}

fn enjoyment(piece: Piece, mood: f64, random: &mut Random) -> Enjoyment {
    let usual = match piece.activity {
        "111" | "211" | "212" => 4.2,
        "312" | "321" | "331" | "332" | "324" | "325" => 3.6,
        "021" | "311" | "341" => 5.2,
        activity if activity.starts_with('9') => 4.0,
        activity if activity.starts_with("38") => 5.7,
        activity if activity.starts_with('5') || activity.starts_with('6') => 6.0,
        activity if activity.starts_with('7') || activity.starts_with('8') => 5.5,
        _ => 4.6,
    };
    let value = random.around(usual - 0.5 + mood, 1.6).clamp(1, 7);
    Enjoyment::new(value as u8).expect("between 1 and 7")
}
