//! `starling migrate`: brings the database to this version's schema without serving.

use crate::app::{StartError, apply_schema};
use crate::config::Settings;
use crate::terminal::say;

/// Applies the missing schema steps of the database in the settings and says which. Starting the
/// server does the same; this is for those who want to see it fail or pass before.
pub fn migrate(settings: &Settings) -> Result<(), StartError> {
    let steps = apply_schema(settings)?;
    if steps.is_empty() {
        say("The database has all schema steps already.");
    } else {
        say(&format!("Applied the schema steps {}.", steps.join(", ")));
    }
    Ok(())
}
