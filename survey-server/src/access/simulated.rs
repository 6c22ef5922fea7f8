//! A simulated card reader, for the demonstration only, and the invented authority whose cards it stands for.

mod files;
mod issuing;
mod routes;

use std::net::SocketAddr;

use questionnaires::fiscal_code::FiscalCode;

pub use files::{CardFiles, PreparationError};
pub use issuing::{AuthorityProfile, CardKey, CardProfile, IssuedCertificate, RevocationProfile, SimulatedAuthority};
pub(crate) use routes::routes;

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
}

impl SimulatedCitizen {
    /// The invented fiscal code.
    pub fn fiscal_code(&self) -> FiscalCode {
        FiscalCode::with_check_character(self.first_fifteen)
            .expect("the codes below are well formed; a test reads them")
    }
}

/// The people of the simulated reader.
pub const CITIZENS: [SimulatedCitizen; 4] = [
    SimulatedCitizen { name: "Anna Esempio", first_fifteen: "SMPNNA84C41F205" },
    SimulatedCitizen { name: "Luca Prova", first_fifteen: "PRVLCU59H12F205" },
    SimulatedCitizen { name: "Sara Modello", first_fifteen: "MDLSRA02T50F205" },
    SimulatedCitizen { name: "Omar Finto", first_fifteen: "FNTMRO78A20Z330" },
];

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
