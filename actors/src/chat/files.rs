//! What the chat asks about files; who keeps them answers.
//!
//! A file is given before its message, so it is free at first. A message takes it, and then it is that
//! message's alone.

use async_trait::async_trait;

use super::{Chat, ChatError};
use crate::domain::{Attachment, ChannelId, ClientMessageId, FileId, OrgId, UserId};

/// Files of one message: more are a folder, and every reader's page would have to show them.
const FILES_MAX: usize = 10;

/// A message that wants files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFiles {
    /// The sender's organization.
    pub org: OrgId,
    /// Who sends it, and gave the files.
    pub by: UserId,
    /// Where to.
    pub channel: ChannelId,
    /// What its sender calls it: the same again is the same message.
    pub key: ClientMessageId,
    /// Which files, each once.
    pub files: Vec<FileId>,
}

/// The files of messages.
///
/// Contract:
/// - `take` gives every file to one message, for good or until that message turns out not to be; the
///   same message may take it again.
/// - `take` finds only what this person gave to this organization.
/// - A file of `loosen` goes if its message is deleted by the time that somebody looks; `remove` lets
///   it go now.
#[async_trait]
pub trait MessageFiles: Send + Sync + 'static {
    /// Gives files to a message that is about to be sent; tells of each, in their order.
    async fn take(&self, sent: &SentFiles) -> Result<Vec<Attachment>, FilesError>;

    /// Says that the message of these files may be deleted in a moment.
    async fn loosen(&self, org: OrgId, files: &[FileId]) -> Result<(), FilesError>;

    /// Removes files whose message was deleted. What fails is done later.
    async fn remove(&self, org: OrgId, files: &[FileId]);
}

/// Why a message did not get its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// There is no such file of this person.
    #[error("no such file of yours")]
    Missing,
    /// Another message has it.
    #[error("a file is in another message already: upload it again")]
    Taken,
    /// The store does not answer; asking again may help.
    #[error("the files are unavailable")]
    Unavailable,
}

impl From<FilesError> for ChatError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Missing | FilesError::Taken => {
                Self::invalid("attachments", error.to_string())
            }
            FilesError::Unavailable => Self::Unavailable,
        }
    }
}

/// Each file once, in the order in which they were named.
pub(super) fn distinct(files: &[FileId]) -> Result<Vec<FileId>, ChatError> {
    let mut distinct: Vec<FileId> = Vec::with_capacity(files.len().min(FILES_MAX));
    for file in files {
        if distinct.contains(file) {
            continue;
        }
        if distinct.len() == FILES_MAX {
            return Err(ChatError::invalid("attachments", format!("at most {FILES_MAX} files")));
        }
        distinct.push(*file);
    }
    Ok(distinct)
}

/// What a message with files is called when its sender calls it nothing: a file is in one message only,
/// so what carries it is the same message.
pub(super) fn key_of(first: FileId) -> Result<ClientMessageId, ChatError> {
    ClientMessageId::new(format!("file-{first}")).map_err(ChatError::text("client_message_id"))
}

impl Chat {
    /// Files that a deleted message had go with it.
    pub(super) async fn drop_files(&self, org: OrgId, files: &[FileId]) {
        if !files.is_empty() {
            self.inner.ports.files.remove(org, files).await;
        }
    }
}
