//! Keeps a second process away from a folder.
//!
//! **Invariant:** whoever writes into the folder holds the lock. The operating system frees it when
//! the process ends, however it ends, so there is nothing to clean up after a crash.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use fs4::FileExt;

/// The file that is locked. It stays when the lock is freed: removing it would let two processes
/// lock two files of one name.
const LOCK_FILE: &str = "starling.lock";

/// The lock on a folder, held until this is dropped.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

/// Why the folder could not be locked.
#[derive(Debug)]
pub(super) enum LockError {
    /// Another process has it.
    Held,
    /// The folder or the file cannot be used.
    Io(io::Error),
}

impl FolderLock {
    /// Makes the folder if needed and locks it, without waiting.
    pub(super) fn take(dir: &Path) -> Result<Self, LockError> {
        fs::create_dir_all(dir).map_err(LockError::Io)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join(LOCK_FILE))
            .map_err(LockError::Io)?;
        match FileExt::try_lock(&file) {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs4::TryLockError::WouldBlock) => Err(LockError::Held),
            Err(fs4::TryLockError::Error(cause)) => Err(LockError::Io(cause)),
        }
    }
}
