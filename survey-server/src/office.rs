//! The office: the page from which officers reach theirs. Each role sees its own, and only pages that exist.

mod routes;
mod view;

use crate::{
    access::{
        assistance,
        officer::{self, Duties, EarlyReader, OfficerRole, ReleaseDuty},
    },
    confirmation, paper, record, release,
};

pub(crate) use routes::{PATH, routes};

/// A page of the office.
pub(crate) struct Place {
    /// Whose it is.
    roles: &'static [OfficerRole],
    /// Where.
    path: &'static str,
    /// What its texts begin with: `office-<stem>` and `office-<stem>-text`.
    stem: &'static str,
}

/// Every page to which the office leads, in the order in which they are shown. A test holds that each is there.
const PLACES: &[Place] = &[
    Place { roles: &[OfficerRole::Operator], path: assistance::PATH, stem: "assistance" },
    Place { roles: &[OfficerRole::Operator], path: paper::PATH, stem: "paper" },
    Place { roles: ReleaseDuty::ROLES, path: release::PATH, stem: "releases" },
    Place { roles: EarlyReader::ROLES, path: release::EARLY_PATH, stem: "early" },
    Place { roles: &[OfficerRole::Administrator], path: officer::PATH, stem: "grants" },
    Place { roles: &[OfficerRole::Administrator], path: confirmation::PATH, stem: "acts" },
    Place { roles: &[OfficerRole::Auditor], path: record::PATH, stem: "record" },
];

#[cfg(test)]
mod tests {
    use actix_web::http::Method;

    use super::*;
    use crate::{i18n::is_translated, web::route::Audience};

    #[test]
    fn every_place_is_a_page_of_its_role_and_has_words() {
        let routes = crate::app::public_routes(&crate::app::Settings::of_tests());
        for place in PLACES {
            let is_there = routes.iter().any(|route| {
                route.path == place.path
                    && route.method == Method::GET
                    && !matches!(route.audience, Audience::AnyOfficer)
                    && route.audience.roles() == place.roles
            });
            assert!(is_there, "{} is no page of {:?}", place.path, place.roles);
            for key in [format!("office-{}", place.stem), format!("office-{}-text", place.stem)] {
                assert!(is_translated(&key), "{key}");
            }
        }
    }
}
