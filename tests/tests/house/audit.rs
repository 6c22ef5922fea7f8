//! The audit log: what is written into it, and everything that somebody with the database in their hands may try on it.

use std::sync::Arc;

use chrono::{Duration, Utc};
use survey_server::{
    audit::{Act, Actor, AuditError, Flaw, Head, Verb},
    clock::Clock,
    database::Database,
    serve::open_database,
};
use tests::{
    command::Run,
    people::{WOMAN, block_on},
    site::Site,
    sql::Sql,
};

/// Sites that have stopped, with a log of six rows.
fn logs() -> Vec<Site> {
    let mut sites = Site::on_every_database();
    for site in &mut sites {
        site.stop();
        block_on(async {
            let (database, _) = open_database(&site.config).await.expect("the log takes it");
            for number in 1..=6 {
                let act = Act::of_citizen(&format!("participant-{number}"), Verb::DataRead, format!("look {number}"));
                database.audit().write(&act, Utc::now()).await.expect("the log takes it");
            }
            database.close().await.expect("the log takes it");
        });
    }
    sites
}

fn verify(site: &Site) -> Run {
    site.tempi(&["audit", "verify"])
}

/// The triggers off, as whoever administers the database can take them.
fn without_triggers(sql: &Sql) {
    let statements = if sql.is_postgres() {
        "ALTER TABLE audit_log DISABLE TRIGGER ALL; ALTER TABLE audit_head DISABLE TRIGGER ALL"
    } else {
        "DROP TRIGGER audit_log_unchanged; DROP TRIGGER audit_log_kept; DROP TRIGGER audit_log_appended; \
         DROP TRIGGER audit_head_forward; DROP TRIGGER audit_head_kept; DROP TRIGGER audit_head_single"
    };
    sql.execute(statements).expect("the log takes it");
}

#[test]
fn the_databases_themselves_refuse_to_change_the_log() {
    for site in logs() {
        let sql = site.sql();
        for attempt in [
            "UPDATE audit_log SET detail = 'nothing' WHERE sequence = 2",
            "UPDATE audit_log SET subject = NULL",
            "DELETE FROM audit_log WHERE sequence = 6",
            "DELETE FROM audit_log",
            "INSERT INTO audit_log SELECT 20, at, actor_kind, actor, actor_role, verb, subject, detail, hash FROM audit_log WHERE sequence = 2",
            "UPDATE audit_head SET sequence = 3",
            "UPDATE audit_head SET archived_sequence = 7",
            "DELETE FROM audit_head",
        ] {
            let refused = sql.execute(attempt).expect_err(attempt);
            assert!(refused.contains("the audit log"), "{attempt}: {refused}");
        }
        if sql.is_postgres() {
            for attempt in ["TRUNCATE audit_log", "TRUNCATE audit_head"] {
                assert!(sql.execute(attempt).expect_err(attempt).contains("the audit log"));
            }
        }
        let intact = verify(&site).success();
        assert!(intact.stdout.contains("intact: 6 rows"), "{}", intact.stdout);
    }
}

#[test]
fn a_row_that_was_changed_removed_added_or_moved_is_named() {
    let attacks: [(&str, &str); 7] = [
        ("UPDATE audit_log SET detail = 'nothing' WHERE sequence = 3", "row 3 was changed"),
        ("UPDATE audit_log SET at = at + 1 WHERE sequence = 4", "row 4 was changed"),
        ("UPDATE audit_log SET subject = NULL WHERE sequence = 1", "row 1 was changed"),
        ("DELETE FROM audit_log WHERE sequence = 3", "row 4 does not follow its predecessor"),
        ("DELETE FROM audit_log WHERE sequence = 1", "row 2 does not follow its predecessor"),
        (
            "UPDATE audit_log SET sequence = 99 WHERE sequence = 2; UPDATE audit_log SET sequence = 2 WHERE sequence = 5; \
             UPDATE audit_log SET sequence = 5 WHERE sequence = 99",
            "row 2 was changed",
        ),
        (
            "INSERT INTO audit_log SELECT 7, at, actor_kind, actor, actor_role, verb, subject, detail, hash FROM audit_log WHERE sequence = 6",
            "row 7 was changed",
        ),
    ];
    for (attack, told) in attacks {
        for site in logs() {
            let sql = site.sql();
            without_triggers(&sql);
            sql.execute(attack).unwrap();
            verify(&site).refused(1, &["the audit log is broken", told]);
        }
    }
}

