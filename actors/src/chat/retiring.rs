//! Takes old messages away for good: words, files, reactions and earlier versions, as if their authors had
//! deleted them.
//!
//! An old message is deleted by an entry of its channel's log like any other deletion, so positions stay
//! without holes, resume and gaps are what they were, unread counts stay differences of ordinals, and search
//! indexes and sockets of all nodes hear of it. What is left of the message is its place.
//!
//! **Invariant:** whoever goes on from the position that the last step gave misses nothing; doing a step
//! twice deletes nothing twice.

use super::{Caller, Chat, ChatError};
use crate::channel::{Amend, Change};
use crate::domain::{
    Byline, Channel, ChannelId, Entry, FileId, Generation, MessageId, OrgId, Posted, Seq,
    Timestamp, assistant_byline,
};
use crate::ports::AmendError;

/// Deletions that wait for the log at the same time: they share its writes.
const AT_ONCE: usize = 16;

/// How far a step came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// Everything up to here is done.
    pub upto: Seq,
    /// Messages that were looked at and are gone now: what is kept beside them may go, too.
    pub messages: Vec<MessageId>,
    /// Whether what follows is young, or nothing.
    pub is_over: bool,
}

/// Who may say how long a channel's messages are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// The channel.
    pub channel: Channel,
    /// Whether the caller may say it.
    pub may_change: bool,
}

impl Chat {
    /// A channel that the caller may read, and whether they may say how long its messages are kept: who
    /// looks after it, and those who run the organization where they are in it or it is open. In direct
    /// conversations only the latter: neither of two people may take away what the other wrote.
    pub async fn keeper(&self, caller: &Caller, channel: ChannelId) -> Result<Keeper, ChatError> {
        let access = self.access(caller, channel).await?;
        let channel = self.channel(caller, channel).await?;
        let looks_after = access.may_moderate(caller.role) && channel.kind.has_changing_members();
        let may_change = looks_after || caller.role.may_administer();
        Ok(Keeper { channel, may_change })
    }

    /// Which life of its log a channel's positions belong to.
    pub async fn generation(&self, channel: ChannelId) -> Result<Generation, ChatError> {
        Ok(self.inner.ports.log.head(channel).await?.generation)
    }

    /// Deletes messages above `after` that were written before `before`, in the order of the log; looks at
    /// no more than `limit` entries.
    pub async fn retire(
        &self,
        org: OrgId,
        channel: ChannelId,
        (after, before): (Seq, Timestamp),
        limit: usize,
    ) -> Result<Retired, ChatError> {
        let found = self.inner.ports.directory.channel(org, channel).await?;
        found.ok_or(ChatError::NotFound("channel"))?;
        let entries = self.inner.ports.log.entries(channel, after, limit).await?;
        let is_young = |entry: &Entry| entry.posted().is_some() && entry.at >= before;
        let old = entries.iter().position(is_young).unwrap_or(entries.len());
        let is_over = old < entries.len() || entries.len() < limit;
        let upto = entries[..old].last().map_or(after, |entry| entry.seq);
        let by = assistant_byline(org);
        let messages = self.take_away(org, channel, &by, &entries[..old]).await?;
        Ok(Retired { upto, messages, is_over })
    }

    /// Deletes the messages among some entries, with their files; gives which they are, also those that were
    /// deleted before.
    pub(super) async fn take_away(
        &self,
        org: OrgId,
        channel: ChannelId,
        by: &Byline,
        entries: &[Entry],
    ) -> Result<Vec<MessageId>, ChatError> {
        let mut messages = Vec::new();
        for part in entries.chunks(AT_ONCE) {
            messages.extend(part.iter().filter_map(Entry::posted).map(|posted| posted.id));
            let going = still_there(part);
            for (_, files) in &going {
                if !files.is_empty() {
                    self.inner.ports.files.loosen(org, files).await?;
                }
            }
            self.delete_all(org, channel, by, going).await?;
        }
        Ok(messages)
    }

    async fn delete_all(
        &self,
        org: OrgId,
        channel: ChannelId,
        by: &Byline,
        going: Vec<(MessageId, Vec<FileId>)>,
    ) -> Result<(), ChatError> {
        let mut deletions = tokio::task::JoinSet::new();
        for (message, files) in going {
            let (channels, by) = (self.inner.channels.clone(), by.clone());
            deletions.spawn(async move {
                let amend = Amend {
                    by,
                    message,
                    may_moderate: true,
                    change: Change::Delete,
                    written: None,
                };
                (files, channels.amend(channel, amend).await)
            });
        }
        let mut outcome = Ok(());
        while let Some(done) = deletions.join_next().await {
            match done {
                Ok((files, Ok(_) | Err(AmendError::NotFound))) => {
                    self.drop_files(org, &files).await;
                }
                Ok((_, Err(error))) => outcome = Err(error.into()),
                Err(_) => outcome = Err(ChatError::OutcomeUnknown),
            }
        }
        outcome
    }
}

/// Messages among some entries of which something is left to delete, with their files.
pub(super) fn still_there(entries: &[Entry]) -> Vec<(MessageId, Vec<FileId>)> {
    let posted = entries.iter().filter_map(Entry::posted).filter(|posted| !posted.is_emptied());
    let files = |posted: &Posted| posted.attachments.iter().map(|file| file.id).collect();
    posted.map(|posted| (posted.id, files(posted))).collect()
}
