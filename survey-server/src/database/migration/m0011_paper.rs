//! Diaries on paper, by the keyed digest of the number that is printed on them, under the key of the survey.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let form = Table::create()
            .table("paper_form")
            .col(text("number_digest").primary_key())
            .col(text("participant_id"))
            .col(big_integer("made_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("paper_form", "participant_id")
                    .to("identity", "participant_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(form).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("paper_form").to_owned()).await
    }
}
