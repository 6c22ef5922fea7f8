//! A small web server of files that a test may change while it runs: it plays the authorities' servers.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A server on loopback, over plain HTTP, until the test ends.
#[derive(Clone)]
pub struct FileServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    n_requests: usize,
}

impl FileServer {
    /// A server without files.
    pub fn start() -> FileServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let server = FileServer { address, state };
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n_read| n_read == 1) {
                    head.push(byte[0]);
                }
                let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
                let file = serving.asked(&path);
                let (status, body) = file.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
                let length = body.len();
                let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                // A client that went away does not concern the server.
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        server
    }

    /// The address of a file.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Puts a file there, in place of the one before.
    pub fn put(&self, path: &str, bytes: Vec<u8>) {
        self.lock().files.insert(path.to_owned(), bytes);
    }

    /// Takes every file away.
    pub fn clear(&self) {
        self.lock().files.clear();
    }

    /// How many requests came.
    pub fn n_requests(&self) -> usize {
        self.lock().n_requests
    }

    fn asked(&self, path: &str) -> Option<Vec<u8>> {
        let mut state = self.lock();
        state.n_requests += 1;
        state.files.get(path).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until `holds`, for ten seconds at most; tells whether it does.
pub fn soon(mut holds: impl FnMut() -> bool) -> bool {
    (0..100).any(|_| {
        let held = holds();
        if !held {
            thread::sleep(std::time::Duration::from_millis(100));
        }
        held
    })
}
