//! Backups that older versions made, restored by this one.

use sea_orm::{ConnectionTrait, EntityTrait};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use super::*;
use crate::{
    config::Overrides,
    database::{
        Migrator,
        entity::{identity, officer_grant},
    },
    postgres::Postgres,
    survey::SurveyConfig,
};

const CODE: &str = "RSSMRA80A41C707O";
const NOW: &str = "2026-11-22T10:00:00Z";

/// A configuration whose database is at `url`, with the key file of `folder`.
fn config(folder: &Path, url: &str) -> Config {
    let text = format!(
        "[site]\nmunicipality = \"Comune di Prova\"\n\
         [public]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:1\"\ncertificate = \"a\"\nkey = \"a\"\n\
         [card]\naddress = \"127.0.0.1:0\"\nurl = \"https://localhost:2\"\ntrust_anchors = \"a\"\n\
         [database]\nurl = {url:?}\n[keys]\nfile = {:?}\n",
        folder.join("master.key")
    );
    fs::write(folder.join("tempi.toml"), text).unwrap();
    Config::load(Some(&folder.join("tempi.toml")), Vec::new(), &Overrides::default()).unwrap()
}

/// What a version with the first `n_steps` steps of the schema kept, and backs up with its tables.
async fn older_backup(folder: &Path, url: &str, n_steps: u32, master: &Keys, file: &Path) {
    let database = Database::open(url).await.unwrap();
    Migrator::up(database.connection(), Some(n_steps)).await.unwrap();
    let keys = database.unlock(master, &SurveyConfig::default()).await.unwrap();
    let (digest, sealed) = (keys.fiscal_code_digest(CODE), keys.seal_fiscal_code("p1", CODE));
    for statement in [
        format!("INSERT INTO identity VALUES ('p1', '{digest}', '{sealed}', 1795000000)"),
        "INSERT INTO officer_grant (grant_id, participant_id, role, name, granted_at, expires_at) VALUES \
         ('g1', 'p1', 'auditor', 'Maria Rossi', 1795000000, 1995000000)"
            .to_owned(),
    ] {
        database.connection().execute_unprepared(&statement).await.unwrap();
    }
    let now = NOW.parse().unwrap();
    database.audit().write(&Act::of_system("test", Verb::SettingsChanged, "before the update"), now).await.unwrap();
    let summary = backup(&database, file, None, now).await.unwrap();
    assert!(n_steps > 7 || !summary.rows.contains_key("city_user"), "the older version does not know it");
    assert!(n_steps > 6 || !summary.rows.contains_key("resident"));
    database.close().await.unwrap();
    assert!(folder.exists());
}

#[actix_web::test]
async fn a_backup_of_an_older_schema_is_restored_and_brought_up_to_date() {
    let newest = Migrator::migrations().len() as u32;
    // Since the keys and the audit log are as they are now.
    for n_steps in 6..newest {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        file::generate(&path.join("master.key")).unwrap();
        let master = file::read_from(&path.join("master.key")).unwrap();
        let copy = path.join("older.backup");
        let (old_server, new_server) = (Postgres::start(), Postgres::start());
        let sqlite = |name: &str| format!("sqlite://{}", path.join(name).display());
        // From one kind of database into the other, both ways where both are there.
        let places = match (&old_server, &new_server) {
            (Some(old), Some(new)) => vec![(old.url(), sqlite("a.sqlite")), (sqlite("b.sqlite"), new.url())],
            _ => vec![(sqlite("b.sqlite"), sqlite("a.sqlite"))],
        };
        for (from, to) in places {
            fs::remove_file(&copy).ok();
            older_backup(path, &from, n_steps, &master, &copy).await;
            let config = config(path, &to);
            let restored = restore(&config, &copy, None, NOW.parse().unwrap()).await.unwrap();
            assert_eq!(restored.rows["identity"], 1);

            let database = Database::open(&to).await.unwrap();
            database.check_schema().await.unwrap();
            let keys = database.unlock(&master, &config.survey).await.unwrap();
            let row = identity::Entity::find().one(database.connection()).await.unwrap().expect("the person");
            assert_eq!(keys.open_fiscal_code("p1", &row.fiscal_code_sealed).unwrap(), CODE);
            assert_eq!(row.fiscal_code_digest, keys.fiscal_code_digest(CODE));
            assert_eq!(officer_grant::Entity::find().all(database.connection()).await.unwrap().len(), 1);
            for table in ["resident", "city_user"] {
                assert!(SchemaManager::new(database.connection()).has_table(table).await.unwrap(), "{table}");
            }
            let log = database.audit().latest(10).await.unwrap();
            let verbs: Vec<&str> = log.iter().rev().map(|row| row.verb.as_str()).collect();
            assert_eq!(verbs, ["settings-changed", "backup-made", "backup-restored"]);
            database.audit().verify(None).await.unwrap();
            database.close().await.unwrap();
        }
    }
}
