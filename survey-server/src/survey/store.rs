//! Surveys in the database.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use questionnaires::Label;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Select, sea_query::Expr,
};

use super::{ExportKey, Link, Survey, SurveyConfig};
use crate::{
    database::entity::survey::{self, Column, Entity, Model},
    error::AppError,
    keys::{self, Keys},
};

fn link_name(survey_id: &str) -> String {
    format!("survey link {survey_id}")
}

fn export_name(survey_id: &str) -> String {
    format!("survey export {survey_id}")
}

/// What a row says of a survey, its keys opened.
pub(crate) fn opened(row: Model, keys: &Keys) -> Result<Survey, AppError> {
    let link =
        row.link_key.as_deref().map(|wrapped| keys.unwrap_key(&link_name(&row.survey_id), wrapped)).transpose()?;
    Ok(Survey {
        link: link.as_ref().map(Link::new),
        export: ExportKey::new(keys.unwrap_key(&export_name(&row.survey_id), &row.export_key)?),
        id: row.survey_id,
        title: Label::new(row.title_it, row.title_en),
        opens: row.opens_on,
        closes: row.closes_on,
    })
}

/// The current survey as it was opened last, beside the row that it was opened from: opening one derives seven keys, and every request asks
/// for it. The row is always read anew, and what it does not say any more is forgotten.
#[derive(Default)]
pub(crate) struct LastOpened(Mutex<Option<(Model, Survey)>>);

impl fmt::Debug for LastOpened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LastOpened(***)")
    }
}

impl LastOpened {
    /// What a row says of a survey, its keys opened.
    pub(crate) fn opened(&self, row: Model, keys: &Keys) -> Result<Survey, AppError> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, survey)) = last.as_ref().filter(|(seen, _)| *seen == row) {
            return Ok(survey.clone());
        }
        *last = None;
        let survey = opened(row.clone(), keys)?;
        *last = Some((row, survey.clone()));
        Ok(survey)
    }

    /// The link of that survey: a guess, until the row was read.
    pub(crate) fn link(&self) -> Option<Link> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().and_then(|(_, survey)| survey.link.clone())
    }
}

/// Every survey, by name.
pub(crate) async fn all(connection: &impl ConnectionTrait, keys: &Keys) -> Result<Vec<Survey>, AppError> {
    let rows = Entity::find().order_by_asc(Column::SurveyId).all(connection).await?;
    rows.into_iter().map(|row| opened(row, keys)).collect()
}

/// The survey that people take part in.
pub(crate) async fn current(connection: &impl ConnectionTrait, keys: &Keys) -> Result<Survey, AppError> {
    opened(row_of_current().one(connection).await?.ok_or_else(undeclared)?, keys)
}

/// The row of the survey that people take part in.
pub(crate) fn row_of_current() -> Select<Entity> {
    Entity::find().filter(Column::IsCurrent.eq(true))
}

/// What is wrong where no survey is the current one.
pub(crate) fn undeclared() -> AppError {
    AppError::StoredData("no survey was declared".to_owned())
}

/// Makes the configured survey the current one, with keys of its own when it is new.
pub(crate) async fn declare(
    transaction: &DatabaseTransaction,
    keys: &Keys,
    config: &SurveyConfig,
) -> Result<Survey, AppError> {
    let known = Entity::find_by_id(config.name.as_str()).one(transaction).await?;
    let declared = |link_key, export_key| Model {
        survey_id: config.name.clone(),
        title_it: config.title.it.clone(),
        title_en: config.title.en.clone(),
        opens_on: config.opens,
        closes_on: config.closes,
        is_current: true,
        link_key,
        export_key,
    };
    match &known {
        None => {
            let wrapped = |name: String| keys.wrap(&name, &keys::random_bytes());
            let row = declared(Some(wrapped(link_name(&config.name))), wrapped(export_name(&config.name)));
            Entity::insert(survey::ActiveModel::from(row).reset_all()).exec_without_returning(transaction).await?;
        }
        Some(row) => {
            let row_wanted = declared(row.link_key.clone(), row.export_key.clone());
            if *row != row_wanted {
                let changed = survey::ActiveModel::from(row_wanted).reset_all();
                Entity::update(changed).exec(transaction).await?;
            }
        }
    }
    Entity::update_many()
        .col_expr(Column::IsCurrent, Expr::value(false))
        .filter(Column::SurveyId.ne(config.name.as_str()))
        .filter(Column::IsCurrent.eq(true))
        .exec(transaction)
        .await?;
    current(transaction, keys).await
}

/// Wraps the keys of every survey with another master key.
pub(crate) async fn rewrap(transaction: &DatabaseTransaction, from: &Keys, to: &Keys) -> Result<(), AppError> {
    for row in Entity::find().all(transaction).await? {
        let again = |name: String, wrapped: &str| -> Result<String, AppError> {
            Ok(to.wrap(&name, &from.unwrap_key(&name, wrapped)?))
        };
        let changed = survey::ActiveModel {
            link_key: Set(row.link_key.as_deref().map(|key| again(link_name(&row.survey_id), key)).transpose()?),
            export_key: Set(again(export_name(&row.survey_id), &row.export_key)?),
            survey_id: Set(row.survey_id),
            ..Default::default()
        };
        Entity::update(changed).exec(transaction).await?;
    }
    Ok(())
}
