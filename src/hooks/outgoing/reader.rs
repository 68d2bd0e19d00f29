//! Reads channels for webhooks: from where each has stopped, entry by entry, into the queue of deliveries.
//!
//! ```text
//!   tap (something was stored) ─┐
//!   look (positions compared) ──┴▶ the channel's node ─▶ entries above each webhook's cursor ─▶ deliveries
//! ```
//!
//! **Invariant:** a cursor moves past an entry only after its delivery is stored. So every entry is told at
//! least once, whatever node dies when; and what is stored twice has one id.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use starling_actors::domain::{self, Channel, ChannelId, MessageId, Seq};
use starling_actors::ports::{Around, Precondition};
use tokio::time::Instant;

use super::interest::{Listener, SWEPT, event_of, swept};
use super::stored::{
    CURSORS, DELIVERIES, DeliveryState, INDEX, OUTGOING, StoredDelivery, delivery_id,
    parse_index_id,
};
use super::{HookError, LOOK_EVERY, Outgoing, TABLE_EVERY};
use crate::records::SERVER;

/// Webhooks of the whole server.
const LISTENERS_MAX: usize = 10_000;
/// Entries that are read at once; also most messages that one delivery says are deleted.
const ENTRIES: usize = 200;
/// What the server deletes last is told when no more of it has come for so long: it deletes in small steps, and
/// they are told together.
const SWEEP_REST_MS: i64 = 3_000;
/// Channels that one webhook of an organization listens to.
const CHANNELS_MAX: usize = 5_000;
/// Messages of before that are looked at when a webhook meets a channel for the first time: what was
/// written between its making and this moment.
const FIRST_MESSAGES: usize = 200;

