//! What makes the site installable and its diary usable without network: the manifest of the application and the service worker.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
};
use serde_json::json;

use super::{assets, route::Route, visit::Visit};

/// The colour of the application's bar, as in the layout.
const THEME: &str = "#0066cc";

/// The icons, made from `icon.svg` with `rsvg-convert`, which draws the same each time: name, size, purpose.
const ICONS: [(&str, &str, &str); 3] = [
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::public("/manifest.webmanifest", manifest), Route::public("/sw.js", service_worker)]
}

async fn manifest(visit: Visit) -> HttpResponse {
    let icon = |&(name, sizes, purpose): &(&str, &str, &str)| json!({ "src": assets::address(name), "sizes": sizes, "type": "image/png", "purpose": purpose });
    let manifest = json!({
        "id": "/diario",
        "name": format!("{} · {}", visit.settings.site_name, visit.settings.municipality),
        "short_name": visit.settings.site_name,
        "description": visit.text("tagline"),
        "lang": visit.texts.language.tag(),
        "dir": "ltr",
        "start_url": "/diario",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": THEME,
        "icons": ICONS.iter().map(icon).collect::<Vec<_>>(),
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/manifest+json"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(manifest.to_string())
}

/// The service worker, told which files it may keep. It lies at the root, so that it may answer for `/diario`; browsers ask whether it is
/// new each time they look, and its text changes whenever a file does.
async fn service_worker(visit: Visit) -> HttpResponse {
    let language = visit.texts.language.tag();
    let kept = json!({
        "version": assets::version(),
        "language": language,
        "files": assets::addresses(|path| is_kept(path, language)),
    });
    let script = assets::text("sw.js").unwrap_or_default();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(format!("const TEMPI = {kept};\n{script}"))
}

/// Whether a page of the diary needs an asset.
fn is_kept(path: &str, language: &str) -> bool {
    match path {
        "sw.js" | "handover.js" => false,
        path if path.ends_with(".txt") || path.ends_with(".png") => false,
        path => path.strip_prefix("words-").is_none_or(|rest| rest == format!("{language}.js")),
    }
}
