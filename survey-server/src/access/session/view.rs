//! What the page of one's own sessions shows.

use askama::Template;

use super::{
    Means,
    routes::{END_OTHERS_PATH, END_PATH, SESSION_FIELD},
    store::OwnSession,
};
use crate::web::{date, layout::Page, visit::Visit};

/// One's own sessions.
#[derive(Template)]
#[template(path = "access/sessions.html")]
pub(super) struct SessionsPage {
    page: Page,
    sessions: Vec<SessionView>,
    end_path: &'static str,
    end_others_path: &'static str,
    session_field: &'static str,
}

struct SessionView {
    session_id: String,
    device: String,
    means: String,
    began: String,
    last_used: String,
    is_this: bool,
}

impl SessionsPage {
    pub(super) fn new(visit: &Visit, sessions: Vec<OwnSession>) -> SessionsPage {
        let this = visit.signed_in.as_ref().map(|session| session.session_id.clone());
        let view = |session: OwnSession| {
            let browser = visit.text(&format!("session-browser-{}", session.browser));
            let kind = visit.text(&format!("session-device-{}", session.device));
            SessionView {
                device: visit.texts.text_with("session-device", &[("browser", browser.into()), ("kind", kind.into())]),
                means: means(visit, &session.means),
                began: date::long_instant(&visit.texts, session.began_at),
                last_used: date::long_instant(&visit.texts, session.last_used_at),
                is_this: this.as_ref() == Some(&session.session_id),
                session_id: session.session_id,
            }
        };
        SessionsPage {
            page: visit.page(visit.text("sessions-title")),
            sessions: sessions.into_iter().map(view).collect(),
            end_path: END_PATH,
            end_others_path: END_OTHERS_PATH,
            session_field: SESSION_FIELD,
        }
    }
}

fn means(visit: &Visit, means: &Means) -> String {
    let key = format!("session-means-{}", means.name());
    match means {
        Means::Card | Means::Simulated => visit.text(&key),
        Means::Federated { provider, level } => {
            let details = [("provider", provider.as_str().into()), ("level", level.to_string().into())];
            visit.texts.text_with(&key, &details)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        access::session::{Device, Means},
        i18n::is_translated,
    };

    #[test]
    fn every_means_and_device_has_words() {
        let federated = Means::Federated { provider: String::new(), level: 2 };
        let means = [Means::Card, federated, Means::Simulated].map(|means| format!("session-means-{}", means.name()));
        let browsers = Device::BROWSERS.map(|name| format!("session-browser-{name}"));
        let kinds = Device::KINDS.map(|name| format!("session-device-{name}"));
        for key in means.iter().chain(&browsers).chain(&kinds) {
            assert!(is_translated(key), "{key}");
        }
    }
}
