//! A throw-away PostgreSQL server, for tests that must hold on both databases.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A running server with an empty database; it stops and vanishes when dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    fsync: &'static str,
}

impl Postgres {
    /// Starts a server, or says that PostgreSQL is not installed. It does not wait for the disk.
    ///
    /// # Panics
    /// When it is installed and does not start.
    pub fn start() -> Option<Postgres> {
        Postgres::with_fsync("off")
    }

    /// The same, but what it commits is on the disk, as on a server that people rely on.
    ///
    /// # Panics
    /// When it is installed and does not start.
    pub fn start_durable() -> Option<Postgres> {
        Postgres::with_fsync("on")
    }

    fn with_fsync(fsync: &'static str) -> Option<Postgres> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("tempi-postgres").tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let server = Postgres { programs, folder, port, fsync };
        if is_root() {
            // PostgreSQL refuses to run as root.
            succeed(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let data = server.data();
        succeed(server.command("initdb").args(["-D", &data, "-U", "tempi", "--auth=trust", "--no-sync", "-E", "UTF8"]));
        server.run();
        succeed(server.command("createdb").args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "tempi", "tempi"]));
        Some(server)
    }

    /// Kills every process of the server, as a power cut would, and starts it again.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn kill_and_start(&self) {
        let file = std::fs::read_to_string(format!("{}/postmaster.pid", self.data())).expect("a running server");
        let process = file.lines().next().expect("its number").to_owned();
        // The one that would start others first, so that nobody is missed.
        succeed(Command::new("kill").args(["-STOP", &process]));
        Command::new("pkill").args(["-KILL", "-P", &process]).status().expect("pkill");
        succeed(Command::new("kill").args(["-KILL", &process]));
        // Its number must be free before another server believes that it is gone.
        while Path::new("/proc").join(&process).exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.run();
    }

    fn run(&self) {
        let Postgres { port, fsync, .. } = self;
        let data = self.data();
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync={fsync}");
        let log = format!("{data}.log");
        succeed(self.command("pg_ctl").args(["-D", &data, "-w", "-o", &options, "-l", &log, "start"]));
    }

    /// The database's URL.
    pub fn url(&self) -> String {
        format!("postgres://tempi@127.0.0.1:{}/tempi", self.port)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    /// A program of PostgreSQL, run by an unprivileged user.
    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        self.command("pg_ctl").args(["-D", &data, "-m", "immediate", "stop"]).status().ok();
    }
}

/// Debian keeps the server's programs out of the path, by version; the newest wins.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.into_iter().rev().find(|programs| Path::new(programs).join("initdb").exists())
}

fn is_root() -> bool {
    let identity = Command::new("id").arg("-u").output().expect("the id command");
    identity.stdout.starts_with(b"0\n")
}

fn succeed(command: &mut Command) {
    let status = command.stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?} failed");
}
