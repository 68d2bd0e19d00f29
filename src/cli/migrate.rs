//! `starling migrate`: brings the database to this version's schema without serving.

use std::path::Path;

use crate::adapters::sqlite::{OpenError, Store};
use crate::app::SystemClock;
use crate::terminal::say;

/// Applies the missing schema steps in `data_dir` and says which. Starting the server does the
/// same; this is for those who want to see it fail or pass before.
pub fn migrate(data_dir: &Path) -> Result<(), OpenError> {
    let (_store, steps) = Store::open_migrated(data_dir, &SystemClock)?;
    if steps.is_empty() {
        say("The database has all schema steps already.");
    } else {
        say(&format!("Applied the schema steps {}.", steps.join(", ")));
    }
    Ok(())
}
