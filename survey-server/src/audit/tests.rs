//! The log in a SQLite database; the attacks on both databases are in the tests of the whole house.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::*;
use crate::{database::Database, keys::Keys, survey::SurveyConfig};

fn now() -> DateTime<Utc> {
    "2026-11-22T18:47:12Z".parse().unwrap()
}

fn keys(byte: char) -> Keys {
    Keys::from_base64(&format!("{}=", byte.to_string().repeat(43).replace('B', "E"))).unwrap()
}

async fn database(folder: &tempfile::TempDir) -> Database {
    let database = Database::open(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
    database.migrate().await.unwrap();
    database.unlock(&keys('A'), &SurveyConfig::default()).await.unwrap();
    database
}

fn act(detail: &str) -> Act {
    Act::of_citizen("participant", Verb::DataRead, detail)
}

#[actix_web::test]
async fn an_act_and_its_record_happen_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let log = database.audit();
    let given_up = database.begin_write().await.unwrap();
    log.record(&given_up, &act("given up"), now()).await.unwrap();
    given_up.rollback().await.unwrap();
    log.write(&act("kept"), now()).await.unwrap();
    let rows = log.latest(10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.detail.as_str()).collect::<Vec<_>>(), ["kept"]);
    assert_eq!(log.verify(None).await.unwrap().n_rows, 1);
}

#[actix_web::test]
async fn persons_are_pseudonyms_that_only_the_key_makes() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let log = database.audit();
    let officer = Actor::Officer { participant_id: "officer".to_owned(), role: "auditor" };
    let looked =
        Act { actor: officer, verb: Verb::DataRead, subject: Some("participant".to_owned()), detail: "x".into() };
    log.write(&looked, now()).await.unwrap();
    log.write(&Act::of_system("retention", Verb::RetentionApplied, ""), now()).await.unwrap();
    let about = log.about("participant").await.unwrap();
    assert_eq!(about.len(), 1);
    assert_eq!((about[0].actor_kind.as_str(), about[0].actor_role.as_deref()), ("officer", Some("auditor")));
    assert_eq!(about[0].actor, log.alias("officer").unwrap());
    let text = format!("{:?}", log.latest(10).await.unwrap());
    assert!(!text.contains("participant\"") && !text.contains("\"officer\", actor_role"), "{text}");
    assert_ne!(keys('A').audit_alias("participant"), keys('B').audit_alias("participant"));
}

#[actix_web::test]
async fn a_log_opened_without_its_key_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    drop(database(&folder).await);
    let database = Database::open(&format!("sqlite://{}/t.sqlite", folder.path().display())).await.unwrap();
    assert!(database.audit().write(&act(""), now()).await.is_err());
    assert!(matches!(database.audit().verify(None).await, Err(AuditError::Database(_))));
}

#[actix_web::test]
async fn the_database_refuses_to_change_or_remove_rows() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    for number in 0..3 {
        database.audit().write(&act(&number.to_string()), now()).await.unwrap();
    }
    let attempts = [
        "UPDATE audit_log SET detail = 'nothing' WHERE sequence = 2",
        "DELETE FROM audit_log WHERE sequence = 3",
        "INSERT OR REPLACE INTO audit_log SELECT sequence, at, actor_kind, actor, actor_role, verb, subject, 'x', hash \
         FROM audit_log WHERE sequence = 2",
        "INSERT INTO audit_log SELECT 9, at, actor_kind, actor, actor_role, verb, subject, 'x', hash FROM audit_log \
         WHERE sequence = 2",
        "UPDATE audit_head SET sequence = 1",
        "UPDATE audit_head SET archived_sequence = 9",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head SELECT 1, 1, hash, 0, hash, mac FROM audit_head",
    ];
    for attempt in attempts {
        let refused = database.connection().execute_unprepared(attempt).await.unwrap_err().to_string();
        assert!(refused.contains("audit log"), "{attempt}: {refused}");
    }
    assert_eq!(database.audit().verify(None).await.unwrap().n_rows, 3);
}
