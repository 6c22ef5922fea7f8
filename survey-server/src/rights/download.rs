//! Everything that is held about a person, as JSON for other programs. The names of the fields do not change with the
//! language.

use questionnaires::{DiaryDraft, Language};
use serde::Serialize;
use serde_json::json;

use super::{register, store::Held, view};
use crate::{
    database::entity::paradata,
    diary::{Origin, store::StoredDiary},
    web::visit::Visit,
};

/// The file.
#[derive(Debug, Serialize)]
pub(super) struct Download(serde_json::Value);

impl Download {
    pub(super) fn new(visit: &Visit, held: &Held) -> Download {
        let language = visit.texts.language;
        let instant = |seconds: i64| chrono::DateTime::from_timestamp(seconds, 0).map(|instant| instant.to_rfc3339());
        let consents = held.consents.iter().map(|row| {
            json!({
                "survey": row.survey_id,
                "notice_version": row.notice_version,
                "given_at": instant(row.given_at),
                "withdrawn_at": row.withdrawn_at.and_then(instant),
            })
        });
        let sessions = held.sessions.iter().map(|row| {
            json!({
                "began_at": instant(row.created_at),
                "last_used_at": instant(row.last_used_at),
                "means": row.means,
                "provider": row.provider,
                "browser": row.browser,
                "device": row.device,
            })
        });
        let grants = held.grants.iter().map(|row| {
            json!({
                "role": row.role,
                "name": row.name,
                "granted_at": instant(row.granted_at),
                "expires_at": instant(row.expires_at),
                "revoked_at": row.revoked_at.and_then(instant),
            })
        });
        let agreements = held
            .agreements
            .iter()
            .map(|row| json!({ "portal": row.client_id, "claims": row.claims, "given_at": instant(row.given_at) }));
        let surveys = held.surveys.iter().map(|told| {
            let responses = told.responses.iter().filter(|response| !response.answers.0.is_empty());
            let questionnaires = responses.map(|response| {
                let answers = response.answers.rows();
                let answers =
                    answers.into_iter().map(|(question, value)| json!({ "question": question, "value": value }));
                json!({
                    "questionnaire": response.asking.key(),
                    "version": response.instrument().version,
                    "handed_in": response.submitted_at.map(|instant| instant.to_rfc3339()),
                    "answers": answers.collect::<Vec<_>>(),
                })
            });
            json!({
                "survey": told.survey.id,
                "title": told.survey.title.text(language),
                "household_members": told.n_household,
                "questionnaires": questionnaires.collect::<Vec<_>>(),
                "days": told.diaries.iter().map(|diary| day(diary, told.paradata.get(&diary.draft.date), language)).collect::<Vec<_>>(),
            })
        });
        let log = held.log.iter().map(|row| {
            json!({
                "at": view::to_the_hour(row.at).map(|hour| hour.to_rfc3339()),
                "by": row.actor_kind,
                "role": row.actor_role,
                "what": row.verb,
                "detail": row.detail,
            })
        });
        let exports = held
            .exports
            .iter()
            .map(|row| json!({ "at": view::to_the_hour(row.at).map(|hour| hour.to_rfc3339()), "detail": row.detail }));
        Download(json!({
            "made_at": visit.now.to_rfc3339(),
            "fiscal_code": held.fiscal_code,
            "known_since": held.known_since.map(|instant| instant.to_rfc3339()),
            "register": register::for_programs(&held.register),
            "city_user": held.city_user.as_ref().map(register::city_user_for_programs),
            "consents": consents.collect::<Vec<_>>(),
            "sessions": sessions.collect::<Vec<_>>(),
            "roles": grants.collect::<Vec<_>>(),
            "agreements": agreements.collect::<Vec<_>>(),
            "surveys": surveys.collect::<Vec<_>>(),
            "record": log.collect::<Vec<_>>(),
            "exports": exports.collect::<Vec<_>>(),
        }))
    }

    pub(super) fn to_json(&self) -> String {
        let mut json = format!("{:#}", self.0);
        json.push('\n');
        json
    }
}

fn day(diary: &StoredDiary, paradata: Option<&paradata::Model>, language: Language) -> serde_json::Value {
    let draft: &DiaryDraft = &diary.draft;
    let told = draft.episodes().into_iter().filter(|episode| episode.fields != Default::default());
    let episodes = told.map(|episode| {
        let fields = episode.fields;
        json!({
            "from": episode.span.start().to_string(),
            "to": episode.span.end().to_string(),
            "activity": fields.main.map(|main| main.0.to_string()),
            "activity_label": fields.main.map(|main| main.0.label().text(language)),
            "secondary": fields.secondary.map(|secondary| secondary.0.to_string()),
            "place": fields.location.map(|location| location.code()),
            "with_whom": fields.with_whom.code(),
            "device": fields.device,
            "enjoyment": fields.enjoyment.map(|enjoyment| enjoyment.value()),
        })
    });
    json!({
        "date": draft.date.to_string(),
        "handed_in": diary.submitted_at.map(|instant| instant.to_rfc3339()),
        "copied_from": diary.copied_from.map(Origin::name),
        "episodes": episodes.collect::<Vec<_>>(),
        "confirmed": diary.confirmed.iter().map(|issue| issue.code.code()).collect::<Vec<_>>(),
        "filled_in": paradata.map(|kept| json!({
            "device": kept.device,
            "edits": kept.n_edits,
            "seconds_telling": kept.seconds_telling,
            "seconds_details": kept.seconds_details,
            "seconds_review": kept.seconds_review,
        })),
    })
}
