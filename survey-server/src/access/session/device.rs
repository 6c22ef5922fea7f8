//! A coarse description of a device, by which people recognise their own sessions: the browser's family and the kind
//! of device. Versions, models and addresses are not kept.

use actix_web::{HttpRequest, http::header::USER_AGENT};

/// A browser's family and the kind of device, as the names by which they are stored. Their texts are
/// `session-browser-<name>` and `session-device-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) browser: &'static str,
    pub(crate) kind: &'static str,
}

/// What a `User-Agent` holds by browser, the first that fits. Most browsers name others too, so the order matters.
const BROWSERS: [(&str, &[&str]); 6] = [
    ("edge", &["Edg/", "EdgA/", "EdgiOS/"]),
    ("opera", &["OPR/", "Opera"]),
    ("samsung", &["SamsungBrowser/"]),
    ("firefox", &["Firefox/", "FxiOS/"]),
    ("chrome", &["Chrome/", "Chromium/", "CriOS/", "HeadlessChrome/"]),
    ("safari", &["Safari/"]),
];

const COMPUTERS: &[&str] = &["Windows NT", "Macintosh", "X11", "CrOS"];

/// What neither list knows.
const OTHER: &str = "other";

impl Device {
    /// Every family of browsers.
    #[cfg(test)]
    pub(super) const BROWSERS: [&str; 7] = ["edge", "opera", "samsung", "firefox", "chrome", "safari", OTHER];

    /// Every kind of device.
    #[cfg(test)]
    pub(super) const KINDS: [&str; 4] = ["tablet", "phone", "computer", OTHER];

    /// The device of a request.
    pub(crate) fn of(request: &HttpRequest) -> Device {
        Device::read(request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default())
    }

    fn read(user_agent: &str) -> Device {
        let says = |words: &[&str]| words.iter().any(|word| user_agent.contains(word));
        let browser = BROWSERS.iter().find(|(_, words)| says(words)).map_or(OTHER, |(name, _)| name);
        let kind = if says(&["iPad", "Tablet"]) || (says(&["Android"]) && !says(&["Mobile"])) {
            "tablet"
        } else if says(&["Mobi", "iPhone"]) {
            "phone"
        } else if says(COMPUTERS) {
            "computer"
        } else {
            OTHER
        };
        Device { browser, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(user_agent: &str, browser: &str, kind: &str) {
        let device = Device::read(user_agent);
        assert_eq!((device.browser, device.kind), (browser, kind));
        assert!(Device::BROWSERS.contains(&device.browser) && Device::KINDS.contains(&device.kind));
    }

    /// Strings as the browsers' documentation gives them.
    #[test]
    fn a_device_is_told_by_family_and_kind_only() {
        check("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "firefox", "computer");
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "edge",
            "computer",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "safari",
            "phone",
        );
        check(
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "chrome",
            "phone",
        );
        check(
            "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Safari/537.36",
            "samsung",
            "tablet",
        );
        check("", "other", "other");
        check("curl/8.0", "other", "other");
    }
}
