//! Real reverse proxies before a site, with the configurations that `docs/OPERATIONS.md` shows.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use survey_server::config::Config;
use tempfile::TempDir;

use crate::{root, site::Site};

/// A proxy; it stops when dropped.
pub struct Proxy {
    /// The site behind it.
    pub site: Site,
    process: Child,
    folder: TempDir,
}

/// Which program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// nginx.
    Nginx,
    /// Apache's httpd.
    Apache,
}

impl Proxy {
    /// A site behind a proxy, or nothing when the program is not installed. `change` may change the site's configuration,
    /// `edit` the proxy's.
    ///
    /// # Panics
    /// When the program is installed and does not start.
    pub fn start(kind: Kind, change: impl FnOnce(&mut Config), edit: impl FnOnce(String) -> String) -> Option<Proxy> {
        let (program, fence) = match kind {
            Kind::Nginx => ("/usr/sbin/nginx", "```nginx\n"),
            Kind::Apache => ("/usr/sbin/apache2", "```apache\n"),
        };
        if !Path::new(program).exists() {
            println!("skipped: {program} is not installed");
            return None;
        }
        let [public, card, public_behind, card_behind] = free_ports();
        let site = Site::start_with(
            |config| {
                for (listener, front, behind) in
                    [(&mut config.public, public, public_behind), (&mut config.card, card, card_behind)]
                {
                    listener.address = ([127, 0, 0, 1], behind).into();
                    listener.url = format!("https://localhost:{front}");
                    listener.tls = None;
                    listener.behind_proxy = true;
                }
                config.proxy.addresses = vec![[127, 0, 0, 1].into()];
                change(config);
            },
            false,
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = |name: &str| site.folder().join(name).display().to_string();
        let shown = edit(shown(fence));
        let shown = [
            ("listen 443 ssl", format!("listen 127.0.0.1:{public} ssl")),
            ("listen 8444 ssl", format!("listen 127.0.0.1:{card} ssl")),
            ("*:443>", format!("127.0.0.1:{public}>")),
            ("*:8444>", format!("127.0.0.1:{card}>")),
            ("/etc/tempi/tls/fullchain.pem", place("server.pem")),
            ("/etc/tempi/tls/privkey.pem", place("server.key")),
            ("tempi.comune.esempio.it", "localhost".to_owned()),
            ("127.0.0.1:8080", format!("127.0.0.1:{public_behind}")),
            ("127.0.0.1:8081", format!("127.0.0.1:{card_behind}")),
        ]
        .iter()
        .fold(shown, |text, (from, to)| text.replace(from, to));
        let around = match kind {
            Kind::Nginx => nginx(folder.path(), &shown),
            Kind::Apache => apache(folder.path(), &shown, [public, card]),
        };
        let file = folder.path().join("proxy.conf");
        fs::write(&file, around).expect("a configuration");
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let mut command = Command::new(program);
        match kind {
            Kind::Nginx => command.arg("-p").arg(folder.path()).arg("-c").arg(&file),
            Kind::Apache => command.args(["-D", "FOREGROUND", "-f"]).arg(&file),
        };
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("the proxy starts");
        let proxy = Proxy { site, process, folder };
        proxy.wait_for([public, card]);
        Some(proxy)
    }

    /// What the proxy has said.
    pub fn log(&self) -> String {
        ["log", "error.log"].map(|name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()).concat()
    }

    fn wait_for(&self, ports: [u16; 2]) {
        for port in ports {
            let answers = (0..100).any(|_| {
                thread::sleep(Duration::from_millis(50));
                TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
            assert!(answers, "the proxy does not listen: {}", self.log());
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Both programs end their workers at SIGTERM; a SIGKILL would leave them.
        let id = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().ok();
        self.process.wait().ok();
    }
}

/// The configuration that the documentation shows after `fence`.
fn shown(fence: &str) -> String {
    let text = fs::read_to_string(root().join("docs/OPERATIONS.md")).expect("the documentation");
    let block = text.split(fence).nth(1).and_then(|rest| rest.split("```").next());
    block.expect("a configuration in the documentation").to_owned()
}

fn nginx(folder: &Path, shown: &str) -> String {
    let folder = folder.display();
    let spaces = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let spaces: String = spaces.iter().map(|name| format!("{name}_temp_path {folder}/{name};\n")).collect();
    format!(
        "daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 2;\nevents {{}}\n\
         http {{\naccess_log off;\n{spaces}{shown}}}\n"
    )
}

fn apache(folder: &Path, shown: &str, ports: [u16; 2]) -> String {
    let folder = folder.display();
    let modules = ["mpm_event", "authz_core", "ssl", "headers", "proxy", "proxy_http", "socache_shmcb"];
    let modules: String = modules
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
    let listen: String = ports.iter().map(|port| format!("Listen 127.0.0.1:{port} https\n")).collect();
    format!(
        "ServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n\
         DefaultRuntimeDir {folder}\nMutex file:{folder}\n{modules}User www-data\nGroup www-data\n{listen}{shown}"
    )
}

/// Ports that nobody listens on at this moment.
fn free_ports<const N: usize>() -> [u16; N] {
    let sockets = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    sockets.map(|socket| socket.local_addr().expect("an address").port())
}
