//! Enters into the agenda where something was said that may concern somebody, before its author gets a
//! receipt: so it is looked at whatever dies after that.
//!
//! ```text
//!   append ─┬▶ log
//!           └▶ agenda: "this channel, from this position on, a moment from now" ─▶ `follow`
//! ```
//!
//! The entry is written beside the append, not before it, and one entry stands for all that comes in its
//! time: a busy channel costs one small record every second, a message that concerns nobody costs nothing.
//!
//! **Invariant:** when an append returns, the agenda holds an entry for its channel that is due after that
//! moment, by more than clocks of nodes differ, and begins at or before its first message; or this node
//! has it in memory and enters it within a moment. The latter is so when a store is slow, which holds
//! nobody up: the owner of a channel waits two seconds for an append and all that is done with it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::cluster::Placement;
use starling_actors::domain::{ChannelId, ChannelKind, Entry, OrgId, Seq, Timestamp};
use starling_actors::ports::{
    Append, AppendOutcome, Clock, Directory, DirectoryError, LogError, LogTap, MessageLog, Records,
    RecordsError,
};

use crate::agenda::Agenda;

/// The agenda's line of channels to look at.
pub(super) const LINE: &str = "news";
/// How long after an append its channel is looked at: what comes until then is told with it.
const GATHERING_MS: i64 = 2_500;
/// How much of that must be left for an entry to stand for one more append: clocks differ, and the append
/// takes its time.
const LEFT_MS: i64 = 1_500;
/// How long the author of a message may wait for the entry.
const ENTRY_TIMEOUT: Duration = Duration::from_millis(500);
/// Channels of which is known whose they are, and those with an entry: more than a node writes in within
/// some hours. About 100 bytes each.
const CHANNELS_MAX: u64 = 65_536;
/// Channels whose entries the store did not take.
const LEFT_MAX: usize = 10_000;

/// What of a channel never changes.
#[derive(Clone, Copy)]
struct Known {
    org: OrgId,
    /// Whether every message in it concerns all who are in it.
    is_conversation: bool,
}

/// Hears of what is stored. Cheap to clone.
#[derive(Clone)]
pub struct News {
    inner: Arc<Inner>,
}

struct Inner {
    /// Only written here; who looks has one of their own.
    agenda: Agenda,
    directory: Arc<dyn Directory>,
    clock: Arc<dyn Clock>,
    known: moka::sync::Cache<ChannelId, Known>,
    /// When the newest entry of a channel is due.
    entered: moka::sync::Cache<ChannelId, Timestamp>,
    left: Mutex<HashMap<ChannelId, Left>>,
}

/// An entry that is still to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Left {
    from: Seq,
    is_loud: bool,
}

