//! What can go wrong while answering a request: one enum, one table from variant to status and message.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use thiserror::Error;

use crate::{keys::BrokenSeal, residents::admission::NotAdmitted};

/// Why a request is not answered as asked. Its page says what happened, what was kept and what to do next.
#[derive(Debug, Error)]
pub enum AppError {
    /// No such page.
    #[error("no such page")]
    NotFound,
    /// What was asked for is not to be had now; another answer says why, or leads on.
    #[error("another answer instead")]
    Instead(Instead),
    /// The page exists, the method does not.
    #[error("the page does not take this method")]
    MethodNotAllowed,
    /// The request cannot be read.
    #[error("the request cannot be read: {0}")]
    BadRequest(&'static str),
    /// The body is longer than a form can be.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The form does not carry the token of this browser.
    #[error("the form's token does not match")]
    StaleForm,
    /// Only who has signed in may go on.
    #[error("nobody is signed in")]
    SignInFirst,
    /// Who has signed in holds no role that may do this.
    #[error("the role for this is missing")]
    NotPermitted,
    /// What was told before an operator began to help from afar is not for the operator.
    #[error("told before the assistance began")]
    HiddenFromOperator,
    /// Somebody else is being helped: this is for the person alone, or for the officer afterwards.
    #[error("not while somebody else is being helped")]
    AssistanceFirst,
    /// An officer has signed in by means that are too weak for an officer.
    #[error("officers sign in by stronger means")]
    StrongerSignIn,
    /// A dangerous act was asked for by a session that began too long ago.
    #[error("the sign-in is too old for this")]
    SignInAgain,
    /// A dangerous act must be confirmed by somebody else, who was an administrator when it was asked for.
    #[error("another administrator must confirm")]
    SecondPerson,
    /// A request for a dangerous act was answered, has lapsed or was carried out meanwhile.
    #[error("the request is not open for this step")]
    ActClosed,
    /// A release was approved, returned or run meanwhile, and is not open for this step.
    #[error("the release is not open for this step")]
    ReleaseMoved,
    /// Another edition was approved after the release was run, which therefore may tell what the other withheld.
    #[error("the release must be run again before it is approved")]
    ReleaseOutdated,
    /// Whoever approves is the person who made it, or became an editor later.
    #[error("another editor must approve")]
    SecondEditor,
    /// The ticket of the card listener is unknown, used, late, or was issued for another browser.
    #[error("the sign-in ticket is not valid")]
    TicketRefused,
    /// The connection's card was judged already; browsers answer the status by a new connection, which reads it again.
    #[error("the card of this connection was judged before")]
    CardReadBefore,
    /// The survey is not for this person.
    #[error("not admitted: {0:?}")]
    NotAdmitted(NotAdmitted),
    /// Too many attempts from one address.
    #[error("too many attempts")]
    TooManyAttempts,
    /// Too many forms of one session.
    #[error("too many forms")]
    TooManyForms,
    /// An act that is admitted so many times an hour, and was asked for more often.
    #[error("too often in an hour")]
    TooOften,
    /// The body did not arrive in time.
    #[error("the body came too slowly")]
    TooSlow,
    /// The same thing was changed meanwhile, in another window.
    #[error("changed meanwhile elsewhere")]
    ChangedElsewhere,
    /// The survey is not open.
    #[error("the survey is not open")]
    SurveyClosed,
    /// The database has no room or may not be written.
    #[error("the database cannot be written: {0}")]
    StorageUnavailable(String),
    /// The database failed otherwise.
    #[error("database: {0}")]
    Database(String),
    /// A stored value does not read back.
    #[error("stored data: {0}")]
    StoredData(String),
    /// A page could not be drawn.
    #[error("template: {0}")]
    Template(#[from] askama::Error),
}

impl AppError {
    /// The status, and the stem of the message's keys: `error-<stem>-title` and `error-<stem>-text`.
    pub fn status_and_message(&self) -> (StatusCode, &'static str) {
        match self {
            AppError::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            AppError::Instead(Instead::Address(_)) => (StatusCode::SEE_OTHER, "not-found"),
            AppError::Instead(Instead::Page(status, _)) => (*status, "not-found"),
            AppError::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method"),
            AppError::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            AppError::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            AppError::StaleForm => (StatusCode::FORBIDDEN, "stale-form"),
            AppError::SignInFirst => (StatusCode::UNAUTHORIZED, "sign-in-first"),
            AppError::NotPermitted => (StatusCode::FORBIDDEN, "not-permitted"),
            AppError::HiddenFromOperator => (StatusCode::FORBIDDEN, "hidden-from-operator"),
            AppError::AssistanceFirst => (StatusCode::FORBIDDEN, "assistance-first"),
            AppError::StrongerSignIn => (StatusCode::FORBIDDEN, "stronger-sign-in"),
            AppError::SignInAgain => (StatusCode::UNAUTHORIZED, "sign-in-again"),
            AppError::SecondPerson => (StatusCode::FORBIDDEN, "second-person"),
            AppError::ActClosed => (StatusCode::CONFLICT, "act-closed"),
            AppError::ReleaseMoved => (StatusCode::CONFLICT, "release-moved"),
            AppError::ReleaseOutdated => (StatusCode::CONFLICT, "release-outdated"),
            AppError::SecondEditor => (StatusCode::FORBIDDEN, "second-editor"),
            AppError::TicketRefused => (StatusCode::FORBIDDEN, "ticket"),
            AppError::CardReadBefore => (StatusCode::MISDIRECTED_REQUEST, "card-again"),
            AppError::NotAdmitted(reason) => (StatusCode::FORBIDDEN, reason.stem()),
            AppError::TooManyAttempts => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            AppError::TooManyForms => (StatusCode::TOO_MANY_REQUESTS, "too-many-forms"),
            AppError::TooOften => (StatusCode::TOO_MANY_REQUESTS, "too-often"),
            AppError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too-slow"),
            AppError::ChangedElsewhere => (StatusCode::CONFLICT, "changed-elsewhere"),
            AppError::SurveyClosed => (StatusCode::CONFLICT, "survey-closed"),
            AppError::StorageUnavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "storage"),
            AppError::Database(_) | AppError::StoredData(_) | AppError::Template(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }
}

/// An answer that is given in the place of the one that was asked for.
#[derive(Debug)]
pub enum Instead {
    /// Another page of this site, to be had by GET.
    Address(String),
    /// A page that says why, as HTML.
    Page(StatusCode, String),
}

impl AppError {
    /// Who asks is led to another page of this site.
    pub(crate) fn elsewhere(path: impl Into<String>) -> AppError {
        AppError::Instead(Instead::Address(path.into()))
    }
}

impl From<BrokenSeal> for AppError {
    fn from(error: BrokenSeal) -> AppError {
        AppError::StoredData(error.to_string())
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.status_and_message().0
    }

    /// Only the status: `web::failure` draws the page, which needs the request's language and session.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
