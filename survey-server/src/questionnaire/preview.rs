//! A questionnaire shown before it is published: the real pages, on loopback, for whoever writes it. There is no database, and
//! answers are forgotten when the preview ends.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{Payload, Server, ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::{Next, from_fn},
    web,
};
use chrono::{DateTime, Utc};
use questionnaires::{Answers, Instrument};

use super::{
    Asking, form,
    route::{after, begin_at, is_on_route, section_named, settle, summary_path},
    store::Response,
    view::{SectionPage, SummaryPage},
};
use crate::{
    app::Settings,
    clock::SharedClock,
    error::AppError,
    web::{
        assets,
        form::{Fields, read_fields},
        headers,
        layout::{html, html_with_status, see_other},
        route,
        visit::Visit,
    },
};

/// What the pages of a preview share.
struct Preview {
    askings: Vec<Asking>,
    /// By the place in `askings`.
    kept: Mutex<Vec<Kept>>,
    settings: Arc<Settings>,
    clock: SharedClock,
    url: String,
}

#[derive(Clone, Default)]
struct Kept {
    answers: Answers,
    submitted_at: Option<DateTime<Utc>>,
}

/// A preview, bound and ready.
pub struct Bound {
    /// Where it answers.
    pub url: String,
    /// To be awaited; it stops at Ctrl-C or SIGTERM.
    pub server: Server,
}

/// Binds a preview of an instrument to a port of this computer; 0 takes a free one.
///
/// # Errors
/// When the port is taken.
pub fn bind(instrument: Instrument, port: u16, clock: SharedClock) -> io::Result<Bound> {
    let socket = TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))?;
    let askings = Asking::all_of(&Arc::new(instrument));
    // Named by its number: a browser sends the cookies of `localhost` to every port of it.
    let url = format!("http://127.0.0.1:{}", socket.local_addr()?.port());
    let preview = web::Data::new(Preview {
        kept: Mutex::new(vec![Kept::default(); askings.len()]),
        askings,
        settings: Arc::new(Settings::of_preview()),
        clock,
        url: url.clone(),
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(preview.clone())
            .configure(|config| route::register_all(config, assets::routes()))
            .route("/questionari/{name}", web::get().to(begin))
            .route("/questionari/{name}/riepilogo", web::get().to(summary))
            .route("/questionari/{name}/consegna", web::post().to(submit))
            .route("/questionari/{name}/{section}", web::get().to(section))
            .route("/questionari/{name}/{section}", web::post().to(save))
            .default_service(web::to(start))
            .wrap(from_fn(add_headers))
    })
    .workers(1)
    .listen(socket)?
    .run();
    Ok(Bound { url, server })
}

async fn add_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let mut response = next.call(request).await?.map_into_boxed_body();
    headers::add(response.headers_mut(), true);
    Ok(response)
}

impl Preview {
    fn visit(&self, request: &HttpRequest) -> Visit {
        let mut visit = Visit::of_preview(request, Arc::clone(&self.settings), self.clock.now());
        let mut settings = Settings::clone(&self.settings);
        settings.municipality = visit.text("questionnaire-preview");
        visit.settings = Arc::new(settings);
        visit
    }

    fn response(&self, name: &str) -> Result<(usize, Response), AppError> {
        let place = self.askings.iter().position(|asking| asking.path() == name).ok_or(AppError::NotFound)?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner)[place].clone();
        let asking = self.askings[place].clone();
        Ok((place, Response { asking, answers: kept.answers, submitted_at: kept.submitted_at, n_left_behind: None }))
    }

    fn keep(&self, place: usize, response: &Response) {
        let kept = Kept { answers: response.answers.clone(), submitted_at: response.submitted_at };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)[place] = kept;
    }

    /// Another site that somebody visits at the same time must not fill in the preview.
    async fn fields(&self, request: &HttpRequest, payload: web::Payload) -> Result<Fields, AppError> {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        // Our own pages send no referrer, and browsers then call the origin of their forms `null`.
        let is_own_site = header("sec-fetch-site").is_none_or(|site| ["same-origin", "none"].contains(&site));
        let is_own_origin = header("origin").is_none_or(|origin| origin == self.url || origin == "null");
        if !is_own_site || !is_own_origin {
            return Err(AppError::StaleForm);
        }
        let payload: Payload = payload.into_inner();
        read_fields(request, payload).await
    }
}

type Shared = web::Data<Preview>;

/// Everything else leads to the beginning.
async fn start(preview: Shared) -> HttpResponse {
    see_other(&preview.askings.first().map(Asking::address).unwrap_or_default())
}

async fn begin(preview: Shared, name: web::Path<String>) -> Result<HttpResponse, AppError> {
    let (_, response) = preview.response(&name)?;
    Ok(see_other(&match response.submitted_at {
        Some(_) => summary_path(&response.asking),
        None => begin_at(&response.asking, &response.answers),
    }))
}

async fn section(
    preview: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    let (_, response) = preview.response(&path.0)?;
    let section = section_named(&response.asking, &path.1)?;
    if !is_on_route(&response.asking, section, &response.answers) {
        return Ok(see_other(&summary_path(&response.asking)));
    }
    Ok(html(&SectionPage::new(&preview.visit(&request), &response, section, None))?)
}

async fn save(
    preview: Shared,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let fields = preview.fields(&request, payload).await?;
    let (place, mut response) = preview.response(&path.0)?;
    let asking = response.asking.clone();
    let section = section_named(&asking, &path.1)?;
    let mut filled = form::read(&asking.instrument, section, &fields);
    response.answers = settle(&asking, response.answers, &mut filled);
    response.submitted_at = None;
    preview.keep(place, &response);
    if !filled.problems.is_empty() {
        let page = SectionPage::new(&preview.visit(&request), &response, section, Some(&filled));
        return Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    Ok(see_other(&after(&asking, section, &response.answers)))
}

async fn summary(preview: Shared, request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, AppError> {
    let (_, response) = preview.response(&name)?;
    Ok(html(&SummaryPage::new(&preview.visit(&request), &response))?)
}

async fn submit(
    preview: Shared,
    request: HttpRequest,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    preview.fields(&request, payload).await?;
    let (place, mut response) = preview.response(&name)?;
    if response.instrument().validate(&response.answers).is_empty() {
        response.submitted_at = Some(preview.clock.now());
        preview.keep(place, &response);
    }
    Ok(see_other(&summary_path(&response.asking)))
}
