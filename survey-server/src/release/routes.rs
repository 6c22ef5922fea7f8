//! The pages of the desk. An analyst sees their own releases, an editor all; others find nothing (404), as if there were none.

use std::fs;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    Desk, State, answers,
    comparison::Comparison,
    early,
    folder::{self, ReleaseFolder},
    form::{self, Setting, TypedHour, TypedRelease, Wrong},
    store::{Approver, Release, Releases},
    table::{self, Filter, Review},
    view::{ComparisonPage, DefinitionPage, DeskPage, ReleasePage, ReviewPage, Reviewed, Typed},
};
use crate::{
    access::{
        guard::Guarded,
        officer::{Analyst, Editor, Officer, OneOf, ReleaseDuty},
    },
    error::AppError,
    publication::{file::EditionFile, language_of, notice, shelf},
    web::{
        form::{Fields, Submitted, TOKEN_FIELD},
        layout::{html, html_with_status, see_other},
        route::Route,
        visit::Visit,
    },
};

/// Where releases are.
pub(crate) const PATH: &str = "/ufficio/rilasci";

/// Where a release is defined. Ids are hexadecimal, so that no release has this name.
pub(super) const NEW_PATH: &str = "/ufficio/rilasci/nuovo";

pub(crate) use early::PATH as EARLY_PATH;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::one_of::<ReleaseDuty, _, _>(PATH, list),
        Route::officer_form::<Analyst, _, _>(PATH, define),
        Route::officer::<Analyst, _, _>(NEW_PATH, blank),
        Route::one_of::<ReleaseDuty, _, _>("/ufficio/rilasci/{id}", release),
        Route::officer::<Analyst, _, _>("/ufficio/rilasci/{id}/modifica", defined),
        Route::officer_form::<Analyst, _, _>("/ufficio/rilasci/{id}/modifica", redefine),
        Route::officer_form::<Analyst, _, _>("/ufficio/rilasci/{id}/annulla", cancel),
        Route::officer_form::<Analyst, _, _>("/ufficio/rilasci/{id}/proponi", submit),
        Route::officer_form::<Editor, _, _>("/ufficio/rilasci/{id}/approva", approve),
        Route::officer_form::<Editor, _, _>("/ufficio/rilasci/{id}/rimanda", send_back),
        Route::officer_form::<Editor, _, _>("/ufficio/rilasci/{id}/ritira", withdraw),
        Route::one_of::<ReleaseDuty, _, _>("/ufficio/rilasci/{id}/tabelle", review),
        Route::one_of::<ReleaseDuty, _, _>("/ufficio/rilasci/{id}/risposte", answers_review),
        Route::one_of::<ReleaseDuty, _, _>("/ufficio/rilasci/{id}/confronto", comparison),
        Route::one_of::<ReleaseDuty, _, _>("/ufficio/rilasci/{id}/bozza/{path:.*}", draft),
    ];
    routes.extend(early::routes());
    routes
}

type Visitor = Guarded<OneOf<ReleaseDuty>, Releases>;
type Maker = Guarded<Officer<Analyst>, Releases>;
type Decider = Guarded<Approver, Releases>;

async fn list(releases: Visitor, visit: Visit) -> Result<HttpResponse, AppError> {
    let has_desk = releases.store().desk().is_ok();
    let visible = if has_desk { releases.store().visible(releases.role()).await? } else { Vec::new() };
    Ok(html(&DeskPage::new(&visit, releases.role(), has_desk, &visible))?)
}

async fn blank(releases: Maker, visit: Visit) -> Result<HttpResponse, AppError> {
    let minimum = releases.store().desk()?.limits.minimum_frequency;
    Ok(html(&DefinitionPage::new(
        &visit,
        None,
        minimum,
        &releases.store().asked(),
        &TypedRelease::usual(minimum),
        &[],
    ))?)
}

