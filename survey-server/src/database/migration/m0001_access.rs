//! Installation, identities, sessions, sign-in tickets.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let installation = Table::create()
            .table("installation")
            .col(integer("id").primary_key())
            .col(text("key_fingerprint"))
            .to_owned();
        let identity = Table::create()
            .table("identity")
            .col(text("participant_id").primary_key())
            .col(text("fiscal_code_digest").unique_key())
            .col(text("fiscal_code_sealed"))
            .col(big_integer("created_at"))
            .to_owned();
        let session = Table::create()
            .table("session")
            .col(text("token_digest").primary_key())
            .col(text("participant_id"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .foreign_key(
                ForeignKey::create()
                    .from("session", "participant_id")
                    .to("identity", "participant_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        let ticket = Table::create()
            .table("ticket")
            .col(text("ticket_digest").primary_key())
            .col(text("browser_digest"))
            .col(text("participant_id"))
            .col(big_integer("expires_at"))
            .col(boolean("used"))
            .foreign_key(
                ForeignKey::create()
                    .from("ticket", "participant_id")
                    .to("identity", "participant_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        for table in [installation, identity, session, ticket] {
            manager.create_table(table).await?;
        }
        manager
            .create_index(Index::create().name("session_participant").table("session").col("participant_id").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["ticket", "session", "identity", "installation"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
