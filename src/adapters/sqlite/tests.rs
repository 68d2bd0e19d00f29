//! The store against a folder of its own: fences, group commit, crashes, trouble with the disk.

mod backup;
mod contract;
mod log;
mod trouble;

use starling_actors::domain::{
    Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Event, MessageId, MessageKind,
    Posted, Seq, Timestamp, UserId,
};
use starling_actors::memory::ManualClock;
use starling_actors::ports::{Append, AppendOutcome, Claim, ClaimOutcome, LogError, MessageLog};
use tempfile::TempDir;

use super::{SqliteLog, Store};

const CHANNEL: ChannelId = ChannelId::from_u128(7);
const ANN: UserId = UserId::from_u128(1);
const BOB: UserId = UserId::from_u128(2);

/// A folder and the store in it.
struct World {
    dir: TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), &ManualClock::default()).unwrap();
        Self { dir, store }
    }

    /// The process ends and another one opens the folder.
    fn reopen(self) -> Self {
        let Self { dir, store } = self;
        drop(store);
        let store = Store::open(dir.path(), &ManualClock::default()).unwrap();
        Self { dir, store }
    }

    /// A log in which the first bucket of `CHANNEL` was claimed with epoch 1.
    async fn claimed(&self) -> SqliteLog {
        let log = self.store.log();
        assert_eq!(log.claim(claim(CHANNEL, None, 1)).await, Ok(ClaimOutcome::Applied));
        log
    }
}

fn claim(channel: ChannelId, expected: Option<u64>, epoch: u64) -> Claim {
    Claim {
        channel,
        bucket: Bucket(0),
        expected: expected.map(Epoch),
        epoch: Epoch(epoch),
        opening_seq: Seq(0),
    }
}

fn byline(user: UserId) -> Byline {
    Byline {
        user,
        username: format!("user{}", user.as_u128()),
        full_name: "Some One".to_owned(),
        avatar_url: String::new(),
    }
}

fn entry(seq: u64, by: UserId, event: Event) -> Entry {
    let at = Timestamp(1_000 + i64::try_from(seq).unwrap());
    Entry { channel: CHANNEL, seq: Seq(seq), ordinal: seq, by: byline(by), at, event }
}

/// A message whose id is 100 + its place.
fn posted(seq: u64, by: UserId, content: &str, mentions: &[UserId]) -> Entry {
    let event = Event::Posted(Posted {
        id: message(seq),
        kind: MessageKind::Text,
        content: content.to_owned(),
        thread: None,
        parent: None,
        mentions: mentions.to_vec(),
        attachments: Vec::new(),
        client_message_id: Some(ClientMessageId::new(format!("c{seq}")).unwrap()),
    });
    entry(seq, by, event)
}

fn message(seq: u64) -> MessageId {
    MessageId::from_u128(100 + u128::from(seq))
}

/// An append of `entries` under epoch 1, right after `last_seq`.
fn after(last_seq: u64, entries: Vec<Entry>) -> Append {
    let channel = entries.first().map_or(CHANNEL, |entry| entry.channel);
    Append { channel, bucket: Bucket(0), epoch: Epoch(1), last_seq: Seq(last_seq), entries }
}

async fn append(
    log: &SqliteLog,
    last_seq: u64,
    entries: Vec<Entry>,
) -> Result<AppendOutcome, LogError> {
    log.append(after(last_seq, entries)).await
}
