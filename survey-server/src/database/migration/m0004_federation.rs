//! Signing in with other sites.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let attempt = Table::create()
            .table("federation_attempt")
            .col(text("state_digest").primary_key())
            .col(text("browser_digest"))
            .col(text("provider"))
            .col(text("issuer"))
            .col(big_integer("expires_at"))
            .to_owned();
        manager.create_table(attempt).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("federation_attempt").to_owned()).await
    }
}
