//! What is known of the last writes, for the readiness probe.

use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::ErrorCode;
use tokio::time::Instant;

/// What is known of the last writes.
#[derive(Debug, Default)]
pub(in crate::adapters::sqlite) struct Health {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Why the last write failed, until one succeeds.
    trouble: Option<String>,
    stored_at: Option<Instant>,
    /// Failures since the start that said something about the disk or the file.
    troubles: u64,
}

impl Health {
    /// A transaction was committed.
    pub(super) fn stored(&self) {
        let mut state = self.state.lock();
        state.trouble = None;
        state.stored_at = Some(Instant::now());
    }

    /// A write failed. Only what says something about the disk or the file is kept: a violated
    /// constraint concerns one request.
    pub(super) fn failed(&self, cause: &rusqlite::Error) {
        if let Some(words) = in_words(cause) {
            let mut state = self.state.lock();
            state.trouble = Some(words);
            state.troubles += 1;
        }
    }

    /// How many failures there were so far.
    pub(super) fn troubles(&self) -> u64 {
        self.state.lock().troubles
    }

    /// Whether a write succeeded within `age` and none failed since.
    pub(in crate::adapters::sqlite) fn is_fresh(&self, age: Duration) -> bool {
        let state = self.state.lock();
        state.trouble.is_none() && state.stored_at.is_some_and(|at| at.elapsed() < age)
    }

    /// Why the last write failed, if it did.
    pub(in crate::adapters::sqlite) fn trouble(&self) -> Option<String> {
        self.state.lock().trouble.clone()
    }
}

fn in_words(cause: &rusqlite::Error) -> Option<String> {
    let code = cause.sqlite_error_code()?;
    let is_one_of = |codes: &[ErrorCode]| codes.contains(&code);
    if is_one_of(&[ErrorCode::ConstraintViolation, ErrorCode::Unknown]) {
        return None;
    }
    Some(if is_one_of(&[ErrorCode::DiskFull]) {
        "the disk is full".to_owned()
    } else if is_one_of(&[ErrorCode::ReadOnly]) {
        "the database is read-only".to_owned()
    } else if is_one_of(&[ErrorCode::DatabaseCorrupt, ErrorCode::NotADatabase]) {
        "the database file is damaged: restore a backup".to_owned()
    } else {
        format!("the database cannot be written: {cause}")
    })
}
