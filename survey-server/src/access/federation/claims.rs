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
