//! `tempi serve` as a process of its own, which can be killed without warning.

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{command::binary, site::Site};

/// How long a site may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server.
pub struct Process {
    child: Child,
    /// The public origin.
    pub url: String,
}

impl Process {
    /// Serves the installation of a site that was stopped.
    pub fn of(site: &Site) -> Process {
        let [public, card] = [(), ()].map(|()| free_port());
        Process::start(&site.configuration_file_on(public, card), public)
    }

    fn start(configuration: &Path, port: u16) -> Process {
        let mut command = Command::new(binary());
        command.arg("serve").arg("--config").arg(configuration);
        let log = configuration.with_extension("log");
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        let stderr = std::fs::File::create(&log).expect("a file");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr).spawn();
        let mut child = child.expect("the binary starts");
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().expect("a process").is_none(), "the site ended before it listened: {}", said());
            assert!(began.elapsed() < PATIENCE, "the site does not listen: {}", said());
            sleep(Duration::from_millis(20));
        }
        Process { child, url: format!("https://localhost:{port}") }
    }

    /// Ends the process as a power cut would: it gets no chance to finish anything.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port()
}
