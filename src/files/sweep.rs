//! What goes: files that no message took within a day, and files of deleted messages.
//!
//! A file and what names it are in two stores, and a message in a third, so no change is one write. A
//! note lies beside every file that may have to go, before it is stored and before its message is deleted.
//! Whoever looks at a note asks the log.

use std::time::Duration;

use starling_actors::cluster::Placement;
use starling_actors::domain::{FileId, OrgId};
use starling_actors::ports::{FileKey, Precondition};
use tokio_util::task::AbortOnDropHandle;

use super::stored::{FILES, NOTES, Note};
use super::{FileError, Files};
use crate::records::SERVER;

/// Pause between two looks at the notes.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);
/// Notes that are looked at each time, the oldest files first; what is left comes next time.
const NOTES_MAX: usize = 10_000;
/// The task of the whole server that this is, for the nodes to agree who does it.
const TASK: u128 = 0x6669_6c65_7300;
/// How long a message may be under way when the day of its file is over.
const UNDER_WAY_MS: i64 = 3600 * 1000;

/// Looks at notes while this is held.
#[derive(Debug)]
pub struct Sweeping(#[allow(dead_code, reason = "held for its drop")] AbortOnDropHandle<()>);

impl Files {
    /// Looks at notes from time to time, on one of the nodes.
    pub fn start(&self, placement: Placement) -> Sweeping {
        let files = self.clone();
        Sweeping(AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if !placement.is_mine(TASK) {
                    continue;
                }
                if let Err(error) = files.sweep().await {
                    tracing::warn!(%error, "files that may have to go could not be looked at");
                }
            }
        })))
    }

    /// Looks at every note that is due.
    pub(super) async fn sweep(&self) -> Result<(), FileError> {
        for note in self.inner.shelves.list(&NOTES, SERVER, "", NOTES_MAX).await? {
            let Ok(file) = note.id.parse::<FileId>() else { continue };
            let Note { org, due } = note.value;
            if due > self.now().0 {
                continue;
            }
            if let Err(error) = self.settle(FileKey { org, file }).await {
                tracing::warn!(%error, %file, "a file is looked at again later");
            }
        }
        Ok(())
    }

    /// Removes a file that has no message, or takes its note away.
    async fn settle(&self, key: FileKey) -> Result<(), FileError> {
        let Some(found) = self.stored(key).await? else { return self.erase(key).await };
        let message = match self.message_of(key, &found).await? {
            Some(id) => self.inner.history.message(id).await?,
            None => None,
        };
        match message {
            Some(message) if message.attachments.iter().any(|file| file.id == key.file) => {
                self.drop_note(key).await
            }
            Some(_) => self.erase(key).await,
            None => {
                let used_at = found.value.used.as_ref().map_or(0, |used| used.at);
                let may_come = self.now().0.saturating_sub(used_at) < UNDER_WAY_MS;
                if may_come { Ok(()) } else { self.erase(key).await }
            }
        }
    }

    /// Removes a file. First its record says so: no message takes it any more.
    pub(super) async fn erase(&self, key: FileKey) -> Result<(), FileError> {
        let (shelves, id) = (&self.inner.shelves, key.file.to_string());
        let found = shelves.get(&FILES, key.org, "", &id).await?;
        if let Some(found) = &found
            && !found.value.is_going
        {
            let mut going = found.value.clone();
            going.is_going = true;
            let when = Precondition::Version(found.version);
            shelves.put(&FILES, (key.org, "", &id), &going, when).await?;
        }
        self.inner.store.remove(key).await?;
        let was_there = shelves.delete(&FILES, key.org, "", &id).await?;
        if let Some(found) = found.filter(|_| was_there) {
            self.give_room(key.org, found.value.room()).await;
        }
        self.drop_note(key).await
    }

    /// Notes that a file has to be looked at after so many milliseconds.
    pub(super) async fn note(&self, key: FileKey, wait_ms: i64) -> Result<(), FileError> {
        let note = Note { org: key.org, due: self.now().plus_ms(wait_ms).0 };
        let place: (OrgId, &str, &str) = (SERVER, "", &key.file.to_string());
        self.inner.shelves.put(&NOTES, place, &note, Precondition::Any).await.map(drop)
    }

    async fn drop_note(&self, key: FileKey) -> Result<(), FileError> {
        self.inner.shelves.delete(&NOTES, SERVER, "", &key.file.to_string()).await.map(drop)
    }
}
