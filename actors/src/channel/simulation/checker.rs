//! What was promised, looked at while it happens and at the end.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;

use super::BUCKET_ENTRIES;
use super::observer::Wire;
use crate::channel::world::CHANNEL;
use crate::channel::{Amend, AmendError, Amended, Change, MemberChange, Post, Receipt};
use crate::domain::{Bucket, Entry, Epoch, Event, Message, MessageId, Seq, UserId};
use crate::memory::MemoryLog;
use crate::ports::{
    Append, AppendOutcome, Bus, BusError, BusEvent, BusSink, History, LogError, LogTap, MessageLog,
    Subscription, Topic,
};

pub(super) struct Checker {
    log: Arc<MemoryLog>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    broken: Vec<String>,
    /// First receipts by sender and key.
    receipts: HashMap<(UserId, String), (MessageId, Seq)>,
    /// Who has appended under an epoch.
    writers: HashMap<(Bucket, Epoch), u64>,
    /// Keys whose sender told no position.
    unplaced: HashSet<(UserId, String)>,
    handed_out: Vec<(Seq, Option<MessageId>)>,
    /// Messages without a key by their words, each sent once, with their place if that was told.
    notes: HashMap<String, Option<Seq>>,
    /// The last acknowledged change of each kind, message and person.
    changes: HashMap<(u8, MessageId, UserId), Amend>,
}

fn key_of(post: &Post) -> (UserId, String) {
    let key = post.client_message_id.as_ref().map(|id| id.as_str().to_owned());
    (post.by.user, key.unwrap_or_default())
}

impl Checker {
    pub(super) fn new(log: Arc<MemoryLog>) -> Self {
        Self { log, seen: Mutex::default() }
    }

    fn broken(&self, what: String) {
        self.seen.lock().broken.push(what);
    }

    pub(super) async fn head(&self) -> Seq {
        self.log.head(CHANNEL).await.unwrap().seq
    }

    async fn entry(&self, seq: Seq) -> Option<Entry> {
        self.log.entries(CHANNEL, Seq(seq.0 - 1), 1).await.unwrap().pop()
    }

    /// A receipt was given: the message is there, and every receipt is the first one.
    pub(super) async fn acknowledged(&self, post: &Post, receipt: &Receipt) {
        let stored = self.entry(receipt.seq).await;
        let stored = stored.and_then(|entry| entry.posted().map(|posted| posted.id));
        if stored != Some(receipt.message) {
            self.broken(format!("acknowledged but not stored: {receipt:?}"));
        }
        let place = (receipt.message, receipt.seq);
        let mut seen = self.seen.lock();
        let first = *seen.receipts.entry(key_of(post)).or_insert(place);
        if post.after_seq.is_none() {
            seen.unplaced.insert(key_of(post));
        }
        drop(seen);
        let is_forgotten = post.after_seq.is_none() && is_out_of_sight(first.1, place.1);
        if first != place && !is_forgotten {
            self.broken(format!("another receipt for a repeat: {first:?}, {receipt:?}"));
        }
    }

    /// A message without a key was sent, once.
    pub(super) fn noted(&self, words: String, seq: Option<Seq>) {
        self.seen.lock().notes.insert(words, seq);
    }

    /// One of the newest messages, where changes meet.
    pub(super) fn pick(&self, random: u128) -> MessageId {
        let seen = self.seen.lock();
        let mut stored: Vec<_> = seen.receipts.values().collect();
        stored.sort_unstable_by_key(|(_, seq)| *seq);
        let newest = &stored[stored.len().saturating_sub(2)..];
        newest[usize::try_from(random % newest.len() as u128).unwrap()].0
    }

    async fn message(&self, id: MessageId) -> Option<Message> {
        self.log.message(id).await.unwrap()
    }

    /// A change was acknowledged: it is in effect, and where it is said to be.
    pub(super) async fn amended(&self, amend: &Amend, amended: Amended) {
        let message = self.message(amend.message).await;
        if !message.as_ref().is_some_and(|message| is_in_effect(amend, message)) {
            self.broken(format!("acknowledged but not in effect: {amend:?}"));
        }
        if message.is_some_and(|message| message.seq != amended.seq) {
            let entry = self.entry(amended.seq).await;
            if !entry.as_ref().is_some_and(|entry| is_change(entry, amend)) {
                self.broken(format!("{amend:?} is not {entry:?}"));
            }
        }
        let kind = match &amend.change {
            Change::Edit { .. } => 0,
            Change::Delete => 1,
            Change::React { .. } => 2,
        };
        let key = (kind, amend.message, amend.by.user);
        self.seen.lock().changes.insert(key, amend.clone());
    }

