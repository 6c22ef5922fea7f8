//! The page on which administrators see, grant and take back roles.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    Administrator, By, GrantError, GrantRefusal, JustSignedIn, Officer, OfficerRole,
    form::{TypedGrant, field},
    store::Grants,
    view::GrantsPage,
};
use crate::{
    access::guard::Guarded,
    confirmation,
    error::AppError,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where roles are seen and granted.
pub(crate) const PATH: &str = "/ufficio/incarichi";

/// Where one is taken back.
pub(super) const REVOKE_PATH: &str = "/ufficio/incarichi/revoca";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::officer::<Administrator, _, _>(PATH, list),
        Route::officer_form::<Administrator, _, _>(PATH, grant),
        Route::officer_form::<Administrator, _, _>(REVOKE_PATH, revoke),
    ]
}

async fn list(grants: Guarded<Officer<Administrator>, Grants>, visit: Visit) -> Result<HttpResponse, AppError> {
    let all = grants.store().all(visit.now).await?;
    Ok(html(&GrantsPage::new(&visit, &all, TypedGrant::default(), &[], None))?)
}

async fn grant(
    grants: Guarded<JustSignedIn<Officer<Administrator>>, Grants>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let typed = TypedGrant::of(&fields);
    let wrong = match typed.read() {
        Err(wrong) => wrong,
        Ok(new) => {
            // Nobody appoints a second of their own: an administrator is asked for here and confirmed by another.
            let is_appointment = new.role == OfficerRole::Administrator;
            let (done, next) = if is_appointment {
                (grants.store().ask_appointment(&new, grants.role(), visit.now).await, confirmation::PATH)
            } else {
                (grants.store().grant(&new, By::Administrator(grants.role().role()), visit.now).await, PATH)
            };
            match done {
                Ok(()) => return Ok(see_other(next)),
                Err(GrantError::Failed(error)) => return Err(error),
                Err(GrantError::Refused(refusal)) => {
                    let place = match refusal {
                        GrantRefusal::Oneself => field::CODE,
                        GrantRefusal::NeedsSecond | GrantRefusal::NoSecond => field::ROLE,
                        _ => field::UNTIL,
                    };
                    vec![(place, refusal.key())]
                }
            }
        }
    };
    let all = grants.store().all(visit.now).await?;
    let page = GrantsPage::new(&visit, &all, typed, &wrong, None);
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

async fn revoke(
    grants: Guarded<JustSignedIn<Officer<Administrator>>, Grants>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let grant_id = fields.text(field::GRANT).ok_or(AppError::NotFound)?;
    match grants.store().revoke(grant_id, By::Administrator(grants.role().role()), visit.now).await {
        Ok(()) => Ok(see_other(PATH)),
        Err(GrantError::Failed(error)) => Err(error),
        Err(GrantError::Refused(refusal)) => {
            let all = grants.store().all(visit.now).await?;
            let page = GrantsPage::new(&visit, &all, TypedGrant::default(), &[], Some(refusal));
            Ok(html_with_status(StatusCode::CONFLICT, &page)?)
        }
    }
}
