//! The audit log, its head, and the triggers that refuse to change or remove what was written.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use super::audit_triggers;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let log = Table::create()
            .table("audit_log")
            .col(big_integer("sequence").primary_key())
            .col(big_integer("at"))
            .col(text("actor_kind"))
            .col(text("actor"))
            .col(text_null("actor_role"))
            .col(text("verb"))
            .col(text_null("subject"))
            .col(text("detail"))
            .col(text("hash"))
            .to_owned();
        let head = Table::create()
            .table("audit_head")
            .col(integer("id").primary_key())
            .col(big_integer("sequence"))
            .col(text("hash"))
            .col(big_integer("archived_sequence"))
            .col(text("archived_hash"))
            .col(text("mac"))
            .to_owned();
        manager.create_table(log).await?;
        manager.create_table(head).await?;
        let by_subject = Index::create().name("audit_log_subject").table("audit_log").col("subject").to_owned();
        manager.create_index(by_subject).await?;
        let connection = manager.get_connection();
        // The first head has no MAC: the first keys shown to the database write one.
        let genesis = "0".repeat(64);
        connection
            .execute_unprepared(&format!("INSERT INTO audit_head VALUES (1, 0, '{genesis}', 0, '{genesis}', '')"))
            .await?;
        audit_triggers::create(connection).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_log", "audit_head"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(audit_triggers::DROP_FUNCTIONS).await?;
        }
        Ok(())
    }
}
