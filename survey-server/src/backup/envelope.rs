//! Encryption of a backup: pieces of 64 kB, each sealed with AES-256-GCM and bound to its place and to whether it is the
//! last, so that pieces can be neither exchanged nor left out.

use std::io::{self, BufRead, Cursor, Read, Write};

use crate::keys::{self, Keys, Seal};

/// How an encrypted backup begins.
const MAGIC: &[u8] = b"TEMPI-BACKUP-1\n";

/// Plain bytes in a piece.
const PIECE: usize = 64 * 1024;

/// What a sealed piece is longer by: nonce and tag.
const OVERHEAD: usize = 28;

const SALT: usize = 32;

fn context(number: u64, is_last: bool) -> String {
    format!("piece {number} {}", if is_last { "last" } else { "more" })
}

/// Encrypts what is written to it. Only [`Write::flush`] writes the last piece.
pub(super) struct Encrypting<W: Write> {
    sink: W,
    seal: Seal,
    number: u64,
    open: Vec<u8>,
}

impl<W: Write> Encrypting<W> {
    /// Begins with a fresh salt, so that every backup has a key of its own.
    pub(super) fn new(mut sink: W, key: &Keys) -> io::Result<Encrypting<W>> {
        let salt = keys::random_bytes::<SALT>();
        sink.write_all(MAGIC)?;
        sink.write_all(&salt)?;
        Ok(Encrypting { sink, seal: key.backup_seal(&salt), number: 0, open: Vec::with_capacity(PIECE) })
    }

    fn piece(&mut self, is_last: bool) -> io::Result<()> {
        let sealed = self.seal.seal_bytes(&context(self.number, is_last), &self.open);
        self.number += 1;
        self.open.clear();
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.sink.write_all(&length.to_be_bytes())?;
        self.sink.write_all(&sealed)
    }
}

impl<W: Write> Write for Encrypting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.open.len() == PIECE {
            self.piece(false)?;
        }
        let taken = bytes.len().min(PIECE - self.open.len());
        self.open.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.piece(true)?;
        self.sink.flush()
    }
}

/// The plain content of a backup; nothing when it is encrypted and there is no key.
pub(super) fn opened(
    mut source: impl BufRead + Send + 'static,
    key: Option<&Keys>,
) -> io::Result<Option<Box<dyn BufRead + Send>>> {
    let mut beginning = Vec::new();
    source.by_ref().take(MAGIC.len() as u64).read_to_end(&mut beginning)?;
    if beginning != MAGIC {
        return Ok(Some(Box::new(Cursor::new(beginning).chain(source))));
    }
    let Some(key) = key else { return Ok(None) };
    let mut salt = [0; SALT];
    source.read_exact(&mut salt)?;
    let seal = key.backup_seal(&salt);
    Ok(Some(Box::new(io::BufReader::new(Decrypting {
        source,
        seal,
        number: 0,
        open: Cursor::default(),
        ended: false,
    }))))
}

struct Decrypting<R: Read> {
    source: R,
    seal: Seal,
    number: u64,
    open: Cursor<Vec<u8>>,
    ended: bool,
}

impl<R: Read> Decrypting<R> {
    fn next_piece(&mut self) -> io::Result<()> {
        let broken =
            || io::Error::new(io::ErrorKind::InvalidData, "a piece does not open: another key, or it was changed");
        let mut length = [0; 4];
        self.source.read_exact(&mut length).map_err(|_| broken())?;
        let length = u32::from_be_bytes(length) as usize;
        if length > PIECE + OVERHEAD {
            return Err(broken());
        }
        let mut sealed = vec![0; length];
        self.source.read_exact(&mut sealed).map_err(|_| broken())?;
        let more = self.seal.open_bytes(&context(self.number, false), &sealed);
        let plain = match more {
            Ok(plain) => plain,
            Err(_) => {
                self.ended = true;
                self.seal.open_bytes(&context(self.number, true), &sealed).map_err(|_| broken())?
            }
        };
        self.number += 1;
        self.open = Cursor::new(plain);
        Ok(())
    }
}

impl<R: Read> Read for Decrypting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n_bytes = self.open.read(buffer)?;
            if n_bytes > 0 || buffer.is_empty() {
                return Ok(n_bytes);
            }
            if self.ended {
                // What follows the last piece was not written by us.
                let mut rest = [0; 1];
                return match self.source.read(&mut rest)? {
                    0 => Ok(0),
                    _ => Err(io::Error::new(io::ErrorKind::InvalidData, "something follows the last piece")),
                };
            }
            self.next_piece()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: char) -> Keys {
        Keys::from_base64(&format!("{}=", byte.to_string().repeat(43))).unwrap()
    }

    fn encrypted(content: &[u8]) -> Vec<u8> {
        let mut sink = Vec::new();
        let mut encrypting = Encrypting::new(&mut sink, &key('A')).unwrap();
        encrypting.write_all(content).unwrap();
        encrypting.flush().unwrap();
        drop(encrypting);
        sink
    }

    fn decrypted(bytes: Vec<u8>, key: &Keys) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        opened(Cursor::new(bytes), Some(key))?.unwrap().read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn a_backup_opens_with_its_key_only_and_shows_nothing_without() {
        let content: Vec<u8> = b"RSSMRA80A41C707O ".repeat(20_000);
        let sealed = encrypted(&content);
        assert_eq!(decrypted(sealed.clone(), &key('A')).unwrap(), content);
        assert!(decrypted(sealed.clone(), &key('E')).is_err());
        assert!(opened(Cursor::new(sealed.clone()), None).unwrap().is_none());
        assert!(!sealed.windows(6).any(|window| window == b"RSSMRA"));
        assert_ne!(sealed, encrypted(&content));
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1] {
            assert_eq!(decrypted(encrypted(&content[..size]), &key('A')).unwrap(), content[..size]);
        }
    }

    #[test]
    fn pieces_can_be_neither_changed_nor_left_out_nor_exchanged() {
        let sealed = encrypted(&vec![7; 3 * PIECE]);
        let (head, piece) = (MAGIC.len() + SALT, 4 + PIECE + OVERHEAD);
        let mut changed = sealed.clone();
        changed[head + piece + 50] ^= 1;
        assert!(decrypted(changed, &key('A')).is_err());
        assert!(decrypted(sealed[..head + 2 * piece].to_vec(), &key('A')).is_err(), "the last piece is missing");
        let without_first = [&sealed[..head], &sealed[head + piece..]].concat();
        assert!(decrypted(without_first, &key('A')).is_err());
        let exchanged = [
            &sealed[..head],
            &sealed[head + piece..head + 2 * piece],
            &sealed[head..head + piece],
            &sealed[head + 2 * piece..],
        ];
        assert!(decrypted(exchanged.concat(), &key('A')).is_err());
        assert!(decrypted([sealed, vec![0]].concat(), &key('A')).is_err());
    }
}
