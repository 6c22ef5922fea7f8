//! A small browser: HTTPS, cookies by host, a card, forms found in pages. It follows nothing by itself.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, SignatureScheme, StreamOwned, client::ResolvesClientCert,
    crypto::ring::sign::any_supported_type, sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use survey_server::access::simulated::IssuedCertificate;

use crate::{forms::Form, line::Line, site::Site};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Where it came from.
    pub url: String,
    /// Status code.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: String,
}

impl Answer {
    /// The first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The answer, which must have this status and contain each of `words`.
    #[track_caller]
    pub fn expect(self, status: u16, words: &[&str]) -> Answer {
        assert_eq!(self.status, status, "{}: {}", self.url, self.body);
        for word in words {
            assert!(self.body.contains(word), "`{word}` is missing from {}: {}", self.url, self.body);
        }
        self
    }

    /// The value of an input of the page's forms, by its name.
    pub fn input(&self, name: &str) -> Option<String> {
        let tag = self.body.split('<').find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
        Some(attribute(tag, "value").unwrap_or_default())
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    authority: CertificateDer<'static>,
    reader: Arc<Reader>,
    /// Kept from request to request, so that TLS sessions are resumed as real browsers resume them.
    tls: Arc<ClientConfig>,
    /// By host: as in real browsers, ports share cookies.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    /// Sent with every request.
    pub headers: Vec<(String, String)>,
}

impl Browser {
    /// A browser that trusts servers of `authority`.
    pub fn new(authority: CertificateDer<'static>) -> Browser {
        let reader = Arc::new(Reader::default());
        let tls = Arc::new(tls(&authority, &reader));
        Browser { authority, reader, tls, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// The same browser with a card in its reader.
    pub fn with_card(self, card: &IssuedCertificate) -> Browser {
        self.with_chain(card, &[])
    }

    /// The same browser with a card in its reader and the certificates above it, which it sends along.
    pub fn with_chain(mut self, card: &IssuedCertificate, above: &[CertificateDer<'static>]) -> Browser {
        let key = PrivateKeyDer::from_pem_slice(card.key_pem.as_bytes()).expect("a card's key");
        let key = any_supported_type(&key).expect("a supported key");
        let mut chain = vec![card.der.clone()];
        chain.extend_from_slice(above);
        // Not checked against each other, so that a thief with another key can be played.
        let card = CertifiedKey::new(chain, key);
        self.reader = Arc::new(Reader(Mutex::new(Some(Arc::new(card)))));
        self.tls = Arc::new(tls(&self.authority, &self.reader));
        self
    }

    /// Takes the card out of the reader.
    pub fn remove_card(&mut self) {
        *self.reader.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A cookie's value.
    pub fn cookie(&self, url: &str, name: &str) -> Option<&str> {
        self.cookies.get(host(url))?.get(name).map(String::as_str)
    }

    /// Sets a cookie, as an attacker with the browser in his hands could.
    pub fn set_cookie(&mut self, url: &str, name: &str, value: &str) {
        self.cookies.entry(host(url).to_owned()).or_default().insert(name.to_owned(), value.to_owned());
    }

    /// GET.
    pub fn get(&mut self, url: &str) -> Answer {
        self.send("GET", url, &[], "").expect("an answer")
    }

    /// POST of a form with exactly these fields.
    pub fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
        let body: Vec<String> = fields.iter().map(pair).collect();
        let kind = ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned());
        self.send("POST", url, &[kind], &body.join("&")).expect("an answer")
    }

    /// Submits the page's form that is meant for its content (the last one, after the sign-out of the header), with its
    /// hidden inputs and `fields`.
    pub fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let form = page.body.rsplit("<form").next().filter(|form| form.contains("action=")).expect("a form");
        let action = attribute(form, "action").expect("an action");
        let url = if action.starts_with('/') { format!("{}{action}", origin(&page.url)) } else { action };
        let hidden: Vec<(String, String)> = form
            .split('<')
            .filter(|tag| tag.contains("type=\"hidden\""))
            .filter_map(|tag| attribute(tag, "name").zip(attribute(tag, "value")))
            .collect();
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        self.post(&url, &all)
    }

    /// Submits the first form of the page that is sent to `action`, with its hidden inputs and `fields`.
    pub fn submit_to(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let forms = Form::all(page);
        let form = forms.iter().find(|form| form.action == action);
        let form = form.unwrap_or_else(|| panic!("no form to {action} on {}", page.url));
        let hidden = form.fields.iter().filter(|field| field.kind == "hidden");
        let hidden = hidden.map(|field| (field.name.as_str(), field.value.as_str()));
        let all: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        self.post(&format!("{}{action}", origin(&page.url)), &all)
    }

    /// The token of this browser's forms: that of signing out, or none where nobody is signed in.
    pub fn token(&mut self, site: &Site) -> String {
        self.get(&site.url).input("gettone").unwrap_or_default()
    }

    /// From the sign-in page to the card listener's answer.
    pub fn present_card(&mut self, site: &Site) -> Answer {
        let address = self.card_address(site);
        self.get(&address)
    }

    /// Where the sign-in page sends this browser with its card.
    pub fn card_address(&mut self, site: &Site) -> String {
        let page = self.get(&format!("{}/accesso", site.url)).expect(200, &[]);
        let link =
            page.body.split('<').find(|tag| tag.contains("/accesso/carta")).expect("the link to the card listener");
        attribute(link, "href").expect("an address")
    }

    /// GET twice over one connection, as browsers do that keep connections open.
    pub fn get_twice(&mut self, url: &str) -> [Answer; 2] {
        let (authority, path) = (origin(url).trim_start_matches("https://"), &url[origin(url).len()..]);
        let request =
            |connection| format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: {connection}\r\n\r\n");
        let both = request("keep-alive") + &request("close");
        let bytes = self.exchange(authority, host(url), both.as_bytes()).expect("two answers");
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a first head") + 4;
        let length = parse(url, &bytes).header("content-length").and_then(|length| length.parse::<usize>().ok());
        let (first, second) = bytes.split_at(head + length.expect("a length"));
        [first, second].map(|answer| parse(url, answer))
    }

    /// Sends these bytes and waits for what comes back, as somebody would who does not keep to the protocol.
    ///
    /// # Errors
    /// A broken handshake or connection.
    pub fn raw(&mut self, url: &str, request: &str) -> std::io::Result<Answer> {
        let authority = origin(url).trim_start_matches("https://").to_owned();
        Ok(parse(url, &self.exchange(&authority, host(url), request.as_bytes())?))
    }

    /// Any request.
    ///
    /// # Errors
    /// A broken handshake or connection.
    pub fn send(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &str,
    ) -> std::io::Result<Answer> {
        let authority = origin(url).trim_start_matches("https://").to_owned();
        let path = &url[origin(url).len()..];
        let path = if path.is_empty() { "/" } else { path };
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
        if let Some(cookies) = self.cookies.get(host(url)).filter(|cookies| !cookies.is_empty()) {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request += &format!("cookie: {}\r\n", pairs.join("; "));
        }
        for (name, value) in self.headers.iter().chain(headers) {
            request += &format!("{name}: {value}\r\n");
        }
        if method == "POST" {
            request += &format!("content-length: {}\r\n", body.len());
        }
        let bytes = self.exchange(&authority, host(url), format!("{request}\r\n{body}").as_bytes())?;
        let answer = parse(url, &bytes);
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(host(url), cookie);
        }
        Ok(answer)
    }

