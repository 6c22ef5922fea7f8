//! Releases: what the office computes, reviews, approves and publishes.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let release = Table::create()
            .table("release")
            .col(text("release_id").primary_key())
            .col(text("survey_id"))
            .col(text("title"))
            .col(text("state"))
            .col(text("made_by"))
            .col(big_integer("made_at"))
            .col(big_integer("changed_at"))
            .col(text_null("process"))
            .col(text_null("message"))
            .col(text_null("submitted_by"))
            .col(big_integer_null("submitted_at"))
            .col(text_null("decided_by"))
            .col(big_integer_null("decided_at"))
            .col(text_null("reason"))
            .col(integer_null("number"))
            .col(big_integer_null("embargo"))
            .to_owned();
        manager.create_table(release).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("release").to_owned()).await
    }
}
