//! The lines of an export, from the first to the last, and then any of them by where it begins.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::cli::import::package::Package;
use crate::cli::import::source::{Broken, Place};

/// Longest line: a message with all its replies. The busiest threads that people write have a hundredth
/// of it.
const LINE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How many times as long as in its ZIP file the lines may become. Text that people wrote becomes ten times
/// as long, a file made to fill a disk a thousand times.
const GROWTH_MAX: u64 = 100;
/// What is unpacked in any case.
const UNPACKED_BYTES: u64 = 1024 * 1024 * 1024;

/// The lines of an export.
pub(super) struct Lines {
    name: String,
    file: BufReader<File>,
    offset: u64,
    number: u32,
}

/// One line.
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) offset: u64,
    name: String,
    bytes: Vec<u8>,
}

impl Lines {
    /// Of a file as it is.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| Broken::file(&name, error))?;
        Ok(Self { name, file: BufReader::new(file), offset: 0, number: 0 })
    }

    /// Of the one file of lines in a ZIP file, unpacked to where nobody else finds it: going back to a
    /// line needs a file that is not packed.
    pub(super) fn unpacked(package: &mut Package, path: &Path) -> Result<Self, Broken> {
        let shown = path.display().to_string();
        let is_lines = |name: &&String| name.ends_with(".jsonl") && !name.starts_with("data/");
        let mut found = package.names().iter().filter(is_lines).cloned();
        let (Some(name), None) = (found.next(), found.next()) else {
            return Err(Broken::file(&shown, "must hold one file of lines (import.jsonl)"));
        };
        let packed = std::fs::metadata(path).map_err(|error| Broken::file(&shown, error))?.len();
        let most = packed.saturating_mul(GROWTH_MAX).max(UNPACKED_BYTES);
        let mut target = nameless().map_err(|error| Broken::file(&name, error))?;
        let Some(source) = package.file(&name)? else {
            return Err(Broken::file(&name, "is gone"));
        };
        let written = std::io::copy(&mut source.take(most + 1), &mut target);
        if written.map_err(|error| Broken::file(&name, error))? > most {
            return Err(Broken::file(&name, format!("is longer than {most} bytes once unpacked")));
        }
        target.rewind().map_err(|error| Broken::file(&name, error))?;
        Ok(Self { name, file: BufReader::new(target), offset: 0, number: 0 })
    }

    /// What the file is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A line, for who has to mend it.
    pub(super) fn place(&self, number: u32) -> Place {
        Place { file: self.name.clone(), number: number as usize, unit: "line" }
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>, Broken> {
        loop {
            let offset = self.offset;
            self.number += 1;
            let bytes = self.read_line(self.number)?;
            if bytes.is_empty() {
                return Ok(None);
            }
            self.offset += bytes.len() as u64;
            if !bytes.trim_ascii().is_empty() {
                let name = self.name.clone();
                return Ok(Some(Line { number: self.number, offset, name, bytes }));
            }
        }
    }

    /// The line that begins there.
    pub(super) fn at(&mut self, offset: u64, number: u32) -> Result<Line, Broken> {
        let sought = self.file.seek(SeekFrom::Start(offset));
        sought.map_err(|error| Broken::line(&self.name, number as usize, error))?;
        let bytes = self.read_line(number)?;
        Ok(Line { number, offset, name: self.name.clone(), bytes })
    }

    fn read_line(&mut self, number: u32) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::new();
        let read = (&mut self.file).take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes);
        read.map_err(|error| Broken::line(&self.name, number as usize, error))?;
        if bytes.len() as u64 > LINE_BYTES_MAX {
            let what = format!("is longer than {LINE_BYTES_MAX} bytes");
            return Err(Broken::line(&self.name, number as usize, what));
        }
        Ok(bytes)
    }
}

impl Line {
    /// What the line says.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Result<T, Broken> {
        serde_json::from_slice(&self.bytes).map_err(|error| self.broken(error))
    }

    /// Something is wrong with the line.
    pub(super) fn broken(&self, what: impl std::fmt::Display) -> Broken {
        Broken::line(&self.name, self.number as usize, what)
    }
}

/// A file without a name: gone with the process, whatever becomes of it.
fn nameless() -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;

    let name = format!("starling-import-{:032x}", rand::random::<u128>());
    let path = std::env::temp_dir().join(name);
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