impl News {
    /// Over these stores.
    pub fn new(
        records: Arc<dyn Records>,
        directory: Arc<dyn Directory>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let inner = Inner {
            agenda: Agenda::new(LINE, records, Placement::alone()),
            directory,
            clock,
            known: moka::sync::Cache::new(CHANNELS_MAX),
            entered: moka::sync::Cache::new(CHANNELS_MAX),
            left: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Sees to it that a channel is looked at, if what comes may concern somebody.
    async fn enter(&self, channel: ChannelId, from: Seq, is_loud: bool) {
        let now = self.inner.clock.now();
        if self.inner.entered.get(&channel).is_some_and(|at| at.0 - now.0 >= LEFT_MS) {
            return;
        }
        // First: the append may be given up while this waits, and is stored all the same.
        let left = Left { from, is_loud };
        self.leave(channel, left);
        match tokio::time::timeout(ENTRY_TIMEOUT, self.settle(channel, left)).await {
            Ok(true) => self.take_back(channel, left),
            Ok(false) | Err(_) => {
                tracing::warn!(%channel, "who is away is told later: the store does not answer");
            }
        }
    }

    /// Makes an entry if there is somebody whom it may concern; `false` when a store did not answer.
    async fn settle(&self, channel: ChannelId, left: Left) -> bool {
        let Ok(known) = self.known(channel).await else { return false };
        let Some(known) = known.filter(|known| left.is_loud || known.is_conversation) else {
            return true;
        };
        let Ok(at) = self.put(known.org, channel, left.from).await else { return false };
        self.inner.entered.insert(channel, at);
        true
    }

    async fn put(
        &self,
        org: OrgId,
        channel: ChannelId,
        from: Seq,
    ) -> Result<Timestamp, RecordsError> {
        let now = self.inner.clock.now();
        let at = now.plus_ms(GATHERING_MS);
        let id = place_of(channel, from);
        Ok(self.inner.agenda.put((at, now), (org, "", &id)).await?.at)
    }

    fn leave(&self, channel: ChannelId, left: Left) {
        let mut all = self.inner.left.lock();
        if all.len() < LEFT_MAX || all.contains_key(&channel) {
            let first = all.entry(channel).or_insert(left);
            first.from = first.from.min(left.from);
            first.is_loud |= left.is_loud;
        }
    }

    /// What was entered is not left any more, unless more was left meanwhile.
    fn take_back(&self, channel: ChannelId, left: Left) {
        let mut all = self.inner.left.lock();
        if all.get(&channel) == Some(&left) {
            all.remove(&channel);
        }
    }

    /// Enters what was not entered beside its append.
    pub(super) async fn enter_left(&self) {
        let left = std::mem::take(&mut *self.inner.left.lock());
        for (channel, left) in left {
            if !self.settle(channel, left).await {
                self.leave(channel, left);
            }
        }
    }

    async fn known(&self, channel: ChannelId) -> Result<Option<Known>, DirectoryError> {
        if let Some(known) = self.inner.known.get(&channel) {
            return Ok(Some(known));
        }
        let Some(found) = self.inner.directory.find(channel).await? else { return Ok(None) };
        let is_conversation = match found.kind {
            ChannelKind::Direct | ChannelKind::Group => true,
            ChannelKind::Public | ChannelKind::Private => false,
        };
        let known = Known { org: found.org, is_conversation };
        self.inner.known.insert(channel, known);
        Ok(Some(known))
    }
}

/// Where a look begins, as the agenda names it.
fn place_of(channel: ChannelId, from: Seq) -> String {
    format!("{channel}.{}", from.0)
}

/// The channel and the position before the first message of a look.
pub(super) fn parse_place(id: &str) -> Option<(ChannelId, Seq)> {
    let (channel, from) = id.split_once('.')?;
    Some((channel.parse().ok()?, Seq(from.parse().ok()?)))
}

/// Whether an entry may concern somebody who is in a channel of many: it names somebody, maybe a group,
/// or answers in a thread.
fn is_loud(entry: &Entry) -> bool {
    entry.posted().is_some_and(|posted| {
        posted.thread.is_some() || !posted.mentions.is_empty() || posted.content.contains('@')
    })
}

#[async_trait]
impl LogTap for News {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let (channel, from) = (append.channel, append.last_seq);
        let is_news = |entry: &&Entry| entry.posted().is_some() && !entry.is_brought();
        if append.entries.iter().find(is_news).is_none() {
            return log.append(append).await;
        }
        let is_loud = append.entries.iter().any(is_loud);
        let known = self.inner.known.get(&channel);
        if !is_loud && known.is_some_and(|known| !known.is_conversation) {
            return log.append(append).await;
        }
        let (outcome, ()) = tokio::join!(log.append(append), self.enter(channel, from, is_loud));
        // An append that took long may have come after the look: then there is one more, soon.
        if !matches!(outcome, Ok(AppendOutcome::Refused(_))) {
            let now = self.inner.clock.now();
            if self.inner.entered.get(&channel).is_some_and(|at| at.0 - now.0 < LEFT_MS / 2) {
                self.inner.entered.invalidate(&channel);
                self.leave(channel, Left { from, is_loud });
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use starling_actors::domain::{
        Bucket, Byline, Channel, ChannelRole, Epoch, Event, MessageId, MessageKind, Posted, UserId,
    };
    use starling_actors::memory::{
        FaultyRecords, ManualClock, MemoryDirectory, MemoryLog, MemoryRecords, Mishap,
    };
    use starling_actors::ports::{Claim, NewChannel};

    use super::*;

    const ORG: OrgId = OrgId::from_u128(1);
    const CHANNEL: ChannelId = ChannelId::from_u128(2);
    const ADA: UserId = UserId::from_u128(3);

    struct World {
        news: News,
        looker: Agenda,
        records: Arc<FaultyRecords>,
        clock: Arc<ManualClock>,
        log: MemoryLog,
        seq: u64,
    }

    impl World {
        async fn with(kind: ChannelKind) -> Self {
            let clock = Arc::new(ManualClock::default());
            let sound = Arc::new(MemoryRecords::default());
            let records = Arc::new(FaultyRecords::new(sound));
            let directory = Arc::new(MemoryDirectory::default());
            let at = clock.now();
            let channel = Channel {
                id: CHANNEL,
                org: ORG,
                kind,
                name: "ops".to_owned(),
                description: String::new(),
                topic: String::new(),
                owner: ADA,
                created_at: at,
                updated_at: at,
                member_count: 0,
            };
            let members = vec![(ADA, ChannelRole::Owner)];
            directory.create(NewChannel { channel, members }).await.expect("is made");
            let port: Arc<dyn Records> = records.clone();
            let looker = Agenda::new(LINE, Arc::clone(&port), Placement::alone());
            let log = MemoryLog::default();
            let claim = Claim {
                channel: CHANNEL,
                bucket: Bucket(0),
                expected: None,
                epoch: Epoch(1),
                opening_seq: Seq(0),
            };
            log.claim(claim).await.expect("is claimed");
            let clock_port: Arc<dyn Clock> = clock.clone();
            let news = News::new(port, directory, clock_port);
            Self { news, looker, records, clock, log, seq: 0 }
        }

        async fn say(&mut self, content: &str) {
            let append = self.append(content);
            let outcome = self.news.append(&self.log, append).await;
            assert_eq!(outcome, Ok(AppendOutcome::Applied));
            self.seq += 1;
        }

        fn append(&self, content: &str) -> Append {
            let posted = Posted {
                id: MessageId::from_u128(u128::from(self.seq) + 1),
                kind: MessageKind::Text,
                content: content.to_owned(),
                thread: None,
                parent: None,
                mentions: Vec::new(),
                attachments: Vec::new(),
                client_message_id: None,
            };
            let name = String::new;
            let entry = Entry {
                channel: CHANNEL,
                seq: Seq(self.seq + 1),
                ordinal: self.seq + 1,
                by: Byline { user: ADA, username: name(), full_name: name(), avatar_url: name() },
                at: self.clock.now(),
                event: Event::Posted(posted),
            };
            Append {
                channel: CHANNEL,
                bucket: Bucket(0),
                epoch: Epoch(1),
                last_seq: Seq(self.seq),
                entries: vec![entry],
            }
        }

        /// In the order of their positions: shards come in an order of their own.
        async fn due(&self) -> Vec<String> {
            let later = self.clock.now().plus_ms(GATHERING_MS);
            let due = self.looker.due(later, 100).await.expect("is read");
            let mut places: Vec<String> = due.into_iter().map(|(_, due)| due.id).collect();
            places.sort_unstable();
            places
        }
    }

    #[tokio::test]
    async fn a_message_that_concerns_nobody_costs_nothing() {
        let mut world = World::with(ChannelKind::Public).await;
        world.say("good morning").await;
        assert!(world.due().await.is_empty());
        world.say("@ada look").await;
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(1))]);
    }

    #[tokio::test]
    async fn one_entry_stands_for_a_burst_and_another_for_what_comes_later() {
        let mut world = World::with(ChannelKind::Direct).await;
        for _ in 0..3 {
            world.say("are you there?").await;
        }
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(0))]);
        world.clock.advance_ms(GATHERING_MS - LEFT_MS + 1);
        world.say("hello?").await;
        let due = world.due().await;
        assert_eq!(due, [place_of(CHANNEL, Seq(0)), place_of(CHANNEL, Seq(3))]);
        assert_eq!(parse_place(&due[1]), Some((CHANNEL, Seq(3))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_does_not_answer_holds_nobody_up_and_has_its_entry_later() {
        let mut world = World::with(ChannelKind::Direct).await;
        let silence = Mishap::Interrupted(Box::pin(std::future::pending()));
        world.records.at_next("agenda", silence);
        let begin = tokio::time::Instant::now();
        world.say("are you there?").await;
        assert!(begin.elapsed() <= ENTRY_TIMEOUT, "it took {:?}", begin.elapsed());
        assert!(world.due().await.is_empty());
        world.news.enter_left().await;
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(0))]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_append_that_was_given_up_may_have_stored_is_looked_at() {
        let world = World::with(ChannelKind::Direct).await;
        let silence = Mishap::Interrupted(Box::pin(std::future::pending()));
        world.records.at_next("agenda", silence);
        let append = world.news.append(&world.log, world.append("are you there?"));
        let given_up = tokio::time::timeout(ENTRY_TIMEOUT / 2, append).await;
        assert!(given_up.is_err(), "its owner stopped waiting");
        world.news.enter_left().await;
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(0))]);
    }

    #[tokio::test]
    async fn a_refused_entry_is_made_again_once() {
        let mut world = World::with(ChannelKind::Direct).await;
        world.records.at_next("agenda", Mishap::Refused);
        world.say("are you there?").await;
        world.say("hello?").await;
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(1))], "the second has its own");
        world.news.enter_left().await;
        assert_eq!(world.due().await, [place_of(CHANNEL, Seq(0)), place_of(CHANNEL, Seq(1))]);
        world.news.enter_left().await;
        assert_eq!(world.due().await.len(), 2, "nothing is left");
    }
}
