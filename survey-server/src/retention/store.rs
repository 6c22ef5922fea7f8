//! Retention in the database.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::Applied;
use crate::{
    app::SessionLifetime,
    audit::{Act, Verb},
    clock::italian_time,
    config::RetentionConfig,
    database::{
        Database,
        entity::{
            audit_log, consent, diary, identity, officer_grant, response, session, survey as survey_entity, ticket,
        },
        rows,
    },
    error::AppError,
    household, keys, privacy,
    residents::{sample, store as register},
    survey::{self, Link, Survey},
};

/// When the limits were applied last, or else when the audit log began.
pub(super) async fn last_run(database: &Database) -> Result<Option<DateTime<Utc>>, AppError> {
    let connection = database.connection();
    let applied = audit_log::Entity::find()
        .filter(audit_log::Column::Verb.eq(Verb::RetentionApplied.text()))
        .order_by_desc(audit_log::Column::Sequence)
        .one(connection)
        .await?;
    let row = match applied {
        Some(row) => Some(row),
        None => audit_log::Entity::find().order_by_asc(audit_log::Column::Sequence).one(connection).await?,
    };
    Ok(row.and_then(|row| DateTime::from_timestamp(row.at, 0)))
}

/// Applies every limit.
pub(super) async fn apply(
    database: &Database,
    config: &RetentionConfig,
    sessions: SessionLifetime,
    now: DateTime<Utc>,
) -> Result<Applied, AppError> {
    let transaction = database.begin_write().await?;
    let mut applied = Applied { n_sessions: dead_sessions(&transaction, sessions, now).await?, ..Applied::default() };
    let surveys = survey::store::all(&transaction, database.keys()?).await?;
    for survey in &surveys {
        let Some(link) = &survey.link else { continue };
        if is_over(survey, config, now) {
            make_anonymous(&transaction, survey, link).await?;
            applied.n_surveys += 1;
        } else {
            household::store::sweep_codes(&transaction, survey, link, now).await?;
            applied.n_drafts += old_drafts(&transaction, survey, link, now - config.drafts).await?;
        }
    }
    applied.n_identities = identities_without_use(&transaction, now - config.drafts, applied.n_surveys > 0).await?;
    let audit = database.audit();
    applied.n_residents = register::forget_older(&transaction, &audit, now - config.register, now).await?;
    // A sample serves the survey it was drawn for; once nothing leads to that one's people, it serves nothing.
    let over = surveys.iter().filter(|survey| survey.link.is_none() || is_over(survey, config, now));
    if let Some(last) = over.filter_map(|survey| survey.closes).max() {
        applied.n_sampled = sample::store::forget_drawn_until(&transaction, &audit, last, now).await?;
    }
    let act = Act::of_system("retention", Verb::RetentionApplied, applied.to_string());
    database.audit().record(&transaction, &act, now).await?;
    transaction.commit().await?;
    applied.n_audit_rows = database.audit().archive(now - config.audit, config.audit_archive.as_deref(), now).await?;
    Ok(applied)
}

/// Whether a survey's answers are to be separated from people.
fn is_over(survey: &Survey, config: &RetentionConfig, now: DateTime<Utc>) -> bool {
    let today = italian_time(now).date();
    let days = u64::try_from(config.linked.num_days()).unwrap_or(0);
    survey.closes.and_then(|closes| closes.checked_add_days(Days::new(days))).is_some_and(|last| last < today)
}

async fn dead_sessions(
    transaction: &DatabaseTransaction,
    lifetime: SessionLifetime,
    now: DateTime<Utc>,
) -> Result<u64, AppError> {
    let seconds = now.timestamp();
    let dead = Condition::any()
        .add(session::Column::LastUsedAt.lte(seconds - lifetime.idle.num_seconds()))
        .add(session::Column::CreatedAt.lte(seconds - lifetime.absolute.num_seconds()));
    let swept = session::Entity::delete_many().filter(dead).exec(transaction).await?;
    ticket::Entity::delete_many().filter(ticket::Column::ExpiresAt.lt(seconds)).exec(transaction).await?;
    Ok(swept.rows_affected)
}

/// Deletes what was begun, not handed in, and not changed since `before`.
async fn old_drafts(
    transaction: &DatabaseTransaction,
    survey: &Survey,
    link: &Link,
    before: DateTime<Utc>,
) -> Result<u64, AppError> {
    let mut n_drafts = 0;
    let open =
        Condition::all().add(diary::Column::Submitted.eq(false)).add(diary::Column::SurveyId.eq(survey.id.as_str()));
    for row in diary::Entity::find().filter(open).all(transaction).await? {
        if rows::open_day(link, &row)?.updated_at < before {
            n_drafts += diary::Entity::delete_by_id(row.diary_id).exec(transaction).await?.rows_affected;
        }
    }
    let open = Condition::all()
        .add(response::Column::Submitted.eq(false))
        .add(response::Column::SurveyId.eq(survey.id.as_str()));
    for row in response::Entity::find().filter(open).all(transaction).await? {
        if rows::open_response(link, &row)?.0 < before {
            let key = (row.respondent_id, row.instrument);
            n_drafts += response::Entity::delete_by_id(key).exec(transaction).await?.rows_affected;
        }
    }
    Ok(n_drafts)
}

