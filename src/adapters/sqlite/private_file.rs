//! Files that only the server's own user may read: they hold people's words and password hashes.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

/// Makes an empty file for SQLite to fill, unless it is there. Journals get its permissions.
pub(in crate::adapters) fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
