//! A simulated card reader, for the demonstration only, and the invented authority whose cards it stands for.

mod files;
mod issuing;
mod routes;

use std::net::SocketAddr;

use chrono::{DateTime, Days, Utc};
use questionnaires::fiscal_code::FiscalCode;

pub use files::{CardFiles, PreparationError};
pub use issuing::{AuthorityProfile, CardKey, CardProfile, IssuedCertificate, RevocationProfile, SimulatedAuthority};
pub(crate) use routes::routes;

use super::officer::{self, GrantError, NewGrant, OfficerRole};
use crate::{clock::italian_time, database::Database, keys::Keys};

/// Permission to simulate cards. No configuration can make one: only the demonstration does, and only for a site
/// that listens on this machine alone.
#[derive(Debug, Clone)]
pub struct Demonstration(());

impl Demonstration {
    /// The permission, if `public_address` is a loopback address.
    pub fn on_loopback(public_address: SocketAddr) -> Option<Demonstration> {
        public_address.ip().is_loopback().then_some(Demonstration(()))
    }
}

/// An invented person with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedCitizen {
    /// First and last name.
    pub name: &'static str,
    /// The fiscal code without its check character.
    first_fifteen: &'static str,
    /// The roles that the demonstration grants them.
    pub roles: &'static [OfficerRole],
}

impl SimulatedCitizen {
    /// The invented fiscal code.
    pub fn fiscal_code(&self) -> FiscalCode {
        FiscalCode::with_check_character(self.first_fifteen)
            .expect("the codes below are well formed; a test reads them")
    }
}

/// The people of the simulated reader.
pub const CITIZENS: [SimulatedCitizen; 11] = [
    SimulatedCitizen { name: "Anna Esempio", first_fifteen: "SMPNNA84C41F205", roles: &[] },
    SimulatedCitizen { name: "Luca Prova", first_fifteen: "PRVLCU59H12F205", roles: &[] },
    SimulatedCitizen { name: "Sara Modello", first_fifteen: "MDLSRA02T50F205", roles: &[] },
    SimulatedCitizen { name: "Omar Finto", first_fifteen: "FNTMRO78A20Z330", roles: &[] },
    SimulatedCitizen { name: "Elena Incarico", first_fifteen: "NCRLNE75D50F205", roles: &[OfficerRole::Administrator] },
    SimulatedCitizen { name: "Paolo Conferma", first_fifteen: "CNFPLA68S07F205", roles: &[OfficerRole::Administrator] },
    SimulatedCitizen { name: "Rita Registro", first_fifteen: "RGSRTI81L63F205", roles: &[OfficerRole::Auditor] },
    SimulatedCitizen { name: "Olga Sportello", first_fifteen: "SPRLGO90C52F205", roles: &[OfficerRole::Operator] },
    SimulatedCitizen { name: "Sofia Stima", first_fifteen: "STMSFO85E49F205", roles: &[OfficerRole::Analyst] },
    SimulatedCitizen { name: "Dario Edizione", first_fifteen: "DZNDRA72R17F205", roles: &[OfficerRole::Editor] },
    SimulatedCitizen { name: "Carla Consiglio", first_fifteen: "CNSCRL66B61F205", roles: &[OfficerRole::Council] },
];

/// How long the demonstration grants its roles, in days: renewed whenever it is started after half of it.
const GRANTED_DAYS: u64 = 365;

/// Grants the invented officers their roles, where they do not hold them for a while yet.
///
/// # Errors
/// When the database cannot be written.
pub async fn grant_roles(database: &Database, keys: &Keys, now: DateTime<Utc>) -> Result<(), GrantError> {
    let grants = officer::list(database, keys, now).await?;
    let half = now + chrono::Duration::days(GRANTED_DAYS as i64 / 2);
    for citizen in &CITIZENS {
        for &role in citizen.roles {
            let holds =
                |grant: &officer::Grant| grant.name == citizen.name && grant.role == role && grant.is_in_force(half);
            let until = italian_time(now).date().checked_add_days(Days::new(GRANTED_DAYS));
            if let Some(until) = until.filter(|_| !grants.iter().any(holds)) {
                let new = NewGrant { fiscal_code: citizen.fiscal_code(), name: citizen.name.to_owned(), role, until };
                officer::grant(database, keys, &new, now).await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_citizens_have_valid_codes_of_their_own() {
        let codes: std::collections::BTreeSet<String> =
            CITIZENS.iter().map(|citizen| citizen.fiscal_code().reveal().to_owned()).collect();
        assert_eq!(codes.len(), CITIZENS.len());
    }

    #[test]
    fn cards_are_simulated_on_loopback_only() {
        for address in ["127.0.0.1:8443", "[::1]:8443"] {
            assert!(Demonstration::on_loopback(address.parse().unwrap()).is_some(), "{address}");
        }
        for address in ["0.0.0.0:8443", "192.168.1.4:8443", "[::]:8443"] {
            assert!(Demonstration::on_loopback(address.parse().unwrap()).is_none(), "{address}");
        }
    }
}
