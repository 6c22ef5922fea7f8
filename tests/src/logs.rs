//! Everything that the program under test has logged in this process.

use std::{
    io::Write,
    sync::{Mutex, OnceLock, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static SUBSCRIBED: OnceLock<()> = OnceLock::new();

/// Begins to capture, at the most talkative level for our own code and the database.
pub fn capture() {
    SUBSCRIBED.get_or_init(|| {
        let subscriber =
            tracing_subscriber::fmt().json().with_env_filter("debug,survey_server=trace").with_writer(Buffer);
        tracing::subscriber::set_global_default(subscriber.finish()).expect("nobody else subscribes");
    });
}

/// What has been captured so far.
pub fn captured() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

struct Buffer;

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Buffer {
    type Writer = Buffer;

    fn make_writer(&self) -> Buffer {
        Buffer
    }
}
