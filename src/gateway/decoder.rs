//! Bytes into messages: the reading half of RFC 6455 for a server, without waiting.
//!
//! [`Decoder::feed`] takes bytes as they come, [`Decoder::take`] gives what is complete. Nothing is
//! reserved before its bytes are here, so a header that announces much costs nothing.
//!
//! **Invariant:** between messages the decoder holds no memory.

use super::close::{self, Close};

/// Fragments of one message: our clients send none, libraries few.
const FRAGMENTS_MAX: usize = 128;
/// Longest payload of a control frame (RFC 6455, section 5.5).
const CONTROL_BYTES_MAX: usize = 125;

const CONTINUATION: u8 = 0x0;
/// Opcode of a text frame.
pub const TEXT: u8 = 0x1;
/// Opcode of a binary frame.
pub const BINARY: u8 = 0x2;
/// Opcode of a close frame.
pub const CLOSE: u8 = 0x8;
/// Opcode of a ping frame.
pub const PING: u8 = 0x9;
/// Opcode of a pong frame.
pub const PONG: u8 = 0xa;

/// What a peer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A whole text message; it is UTF-8.
    Text(Vec<u8>),
    /// A whole binary message.
    Binary(Vec<u8>),
    /// To be answered with a pong of the same payload.
    Ping(Vec<u8>),
    /// A sign of life.
    Pong,
    /// The peer ends the connection; the code to answer with.
    Close(Option<u16>),
}

/// Assembles what comes in.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are already used.
    used: usize,
    message: Option<Partial>,
    message_bytes_max: usize,
    fragments_max: usize,
}

/// A message of which fragments are missing.
#[derive(Debug)]
struct Partial {
    is_text: bool,
    payload: Vec<u8>,
    /// Bytes of `payload` that are whole characters.
    checked: usize,
    fragments: usize,
}

struct Header {
    is_final: bool,
    opcode: u8,
    mask: [u8; 4],
    header_bytes: usize,
    payload_bytes: usize,
}

impl Decoder {
    /// A decoder that takes messages of at most so many bytes.
    pub fn new(message_bytes_max: usize) -> Self {
        let (buffer, fragments_max) = (Vec::new(), FRAGMENTS_MAX);
        Self { buffer, used: 0, message: None, message_bytes_max, fragments_max }
    }

    /// The same with another limit of fragments for one message.
    #[must_use]
    pub fn with_fragments_max(self, fragments_max: usize) -> Self {
        Self { fragments_max, ..self }
    }

    /// Takes bytes as they came.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether a frame or a message has begun and is not complete.
    pub fn is_waiting(&self) -> bool {
        self.message.is_some() || self.used < self.buffer.len()
    }

    /// Whether a message has begun whose last fragment is missing; control frames may come meanwhile.
    pub fn is_mid_message(&self) -> bool {
        self.message.is_some()
    }

    /// The next complete thing, or nothing until more bytes are fed; an error ends the connection.
    pub fn take(&mut self) -> Result<Option<Received>, Close> {
        while let Some(header) = self.header()? {
            if self.buffer.len() - self.used < header.header_bytes + header.payload_bytes {
                break;
            }
            let start = self.used + header.header_bytes;
            let end = start + header.payload_bytes;
            let mut payload = self.buffer[start..end].to_vec();
            fastwebsockets::unmask(&mut payload, header.mask);
            self.used = end;
            if let Some(received) = self.accept(&header, payload)? {
                return Ok(Some(received));
            }
        }
        self.give_back();
        Ok(None)
    }

    fn give_back(&mut self) {
        if self.used == self.buffer.len() {
            self.buffer = Vec::new();
        } else {
            self.buffer.drain(..self.used);
        }
        self.used = 0;
    }

