//! The triggers that refuse to change or remove what was written into the audit log.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

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

/// Removes PostgreSQL's functions behind the triggers.
pub(super) const DROP_FUNCTIONS: &str =
    "DROP FUNCTION IF EXISTS audit_log_guard(); DROP FUNCTION IF EXISTS audit_head_guard();";

/// Puts the triggers on the log.
pub(crate) async fn create(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let triggers = match connection.get_database_backend() {
        DbBackend::Sqlite => SQLITE_TRIGGERS,
        _ => POSTGRES_TRIGGERS,
    };
    connection.execute_unprepared(triggers).await?;
    Ok(())
}

/// Takes the triggers off the log, while a backup is put into an empty database.
pub(crate) async fn drop(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let sqlite = [
        "audit_log_unchanged",
        "audit_log_kept",
        "audit_log_appended",
        "audit_head_forward",
        "audit_head_kept",
        "audit_head_single",
    ];
    let postgres = [
        ("audit_log_guard", "audit_log"),
        ("audit_log_truncate", "audit_log"),
        ("audit_head_guard", "audit_head"),
        ("audit_head_truncate", "audit_head"),
    ];
    if connection.get_database_backend() == DbBackend::Sqlite {
        for trigger in sqlite {
            connection.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger}")).await?;
        }
        return Ok(());
    }
    for (trigger, table) in postgres {
        connection.execute_unprepared(&format!("DROP TRIGGER IF EXISTS {trigger} ON {table}")).await?;
    }
    connection.execute_unprepared(DROP_FUNCTIONS).await?;
    Ok(())
}
