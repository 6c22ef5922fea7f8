//! The design system and our own styles, embedded and compressed by `build.rs`, served under an address that
//! contains their hash and may therefore be kept for ever.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    web::Path,
};

use super::route::Route;
use crate::error::AppError;
use crate::publication::file::takes_gzip;

struct Asset {
    path: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The files a page needs to look like this site, as path and content: for the published site, which stands alone.
pub fn design_system() -> Vec<(String, Vec<u8>)> {
    ASSETS.iter().map(|asset| (asset.path.to_owned(), asset.plain.to_vec())).collect()
}

/// Where an asset is served.
pub(crate) fn address(path: &str) -> String {
    format!("/static/{ASSETS_HASH}/{path}")
}

/// What names the present assets: other files, another name.
pub(crate) fn version() -> &'static str {
    ASSETS_HASH
}

/// Where the assets with paths that `is_wanted` are served, in order.
pub(crate) fn addresses(is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    ASSETS.iter().filter(|asset| is_wanted(asset.path)).map(|asset| address(asset.path)).collect()
}

/// The text of an asset.
pub(crate) fn text(path: &str) -> Option<&'static str> {
    let asset = ASSETS.iter().find(|asset| asset.path == path)?;
    std::str::from_utf8(asset.plain).ok()
}

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/static/{hash}/{path:.*}", serve)]
}

async fn serve(request: HttpRequest, wanted: Path<(String, String)>) -> Result<HttpResponse, AppError> {
    let (hash, path) = wanted.into_inner();
    let asset = ASSETS.iter().find(|asset| hash == ASSETS_HASH && asset.path == path).ok_or(AppError::NotFound)?;
    let takes_gzip = takes_gzip(request.headers());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((VARY, "Accept-Encoding"));
    Ok(match asset.gzip.filter(|_| takes_gzip) {
        Some(compressed) => response.insert_header((CONTENT_ENCODING, "gzip")).body(compressed),
        None => response.body(asset.plain),
    })
}
