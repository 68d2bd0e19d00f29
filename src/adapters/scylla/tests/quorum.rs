//! Three nodes of the database with three copies of everything, of which one and then two are gone.
//!
//! `tests/cassandra.sh --nodes 3 cargo test --lib scylla::tests::quorum -- --ignored`, which
//! `make test-quorum` does. It ends a node for good, so nothing else runs beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use starling_actors::domain::{
    Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Event, MessageId, MessageKind,
    Posted, Seq, Timestamp, UserId,
};
use starling_actors::ports::{
    Append, AppendOutcome, Claim, ClaimOutcome, IdempotencyKey, LogError, MessageLog, SoughtKey,
};

use super::shared_store;
use crate::adapters::scylla::ScyllaLog;

/// Channels that are written to: their partitions have their first copies on different nodes.
const CHANNELS: u128 = 6;
/// Appends of each channel that show that it goes on.
const PROGRESS: u64 = 30;
/// Refusals of each channel that show that it does not.
const REFUSALS: u64 = 2;
/// How long anything may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often to look, and how long a refused owner waits.
const PAUSE: Duration = Duration::from_millis(20);
const ANN: UserId = UserId::from_u128(1);
const EPOCH: Epoch = Epoch(1);

/// Appends to one channel as an owner does, one message at a time.
struct Owner {
    log: ScyllaLog,
    channel: ChannelId,
    /// Appends that were answered with success, or found to be stored.
    stored: AtomicU64,
    /// Appends that the log did not do, or did not know whether it did.
    refused: AtomicU64,
    is_over: AtomicBool,
}

impl Owner {
    fn new() -> Arc<Self> {
        let channel = ChannelId::from_u128(rand::random::<u128>() << 32);
        let log = shared_store().log();
        let (stored, refused, is_over) = Default::default();
        Arc::new(Self { log, channel, stored, refused, is_over })
    }

    async fn write(self: Arc<Self>) {
        let (channel, bucket) = (self.channel, Bucket(0));
        let claim = Claim { channel, bucket, expected: None, epoch: EPOCH, opening_seq: Seq(0) };
        assert_eq!(self.log.claim(claim).await, Ok(ClaimOutcome::Applied));
        let mut last = 0;
        while !self.is_over.load(Ordering::SeqCst) {
            self.append(last).await;
            last += 1;
            self.stored.store(last, Ordering::SeqCst);
        }
    }