    /// Reads and checks a frame's header, as soon as its bytes are there.
    fn header(&self) -> Result<Option<Header>, Close> {
        let bytes = &self.buffer[self.used..];
        let &[first, second, ..] = bytes else { return Ok(None) };
        let opcode = first & 0x0f;
        let is_final = first & 0x80 != 0;
        let is_known = matches!(opcode, CONTINUATION | TEXT | BINARY | CLOSE | PING | PONG);
        // No extension is ever agreed on, so the reserved bits must be clear; a client must mask.
        if first & 0x70 != 0 || !is_known || second & 0x80 == 0 {
            return Err(close::PROTOCOL);
        }
        let short = usize::from(second & 0x7f);
        let is_control = opcode >= CLOSE;
        if is_control && (!is_final || short > CONTROL_BYTES_MAX) {
            return Err(close::PROTOCOL);
        }
        let length_bytes = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let header_bytes = 2 + length_bytes + 4;
        let Some(rest) = bytes.get(2..header_bytes) else { return Ok(None) };
        let (length, mask) = rest.split_at(length_bytes);
        let payload_bytes = match length {
            [] => short,
            length => self.long_length(length)?,
        };
        self.check_room(opcode, payload_bytes)?;
        let mask = [mask[0], mask[1], mask[2], mask[3]];
        Ok(Some(Header { is_final, opcode, mask, header_bytes, payload_bytes }))
    }

    fn long_length(&self, length: &[u8]) -> Result<usize, Close> {
        if length.len() == 8 && length[0] & 0x80 != 0 {
            return Err(close::PROTOCOL);
        }
        let length = length.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        usize::try_from(length).map_err(|_| close::TOO_LARGE)
    }

    /// Refuses before the payload is read: what is too large, and a fragment that has no place.
    fn check_room(&self, opcode: u8, payload_bytes: usize) -> Result<(), Close> {
        if opcode >= CLOSE {
            return Ok(());
        }
        let before = match (&self.message, opcode) {
            (Some(partial), CONTINUATION) => partial.payload.len(),
            (None, TEXT | BINARY) => 0,
            (Some(_) | None, _) => return Err(close::PROTOCOL),
        };
        if payload_bytes > self.message_bytes_max - before.min(self.message_bytes_max) {
            return Err(close::TOO_LARGE);
        }
        Ok(())
    }

    fn accept(&mut self, header: &Header, payload: Vec<u8>) -> Result<Option<Received>, Close> {
        match header.opcode {
            CLOSE => return closing(&payload).map(Some),
            PING => return Ok(Some(Received::Ping(payload))),
            PONG => return Ok(Some(Received::Pong)),
            _ => {}
        }
        let mut partial = match self.message.take() {
            None => Partial { is_text: header.opcode == TEXT, payload, checked: 0, fragments: 1 },
            Some(mut partial) => {
                partial.payload.extend_from_slice(&payload);
                partial.fragments += 1;
                partial
            }
        };
        if partial.is_text {
            partial.check_text(header.is_final)?;
        }
        if !header.is_final {
            if partial.fragments >= self.fragments_max {
                return Err(close::TOO_LARGE);
            }
            self.message = Some(partial);
            return Ok(None);
        }
        let Partial { is_text, payload, .. } = partial;
        Ok(Some(if is_text { Received::Text(payload) } else { Received::Binary(payload) }))
    }
}

impl Partial {
    /// Each byte is looked at once, and a message that cannot become text is not waited for.
    fn check_text(&mut self, is_whole: bool) -> Result<(), Close> {
        match std::str::from_utf8(&self.payload[self.checked..]) {
            Ok(_) => self.checked = self.payload.len(),
            // The last character is cut; the next fragment must bring the rest.
            Err(error) if error.error_len().is_none() && !is_whole => {
                self.checked += error.valid_up_to();
            }
            Err(_) => return Err(close::NOT_UTF8),
        }
        Ok(())
    }
}

fn closing(payload: &[u8]) -> Result<Received, Close> {
    match payload {
        [] => Ok(Received::Close(None)),
        [_] => Err(close::PROTOCOL),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !close::may_travel(code) {
                return Err(close::PROTOCOL);
            }
            std::str::from_utf8(reason).map_err(|_| close::NOT_UTF8)?;
            Ok(Received::Close(Some(code)))
        }
    }
}

/// Puts a header before a payload: a finished frame, unmasked as a server sends it.
pub fn sealed(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    frame.push(0x80 | opcode);
    match u16::try_from(payload.len()) {
        Ok(length @ 0..=125) => frame.push(length.to_be_bytes()[1]),
        Ok(length) => {
            frame.push(126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        Err(_) => {
            frame.push(127);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

#[cfg(test)]
#[path = "decoder_tests.rs"]
mod tests;
