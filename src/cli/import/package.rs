//! A ZIP file from outside: read by names that we ask for, never unpacked by names that it has, and never
//! more of it than a limit says, whatever it claims of its sizes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use zip::ZipArchive;

use super::source::Broken;

/// Files of an export; more is no export of a team, and their names are all kept in memory.
const FILES_MAX: usize = 2_000_000;
/// Bytes of one list of an export (people, channels, messages of one day), unpacked: a thousand people
/// who write all day fill a hundredth of it.
pub(super) const LIST_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// A ZIP file.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    names: BTreeSet<String>,
}

impl Package {
    /// Opens a file and reads its table.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let shown = path.display().to_string();
        let file = File::open(path).map_err(|error| Broken::file(&shown, error))?;
        let archive = ZipArchive::new(BufReader::new(file))
            .map_err(|error| Broken::file(&shown, format!("is no ZIP file: {error}")))?;
        if archive.len() > FILES_MAX {
            return Err(Broken::file(&shown, format!("holds more than {FILES_MAX} files")));
        }
        let mut names = BTreeSet::new();
        for name in archive.file_names() {
            let name = name.map_err(|error| Broken::file(&shown, error))?;
            names.insert(name.into_owned());
        }
        Ok(Self { archive, names })
    }

    /// The names of all files, in order.
    pub(super) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// One file; `None` when there is none of this name.
    pub(super) fn file(&mut self, name: &str) -> Result<Option<impl Read + '_>, Broken> {
        if !self.names.contains(name) {
            return Ok(None);
        }
        let file = self.archive.by_name(name);
        file.map(Some).map_err(|error| Broken::file(name, error))
    }

    /// A list in a file; `None` when there is no such file.
    pub(super) fn list<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Broken> {
        let Some(file) = self.file(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = file.take(LIST_BYTES_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|error| Broken::file(name, error))?;
        if bytes.len() as u64 > LIST_BYTES_MAX {
            let what = format!("is longer than {LIST_BYTES_MAX} bytes once unpacked");
            return Err(Broken::file(name, what));
        }
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| Broken::line(name, error.line(), error))
    }
}
