//! Which site a form comes from, as far as the browser says: a second lock beside the token of the form.

use actix_web::{
    HttpRequest,
    http::header::{HeaderName, ORIGIN},
};

/// What every present browser says of a request over HTTPS (Fetch Metadata, W3C).
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether nothing in the request says that it was sent by another site than `own`, an origin. Pages that say
/// `Referrer-Policy: no-referrer`, as ours do, send `Origin: null` with their own forms (Fetch, 3.1), which therefore
/// proves nothing; `Sec-Fetch-Site` does. Old browsers say neither, and the token decides alone.
pub(crate) fn may_be_from(own: &str, request: &HttpRequest) -> bool {
    // `none`: the person themselves, by reloading for example.
    let is_own_page =
        all(request, &FETCH_SITE).all(|site| site.is_some_and(|site| ["same-origin", "none"].contains(&site)));
    is_own_page && names_no_other(own, request)
}

/// The same for a form that a page of the site `own` sends to another: the browser then says that sites differ, and only
/// their names can be compared.
pub(crate) fn names_no_other(own: &str, request: &HttpRequest) -> bool {
    all(request, &ORIGIN).all(|origin| origin.is_some_and(|origin| origin == "null" || is_same(origin, own)))
}

fn all<'a>(request: &'a HttpRequest, name: &'a HeaderName) -> impl Iterator<Item = Option<&'a str>> {
    request.headers().get_all(name).map(|value| value.to_str().ok())
}

/// Origins are compared without case and without the port that https has anyway.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |origin: &str| origin.trim_end_matches(":443").to_ascii_lowercase();
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const OWN: &str = "https://tempi.example.it";

    #[test]
    fn what_says_that_it_comes_from_elsewhere_is_not_believed() {
        let judged = |headers: &[(&'static str, &'static str)]| {
            let request = headers.iter().fold(TestRequest::post(), |request, header| request.append_header(*header));
            may_be_from(OWN, &request.to_http_request())
        };
        assert!(judged(&[]));
        assert!(judged(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(judged(&[("sec-fetch-site", "none")]));
        assert!(judged(&[("origin", "https://Tempi.example.it:443")]));
        for headers in [
            &[("sec-fetch-site", "cross-site"), ("origin", "null")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "null")],
            &[("origin", "https://evil.example.it")],
            &[("origin", "http://tempi.example.it")],
            &[("origin", "https://tempi.example.it:8444")],
            &[("origin", "https://tempi.example.it.evil.example.it")],
            &[("origin", OWN), ("origin", "https://evil.example.it")],
        ] {
            assert!(!judged(headers), "{headers:?}");
        }
    }
}
