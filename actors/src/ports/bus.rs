//! The bus: what happens here and must be heard elsewhere.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{
    Byline, Channel, ChannelId, CustomStatus, Entry, Generation, GroupFace, GroupId, JobId,
    JobState, LinkPreview, LoginId, MessageId, NodeId, OrgId, Presence, Seq, ThreadId, Timestamp,
    UserId,
};

/// Carries events to whoever follows a topic. It holds nothing that cannot be lost: what it loses,
/// relays find in the log.
///
/// Contract:
/// - An event published on a topic reaches every sink subscribed to it before, at most once.
/// - Events of one publisher on one topic arrive in their order.
/// - Dropping the subscription ends the delivery.
/// - Publishing does not wait for other nodes, and does not fail because they cannot be reached.
/// - Once a subscription is in effect on other nodes, and whenever it was not for a while, its sinks
///   hear `Interrupted`: what was published elsewhere before may be missing.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Sends an event to all who follow the topic.
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError>;

    /// Follows a topic until the subscription is dropped.
    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription;
}

/// Where events of a topic go. Called on the publisher's task: it must not wait.
pub trait BusSink: Send + Sync + 'static {
    /// Takes an event. A sink that is behind may drop it and catch up from the log.
    fn deliver(&self, event: BusEvent);
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Everything of one channel.
    Channel(ChannelId),
    /// What concerns one person, on all their devices.
    User(UserId),
    /// What every node has to know.
    Nodes,
}

/// What can be heard on the bus.
#[derive(Clone, Debug)]
pub enum BusEvent {
    /// Entries were stored; contiguous and in order.
    Stored {
        /// The entries.
        entries: Arc<[Arc<Entry>]>,
        /// The log's life.
        generation: Generation,
    },
    /// The newest position of a channel, said again so that a lost last message is found.
    Head {
        /// The channel.
        channel: ChannelId,
        /// Its newest position.
        seq: Seq,
    },
    /// Someone types, or stopped.
    Typing {
        /// Where.
        channel: ChannelId,
        /// Who.
        user: UserId,
        /// Their name.
        username: String,
        /// Whether they type.
        is_typing: bool,
    },
    /// Someone has read up to a position.
    Read {
        /// Where.
        channel: ChannelId,
        /// Who.
        user: UserId,
        /// How far.
        seq: Seq,
    },
    /// A question came a step further.
    Progress(Arc<Progress>),
    /// A channel's public part changed.
    ChannelUpdated(Arc<Channel>),
    /// The person was added to a channel.
    Added(Arc<Channel>),
    /// The person is no longer in a channel.
    Removed(ChannelId),
    /// Others' presence changed, as one batch. Each node tells its own people, so this stays on it.
    Presence(Arc<[(UserId, Presence)]>),
    /// How people are on a node.
    Board {
        /// Whose word it is.
        node: NodeId,
        /// People and how they are there.
        people: Arc<[(UserId, Presence)]>,
        /// Whether they have just become so; else it is said again.
        is_news: bool,
    },
    /// A sign-in of the person ended; its sockets must go. `None`: all of them.
    Revoked(Option<LoginId>),
    /// What the person may do has changed, or may have: whoever serves them looks into the store.
    RightsChanged,
    /// A question was called off; the node that works at it stops.
    CalledOff(JobId),
    /// What concerns the person alone has changed.
    Own(Arc<OwnNews>),
    /// What stands beside messages or people has changed.
    Aside(Arc<Aside>),
    /// Events of the topic may have been lost: who follows it looks into the store. A bus says this
    /// to its own sinks; nobody publishes it.
    Interrupted,
}

/// Where a question stands. Not in the log: what is lost can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The question's job.
    pub job: JobId,
    /// Where the answer goes.
    pub channel: ChannelId,
    /// The thread it was asked in.
    pub thread: Option<ThreadId>,
    /// The state that it entered.
    pub state: JobState,
    /// A sentence about it, where there is more to say.
    pub detail: Option<String>,
}

/// What a person has of their own, and sees on all their devices. In no log: it can be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnNews {
    /// What they have written somewhere and not sent yet.
    Draft {
        /// Where.
        channel: ChannelId,
        /// In which thread of it.
        thread: Option<ThreadId>,
        /// The words; empty when they were sent or thrown away.
        content: String,
        /// Since when they stand.
        at: Timestamp,
    },
    /// Messages to be sent later, or reminders, have changed.
    Plans {
        /// Reminders; else messages.
        are_reminders: bool,
    },
}

/// What stands beside messages and people, and has changed. In no log: it can be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// A message was pinned to its channel, or taken off.
    Pin {
        /// Where.
        channel: ChannelId,
        /// Which one.
        message: MessageId,
        /// Who did it.
        by: UserId,
        /// Pinned; else taken off.
        pinned: bool,
    },
    /// What is shown of the pages that a message links to.
    Links {
        /// Where.
        channel: ChannelId,
        /// Which message.
        message: MessageId,
        /// In the order of its words; empty when nothing is shown any more.
        links: Vec<LinkPreview>,
    },
    /// What a person did in a channel is shown under another name from now on: they were erased.
    Renamed {
        /// Where.
        channel: ChannelId,
        /// Who they are, and how they are shown.
        by: Byline,
    },
    /// What a person says of themselves.
    Status {
        /// Who.
        user: UserId,
        /// Absent: nothing any more.
        status: Option<CustomStatus>,
    },
    /// A group of an organization; said on [`Topic::Nodes`], and each node tells its own people.
    Group {
        /// Whose.
        org: OrgId,
        /// Which one.
        id: GroupId,
        /// As it is now; absent: it is there no more.
        group: Option<GroupFace>,
    },
}

/// The bus could not take the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bus is unavailable")]
pub struct BusError;

/// Ends the delivery when dropped.
pub struct Subscription {
    end: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Subscription {
    /// Runs `end` when the subscription is dropped.
    pub fn new(end: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self { end: Some(Box::new(end)) }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}
