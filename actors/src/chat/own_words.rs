//! What a person wrote in a channel, whether they are still in it or not: for the person themself, when they
//! ask what is kept of them, and for who takes it away. Who may ask was looked at before.

use super::members::rank;
use super::{Chat, ChatError};
use crate::domain::{
    Byline, Channel, ChannelId, Entry, Event, Membership, MessageId, OrgId, Seq, Timestamp, UserId,
    assistant_byline,
};
use crate::ports::Aside;

/// A part of a channel's log, and of it what one person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWords {
    /// What they did, in order, messages with their current words.
    pub entries: Vec<Entry>,
    /// Where to go on; `None`: the log is over.
    pub next: Option<Seq>,
}

/// A channel that only its members can read, as one of them sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedChannel {
    /// The channel.
    pub channel: Channel,
    /// Its other members: the highest roles first, and among those who are alike who has been in it longest.
    pub others: Vec<Membership>,
}

impl Chat {
    /// What a person did in a channel above a position, among at most `limit` entries.
    pub async fn own_words(
        &self,
        (org, channel): (OrgId, ChannelId),
        user: UserId,
        after: Seq,
        limit: usize,
    ) -> Result<OwnWords, ChatError> {
        let mut words = self.words_about((org, channel), user, after, limit).await?;
        words.entries.retain(|entry| entry.by.user == user);
        Ok(words)
    }

    /// The same, and where others made them come or go.
    async fn words_about(
        &self,
        (org, channel): (OrgId, ChannelId),
        user: UserId,
        after: Seq,
        limit: usize,
    ) -> Result<OwnWords, ChatError> {
        let found = self.inner.ports.directory.channel(org, channel).await?;
        found.ok_or(ChatError::NotFound("channel"))?;
        let mut entries = self.inner.ports.log.entries(channel, after, limit).await?;
        let next = entries.last().filter(|_| entries.len() >= limit).map(|entry| entry.seq);
        entries.retain(|entry| is_about(entry, user));
        Ok(OwnWords { entries, next })
    }

    /// Shows what a person did in a channel above a position, among at most `limit` entries, under
    /// another name, and deletes their messages if that is wanted; gives all of it as it was before, with
    /// where others made them come or go. Doing it again is harmless.
    pub async fn erase_own(
        &self,
        (org, channel): (OrgId, ChannelId),
        (by, deletes): (&Byline, bool),
        after: Seq,
        limit: usize,
    ) -> Result<OwnWords, ChatError> {
        let words = self.words_about((org, channel), by.user, after, limit).await?;
        if deletes {
            let own: Vec<Entry> =
                words.entries.iter().filter(|entry| entry.by.user == by.user).cloned().collect();
            self.take_away(org, channel, &assistant_byline(org), &own).await?;
        }
        if !words.entries.is_empty() {
            // As many as were looked at: what came since is looked at later.
            self.inner.ports.log.rename(channel, by, after, limit).await?;
        }
        Ok(words)
    }

    /// Channels that a person is in, with their place in each.
    pub async fn places_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, ChatError> {
        Ok(self.inner.ports.directory.channels_of(org, user).await?)
    }

    /// Tells who follows a channel, and what its nodes hold of it, that a person has another name there.
    pub async fn tell_renamed(&self, channel: ChannelId, by: &Byline) {
        self.tell_beside(channel, Aside::Renamed { channel, by: by.clone() }).await;
    }

    /// Channels that a person is in and that only members can read.
    pub async fn closed_channels(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<ClosedChannel>, ChatError> {
        let directory = &self.inner.ports.directory;
        let mut closed = Vec::new();
        for (channel, _) in directory.channels_of(org, user).await? {
            if channel.kind.is_open() {
                continue;
            }
            let mut others = directory.members(channel.id).await?;
            others.retain(|member| member.user != user);
            others.sort_by_key(|member| std::cmp::Reverse(rank(member.role)));
            closed.push(ClosedChannel { channel, others });
        }
        Ok(closed)
    }

    /// Deletes all that was said in a channel, by whomever; gives the messages, of which more may be kept
    /// elsewhere.
    pub async fn empty_channel(
        &self,
        (org, channel): (OrgId, ChannelId),
        limit: usize,
    ) -> Result<Vec<MessageId>, ChatError> {
        let (mut after, mut gone) = (Seq(0), Vec::new());
        loop {
            let step = self.retire(org, channel, (after, Timestamp(i64::MAX)), limit).await?;
            gone.extend(step.messages);
            if step.is_over || step.upto == after {
                return Ok(gone);
            }
            after = step.upto;
        }
    }
}

/// Whether somebody did it, or came or left by it.
fn is_about(entry: &Entry, user: UserId) -> bool {
    let is_moved = match &entry.event {
        Event::Joined { member } | Event::Left { member } => member.user == user,
        Event::Posted(_) | Event::Edited { .. } | Event::Deleted { .. } | Event::Reacted { .. } => {
            false
        }
    };
    is_moved || entry.by.user == user
}
