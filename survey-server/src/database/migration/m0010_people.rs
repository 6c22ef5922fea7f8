//! Help for people: assisted sessions, the mode in which a day and a consent came, and the little that is kept
//! about how a day was filled in, for those who agree to it.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let assistance = Table::create()
            .table("assistance")
            .col(text("assistance_id").primary_key())
            .col(text("operator_id"))
            .col(text_null("participant_id"))
            .col(text("mode"))
            .col(text_null("code_digest"))
            .col(big_integer("began_at"))
            .col(big_integer("expires_at"))
            .col(text("hidden"))
            .foreign_key(&mut to_identity("assistance", "operator_id"))
            .foreign_key(&mut to_identity("assistance", "participant_id"))
            .to_owned();
        let agreed = Table::create()
            .table("paradata_consent")
            .col(text("participant_id"))
            .col(text("survey_id"))
            .col(big_integer("given_at"))
            .primary_key(Index::create().col("participant_id").col("survey_id"))
            .to_owned();
        let paradata = Table::create()
            .table("paradata")
            .col(text("diary_id").primary_key())
            .col(text("device"))
            .col(integer("n_edits"))
            .col(integer("seconds_telling"))
            .col(integer("seconds_details"))
            .col(integer("seconds_review"))
            .foreign_key(
                ForeignKey::create()
                    .from("paradata", "diary_id")
                    .to("diary", "diary_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        for table in [assistance, agreed, paradata] {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("diary", text("mode").default("self").to_owned()),
            ("consent", text("means").default("self").to_owned()),
            ("session", text_null("assistance_id").to_owned()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("diary", "mode"), ("consent", "means"), ("session", "assistance_id")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        for table in ["paradata", "paradata_consent", "assistance"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn to_identity(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to("identity", "participant_id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
