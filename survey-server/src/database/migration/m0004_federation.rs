//! Signing in with other sites, and other sites' sign-ins with us.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_person = |table: &str| {
            ForeignKey::create()
                .from(table.to_owned(), "participant_id")
                .to("identity", "participant_id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        let attempt = Table::create()
            .table("federation_attempt")
            .col(text("state_digest").primary_key())
            .col(text("browser_digest"))
            .col(text("provider"))
            .col(text("issuer"))
            .col(big_integer("expires_at"))
            .to_owned();
        let agreement = Table::create()
            .table("provider_agreement")
            .col(text("participant_id"))
            .col(text("client_id"))
            .col(text("claims"))
            .col(big_integer("given_at"))
            .primary_key(Index::create().col("participant_id").col("client_id"))
            .foreign_key(&mut of_person("provider_agreement"))
            .to_owned();
        let code = Table::create()
            .table("provider_code")
            .col(text("code_digest").primary_key())
            .col(text("client_id"))
            .col(text("redirect_uri"))
            .col(text("challenge"))
            .col(text_null("nonce"))
            .col(text("participant_id"))
            .col(text("session_id"))
            .col(big_integer("signed_in_at"))
            .col(text("acr"))
            .col(boolean("fiscal_code"))
            .col(big_integer("expires_at"))
            .col(boolean("used"))
            .foreign_key(&mut of_person("provider_code"))
            .to_owned();
        let token = Table::create()
            .table("provider_token")
            .col(text("token_digest").primary_key())
            .col(text("code_digest"))
            .col(text("client_id"))
            .col(text("participant_id"))
            .col(boolean("fiscal_code"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut of_person("provider_token"))
            .to_owned();
        let statement = Table::create()
            .table("provider_statement")
            .col(text("name_digest").primary_key())
            .col(big_integer("expires_at"))
            .to_owned();
        for table in [attempt, agreement, code, token, statement] {
            manager.create_table(table).await?;
        }
        for (table, column) in [("provider_code", "session_id"), ("provider_token", "code_digest")] {
            let index = Index::create().name(format!("{table}_{column}")).table(table).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in
            ["provider_statement", "provider_token", "provider_code", "provider_agreement", "federation_attempt"]
        {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
