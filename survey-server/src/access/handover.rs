//! From the card listener back to the main site: the sign-in page gives the browser a nonce, the card listener binds
//! its ticket to the nonce's digest, and the ticket is redeemed only by the browser that holds the nonce.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    dev::Payload,
};

use super::{
    Attempt, Reception,
    federation::{self, Departures},
    guard::{self, Anybody, Guarded},
    session::{self, Means},
    view::SignInPage,
};
use crate::{
    error::AppError,
    keys,
    web::{
        form::{self, Fields},
        layout::html,
        origin,
        route::{Route, Submits},
        visit::Visit,
    },
};

/// Holds the nonce. It must come along when the card listener, perhaps another site, sends the ticket by POST;
/// that is why it is not `SameSite=Lax`. Without a ticket it opens nothing.
const NONCE_COOKIE: &str = "__Host-tempi-accesso";

/// The field of the ticket.
pub(super) const TICKET_FIELD: &str = "biglietto";

/// Where tickets are redeemed.
pub(super) const REDEMPTION_PATH: &str = "/accesso/biglietto";

pub(super) fn routes() -> Vec<Route> {
    vec![Route::public("/accesso", sign_in_page), Route::public_form(REDEMPTION_PATH, redeem)]
}

async fn sign_in_page(
    departures: Guarded<Anybody, Departures>,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let known = request.cookie(NONCE_COOKIE).map(|cookie| cookie.value().to_owned());
    let nonce = known.unwrap_or_else(keys::random_token);
    let card_address = format!(
        "{}/accesso/carta?richiesta={}&lingua={}",
        visit.settings.card_url,
        keys::token_digest(&nonce),
        visit.texts.language.tag()
    );
    let mut response =
        html(&SignInPage::new(&visit, card_address, federation::doors(departures.store().federation())))?;
    response.add_cookie(&nonce_cookie(nonce)).map_err(|_| AppError::BadRequest("the sign-in cookie"))?;
    Ok(response)
}

async fn redeem(
    reception: Guarded<Anybody, Reception>,
    _: Attempt,
    visit: Visit,
    handed_over: HandedOver,
) -> Result<HttpResponse, AppError> {
    let reception = reception.store();
    let participant = reception.tickets.redeem(&handed_over.ticket, &handed_over.nonce, visit.now).await?;
    let mut response = session::begin(&reception.sessions, &participant, Means::Card, &visit).await?;
    let mut spent = nonce_cookie(String::new());
    spent.make_removal();
    response.add_cookie(&spent).map_err(|_| AppError::BadRequest("the sign-in cookie"))?;
    Ok(response)
}

fn nonce_cookie(nonce: String) -> Cookie<'static> {
    Cookie::build(NONCE_COOKIE, nonce).path("/").secure(true).http_only(true).same_site(SameSite::None).finish()
}

/// A ticket and the nonce that came with it. The form was shown by the card listener, so it carries no token of this
/// site: the nonce proves the browser instead.
struct HandedOver {
    ticket: String,
    nonce: String,
}

impl<A, B, C> Submits for (A, B, C, HandedOver) {}

impl FromRequest for HandedOver {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<HandedOver, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let card_listener = &guard::services(&request).settings.card_url;
            if !origin::names_no_other(card_listener, &request) {
                return Err(AppError::TicketRefused);
            }
            let fields: Fields = form::read_fields(&request, payload).await?;
            let ticket = fields.text(TICKET_FIELD).map(str::to_owned);
            let nonce = request.cookie(NONCE_COOKIE).map(|cookie| cookie.value().to_owned());
            let (ticket, nonce) = ticket.zip(nonce).ok_or(AppError::TicketRefused)?;
            Ok(HandedOver { ticket, nonce })
        })
    }
}
