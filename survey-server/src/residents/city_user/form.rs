//! The form by which people declare what brings them to the city.

use questionnaires::Language;

use super::{CityUser, Relation, zones};
use crate::web::form::Fields;

/// Names of the fields, also the ids of their elements.
pub(super) mod field {
    pub(crate) const RELATION: &str = "rapporto";
    pub(crate) const ZONE: &str = "zona";
}

/// What is chosen for the zone by who comes to several.
pub(super) const SEVERAL: &str = "piu";

/// The form as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) relations: Vec<String>,
    pub(super) zone: String,
}

/// A field that cannot be taken, and the key of what is wrong with it.
pub(super) type Wrong = (&'static str, &'static str);

impl Typed {
    pub(super) fn of(fields: &Fields) -> Typed {
        Typed {
            relations: fields.all(field::RELATION).map(str::to_owned).collect(),
            zone: fields.text(field::ZONE).unwrap_or_default().to_owned(),
        }
    }

    /// The form of what was declared before.
    pub(super) fn again(declared: &CityUser) -> Typed {
        Typed {
            relations: declared.relations.iter().map(|relation| relation.name().to_owned()).collect(),
            zone: declared.zone.clone().unwrap_or_else(|| SEVERAL.to_owned()),
        }
    }

    /// What was sent as a declaration, or everything that is wrong with it.
    pub(super) fn read(&self) -> Result<CityUser, Vec<Wrong>> {
        let relations: Option<_> = self.relations.iter().map(|name| Relation::from_name(name)).collect();
        let relations = relations.filter(|relations: &std::collections::BTreeSet<Relation>| !relations.is_empty());
        let is_known = |zone: &str| zones(Language::It).iter().any(|(value, _)| *value == zone);
        let zone = match self.zone.as_str() {
            SEVERAL => Some(None),
            zone => is_known(zone).then(|| Some(zone.to_owned())),
        };
        match (relations, zone) {
            (Some(relations), Some(zone)) => Ok(CityUser { relations, zone }),
            (relations, zone) => {
                let relation = relations.is_none().then_some((field::RELATION, "city-wrong-relation"));
                let zone = zone.is_none().then_some((field::ZONE, "city-wrong-zone"));
                Err([relation, zone].into_iter().flatten().collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<CityUser, Vec<Wrong>> {
        Typed::of(&pairs.iter().copied().collect()).read()
    }

    #[test]
    fn what_is_missing_or_unknown_is_told() {
        for (pairs, wrong) in [
            (vec![], vec![field::RELATION, field::ZONE]),
            (vec![("rapporto", "work")], vec![field::ZONE]),
            (vec![("zona", "nord")], vec![field::RELATION]),
            (vec![("rapporto", "flies"), ("zona", "nord")], vec![field::RELATION]),
            (vec![("rapporto", "work"), ("zona", "outside")], vec![field::ZONE]),
            (vec![("rapporto", "work"), ("zona", "luna")], vec![field::ZONE]),
        ] {
            let told = read(&pairs).unwrap_err();
            assert_eq!(told.iter().map(|wrong| wrong.0).collect::<Vec<_>>(), wrong, "{pairs:?}");
            assert!(told.iter().all(|(_, key)| crate::i18n::is_translated(key)));
        }
    }

    #[test]
    fn a_form_is_a_declaration_and_comes_back_as_it_was() {
        for (zone, kept) in [("nord", Some("nord")), (SEVERAL, None)] {
            let declared = read(&[("rapporto", "study"), ("rapporto", "work"), ("zona", zone)]).unwrap();
            assert_eq!(declared.zone.as_deref(), kept);
            assert_eq!(Typed::again(&declared).read().unwrap(), declared);
        }
    }
}