#[test]
fn a_chain_rewritten_without_the_key_is_noticed() {
    for site in logs() {
        let sql = site.sql();
        let head = site.tempi(&["audit", "head"]).success().stdout;
        without_triggers(&sql);
        // Cut off consistently: the head is moved back to a row that is there. Only its MAC cannot be made.
        sql.execute(
            "DELETE FROM audit_log WHERE sequence > 4; \
             UPDATE audit_head SET sequence = 4, hash = (SELECT hash FROM audit_log WHERE sequence = 4)",
        )
        .unwrap();
        verify(&site).refused(1, &["row 4", "the key does not authenticate it"]);
        site.tempi(&["audit", "verify", "--head", head.trim()]).refused(1, &["row 6", "cut off"]);
        // The beginning called archived, so that it may go.
        sql.execute(
            "UPDATE audit_head SET archived_sequence = 2, archived_hash = (SELECT hash FROM audit_log WHERE sequence = 2); \
             DELETE FROM audit_log WHERE sequence <= 2",
        )
        .unwrap();
        verify(&site).refused(1, &["the key does not authenticate it"]);
    }
}

/// An older head with its MAC, from a backup, beside the rows of then: the log holds in itself, and only a head that was
/// kept elsewhere tells that rows are missing.
#[test]
fn a_log_put_back_to_an_earlier_state_is_noticed_by_a_head_kept_elsewhere() {
    for site in logs() {
        let sql = site.sql();
        let old: Vec<String> = sql
            .rows(3, "SELECT CAST(sequence AS TEXT) AS c0, hash AS c1, mac AS c2 FROM audit_head")[0]
            .iter()
            .map(|text| text.clone().unwrap())
            .collect();
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            database.audit().write(&Act::of_system("test", Verb::Exported, ""), Utc::now()).await.unwrap();
            database.close().await.unwrap();
        });
        let head = site.tempi(&["audit", "head"]).success().stdout;
        assert!(head.starts_with("7:"), "{head}");
        without_triggers(&sql);
        sql.execute(&format!(
            "DELETE FROM audit_log WHERE sequence = 7; UPDATE audit_head SET sequence = {}, hash = '{}', mac = '{}'",
            old[0], old[1], old[2]
        ))
        .unwrap();
        verify(&site).success();
        site.tempi(&["audit", "verify", "--head", head.trim()]).refused(1, &["row 7", "cut off"]);
    }
}

#[test]
fn writers_at_the_same_time_make_one_chain() {
    for site in Site::on_every_database() {
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            let (other, _) = open_database(&site.config).await.unwrap();
            let before = database.audit().head().await.unwrap().sequence;
            let pools = [Arc::new(database), Arc::new(other)];
            let writers: Vec<_> = (0..8)
                .map(|writer| {
                    let database: Arc<Database> = Arc::clone(&pools[writer % 2]);
                    tokio::spawn(async move {
                        for number in 0..25 {
                            let actor = Actor::Officer { participant_id: format!("officer-{writer}"), role: "auditor" };
                            let detail = format!("{writer} {number}");
                            let act = Act { actor, verb: Verb::DataRead, subject: None, detail };
                            database.audit().write(&act, Utc::now()).await.expect("written");
                        }
                    })
                })
                .collect();
            for writer in writers {
                writer.await.expect("no writer fails");
            }
            let verified = pools[0].audit().verify(None).await.unwrap();
            assert_eq!(verified.head.sequence, before + 200);
            let rows = pools[0].audit().latest(200).await.unwrap();
            for writer in 0..8 {
                let own = rows.iter().rev().filter(|row| row.detail.starts_with(&format!("{writer} ")));
                let numbers: Vec<&str> = own.map(|row| row.detail.split(' ').nth(1).unwrap()).collect();
                assert_eq!(numbers.len(), 25);
                assert!(numbers.is_sorted_by_key(|number| number.parse::<u32>().unwrap()), "in the order of writing");
            }
        });
    }
}

