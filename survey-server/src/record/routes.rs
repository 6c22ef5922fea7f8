//! The pages of the record.

use actix_web::{HttpRequest, HttpResponse};

use super::{
    form::Filter,
    store::Records,
    view::{RecordPage, VerdictPage},
};
use crate::{
    access::{
        guard::Guarded,
        officer::{Auditor, Officer},
    },
    error::AppError,
    web::{form::Fields, layout::html, route::Route, visit::Visit},
};

/// Where the record is read.
pub(crate) const PATH: &str = "/ufficio/registro";

/// Where its chain is verified.
pub(super) const VERIFY_PATH: &str = "/ufficio/registro/verifica";

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::officer::<Auditor, _, _>(PATH, read), Route::officer::<Auditor, _, _>(VERIFY_PATH, verify)]
}

async fn read(
    records: Guarded<Officer<Auditor>, Records>,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let filter = Filter::of(&Fields::parse(request.query_string().as_bytes())?);
    let rows = records.store().page(&filter).await?;
    Ok(html(&RecordPage::new(&visit, &filter, rows))?)
}

async fn verify(records: Guarded<Officer<Auditor>, Records>, visit: Visit) -> Result<HttpResponse, AppError> {
    let verdict = records.store().verify().await?;
    Ok(html(&VerdictPage::new(&visit, &verdict))?)
}