    /// An open connection to the site at `url`, for many requests.
    ///
    /// # Errors
    /// When nobody answers.
    pub fn line(&self, url: &str) -> std::io::Result<Line> {
        let authority = origin(url).trim_start_matches("https://");
        let cookies = self.cookies.get(host(url)).into_iter().flatten();
        let cookies: Vec<String> = cookies.map(|(name, value)| format!("{name}={value}")).collect();
        Ok(Line::new(self.connect(authority, host(url))?, authority, cookies.join("; ")))
    }

    fn connect(&self, authority: &str, host: &str) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).expect("a host name");
        let connection = ClientConnection::new(Arc::clone(&self.tls), name).map_err(std::io::Error::other)?;
        Ok(StreamOwned::new(connection, TcpStream::connect(authority)?))
    }

    fn exchange(&self, authority: &str, host: &str, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = self.connect(authority, host)?;
        stream.write_all(request)?;
        let mut bytes = Vec::new();
        match stream.read_to_end(&mut bytes) {
            Err(error) if bytes.is_empty() => Err(error),
            // A server that refuses a large body answers before it has read everything and may close abruptly.
            _ => Ok(bytes),
        }
    }

    fn keep(&mut self, host: &str, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else { return };
        let cookies = self.cookies.entry(host.to_owned()).or_default();
        if cookie.contains("Max-Age=0") || value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// A card reader, perhaps with a card in it.
#[derive(Debug, Default)]
struct Reader(Mutex<Option<Arc<CertifiedKey>>>);

impl ResolvesClientCert for Reader {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn has_certs(&self) -> bool {
        self.resolve(&[], &[]).is_some()
    }
}

fn tls(authority: &CertificateDer<'static>, reader: &Arc<Reader>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).expect("a root certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the default versions")
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::clone(reader) as Arc<dyn ResolvesClientCert>)
}

fn parse(url: &str, bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Answer { url: url.to_owned(), status, headers, body: body.to_owned() }
}

/// The value of an attribute of a tag, entities decoded.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&#38;", "&").replace("&amp;", "&").replace("&#39;", "'"))
}

fn origin(url: &str) -> &str {
    let rest = url.trim_start_matches("https://");
    let length = rest.find(['/', '?']).unwrap_or(rest.len());
    &url[..url.len() - rest.len() + length]
}

fn host(url: &str) -> &str {
    origin(url).trim_start_matches("https://").split(':').next().unwrap_or_default()
}

/// A text as it stands in an encoded form.
pub fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
