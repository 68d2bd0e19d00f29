//! The client's half of RFC 6455, as cheap as it gets: frames are found inside the bytes of one
//! `read`, and only what a read cut in two is copied.
//!
//! **Invariant:** `Decoder` keeps no memory between whole frames, so 15,000 idle sockets cost the
//! harness almost nothing.

use std::io;

/// Larger frames mean a broken peer; nothing in the protocol comes near.
const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A rest of this size is kept for the next cut frame; a larger one is given back.
const REST_KEPT_BYTES: usize = 4096;

pub(crate) const CONTINUATION: u8 = 0;
pub(crate) const TEXT: u8 = 1;
pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// One frame, borrowed from the bytes that were read.
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) is_final: bool,
    /// Present on what a client sent: the payload is still masked with it.
    pub(crate) mask: Option<[u8; 4]>,
    pub(crate) payload: &'a [u8],
}

impl Frame<'_> {
    /// The code of a close frame; 1005 (RFC 6455, 7.4.1) when it carries none.
    pub(crate) fn close_code(&self) -> u16 {
        match self.payload {
            [high, low, ..] => u16::from_be_bytes([*high, *low]),
            _ => 1005,
        }
    }
}

/// Finds frames in a stream of bytes that arrives in arbitrary pieces.
#[derive(Default)]
pub(crate) struct Decoder {
    /// The start of a frame whose end has not arrived yet.
    rest: Vec<u8>,
}

impl Decoder {
    /// Calls `sink` for every frame that is complete with `bytes`.
    pub(crate) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(Frame<'_>),
    ) -> io::Result<()> {
        if self.rest.is_empty() {
            let used = drain(bytes, sink)?;
            self.rest.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        self.rest.extend_from_slice(bytes);
        let used = drain(&self.rest, sink)?;
        self.rest.drain(..used);
        if self.rest.is_empty() && self.rest.capacity() > REST_KEPT_BYTES {
            self.rest = Vec::new();
        }
        Ok(())
    }
}

fn drain(bytes: &[u8], sink: &mut impl FnMut(Frame<'_>)) -> io::Result<usize> {
    let mut used = 0;
    while let Some((frame, length)) = parse(&bytes[used..])? {
        sink(frame);
        used += length;
    }
    Ok(used)
}

/// The first frame of `bytes` and its whole length, or nothing when it is incomplete.
fn parse(bytes: &[u8]) -> io::Result<Option<(Frame<'_>, usize)>> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let masked = second & 0x80 != 0;
    let (length, mut header) = match second & 0x7f {
        126 => match bytes.get(2..4) {
            Some(&[a, b]) => (usize::from(u16::from_be_bytes([a, b])), 4),
            _ => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|slice| <[u8; 8]>::try_from(slice).ok()) {
            Some(wide) => (usize::try_from(u64::from_be_bytes(wide)).unwrap_or(usize::MAX), 10),
            None => return Ok(None),
        },
        short => (usize::from(short), 2),
    };
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::other("a frame of more than 16 MiB"));
    }
    let mut mask = None;
    if masked {
        mask = bytes.get(header..header + 4).and_then(|slice| <[u8; 4]>::try_from(slice).ok());
        if mask.is_none() {
            return Ok(None);
        }
        header += 4;
    }
    let Some(payload) = bytes.get(header..header + length) else { return Ok(None) };
    let frame = Frame { opcode: first & 0x0f, is_final: first & 0x80 != 0, mask, payload };
    Ok(Some((frame, header + length)))
}

/// Appends one final, masked frame, as RFC 6455 demands of clients.
pub(crate) fn append_masked(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    append_header(out, opcode, payload.len(), 0x80);
    let mask: [u8; 4] = rand::random();
    out.extend_from_slice(&mask);
    let start = out.len();
    out.extend_from_slice(payload);
    apply_mask(&mut out[start..], mask);
}

/// Appends one final frame without a mask, as servers send them.
pub(crate) fn append_plain(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    append_header(out, opcode, payload.len(), 0);
    out.extend_from_slice(payload);
}

fn append_header(out: &mut Vec<u8>, opcode: u8, length: usize, mask_bit: u8) {
    out.push(0x80 | opcode);
    if let Ok(short) = u8::try_from(length)
        && short < 126
    {
        out.push(mask_bit | short);
    } else if let Ok(middle) = u16::try_from(length) {
        out.push(mask_bit | 126);
        out.extend_from_slice(&middle.to_be_bytes());
    } else {
        out.push(mask_bit | 127);
        out.extend_from_slice(&(length as u64).to_be_bytes());
    }
}

/// Masks or unmasks in place; the operation is its own inverse.
pub(crate) fn apply_mask(payload: &mut [u8], mask: [u8; 4]) {
    for (byte, key) in payload.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unmasked(frame: &Frame<'_>) -> Vec<u8> {
        let mut payload = frame.payload.to_vec();
        if let Some(mask) = frame.mask {
            apply_mask(&mut payload, mask);
        }
        payload
    }

    #[test]
    fn frames_of_every_length_class_survive_any_cut() {
        let payloads: Vec<Vec<u8>> =
            [0, 1, 125, 126, 65_535, 65_536].map(|length| vec![7_u8; length]).to_vec();
        let mut stream = Vec::new();
        for payload in &payloads {
            append_masked(&mut stream, TEXT, payload);
            append_plain(&mut stream, BINARY, payload);
        }

        for piece in [1_000, 4_097, stream.len()] {
            let mut decoder = Decoder::default();
            let mut seen = Vec::new();
            for bytes in stream.chunks(piece) {
                decoder.feed(bytes, &mut |frame| seen.push(unmasked(&frame))).unwrap();
            }
            let expected: Vec<Vec<u8>> =
                payloads.iter().flat_map(|payload| [payload.clone(), payload.clone()]).collect();
            assert!(seen == expected, "pieces of {piece}");
        }
    }

    #[test]
    fn a_header_cut_after_each_byte_waits_for_the_rest() {
        let mut stream = Vec::new();
        append_masked(&mut stream, TEXT, &[1; 300]);
        let mut decoder = Decoder::default();
        let mut count = 0;
        for byte in &stream {
            decoder.feed(&[*byte], &mut |_| count += 1).unwrap();
        }
        assert_eq!(count, 1);
    }

    #[test]
    fn a_frame_beyond_the_limit_is_refused() {
        let mut bytes = vec![0x82, 127];
        bytes.extend_from_slice(&u64::MAX.to_be_bytes());
        assert!(Decoder::default().feed(&bytes, &mut |_| ()).is_err());
    }
}
