//! The pages of the simulated reader. They are registered only where a [`Demonstration`] is present.
//!
//! [`Demonstration`]: super::Demonstration

use actix_web::HttpResponse;
use askama::Template;

use super::{CITIZENS, SimulatedCitizen};
use crate::{
    access::{
        Attempt, Reception,
        guard::{Anybody, Guarded},
        officer::role_text,
        session::{self, Means},
    },
    error::AppError,
    web::{
        form::Submitted,
        layout::{Page, html},
        route::Route,
        visit::Visit,
    },
};

const PATH: &str = "/accesso/simulato";
const CITIZEN_FIELD: &str = "cittadino";

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public(PATH, choose), Route::public_form(PATH, sign_in)]
}

#[derive(Template)]
#[template(path = "access/simulated.html")]
struct ChoosePage {
    page: Page,
    action: &'static str,
    field: &'static str,
    /// Names, each with the roles it has in words, if any.
    people: Vec<(&'static str, String)>,
}

async fn choose(visit: Visit) -> Result<HttpResponse, AppError> {
    let roles = |citizen: &SimulatedCitizen| {
        let roles: Vec<String> = citizen.roles.iter().map(|role| role_text(&visit, *role)).collect();
        roles.join(", ")
    };
    Ok(html(&ChoosePage {
        page: visit.page(visit.text("simulated-title")),
        action: PATH,
        field: CITIZEN_FIELD,
        people: CITIZENS.iter().map(|citizen| (citizen.name, roles(citizen))).collect(),
    })?)
}

async fn sign_in(
    reception: Guarded<Anybody, Reception>,
    _: Attempt,
    visit: Visit,
    form: Submitted,
) -> Result<HttpResponse, AppError> {
    let chosen = form.0.text(CITIZEN_FIELD).and_then(|name| CITIZENS.iter().find(|citizen| citizen.name == name));
    let citizen = chosen.ok_or(AppError::BadRequest("no such simulated citizen"))?;
    let reception = reception.store();
    let participant = reception.identities.participant(&citizen.fiscal_code(), visit.now).await?;
    session::begin(&reception.sessions, &participant, Means::Simulated, &visit).await
}
