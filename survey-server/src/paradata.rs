//! How a day was filled in: the class of device, the time spent on each step, and how often the day was changed. It is kept
//! only of people who agreed to that apart from everything else, shows how hard a form is, and goes into no published table.

mod form;
mod routes;
pub(crate) mod store;

pub(crate) use form::{Step, Trace};
pub(crate) use routes::routes;

use crate::access::session::Device;

/// Where one agrees or changes one's mind.
pub(crate) const CONSENT_PATH: &str = "/consenso/percorso";

/// The field that says which.
pub(crate) const CHOICE_FIELD: &str = "percorso";

/// The class of a device, as it is kept.
pub(crate) fn device_class(device: Device) -> &'static str {
    match device.kind {
        "computer" => "desktop",
        kind => kind,
    }
}
