//! A connection that stays open, for many requests of one browser: what a load is made of.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use rustls::{ClientConnection, StreamOwned};

/// An open connection to a site, with the cookies of the browser that opened it. Cookies that come back are not kept.
pub struct Line {
    stream: BufReader<StreamOwned<ClientConnection, TcpStream>>,
    authority: String,
    cookies: String,
}

impl Line {
    /// A line over `stream` to `authority` (`localhost:8443`), with this cookie header.
    pub(crate) fn new(stream: StreamOwned<ClientConnection, TcpStream>, authority: &str, cookies: String) -> Line {
        Line { stream: BufReader::new(stream), authority: authority.to_owned(), cookies }
    }

    /// POST of a form, already encoded. Answers status and body.
    ///
    /// # Errors
    /// When the connection breaks before the whole answer came.
    pub fn post(&mut self, path: &str, body: &str) -> io::Result<(u16, String)> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            self.authority,
            self.cookies,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.stream.get_mut().flush()?;
        self.read()
    }

    fn read(&mut self) -> io::Result<(u16, String)> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, what.to_owned());
        let status = self.read_line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| broken("no status line"))?;
        let mut length = None;
        loop {
            let line = self.read_line()?.to_ascii_lowercase();
            match line.strip_prefix("content-length:") {
                _ if line.is_empty() => break,
                Some(value) => length = value.trim().parse().ok(),
                None => {}
            }
        }
        let mut body = vec![0; length.ok_or_else(|| broken("no length"))?];
        self.stream.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn read_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ended")),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}
