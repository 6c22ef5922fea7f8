//! What holds for every page: its frame, its headers, its forms, its failures.

use survey_server::{app, web::route::Audience};
use tests::site::Site;

#[test]
fn every_answer_carries_the_security_headers_and_no_page_has_inline_code() {
    let site = Site::start();
    let mut browser = site.browser();
    for (path, status) in
        [("/", 200), ("/accesso", 200), ("/privacy", 200), ("/nothing", 404), ("/area-personale", 401)]
    {
        let answer =
            browser.get(&format!("{}{path}", site.url)).expect(status, &["<!doctype html>", "Comune di Prova"]);
        let policy = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert!(answer.header("strict-transport-security").is_some(), "{path}");
        assert_eq!(answer.header("x-request-id").unwrap().len(), 32, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        for inline in [" style=\"", "<style", " onclick=", "javascript:", "http://"] {
            assert!(!answer.body.contains(inline), "{path}: {inline}");
        }
        for script in answer.body.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/static/"), "{path}: {script}");
        }
    }
}

#[test]
fn everything_a_page_links_to_is_there() {
    let site = Site::start();
    let mut browser = site.browser();
    let home = browser.get(&site.url);
    let links: Vec<&str> = home
        .body
        .split(['"', '('])
        .filter(|part| part.starts_with('/') && !part.starts_with("/area-personale"))
        .collect();
    assert!(links.len() > 8, "{links:?}");
    for link in links {
        let path = link.split(['#', '?']).next().unwrap();
        let answer = browser.get(&format!("{}{path}", site.url));
        assert!(matches!(answer.status, 200 | 303), "{path}: {}", answer.status);
    }
}

#[test]
fn assets_are_kept_for_ever_and_compressed_for_those_who_take_it() {
    let site = Site::start();
    let mut browser = site.browser();
    let home = browser.get(&site.url);
    let style = home.body.split('"').find(|part| part.ends_with("bootstrap-italia.min.css")).unwrap();
    let url = format!("{}{style}", site.url);
    let plain = browser.get(&url).expect(200, &[".it-header-wrapper"]);
    assert!(plain.header("cache-control").unwrap().contains("immutable"));
    assert_eq!(plain.header("content-encoding"), None);
    browser.headers.push(("accept-encoding".to_owned(), "gzip, br".to_owned()));
    assert_eq!(browser.get(&url).header("content-encoding"), Some("gzip"));
    browser.get(&url.replace("/static/", "/static/0")).expect(404, &[]);
    assert!(survey_server::web::assets::design_system().iter().any(|(path, _)| path == "css/bootstrap-italia.min.css"));
}

#[test]
fn a_form_without_the_token_of_its_browser_is_refused() {
    let site = Site::start_demonstration();
    let url = format!("{}/accesso/simulato", site.url);
    let (mut one, mut other) = (site.browser(), site.browser());
    let (page, others_page) = (one.get(&url), other.get(&url));
    let choice = ("cittadino", "Anna Esempio");
    one.post(&url, &[choice]).expect(403, &["Il modulo non è più valido"]);
    one.post(&url, &[choice, ("gettone", &others_page.input("gettone").unwrap())]).expect(403, &[]);
    let token = page.input("gettone").unwrap();
    one.post(&url, &[choice, ("gettone", &token)]).expect(303, &[]);
    one.post(&url, &[choice, ("gettone", &token)]).expect(403, &[]).expect(403, &["Ricarica la pagina"]);
}

#[test]
fn requests_that_cannot_be_served_get_a_page_of_the_site() {
    let site = Site::start_demonstration();
    let mut browser = site.browser();
    let at = |path: &str| format!("{}{path}", site.url);
    browser.get(&at("/questa/no")).expect(404, &["Questa pagina non esiste", "Torna alla pagina iniziale"]);
    browser.post(&at("/privacy"), &[]).expect(405, &["Questa azione non è possibile qui"]);
    let form = |kind: &str| vec![("content-type".to_owned(), kind.to_owned())];
    let broken = browser.send("POST", &at("/accesso/simulato"), &form("application/x-www-form-urlencoded"), "a=%zz");
    broken.unwrap().expect(400, &["Non siamo riusciti a leggere la richiesta"]);
    let json = browser.send("POST", &at("/accesso/simulato"), &form("application/json"), "{}");
    json.unwrap().expect(400, &[]);
    let large = "a".repeat(65 * 1024);
    browser.post(&at("/accesso/simulato"), &[("cittadino", &large)]).expect(413, &["64 kB", "al sicuro"]);
}

