//! Who a person is, out of the claims of a provider.

use questionnaires::fiscal_code::FiscalCode;

use super::refusal::Refusal;
use crate::access::jose::Claims;

/// The prefix of an Italian tax number (ETSI EN 319 412-1), which SPID puts before a fiscal code.
const PREFIX: &str = "TINIT-";

/// The fiscal code in the first of the claims called `names`, if there is one.
pub(super) fn fiscal_code(claims: &Claims, names: &[String]) -> Result<Option<FiscalCode>, Refusal> {
    let Some(given) = names.iter().find_map(|name| claims.text(name)).filter(|given| !given.is_empty()) else {
        return Ok(None);
    };
    let given = given.trim().to_ascii_uppercase();
    let code = given.strip_prefix(PREFIX).unwrap_or(&given);
    code.parse().map(Some).map_err(|_| Refusal::NoFiscalCode)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(claims: serde_json::Value) -> Result<Option<String>, Refusal> {
        let names = ["https://attributes.eid.gov.it/fiscal_number", "fiscal_number"].map(str::to_owned);
        let claims = Claims(claims.as_object().expect("an object").clone());
        fiscal_code(&claims, &names).map(|code| code.map(|code| code.reveal().to_owned()))
    }

    #[test]
    fn a_fiscal_code_is_found_with_and_without_its_prefix() {
        let code = Ok(Some("RSSMRA80A41C707O".to_owned()));
        assert_eq!(found(json!({ "fiscal_number": "TINIT-RSSMRA80A41C707O" })), code);
        assert_eq!(found(json!({ "https://attributes.eid.gov.it/fiscal_number": "rssmra80a41c707o" })), code);
        assert_eq!(found(json!({ "fiscal_number": "tinit-RSSMRA80A41C707O" })), code);
        assert_eq!(found(json!({ "fiscal_number": "" })), Ok(None));
        assert_eq!(found(json!({ "tax_code": "RSSMRA80A41C707O" })), Ok(None), "a claim that nobody named");
        for wrong in ["TINIT-RSSMRA80A41C707X", "TINDE-12345678901", "TINIT-", "RSSMRA80A41C707O RSSMRA80A41C707O"] {
            assert_eq!(found(json!({ "fiscal_number": wrong })), Err(Refusal::NoFiscalCode), "{wrong}");
        }
    }
}
