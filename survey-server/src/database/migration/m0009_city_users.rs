//! What city users declare, sealed.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let declared = Table::create()
            .table("city_user")
            .col(text("participant_id").primary_key())
            .col(text("sealed"))
            .foreign_key(
                ForeignKey::create()
                    .from("city_user", "participant_id")
                    .to("identity", "participant_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(declared).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("city_user").to_owned()).await
    }
}
