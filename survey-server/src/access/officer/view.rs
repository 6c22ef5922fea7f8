//! What the page of roles shows.

use askama::Template;

use super::{
    Grant, GrantRefusal, OfficerRole,
    form::{LONGEST_NAME, TypedGrant, Wrong, field},
    routes::{PATH, REVOKE_PATH},
};
use crate::{
    clock::italian_time,
    web::{date, field_error::FieldErrorView, layout::Page, visit::Visit},
};

/// Every grant, and the form for a new one.
#[derive(Template)]
#[template(path = "access/grants.html")]
pub(super) struct GrantsPage {
    page: Page,
    errors: Vec<FieldErrorView>,
    refused: Option<String>,
    in_force: Vec<GrantView>,
    ended: Vec<GrantView>,
    roles: Vec<RoleChoice>,
    code: FieldView,
    name: FieldView,
    role: FieldView,
    until: FieldView,
    grant_path: &'static str,
    revoke_path: &'static str,
    grant_field: &'static str,
    longest_name: usize,
}

struct GrantView {
    grant_id: String,
    role: String,
    name: String,
    code: String,
    /// Until when, or when and how it ended.
    end: String,
}

struct RoleChoice {
    value: &'static str,
    id: String,
    text: String,
    help: String,
    is_chosen: bool,
}

struct FieldView {
    name: &'static str,
    typed: String,
    error: Option<String>,
}

/// The name of a role.
pub(crate) fn role_text(visit: &Visit, role: OfficerRole) -> String {
    visit.text(&format!("role-{role}"))
}

impl GrantsPage {
    pub(super) fn new(
        visit: &Visit,
        grants: &[Grant],
        typed: TypedGrant,
        wrong: &[Wrong],
        refused: Option<GrantRefusal>,
    ) -> GrantsPage {
        let (in_force, ended): (Vec<&Grant>, Vec<&Grant>) =
            grants.iter().partition(|grant| grant.is_in_force(visit.now));
        let error = |name: &str| wrong.iter().find(|(field, _)| *field == name).map(|(_, key)| visit.text(key));
        let field = |name: &'static str, typed: &str| FieldView { name, typed: typed.to_owned(), error: error(name) };
        let choice = |role: OfficerRole| RoleChoice {
            value: role.name(),
            id: format!("{}-{role}", field::ROLE),
            text: role_text(visit, role),
            help: visit.text(&format!("role-{role}-help")),
            is_chosen: typed.role == role.name(),
        };
        let summary = |(name, key): &Wrong| {
            let target =
                if *name == field::ROLE { format!("{name}-{}", OfficerRole::ALL[0]) } else { (*name).to_owned() };
            FieldErrorView::new(target, &visit.text(&format!("grants-field-{name}")), &visit.text(key))
        };
        GrantsPage {
            page: visit.page(visit.text("grants-title")),
            errors: wrong.iter().map(summary).collect(),
            refused: refused.map(|refusal| visit.text(refusal.key())),
            in_force: in_force.into_iter().map(|grant| view(visit, grant)).collect(),
            ended: ended.into_iter().map(|grant| view(visit, grant)).collect(),
            roles: OfficerRole::ALL.map(choice).into(),
            code: field(field::CODE, &typed.code),
            name: field(field::NAME, &typed.name),
            role: field(field::ROLE, &typed.role),
            until: field(field::UNTIL, &typed.until),
            grant_path: PATH,
            revoke_path: REVOKE_PATH,
            grant_field: field::GRANT,
            longest_name: LONGEST_NAME,
        }
    }
}

fn view(visit: &Visit, grant: &Grant) -> GrantView {
    let end = match grant.revoked_at {
        Some(instant) => {
            visit.texts.text_with("grants-revoked", &[("date", date::long_instant(&visit.texts, instant).into())])
        }
        None => until_text(visit, grant.until, grant.is_in_force(visit.now)),
    };
    GrantView {
        grant_id: grant.grant_id.clone(),
        role: role_text(visit, grant.role),
        name: if grant.name.is_empty() { visit.text("grants-no-name") } else { grant.name.clone() },
        code: grant.masked_code.clone(),
        end,
    }
}

/// Until which day a role holds or held. The end is the midnight after the day.
pub(crate) fn until_text(visit: &Visit, until: chrono::DateTime<chrono::Utc>, holds: bool) -> String {
    let day = italian_time(until - chrono::Duration::seconds(1)).date();
    let key = if holds { "grants-until" } else { "grants-ended" };
    visit.texts.text_with(key, &[("date", date::long_date(&visit.texts, day).into())])
}
