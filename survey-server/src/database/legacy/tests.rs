//! A database as the first version left it, brought up to date, on both kinds of database.

use sea_orm_migration::MigratorTrait;

use super::*;
use crate::{
    access::guard::Citizen,
    database::{Database, Migrator},
    diary::store::Diaries,
    keys::Keys,
    postgres::Postgres,
    privacy::{
        NOTICE_VERSION,
        store::{Consents, OfParticipants},
    },
    survey::SurveyConfig,
};

/// A database as the first version left it, written with its statements.
const OLD: &str = "
    INSERT INTO installation VALUES (1, '@fingerprint@');
    INSERT INTO identity VALUES ('p1', '@digest@', '@sealed@', 1795000000);
    INSERT INTO consent (consent_id, participant_id, notice_version, given_at) VALUES ('c1', 'p1', @notice@, 1795000000);
    INSERT INTO response VALUES ('p1', 'individual', 1, 1795000000, NULL);
    INSERT INTO answer VALUES ('p1', 'individual', 'age', 0, '46');
    INSERT INTO diary VALUES ('d1', 'p1', '2026-11-18', 3, 1795000000, 1795003600);
    INSERT INTO diary_episode VALUES ('d1', 0, 18, '011', NULL, '11', '', NULL, 7);
    INSERT INTO diary_confirmation VALUES ('d1', 'no_meal', 0, 144);
";

#[actix_web::test]
async fn what_an_older_version_wrote_is_found_again_by_its_person() {
    let folder = tempfile::tempdir().unwrap();
    moved(&format!("sqlite://{}/t.sqlite", folder.path().display())).await;
}

#[actix_web::test]
async fn the_same_on_postgresql() {
    match Postgres::start() {
        Some(server) => moved(&server.url()).await,
        None => println!("skipped: PostgreSQL is not installed"),
    }
}

async fn moved(url: &str) {
    let database = Database::open(url).await.unwrap();
    Migrator::up(&database.connection, Some(2)).await.unwrap();
    let master = Keys::from_base64(&format!("{}=", "A".repeat(43))).unwrap();
    let old = OLD
        .replace("@fingerprint@", master.fingerprint())
        .replace("@digest@", &master.fiscal_code_digest("RSSMRA80A41C707O"))
        .replace("@sealed@", &master.seal_fiscal_code("p1", "RSSMRA80A41C707O"))
        .replace("@notice@", &NOTICE_VERSION.to_string());
    database.connection.execute_unprepared(&old).await.unwrap();
    database.migrate().await.unwrap();
    let keys = database.unlock(&master, &SurveyConfig::default()).await.unwrap();

    assert_eq!(keys.fiscal_code_digest("RSSMRA80A41C707O"), master.fiscal_code_digest("RSSMRA80A41C707O"));
    let citizen = Citizen::alone("p1");
    assert!(Consents::over(&database).given_at(&citizen).await.unwrap().is_some());
    let diaries = Diaries::over(&database);
    let participant = diaries.participant(&citizen).await.unwrap().expect("the consent holds");
    let days = diaries.all(&participant).await.unwrap();
    assert_eq!((days.len(), days[0].version, days[0].draft.date.to_string().as_str()), (1, 3, "2026-11-18"));
    assert!(days[0].submitted_at.is_some() && days[0].confirmed.len() == 1);
    assert_eq!(days[0].draft.episodes()[0].fields.enjoyment.map(|enjoyment| enjoyment.value()), Some(7));
    let answers = answer::Entity::find().all(&database.connection).await.unwrap();
    assert_eq!((answers[0].value.as_str(), answers[0].respondent_id.as_str()), ("46", participant.respondent_id()));
    let tables = SchemaManager::new(&database.connection);
    assert!(!tables.has_table("legacy_response").await.unwrap() && !tables.has_table("legacy_diary").await.unwrap());
    database.audit().verify(None).await.unwrap();
    // A second time there is nothing to move.
    database.unlock(&master, &SurveyConfig::default()).await.unwrap();
    assert_eq!(diaries.all(&participant).await.unwrap().len(), 1);
}
