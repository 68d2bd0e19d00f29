//! A WebSocket client that breaks rules on purpose: bytes out, frames in.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{PATIENCE, Person, Server};

pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const CLOSE: u8 = 0x88;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;

/// Any mask will do, as long as it is one.
const MASK: [u8; 4] = [0x51, 0x0f, 0xa7, 0x3c];

/// One connection, after its handshake.
pub(crate) struct Raw {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The head of the answer to the handshake, in lower case.
    pub(crate) head: String,
    /// The cookie that the answer sets, without its attributes.
    pub(crate) cookie: Option<String>,
}

impl Raw {
    /// Asks for a WebSocket with more headers and sends `early` in the same write.
    pub(crate) async fn ask(
        address: &str,
        path: &str,
        more: &[(&str, &str)],
        early: &[u8],
    ) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let more: String =
            more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\n\
             connection: Upgrade\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
        );
        stream.write_all(&[head.as_bytes(), early].concat()).await.unwrap();
        let mut raw = Self { stream, buffer: Vec::new(), head: String::new(), cookie: None };
        let end = loop {
            let found = raw.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            match found {
                Some(end) => break end + 4,
                None => assert!(raw.fill().await, "ended before the answer"),
            }
        };
        let head: Vec<u8> = raw.buffer.drain(..end).collect();
        let head = String::from_utf8(head).unwrap();
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        raw.cookie = cookie.and_then(|line| Some(line.split_once(';')?.0.to_owned()));
        raw.head = head.to_lowercase();
        raw
    }

    /// Opens a socket as someone and takes its `hello`.
    pub(crate) async fn open(server: &Server, person: &Person) -> Self {
        Self::open_with(server, person, &[], b"").await
    }

    pub(crate) async fn open_with(
        server: &Server,
        person: &Person,
        more: &[(&str, &str)],
        early: &[u8],
    ) -> Self {
        let path = format!("/ws?token={}", person.token);
        let mut raw = Self::ask(&server.address, &path, more, early).await;
        assert!(raw.head.starts_with("http/1.1 101 "), "{}", raw.head);
        let (_, hello) = raw.frame().await.expect("hello");
        assert!(hello.windows(5).any(|bytes| bytes == b"hello"));
        raw
    }

    async fn fill(&mut self) -> bool {
        let read = self.stream.read_buf(&mut self.buffer);
        // A reset is an end too: the server may have more to refuse than it reads.
        tokio::time::timeout(PATIENCE, read).await.expect("bytes").unwrap_or(0) > 0
    }

    /// Writes bytes; a server that has hung up takes none, which is not the test's concern.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        drop(self.stream.write_all(bytes).await);
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        self.send(&masked(TEXT, frame.to_string().as_bytes())).await;
    }

    /// The next frame: its first byte and its payload; nothing at the end.
    pub(crate) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((header, length)) = size(&self.buffer)
                && self.buffer.len() >= header + length
            {
                let frame: Vec<u8> = self.buffer.drain(..header + length).collect();
                return Some((frame[0], frame[header..].to_vec()));
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// The next JSON frame of this type; others, and pings, are passed over.
    pub(crate) async fn expect(&mut self, kind: &str) -> Value {
        loop {
            let (first, payload) = self.frame().await.unwrap_or_else(|| panic!("no {kind}"));
            assert_ne!(first, CLOSE, "closed before {kind}: {payload:?}");
            let frame: Value = serde_json::from_slice(&payload).unwrap_or_default();
            if first == TEXT && frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The code of the close frame, which must be the last that comes.
    pub(crate) async fn close_code(&mut self) -> u16 {
        let code = loop {
            let (first, payload) = self.frame().await.expect("a close frame");
            if first == CLOSE {
                break u16::from_be_bytes([payload[0], payload[1]]);
            }
        };
        assert_eq!(self.frame().await, None, "nothing follows a close frame");
        code
    }
}

/// Sizes of the header and payload of a server's frame, if its header is there.
fn size(bytes: &[u8]) -> Option<(usize, usize)> {
    let short = *bytes.get(1)?;
    assert_eq!(short & 0x80, 0, "a server masks nothing");
    let length_bytes = match short {
        126 => 2,
        127 => 8,
        _ => return Some((2, short.into())),
    };
    let length = bytes.get(2..2 + length_bytes)?;
    Some((2 + length_bytes, length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))))
}

/// A client's frame with this first byte.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = announced(first, payload.len() as u64);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// Only a client frame's header, for a payload of this size.
pub(crate) fn announced(first: u8, length: u64) -> Vec<u8> {
    let mut frame = vec![first];
    let big_endian = length.to_be_bytes();
    match length {
        0..=125 => frame.push(0x80 | big_endian[7]),
        126..=0xffff => frame.extend([0xfe].iter().chain(&big_endian[6..])),
        _ => frame.extend([0xff].iter().chain(&big_endian)),
    }
    frame.extend(MASK);
    frame
}
