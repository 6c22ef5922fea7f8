//! What a person may ask of those who hold data about them: to read them, to take them along, to have them corrected, to
//! have them erased, and to know who looked at them.

mod download;
mod register;
mod routes;
mod store;
mod view;

pub(crate) use routes::routes;

/// The page of one's own data.
pub(crate) const PATH: &str = "/area-personale/dati";

/// Where they are downloaded.
const DOWNLOAD_PATH: &str = "/area-personale/dati/scarica";

/// Where what was handed in is opened again.
const CORRECTION_PATH: &str = "/area-personale/dati/correzione";

/// Where everything is erased.
const ERASURE_PATH: &str = "/area-personale/dati/cancellazione";

/// What is to be opened again: `questionario:<path>` or `giornata:<date>`.
const CORRECTION_FIELD: &str = "che_cosa";

/// The check box that confirms an erasure.
const CONFIRMATION_FIELD: &str = "conferma";