    /// A change was refused for good: only a reaction to a deleted message may be.
    pub(super) async fn not_amended(&self, amend: &Amend, why: AmendError) {
        let message = self.message(amend.message).await;
        let is_deleted = message.is_some_and(|message| message.is_deleted);
        let is_reaction = matches!(amend.change, Change::React { .. });
        if !(why == AmendError::Deleted && is_deleted && is_reaction) {
            self.broken(format!("refused with {why:?}: {amend:?}"));
        }
    }

    /// Someone's coming or going was acknowledged: it is where it is said to be.
    pub(super) async fn written(&self, change: &MemberChange, seq: Seq) {
        let event = self.entry(seq).await.map(|entry| entry.event);
        let is_there = match (&event, change) {
            (Some(Event::Joined { member }), MemberChange::Joined(who))
            | (Some(Event::Left { member }), MemberChange::Left(who)) => member == who,
            _ => false,
        };
        if !is_there {
            self.broken(format!("{change:?} is not at {seq:?}"));
        }
    }

    /// "Nothing was stored" was said, and nothing else before.
    pub(super) async fn refused(&self, post: &Post) {
        let all = self.log.entries(CHANNEL, Seq(0), usize::MAX).await.unwrap();
        if all.iter().any(|entry| key_of_entry(entry) == Some(key_of(post))) {
            self.broken(format!("refused but stored: {post:?}"));
        }
    }

    /// A key that is in the log twice, and should not be.
    fn doubled(&self, entries: &[Entry]) -> Option<(UserId, String)> {
        let seen = self.seen.lock();
        let mut newest = HashMap::new();
        let keys = entries.iter().filter_map(|entry| Some((key_of_entry(entry)?, entry.seq)));
        keys.into_iter().find_map(|(key, seq)| {
            let before = newest.insert(key.clone(), seq)?;
            let is_forgotten = seen.unplaced.contains(&key) && is_out_of_sight(before, seq);
            (!is_forgotten).then_some(key)
        })
    }

    /// Looks at the log as it is in the end.
    pub(super) async fn verdict(&self, observed: &[Arc<Entry>]) -> Result<(), String> {
        let entries = self.log.entries(CHANNEL, Seq(0), usize::MAX).await.unwrap();
        let head = self.head().await;
        if entries.len() as u64 != head.0 {
            self.broken(format!("a gap after {} of {head:?}", entries.len()));
        }
        if let Some(key) = self.doubled(&entries) {
            self.broken(format!("stored twice: {key:?}"));
        }
        if let Some(broken) = vain_change(&entries) {
            self.broken(format!("stored without effect: {broken:?}"));
        }
        let is_seen = observed.len() == entries.len()
            && observed.iter().zip(&entries).all(|(seen, stored)| is_same(seen, stored));
        if !is_seen {
            self.broken(format!("{} of {} entries were seen as they are", observed.len(), head.0));
        }
        let changes: Vec<_> = self.seen.lock().changes.values().cloned().collect();
        for change in changes {
            let message = self.message(change.message).await;
            if !message.is_some_and(|message| is_in_effect(&change, &message)) {
                self.broken(format!("acknowledged and lost: {change:?}"));
            }
        }
        let places: HashMap<_, _> =
            entries.iter().map(|e| (e.seq, e.posted().map(|posted| posted.id))).collect();
        let mut seen = self.seen.lock();
        let Seen { broken, receipts, handed_out, notes, .. } = &mut *seen;
        for (message, seq) in receipts.values() {
            if places.get(seq) != Some(&Some(*message)) {
                broken.push(format!("acknowledged and lost: {message} at {seq:?}"));
            }
        }
        for (words, told) in notes {
            let is_it = |entry: &&Entry| entry.posted().is_some_and(|it| it.content == *words);
            let stored: Vec<Seq> = entries.iter().filter(is_it).map(|entry| entry.seq).collect();
            if stored.len() > 1 || told.is_some_and(|seq| stored != [seq]) {
                broken
                    .push(format!("sent once without a key, told {told:?}, stored at {stored:?}"));
            }
        }
        for (seq, message) in handed_out {
            if places.get(seq) != Some(message) {
                broken.push(format!("handed out and not stored: {message:?} at {seq:?}"));
            }
        }
        broken.first().map_or(Ok(()), |first| Err(first.clone()))
    }
}

/// Whether a look-up without a position, made right before the second of two places was taken, need
/// not have seen the first: it looks into the newest bucket and the one before.
fn is_out_of_sight(one: Seq, other: Seq) -> bool {
    let bucket = |seq: Seq| (seq.0 - 1) / BUCKET_ENTRIES;
    bucket(one).abs_diff(bucket(other)) > 1
}

fn key_of_entry(entry: &Entry) -> Option<(UserId, String)> {
    let key = entry.posted()?.client_message_id.as_ref()?;
    Some((entry.by.user, key.as_str().to_owned()))
}

