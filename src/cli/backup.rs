//! `starling backup`: a copy of the database, also while the server serves.

use std::path::Path;

use crate::adapters::sqlite::{self, BackupError};
use crate::terminal::say;

/// Copies the database of `data_dir` to the file `target`, replacing an older copy only once the
/// new one is whole and checked.
pub fn backup(data_dir: &Path, target: &Path) -> Result<(), BackupError> {
    sqlite::backup(data_dir, target)?;
    say(&format!("The backup is in {}.", target.display()));
    Ok(())
}
