//! `starling restore`: puts a backup in place of a stopped server's database.

use std::path::Path;

use crate::adapters::sqlite::{self, BackupError};
use crate::app::SystemClock;
use crate::terminal::say;

/// Puts the backup `copy` into `data_dir`. Refuses while a server serves from the folder, and when
/// the folder holds a database unless `is_forced`.
///
/// Clients that were connected before notice the new generation and load everything again.
pub fn restore(data_dir: &Path, copy: &Path, is_forced: bool) -> Result<(), BackupError> {
    sqlite::restore(copy, data_dir, is_forced, &SystemClock)?;
    say(&format!("The backup {} is in place in {}.", copy.display(), data_dir.display()));
    Ok(())
}
