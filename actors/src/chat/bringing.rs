//! What another program kept until now is brought here: channels, threads and messages with the times
//! and authors that they had there.
//!
//! Everything goes the way that it goes for people: a channel is made in the directory, and a message
//! gets its place from its channel, under a key by which it is known again. So whatever is brought twice
//! is here once. What nobody asked for does not happen: nobody's allowance is taken, and what was
//! written before anybody was here counts as read.
//!
//! **Invariant:** nothing is brought into another organization than the one that is named.

use std::collections::BTreeSet;

use super::{Caller, Chat, ChatError, SentFiles};
use crate::channel::{Amend, Change, Pending, Post};
use crate::domain::{
    Byline, Channel, ChannelId, ChannelKind, ChannelRole, ClientMessageId, Content, Emoji, Event,
    FileId, MessageId, MessageKind, OrgId, OrgRole, Seq, Thread, ThreadId, Timestamp, UserId,
};
use crate::ports::{IdempotencyKey, NewChannel, SoughtKey, StoredKey};

/// Members with whom a channel is made in one step; the others follow one by one.
const MEMBERS_AT_ONCE: usize = 1_000;
/// Entries that are looked at together for the last message, and for who has left.
const ENTRIES_AT_ONCE: usize = 200;

/// A message that was written elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Who wrote it.
    pub by: Byline,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub content: String,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// Files that hang on it, given by its author.
    pub files: Vec<FileId>,
    /// By what it is known again: the same for the same message, whenever it is brought.
    pub key: String,
}

