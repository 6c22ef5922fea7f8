//! The audit log, its head, and the triggers that refuse to change or remove what was written.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows may go only once they are behind the archived part's end, which the head's MAC covers.
const SQLITE_TRIGGERS: &str = "
CREATE TRIGGER audit_log_unchanged BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log
WHEN OLD.sequence > (SELECT archived_sequence FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_appended BEFORE INSERT ON audit_log
WHEN NEW.sequence <> (SELECT sequence + 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
WHEN NEW.sequence < OLD.sequence OR NEW.archived_sequence < OLD.archived_sequence
  OR NEW.archived_sequence > NEW.sequence OR NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only goes forward'); END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the head of the audit log stays'); END;
CREATE TRIGGER audit_head_single BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the head of the audit log stays'); END;
";

const POSTGRES_TRIGGERS: &str = "
CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.sequence = (SELECT sequence + 1 FROM audit_head) THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.sequence <= (SELECT archived_sequence FROM audit_head) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_log_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION audit_log_guard();
CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard();
CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.sequence >= OLD.sequence AND NEW.archived_sequence >= OLD.archived_sequence
      AND NEW.archived_sequence <= NEW.sequence AND NEW.id = OLD.id THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the head of the audit log only goes forward';
END $$;
CREATE TRIGGER audit_head_guard BEFORE UPDATE OR DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_guard();
CREATE TRIGGER audit_head_truncate BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION audit_head_guard();
";

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
        let triggers = match manager.get_database_backend() {
            DbBackend::Sqlite => SQLITE_TRIGGERS,
            _ => POSTGRES_TRIGGERS,
        };
        connection.execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit_log", "audit_head"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared("DROP FUNCTION audit_log_guard(); DROP FUNCTION audit_head_guard();")
                .await?;
        }
        Ok(())
    }
}
