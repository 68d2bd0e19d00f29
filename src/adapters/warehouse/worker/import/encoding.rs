//! Text files in the encodings that people's programs write: UTF-8, UTF-16 with a mark, and
//! Windows-1252 for what is neither. Read in pieces, given as UTF-8.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of one piece.
const PIECE_BYTES: usize = 64 << 10;

/// How a file's bytes stand for letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    Windows1252,
}

/// 0x80 to 0x9F of Windows-1252; the rest is as in Unicode.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Finds a file's encoding: by its mark, or by whether all of it is UTF-8.
pub(super) fn detect(path: &Path) -> io::Result<Encoding> {
    let mut file = BufReader::new(File::open(path)?);
    let mut head = [0; 2];
    let count = file.read(&mut head)?;
    match (count, head) {
        (2, [0xFF, 0xFE]) => return Ok(Encoding::Utf16Little),
        (2, [0xFE, 0xFF]) => return Ok(Encoding::Utf16Big),
        _ => {}
    }
    file.seek(SeekFrom::Start(0))?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut kept = 0;
    loop {
        let count = file.read(&mut piece[kept..])?;
        let all = kept + count;
        match std::str::from_utf8(&piece[..all]) {
            Ok(_) if count == 0 => return Ok(Encoding::Utf8),
            Ok(_) => kept = 0,
            // A letter that is cut at the piece's end is looked at with the next piece.
            Err(error) if error.error_len().is_none() && count > 0 => {
                let valid = error.valid_up_to();
                piece.copy_within(valid..all, 0);
                kept = all - valid;
            }
            Err(_) => return Ok(Encoding::Windows1252),
        }
    }
}

/// A file as UTF-8, without its mark.
pub(super) struct Decoded {
    file: BufReader<File>,
    encoding: Encoding,
    /// Decoded and not yet given.
    ready: Vec<u8>,
    given: usize,
    /// The first half of a pair.
    high: Option<u16>,
    is_begun: bool,
}

impl Decoded {
    pub(super) fn open(path: &Path, encoding: Encoding) -> io::Result<Self> {
        let file = BufReader::with_capacity(PIECE_BYTES, File::open(path)?);
        Ok(Self { file, encoding, ready: Vec::new(), given: 0, high: None, is_begun: false })
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut piece = vec![0; PIECE_BYTES];
        // Whole pairs of bytes, but for the last.
        let mut count = 0;
        while count < piece.len() {
            match self.file.read(&mut piece[count..])? {
                0 => break,
                more => count += more,
            }
        }
        let piece = &piece[..count];
        self.given = 0;
        self.ready.clear();
        match self.encoding {
            Encoding::Utf8 => self.ready.extend_from_slice(piece),
            Encoding::Windows1252 => {
                let letter = |byte: &u8| match byte {
                    0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(*byte),
                };
                self.ready.extend(piece.iter().map(letter).collect::<String>().into_bytes());
            }
            Encoding::Utf16Little | Encoding::Utf16Big => self.decode_pairs(piece),
        }
        if !std::mem::replace(&mut self.is_begun, true) && self.ready.starts_with(b"\xEF\xBB\xBF") {
            self.given = 3;
        }
        Ok(())
    }

    fn decode_pairs(&mut self, piece: &[u8]) {
        let is_little = self.encoding == Encoding::Utf16Little;
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        };
        let mut units: Vec<u16> = self.high.take().into_iter().collect();
        units.extend(piece.chunks_exact(2).map(unit));
        if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) && !piece.is_empty() {
            self.high = units.pop();
        }
        self.ready.extend(String::from_utf16_lossy(&units).into_bytes());
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given >= self.ready.len() {
            self.refill()?;
        }
        let left = &self.ready[self.given..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Encoding, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, bytes).unwrap();
        let encoding = detect(&path).unwrap();
        let mut text = String::new();
        Decoded::open(&path, encoding).unwrap().read_to_string(&mut text).unwrap();
        (encoding, text)
    }

    #[test]
    fn every_encoding_is_found_and_read() {
        let text = "größe;€;😀";
        let utf8 = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        assert_eq!(decoded(&utf8), (Encoding::Utf8, text.to_owned()));
        let units = || std::iter::once(0xFEFF).chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little), (Encoding::Utf16Little, text.to_owned()));
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&big), (Encoding::Utf16Big, text.to_owned()));
        assert_eq!(decoded(b"gr\xF6\xDFe;\x80"), (Encoding::Windows1252, "größe;€".to_owned()));
    }

    #[test]
    fn letters_that_are_cut_between_pieces_stay_whole() {
        let text = format!("x{}", "ö".repeat(PIECE_BYTES));
        assert_eq!(decoded(text.as_bytes()), (Encoding::Utf8, text.clone()));
        let text = format!("x{}", "😀".repeat(PIECE_BYTES));
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        let little: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little), (Encoding::Utf16Little, text));
    }
}