/// Destroys what ties a survey's answers to people. What was not handed in, or not agreed to any more, goes first.
async fn make_anonymous(transaction: &DatabaseTransaction, survey: &Survey, link: &Link) -> Result<(), AppError> {
    let id = survey.id.as_str();
    diary::Entity::delete_many()
        .filter(diary::Column::SurveyId.eq(id))
        .filter(diary::Column::Submitted.eq(false))
        .exec(transaction)
        .await?;
    response::Entity::delete_many()
        .filter(response::Column::SurveyId.eq(id))
        .filter(response::Column::Submitted.eq(false))
        .exec(transaction)
        .await?;
    let agreed: BTreeSet<String> = privacy::store::respondents(transaction, id, link).await?.into_iter().collect();
    let days = diary::Entity::find().filter(diary::Column::SurveyId.eq(id)).all(transaction).await?;
    let responses = response::Entity::find().filter(response::Column::SurveyId.eq(id)).all(transaction).await?;
    let told = days.into_iter().map(|row| row.respondent_id);
    let told: BTreeSet<String> = told.chain(responses.into_iter().map(|row| row.respondent_id)).collect();
    household::store::make_anonymous(transaction, id, &agreed).await?;
    for respondent in told.difference(&agreed) {
        diary::Entity::delete_many()
            .filter(diary::Column::RespondentId.eq(respondent.as_str()))
            .exec(transaction)
            .await?;
        response::Entity::delete_many()
            .filter(response::Column::RespondentId.eq(respondent.as_str()))
            .exec(transaction)
            .await?;
    }
    diary::Entity::update_many()
        .col_expr(diary::Column::Sealed, Expr::value(""))
        .filter(diary::Column::SurveyId.eq(id))
        .exec(transaction)
        .await?;
    response::Entity::update_many()
        .col_expr(response::Column::Sealed, Expr::value(""))
        .filter(response::Column::SurveyId.eq(id))
        .exec(transaction)
        .await?;
    survey_entity::Entity::update_many()
        .col_expr(survey_entity::Column::LinkKey, Expr::value(Option::<String>::None))
        .filter(survey_entity::Column::SurveyId.eq(id))
        .exec(transaction)
        .await?;
    let consents = consent::Entity::find().filter(consent::Column::SurveyId.eq(id)).all(transaction).await?;
    for row in consents {
        nameless(transaction, row, &keys::random_id()).await?;
    }
    Ok(())
}

/// Keeps that there was a consent, and on which day, under a name that is nobody's.
pub(crate) async fn nameless(
    transaction: &DatabaseTransaction,
    row: consent::Model,
    name: &str,
) -> Result<(), AppError> {
    const DAY: i64 = 86_400;
    let day = |seconds: i64| seconds.div_euclid(DAY) * DAY;
    let changed = consent::ActiveModel {
        consent_id: Set(row.consent_id),
        participant_id: Set(name.to_owned()),
        given_at: Set(day(row.given_at)),
        withdrawn_at: Set(row.withdrawn_at.map(day)),
        ..Default::default()
    };
    consent::Entity::update(changed).exec(transaction).await?;
    Ok(())
}

/// Deletes identities that nothing needs: without a consent, a living session or a role, and not new since `before`;
/// those whose survey has just been made anonymous at once.
async fn identities_without_use(
    transaction: &DatabaseTransaction,
    before: DateTime<Utc>,
    a_survey_ended: bool,
) -> Result<u64, AppError> {
    let in_use = |participants: Vec<String>| participants.into_iter().collect::<BTreeSet<String>>();
    let consents = consent::Entity::find().select_only().column(consent::Column::ParticipantId).into_tuple();
    let mut used = in_use(consents.all(transaction).await?);
    let grants = officer_grant::Entity::find().select_only().column(officer_grant::Column::ParticipantId).into_tuple();
    used.extend(in_use(grants.all(transaction).await?));
    let sessions = session::Entity::find().select_only().column(session::Column::ParticipantId).into_tuple();
    let living = in_use(sessions.all(transaction).await?);
    let mut n_identities = 0;
    for row in identity::Entity::find().all(transaction).await? {
        let is_new = row.created_at >= before.timestamp();
        let is_kept =
            used.contains(&row.participant_id) || (!a_survey_ended && (is_new || living.contains(&row.participant_id)));
        if !is_kept {
            n_identities += identity::Entity::delete_by_id(row.participant_id).exec(transaction).await?.rows_affected;
        }
    }
    Ok(n_identities)
}
