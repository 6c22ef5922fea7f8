//! Identities: one per fiscal code, found again, never readable.

use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::EntityTrait;

use super::*;
use crate::{app::Settings, clock::SystemClock, keys::Keys};

async fn services(url: &str) -> Arc<Services> {
    let database = Database::open(url).await.unwrap();
    database.migrate().await.unwrap();
    let keys = Keys::from_base64(&STANDARD.encode([7; 32])).unwrap();
    let settings = Settings {
        site_name: "Tempi".to_owned(),
        municipality: "Comune di Prova".to_owned(),
        public_url: "https://localhost".to_owned(),
        card_url: "https://localhost:1".to_owned(),
        publication: None,
        session_lifetime: SessionLifetime::default(),
        demonstration: None,
    };
    Arc::new(Services::new(database, keys, Arc::new(SystemClock), settings))
}

#[test]
fn a_person_is_one_participant_and_a_homocode_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("tempi.sqlite").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let services = services(&url).await;
        let code: FiscalCode = "RSSMRA80A41C707O".parse().unwrap();
        let homocode = FiscalCode::with_check_character("RSSMRA80A41C70T").unwrap();
        let now = Utc::now();

        // Two first sign-ins at the same instant make one participant.
        let first = Identities::open(&services);
        let second = Identities::open(&services);
        let (one, two) = tokio::join!(first.participant(&code, now), second.participant(&code, now));
        let participant = one.unwrap();
        assert_eq!(participant, two.unwrap());
        assert_ne!(participant, first.participant(&homocode, now).await.unwrap());

        let rows = identity::Entity::find().all(services.database.connection()).await.unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let opened = services.keys.open_fiscal_code(&row.participant_id, &row.fiscal_code_sealed).unwrap();
            let expected = if row.participant_id == participant { &code } else { &homocode };
            assert_eq!(opened, expected.reveal());
            assert!(!format!("{row:?}").contains(&opened));
        }
    });
}
