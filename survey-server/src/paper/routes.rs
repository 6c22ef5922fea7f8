//! Handlers: making forms and beginning to key one in, for operators; and the page of rows, in an assistance of paper.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    },
    web::Path,
};
use chrono::{Duration, NaiveDate};
use questionnaires::fiscal_code::FiscalCode;

use super::{
    LATEST_DAYS,
    keying::{self, TypedRow},
    pdf,
    store::{PaperDesk, Refusal},
    view::{DeskPage, KeyingPage, field},
};
use crate::{
    access::{
        guard::{Citizen, Guarded},
        officer::{Officer, Operator},
    },
    diary::{
        choosable_days,
        store::{Diaries, Saved, StoredDiary},
    },
    error::AppError,
    privacy::Participant,
    survey::Mode,
    web::{
        form::{Fields, Submitted},
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where forms are made and taken up.
pub(crate) const PATH: &str = "/ufficio/carta";

/// Where a form is made.
pub(super) const FORM_PATH: &str = "/ufficio/carta/modulo";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::officer::<Operator, _, _>(PATH, desk),
        Route::officer_form::<Operator, _, _>(PATH, begin),
        Route::officer_form::<Operator, _, _>(FORM_PATH, make),
        Route::citizen("/diario/{date}/trascrizione", rows),
        Route::citizen_form("/diario/{date}/trascrizione", save),
    ]
}

type Desk = Guarded<Officer<Operator>, PaperDesk>;
type Keying = Guarded<Citizen, Diaries>;

async fn desk(_: Desk, visit: Visit) -> Result<HttpResponse, AppError> {
    Ok(html(&DeskPage::new(&visit, &Fields::default(), &[]))?)
}

fn refused(visit: &Visit, fields: &Fields, wrong: (&'static str, &'static str)) -> Result<HttpResponse, AppError> {
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &DeskPage::new(visit, fields, &[wrong]))?)
}

/// Makes a form and sends it as a PDF.
async fn make(desk: Desk, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let Ok(code) = fields.text(field::CODE).unwrap_or_default().parse::<FiscalCode>() else {
        return refused(&visit, &fields, (field::CODE, "assistance-wrong-code"));
    };
    match desk.store().make(desk.role(), &code, visit.now).await? {
        Ok(number) => Ok(HttpResponse::Ok()
            .content_type("application/pdf")
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"diario.pdf\""))
            .body(pdf::diary_form(&number, &visit.settings.municipality, visit.texts.language))),
        Err(Refusal::NotInRegister) => refused(&visit, &fields, (field::CODE, "assistance-not-in-register")),
        Err(Refusal::NoRegister) => refused(&visit, &fields, (field::CODE, "assistance-no-register")),
    }
}

/// Takes a form up: number, day, and that the person agreed on the paper.
async fn begin(desk: Desk, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let session = visit.signed_in.as_ref().ok_or(AppError::SignInFirst)?;
    if session.assistance.is_some() {
        return Err(AppError::AssistanceFirst);
    }
    let date = fields.text(field::DATE).and_then(|text| text.parse::<NaiveDate>().ok());
    let Some(date) = date.filter(|date| may_be_told(*date, &visit)) else {
        return refused(&visit, &fields, (field::DATE, "paper-wrong-date"));
    };
    if !fields.has(field::AGREED, "si") {
        return refused(&visit, &fields, (field::AGREED, "paper-wrong-agreed"));
    }
    let number = fields.text(field::NUMBER).unwrap_or_default();
    match desk.store().begin(desk.role(), session, number, visit.now).await? {
        true => Ok(see_other(&format!("/diario/{date}/trascrizione"))),
        false => refused(&visit, &fields, (field::NUMBER, "paper-wrong-number")),
    }
}

/// Paper comes by post: later than memory is trusted, for it was written in time.
fn may_be_told(date: NaiveDate, visit: &Visit) -> bool {
    let latest = choosable_days(visit.now).first().copied();
    latest.is_some_and(|latest| date <= latest && date > latest - Duration::days(LATEST_DAYS))
}

/// The day that is being keyed in, and whose it is.
async fn taken_up(guard: &Keying, visit: &Visit, date: &str) -> Result<(Participant, StoredDiary), AppError> {
    let date = date.parse::<NaiveDate>().ok().filter(|date| may_be_told(*date, visit)).ok_or(AppError::NotFound)?;
    if guard.role().mode != Mode::Paper {
        return Err(AppError::NotFound);
    }
    let (participant, diary) = guard.store().participant_and_day(guard.role(), date).await?;
    let diary = diary.unwrap_or_else(|| StoredDiary::blank(date));
    if diary.submitted_at.is_some() { Err(AppError::NotFound) } else { Ok((participant, diary)) }
}

async fn rows(guard: Keying, visit: Visit, date: Path<String>) -> Result<HttpResponse, AppError> {
    let (_, diary) = taken_up(&guard, &visit, &date).await?;
    let rows = keying::rows_of(&diary.draft);
    Ok(html(&KeyingPage::new(&visit, &diary, &rows, 0, &[]))?)
}

/// Keeps the day as the rows tell it, and leads to the review; or adds rows; or says what is wrong, row by row.
async fn save(
    guard: Keying,
    visit: Visit,
    date: Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let (participant, diary) = taken_up(&guard, &visit, &date).await?;
    let typed: Vec<TypedRow> = keying::typed_rows(&fields);
    if fields.has(field::ACTION, "righe") {
        return Ok(html(&KeyingPage::new(&visit, &diary, &typed, keying::FEWEST_ROWS, &[]))?);
    }
    let draft = match keying::read(diary.draft.date, &typed, visit.texts.language) {
        Ok(draft) => draft,
        Err(faults) => {
            let page = KeyingPage::new(&visit, &diary, &typed, 0, &faults);
            return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
    };
    let version = fields.text(field::VERSION).and_then(|text| text.parse().ok()).unwrap_or_default();
    match guard.store().save(&participant, &diary, &draft, version, visit.now).await? {
        Saved::Yes => Ok(see_other(&format!("/diario/{}/revisione", draft.date))),
        Saved::ChangedElsewhere | Saved::AlreadySubmitted => Err(AppError::ChangedElsewhere),
    }
}