/// Whether a message is as a change wants it. A deleted one is as every change wants it.
fn is_in_effect(amend: &Amend, message: &Message) -> bool {
    message.is_deleted
        || match &amend.change {
            Change::Edit { content, .. } => message.content == *content,
            Change::Delete => false,
            Change::React { emoji, added } => message.has_reaction(amend.by.user, emoji) == *added,
        }
}

/// Whether an entry is what a change became. Words may be gone since.
fn is_change(entry: &Entry, amend: &Amend) -> bool {
    entry.by.user == amend.by.user
        && match (&entry.event, &amend.change) {
            (Event::Edited { message, content, .. }, Change::Edit { content: words, .. }) => {
                *message == amend.message && (content == words || content.is_empty())
            }
            (Event::Deleted { message, .. }, Change::Delete) => *message == amend.message,
            (Event::Reacted { message, added, .. }, Change::React { added: wanted, .. }) => {
                *message == amend.message && added == wanted
            }
            _ => false,
        }
}

/// Whether two readings are of one entry: words may read otherwise by then.
fn is_same(one: &Entry, other: &Entry) -> bool {
    one.seq == other.seq
        && one.ordinal == other.ordinal
        && one.by == other.by
        && match (&one.event, &other.event) {
            (Event::Posted(one), Event::Posted(other)) => one.id == other.id,
            (Event::Edited { message: one, .. }, Event::Edited { message: other, .. }) => {
                one == other
            }
            (one, other) => one == other,
        }
}

/// The first change in the log that changes nothing, or whose ordinal is not the count of messages.
fn vain_change(entries: &[Entry]) -> Option<&Entry> {
    let mut messages: HashMap<MessageId, Message> = HashMap::new();
    entries.iter().find(|entry| {
        let has_effect = match &entry.event {
            Event::Posted(posted) => {
                messages.insert(posted.id, Message::posted(entry, posted)).is_none()
            }
            Event::Edited { message, .. }
            | Event::Deleted { message, .. }
            | Event::Reacted { message, .. } => messages.get_mut(message).is_some_and(|message| {
                let before = message.clone();
                message.amend(entry);
                // An edit always moves the time; clients edit a message once.
                let is_again = matches!(entry.event, Event::Edited { .. }) && before.is_edited;
                *message != before && !is_again
            }),
            Event::Joined { .. } | Event::Left { .. } => true,
        };
        !has_effect || entry.ordinal != messages.len() as u64
    })
}

/// A bus that looks whether what it is given is stored.
pub(super) struct CheckingBus {
    pub(super) checker: Arc<Checker>,
    pub(super) wire: Arc<Wire>,
    /// Whether its node is gone.
    pub(super) is_dead: Arc<AtomicBool>,
}

#[async_trait]
impl Bus for CheckingBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        if let BusEvent::Stored { entries, .. } = &event {
            for entry in entries.iter() {
                let stored = self.checker.entry(entry.seq).await;
                if !stored.is_some_and(|stored| is_same(&stored, entry)) {
                    self.checker.broken(format!("handed out before its append: {:?}", entry.seq));
                }
                let place = (entry.seq, entry.posted().map(|posted| posted.id));
                self.checker.seen.lock().handed_out.push(place);
            }
        }
        if !self.is_dead.load(Ordering::Relaxed) {
            self.wire.carry(topic, event).await;
        }
        Ok(())
    }

    fn subscribe(&self, _topic: Topic, _sink: Arc<dyn BusSink>) -> Subscription {
        Subscription::new(|| {})
    }
}

/// An eye on what one node appends.
pub(super) struct Witness {
    pub(super) node: u64,
    pub(super) checker: Arc<Checker>,
}

#[async_trait]
impl LogTap for Witness {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let (bucket, epoch, last_seq) = (append.bucket, append.epoch, append.last_seq);
        let outcome = log.append(append).await?;
        let fence = log.bucket(CHANNEL, bucket).await?;
        let is_fenced = fence.is_some_and(|fence| fence.epoch == epoch);
        let mut seen = self.checker.seen.lock();
        let is_first = !seen.writers.contains_key(&(bucket, epoch));
        if *seen.writers.entry((bucket, epoch)).or_insert(self.node) != self.node {
            seen.broken.push(format!("two writers under {epoch:?} of {bucket:?}"));
        }
        match outcome {
            AppendOutcome::Applied if !is_fenced => {
                seen.broken.push(format!("stored under the old {epoch:?} of {bucket:?}"));
            }
            AppendOutcome::Refused(Some(fence)) if is_first && is_fenced => {
                seen.broken.push(format!("took {last_seq:?} for the end, not {fence:?}"));
            }
            AppendOutcome::Applied | AppendOutcome::Refused(_) => {}
        }
        Ok(outcome)
    }
}
