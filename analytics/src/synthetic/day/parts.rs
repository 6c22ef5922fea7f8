//! The parts of household work and leisure: which of Eurostat's aggregates they are, which codes they are told
//! in, and which of them lead out of the house.

use super::schedule::Place;

/// Where an activity takes one, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trip {
    /// The place.
    pub place: Place,
    /// Code of the way there and back.
    pub travel: &'static str,
    /// Hours it is usual at.
    pub hours: Hours,
}

/// Usual hours outside the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// Shops and offices.
    Opening,
    /// Taking children to school and fetching them.
    School,
    /// Company, sport, culture: afternoons and evenings.
    Company,
    /// Services and meetings: mornings and late afternoons.
    Service,
    /// Walks: mornings and afternoons by daylight.
    Daylight,
}

/// A part of household work or leisure.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Code of Eurostat's aggregate.
    pub figure: &'static str,
    /// Codes it is told in, with their weights.
    pub codes: &'static [(&'static str, f64)],
    /// Where it leads when it leads out, and how often of a hundred times it does.
    pub trip: Option<(Trip, f64)>,
}

const fn home(figure: &'static str, codes: &'static [(&'static str, f64)]) -> Part {
    Part { figure, codes, trip: None }
}

const fn out(
    figure: &'static str,
    codes: &'static [(&'static str, f64)],
    place: Place,
    travel: &'static str,
    hours: Hours,
    often: f64,
) -> Part {
    Part { figure, codes, trip: Some((Trip { place, travel, hours }, often)) }
}

/// Part of household work that is told as shopping or services; it goes with travel of its own.
pub const SHOPPING: Part = out("AC36", &[("361", 0.84), ("362", 0.16)], Place::Shop, "936", Hours::Opening, 1.0);

/// Household and family care, without shopping.
pub const HOUSEHOLD: &[Part] = &[
    home("AC31A", &[("311", 1.0)]),
    home("AC313", &[("312", 1.0)]),
    home("AC321", &[("321", 1.0)]),
    home("AC32A", &[("324", 0.7), ("325", 0.15), ("329", 0.15)]),
    home("AC331", &[("331", 1.0)]),
    home("AC332", &[("332", 1.0)]),
    home("AC33A", &[("339", 1.0)]),
    home("AC343", &[("343", 1.0)]),
    out("AC344", &[("344", 1.0)], Place::Foot, "", Hours::Daylight, 1.0),
    home("AC34A", &[("341", 0.8), ("322", 0.2)]),
    home("AC35", &[("352", 0.5), ("353", 0.2), ("354", 0.3)]),
    home("AC37_39", &[("371", 0.6), ("392", 0.4)]),
    home("AC38A", &[("381", 1.0)]),
    home("AC38B", &[("383", 0.7), ("382", 0.3)]),
];

/// Leisure, social and associative life, without television; and the time nobody remembers.
pub const LEISURE: &[Part] = &[
    out("AC41", &[("411", 1.0)], Place::Elsewhere, "940", Hours::Service, 1.0),
    out("AC42", &[("424", 0.4), ("425", 0.4), ("429", 0.2)], Place::OtherHome, "940", Hours::Company, 0.9),
    out("AC43", &[("432", 0.8), ("431", 0.1), ("433", 0.1)], Place::Elsewhere, "940", Hours::Service, 0.9),
    out("AC51A", &[("512", 0.92), ("513", 0.08)], Place::OtherHome, "950", Hours::Company, 0.7),
    out("AC51B", &[("519", 1.0)], Place::Cafe, "950", Hours::Company, 0.5),
    out(
        "AC52",
        &[("521", 0.4), ("522", 0.25), ("523", 0.2), ("525", 0.15)],
        Place::Elsewhere,
        "960",
        Hours::Company,
        1.0,
    ),
    home("AC53", &[("531", 1.0)]),
    out("AC611", &[("611", 1.0)], Place::Foot, "", Hours::Daylight, 1.0),
    out(
        "AC6A",
        &[("612", 0.15), ("613", 0.15), ("614", 0.25), ("615", 0.4), ("616", 0.05)],
        Place::Elsewhere,
        "960",
        Hours::Company,
        0.9,
    ),
    home("AC733", &[("733", 0.5), ("734", 0.3), ("735", 0.2)]),
    home("AC7A", &[("721", 0.4), ("722", 0.6)]),
    home("AC7B", &[("719", 0.4), ("731", 0.3), ("732", 0.3)]),
    home("AC811", &[("811", 1.0)]),
    home("AC812", &[("812", 1.0)]),
    home("AC83", &[("831", 1.0)]),
    home("AC99NSP", &[("999", 1.0)]),
];

/// What company at home is told as, where the outing it was meant for does not come about.
pub const COMPANY_AT_HOME: &[(&str, f64)] = &[("511", 0.5), ("514", 0.15), ("515", 0.1), ("516", 0.25)];
