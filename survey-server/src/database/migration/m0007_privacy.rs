//! Identity and answers live apart: data keys, surveys, and answers under the names of respondents. Rows that older
//! versions wrote wait under `legacy_*` for the keys, with which `database::legacy` moves them.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The tables of answers, parents first.
const ANSWERS: [&str; 5] = ["response", "answer", "diary", "diary_episode", "diary_confirmation"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        put_aside(manager).await?;
        let data_key =
            Table::create().table("data_key").col(text("name").primary_key()).col(text("wrapped")).to_owned();
        let survey = Table::create()
            .table("survey")
            .col(text("survey_id").primary_key())
            .col(text("title_it"))
            .col(text("title_en"))
            .col(date_null("opens_on"))
            .col(date_null("closes_on"))
            .col(boolean("is_current"))
            .col(text_null("link_key"))
            .col(text("export_key"))
            .to_owned();
        let response = Table::create()
            .table("response")
            .col(text("respondent_id"))
            .col(text("instrument"))
            .col(text("survey_id"))
            .col(integer("instrument_version"))
            .col(boolean("submitted"))
            .col(text("sealed"))
            .primary_key(Index::create().col("respondent_id").col("instrument"))
            .foreign_key(&mut to_survey("response"))
            .to_owned();
        let answer = Table::create()
            .table("answer")
            .col(text("respondent_id"))
            .col(text("instrument"))
            .col(text("question"))
            .col(integer("position"))
            .col(text("value"))
            .primary_key(Index::create().col("respondent_id").col("instrument").col("question").col("position"))
            .foreign_key(
                ForeignKey::create()
                    .from("answer", ("respondent_id", "instrument"))
                    .to("response", ("respondent_id", "instrument"))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        let diary = Table::create()
            .table("diary")
            .col(text("diary_id").primary_key())
            .col(text("respondent_id"))
            .col(text("survey_id"))
            .col(text("month"))
            .col(text("day_kind"))
            .col(boolean("submitted"))
            .col(text("sealed"))
            .foreign_key(&mut to_survey("diary"))
            .to_owned();
        let episode = Table::create()
            .table("diary_episode")
            .col(text("diary_id"))
            .col(small_integer("start_slot"))
            .col(small_integer("end_slot"))
            .col(text_null("main"))
            .col(text_null("secondary"))
            .col(text_null("location"))
            .col(text("with_whom"))
            .col(boolean_null("device"))
            .col(small_integer_null("enjoyment"))
            .primary_key(Index::create().col("diary_id").col("start_slot"))
            .foreign_key(&mut to_diary("diary_episode"))
            .to_owned();
        let confirmation = Table::create()
            .table("diary_confirmation")
            .col(text("diary_id"))
            .col(text("issue"))
            .col(small_integer("start_slot"))
            .col(small_integer("end_slot"))
            .primary_key(Index::create().col("diary_id").col("issue").col("start_slot").col("end_slot"))
            .foreign_key(&mut to_diary("diary_confirmation"))
            .to_owned();
        for table in [data_key, survey, response, answer, diary, episode, confirmation] {
            manager.create_table(table).await?;
        }
        let by_respondent = Index::create().name("diary_respondent").table("diary").col("respondent_id").to_owned();
        manager.create_index(by_respondent).await?;
        let survey_of_consent = text("survey_id").default("").to_owned();
        manager.alter_table(Table::alter().table("consent").add_column(survey_of_consent).to_owned()).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("pseudonyms cannot be turned back: restore a backup from before this step".to_owned()))
    }
}

/// Answers that are there wait under another name; empty tables go.
async fn put_aside(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    manager.drop_index(Index::drop().name("diary_day").table("diary").to_owned()).await?;
    let backend = manager.get_database_backend();
    let mut holds_rows = false;
    for table in ["response", "diary"] {
        let any = sea_orm::Statement::from_string(backend, format!("SELECT 1 FROM {table} LIMIT 1"));
        holds_rows |= connection.query_one_raw(any).await?.is_some();
    }
    if holds_rows {
        for table in ANSWERS {
            let aside = format!("legacy_{table}");
            manager.rename_table(Table::rename().table(table, aside).to_owned()).await?;
        }
    } else {
        for table in ANSWERS.into_iter().rev() {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
    }
    Ok(())
}

fn to_survey(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "survey_id").to("survey", "survey_id").to_owned()
}

fn to_diary(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "diary_id").to("diary", "diary_id").on_delete(ForeignKeyAction::Cascade).to_owned()
}
