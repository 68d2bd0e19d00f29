//! Frames of a stream: how long, which number, what is said.
//!
//! ```text
//!   length of the rest (4 bytes) ─ number (8 bytes) ─ what is said       (big-endian)
//! ```

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Most bytes of what is said. The longest message by the usual limits takes 64 KiB; a hundred times
/// that leaves room for operators who raise them.
const SAID_BYTES_MAX: usize = 6 * 1024 * 1024;
/// Bytes of the length.
const LENGTH_BYTES: usize = 4;
/// Bytes of the number.
const NUMBER_BYTES: usize = 8;

/// An order or an answer, under its number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) number: u64,
    pub(super) said: Bytes,
}

/// More than may be said at once, or less than a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {0} bytes")]
pub(super) struct WrongLength(usize);

/// Puts what is said behind its length and number.
pub(super) fn write(number: u64, said: &[u8]) -> Result<Bytes, WrongLength> {
    let length = NUMBER_BYTES + said.len();
    let (true, Ok(length)) = (said.len() <= SAID_BYTES_MAX, u32::try_from(length)) else {
        return Err(WrongLength(length));
    };
    let mut bytes = BytesMut::with_capacity(LENGTH_BYTES + NUMBER_BYTES + said.len());
    bytes.put_u32(length);
    bytes.put_u64(number);
    bytes.put_slice(said);
    Ok(bytes.freeze())
}

/// Puts together what comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pieces: BytesMut,
}

impl Reader {
    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.pieces.extend_from_slice(piece);
    }

    /// The next frame that is whole.
    pub(super) fn frame(&mut self) -> Result<Option<Frame>, WrongLength> {
        let Some(length) = self.pieces.first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if !(NUMBER_BYTES..=NUMBER_BYTES + SAID_BYTES_MAX).contains(&length) {
            return Err(WrongLength(length));
        }
        if self.pieces.len() < LENGTH_BYTES + length {
            return Ok(None);
        }
        self.pieces.advance(LENGTH_BYTES);
        let mut frame = self.pieces.split_to(length).freeze();
        let number = frame.get_u64();
        Ok(Some(Frame { number, said: frame }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_read_back_however_they_were_cut() {
        let said: [&[u8]; 3] = [b"", b"words", &[7; 300]];
        let sent: Vec<u8> = (0_u64..)
            .zip(said)
            .flat_map(|(number, said)| write(number << 40, said).unwrap())
            .collect();
        for size in 1..sent.len() {
            let mut reader = Reader::default();
            let mut read = Vec::new();
            for piece in sent.chunks(size) {
                reader.push(piece);
                while let Some(frame) = reader.frame().unwrap() {
                    read.push(frame);
                }
            }
            let expected = (0_u64..).zip(said).map(|(number, said)| Frame {
                number: number << 40,
                said: Bytes::copy_from_slice(said),
            });
            assert_eq!(read, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_length_that_cannot_be_is_refused_before_its_bytes_come() {
        for length in [0, 7, NUMBER_BYTES + SAID_BYTES_MAX + 1] {
            let mut reader = Reader::default();
            reader.push(&u32::try_from(length).unwrap().to_be_bytes());
            assert_eq!(reader.frame(), Err(WrongLength(length)));
        }
        assert!(write(1, &vec![0; SAID_BYTES_MAX]).is_ok());
        assert!(write(1, &vec![0; SAID_BYTES_MAX + 1]).is_err());
    }
}
