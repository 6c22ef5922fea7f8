//! Keys, backups and restores: nothing is lost, and nothing is told.

use std::{fs, path::Path};

use chrono::Utc;
use survey_server::{
    backup,
    config::{Config, Secret},
    keys::{self, rotation},
    serve::open_database,
};
use tests::{
    command,
    people::{MAN, WOMAN, agrees, answers, block_on},
    postgres::Postgres,
    site::Site,
    sql::Sql,
};

/// Somebody who agrees and answers a first question.
fn takes_part(site: &Site, fiscal_code: &str) {
    answers(site, &mut agrees(site, fiscal_code), "3");
}

/// Whether the person is known and still finds the answer.
fn finds_the_answer(site: &Site, fiscal_code: &str) {
    let mut browser = site.signed_in(fiscal_code);
    browser.get(&format!("{}/questionari/famiglia/casa", site.url)).expect(200, &["value=\"3\""]);
}

fn respondents(sql: &Sql) -> Vec<Vec<Option<String>>> {
    sql.rows(1, "SELECT respondent_id AS c0 FROM response ORDER BY respondent_id")
}

fn identities(sql: &Sql) -> Vec<Vec<Option<String>>> {
    sql.rows(
        3,
        "SELECT participant_id AS c0, fiscal_code_digest AS c1, fiscal_code_sealed AS c2 FROM identity ORDER BY participant_id",
    )
}

#[test]
fn keys_are_rotated_and_nobody_is_lost() {
    for mut site in Site::on_every_database() {
        takes_part(&site, WOMAN);
        takes_part(&site, MAN);
        site.stop();
        let sql = site.sql();
        let (before, answers) = (identities(&sql), respondents(&sql));
        let wrapped = sql.rows(2, "SELECT name AS c0, wrapped AS c1 FROM data_key ORDER BY name");
        let old_key = fs::read_to_string(&site.config.key_file).unwrap();

        let run = site.tempi(&["keys", "rotate"]).success();
        assert!(run.stdout.contains("2 identities sealed anew"), "{}", run.stdout);
        let new_key = fs::read_to_string(&site.config.key_file).unwrap();
        assert_ne!(old_key, new_key);
        let after = identities(&sql);
        for (old, new) in before.iter().zip(&after) {
            assert_eq!(old[0], new[0], "a participant stays who they are");
            assert!(old[1] != new[1] && old[2] != new[2], "digest and seal are new");
        }
        assert_eq!(respondents(&sql), answers, "pseudonyms stay");
        assert_ne!(wrapped, sql.rows(2, "SELECT name AS c0, wrapped AS c1 FROM data_key ORDER BY name"));
        let kept: Vec<_> = fs::read_dir(site.folder()).unwrap().flatten().map(|entry| entry.path()).collect();
        let kept = kept.iter().find(|path| path.to_string_lossy().contains("tempi.key.")).expect("the old key is kept");
        assert_eq!(fs::read_to_string(kept).unwrap(), old_key);

        let list = site.tempi(&["audit", "list"]).success().stdout;
        assert!(list.contains("keys-rotated"));
        site.tempi(&["audit", "verify"]).success();
        let site = site.again();
        finds_the_answer(&site, WOMAN);
        finds_the_answer(&site, MAN);
        assert_eq!(identities(&site.sql()).len(), 2, "who comes back is known");
    }
}

/// The program dies after the database has changed and before the key file is replaced, or before either.
#[test]
fn a_rotation_that_was_broken_off_is_ended_by_running_it_again() {
    for mut site in Site::on_every_database() {
        takes_part(&site, WOMAN);
        site.stop();
        let old_key = fs::read_to_string(&site.config.key_file).unwrap();
        let next = site.folder().join("tempi.key.next");

        // Before the database changed: the new key lies there, the old one is in force.
        keys::file::generate(&next).unwrap();
        site.tempi(&["audit", "verify"]).success();
        site.tempi(&["keys", "rotate"]).success();
        assert!(!next.exists());

        // After the database changed: put both files back to where they were just before the last step.
        let in_force = fs::read_to_string(&site.config.key_file).unwrap();
        let private = |path: &Path, text: &str| {
            fs::copy(&site.config.key_file, path).unwrap();
            fs::write(path, text).unwrap();
        };
        private(&next, &in_force);
        private(&site.config.key_file, &old_key);
        site.tempi(&["audit", "verify"]).refused(1, &["broken off", "tempi keys rotate"]);
        let run = site.tempi(&["keys", "rotate"]).success();
        assert!(run.stdout.contains("0 identities"), "{}", run.stdout);
        assert_eq!(fs::read_to_string(&site.config.key_file).unwrap(), in_force);
        let site = site.again();
        finds_the_answer(&site, WOMAN);
    }
}

/// A server that was not stopped would write what nobody finds again.
#[test]
fn a_server_with_rotated_keys_lets_nobody_new_in() {
    for site in Site::on_every_database() {
        takes_part(&site, WOMAN);
        site.tempi(&["keys", "rotate"]).success();
        for person in [WOMAN, MAN] {
            let mut browser = site.browser_with(&site.card_of(person));
            browser.present_card(&site).expect(503, &[]);
        }
        assert_eq!(identities(&site.sql()).len(), 1);
    }
}

