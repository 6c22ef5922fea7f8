//! Published versions of questionnaires, and the households that people make up together.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version = Table::create()
            .table("instrument_version")
            .col(text("instrument"))
            .col(integer("version"))
            .col(text("sha256"))
            .col(text("definition"))
            .primary_key(Index::create().col("instrument").col("version"))
            .to_owned();
        let member = Table::create()
            .table("household_member")
            .col(text("respondent_id").primary_key())
            .col(text("survey_id"))
            .col(text("household_id"))
            .to_owned();
        let code = Table::create()
            .table("household_code")
            .col(text("code_digest").primary_key())
            .col(text("survey_id"))
            .col(text("household_id"))
            .col(text("sealed"))
            .to_owned();
        for table in [version, member, code] {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["household_code", "household_member", "instrument_version"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