#[test]
fn the_language_follows_the_choice_then_the_browser() {
    let site = Site::start();
    let mut browser = site.browser();
    browser.headers.push(("accept-language".to_owned(), "en-GB, it;q=0.5".to_owned()));
    browser.get(&site.url).expect(200, &["<html lang=\"en\"", "Sign in"]);
    browser.get(&format!("{}/privacy?lingua=it", site.url)).expect(200, &["<html lang=\"it\""]);
    browser.get(&site.url).expect(200, &["<html lang=\"it\"", "Accedi"]);
}

#[test]
fn only_the_pages_of_the_public_list_are_open_to_strangers() {
    let site = Site::start();
    let settings = site.settings();
    let mut public: Vec<String> = Vec::new();
    for route in app::public_routes(&settings) {
        match route.audience {
            Audience::Public => public.push(format!("{} {}", route.method, route.path)),
            Audience::Citizens | Audience::AnyOfficer | Audience::Officers(_) | Audience::OneOf(_) => {
                let path = route.path.replace("{date}", "2026-11-20").replace(['{', '}'], "");
                let url = format!("{}{path}", site.url);
                let mut stranger = site.browser();
                let answer = match route.method.as_str() {
                    "GET" => stranger.get(&url),
                    _ => {
                        let token = stranger.get(&site.url).input("gettone").unwrap_or_default();
                        stranger.post(&url, &[("gettone", &token)])
                    }
                };
                assert_eq!(answer.status, 401, "{} {}", route.method, route.path);
            }
        }
    }
    public.sort();
    let expected = [
        "GET /",
        "GET /.well-known/openid-configuration",
        "GET /.well-known/openid-federation",
        "GET /accessibilita",
        "GET /accesso",
        "GET /accesso/chiavi",
        "GET /accesso/con/{fornitore}",
        "GET /accesso/federazione",
        "GET /accesso/ritorno/{fornitore}",
        "GET /diario/senza-rete",
        "GET /manifest.webmanifest",
        "GET /note-legali",
        "GET /openid/autorizzazione",
        "GET /openid/chiavi",
        "GET /openid/continua",
        "GET /openid/persona",
        "GET /openid/uscita",
        "GET /privacy",
        "GET /risultati",
        "GET /risultati/{path:.*}",
        "GET /salute",
        "GET /static/{hash}/{path:.*}",
        "GET /sw.js",
        "POST /accesso/biglietto",
        "POST /openid/persona",
        "POST /openid/token",
    ];
    assert_eq!(public, expected);
}

#[test]
fn health_and_results_answer_before_anything_is_published() {
    let site = Site::start();
    let mut browser = site.browser();
    browser.get(&format!("{}/salute", site.url)).expect(200, &["ok"]);
    browser.get(&format!("{}/salute", site.card_url)).expect(200, &["ok"]);
    browser.get(&format!("{}/risultati/", site.url)).expect(200, &["Non c&#39;è ancora nulla di pubblicato"]);
}

#[test]
fn a_published_edition_is_served_as_it_is() {
    let site = Site::start_with(
        |config| {
            let folder = config.key_file.with_file_name("edition");
            std::fs::create_dir_all(folder.join("dati")).unwrap();
            std::fs::write(folder.join("index.html"), "<p>La prima edizione").unwrap();
            std::fs::write(folder.join("dati/tempo.csv"), "a,b\n1,2\n").unwrap();
            config.publication = Some(folder);
        },
        false,
    );
    let mut browser = site.browser();
    assert_eq!(browser.get(&format!("{}/risultati", site.url)).header("location"), Some("/risultati/"));
    browser.get(&format!("{}/risultati/", site.url)).expect(200, &["La prima edizione"]);
    let table = browser.get(&format!("{}/risultati/dati/tempo.csv", site.url)).expect(200, &["1,2"]);
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    browser.get(&format!("{}/risultati/../server.key", site.url)).expect(404, &[]);
    browser.get(&format!("{}/risultati/%2e%2e/server.key", site.url)).expect(404, &[]);
    browser.get(&site.url).expect(200, &["Guarda i risultati"]);
}