#[test]
fn the_master_key_may_come_from_the_environment() {
    let mut site = Site::start();
    takes_part(&site, WOMAN);
    site.stop();
    let key = fs::read_to_string(&site.config.key_file).unwrap();
    let config =
        Config { master_key: Some(Secret::from(key.clone())), key_file: "nowhere".into(), ..site.config.clone() };
    block_on(async {
        let (database, _) = open_database(&config).await.unwrap();
        database.audit().verify(None).await.unwrap();
        database.close().await.unwrap();
        assert!(rotation::rotate(&config, None, Utc::now()).await.is_err(), "there is no file to write to");
        let new = site.folder().join("new.key");
        let rotated = rotation::rotate(&config, Some(new.clone()), Utc::now()).await.unwrap();
        assert_eq!((rotated.n_identities, rotated.old_key), (1, None));
        assert!(open_database(&config).await.is_err(), "the old key opens nothing any more");
        let new = Secret::from(fs::read_to_string(new).unwrap());
        open_database(&Config { master_key: Some(new), ..config.clone() }).await.unwrap();
    });
}

#[test]
fn a_backup_made_while_the_server_runs_is_restored_with_its_audit_log() {
    let key_files = [false, true];
    for (mut site, encrypted) in Site::on_every_database().into_iter().zip(key_files) {
        takes_part(&site, WOMAN);
        takes_part(&site, MAN);
        let file = site.folder().join("backup.tempi").display().to_string();
        let backup_key = site.folder().join("backup.key").display().to_string();
        let mut arguments = vec!["backup", "--output", &file];
        let mut key = Vec::new();
        if encrypted {
            command::tempi(["keys", "generate", &backup_key]).success();
            arguments.extend(["--encrypt-with", &backup_key]);
            key.extend(["--decrypt-with", backup_key.as_str()]);
        }
        site.tempi(&arguments).success();
        site.tempi(&arguments).refused(1, &["exists"]);
        command::tempi([vec!["restore", &file, "--check"], key.clone()].concat()).success();
        if encrypted {
            command::tempi(["restore", &file, "--check"]).refused(1, &["is encrypted", "--decrypt-with"]);
            let wrong = ["restore", &file, "--check", "--decrypt-with", &site.config.key_file.display().to_string()];
            command::tempi(wrong).refused(1, &["not a whole and unchanged backup"]);
        }
        // What happens after the backup is not in it.
        takes_part(&site, "BNCGNN92T55C707S");
        let sql = site.sql();
        let answers = sql.rows(3, ANSWERS);
        assert_eq!(answers.len(), 3);

        site.tempi(&[vec!["restore", file.as_str()], key.clone()].concat()).refused(1, &["not empty"]);
        site.stop();
        // Into the other kind of database: SQLite to PostgreSQL and back.
        let other = if sql.is_postgres() { None } else { Postgres::start() };
        let url = match &other {
            Some(postgres) => postgres.url(),
            None => format!("sqlite://{}", site.folder().join("restored.sqlite").display()),
        };
        site.config.database_url = url;
        let run = site.tempi(&[vec!["restore", file.as_str()], key].concat()).success();
        assert!(run.stdout.contains("the audit log is intact"), "{}", run.stdout);
        let restored = site.sql();
        assert_eq!(restored.rows(3, ANSWERS).len(), 2);
        assert!(restored.rows(3, ANSWERS).iter().all(|row| answers.contains(row)));
        assert_eq!(identities(&restored).len(), 2);
        let list = site.tempi(&["audit", "list"]).success().stdout;
        assert!(list.contains("backup-made") && list.contains("backup-restored"), "{list}");
        site.tempi(&["audit", "verify"]).success();
        let refused = restored.execute("DELETE FROM audit_log").expect_err("the triggers are there again");
        assert!(refused.contains("the audit log"));
        let site = site.again();
        finds_the_answer(&site, WOMAN);
        finds_the_answer(&site, MAN);
    }
}

const ANSWERS: &str =
    "SELECT respondent_id AS c0, question AS c1, value AS c2 FROM answer ORDER BY respondent_id, question";

#[test]
fn a_backup_of_another_installation_or_a_changed_one_restores_nothing() {
    let mut site = Site::start();
    takes_part(&site, WOMAN);
    let file = site.folder().join("backup.tempi");
    let path = file.display().to_string();
    site.tempi(&["backup", "--output", &path]).success();
    site.stop();
    let mut other = Site::start();
    other.stop();
    other.config.database_url = format!("sqlite://{}", other.folder().join("restored.sqlite").display());
    other.tempi(&["restore", &path]).refused(1, &["not the one this database was written with"]);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("household_size", "household_sizes")).unwrap();
    site.config.database_url = format!("sqlite://{}", site.folder().join("restored.sqlite").display());
    site.tempi(&["restore", &path]).refused(1, &["not a whole and unchanged backup"]);
    fs::write(&file, text).unwrap();
    site.tempi(&["restore", &path]).success();
}

#[test]
fn a_backup_tells_no_secret() {
    for site in Site::on_every_database() {
        let mut browser = site.browser_with(&site.card_of(WOMAN));
        let handover = browser.present_card(&site);
        let ticket = handover.input("biglietto").unwrap();
        browser.submit(&handover, &[]).expect(303, &[]);
        let session = browser.cookie(&site.url, "__Host-tempi").unwrap().to_owned();
        takes_part(&site, MAN);
        let file = site.folder().join("backup.tempi");
        block_on(async {
            let (database, _) = open_database(&site.config).await.unwrap();
            backup::backup(&database, &file, None, Utc::now()).await.unwrap();
        });
        let text = fs::read_to_string(&file).unwrap();
        let key = fs::read_to_string(&site.config.key_file).unwrap();
        for secret in [WOMAN, MAN, key.trim(), &ticket, &session] {
            assert!(!text.contains(secret), "{secret} is in the backup");
        }
        for table in ["identity", "answer", "audit_log"] {
            assert!(text.contains(&format!("{{\"table\":\"{table}\"")), "{table} is in the backup");
        }
        for table in ["session", "ticket"] {
            assert!(!text.contains(&format!("{{\"table\":\"{table}\"")), "{table} lets somebody in");
        }
    }
}
