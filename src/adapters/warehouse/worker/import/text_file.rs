//! Text files with one row a line, whatever stands between their cells.

use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{Reader, ReaderBuilder, StringRecord};

use super::encoding::{Decoded, Encoding, detect};
use super::{Failure, Rows, Visit};

/// What may stand between cells.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of a file shows what stands between its cells.
const HEAD_BYTES: u64 = 64 << 10;
const HEAD_ROWS: usize = 100;

/// A file whose encoding and delimiter are known.
pub(super) struct TextFile {
    path: PathBuf,
    encoding: Encoding,
    delimiter: u8,
}

fn unreadable<E>(_: E) -> Failure {
    Failure::new("the file cannot be read")
}

/// Looks at a file.
pub(super) fn open(path: &Path) -> Result<TextFile, Failure> {
    let encoding = detect(path).map_err(unreadable)?;
    let mut head = Vec::new();
    let decoded = Decoded::open(path, encoding).map_err(unreadable)?;
    decoded.take(HEAD_BYTES).read_to_end(&mut head).map_err(unreadable)?;
    if head.contains(&0) {
        return Err(Failure::new("the file is not text"));
    }
    // The last line may be cut.
    let is_cut = head.len() as u64 == HEAD_BYTES;
    let end = head.iter().rposition(|byte| *byte == b'\n').filter(|_| is_cut);
    let head = &head[..end.unwrap_or(head.len())];
    // The first of equals: a comma, where there is only one column.
    let best = DELIMITERS.iter().rev().max_by_key(|delimiter| score(head, **delimiter));
    Ok(TextFile { path: path.to_owned(), encoding, delimiter: *best.unwrap_or(&b',') })
}

/// How well a delimiter fits: rows of the same width as the first, then the width.
fn score(head: &[u8], delimiter: u8) -> (usize, usize) {
    let mut reader = reader(head, delimiter);
    let mut records = reader.byte_records().take(HEAD_ROWS).filter_map(Result::ok);
    let Some(width) = records.next().map(|record| record.len()).filter(|width| *width > 1) else {
        return (0, 0);
    };
    let same = records.filter(|record| record.len() == width).count();
    (same + 1, width)
}

fn reader<R: Read>(from: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(from)
}

impl Rows for TextFile {
    fn each(&mut self, visit: Visit<'_>) -> Result<(), Failure> {
        let decoded = Decoded::open(&self.path, self.encoding).map_err(unreadable)?;
        let mut reader = reader(decoded, self.delimiter);
        let mut record = StringRecord::new();
        let mut cells: Vec<String> = Vec::new();
        let mut number = 0;
        loop {
            number += 1;
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(_) => return Err(Failure::at(number, "it cannot be read")),
            }
            cells.clear();
            cells.extend(record.iter().map(str::to_owned));
            if cells.iter().any(|cell| cell.contains('\0')) {
                return Err(Failure::at(number, "it is not text"));
            }
            visit(number, &cells)?;
        }
    }

    fn has_commas(&self) -> bool {
        self.delimiter != b','
    }
}