    /// Appends the message after `last`, asking again under the same fence until it is there.
    async fn append(&self, last: u64) {
        let mut is_open = false;
        loop {
            let append = Append {
                channel: self.channel,
                bucket: Bucket(0),
                epoch: EPOCH,
                last_seq: Seq(last),
                entries: vec![self.message(last + 1)],
            };
            match self.log.append(append).await {
                Ok(AppendOutcome::Applied) => return,
                Ok(AppendOutcome::Refused(fence)) => {
                    let fence = fence.expect("the bucket is there");
                    assert_eq!((fence.epoch, fence.last_seq), (EPOCH, Seq(last + 1)));
                    assert!(is_open, "nobody else writes: an earlier time of this one landed");
                    return;
                }
                Err(error) => {
                    is_open |= error == LogError::Unknown;
                    self.refused.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn message(&self, seq: u64) -> Entry {
        let by = Byline {
            user: ANN,
            username: String::new(),
            full_name: String::new(),
            avatar_url: String::new(),
        };
        let event = Event::Posted(Posted {
            id: MessageId::from_u128(self.channel.as_u128() | u128::from(seq)),
            kind: MessageKind::Text,
            content: format!("message {seq}"),
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            client_message_id: Some(key(seq).client_message_id),
        });
        let at = Timestamp(seq.cast_signed());
        Entry { channel: self.channel, seq: Seq(seq), ordinal: seq, by, at, event }
    }

    /// Whether the log holds exactly what was stored, each once.
    async fn check(&self) {
        let last = self.stored.load(Ordering::SeqCst);
        let wanted: Vec<Entry> = (1..=last).map(|seq| self.message(seq)).collect();
        let limit = usize::try_from(last).unwrap() + 1;
        let found = self.log.entries(self.channel, Seq(0), limit).await;
        assert_eq!(found, Ok(wanted));
        assert_eq!(self.log.head(self.channel).await.map(|head| head.seq), Ok(Seq(last)));
        let heads = self.log.heads(&[self.channel]).await.unwrap();
        assert_eq!((heads[0].seq, heads[0].ordinal), (Seq(last), last));
        let keys = [key(1), key(last), key(last + 1)];
        let keys = keys.map(|key| SoughtKey { key, after: Some(Seq(0)) });
        let stored = self.log.stored_keys(self.channel, &keys).await.unwrap();
        assert_eq!(stored.len(), 2);
    }
}

fn key(seq: u64) -> IdempotencyKey {
    let client_message_id = ClientMessageId::new(format!("key-{seq}")).unwrap();
    IdempotencyKey { author: ANN, client_message_id }
}

/// Waits until a count of every owner has grown by so much.
async fn grown(what: &str, owners: &[Arc<Owner>], count: fn(&Owner) -> &AtomicU64, by: u64) {
    let read = |owner: &Arc<Owner>| count(owner).load(Ordering::SeqCst);
    let before: Vec<u64> = owners.iter().map(read).collect();
    let growing = async {
        while owners.iter().zip(&before).any(|(owner, before)| read(owner) < before + by) {
            tokio::time::sleep(PAUSE).await;
        }
    };
    if tokio::time::timeout(PATIENCE, growing).await.is_err() {
        let now: Vec<u64> = owners.iter().map(read).collect();
        panic!("{what}: from {before:?} to {now:?}");
    }
}

const STORED: fn(&Owner) -> &AtomicU64 = |owner| &owner.stored;
const REFUSED: fn(&Owner) -> &AtomicU64 = |owner| &owner.refused;

/// The processes of the database's nodes.
#[expect(clippy::disallowed_methods, reason = "said by the script that started it")]
fn nodes() -> [Pid; 3] {
    let processes = std::env::var("STARLING_TEST_SCYLLA_PROCESSES").unwrap_or_default();
    let processes: Vec<Pid> =
        processes.split(',').filter_map(|id| Pid::from_raw(id.parse().ok()?)).collect();
    let Ok(nodes) = processes.try_into() else {
        panic!("there are not three nodes: run this test under tests/cassandra.sh --nodes 3");
    };
    nodes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs under tests/cassandra.sh --nodes 3, by make test-quorum"]
async fn one_of_three_may_be_gone_and_when_two_are_nothing_is_lost() {
    let [_, second, third] = nodes();
    let owners: Vec<Arc<Owner>> = (0..CHANNELS).map(|_| Owner::new()).collect();
    let writing: Vec<_> =
        owners.iter().map(|owner| tokio::spawn(Arc::clone(owner).write())).collect();
    grown("all are there", &owners, STORED, PROGRESS).await;

    kill_process(third, Signal::STOP).unwrap();
    grown("one hangs", &owners, STORED, PROGRESS).await;
    kill_process(third, Signal::KILL).unwrap();
    grown("one is gone", &owners, STORED, PROGRESS).await;

    kill_process(second, Signal::STOP).unwrap();
    grown("one is left, and refuses", &owners, REFUSED, REFUSALS).await;
    let stored: Vec<u64> = owners.iter().map(|owner| owner.stored.load(Ordering::SeqCst)).collect();
    grown("one is left, and still refuses", &owners, REFUSED, 1).await;
    let later = owners.iter().map(|owner| owner.stored.load(Ordering::SeqCst));
    assert!(later.eq(stored), "one of three is no quorum");
    kill_process(second, Signal::CONT).unwrap();
    grown("two are back", &owners, STORED, PROGRESS).await;

    for owner in &owners {
        owner.is_over.store(true, Ordering::SeqCst);
    }
    for owner in writing {
        owner.await.unwrap();
    }
    for owner in &owners {
        owner.check().await;
    }
}