impl Outgoing {
    pub(super) async fn read_for_ever(self) {
        let mut listeners: Vec<Listener> = Vec::new();
        // Where something is left that is told later, with more of its kind.
        let mut resting: HashSet<ChannelId> = HashSet::new();
        let (mut told, mut looked): (Option<Instant>, Option<Instant>) = (None, None);
        loop {
            if told.is_none_or(|at| at.elapsed() >= TABLE_EVERY) {
                match self.listeners().await {
                    Ok(found) => {
                        // Those that are new here are looked after at once.
                        if found.len() != listeners.len() {
                            looked = None;
                        }
                        self.inner.hints.want(!found.is_empty());
                        listeners = found;
                    }
                    Err(error) => tracing::warn!(%error, "webhooks cannot be read"),
                }
                resting.drain().for_each(|channel| self.inner.hints.note(channel));
                told = Some(Instant::now());
            }
            if looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
                self.look(&listeners).await;
                looked = Some(Instant::now());
            }
            for channel in self.inner.hints.take() {
                if !listeners.is_empty() && self.inner.placement.is_mine(channel.as_u128()) {
                    let is_resting = self.follow(channel, &listeners).await;
                    if is_resting {
                        resting.insert(channel);
                    }
                }
            }
            tokio::select! {
                () = self.inner.stop.cancelled() => return,
                () = self.inner.hints.come() => {}
                () = self.inner.changed.notified() => told = None,
                () = tokio::time::sleep(TABLE_EVERY) => {}
            }
        }
    }

    /// All active webhooks of the server.
    async fn listeners(&self) -> Result<Vec<Listener>, HookError> {
        let shelves = &self.inner.shelves;
        let index = shelves.list(&INDEX, SERVER, "", LISTENERS_MAX).await?;
        let mut listeners = Vec::new();
        for (org, id) in index.iter().filter_map(|entry| parse_index_id(&entry.id)) {
            if let Some(found) = shelves.get(&OUTGOING, org, "", &id).await?
                && found.value.is_active
            {
                self.renew_secret(org, &found).await;
                listeners.push(Listener::of(org, &found));
            }
        }
        Ok(listeners)
    }

    /// Finds what was stored and not told: after a crash, a hand-over, or a hint that was lost.
    async fn look(&self, listeners: &[Listener]) {
        for listener in listeners {
            if let Err(error) = self.look_for(listener).await {
                tracing::warn!(%error, hook = listener.id, "a webhook is looked after later");
            }
            if let Err(error) = self.trim(listener).await {
                tracing::debug!(%error, hook = listener.id, "old deliveries are removed later");
            }
        }
    }

    async fn look_for(&self, listener: &Listener) -> Result<(), HookError> {
        let channels: Vec<ChannelId> = match listener.channel {
            Some(channel) => vec![channel],
            None => {
                let found = self.inner.directory.public_channels(listener.org).await?;
                found.into_iter().map(|channel| channel.id).take(CHANNELS_MAX).collect()
            }
        };
        let is_mine = |channel: &ChannelId| self.inner.placement.is_mine(channel.as_u128());
        let channels: Vec<ChannelId> = channels.into_iter().filter(is_mine).collect();
        let (org, hook) = (listener.org, listener.id.as_str());
        let cursors = self.inner.shelves.list(&CURSORS, org, hook, CHANNELS_MAX).await?;
        let cursors: HashMap<String, u64> =
            cursors.into_iter().map(|cursor| (cursor.id, cursor.value)).collect();
        for part in channels.chunks(ENTRIES) {
            let heads = self.inner.log.heads(part).await?;
            for (channel, head) in part.iter().zip(heads) {
                if cursors.get(&channel.to_string()).is_none_or(|cursor| *cursor < head.seq.0) {
                    self.inner.hints.note(*channel);
                }
            }
        }
        Ok(())
    }

    /// Tells all who listen to a channel what is new there; whether something is left for later.
    async fn follow(&self, channel: ChannelId, listeners: &[Listener]) -> bool {
        let mut is_resting = false;
        let mut known: HashMap<u128, Option<Channel>> = HashMap::new();
        for listener in listeners {
            if listener.channel.is_some_and(|wanted| wanted != channel) {
                continue;
            }
            let org = listener.org.as_u128();
            let found = match known.entry(org) {
                Entry::Occupied(found) => found.into_mut(),
                Entry::Vacant(unknown) => {
                    match self.inner.directory.channel(listener.org, channel).await {
                        Ok(found) => unknown.insert(found),
                        Err(error) => {
                            tracing::warn!(%error, %channel, "webhooks hear of a channel later");
                            continue;
                        }
                    }
                }
            };
            let Some(found) = &*found else { continue };
            if !listener.hears(found) {
                continue;
            }
            match self.catch_up(listener, found).await {
                Ok(rests) => is_resting |= rests,
                Err(error) => {
                    tracing::warn!(%error, hook = listener.id, "a webhook hears of a channel later");
                }
            }
        }
        self.inner.queued.notify_one();
        is_resting
    }

    /// Tells one what is new; whether the last part of it waits for more of its kind.
    async fn catch_up(&self, listener: &Listener, channel: &Channel) -> Result<bool, HookError> {
        let (org, hook, id) = (listener.org, listener.id.as_str(), channel.id.to_string());
        let stored = self.inner.shelves.get(&CURSORS, org, hook, &id).await?;
        let mut cursor = match stored {
            Some(stored) => Seq(stored.value),
            None => {
                let first = self.first(listener, channel.id).await?;
                let place = (org, hook, id.as_str());
                self.inner.shelves.put(&CURSORS, place, &first.0, Precondition::Any).await?;
                first
            }
        };
        loop {
            let mut entries = self.inner.log.entries(channel.id, cursor, ENTRIES).await?;
            let is_last = entries.len() < ENTRIES;
            let is_resting =
                is_last && listener.wants_swept() && self.rests(listener, &mut entries);
            let mut gone: Vec<MessageId> = Vec::new();
            for entry in &entries {
                gone.extend(swept(org, entry));
                if listener.wants(entry) {
                    let body = (self.inner.payload.of_entry)(org, entry);
                    let id = delivery_id(hook, channel.id, entry.seq, entry.at);
                    self.enqueue(listener, &id, event_of(entry), Some(channel.id), body).await?;
                }
            }
            let last_swept = entries.iter().rev().find(|entry| swept(org, entry).is_some());
            if let Some(entry) = last_swept.filter(|_| listener.wants_swept()) {
                let body = (self.inner.payload.of_swept)(org, entry, &gone);
                let id = delivery_id(hook, channel.id, entry.seq, entry.at);
                self.enqueue(listener, &id, SWEPT, Some(channel.id), body).await?;
            }
            if let Some(last) = entries.last() {
                cursor = last.seq;
                let place = (org, hook, id.as_str());
                self.inner.shelves.put(&CURSORS, place, &cursor.0, Precondition::Any).await?;
            }
            if is_last {
                return Ok(is_resting);
            }
        }
    }

    /// Leaves deletions of the server at the end for later, while more of them may come.
    fn rests(&self, listener: &Listener, entries: &mut Vec<domain::Entry>) -> bool {
        let is_swept = |entry: &domain::Entry| swept(listener.org, entry).is_some();
        let Some(last) = entries.last().filter(|last| is_swept(last)) else { return false };
        if self.inner.clock.now().0 - last.at.0 > SWEEP_REST_MS {
            return false;
        }
        let kept = entries.iter().rposition(|entry| !is_swept(entry)).map_or(0, |place| place + 1);
        entries.truncate(kept);
        true
    }

    /// Where a webhook begins in a channel that it meets for the first time: behind the last message that
    /// is older than itself.
    async fn first(&self, listener: &Listener, channel: ChannelId) -> Result<Seq, HookError> {
        let head = self.inner.log.head(channel).await?;
        let history = &self.inner.history;
        let page = history.page(channel, None, Around::Newest, true, FIRST_MESSAGES).await?;
        let is_young = |at| at >= listener.created_at;
        let first = page.messages.iter().find(|message| is_young(message.created_at));
        Ok(first.map_or(head.seq, |message| Seq(message.seq.0 - 1)))
    }

    /// Puts a delivery into the queue, once.
    pub(super) async fn enqueue(
        &self,
        listener: &Listener,
        id: &str,
        event: &str,
        channel: Option<ChannelId>,
        body: String,
    ) -> Result<(), HookError> {
        let now = self.inner.clock.now();
        let delivery = StoredDelivery {
            event: event.to_owned(),
            channel,
            state: DeliveryState::Pending,
            created_at: now.0,
            attempts: 0,
            next_at: now.0,
            last_at: None,
            status: None,
            error: None,
            duration_ms: None,
            body,
        };
        let (org, hook) = (listener.org, listener.id.as_str());
        // The entry comes first: without its delivery it is thrown away, the other way round nobody would
        // ever look at the delivery.
        let slot = self.inner.agenda.put((now, now), (org, hook, id)).await?;
        let place = (org, hook, id);
        match self.inner.shelves.put(&DELIVERIES, place, &delivery, Precondition::Absent).await {
            Ok(_) => Ok(()),
            Err(HookError::Conflict) => Ok(self.inner.agenda.done(&slot).await?),
            Err(error) => Err(error),
        }
    }
}
