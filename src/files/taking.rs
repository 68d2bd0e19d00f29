//! A message takes its files.
//!
//! The message is not in the log yet, and may never be: then its sender's next try, under the same key,
//! finds the files still its own. Another message gets them only when the first one is surely not coming.

use async_trait::async_trait;
use starling_actors::chat::{FilesError, MessageFiles, SentFiles};
use starling_actors::domain::{Attachment, FileId, OrgId, Seq};
use starling_actors::ports::{FileKey, Precondition};

use super::stored::{FILES, StoredFile, Used};
use super::{FileError, Files};
use crate::records::Versioned;

/// How long a send may be under way, with all its tries on other nodes: afterwards what is not in the
/// log does not come any more.
const UNDER_WAY_MS: i64 = 2 * 60 * 1000;
/// How soon a file is looked at whose message may be deleted: far longer than a deletion takes.
const LOOSE_MS: i64 = 10 * 60 * 1000;
/// Tries to change a record that others change too.
const TRIES: usize = 4;

impl From<FileError> for FilesError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotFound => Self::Missing,
            FileError::Empty
            | FileError::TooLarge { .. }
            | FileError::Blocked { .. }
            | FileError::Refused
            | FileError::NoRoom { .. }
            | FileError::Busy
            | FileError::Conflict
            | FileError::Unavailable => Self::Unavailable,
        }
    }
}

#[async_trait]
impl MessageFiles for Files {
    async fn take(&self, sent: &SentFiles) -> Result<Vec<Attachment>, FilesError> {
        let head = self.inner.log.head(sent.channel).await.map_err(|_| FilesError::Unavailable)?;
        // All are looked at before one is taken: a message that lacks one takes none.
        for file in &sent.files {
            self.free(sent, *file).await?;
        }
        let mut attachments = Vec::with_capacity(sent.files.len());
        for file in &sent.files {
            attachments.push(self.take_one(sent, *file, head.seq).await?);
        }
        Ok(attachments)
    }

    async fn loosen(&self, org: OrgId, files: &[FileId]) -> Result<(), FilesError> {
        for file in files {
            self.note(FileKey { org, file: *file }, LOOSE_MS).await?;
        }
        Ok(())
    }

    async fn remove(&self, org: OrgId, files: &[FileId]) {
        for file in files {
            if let Err(error) = self.erase(FileKey { org, file: *file }).await {
                tracing::warn!(%error, %file, "a file of a deleted message stays for now");
            }
        }
    }
}

impl Files {
    /// A file that this message may take, or has taken.
    async fn free(
        &self,
        sent: &SentFiles,
        file: FileId,
    ) -> Result<Versioned<StoredFile>, FilesError> {
        let found = self.stored(FileKey { org: sent.org, file }).await?;
        let is_theirs = |file: &StoredFile| file.by == sent.by && file.made.is_none();
        let found = found.filter(|found| is_theirs(&found.value)).ok_or(FilesError::Missing)?;
        let Some(used) = &found.value.used else { return Ok(found) };
        if used.is(sent.channel, &sent.key) {
            return Ok(found);
        }
        let is_over = self.now().0.saturating_sub(used.at) > UNDER_WAY_MS;
        if is_over && self.message_of(FileKey { org: sent.org, file }, &found).await?.is_none() {
            return Ok(found);
        }
        Err(FilesError::Taken)
    }

    async fn take_one(
        &self,
        sent: &SentFiles,
        file: FileId,
        after: Seq,
    ) -> Result<Attachment, FilesError> {
        for _ in 0..TRIES {
            let Versioned { version, mut value, .. } = self.free(sent, file).await?;
            let is_its = value.used.as_ref().is_some_and(|used| used.is(sent.channel, &sent.key));
            if is_its {
                return Ok(value.attachment(file));
            }
            value.used = Some(Used::by(sent.channel, &sent.key, after, self.now()));
            let (place, when) =
                ((sent.org, "", &*file.to_string()), Precondition::Version(version));
            match self.inner.shelves.put(&FILES, place, &value, when).await {
                Ok(_) => return Ok(value.attachment(file)),
                Err(FileError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(FilesError::Unavailable)
    }
}
