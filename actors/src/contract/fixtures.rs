//! What the suites of log and history share: people, entries, and orders to a log.

use std::sync::Arc;

use crate::domain::{
    Attachment, Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Event, FileId, MessageId,
    MessageKind, Posted, Seq, ThreadId, Timestamp, UserId,
};
use crate::ports::{Append, AppendOutcome, BucketState, Claim, ClaimOutcome, MessageLog};

pub(super) const CHANNEL: ChannelId = ChannelId::from_u128(1);
pub(super) const ELSEWHERE: ChannelId = ChannelId::from_u128(2);
pub(super) const FIRST: Bucket = Bucket(0);
pub(super) const ADA: UserId = UserId::from_u128(1);
pub(super) const BEN: UserId = UserId::from_u128(2);

pub(super) fn byline(user: UserId) -> Byline {
    Byline {
        user,
        username: format!("user{}", user.as_u128()),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

pub(super) fn key(seq: u64) -> ClientMessageId {
    ClientMessageId::new(format!("key-{seq}")).unwrap()
}

/// The id of the message at a position of [`CHANNEL`].
pub(super) const fn id(seq: u64) -> MessageId {
    MessageId::from_u128(seq as u128)
}

/// An entry of Ada's.
pub(super) fn entry(seq: u64, event: Event) -> Entry {
    by(ADA, seq, event)
}

pub(super) fn by(user: UserId, seq: u64, event: Event) -> Entry {
    let (channel, by, at) = (CHANNEL, byline(user), Timestamp(seq.cast_signed()));
    Entry { channel, seq: Seq(seq), ordinal: seq, by, at, event }
}

pub(super) fn posted(seq: u64) -> Posted {
    Posted {
        id: id(seq),
        kind: MessageKind::Text,
        content: format!("words {seq}"),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: Some(key(seq)),
    }
}

/// A message of Ada's.
pub(super) fn message(seq: u64) -> Entry {
    entry(seq, Event::Posted(posted(seq)))
}

/// A message of Ada's that names people.
pub(super) fn naming(seq: u64, mentions: &[UserId]) -> Entry {
    entry(seq, Event::Posted(Posted { mentions: mentions.to_vec(), ..posted(seq) }))
}

/// A message in a thread.
pub(super) fn reply(user: UserId, seq: u64, thread: ThreadId) -> Entry {
    by(user, seq, Event::Posted(Posted { thread: Some(thread), ..posted(seq) }))
}

/// A file of a message, a picture.
pub(super) fn picture(file: u128) -> Attachment {
    Attachment {
        id: FileId::from_u128(file),
        name: "a bird.png".to_owned(),
        mime_type: "image/png".to_owned(),
        bytes: 70_000,
        pixels: Some((640, 480)),
    }
}

/// A message of Ada's that carries a file.
pub(super) fn with_file(seq: u64) -> Entry {
    let attachments = vec![picture(7)];
    entry(seq, Event::Posted(Posted { attachments, ..posted(seq) }))
}

pub(super) fn edited(seq: u64, target: u64, content: &str, mentions: &[UserId]) -> Entry {
    let (content, mentions) = (content.to_owned(), mentions.to_vec());
    entry(seq, Event::Edited { message: id(target), target: Seq(target), content, mentions })
}

pub(super) fn deleted(seq: u64, target: u64) -> Entry {
    entry(seq, Event::Deleted { message: id(target), target: Seq(target) })
}

pub(super) fn reacted(user: UserId, seq: u64, target: u64, emoji: &str, added: bool) -> Entry {
    let (message, target, emoji) = (id(target), Seq(target), emoji.to_owned());
    by(user, seq, Event::Reacted { message, target, emoji, added })
}

pub(super) fn joined(seq: u64, user: UserId) -> Entry {
    entry(seq, Event::Joined { member: byline(user) })
}

/// An append to the first bucket of the channel that the entries are of.
pub(super) fn append(epoch: u64, last_seq: u64, entries: Vec<Entry>) -> Append {
    let channel = entries.first().map_or(CHANNEL, |entry| entry.channel);
    let (epoch, last_seq) = (Epoch(epoch), Seq(last_seq));
    Append { channel, bucket: FIRST, epoch, last_seq, entries }
}

pub(super) fn claim(expected: Option<u64>, epoch: u64) -> Claim {
    let (expected, epoch) = (expected.map(Epoch), Epoch(epoch));
    Claim { channel: CHANNEL, bucket: FIRST, expected, epoch, opening_seq: Seq(0) }
}

pub(super) fn fence(epoch: u64, last_seq: u64) -> BucketState {
    BucketState { epoch: Epoch(epoch), last_seq: Seq(last_seq) }
}

/// Opens the first bucket of [`CHANNEL`] with epoch 1.
pub(super) async fn opened(log: &Arc<dyn MessageLog>) {
    assert_eq!(log.claim(claim(None, 1)).await, Ok(ClaimOutcome::Applied));
}

/// Opens the first bucket of [`CHANNEL`] and stores entries from position 1 on.
pub(super) async fn written(log: &Arc<dyn MessageLog>, entries: Vec<Entry>) {
    opened(log).await;
    assert_eq!(log.append(append(1, 0, entries)).await, Ok(AppendOutcome::Applied));
}