async fn define(releases: Maker, visit: Visit, Submitted(fields): Submitted) -> Result<HttpResponse, AppError> {
    let typed = TypedRelease::of(&fields, TOKEN_FIELD);
    let store = releases.store();
    let desk = store.desk()?;
    let defined = match read(store, desk, &visit, &typed).await? {
        Ok(defined) => defined,
        Err(wrong) => return refused(&visit, None, store, &typed, &wrong),
    };
    let lay = |release_id: &str| lay(&ReleaseFolder::new(&desk.folder, release_id), &typed, &defined);
    let release_id = store.make(&defined.title, releases.role(), visit.now, lay).await?;
    Ok(see_other(&release_path(&release_id)))
}

async fn defined(releases: Maker, visit: Visit, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let release = releases.store().own(&id, releases.role()).await?;
    if !release.state.may_change() {
        return Err(AppError::ReleaseMoved);
    }
    let desk = releases.store().desk()?;
    let text = fs::read_to_string(ReleaseFolder::new(&desk.folder, &release.release_id).form()).map_err(unreadable)?;
    let typed: TypedRelease = serde_json::from_str(&text).map_err(|error| unreadable(error.into()))?;
    let (minimum, asked) = (desk.limits.minimum_frequency, releases.store().asked());
    Ok(html(&DefinitionPage::new(&visit, Some(&release), minimum, &asked, &typed.completed(), &[]))?)
}

async fn redefine(
    releases: Maker,
    visit: Visit,
    id: web::Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let store = releases.store();
    let release = store.own(&id, releases.role()).await?;
    if !release.state.may_change() {
        return Err(AppError::ReleaseMoved);
    }
    let desk = store.desk()?;
    let typed = TypedRelease::of(&fields, TOKEN_FIELD);
    let defined = match read(store, desk, &visit, &typed).await? {
        Ok(defined) => defined,
        Err(wrong) => return refused(&visit, Some(&release), store, &typed, &wrong),
    };
    lay(&ReleaseFolder::new(&desk.folder, &release.release_id), &typed, &defined)?;
    store.change(&release, &defined.title, releases.role(), visit.now).await?;
    Ok(see_other(&release_path(&release.release_id)))
}

async fn read(
    store: &Releases,
    desk: &Desk,
    visit: &Visit,
    typed: &TypedRelease,
) -> Result<Result<form::Defined, Vec<Wrong>>, AppError> {
    let setting = Setting {
        minimum: desk.limits.minimum_frequency,
        publisher: &desk.publisher,
        address: &format!("{}/risultati/", visit.settings.public_url),
        number: store.next_number().await?,
        asked: &store.asked(),
        has_previous: !shelf::all(&desk.publication).is_empty(),
        now: visit.now,
    };
    Ok(typed.read(&setting))
}

