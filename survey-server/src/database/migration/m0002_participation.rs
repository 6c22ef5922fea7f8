//! Consent, answers, diaries. These tables know people by their pseudonym only and do not refer to identities:
//! an identity can go while what its person told stays, and nobody can tell whose it was.

use sea_orm_migration::{prelude::*, schema::*};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consent = Table::create()
            .table("consent")
            .col(text("consent_id").primary_key())
            .col(text("participant_id"))
            .col(integer("notice_version"))
            .col(big_integer("given_at"))
            .col(big_integer_null("withdrawn_at"))
            .to_owned();
        let response = Table::create()
            .table("response")
            .col(text("participant_id"))
            .col(text("instrument"))
            .col(integer("instrument_version"))
            .col(big_integer("updated_at"))
            .col(big_integer_null("submitted_at"))
            .primary_key(Index::create().col("participant_id").col("instrument"))
            .to_owned();
        let answer = Table::create()
            .table("answer")
            .col(text("participant_id"))
            .col(text("instrument"))
            .col(text("question"))
            .col(integer("position"))
            .col(text("value"))
            .primary_key(Index::create().col("participant_id").col("instrument").col("question").col("position"))
            .foreign_key(
                ForeignKey::create()
                    .from("answer", ("participant_id", "instrument"))
                    .to("response", ("participant_id", "instrument"))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        let diary = Table::create()
            .table("diary")
            .col(text("diary_id").primary_key())
            .col(text("participant_id"))
            .col(date("date"))
            .col(integer("version"))
            .col(big_integer("updated_at"))
            .col(big_integer_null("submitted_at"))
            .to_owned();
        let episode = Table::create()
            .table("diary_episode")
            .col(text("diary_id"))
            .col(small_integer("start_slot"))
            .col(small_integer("end_slot"))
            .col(text_null("main"))
            .col(text_null("secondary"))
            .col(text_null("location"))
            .col(text("with_whom"))
            .col(boolean_null("device"))
            .col(small_integer_null("enjoyment"))
            .primary_key(Index::create().col("diary_id").col("start_slot"))
            .foreign_key(&mut to_diary("diary_episode"))
            .to_owned();
        let confirmation = Table::create()
            .table("diary_confirmation")
            .col(text("diary_id"))
            .col(text("issue"))
            .col(small_integer("start_slot"))
            .col(small_integer("end_slot"))
            .primary_key(Index::create().col("diary_id").col("issue").col("start_slot").col("end_slot"))
            .foreign_key(&mut to_diary("diary_confirmation"))
            .to_owned();
        for table in [consent, response, answer, diary, episode, confirmation] {
            manager.create_table(table).await?;
        }
        let one_diary_per_day =
            Index::create().name("diary_day").table("diary").col("participant_id").col("date").unique().to_owned();
        let consent_participant =
            Index::create().name("consent_participant").table("consent").col("participant_id").to_owned();
        manager.create_index(one_diary_per_day).await?;
        manager.create_index(consent_participant).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["diary_confirmation", "diary_episode", "diary", "answer", "response", "consent"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

fn to_diary(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "diary_id").to("diary", "diary_id").on_delete(ForeignKeyAction::Cascade).to_owned()
}
