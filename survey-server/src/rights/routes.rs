//! Handlers of a person's rights.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    },
};
use chrono::NaiveDate;

use super::{
    CONFIRMATION_FIELD, CORRECTION_FIELD, CORRECTION_PATH, DOWNLOAD_PATH, ERASURE_PATH, PATH,
    download::Download,
    store::{Correction, Rights},
    view::{DataPage, ErasedPage, ErasurePage},
};
use crate::{
    access::{
        guard::{Citizen, Guarded},
        session,
    },
    error::AppError,
    web::{
        form::Submitted,
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::citizen(PATH, data),
        Route::citizen(DOWNLOAD_PATH, download),
        Route::citizen_form(CORRECTION_PATH, correct),
        Route::citizen(ERASURE_PATH, ask_erasure),
        Route::citizen_form(ERASURE_PATH, erase),
    ]
}

type Guard = Guarded<Citizen, Rights>;

async fn data(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    let held = guard.store().held(guard.role()).await?;
    Ok(html(&DataPage::new(&visit, held))?)
}

async fn download(guard: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    // First, because putting it together is what costs.
    guard.store().record_download(guard.role(), visit.now).await?;
    let held = guard.store().held(guard.role()).await?;
    let body = Download::new(&visit, &held).to_json();
    Ok(HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"tempi-dati.json\""))
        .body(body))
}

/// Opens what was handed in again, and leads to where it is corrected.
async fn correct(guard: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let what = fields.text(CORRECTION_FIELD).unwrap_or_default();
    let (correction, path) = read_correction(what).ok_or(AppError::BadRequest("not something to correct"))?;
    match guard.store().reopen(guard.role(), &correction, visit.now).await? {
        true => Ok(see_other(&path)),
        false => Err(AppError::NotFound),
    }
}

fn read_correction(text: &str) -> Option<(Correction, String)> {
    let (kind, name) = text.split_once(':')?;
    match kind {
        "questionario" => {
            // Whether there is such a one is seen when it is looked for.
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
            (!name.is_empty() && name.bytes().all(is_plain))
                .then(|| (Correction::Questionnaire(name.to_owned()), format!("/questionari/{name}/riepilogo")))
        }
        "giornata" => {
            let date: NaiveDate = name.parse().ok()?;
            Some((Correction::Day(date), format!("/diario/{date}")))
        }
        _ => None,
    }
}

async fn ask_erasure(_: Guard, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&ErasurePage::new(&visit, false))?)
}

async fn erase(guard: Guard, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let holds_a_role = visit.signed_in.as_ref().is_some_and(|session| !session.roles.is_empty());
    if holds_a_role {
        // Whoever looks at others' data must not vanish from the record by themselves.
        return Ok(html_with_status(StatusCode::CONFLICT, &ErasurePage::new(&visit, false))?);
    }
    if !fields.has(CONFIRMATION_FIELD, "si") {
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ErasurePage::new(&visit, true))?);
    }
    let receipt = guard.store().erase(guard.role(), visit.now).await?;
    let mut response = html(&ErasedPage::new(visit, receipt))?;
    session::forget(&mut response);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_exists_can_be_corrected() {
        assert!(matches!(read_correction("questionario:famiglia"), Some((Correction::Questionnaire(_), _))));
        assert!(matches!(read_correction("giornata:2026-11-18"), Some((Correction::Day(_), _))));
        for broken in ["", "giornata", "giornata:ieri", "questionario:", "questionario:../x", "risposta:x"] {
            assert_eq!(read_correction(broken), None, "{broken}");
        }
    }
}
