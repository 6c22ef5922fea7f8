//! The register of residents and the samples drawn from it, sealed.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let extract = Table::create()
            .table("register_extract")
            .col(integer("extract_id").primary_key())
            .col(text("state"))
            .col(big_integer("imported_at"))
            .col(integer("n_residents"))
            .col(integer("n_rejected"))
            .to_owned();
        let resident = Table::create()
            .table("resident")
            .col(integer("extract_id"))
            .col(text("fiscal_code_digest"))
            .col(text("content_digest"))
            .col(text("sealed"))
            .primary_key(Index::create().col("extract_id").col("fiscal_code_digest"))
            .to_owned();
        let sample = Table::create()
            .table("sample")
            .col(text("sample_id").primary_key())
            .col(big_integer("drawn_at"))
            .col(text("seed"))
            .col(text("unit"))
            .col(text("strata"))
            .col(text("allocation"))
            .col(integer("minimum_age"))
            .col(integer("n_strata"))
            .col(integer("n_units"))
            .col(integer("n_persons"))
            .to_owned();
        let sampled = Table::create()
            .table("sampled_person")
            .col(text("sample_id"))
            .col(text("fiscal_code_digest"))
            .col(text("sealed"))
            .primary_key(Index::create().col("sample_id").col("fiscal_code_digest"))
            .foreign_key(
                ForeignKey::create()
                    .from("sampled_person", "sample_id")
                    .to("sample", "sample_id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        for table in [extract, resident, sample, sampled] {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sampled_person", "sample", "resident", "register_extract"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
