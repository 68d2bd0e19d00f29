//! The full-text index: which messages hold which words. Never the only copy of anything.

use async_trait::async_trait;

use crate::domain::{
    ChannelId, ConnectionId, Generation, MessageId, OrgId, Seq, Timestamp, UserId,
};

/// Finds messages by what is in them. It is built from the log, channel by channel, and may be thrown
/// away at any time: what is lost is read again.
///
/// Contract:
/// - A batch applies whole, and only where the channel stands where the batch goes on; `apply` gives
///   whether it did. One from position 0 also applies over another life of the log, and takes away all
///   that was known of the channel.
/// - What was applied is found by the next question.
/// - Words are runs of letters and digits, without regard to case and to accents on Latin letters. Several
///   in one [`Words`] stand next to each other in this order; the last may be the beginning of a word.
/// - Matches come newest first. The order is total and stays as it is.
/// - Nothing outside [`Sought::channels`] is found, and no answer out of other data than
///   [`Sought::connections`]. What belongs to another organization is not found.
/// - No text that is sought is an error: it has no syntax.
#[async_trait]
pub trait SearchIndex: Send + Sync + 'static {
    /// Every channel of which something is known, by organization; at most `max`.
    async fn indexed(&self, max: usize) -> Result<Vec<(OrgId, ChannelId)>, SearchIndexError>;

    /// How far channels are known, in the order asked for.
    async fn positions(
        &self,
        org: OrgId,
        channels: &[ChannelId],
    ) -> Result<Vec<Option<IndexPosition>>, SearchIndexError>;

    /// Connections of which there are answers.
    async fn connections(&self, org: OrgId) -> Result<Vec<ConnectionId>, SearchIndexError>;

    /// Takes in what happened in a channel.
    async fn apply(&self, org: OrgId, batch: IndexBatch) -> Result<bool, SearchIndexError>;

    /// At most `limit` matches, newest first, below a place.
    async fn find(
        &self,
        org: OrgId,
        sought: &Sought,
        below: Option<MatchPlace>,
        limit: usize,
    ) -> Result<Vec<Match>, SearchIndexError>;

    /// How many matches there are; counts no further than `max`.
    async fn count(&self, org: OrgId, sought: &Sought, max: u64) -> Result<u64, SearchIndexError>;

    /// How many messages of the organization hold each of these, and how many there are in all; each
    /// counted no further than `max`. For ranking only: nobody is shown these.
    async fn frequencies(
        &self,
        org: OrgId,
        words: &[Words],
        max: u64,
    ) -> Result<Frequencies, SearchIndexError>;
}

/// How far a channel is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexPosition {
    /// The log's life.
    pub generation: Generation,
    /// The newest entry that was taken in.
    pub seq: Seq,
}

/// What happened in a channel from one position to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexBatch {
    /// The channel.
    pub channel: ChannelId,
    /// The log's life.
    pub generation: Generation,
    /// Where it goes on: the newest entry of the batch before.
    pub after: Seq,
    /// The newest entry of this one.
    pub up_to: Seq,
    /// In the order of the log.
    pub changes: Vec<IndexChange>,
}

/// What an entry changes in the index. Changes of a message that is not there change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexChange {
    /// A message was written.
    Added(Box<IndexedMessage>),
    /// It has other words now.
    Reworded {
        /// The message's position.
        target: Seq,
        /// The words.
        words: String,
        /// Those of [`Trait::OF_WORDS`] that the new words have.
        traits: Vec<Trait>,
    },
    /// One more reaction, or one less.
    Reacted {
        /// The message's position.
        target: Seq,
        /// Put on (`true`) or taken away.
        added: bool,
    },
    /// It is gone.
    Removed {
        /// The message's position.
        target: Seq,
    },
}

/// A message as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedMessage {
    /// Its position.
    pub seq: Seq,
    /// Its id.
    pub message: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub words: String,
    /// What it is and has, reactions apart.
    pub traits: Vec<Trait>,
    /// For an answer that tells of data: whose.
    pub connection: Option<ConnectionId>,
}

/// What a message can be or have besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// A link in its words.
    Link,
    /// Code in its words.
    Code,
    /// A file on it.
    File,
    /// A reaction on it. The index counts them.
    Reaction,
    /// It is an answer.
    Answer,
    /// It was written in a thread.
    Thread,
}

impl Trait {
    /// All that there are.
    pub const ALL: [Self; 6] =
        [Self::Link, Self::Code, Self::File, Self::Reaction, Self::Answer, Self::Thread];
    /// Those that change with a message's words.
    pub const OF_WORDS: [Self; 2] = [Self::Link, Self::Code];
}

/// Words that stand next to each other: one, or a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// As they were written.
    pub text: String,
    /// Whether the last of them is the beginning of a word.
    pub is_prefix: bool,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Where. Nothing is found anywhere else.
    pub channels: Vec<ChannelId>,
    /// Data whose answers may be found.
    pub connections: Vec<ConnectionId>,
    /// All of these.
    pub words: Vec<Words>,
    /// None of these.
    pub without_words: Vec<Words>,
    /// Written by one of these; anyone when there is none.
    pub authors: Vec<UserId>,
    /// Written by none of these.
    pub without_authors: Vec<UserId>,
    /// With all of these.
    pub traits: Vec<Trait>,
    /// With none of these.
    pub without_traits: Vec<Trait>,
    /// Written then or later.
    pub since: Option<Timestamp>,
    /// Written before.
    pub until: Option<Timestamp>,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its place in the order of matches.
    pub place: MatchPlace,
    /// Its channel.
    pub channel: ChannelId,
    /// Its id.
    pub message: MessageId,
    /// When it was written.
    pub at: Timestamp,
    /// The beginning of its words: enough to rank it.
    pub words: String,
}

/// A place in the order of matches: the newest is the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchPlace(pub u64);

/// How often words are used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frequencies {
    /// Messages that hold each, in the order asked for.
    pub of: Vec<u64>,
    /// Messages in all.
    pub messages: u64,
}

/// The index cannot be asked or changed now; asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search index is unavailable")]
pub struct SearchIndexError;