#[test]
fn old_rows_are_archived_and_the_chain_goes_on() {
    for site in logs() {
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            let log = database.audit();
            let folder = site.folder().join("archive");
            std::fs::create_dir(&folder).unwrap();
            let later = Utc::now() + Duration::days(10);
            log.write(&Act::of_system("test", Verb::Exported, "young"), later).await.unwrap();
            let removed = log.archive(later - Duration::days(1), Some(&folder), later).await.unwrap();
            assert_eq!(removed, 6);
            assert_eq!(log.archive(later - Duration::days(1), Some(&folder), later).await.unwrap(), 0);
            let verified = log.verify(None).await.unwrap();
            assert_eq!((verified.n_rows, verified.n_archived, verified.head.sequence), (2, 6, 8));
            database.close().await.unwrap();
        });
        let segment = site.folder().join("archive/audit-0000000001-0000000006.jsonl");
        let path = segment.display().to_string();
        let run = site.tempi(&["audit", "verify", "--archive", &path]).success();
        assert!(run.stdout.contains("2 rows, and 6 archived ones"), "{}", run.stdout);
        let text = std::fs::read_to_string(&segment).unwrap();
        std::fs::write(&segment, text.replace("look 4", "look 5")).unwrap();
        site.tempi(&["audit", "verify", "--archive", &path]).refused(1, &["row 4 was changed"]);
        std::fs::write(&segment, text.lines().take(5).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        site.tempi(&["audit", "verify", "--archive", &path]).refused(1, &["row 5 is the last row"]);
    }
}

#[test]
fn a_head_that_was_never_one_is_refused() {
    let site = &logs()[0];
    site.tempi(&["audit", "verify", "--head", "6:12"]).refused(1, &["64 hexadecimal digits"]);
    let invented = Head { sequence: 5, hash: "0".repeat(64) };
    block_on(async {
        let (database, _) = open_database(&site.config).await.unwrap();
        let broken = database.audit().verify(Some(&invented)).await.unwrap_err();
        assert!(matches!(broken, AuditError::Broken { sequence: 5, flaw: Flaw::ExpectedMissing }));
    });
}

#[test]
fn what_a_person_does_is_recorded_and_names_nobody() {
    for site in Site::on_every_database() {
        let mut browser = site.signed_in(WOMAN);
        let notice = browser.get(&format!("{}/consenso", site.url));
        browser.submit(&notice, &[]).expect(303, &[]);
        let token = browser.get(&format!("{}/consenso", site.url)).input("gettone").unwrap();
        let fields = [("gettone", token.as_str()), ("conferma", "si")];
        browser.post(&format!("{}/consenso/ritiro", site.url), &fields).expect(200, &[]);
        browser.post(&format!("{}/esci", site.url), &[("gettone", &token)]).expect(303, &[]);
        let list = site.tempi(&["audit", "list"]).success().stdout;
        for verb in ["signed-in", "consent-given", "consent-withdrawn", "signed-out"] {
            assert!(list.contains(verb), "{verb} is missing from {list}");
        }
        let participant = site.sql().text("SELECT participant_id AS c0 FROM identity");
        assert!(!list.contains(WOMAN) && !list.contains(&participant), "{list}");
        let hour = site.clock.now().format("%Y-%m-%d").to_string();
        assert!(list.contains(&hour));
        verify(&site).success();
    }
}
