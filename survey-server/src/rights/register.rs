//! What the register of residents and the sample hold of the person who reads it, in words and for other programs.

use questionnaires::fiscal_code::RegisteredSex;
use serde_json::{Value, json};

use super::view::Fact;
use crate::{
    residents::{
        Line, Resident,
        city_user::{self, CityUser},
        sample::SampledPerson,
    },
    web::{date, visit::Visit},
};

/// Names and values, as they are shown; none for somebody of whom nothing is held.
pub(super) fn in_words(visit: &Visit, line: &Line) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some((resident, imported)) = &line.resident {
        facts.extend(resident_in_words(visit, resident));
        if let Some(imported) = imported {
            facts.push(fact(visit, "register-imported", date::long_day(&visit.texts, *imported)));
        }
    }
    if let Some(sampled) = &line.sampled {
        facts.push(fact(visit, "register-sampled", sampled_in_words(visit, sampled)));
        if line.resident.as_ref().is_none_or(|(resident, _)| *resident != sampled.resident) {
            // What was copied into the sample stays as it was at the draw.
            facts.extend(resident_in_words(visit, &sampled.resident));
        }
    }
    facts
}

fn fact(visit: &Visit, key: &str, value: String) -> Fact {
    Fact { name: visit.text(key), value }
}

fn resident_in_words(visit: &Visit, resident: &Resident) -> Vec<Fact> {
    let sex = match resident.sex {
        RegisteredSex::Female => "register-female",
        RegisteredSex::Male => "register-male",
    };
    let zone = resident.zone.clone().unwrap_or_else(|| visit.text("register-no-zone"));
    let reference = if resident.is_reference { "register-yes" } else { "register-no" };
    vec![
        fact(visit, "register-code", resident.code.reveal().to_owned()),
        fact(visit, "register-sex", visit.text(sex)),
        fact(visit, "register-birth-date", date::long_date(&visit.texts, resident.birth_date)),
        fact(visit, "register-zone", zone),
        fact(visit, "register-household", resident.household.clone()),
        fact(visit, "register-reference", visit.text(reference)),
    ]
}

fn sampled_in_words(visit: &Visit, sampled: &SampledPerson) -> String {
    let counts = [("drawn", sampled.n_drawn.into()), ("frame", sampled.n_frame.into())];
    let drawn = visit.texts.text_with("register-sampled-text", &counts);
    match sampled.stratum.as_str() {
        "" => drawn,
        stratum => format!("{drawn} ({stratum})"),
    }
}

/// What somebody declared of the city, in words.
pub(super) fn city_user_in_words(visit: &Visit, declared: &CityUser) -> Vec<Fact> {
    let relations: Vec<String> = declared.relations.iter().map(|relation| relation.in_words(visit)).collect();
    let zones = city_user::zones(visit.texts.language);
    let zone = match &declared.zone {
        None => visit.text("city-zone-several"),
        Some(zone) => {
            let label = zones.iter().find(|(value, _)| value == zone).map(|(_, label)| (*label).to_owned());
            label.unwrap_or_else(|| zone.clone())
        }
    };
    vec![fact(visit, "city-field-rapporto", relations.join(", ")), fact(visit, "city-field-zona", zone)]
}

/// The same for other programs.
pub(super) fn city_user_for_programs(declared: &CityUser) -> Value {
    let relations: Vec<&str> = declared.relations.iter().map(|relation| relation.name()).collect();
    json!({ "relations": relations, "zone": declared.zone })
}

/// Register and sample for other programs; `null` for what is not held.
pub(super) fn for_programs(line: &Line) -> Value {
    let resident = line.resident.as_ref().map(|(resident, imported)| {
        let mut record = resident_for_programs(resident);
        record["imported_at"] = json!(imported.map(|instant| instant.to_rfc3339()));
        record
    });
    let sampled = line.sampled.as_ref().map(|sampled| {
        json!({
            "stratum": sampled.stratum,
            "n_drawn": sampled.n_drawn,
            "n_frame": sampled.n_frame,
            "as_registered": resident_for_programs(&sampled.resident),
        })
    });
    json!({ "resident": resident, "sampled": sampled })
}

fn resident_for_programs(resident: &Resident) -> Value {
    json!({
        "fiscal_code": resident.code.reveal(),
        "sex": resident.sex.code(),
        "birth_date": resident.birth_date.to_string(),
        "zone": resident.zone,
        "household": resident.household,
        "is_reference_person": resident.is_reference,
    })
}
