//! The page of dangerous acts: ask, confirm, refuse, carry out.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    form::{TypedRequest, field},
    store::{Acts, Asker},
    view::{ActsPage, OutcomePage},
};
use crate::{
    access::{
        guard::Guarded,
        officer::{Administrator, Officer},
    },
    error::AppError,
    web::{
        form::{Fields, Submitted},
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where acts are seen and asked for.
pub(crate) const PATH: &str = "/ufficio/atti";

/// Where a request is confirmed.
pub(super) const CONFIRM_PATH: &str = "/ufficio/atti/conferma";

/// Where a request is refused or taken back.
pub(super) const REFUSE_PATH: &str = "/ufficio/atti/rifiuto";

/// Where a confirmed act is carried out.
pub(super) const EXECUTE_PATH: &str = "/ufficio/atti/esecuzione";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::officer::<Administrator, _, _>(PATH, list),
        Route::officer_form::<Administrator, _, _>(PATH, ask),
        Route::officer_form::<Administrator, _, _>(CONFIRM_PATH, confirm),
        Route::officer_form::<Administrator, _, _>(REFUSE_PATH, refuse),
        Route::officer_form::<Administrator, _, _>(EXECUTE_PATH, execute),
    ]
}

async fn list(acts: Guarded<Officer<Administrator>, Acts>, visit: Visit) -> Result<HttpResponse, AppError> {
    let requests = acts.store().recent(visit.now).await?;
    let own = &acts.role().participant_id;
    Ok(html(&ActsPage::new(&visit, own, &requests, TypedRequest::default(), &[]))?)
}

async fn ask(acts: Guarded<Asker, Acts>, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let typed = TypedRequest::of(&fields);
    let wrong = match typed.read() {
        Err(wrong) => wrong,
        Ok((act, reason)) if acts.store().has_subject(&act).await? => {
            acts.store().ask(&act, reason, acts.role(), visit.now).await?;
            return Ok(see_other(PATH));
        }
        Ok(_) => vec![(field::PARTICIPANT, "acts-wrong-participant")],
    };
    let requests = acts.store().recent(visit.now).await?;
    let page = ActsPage::new(&visit, &acts.role().role().participant_id, &requests, typed, &wrong);
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

async fn confirm(
    acts: Guarded<Asker, Acts>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    acts.store().confirm(request(&fields)?, acts.role(), visit.now).await?;
    Ok(see_other(PATH))
}

async fn refuse(
    acts: Guarded<Asker, Acts>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    acts.store().refuse(request(&fields)?, acts.role(), visit.now).await?;
    Ok(see_other(PATH))
}

/// Carries an act out. What it brought is in this answer only, which nothing between server and browser keeps.
async fn execute(
    acts: Guarded<Asker, Acts>,
    visit: Visit,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let outcome = acts.store().execute(request(&fields)?, acts.role(), visit.now).await?;
    Ok(html(&OutcomePage::new(&visit, &outcome))?)
}

fn request(fields: &Fields) -> Result<&str, AppError> {
    fields.text(field::REQUEST).ok_or(AppError::NotFound)
}
