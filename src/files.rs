//! Files that people attach: taken in, looked at, given to messages, shown to who may read those, and
//! removed.
//!
//! ```text
//!   upload ─▶ a file on this node's disk (length, SHA-256) ─▶ kind by its bytes ─▶ scanner ─▶ picture
//!          ─▶ note ─▶ room ─▶ store ─▶ record            free: only who gave it reads it
//!   message ─▶ record: whose it is                        who reads the message reads it
//!   deleted, or not sent within a day ─▶ record, store, room, note
//! ```
//!
//! Reading order: `stored` (what is kept), `coming` (uploads), `taking` (a message takes files),
//! `reading` (who may read), `sweep` (what goes), `room` (how much an organization has); the rules:
//! `kind`, `name`; `ports` (what this needs from the outside).
//!
//! **Invariants:** a file is shown by its message as the log has it now, never by what a record
//! remembers of it; what is in the store has a record or a note; nothing that a client says of a file
//! is believed but its name, and that is made harmless.

mod coming;
mod error;
mod kind;
mod name;
mod own;
mod ports;
mod reading;
mod room;
mod stored;
mod sweep;
mod taking;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use starling_actors::domain::Timestamp;
use starling_actors::ports::{Clock, History, MessageLog, Records};
use tokio::sync::Semaphore;

use crate::records::Shelves;

pub use coming::Coming;
pub use error::FileError;
pub use own::{OwnBytes, OwnFile};
pub use ports::{FilePart, FileStore, LookedAt, Pictures, Scanner, StoreError, Verdict};
pub use reading::{FileDetails, Thumbnail};
pub use sweep::Sweeping;

/// Uploads that a node takes at a time: each has a file on its disk, and perhaps a scanner at work.
const COMING_MAX: usize = 16;

/// The files of messages. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<FileError>,
    clock: Arc<dyn Clock>,
    log: Arc<dyn MessageLog>,
    history: Arc<dyn History>,
    store: Arc<dyn FileStore>,
    pictures: Arc<dyn Pictures>,
    scanner: Option<Arc<dyn Scanner>>,
    settings: FilesSettings,
    coming: Arc<Semaphore>,
}

/// What the files stand on.
#[derive(Clone)]
pub struct FilesPorts {
    /// Where what is known of files is kept.
    pub records: Arc<dyn Records>,
    /// The time and fresh ids.
    pub clock: Arc<dyn Clock>,
    /// Finds the message that a file was given to.
    pub log: Arc<dyn MessageLog>,
    /// Messages as they stand.
    pub history: Arc<dyn History>,
    /// Where the bytes are.
    pub store: Arc<dyn FileStore>,
    /// Looks at pictures.
    pub pictures: Arc<dyn Pictures>,
    /// Who is asked before a file may be used; `None`: nobody.
    pub scanner: Option<Arc<dyn Scanner>>,
}

/// What the operator has set.
#[derive(Clone, Debug)]
pub struct FilesSettings {
    /// Bytes of one file.
    pub upload_bytes_max: u64,
    /// Bytes of all files of an organization; 0: without a limit.
    pub org_bytes_max: u64,
    /// Types and endings that are not taken.
    pub blocked: Vec<String>,
    /// Where uploads on their way are, on this node's own disk.
    pub coming_dir: PathBuf,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Files")
    }
}

impl Files {
    /// Over these stores. Removes what a process that died had on its way.
    pub fn open(ports: FilesPorts, settings: FilesSettings) -> std::io::Result<Self> {
        let FilesPorts { records, clock, log, history, store, pictures, scanner } = ports;
        coming::prepare(&settings.coming_dir, clock.now())?;
        let inner = Inner {
            shelves: Shelves::new(records),
            clock,
            log,
            history,
            store,
            pictures,
            scanner,
            settings,
            coming: Arc::new(Semaphore::new(COMING_MAX)),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Bytes of one file.
    pub fn upload_bytes_max(&self) -> u64 {
        self.inner.settings.upload_bytes_max
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}
