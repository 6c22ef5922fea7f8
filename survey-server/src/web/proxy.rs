//! Reverse proxies: from whom headers about the client are believed, and what they say of its address.

use std::net::IpAddr;

use actix_web::{HttpRequest, web};

use crate::{access::guard, app::Site, config::ProxyConfig};

/// In which proxies say where a request comes from. They append to what the client sent, so only its end is believed.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Which listeners stand behind proxies, and behind which.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxies' addresses and what they send.
    pub config: ProxyConfig,
    /// Whether the public site stands behind them.
    pub before_public: bool,
    /// Whether the card listener does.
    pub before_card: bool,
}

impl Proxies {
    /// Whether the listener of `site` takes the word of proxies.
    pub(crate) fn stand_before(&self, site: Site) -> bool {
        match site {
            Site::Main => self.before_public,
            Site::Card => self.before_card,
        }
    }

    fn is_one(&self, address: IpAddr) -> bool {
        self.config.addresses.contains(&address.to_canonical())
    }
}

/// Whether a request came over a proxy that is believed.
pub(crate) fn is_believed(request: &HttpRequest) -> bool {
    let proxies = &guard::services(request).settings.proxies;
    let site = request.app_data::<web::Data<Site>>().map(|site| *site.get_ref());
    let peer = request.peer_addr().map(|peer| peer.ip());
    site.zip(peer).is_some_and(|(site, peer)| proxies.stand_before(site) && proxies.is_one(peer))
}

/// The address of the client: of the connection, or what a believed proxy says. Of several addresses in the header the last
/// counts that is not a proxy's; where it cannot be read, the proxy's own counts, so that nobody escapes the count.
pub(crate) fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    if !is_believed(request) {
        return Some(peer);
    }
    let proxies = &guard::services(request).settings.proxies;
    let headers: Option<Vec<&str>> =
        request.headers().get_all(FORWARDED_FOR).map(|value| value.to_str().ok()).collect();
    let all = headers.unwrap_or_default().join(",");
    let addresses = all.rsplit(',').map(|text| text.trim().parse::<IpAddr>().map(|address| address.to_canonical()));
    let mut foreign = addresses.skip_while(|address| address.as_ref().is_ok_and(|address| proxies.is_one(*address)));
    Some(foreign.next().and_then(Result::ok).unwrap_or(peer))
}