fn refused(
    visit: &Visit,
    release: Option<&Release>,
    store: &Releases,
    typed: &TypedRelease,
    wrong: &[Wrong],
) -> Result<HttpResponse, AppError> {
    let minimum = store.desk()?.limits.minimum_frequency;
    let page = DefinitionPage::new(visit, release, minimum, &store.asked(), typed, wrong);
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

/// Puts a definition into the folder of its release.
fn lay(folder: &ReleaseFolder, typed: &TypedRelease, defined: &form::Defined) -> Result<(), AppError> {
    let form = serde_json::to_vec(typed).map_err(|error| unreadable(error.into()))?;
    let written = folder.create().and_then(|()| {
        fs::write(folder.form(), form)?;
        fs::write(folder.plan(), &defined.plan)?;
        fs::write(folder.edition(), &defined.edition)?;
        match &defined.margins {
            Some(margins) => fs::write(folder.margins(), margins),
            None => Ok(()),
        }
    });
    written.map_err(|error| AppError::StorageUnavailable(format!("a release's folder: {error}")))
}

async fn release(releases: Visitor, visit: Visit, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let release = releases.store().seen_by(&id, releases.role()).await?;
    shown(&releases, &visit, &release).await
}

async fn shown(releases: &Visitor, visit: &Visit, release: &Release) -> Result<HttpResponse, AppError> {
    let store = releases.store();
    let names = names(store, release).await?;
    let progress = store.desk()?.progress(&release.release_id);
    let typed = Typed { hour: TypedHour::usual(visit.now), reason: String::new(), wrong: Vec::new() };
    Ok(html(&ReleasePage::new(visit, releases.role(), release, &names, progress, &typed))?)
}

/// Who made a release and who decided.
pub(super) struct Names {
    pub(super) maker: String,
    pub(super) decider: String,
}

async fn names(store: &Releases, release: &Release) -> Result<Names, AppError> {
    let decider = match &release.decided_by {
        Some(decider) => store.name(decider).await?,
        None => String::new(),
    };
    Ok(Names { maker: store.name(&release.made_by).await?, decider })
}

async fn cancel(releases: Maker, visit: Visit, id: web::Path<String>, _: Submitted) -> Result<HttpResponse, AppError> {
    let release = releases.store().own(&id, releases.role()).await?;
    releases.store().cancel(&release, releases.role(), visit.now).await?;
    Ok(see_other(&release_path(&release.release_id)))
}

async fn submit(releases: Maker, visit: Visit, id: web::Path<String>, _: Submitted) -> Result<HttpResponse, AppError> {
    let release = releases.store().own(&id, releases.role()).await?;
    releases.store().submit(&release, releases.role(), visit.now).await?;
    Ok(see_other(&release_path(&release.release_id)))
}

async fn approve(
    releases: Decider,
    visit: Visit,
    id: web::Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let store = releases.store();
    let release = store.find(&id).await?;
    let desk = store.desk()?;
    let hour = TypedHour::of(&fields);
    let embargo = match hour.read(visit.now) {
        Ok(embargo) => embargo,
        Err(wrong) => {
            return undecided(&releases, &visit, &release, Typed { hour, reason: String::new(), wrong }).await;
        }
    };
    let folder = ReleaseFolder::new(&desk.folder, &release.release_id);
    let history = folder::history(&desk.folder, &desk.survey);
    if release.state.has_result() && !folder.is_up_to_date(&history).map_err(unreadable)? {
        return Err(AppError::ReleaseOutdated);
    }
    let number = store.next_number().await?;
    store
        .approve(&release, releases.role(), number, embargo, visit.now, || {
            let draft = fs::read_to_string(folder.edition()).map_err(unreadable)?;
            let approved = form::approved_edition(&draft, number, embargo);
            let approved = approved.ok_or_else(|| AppError::StoredData("a draft that is no edition".to_owned()))?;
            fs::write(folder.approved_edition(), approved).map_err(unreadable)
        })
        .await?;
    Ok(see_other(&release_path(&release.release_id)))
}

async fn send_back(
    releases: Decider,
    visit: Visit,
    id: web::Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let store = releases.store();
    let release = store.find(&id).await?;
    let typed = fields.text(form::field::REASON).unwrap_or_default();
    match form::reason(typed) {
        Ok(reason) => store.send_back(&release, releases.role(), reason, visit.now).await?,
        Err(wrong) => return unreasoned(&releases, &visit, &release, typed, wrong).await,
    }
    Ok(see_other(&release_path(&release.release_id)))
}

/// Takes an edition back before its hour. It goes out of its place first, so that no hour overtakes the decision.
async fn withdraw(
    releases: Decider,
    visit: Visit,
    id: web::Path<String>,
    Submitted(fields): Submitted,
) -> Result<HttpResponse, AppError> {
    let store = releases.store();
    let release = store.find(&id).await?;
    let typed = fields.text(form::field::REASON).unwrap_or_default();
    let reason = match form::reason(typed) {
        Ok(reason) => reason,
        Err(wrong) => return unreasoned(&releases, &visit, &release, typed, wrong).await,
    };
    let waits = release.embargo.is_some_and(|embargo| visit.now < embargo);
    let (State::Sealed, Some(number), true) = (release.state, release.number, waits) else {
        return Err(AppError::ReleaseMoved);
    };
    let publication = &store.desk()?.publication;
    let (place, aside) = (publication.join(number.to_string()), publication.join(format!(".withdrawn-{}", *id)));
    folder::remove(&aside).and_then(|()| fs::rename(&place, &aside)).map_err(unreadable)?;
    if let Err(error) = store.withdraw(&release, releases.role(), reason, visit.now).await {
        fs::rename(&aside, &place).map_err(unreadable)?;
        return Err(error);
    }
    if let Err(error) = folder::remove(&aside) {
        tracing::warn!(%error, "a withdrawn edition was not removed");
    }
    Ok(see_other(&release_path(&release.release_id)))
}

/// The page of a release whose decision lacks a reason that tells enough.
async fn unreasoned(
    releases: &Decider,
    visit: &Visit,
    release: &Release,
    typed: &str,
    wrong: Vec<Wrong>,
) -> Result<HttpResponse, AppError> {
    let typed = Typed { hour: TypedHour::usual(visit.now), reason: typed.to_owned(), wrong };
    undecided(releases, visit, release, typed).await
}

/// The page of a release with what is wrong with a decision.
async fn undecided(
    releases: &Decider,
    visit: &Visit,
    release: &Release,
    typed: Typed,
) -> Result<HttpResponse, AppError> {
    let names = names(releases.store(), release).await?;
    let page = ReleasePage::for_editor(visit, &releases.role().role().participant_id, release, &names, &typed);
    Ok(html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

async fn review(
    releases: Visitor,
    visit: Visit,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    reviewed(&releases, &visit, &id, &request, Reviewed::Estimates).await
}

async fn answers_review(
    releases: Visitor,
    visit: Visit,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    reviewed(&releases, &visit, &id, &request, Reviewed::Answers).await
}

async fn reviewed(
    releases: &Visitor,
    visit: &Visit,
    id: &str,
    request: &HttpRequest,
    reviewed: Reviewed,
) -> Result<HttpResponse, AppError> {
    let (release, folder) = with_result(releases, id).await?;
    let filter = Filter::of(&Fields::parse(request.query_string().as_bytes())?);
    let (estimates, narrowed) = (folder.estimates(), filter.clone());
    let read = move || match reviewed {
        Reviewed::Estimates => Review::read(&estimates, &narrowed),
        Reviewed::Answers => answers::read(&estimates, &narrowed),
    };
    let review = blocking(read).await?;
    Ok(html(&ReviewPage::new(visit, &release, reviewed, &filter, &review))?)
}

async fn comparison(releases: Visitor, visit: Visit, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let (release, folder) = with_result(&releases, &id).await?;
    let read = blocking(move || {
        let activities = table::activities(&folder.estimates().join("classification.csv"))?;
        Ok((Comparison::read(&folder.comparison())?, activities))
    });
    let (comparison, activities) = read.await?;
    Ok(html(&ComparisonPage::new(&visit, &release, comparison.as_ref(), &activities))?)
}

async fn draft(releases: Visitor, visit: Visit, place: web::Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let (id, wanted) = place.into_inner();
    let (release, folder) = with_result(&releases, &id).await?;
    let notice = notice::draft(language_of(&wanted), &release_path(&release.release_id))?;
    let draft = folder.draft();
    let file = blocking(move || Ok(EditionFile::read(&draft, &wanted))).await?.ok_or(AppError::NotFound)?;
    let _ = visit;
    Ok(file.under(&notice).for_one())
}

async fn with_result(releases: &Visitor, id: &str) -> Result<(Release, ReleaseFolder), AppError> {
    let release = releases.store().seen_by(id, releases.role()).await?;
    if !release.state.has_result() {
        return Err(AppError::NotFound);
    }
    let folder = ReleaseFolder::new(&releases.store().desk()?.folder, &release.release_id);
    Ok((release, folder))
}

/// Reads on a thread of its own: no other request waits.
pub(super) async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, AppError> {
    web::block(read).await.map_err(|_| AppError::NotFound)?.map_err(unreadable)
}

/// Where a release is seen.
pub(super) fn release_path(release_id: &str) -> String {
    format!("{PATH}/{release_id}")
}

fn unreadable(error: std::io::Error) -> AppError {
    AppError::StoredData(format!("a release's folder: {error}"))
}
