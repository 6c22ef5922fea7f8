//! Handlers: the operator's page, and the page on which a person at the counter lets an operator help.

use actix_web::{HttpResponse, http::StatusCode};

use super::{
    form::{self, field},
    store::{Assistances, Refusal},
    view::{CodePage, OperatorPage, OwnPage},
};
use crate::{
    access::{
        guard::{Citizen, Guarded},
        officer::{Officer, Operator},
        session::SignedIn,
    },
    error::AppError,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where an operator begins to help.
pub(crate) const PATH: &str = "/ufficio/assistenza";

/// Where an operator asks for the code of the counter.
pub(super) const COUNTER_PATH: &str = "/ufficio/assistenza/sportello";

/// Where an operator stops helping from afar.
pub(super) const END_PATH: &str = "/ufficio/assistenza/fine";

/// Where a person at the counter types the code in.
pub(super) const OWN_PATH: &str = "/area-personale/assistenza";

/// Where a person at the counter sends the operator away.
pub(super) const OWN_END_PATH: &str = "/area-personale/assistenza/fine";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::officer::<Operator, _, _>(PATH, operator_page),
        Route::officer_form::<Operator, _, _>(PATH, begin),
        Route::officer_form::<Operator, _, _>(COUNTER_PATH, counter_code),
        Route::officer_form::<Operator, _, _>(END_PATH, end),
        Route::citizen(OWN_PATH, own_page),
        Route::citizen_form(OWN_PATH, redeem),
        Route::citizen_form(OWN_END_PATH, end_own),
    ]
}

type Desk = Guarded<Officer<Operator>, Assistances>;
type Own = Guarded<Citizen, Assistances>;

fn session(visit: &Visit) -> Result<&SignedIn, AppError> {
    visit.signed_in.as_ref().ok_or(AppError::SignInFirst)
}

async fn operator_page(_: Desk, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&OperatorPage::new(&visit, "", &[]))?)
}

async fn begin(desk: Desk, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let session = session(&visit)?;
    if session.assistance.is_some() {
        return Err(AppError::AssistanceFirst);
    }
    let wrong = match form::read(&fields) {
        Err(wrong) => wrong,
        Ok(wanted) => {
            let begun = desk.store().begin_blind(desk.role(), session, &wanted.code, wanted.mode, visit.now).await?;
            match begun {
                Ok(()) => return Ok(see_other("/area-personale")),
                Err(Refusal::NotInRegister) => vec![(field::CODE, "assistance-not-in-register")],
                Err(Refusal::NoRegister) => vec![(field::CODE, "assistance-no-register")],
                Err(Refusal::Oneself) => vec![(field::CODE, "assistance-oneself")],
            }
        }
    };
    let typed = fields.text(field::CODE).unwrap_or_default();
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OperatorPage::new(&visit, typed, &wrong))?)
}

async fn counter_code(desk: Desk, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    let code = desk.store().counter_code(desk.role(), visit.now).await?;
    Ok(html(&CodePage::new(&visit, &code))?)
}

async fn end(desk: Desk, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    desk.store().end_blind(desk.role(), session(&visit)?, visit.now).await?;
    Ok(see_other(PATH))
}

async fn own_page(_: Own, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&OwnPage::new(&visit, false))?)
}

async fn redeem(own: Own, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let code = form::counter_code(&fields);
    match own.store().redeem(own.role(), session(&visit)?, &code, visit.now).await? {
        true => Ok(see_other("/area-personale")),
        false => Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OwnPage::new(&visit, true))?),
    }
}

async fn end_own(own: Own, visit: Visit, _: Submitted) -> Result<HttpResponse, AppError> {
    own.store().end_own(own.role(), session(&visit)?, visit.now).await?;
    Ok(see_other("/area-personale"))
}
