//! What the page shows on which people declare what brings them to the city.

use askama::Template;

use super::{
    PATH, REMOVAL_PATH, Relation, Standing,
    form::{SEVERAL, Typed, Wrong, field},
    zones,
};
use crate::web::{failure::where_to_turn, field_error::FieldErrorView, layout::Page, visit::Visit};

/// The declaration, or why none is asked.
#[derive(Template)]
#[template(path = "city_user.html")]
pub(super) struct CityPage {
    page: Page,
    errors: Vec<FieldErrorView>,
    /// Why nothing is asked.
    not_asked: Option<String>,
    has_declared: bool,
    relations: Choices,
    zones: Choices,
    contact: String,
    path: &'static str,
    removal_path: &'static str,
}

struct Choices {
    name: &'static str,
    legend: String,
    error: Option<String>,
    options: Vec<Choice>,
}

struct Choice {
    value: String,
    id: String,
    text: String,
    is_chosen: bool,
}

impl CityPage {
    pub(super) fn new(visit: &Visit, standing: &Standing, typed: &Typed, wrong: &[Wrong]) -> CityPage {
        let choices = |name: &'static str, options: Vec<(String, String)>, is_chosen: &dyn Fn(&str) -> bool| Choices {
            name,
            legend: visit.text(&format!("city-field-{name}")),
            error: wrong.iter().find(|(field, _)| *field == name).map(|(_, key)| visit.text(key)),
            options: options
                .into_iter()
                .enumerate()
                .map(|(place, (value, text))| Choice {
                    is_chosen: is_chosen(&value),
                    id: format!("{name}-{place}"),
                    value,
                    text,
                })
                .collect(),
        };
        let relations = Relation::ALL.map(|relation| (relation.name().to_owned(), relation.in_words(visit)));
        let of_the_city = zones(visit.texts.language).into_iter();
        let zones = of_the_city
            .map(|(value, label)| (value.to_owned(), label.to_owned()))
            .chain([(SEVERAL.to_owned(), visit.text("city-zone-several"))]);
        let summary = |(name, key): &Wrong| {
            FieldErrorView::new(format!("{name}-0"), &visit.text(&format!("city-field-{name}")), &visit.text(key))
        };
        let not_asked = match standing {
            Standing::NotAsked => Some("city-not-asked"),
            Standing::Resident => Some("city-resident"),
            Standing::ToDeclare | Standing::CityUser(_) => None,
        };
        CityPage {
            page: visit.page(visit.text("city-title")),
            errors: wrong.iter().map(summary).collect(),
            not_asked: not_asked.map(|key| visit.text(key)),
            has_declared: matches!(standing, Standing::CityUser(_)),
            relations: choices(field::RELATION, relations.into(), &|value| {
                typed.relations.iter().any(|chosen| chosen == value)
            }),
            zones: choices(field::ZONE, zones.collect(), &|value| typed.zone == value),
            contact: where_to_turn(visit),
            path: PATH,
            removal_path: REMOVAL_PATH,
        }
    }
}
