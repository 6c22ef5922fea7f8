//! Sessions that know how they were begun, roles granted to people, acts that need two administrators. Sessions of
//! before end: nobody knows by which means they were begun.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let session = Table::create()
            .table("session")
            .col(text("token_digest").primary_key())
            .col(text("session_id").unique_key())
            .col(text("participant_id"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .col(text("means"))
            .col(text_null("provider"))
            .col(small_integer_null("level"))
            .col(text("browser"))
            .col(text("device"))
            .foreign_key(&mut to_identity("session"))
            .to_owned();
        let grant = Table::create()
            .table("officer_grant")
            .col(text("grant_id").primary_key())
            .col(text("participant_id"))
            .col(text("role"))
            .col(text("name"))
            .col(big_integer("granted_at"))
            .col(text_null("granted_by"))
            .col(big_integer("expires_at"))
            .col(big_integer_null("revoked_at"))
            .col(text_null("revoked_by"))
            .foreign_key(&mut to_identity("officer_grant"))
            .to_owned();
        let act = Table::create()
            .table("dangerous_act")
            .col(text("act_id").primary_key())
            .col(text("kind"))
            .col(text("subject"))
            .col(text("reason"))
            .col(text("asked_by"))
            .col(big_integer("asked_at"))
            .col(text_null("confirmed_by"))
            .col(big_integer_null("confirmed_at"))
            .col(text_null("refused_by"))
            .col(big_integer_null("refused_at"))
            .col(big_integer_null("executed_at"))
            .to_owned();
        manager.drop_table(Table::drop().table("session").to_owned()).await?;
        for table in [session, grant, act] {
            manager.create_table(table).await?;
        }
        for (name, table) in [("session_participant", "session"), ("officer_grant_participant", "officer_grant")] {
            let index = Index::create().name(name).table(table).col("participant_id").to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["dangerous_act", "officer_grant", "session"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        let session = Table::create()
            .table("session")
            .col(text("token_digest").primary_key())
            .col(text("participant_id"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .foreign_key(&mut to_identity("session"))
            .to_owned();
        manager.create_table(session).await?;
        manager
            .create_index(Index::create().name("session_participant").table("session").col("participant_id").to_owned())
            .await
    }
}

fn to_identity(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "participant_id")
        .to("identity", "participant_id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
