//! Who may read a file: who may read its message, and its giver while it has none.
//!
//! **Invariant:** the message counts as the log has it now. What a record remembers only says where to
//! look.

use std::ops::Range;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;
use starling_actors::chat::{Caller, Chat};
use starling_actors::domain::{ClientMessageId, FileId, MessageId, Seq};
use starling_actors::ports::{FileKey, IdempotencyKey, Precondition, SoughtKey};

use super::stored::{FILES, StoredFile};
use super::{FileError, FilePart, Files, StoreError, kind};
use crate::records::Versioned;

/// Bytes of a file that are read at once: what one download holds in memory.
const PIECE_BYTES: u64 = 1 << 20;

/// A file that its reader may read.
#[derive(Clone, Debug)]
pub struct FileDetails {
    /// Where it is.
    pub key: FileKey,
    /// What its sender called it, made harmless.
    pub name: String,
    /// As what it travels.
    pub travels_as: String,
    /// How large it is.
    pub bytes: u64,
    /// What is in it.
    pub sha256: String,
    /// Whether a browser may show it in place: pictures that could be read, and PDF.
    pub may_be_shown: bool,
    /// The small picture of a picture.
    pub thumbnail: Option<Thumbnail>,
}

/// A small picture.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// What it is.
    pub mime_type: String,
    /// How large it is.
    pub bytes: u64,
}

impl FileDetails {
    fn new(key: FileKey, file: StoredFile) -> Self {
        let may_be_shown = file.picture.is_some() || file.mime_type == "application/pdf";
        Self {
            key,
            travels_as: kind::travels_as(&file.mime_type).to_owned(),
            name: file.name,
            bytes: file.bytes,
            sha256: file.sha256,
            may_be_shown,
            thumbnail: file.picture.map(|picture| Thumbnail {
                mime_type: picture.thumbnail_type,
                bytes: picture.thumbnail_bytes,
            }),
        }
    }
}

impl Files {
    /// A file that the caller may read.
    pub async fn readable(
        &self,
        chat: &Chat,
        caller: &Caller,
        file: FileId,
    ) -> Result<FileDetails, FileError> {
        let key = FileKey { org: caller.org, file };
        let found = self.stored(key).await?.ok_or(FileError::NotFound)?;
        match self.message_of(key, &found).await? {
            Some(message) => {
                let message = chat.message(caller, message).await?;
                if !message.attachments.iter().any(|attachment| attachment.id == file) {
                    return Err(FileError::NotFound);
                }
            }
            None if found.value.is_shown_to(caller) => {}
            None => return Err(FileError::NotFound),
        }
        Ok(FileDetails::new(key, found.value))
    }

    /// Bytes of a part, a piece at a time. That it is there is known once this returns.
    pub async fn read(
        &self,
        key: FileKey,
        part: FilePart,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>, FileError> {
        let first = self.piece(key, part, &range).await?;
        let rest = (range.start.saturating_add(first.len() as u64))..range.end;
        let files = self.clone();
        let more = stream::try_unfold(rest, move |rest| {
            let files = files.clone();
            async move {
                if rest.is_empty() {
                    return Ok(None);
                }
                let piece = files.piece(key, part, &rest).await.map_err(|_| StoreError)?;
                let next = rest.start.saturating_add(piece.len() as u64)..rest.end;
                Ok(Some((piece, next)))
            }
        });
        Ok(stream::StreamExt::chain(stream::once(async move { Ok(first) }), more))
    }

    /// The first piece of a range that is not empty; not found when the store has lost it.
    pub(super) async fn piece(
        &self,
        key: FileKey,
        part: FilePart,
        range: &Range<u64>,
    ) -> Result<Bytes, FileError> {
        let end = range.end.min(range.start.saturating_add(PIECE_BYTES));
        let piece = self.inner.store.read(key, part, range.start..end).await?;
        match piece {
            Some(piece) if piece.len() as u64 == end - range.start => Ok(piece),
            Some(_) => Err(FileError::Unavailable),
            None => {
                tracing::error!(file = %key.file, "a file's bytes are not in the store");
                Err(FileError::NotFound)
            }
        }
    }

    /// What is kept of a file that is not just being removed.
    pub(super) async fn stored(
        &self,
        key: FileKey,
    ) -> Result<Option<Versioned<StoredFile>>, FileError> {
        let found = self.inner.shelves.get(&FILES, key.org, "", &key.file.to_string()).await?;
        Ok(found.filter(|found| !found.value.is_going))
    }

    /// The message that has a file, if one in the log has: looked for once, and remembered then.
    pub(super) async fn message_of(
        &self,
        key: FileKey,
        found: &Versioned<StoredFile>,
    ) -> Result<Option<MessageId>, FileError> {
        let Some(used) = &found.value.used else { return Ok(None) };
        if let Some(message) = used.message() {
            return Ok(Some(message));
        }
        let Ok(client_message_id) = ClientMessageId::new(used.key.clone()) else { return Ok(None) };
        let sought = SoughtKey {
            key: IdempotencyKey { author: found.value.by, client_message_id },
            after: Some(Seq(used.after)),
        };
        let stored = self.inner.log.stored_keys(used.channel, &[sought]).await?;
        let Some(message) = stored.first().map(|stored| stored.message) else { return Ok(None) };
        let mut known = found.value.clone();
        if let Some(used) = &mut known.used {
            used.message = Some(message.to_string());
        }
        let (place, when) =
            ((key.org, "", &*key.file.to_string()), Precondition::Version(found.version));
        if let Err(error) = self.inner.shelves.put(&FILES, place, &known, when).await {
            tracing::debug!(%error, file = %key.file, "a file's message is looked for again");
        }
        Ok(Some(message))
    }
}
