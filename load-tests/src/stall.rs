//! Stalls a server's SQLite from outside, as another process on the same file can: by holding the
//! locks that SQLite asks for before it writes or reads.
//!
//! In write-ahead mode these are single bytes of the `-shm` file (sqlite.org/walformat.html, "WAL
//! locks"): 120 for the writer, 121 for checkpoints, 122 for recovery, 123 to 127 for readers.
//!
//! **Invariant:** the locks go when the value is dropped, or with this process.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc::{F_WRLCK, SEEK_SET, flock};
use tokio::task::spawn_blocking;

/// The byte of the write lock.
const WRITER: i64 = 120;
/// The last of the bytes that readers lock.
const LAST_READER: i64 = 127;

/// What stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Extent {
    /// Nothing can be written; what is stored can be read.
    Writes,
    /// Nothing can be written or read.
    All,
}

/// A stall under way.
pub(crate) struct Stall {
    _locked: File,
}

impl Stall {
    /// Takes the locks one after the other, each as soon as the server gives it back.
    pub(crate) async fn begin(database: &Path, extent: Extent) -> Result<Self> {
        let path = shared_memory_of(database);
        spawn_blocking(move || lock(&path, extent)).await?
    }
}

fn shared_memory_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-shm");
    PathBuf::from(name)
}

fn lock(path: &Path, extent: Extent) -> Result<Stall> {
    let file = File::options()
        .read(true)
        .write(true)
        .open(path)
        .with_context(|| format!("{}: is the database in write-ahead mode?", path.display()))?;
    let last = if extent == Extent::All { LAST_READER } else { WRITER };
    for byte in WRITER..=last {
        let range = flock {
            l_type: i16::try_from(F_WRLCK)?,
            l_whence: i16::try_from(SEEK_SET)?,
            l_start: byte,
            l_len: 1,
            l_pid: 0,
        };
        fcntl(&file, FcntlArg::F_SETLKW(&range)).with_context(|| format!("locking byte {byte}"))?;
    }
    Ok(Stall { _locked: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locks_are_in_the_file_beside_the_database() {
        assert_eq!(shared_memory_of(Path::new("a/starling.db")), Path::new("a/starling.db-shm"));
    }

    #[tokio::test]
    async fn a_database_without_write_ahead_mode_cannot_be_stalled() {
        let nowhere = std::env::temp_dir().join("starling-load-no-such-database.db");
        let error = Stall::begin(&nowhere, Extent::All).await.err().unwrap();
        assert!(format!("{error:#}").contains("write-ahead"), "{error:#}");
    }
}
