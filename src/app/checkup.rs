//! A look at everything that a server needs, for who runs it: one finding for each, in words that say what
//! to do.
//!
//! ```text
//!   settings ─▶ here (folder, room, clock, page) ─▶ services (database, Redis, files, mail, way out) ─▶ findings
//! ```
//!
//! **Invariant:** nothing that is kept is changed and nobody else is kept out: a server may serve meanwhile.
//! In a bucket the mark is written that each start writes.

mod here;
mod services;

use std::fmt;
use std::path::Path;

use super::StartError;
use crate::config::Settings;

/// The file of secrets that were made on the first run, in the data folder.
const SECRETS_FILE: &str = "secrets.toml";

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// It works, and may not for long, or not as somebody expects.
    Doubtful,
    /// A server does not work with it.
    Bad,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Good => "ok",
            Self::Doubtful => "warn",
            Self::Bad => "fail",
        })
    }
}

/// What was found out about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// About what.
    pub about: &'static str,
    /// How it stands.
    pub state: State,
    /// In a sentence; when it is not good, with what to do.
    pub words: String,
}

impl Finding {
    /// It is as it should be.
    pub fn good(about: &'static str, words: impl Into<String>) -> Self {
        Self { about, state: State::Good, words: words.into() }
    }

    /// Somebody should look at it.
    pub fn doubtful(about: &'static str, words: impl Into<String>) -> Self {
        Self { about, state: State::Doubtful, words: words.into() }
    }

    /// A server does not work with it.
    pub fn bad(about: &'static str, words: impl Into<String>) -> Self {
        Self { about, state: State::Bad, words: words.into() }
    }
}

/// Looks at everything, in the order in which it is needed.
pub fn checkup(settings: &Settings) -> Result<Vec<Finding>, StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Runtime)?;
    let mut findings = here::look(settings);
    findings.extend(runtime.block_on(services::look(settings)));
    runtime.shutdown_background();
    Ok(findings)
}

/// Whether files can be made in a folder. What is made for that is taken away again.
fn takes_files(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".starling-doctor-{}", std::process::id()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}