/// A channel that was elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtChannel {
    /// Chosen before, so that it is made once.
    pub id: ChannelId,
    /// What kind it is.
    pub kind: ChannelKind,
    /// Free in the organization; empty for conversations without one.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it is about.
    pub topic: String,
    /// Who is in it, its owner first.
    pub members: Vec<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Chat {
    /// Makes a channel that was elsewhere, unless it was made before; gives the one that is there. Who came
    /// to it there since then comes to it here, unless they have left it here.
    pub async fn bring_channel(
        &self,
        org: OrgId,
        brought: BroughtChannel,
    ) -> Result<Channel, ChatError> {
        let (directory, log) = (&self.inner.ports.directory, &self.inner.ports.log);
        let others_role = match brought.kind {
            ChannelKind::Direct => ChannelRole::Owner,
            ChannelKind::Public | ChannelKind::Private | ChannelKind::Group => ChannelRole::Member,
        };
        let (first, later) = brought.members.split_at(brought.members.len().min(MEMBERS_AT_ONCE));
        let channel = match directory.channel(org, brought.id).await? {
            Some(channel) => channel,
            None => {
                let owner = *first.first().ok_or(ChatError::NotFound("owner"))?;
                let channel = Channel {
                    id: brought.id,
                    org,
                    kind: brought.kind,
                    name: brought.name,
                    description: brought.description,
                    topic: brought.topic,
                    owner,
                    created_at: brought.created_at,
                    updated_at: brought.created_at,
                    member_count: 0,
                };
                let others = first.iter().skip(1).map(|user| (*user, others_role));
                let members = std::iter::once((owner, ChannelRole::Owner)).chain(others).collect();
                directory.create(NewChannel { channel, members }).await?.0
            }
        };
        let head = log.head(channel.id).await?.seq;
        if head == Seq(0) {
            // Before anything is written in it nobody can have left it.
            for user in later {
                directory.add_member(channel.id, *user, others_role, brought.created_at).await?;
            }
        } else if channel.kind.has_changing_members() {
            for user in self.newcomers(channel.id, &brought.members).await? {
                let now = self.inner.ports.clock.now();
                directory.add_member(channel.id, user, others_role, now).await?;
                directory.mark_read(channel.id, user, head, None).await?;
                self.inner.access.forget(org, channel.id, user);
            }
        }
        Ok(channel)
    }

    /// Those of some people who are not in a channel and have never left it.
    async fn newcomers(
        &self,
        channel: ChannelId,
        people: &[UserId],
    ) -> Result<BTreeSet<UserId>, ChatError> {
        let mut newcomers: BTreeSet<UserId> = people.iter().copied().collect();
        for member in self.inner.ports.directory.members(channel).await? {
            newcomers.remove(&member.user);
        }
        let mut after = Seq(0);
        while !newcomers.is_empty() {
            let log = &self.inner.ports.log;
            let entries = log.entries(channel, after, ENTRIES_AT_ONCE).await?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in &entries {
                if let Event::Left { member } = &entry.event {
                    newcomers.remove(&member.user);
                }
            }
        }
        Ok(newcomers)
    }

    /// The thread of a message that was brought, made when it is missing.
    pub async fn bring_thread(
        &self,
        org: OrgId,
        channel: ChannelId,
        root: MessageId,
    ) -> Result<ThreadId, ChatError> {
        let found = self.inner.ports.history.message(root).await?;
        let found = found.filter(|message| message.channel == channel);
        let found = found.ok_or(ChatError::NotFound("root message"))?;
        let thread = Thread {
            id: ThreadId::from_u128(self.inner.ports.clock.fresh_id()),
            org,
            channel,
            root: Some(root),
            title: String::new(),
            is_llm_enabled: true,
            allowed_databases: Vec::new(),
            allowed_tables: Vec::new(),
            created_by: found.author.user,
            created_at: found.created_at,
            updated_at: found.created_at,
            participant_count: 0,
            message_count: 0,
            recent_participants: Vec::new(),
        };
        Ok(self.inner.ports.directory.create_thread(thread).await?.0.id)
    }

    /// The message that was brought under a key, if it is here.
    pub async fn brought(
        &self,
        channel: ChannelId,
        by: UserId,
        key: &str,
    ) -> Result<Option<StoredKey>, ChatError> {
        let key = IdempotencyKey { author: by, client_message_id: key_of(key)? };
        // It may be anywhere in the channel.
        let sought = SoughtKey { key, after: Some(Seq(0)) };
        let stored = self.inner.ports.log.stored_keys(channel, &[sought]).await?;
        Ok(stored.into_iter().next())
    }

    /// Puts a message that was written elsewhere into its channel's queue. Messages whose `Pending`
    /// were got one after the other keep that order.
    pub async fn bring(
        &self,
        org: OrgId,
        channel: ChannelId,
        brought: Brought,
    ) -> Result<Pending, ChatError> {
        let found = self.inner.ports.directory.channel(org, channel).await?;
        found.ok_or(ChatError::NotFound("channel"))?;
        let key = key_of(&brought.key)?;
        let make = if brought.files.is_empty() { Content::new } else { Content::beside_files };
        let content = make(brought.content, self.inner.limits.content_chars)
            .map_err(ChatError::text("content"))?
            .into_string();
        // Names are looked up in the organization, whoever names them.
        let author = Caller {
            org,
            byline: brought.by,
            role: OrgRole::Viewer,
            is_superuser: false,
            login: None,
            token: None,
        };
        let mentions = self.mentioned(&author, channel, &content, &[]).await?;
        let kind = if brought.files.is_empty() { MessageKind::Text } else { MessageKind::File };
        let attachments = if brought.files.is_empty() {
            Vec::new()
        } else {
            let (by, key, files) = (author.user(), key.clone(), brought.files);
            let sent = SentFiles { org, by, channel, key, files };
            self.inner.ports.files.take(&sent).await?
        };
        let post = Post {
            by: author.byline,
            kind,
            content,
            thread: brought.thread,
            parent: None,
            mentions,
            attachments,
            client_message_id: Some(key),
            after_seq: Some(Seq(0)),
            written: Some(brought.at),
        };
        Ok(self.inner.channels.post(channel, post).await?)
    }

    /// Puts somebody's emoji on a message that was brought and is of that time: exports do not say when it
    /// was put there, and with the message's own time nobody takes it for news. Gives its place, which is
    /// the message's own if it was there.
    pub async fn bring_reaction(
        &self,
        channel: ChannelId,
        (message, at): (MessageId, Timestamp),
        by: Byline,
        emoji: String,
    ) -> Result<Seq, ChatError> {
        let emoji = Emoji::new(emoji).map_err(ChatError::text("emoji"))?.into_string();
        let change = Change::React { emoji, added: true };
        let amend = Amend { by, message, may_moderate: false, change, written: Some(at) };
        Ok(self.inner.channels.amend(channel, amend).await?.seq)
    }

    /// Where the last message of a channel is; 0 when there is none.
    pub async fn last_words(&self, channel: ChannelId) -> Result<Seq, ChatError> {
        let mut upto = self.inner.ports.log.head(channel).await?.seq;
        while upto > Seq(0) {
            let from = Seq(upto.0.saturating_sub(ENTRIES_AT_ONCE as u64));
            let entries = self.inner.ports.log.entries(channel, from, ENTRIES_AT_ONCE).await?;
            let last = entries.iter().rev().find(|entry| entry.posted().is_some());
            if let Some(last) = last {
                return Ok(last.seq);
            }
            upto = from;
        }
        Ok(Seq(0))
    }

    /// Takes everything up to a position as read by everyone who had read all up to another one: what was
    /// brought was written before they were here. Who had something unread keeps it.
    pub async fn bring_to_rest(
        &self,
        channel: ChannelId,
        (before, seq): (Seq, Seq),
    ) -> Result<(), ChatError> {
        let directory = &self.inner.ports.directory;
        let members = directory.members(channel).await?;
        for member in members.into_iter().filter(|member| member.last_read_seq >= before) {
            directory.mark_read(channel, member.user, seq, None).await?;
        }
        self.inner.access.forget_channel(channel);
        Ok(())
    }
}

fn key_of(key: &str) -> Result<ClientMessageId, ChatError> {
    ClientMessageId::new(key.to_owned()).map_err(ChatError::text("client_message_id"))
}
